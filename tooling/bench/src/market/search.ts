import { createCodex } from "@codex/sdk";
import type { Workspace } from "@codex/sdk";
import type pg from "pg";
import type { Data } from "../data.ts";
import { inReplica } from "../gamification/people.ts";
import { interleave } from "../measure.ts";
import type { Variant } from "../measure.ts";
import { compare } from "../report.ts";
import type { BenchRow } from "../report.ts";
import type { Bench } from "../section.ts";

const peer = "owner without RLS";

/** Search in a workspace with many signals against the same query by somebody whom no policy binds. */
export async function searchRows(
  { data, quick, say }: Bench,
  count: number = quick ? 20_000 : 200_000,
): Promise<BenchRow[]> {
  const { workspaceId, userId } = data.workspace(5);
  say(`a workspace of ${count.toLocaleString("en")} signals`);
  await makeSignals(data, workspaceId, count);
  const codex = createCodex({ connectionString: data.database.url("codex_api"), max: 1 });
  const ws = codex.workspace(workspaceId, { userId });
  const owner = await data.database.connect();
  const rows: BenchRow[] = [];
  // One of 1,000 words stands in each title, and one of 50 in each body.
  for (const [word, hits] of [
    ["rare7", count / 1_000],
    ["common7", count / 50],
  ] as const) {
    say(`search for a word of ${hits.toLocaleString("en")} signals`);
    const variants = [searches(ws, word), plainSearches(owner, workspaceId, word)];
    const plan = { rounds: quick ? 5 : 25, sliceMs: 300, clients: 1 };
    const samples = await interleave(variants, plan);
    rows.push(
      compare({
        name: `search (text) among ${count.toLocaleString("en")} signals, ${hits.toLocaleString("en")} hits`,
        unit: "ms, p50",
        codex: samples.get("codex")?.p50 ?? [],
        peers: { [peer]: samples.get(peer)?.p50 ?? [] },
        bars: { [peer]: "at most 1.5 ×" },
      }),
    );
  }
  await owner.end();
  await codex.close();
  return rows;
}

async function makeSignals(data: Data, workspaceId: string, count: number): Promise<void> {
  await inReplica(data, [
    [
      `insert into codex.intelligence_signals (workspace_id, fingerprint, source_type, category, title,
         description, confidence, first_seen_at, last_seen_at)
       select $1::uuid, 'bench ' || n, 'market', 'market_trend', 'A title with the word rare' || n % 1000,
         'A body of a few words, and among them common' || n % 50, n % 100,
         now() - make_interval(mins => n), now() - make_interval(mins => n)
       from generate_series(1, $2::integer) as n`,
      [workspaceId, count],
    ],
  ]);
  await data.database.admin.query("vacuum analyze codex.intelligence_signals");
}

function searches(ws: Workspace, q: string): Variant {
  return {
    name: "codex",
    run: async () => expectHits((await ws.signals.search({ q, first: 20 })).items.length),
  };
}

// What codex.search_signals asks, and the SDK around it.
const plain = `
  select s.*, h.score, h.why
  from (
    select s as signal, codex.signal_score(s, now()) as score,
      codex.why_found(s, websearch_to_tsquery('english', $2), codex.signal_score(s, now()), null, now())
        as why
    from codex.intelligence_signals s
    where s.workspace_id = $1
      and codex.signal_words(s.workspace_id, s.title, s.description)
        @@ (websearch_to_tsquery('english', $2) && format('''%s''', $1::uuid)::tsquery)
      and s.status <> 'dismissed' and s.purged_at is null and s.first_seen_at <= now()
      and (s.expires_at is null or s.expires_at > now())
    order by score desc, s.id desc
    limit 21
  ) h
  join codex.intelligence_signals s on s.workspace_id = $1 and s.id = (h.signal).id
  order by h.score desc, s.id desc`;

function plainSearches(owner: pg.Client, workspaceId: string, q: string): Variant {
  return {
    name: peer,
    run: async () => {
      const { rows } = await owner.query({ name: "search", text: plain, values: [workspaceId, q] });
      expectHits(rows.length);
    },
  };
}

function expectHits(count: number): void {
  if (count === 0) throw new Error("the search found nothing");
}
