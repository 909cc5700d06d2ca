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
import { copyTables, rowsWriter } from "../same-rows.ts";
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

/**
 * Unlocks by 20 clients against an upsert of the same keys: all for the first time, and there against the same rows;
 * and contended, where nothing is left to write, and there against a read.
 */
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
    const achievements = await defineAll(ws, sizes.achievements);
    const keys = achievements.map(({ key }) => key);
    const variants = [unlocks(ws, keys, pick), upserts(pool, workspaceId, { keys, pick })];
    if (name === "for the first time") {
      await copyTables(data, written);
      const ids = achievements.map(({ id }) => id);
      variants.push(firstAwards(pool, { workspaceId, userId }, { ids, pick }));
    } else {
      variants.push({
        name: "scoped read by key",
        run: () => ws.campaigns.get(data.campaign(3, 1)),
      });
    }
    const samples = await interleave(variants, { rounds: quick ? 7 : 25, sliceMs: 300, clients });
    rows.push(
      compare({
        name: `unlock, ${clients} clients: ${name}`,
        unit: "calls a second",
        codex: samples.get("codex")?.throughput ?? [],
        peers: Object.fromEntries(
          variants
            .filter((variant) => variant.name !== "codex")
            .map((variant) => [variant.name, samples.get(variant.name)?.throughput ?? []]),
        ),
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
  const [{ key } = { key: "" }] = await defineAll(ws, 1);
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

async function defineAll(ws: Workspace, count: number): Promise<{ id: string; key: string }[]> {
  const achievements: { id: string; key: string }[] = [];
  for (let made = 0; made < count; made += 1) {
    const key = `key_${randomUUID().replaceAll("-", "_")}`;
    const { id } = await ws.achievements.define({ key, name: "Bench", points: 10 });
    await ws.achievements.activate(id);
    achievements.push({ id, key });
  }
  return achievements;
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

const written =
  "user_achievements user_stats points_ledger leaderboard_scores leaderboard_buckets user_notifications outbox_events".split(
    " ",
  );

/** An award for the first time: its points, figures, boards with one counter each, notification and events. */
function firstAwards(
  pool: pg.Pool,
  { workspaceId, userId }: { workspaceId: string; userId: string },
  { ids, pick }: { ids: readonly string[]; pick: Picker },
): Variant {
  let call = 0;
  return rowsWriter(pool, firstAward, () => {
    const { n, a } = pick(call);
    call += 1;
    return [workspaceId, memberId(n), ids[a], userId, n % 32];
  });
}

const firstAward = `
  with award as (
    insert into plain.user_achievements
      (workspace_id, user_id, achievement_id, points_awarded, created_by)
    values ($1, $2, $3, 10, $4)
    returning *
  ), points as (
    insert into plain.points_ledger (workspace_id, user_id, source, delta, reason, achievement_id,
      period_key, local_date, board_date, created_by)
    select workspace_id, user_id, 'award', 10, 'Bench', achievement_id, '', current_date,
      current_date, $4
    from award
  ), figures as (
    update plain.user_stats
    set achievements_unlocked = achievements_unlocked + 1, points_balance = points_balance + 10,
      lifetime_points = lifetime_points + 10, version = version + 1, updated_at = now()
    where workspace_id = $1 and user_id = $2
  ), scores as (
    insert into plain.leaderboard_scores as s (workspace_id, board, user_id, score, reached_at)
    select workspace_id, board, user_id, 10, now()
    from award cross join unnest(array['all', 'month:2026-01', 'week:2026-W03']) as board
    on conflict (workspace_id, board, user_id) do update
    set score = s.score + excluded.score, reached_at = excluded.reached_at
  ), counters as (
    insert into plain.leaderboard_buckets as b (workspace_id, board, level, band, slot, members)
    select workspace_id, board, 1, 0, $5::integer, '[11:11]={1}'
    from award cross join unnest(array['all', 'month:2026-01', 'week:2026-W03']) as board
    on conflict (workspace_id, board, level, band, slot) do update
    set members[11] = coalesce(b.members[11], 0) + 1
  ), notification as (
    insert into plain.user_notifications (workspace_id, user_id, notification_type, title, category,
      delivery_status, achievement_id)
    select workspace_id, user_id, 'achievement', 'Achievement unlocked: Bench', 'achievement',
      'delivered', achievement_id
    from award
  ), events as (
    insert into plain.outbox_events (workspace_id, type, entity, entity_id, payload, user_id, agent_id)
    select workspace_id, entity || '.created', entity, id, jsonb_build_object('id', id), $4, null
    from award cross join unnest(array['award', 'points', 'notification']) as entity
  )
  select * from award`;

async function expectNoDrift(codex: Codex, workspaceId: string, userId: string): Promise<void> {
  const { drift } = await codex.workspace(workspaceId, { userId }).points.reconcile();
  if (drift.length > 0) throw new Error(`${drift.length} figures do not follow from the ledger`);
}
