import assert from "node:assert/strict";
import { test } from "node:test";
import { Clusters } from "../src/clusters";
import type { Columns } from "../src/columns";

const WORLD: [number, number, number, number] = [-180, -85, 180, 85];

function columns(places: [number, number, number][]): Columns {
  return {
    lon: Float64Array.from(places.map(([lon]) => lon)),
    lat: Float64Array.from(places.map(([, lat]) => lat)),
    kind: Uint8Array.from(places.map(([, , kind]) => kind)),
  };
}

/** Places around one spot, of three kinds in turn. */
function crowd(count: number): Columns {
  return columns(Array.from({ length: count }, (_, n) => [-87.6 + (n % 7) * 1e-5, 41.8 + (n % 11) * 1e-5, n % 3]));
}

test("a cluster counts each kind, at every zoom", () => {
  const clusters = new Clusters(crowd(1000), 3);
  for (let zoom = 0; zoom <= 12; zoom += 1) {
    const spots = clusters.view(WORLD, zoom);
    assert.equal(spots.length, 1);
    assert.equal(spots[0]!.count, 1000);
    assert.deepEqual(spots[0]!.kinds, [334, 333, 333]);
  }
  assert.equal(clusters.placed, 1000);
  assert.deepEqual(clusters.placedKinds, [334, 333, 333]);
});

test("looking twice counts the same: nothing is added into what is shared", () => {
  const data = crowd(60);
  const first = new Clusters(data, 3).view(WORLD, 5);
  const clusters = new Clusters(data, 3);
  clusters.select(null);
  assert.deepEqual(clusters.view(WORLD, 5)[0]!.kinds, first[0]!.kinds);
});

test("the counts of all spots add up to the places, whatever the zoom", () => {
  const spread = columns(Array.from({ length: 500 }, (_, n) => [-88 + (n % 25) * 0.03, 41 + Math.floor(n / 25) * 0.03, n % 3]));
  const clusters = new Clusters(spread, 3);
  for (let zoom = 0; zoom <= 19; zoom += 1) {
    const spots = clusters.view(WORLD, zoom);
    assert.equal(spots.reduce((sum, spot) => sum + spot.count, 0), 500);
    for (const spot of spots) assert.equal(spot.kinds.reduce((sum, count) => sum + count, 0), spot.count);
  }
});

test("a place without a position is left out and the others keep their rows", () => {
  const clusters = new Clusters(columns([[NaN, NaN, 0], [-87.6, 41.8, 1]]), 2);
  assert.deepEqual(clusters.view(WORLD, 10).map((spot) => spot.row), [1]);
  assert.equal(clusters.placed, 1);
});

test("a selection shows its rows only, and all again", () => {
  const clusters = new Clusters(crowd(8), 3, btoa(String.fromCharCode(0b10010)));
  assert.equal(clusters.placed, 2);
  assert.equal(clusters.view(WORLD, 5)[0]!.count, 2);
  clusters.select(null);
  assert.equal(clusters.view(WORLD, 5)[0]!.count, 8);
});

test("the first look and all others tell the same places, and clusters of both list theirs", () => {
  const spread = columns(Array.from({ length: 300 }, (_, n) => [-88 + (n % 20) * 0.01, 41 + Math.floor(n / 20) * 0.01, n % 3]));
  const clusters = new Clusters(spread, 3);
  const first = clusters.view(WORLD, 10);
  clusters.finish();
  const other = clusters.view(WORLD, 9);
  for (const spots of [first, clusters.view(WORLD, 10), other]) {
    const rows = spots.flatMap((spot) => (spot.row === null ? clusters.rows(spot.cluster!, 1000) : [spot.row]));
    assert.equal(rows.length, 300);
    assert.equal(new Set(rows).size, 300);
  }
  assert.deepEqual(clusters.view(WORLD, 10), first, "what is looked at does not change under the eye");
  assert.ok(first.some((spot) => spot.cluster !== null && spot.cluster % 2 === 0));
  assert.ok(other.some((spot) => spot.cluster !== null && spot.cluster % 2 === 1));
});

test("a cluster lists its rows, as many as asked; one that is no more lists none", () => {
  const clusters = new Clusters(crowd(100), 3);
  const [spot] = clusters.view(WORLD, 5);
  assert.equal(clusters.rows(spot!.cluster!, 1000).length, 100);
  assert.equal(new Set(clusters.rows(spot!.cluster!, 10)).size, 10);
  assert.deepEqual(clusters.rows(999_999, 10), []);
});

test("a hundred thousand places at one spot are one cluster that cannot be brought nearer", () => {
  const clusters = new Clusters(columns(Array.from({ length: 100_000 }, () => [-87.6, 41.8, 0])), 1);
  const [spot, ...others] = clusters.view(WORLD, 19);
  assert.equal(others.length, 0);
  assert.equal(spot!.count, 100_000);
  assert.ok(spot!.nearer <= 19);
});

test("no places are no spots", () => {
  assert.deepEqual(new Clusters(columns([]), 3).view(WORLD, 5), []);
});
