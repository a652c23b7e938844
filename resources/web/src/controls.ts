// What lies over the map: zoom, scale, legend, readout, credit, the menu.
import * as L from "leaflet";
import { SWITCHES, type SwitchName } from "./messages";

const LEGEND: Record<SwitchName, { words: string; swatch: string }> = {
  posts: { words: "Posts", swatch: "posts" },
  alerts: { words: "Alerts", swatch: "alerts" },
  "requests:pending": { words: "Pending requests", swatch: "pending" },
  "requests:published": { words: "Published requests", swatch: "published" },
  "requests:closed": { words: "Closed requests", swatch: "closed" },
  districts: { words: "Districts", swatch: "districts" },
  blocks: { words: "Blocks", swatch: "blocks" },
  agencies: { words: "Agencies", swatch: "agencies" },
};
const SMALL_PX = { x: 620, y: 480 };
/** Of these the number says something. */
const COUNTED: SwitchName[] = ["posts", "alerts", "requests:pending", "requests:published", "requests:closed"];

/** What the legend asks of the map. */
export interface Switches {
  count(what: SwitchName): number;
  isShown(what: SwitchName): boolean;
  /** Whether it is offered although there is nothing of it yet. */
  isOffered(what: SwitchName): boolean;
  /** What the colours of its markers mean. */
  kinds(what: SwitchName): { words: string; token: string; count: number }[];
  /** A person has switched. */
  switch(what: SwitchName, visible: boolean): void;
}

function box(position: L.ControlPosition, className: string): { control: L.Control; element: HTMLElement } {
  const element = document.createElement("div");
  element.className = className;
  const control = new L.Control({ position });
  control.onAdd = () => element;
  L.DomEvent.disableClickPropagation(element);
  L.DomEvent.disableScrollPropagation(element);
  return { control, element };
}

/** The box at the top left: the first part, up to " · ", is what counts. */
export class Readout {
  private readonly element: HTMLElement;
  constructor(map: L.Map) {
    const { control, element } = box("topleft", "pl-box pl-readout");
    element.setAttribute("role", "status");
    element.hidden = true;
    control.addTo(map);
    this.element = element;
  }

  set(text: string): void {
    this.element.hidden = text === "";
    const cut = text.indexOf(" · ");
    const first = document.createElement("strong");
    first.textContent = cut < 0 ? text : text.slice(0, cut);
    this.element.replaceChildren(first, cut < 0 ? "" : text.slice(cut));
  }
}

/** The legend is the switch: what is on the map, and whether it is shown. */
export class Legend {
  private readonly element: HTMLElement;
  private readonly rows: HTMLElement;
  private readonly fold: HTMLButtonElement;
  private said = "";
  constructor(
    map: L.Map,
    private readonly switches: Switches,
  ) {
    const { control, element } = box("bottomleft", "pl-box pl-legend");
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", "What the map shows");
    this.fold = document.createElement("button");
    this.fold.type = "button";
    this.fold.className = "pl-fold";
    this.rows = document.createElement("div");
    this.rows.className = "pl-rows";
    element.append(this.fold, this.rows);
    control.addTo(map);
    this.element = element;
    const { x, y } = map.getSize();
    // On a small map the legend would hide what it explains.
    this.setOpen(x >= SMALL_PX.x && y >= SMALL_PX.y);
    this.fold.addEventListener("click", () => this.setOpen(this.rows.hidden === true));
  }

  private setOpen(open: boolean): void {
    this.rows.hidden = !open;
    this.fold.textContent = open ? "Legend ▾" : "Legend ▸";
    this.fold.setAttribute("aria-expanded", String(open));
  }

  refresh(): void {
    const rows = SWITCHES.map((what) => ({ what, count: this.switches.count(what) })).filter(
      ({ what, count }) => count > 0 || this.switches.isOffered(what),
    );
    const kinds = (what: SwitchName): ReturnType<Switches["kinds"]> => this.switches.kinds(what);
    const now = JSON.stringify(rows.map(({ what, count }) => [what, this.switches.isShown(what), count, kinds(what)]));
    if (now === this.said) return;
    this.said = now;
    this.element.hidden = rows.length === 0;
    const focused = (document.activeElement as HTMLElement | null)?.dataset?.["what"];
    this.rows.replaceChildren(...rows.flatMap(({ what, count }) => [this.row(what, count), ...kinds(what).map(kindRow)]));
    if (focused) this.rows.querySelector<HTMLElement>(`[data-what="${CSS.escape(focused)}"]`)?.focus();
  }

  private row(what: SwitchName, count: number): HTMLElement {
    const { words, swatch } = LEGEND[what];
    const label = document.createElement("label");
    label.className = this.switches.isShown(what) ? "" : "pl-off";
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.checked = this.switches.isShown(what);
    tick.dataset["what"] = what;
    tick.addEventListener("change", () => this.switches.switch(what, tick.checked));
    const sign = document.createElement("span");
    sign.className = `pl-swatch pl-swatch-${swatch}`;
    sign.setAttribute("aria-hidden", "true");
    const name = document.createElement("span");
    name.textContent = words;
    label.append(tick, sign, name);
    if (COUNTED.includes(what)) {
      const number = document.createElement("span");
      number.className = "pl-number";
      number.textContent = count.toLocaleString("en-US");
      label.append(number);
    }
    return label;
  }
}

function kindRow({ words, token, count }: { words: string; token: string; count: number }): HTMLElement {
  const row = document.createElement("div");
  row.className = "pl-kind";
  const sign = document.createElement("span");
  sign.className = "pl-kind-sign";
  sign.style.background = `var(--${token})`;
  sign.setAttribute("aria-hidden", "true");
  const name = document.createElement("span");
  name.textContent = words;
  const number = document.createElement("span");
  number.className = "pl-number";
  number.textContent = count.toLocaleString("en-US");
  row.append(sign, name, number);
  return row;
}

export function addNote(map: L.Map, words: string): void {
  const { control, element } = box("topleft", "pl-box pl-note");
  element.setAttribute("role", "note");
  element.textContent = words;
  control.addTo(map);
}

export function addCredit(map: L.Map, words: string): void {
  if (words === "") return;
  const { control, element } = box("bottomright", "pl-credit");
  element.textContent = words;
  control.addTo(map);
}

export function addScale(map: L.Map): void {
  L.control.scale({ position: "bottomright", maxWidth: 110 }).addTo(map);
}

export function addZoom(map: L.Map): void {
  L.control.zoom({ position: "topright", zoomInTitle: "Nearer (+)", zoomOutTitle: "Farther (−)" }).addTo(map);
}

/** The map's own menu: one entry, at the place that was pressed. */
export function addMenu(map: L.Map, words: string, chosen: (at: L.LatLng) => void): void {
  const menu = document.createElement("div");
  menu.className = "pl-box pl-menu";
  menu.setAttribute("role", "menu");
  menu.hidden = true;
  const entry = document.createElement("button");
  entry.type = "button";
  entry.setAttribute("role", "menuitem");
  entry.textContent = words;
  menu.append(entry);
  map.getContainer().append(menu);
  L.DomEvent.disableClickPropagation(menu);
  let at: L.LatLng | null = null;
  const close = (): void => {
    menu.hidden = true;
  };
  map.on("contextmenu", (event) => {
    event.originalEvent.preventDefault();
    at = event.latlng;
    menu.hidden = false;
    const room = map.getSize();
    menu.style.left = `${Math.min(event.containerPoint.x, room.x - menu.offsetWidth - 8)}px`;
    menu.style.top = `${Math.min(event.containerPoint.y, room.y - menu.offsetHeight - 8)}px`;
    entry.focus({ preventScroll: true });
  });
  map.on("movestart zoomstart mousedown", close);
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      map.getContainer().focus();
    }
  });
  entry.addEventListener("click", () => {
    close();
    if (at) chosen(at.wrap());
  });
}
