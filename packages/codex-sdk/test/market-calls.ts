import type { Workspace } from "@codex/sdk";
import { randomUUID } from "node:crypto";

/** Things that the calls are about; made before they are counted. */
export interface MarketThings {
  readonly ws: Workspace;
  readonly cohort: string;
  readonly signal: string;
  readonly feed: string;
  /** A draft, and an active one. */
  readonly draft: string;
  readonly active: string;
}

const seen = { kind: "market", title: "S", body: "B" } as const;

export async function makeMarket(ws: Workspace, cohort: string): Promise<MarketThings> {
  const signal = (await ws.signals.ingest(seen)).signal.id;
  const draft = (await ws.insights.create(restingOn(signal))).id;
  const active = (await ws.insights.create(restingOn(signal))).id;
  await ws.insights.publish(active);
  const feed = (await ws.signals.feeds.add(newFeed())).id;
  return { ws, cohort, signal, feed, draft, active };
}

function newFeed(): { url: string; kind: "market" } {
  return { url: `https://example.org/${randomUUID()}`, kind: "market" };
}

function restingOn(signal: string): { title: string; type: "gap"; signalIds: string[] } {
  return { title: "I", type: "gap", signalIds: [signal] };
}

/** One call of each method, and the round trips that it may take. */
export function marketCalls(
  things: MarketThings,
): Record<string, readonly [trips: number, call: () => Promise<unknown>]> {
  const { ws, cohort, signal, draft, active } = things;
  const { feeds } = ws.signals;
  const thousand = Array.from({ length: 1_000 }, () => seen);
  return {
    "signals.ingest": [1, () => ws.signals.ingest(seen)],
    "signals.ingestMany": [1, () => ws.signals.ingestMany(thousand)],
    "signals.get": [1, () => ws.signals.get(signal)],
    "signals.sight": [1, () => ws.signals.sight(signal)],
    "signals.override": [1, () => ws.signals.override(signal, { score: 9, reason: "r" })],
    "signals.search": [1, async () => ws.signals.search({ q: "s", mode: "fuzzy" })],
    "signals.top": [1, async () => ws.signals.top()],
    "signals.score": [1, () => ws.signals.score(signal)],
    "signals.cluster": [1, () => ws.signals.cluster(signal)],
    "signals.link": [1, () => ws.signals.link(signal, { cohortId: cohort })],
    "signals.feeds.add": [1, () => feeds.add(newFeed())],
    "signals.feeds.list": [1, async () => feeds.list()],
    "signals.feeds.remove": [1, () => feeds.remove(things.feed)],
    "insights.create": [1, () => ws.insights.create(restingOn(signal))],
    "insights.get": [1, () => ws.insights.get(draft)],
    "insights.publish": [1, () => ws.insights.publish(draft)],
    "insights.evidence": [1, () => ws.insights.evidence(draft)],
    "insights.list": [1, async () => ws.insights.list({ stale: false })],
    "insights.supersede": [1, () => ws.insights.supersede(draft, { byId: active })],
    "insights.retract": [1, () => ws.insights.retract(active, { reason: "r" })],
    "signals.transition": [1, () => ws.signals.transition(signal, "archived")],
  };
}
