// What lies over the map: zoom, scale, legend, readout, credit, the menu.
import * as L from "leaflet";
import type { FeatureLayers, Switch } from "./layers";

const LEGEND: { what: Switch; words: string; swatch: string }[] = [
  { what: "posts", words: "Posts", swatch: "posts" },
  { what: "clusters", words: "Posts", swatch: "posts" },
  { what: "alerts", words: "Alerts", swatch: "alerts" },
  { what: "requests:pending", words: "Pending requests", swatch: "pending" },
  { what: "requests:published", words: "Published requests", swatch: "published" },
  { what: "requests:closed", words: "Closed requests", swatch: "closed" },
  { what: "agencies", words: "Agencies", swatch: "agencies" },
  { what: "districts", words: "Districts", swatch: "districts" },
  { what: "blocks", words: "Blocks", swatch: "blocks" },
];

function box(position: L.ControlPosition, className: string): { control: L.Control; element: HTMLElement } {
  const element = document.createElement("div");
  element.className = className;
  const control = new L.Control({ position });
  control.onAdd = () => element;
  L.DomEvent.disableClickPropagation(element);
  L.DomEvent.disableScrollPropagation(element);
  return { control, element };
}

/** The box at the bottom left: the first part, up to " · ", is what counts. */
export class Readout {
  private readonly element: HTMLElement;
  constructor(map: L.Map) {
    const { control, element } = box("bottomleft", "pl-box pl-readout");
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
  private said = "";
  constructor(
    map: L.Map,
    private readonly layers: FeatureLayers,
  ) {
    const { control, element } = box("bottomleft", "pl-box pl-legend");
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", "What the map shows");
    control.addTo(map);
    this.element = element;
  }

  refresh(): void {
    const counts = this.layers.counts();
    const rows = LEGEND.filter(({ what }) => (counts.get(what) ?? 0) > 0);
    const now = rows.map(({ what }) => `${what}${this.layers.isShown(what)}`).join();
    if (now === this.said) return;
    this.said = now;
    this.element.hidden = rows.length === 0;
    const focused = (document.activeElement as HTMLElement | null)?.dataset?.["what"];
    this.element.replaceChildren(...rows.map((row) => this.row(row)));
    if (focused) this.element.querySelector<HTMLElement>(`[data-what="${CSS.escape(focused)}"]`)?.focus();
  }

  private row({ what, words, swatch }: (typeof LEGEND)[number]): HTMLElement {
    const label = document.createElement("label");
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.checked = this.layers.isShown(what);
    tick.dataset["what"] = what;
    tick.addEventListener("change", () => {
      this.layers.show(what, tick.checked);
    });
    const sign = document.createElement("span");
    sign.className = `pl-swatch pl-swatch-${swatch}`;
    sign.setAttribute("aria-hidden", "true");
    const name = document.createElement("span");
    name.textContent = words;
    label.append(tick, sign, name);
    return label;
  }
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
