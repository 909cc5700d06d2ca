import { createCodex } from "@codex/sdk";
import type { Codex, Workspace } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import pg from "pg";
import { analyze } from "../data.ts";
import type { Data } from "../data.ts";
import { interleave } from "../measure.ts";
import type { Variant } from "../measure.ts";
import { compare } from "../report.ts";
import type { BenchRow } from "../report.ts";
import type { Bench } from "../section.ts";
import { makeMembers, memberId } from "./people.ts";

/** Who can earn what. */
export interface UnlockSizes {
  readonly members: number;
  readonly achievements: number;
}

const clients = 20;

/** A pair of a member and an achievement for each call. */
type Picker = (call: number) => { readonly n: number; readonly a: number };

/** Unlocks by 20 clients against an upsert of the same keys: all for the first time, and contended. */
export async function unlockRows(
  { data, quick, say }: Bench,
  sizes: UnlockSizes = quick
    ? { members: 2_000, achievements: 100 }
    : { members: 10_000, achievements: 200 },
): Promise<BenchRow[]> {
  const { workspaceId, userId } = data.workspace(3);
  const url = data.database.url("codex_api");
  const codex = createCodex({ connectionString: url, max: clients });
  const pool = new pg.Pool({ connectionString: url, max: clients });
  const ws = codex.workspace(workspaceId, { userId });
  await makeMembers(data, workspaceId, sizes.members);
  await makeBareAwards(data);
  await awardAll(data, ws, sizes.members);
  const rows: BenchRow[] = [];
  const ways: Readonly<Record<string, Picker>> = {
    "for the first time": (call) => ({
      n: 1 + (call % sizes.members),
      a: Math.floor(call / sizes.members),
    }),
    "contended, 50 pairs": (call) => ({ n: 1 + (call % 5), a: Math.floor(call / 5) % 10 }),
  };
  for (const [name, pick] of Object.entries(ways)) {
    say(`unlock, ${clients} clients: ${name}`);
    const keys = await defineAll(ws, sizes.achievements);
    const variants = [unlocks(ws, keys, pick), upserts(pool, workspaceId, { keys, pick })];
    const samples = await interleave(variants, { rounds: quick ? 7 : 25, sliceMs: 300, clients });
    rows.push(
      compare({
        name: `unlock, ${clients} clients: ${name}`,
        unit: "calls a second",
        codex: samples.get("codex")?.throughput ?? [],
        peers: { "bare upsert": samples.get("bare upsert")?.throughput ?? [] },
        bars: { "bare upsert": "at least 0.5 ×" },
      }),
    );
  }
  await expectNoDrift(codex, workspaceId, userId);
  await pool.end();
  await codex.close();
  return rows;
}

async function makeBareAwards({ database }: Data): Promise<void> {
  await database.admin.query(`
    create table bare.awards (
      workspace_id uuid not null, user_id uuid not null, key text not null,
      points bigint not null default 0, primary key (workspace_id, user_id, key));
    grant all on bare.awards to codex_app`);
}

/** As in a workspace that has awards: everybody holds one, and the tables have statistics. */
async function awardAll({ database }: Data, ws: Workspace, members: number): Promise<void> {
  const [key = ""] = await defineAll(ws, 1);
  for (let from = 1; from <= members; from += clients) {
    const some = Array.from(
      { length: Math.min(clients, members - from + 1) },
      (_, at) => from + at,
    );
    await Promise.all(some.map((n) => ws.achievements.unlock(memberId(n), key)));
  }
  const people = "user_profiles user_workspaces user_stats user_achievements user_notifications";
  const points = "achievements points_ledger leaderboard_scores leaderboard_buckets outbox_events";
  await analyze(
    database,
    `${people} ${points}`.split(" ").map((table) => `codex.${table}`),
  );
}

async function defineAll(ws: Workspace, count: number): Promise<string[]> {
  const keys: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const key = `key_${randomUUID().replaceAll("-", "_")}`;
    const { id } = await ws.achievements.define({ key, name: "Bench", points: 10 });
    await ws.achievements.activate(id);
    keys.push(key);
  }
  return keys;
}

/** Throws when a pair that was to be new is awarded twice, or not at all. */
function unlocks(ws: Workspace, keys: readonly string[], pick: Picker): Variant {
  let call = 0;
  const seen = new Set<string>();
  return {
    name: "codex",
    run: async () => {
      const { n, a } = pick(call);
      call += 1;
      const key = keys[a];
      if (key === undefined) throw new Error("no pairs are left: give the bench more achievements");
      const { awarded } = await ws.achievements.unlock(memberId(n), key);
      const pair = `${n} ${key}`;
      if (awarded && seen.has(pair)) throw new Error("awarded twice");
      if (awarded) seen.add(pair);
    },
  };
}

function upserts(
  pool: pg.Pool,
  workspaceId: string,
  { keys, pick }: { keys: readonly string[]; pick: Picker },
): Variant {
  let call = 0;
  return {
    name: "bare upsert",
    run: () => {
      const { n, a } = pick(call);
      call += 1;
      return pool.query({
        name: "upsert",
        text: `insert into bare.awards as w (workspace_id, user_id, key, points)
          values ($1, $2, $3, 10)
          on conflict (workspace_id, user_id, key) do update set points = w.points + 10`,
        values: [workspaceId, memberId(n), keys[a % keys.length]],
      });
    },
  };
}

async function expectNoDrift(codex: Codex, workspaceId: string, userId: string): Promise<void> {
  const { drift } = await codex.workspace(workspaceId, { userId }).points.reconcile();
  if (drift.length > 0) throw new Error(`${drift.length} figures do not follow from the ledger`);
}
