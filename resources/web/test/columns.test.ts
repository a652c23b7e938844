import assert from "node:assert/strict";
import { test } from "node:test";
import { readColumns, readMask } from "../src/columns";

function columns(places: [number, number, number][]): ArrayBuffer {
  const bytes = new ArrayBuffer(8 + places.length * 17);
  const view = new DataView(bytes);
  view.setUint32(0, 0x504c5031, true);
  view.setUint32(4, places.length, true);
  places.forEach(([lon, lat, kind], n) => {
    view.setFloat64(8 + 8 * n, lon, true);
    view.setFloat64(8 + 8 * (places.length + n), lat, true);
    view.setUint8(8 + 16 * places.length + n, kind);
  });
  return bytes;
}

test("columns are read as they were written", () => {
  const read = readColumns(columns([[-87.5, 41.5, 1], [-87.6, 41.6, 0]]));
  assert.deepEqual([...read.lon], [-87.5, -87.6]);
  assert.deepEqual([...read.lat], [41.5, 41.6]);
  assert.deepEqual([...read.kind], [1, 0]);
});

test("what is cut short, longer or of another kind is refused", () => {
  const whole = columns([[1, 2, 0]]);
  for (const bytes of [new ArrayBuffer(0), whole.slice(0, 7), whole.slice(0, 20), new ArrayBuffer(25)]) {
    assert.throws(() => readColumns(bytes), RangeError);
  }
});

test("a mask tells its rows, and no mask tells all", () => {
  const shown = readMask(btoa(String.fromCharCode(0b101, 0b1)));
  assert.deepEqual([0, 1, 2, 3, 8, 9].map(shown), [true, false, true, false, true, false]);
  assert.ok(readMask(null)(12345));
  assert.equal(readMask("")(0), false);
});
