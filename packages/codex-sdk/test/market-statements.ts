import { randomUUID } from "node:crypto";
import type { Query } from "../src/builder.ts";
import * as feeds from "../src/feeds/queries.ts";
import type { Handle } from "../src/handle.ts";
import * as insights from "../src/insights/queries.ts";
import * as signals from "../src/signals/queries.ts";

export const marketQueries = [signals, feeds, insights];

interface MarketSample {
  readonly campaign: string;
  readonly cohort: string;
  readonly signal: string;
  readonly insight: string;
}

/** Every statement about signals and insights, in every form. */
export function marketStatements(ws: Handle, s: MarketSample): [string, Query][] {
  const asOf = new Date("2026-06-01");
  const cohort = { column: "cohort_id", id: s.cohort } as const;
  const head = { column: "head_id", id: s.campaign } as const;
  const next = ["2026-06-01 00:00:00.123456+00", "1.5", s.signal];
  const page = { first: 20, keys: undefined, sort: "newest" } as const;
  const later = { first: 20, keys: [next[0] ?? "", s.insight], sort: "newest" } as const;
  const feed = {
    id: randomUUID(),
    url: "https://example.org/new",
    source: "example.org",
    kind: "market",
    everyMinutes: 60,
  } as const;
  const text = { q: "words", mode: "text", minScore: 0 };
  return [
    [
      "ingestSignals",
      signals.ingestSignals(ws, [{ id: randomUUID(), kind: "market", title: "S" }]),
    ],
    ["getSignal", signals.getSignal(ws, s.signal)],
    ["sightSignal", signals.sightSignal(ws, s.signal, { source: "x", occurredAt: asOf })],
    ["setSignalStatus", signals.setSignalStatus(ws, s.signal, { to: "actioned" })],
    ["overrideSignal", signals.overrideSignal(ws, s.signal, { override: null })],
    ["scoreOf", signals.scoreOf(ws, s.signal, asOf)],
    ["searchSignals", signals.searchSignals(ws, text, page)],
    ["searchSignals next", signals.searchSignals(ws, { ...text, asOf }, { first: 20, keys: next })],
    ["topSignals", signals.topSignals(ws, {}, page)],
    ["topSignals next", signals.topSignals(ws, { kind: "market" }, { first: 20, keys: next })],
    ["clusterOf", signals.clusterOf(ws, s.signal)],
    ["linkSignal", signals.linkSignal(ws, s.signal, cohort)],
    ["linkSignal cluster", signals.linkSignal(ws, s.signal, head)],
    ["getLink", signals.getLink(ws, s.signal, cohort)],
    ["getLink cluster", signals.getLink(ws, s.signal, head)],
    ["addFeed", feeds.addFeed(ws, feed)],
    ["listFeeds", feeds.listFeeds(ws, page)],
    ["listFeeds next", feeds.listFeeds(ws, later)],
    ["removeFeed", feeds.removeFeed(ws, s.signal, 1)],
    [
      "createInsight",
      insights.createInsight(ws, randomUUID(), { title: "I", type: "gap", signalIds: [s.signal] }),
    ],
    ["getInsight", insights.getInsight(ws, s.insight)],
    ["publishInsight", insights.publishInsight(ws, s.insight)],
    ["endInsight", insights.endInsight(ws, s.insight, { to: "retracted", reason: "r" })],
    ["evidenceOf", insights.evidenceOf(ws, s.insight, asOf)],
    ["freshnessOf", insights.freshnessOf(ws, s.insight, asOf)],
    ["listInsights", insights.listInsights(ws, {}, page)],
    ["listInsights next", insights.listInsights(ws, { active: true }, later)],
    ["listInsights oldest", insights.listInsights(ws, {}, { ...later, sort: "oldest" })],
    ["listInsights stale", insights.listInsights(ws, { stale: true }, page)],
  ];
}

const workspace = "md5('workspace ' || w || ' 0')::uuid";
const id = (kind: string, n: string): string => `md5('${kind} ' || w || ' ' || ${n})::uuid`;

/** Rows for them. */
export function marketRows(workspaces: number): string[] {
  const of = (from: number, to: number): string =>
    `generate_series(1, ${workspaces}) as w, generate_series(${from}, ${to}) as n`;
  const at = "timestamptz '2026-01-01' + make_interval(mins => n * 7)";
  return [
    `insert into codex.intelligence_signals (workspace_id, id, fingerprint, source_type, category, title, confidence, half_life_hours, first_seen_at, last_seen_at, created_at) select ${workspace}, ${id("signal", "n")}, n::text, 'market', 'market_trend', 'Words ' || n, n % 100, 24 * (n % 3 + 1), ${at}, ${at}, ${at} from ${of(1, 100)}`,
    `insert into codex.signal_feeds (workspace_id, id, url, source, kind, created_at) select ${workspace}, ${id("feed", "n")}, 'https://example.org/' || n, 'example.org', 'market', ${at} from ${of(1, 100)}`,
    `insert into codex.market_insights (workspace_id, id, title, insight_type, status, created_at) select ${workspace}, ${id("insight", "n")}, 'I', 'trend', 'draft', ${at} from ${of(1, 100)}`,
    `insert into codex.insight_evidence (workspace_id, insight_id, signal_id) select ${workspace}, ${id("insight", "n")}, ${id("signal", "n")} from ${of(1, 100)}`,
    `insert into codex.signal_links (workspace_id, signal_id, head_id) select ${workspace}, ${id("signal", "n")}, ${id("signal", "n % 10 + 1")} from ${of(11, 60)}`,
  ];
}
