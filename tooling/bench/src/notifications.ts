import { createCodex } from "@codex/sdk";
import type { Workspace } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { compare } from "./report.ts";
import type { BenchRow } from "./report.ts";
import type { Bench, Section } from "./section.ts";

interface Crowd extends AsyncDisposable {
  readonly ws: Workspace;
  readonly client: pg.Client;
  readonly workspaceId: string;
  readonly userIds: readonly string[];
}

/** Notifications: many recipients of one, and one announcement to very many. */
export const notificationSection: Section = {
  name: "notifications",
  rows: async (bench) => [await fanOut(bench), await announcement(bench)],
};

/** With inbox, rules and one event, against the same rows by one insert … select without any of it. */
async function fanOut({ data, server, quick, say }: Bench): Promise<BenchRow> {
  const size = quick ? 1_000 : 10_000;
  say(`a notification to ${size} members`);
  await using crowd = await crowdOf(server.url(data.database.name, "codex_api"), data, size);
  const { client, ws, workspaceId, userIds } = crowd;
  await client.query(
    "create table if not exists bare.notifications (like codex.user_notifications including defaults including generated, primary key (workspace_id, user_id, id))",
  );
  const insertInto = (table: "bare.notifications" | "codex.user_notifications") =>
    client.query(
      `insert into ${table} (workspace_id, user_id, id, notification_type, title, body)
       select workspace_id, user_id, $2, 'message', 'News', 'x'
       from codex.user_workspaces where workspace_id = $1 and user_id = any ($3)`,
      [workspaceId, randomUUID(), userIds],
    );
  const measured = await inTurns(
    { warmUps: 1, rounds: quick ? 5 : 15 },
    {
      codex: () =>
        ws.notifications.send({ to: [...userIds], type: "message", title: "News", body: "x" }),
      same: () => insertInto("codex.user_notifications"),
      bare: () => insertInto("bare.notifications"),
    },
  );
  return compare({
    name: `fan-out of a notification to ${size} members, one summary event`,
    unit: "ms",
    codex: measured["codex"] ?? [],
    peers: {
      "one insert … select of the same rows": measured["same"] ?? [],
      "the same into a bare table": measured["bare"] ?? [],
    },
  });
}

/** One row whoever reads it, against one row without an SDK, rules and an event. */
async function announcement({ data, server, quick, say }: Bench): Promise<BenchRow> {
  const size = quick ? 10_001 : 100_000;
  say(`an announcement to ${size} members`);
  await using crowd = await crowdOf(server.url(data.database.name, "codex_api"), data, size);
  const { client, ws, workspaceId } = crowd;
  await client.query(
    "create table if not exists bare.announcements (like codex.announcements including defaults including generated, primary key (workspace_id, id))",
  );
  // Each takes about a millisecond; a statement is planned anew in its first five executions.
  const measured = await inTurns(
    { warmUps: 20, rounds: quick ? 30 : 100 },
    {
      codex: () => ws.notifications.send({ to: "everyone", type: "message", title: "News" }),
      bare: () =>
        client.query(
          "insert into bare.announcements (workspace_id, id, number, title) values ($1, $2, 1, 'News')",
          [workspaceId, randomUUID()],
        ),
    },
  );
  return compare({
    name: `announcement to ${size} members`,
    unit: "ms",
    codex: measured["codex"] ?? [],
    peers: { "one row": measured["bare"] ?? [] },
  });
}

/** A workspace of that many members beside its owner. */
async function crowdOf(url: string, data: Bench["data"], size: number): Promise<Crowd> {
  const codex = createCodex({ connectionString: url, max: 2 });
  const client = await data.database.connect();
  const workspaceId = randomUUID();
  await client.query("set session_replication_role = replica");
  await client.query("insert into codex.workspaces (id, name) values ($1, 'Crowd')", [workspaceId]);
  const { rows } = await client.query<{ id: string }>(
    `with people as (
       insert into codex.user_profiles (issuer, subject)
       select 'crowd ' || $1, n::text from generate_series(1, $2::integer) as n returning id
     )
     insert into codex.user_workspaces (workspace_id, user_id, role)
     select $1::uuid, id, 'owner' from people returning user_id as id`,
    [workspaceId, size],
  );
  await client.query(
    `insert into codex.member_counts (workspace_id, slot, members)
     select workspace_id, codex.member_slot(user_id), count(*)
     from codex.user_workspaces where workspace_id = $1 group by 1, 2`,
    [workspaceId],
  );
  await client.query("set session_replication_role = origin");
  await client.query("select set_config('codex.workspace_id', $1, false)", [workspaceId]);
  await client.query("analyze codex.user_workspaces");
  const userIds = rows.map(({ id }) => id);
  return {
    client,
    workspaceId,
    userIds,
    ws: codex.workspace(workspaceId, { userId: userIds[0] ?? "" }),
    [Symbol.asyncDispose]: () => codex.close(),
  };
}

/** Milliseconds of each, one run of each in a round. The rounds that warm up are for caches and plans. */
async function inTurns(
  { warmUps, rounds }: { warmUps: number; rounds: number },
  variants: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {};
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(variants)) {
      const start = performance.now();
      await run();
      if (round >= 0) (times[name] ??= []).push(performance.now() - start);
    }
  }
  return times;
}
