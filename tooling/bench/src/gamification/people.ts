import { countScores } from "@codex/testkit";
import { analyze } from "../data.ts";
import type { Data } from "../data.ts";

const member = "('00000009-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";

/** Member number `n`, from 1, of every workspace that has that many. */
export function memberId(n: number): string {
  return `00000009-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** Makes members, without triggers and foreign keys. The same people are in every workspace. */
export async function makeMembers(data: Data, workspaceId: string, count: number): Promise<void> {
  await inReplica(data, [
    [
      `insert into codex.user_profiles (id, issuer, subject)
       select ${member}, 'bench members', n::text from generate_series(1, $1::integer) as n
       on conflict do nothing`,
      [count],
    ],
    [
      `insert into codex.user_workspaces (workspace_id, user_id, role)
       select $1, ${member}, 'viewer' from generate_series(1, $2::integer) as n`,
      [workspaceId, count],
    ],
  ]);
}

/** Puts members on the board of all time, with scores that lie as people's do, and counts them. */
export async function makeBoard(data: Data, workspaceId: string, count: number): Promise<void> {
  await makeMembers(data, workspaceId, count);
  await inReplica(data, [
    [
      `insert into codex.leaderboard_scores (workspace_id, board, user_id, score, reached_at)
       select $1, 'all', ${member}, 1 + floor(100000 * random() ^ 4)::bigint,
         timestamptz '2026-01-01' + make_interval(secs => n)
       from generate_series(1, $2::integer) as n`,
      [workspaceId, count],
    ],
  ]);
  await countScores(data.database.admin, workspaceId);
  const filled = ["user_workspaces", "leaderboard_scores", "leaderboard_buckets"];
  await analyze(
    data.database,
    filled.map((table) => `codex.${table}`),
  );
}

export async function inReplica(
  data: Data,
  statements: readonly (readonly [sql: string, parameters: readonly unknown[]])[],
): Promise<void> {
  const client = await data.database.connect();
  await client.query("set session_replication_role = replica");
  await client.query("set synchronous_commit = off");
  for (const [sql, parameters] of statements) await client.query(sql, [...parameters]);
  await client.end();
}
