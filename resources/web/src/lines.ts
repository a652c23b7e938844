// Lines and names as the console tells them. The Python side is console/maps/outlines.py. Pure.

const SCALE = 1e6;
/** Half the height of a name, and the width of a letter, in pixels. */
const HALF_LINE_PX = 9;
const LETTER_PX = 6.6;
const AIR_PX = 6;

export interface Label {
  id: string;
  name: string;
  lat: number;
  lon: number;
  radius_deg: number;
}
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}
export interface LabelBox {
  label: Label;
  x: number;
  y: number;
  /** Of the largest circle inside, in pixels. */
  radius: number;
}

/** A flat list of steps in millionths of a degree, longitude first, as places. */
export function readRun(steps: number[]): [number, number][] {
  const run: [number, number][] = [];
  let lon = 0;
  let lat = 0;
  for (let n = 0; n + 1 < steps.length; n += 2) {
    lon += steps[n]!;
    lat += steps[n + 1]!;
    run.push([lat / SCALE, lon / SCALE]);
  }
  return run;
}

/** Where a name may stand in its place: in the middle, else a little above or below, as parts of the radius. */
const SHIFTS = [0, -0.55, 0.55];

/**
 * Of names that would collide, the one of the wider place; none on what stands there already, none mostly outside its
 * place. Each name that is chosen stands where it is answered: `y` may have moved.
 */
export function chosenLabels(boxes: LabelBox[], standing: Box[] = []): LabelBox[] {
  const taken = [...standing];
  const chosen: LabelBox[] = [];
  for (const wanted of [...boxes].sort((a, b) => b.radius - a.radius || a.label.name.localeCompare(b.label.name))) {
    const half = (wanted.label.name.length * LETTER_PX) / 2;
    if (half > wanted.radius * 1.7) continue;
    for (const shift of SHIFTS) {
      const y = wanted.y + shift * wanted.radius;
      const box = { left: wanted.x - half - AIR_PX, right: wanted.x + half + AIR_PX, top: y - HALF_LINE_PX, bottom: y + HALF_LINE_PX };
      if (taken.some((t) => box.right >= t.left && box.left <= t.right && box.bottom >= t.top && box.top <= t.bottom)) continue;
      taken.push(box);
      chosen.push({ ...wanted, y });
      break;
    }
  }
  return chosen;
}
