import assert from "node:assert/strict";
import { test } from "node:test";
import { type LabelBox, chosenLabels, readRun } from "../src/lines";

function box(name: string, x: number, y: number, radius: number): LabelBox {
  return { label: { id: name, name, lat: 0, lon: 0, radius_deg: 1 }, x, y, radius };
}

test("a run is told in steps", () => {
  assert.deepEqual(readRun([-87_600_000, 41_800_000, 10, -20]), [
    [41.8, -87.6],
    [41.79998, -87.59999],
  ]);
  assert.deepEqual(readRun([]), []);
});

test("of two names that collide the wider place's is shown", () => {
  const chosen = chosenLabels([box("Small", 100, 100, 20), box("Large", 110, 101, 200)].map((b) => ({ ...b, radius: b.radius })));
  assert.deepEqual(chosen.map(({ label }) => label.name), ["Large"]);
});

test("a name moves a little up or down within its place before it is left out", () => {
  const [moved] = chosenLabels([box("Loop", 100, 100, 60)], [{ left: 80, right: 120, top: 95, bottom: 105 }]);
  assert.ok(moved!.y < 95);
});

test("a name that would stand mostly outside its place is left out", () => {
  assert.deepEqual(chosenLabels([box("A very long name of a district", 100, 100, 10)]), []);
});

test("no two names overlap, whatever there is", () => {
  const boxes = Array.from({ length: 200 }, (_, n) => box(`Name ${n}`, (n * 37) % 900, (n * 53) % 600, 20 + (n % 60)));
  const chosen = chosenLabels(boxes).map(({ label, x, y }) => ({ x, y, half: (label.name.length * 6.6) / 2 }));
  chosen.forEach((a, n) =>
    chosen.slice(n + 1).forEach((b) => {
      assert.ok(Math.abs(a.y - b.y) >= 18 || Math.abs(a.x - b.x) >= a.half + b.half);
    }),
  );
});
