// The page's worker: fetches places, clusters them, answers what is in view. The page stays smooth meanwhile.
import { Clusters } from "./clusters";
import { readColumns } from "./columns";
import type { PointsName, WorkerAnswer, WorkerOrder } from "./messages";

const kept = new Map<PointsName, { version: number; clusters: Clusters }>();
/** What was asked of places that are still being fetched. */
const waiting = new Map<PointsName, { version: number; orders: WorkerOrder[] }>();

/** What is seen first is answered first; the index of all zooms is made while nobody waits. */
const LATER_MS = 250;
const later = new Map<PointsName, ReturnType<typeof setTimeout>>();

function finishLater(name: PointsName): void {
  clearTimeout(later.get(name));
  later.set(
    name,
    setTimeout(() => kept.get(name)?.clusters.finish(), LATER_MS),
  );
}

function answer(message: WorkerAnswer): void {
  postMessage(message);
}

async function load(order: WorkerOrder & { type: "load" }): Promise<void> {
  const { name, version } = order;
  waiting.set(name, { version, orders: [] });
  let ok = true;
  try {
    const response = await fetch(order.url);
    if (!response.ok) throw new RangeError("no such places");
    const columns = readColumns(await response.arrayBuffer());
    if (waiting.get(name)?.version !== version) return;
    kept.set(name, { version, clusters: new Clusters(columns, order.kinds, order.rows) });
  } catch {
    ok = false;
  }
  if (waiting.get(name)?.version !== version) return;
  const { orders } = waiting.get(name)!;
  waiting.delete(name);
  const made = ok ? kept.get(name)?.clusters : undefined;
  answer({ type: "loaded", name, version, placed: made?.placed ?? 0, kinds: made?.placedKinds ?? [], ok });
  if (ok) orders.forEach(obey);
}

function obey(order: WorkerOrder): void {
  if (order.type === "load") {
    void load(order);
    return;
  }
  if (order.type === "drop") {
    kept.delete(order.name);
    waiting.delete(order.name);
    return;
  }
  const coming = waiting.get(order.name);
  if (coming?.version === order.version) {
    coming.orders.push(order);
    return;
  }
  const own = kept.get(order.name);
  if (own?.version !== order.version) return;
  const { name, version } = order;
  switch (order.type) {
    case "select":
      own.clusters.select(order.rows);
      answer({ type: "loaded", name, version, placed: own.clusters.placed, kinds: own.clusters.placedKinds, ok: true });
      break;
    case "view": {
      const { placed: selected, placedKinds: kinds } = own.clusters;
      answer({ type: "shown", name, version, spots: own.clusters.view(order.box, order.zoom), asked: order.asked, selected, kinds });
      finishLater(name);
      break;
    }
    case "rows":
      answer({ type: "rows", name, version, asked: order.asked, rows: own.clusters.rows(order.cluster, order.limit) });
      break;
  }
}

onmessage = (event: MessageEvent<WorkerOrder>) => obey(event.data);
