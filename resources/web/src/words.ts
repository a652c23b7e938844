// What places are called, and how a cluster shows its kinds. Pure.
import type { KindWords, Spot } from "./messages";

/** "64 posts: 40 crime, 24 safety", or one place's kind and title. */
export function spotWords(spot: Spot, kinds: KindWords[], title: string): string {
  const present = kinds
    .map((kind, n) => ({ kind, count: spot.kinds[n] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  if (spot.row !== null) {
    const name = present[0]?.kind.one ?? "";
    return title === "" ? name : `${name}: ${title}`;
  }
  const parts = present.map(({ kind, count }) => `${count.toLocaleString("en-US")} ${count === 1 ? kind.one.toLowerCase() : kind.many}`);
  return `${spot.count.toLocaleString("en-US")} here: ${parts.join(", ")}`;
}

/** The ring of a cluster: each kind's share in its colour, as a CSS background. */
export function shareOf(counts: number[], kinds: KindWords[]): string {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return "var(--accent)";
  let turn = 0;
  const stops: string[] = [];
  counts.forEach((count, n) => {
    if (count === 0) return;
    const from = turn;
    turn += count / total;
    stops.push(`var(--${kinds[n]?.token ?? "accent"}) ${degrees(from)} ${degrees(turn)}`);
  });
  return stops.length === 1 ? stops[0]!.split(" ")[0]! : `conic-gradient(${stops.join(", ")})`;
}

function degrees(turn: number): string {
  return `${Math.round(turn * 3600) / 10}deg`;
}
