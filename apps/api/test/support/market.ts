import type { Workspace } from "@codex/sdk";
import { randomUUID } from "node:crypto";

/** Signals, and insights that rest on them. */
export interface MarketThings {
  readonly signal: string;
  readonly otherSignal: string;
  readonly feed: string;
  /** Draft. */
  readonly insight: string;
  readonly activeInsight: string;
  readonly otherInsight: string;
}

export async function makeMarket(ws: Workspace, text: string): Promise<MarketThings> {
  const observe = async (body: string): Promise<string> =>
    (await ws.signals.ingest({ kind: "market", title: text, body: `${text} ${body}` })).signal.id;
  const [signal, otherSignal] = [await observe("one"), await observe("two")];
  const draft = async (): Promise<string> =>
    (await ws.insights.create({ title: text, type: "trend", signalIds: [signal] })).id;
  const [insight, activeInsight, otherInsight] = [await draft(), await draft(), await draft()];
  await ws.insights.publish(activeInsight);
  await ws.insights.publish(otherInsight);
  const url = `https://feeds.example.org/${text}`;
  const feed = (await ws.signals.feeds.add({ url, source: text, kind: "market" })).id;
  return { signal, otherSignal, feed, insight, activeInsight, otherInsight };
}

type Things = MarketThings & { readonly cohort: string };

export const marketExamples: Readonly<Record<string, (things: Things) => unknown>> = {
  "signals.ingest": () => ({ kind: "market", title: "S", body: `Body ${randomUUID()}` }),
  "signals.ingestMany": () => ({
    signals: [{ kind: "market", title: "S", url: "https://example.org" }, { kind: "market" }],
  }),
  "signals.get": ({ signal }) => ({ id: signal }),
  "signals.sight": ({ signal }) => ({ id: signal, source: "feed" }),
  "signals.transition": ({ otherSignal }) => ({ id: otherSignal, to: "acknowledged" }),
  "signals.override": ({ signal }) => ({ id: signal, override: { score: 70, reason: "checked" } }),
  "signals.search": () => ({ q: "canary", first: 5 }),
  "signals.top": () => ({ first: 5 }),
  "signals.score": ({ signal }) => ({ id: signal }),
  "signals.cluster": ({ signal }) => ({ id: signal }),
  "signals.link": ({ signal, cohort }) => ({ id: signal, to: { cohortId: cohort } }),
  "signals.feeds.add": () => ({ url: `https://feeds.example.org/${randomUUID()}`, kind: "trend" }),
  "signals.feeds.list": () => ({ first: 5 }),
  "signals.feeds.remove": ({ feed }) => ({ id: feed }),
  "insights.create": ({ signal }) => ({ title: "I", type: "trend", signalIds: [signal] }),
  "insights.get": ({ insight }) => ({ id: insight }),
  "insights.publish": ({ insight }) => ({ id: insight }),
  "insights.supersede": ({ activeInsight, otherInsight }) => ({
    id: activeInsight,
    byId: otherInsight,
  }),
  "insights.retract": ({ activeInsight }) => ({ id: activeInsight, reason: "was wrong" }),
  "insights.evidence": ({ activeInsight }) => ({ id: activeInsight }),
  "insights.list": () => ({ first: 5, active: true }),
};
