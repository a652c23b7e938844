import assert from "node:assert/strict";
import { test } from "node:test";
import type { Spot } from "../src/messages";
import { shareOf, spotWords } from "../src/words";

const KINDS = [
  { one: "Crime", many: "crime", token: "stop" },
  { one: "Neighborly moment", many: "neighborly moments", token: "good" },
];
const spot = (kinds: number[], row: number | null): Spot => ({
  lon: 0, lat: 0, row, kinds, cluster: row === null ? 1 : null, nearer: 19, count: kinds.reduce((a, b) => a + b, 0),
});

test("a cluster says how many of each kind, the most first", () => {
  assert.equal(spotWords(spot([2, 1200], null), KINDS, ""), "1,202 here: 1,200 neighborly moments, 2 crime");
  assert.equal(spotWords(spot([3, 1], null), KINDS, ""), "4 here: 3 crime, 1 neighborly moment");
});

test("a single place says its kind and its title", () => {
  assert.equal(spotWords(spot([1, 0], 7), KINDS, "Bike taken"), "Crime: Bike taken");
  assert.equal(spotWords(spot([0, 1], 7), KINDS, ""), "Neighborly moment");
});

test("the ring's shares follow one another and close", () => {
  assert.equal(shareOf([1, 3], KINDS), "conic-gradient(var(--stop) 0deg 90deg, var(--good) 90deg 360deg)");
  assert.equal(shareOf([0, 3], KINDS), "var(--good)");
  assert.equal(shareOf([0, 0], KINDS), "var(--accent)");
});
