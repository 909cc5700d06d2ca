import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { exitCode, Failure } from "../failure.ts";
import { lasting } from "./session.ts";

// Any numbers that no other program of the database uses.
const runnerKey = 7_206_140_017;
const workKey = 7_206_140_019;
const pollMs = 200;

/** How long to wait for another runner, as a moment of `performance.now()` and for messages. */
export interface Patience {
  readonly waitMs: number;
  readonly deadline: number;
}

/**
 * Takes the lock of the one runner, by polling: a session that waits in pg_advisory_lock would hold a
 * snapshot that CREATE INDEX CONCURRENTLY waits for. Held until the connection ends.
 */
export async function takeRunnerLock(client: pg.Client, patience: Patience): Promise<void> {
  await take(client, runnerKey, patience);
}

/**
 * Takes the lock of the session that works. A runner that was killed frees its own lock at once, while
 * the server may still be at its last statement: that one's end is waited for here.
 */
export async function takeWorkLock(client: pg.Client, patience: Patience): Promise<void> {
  await take(client, workKey, patience);
}

async function take(client: pg.Client, key: number, patience: Patience): Promise<void> {
  // So that the lock of a killed runner is free in under a second, and that of one at work is not before its end.
  await client.query(lasting);
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      "select pg_try_advisory_lock($1) as taken",
      [key],
    );
    if (rows[0]?.taken === true) return;
    if (performance.now() >= patience.deadline) throw await lockBusy(client, key, patience);
    await sleep(pollMs);
  }
}

async function lockBusy(client: pg.Client, key: number, { waitMs }: Patience): Promise<Failure> {
  const { rows } = await client.query<{ holder: string }>(
    `select format('pid %s (%s, since %s)', a.pid, a.application_name,
       to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')) as holder
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.database = (select oid from pg_database where datname = current_database())
       and (l.classid::bigint << 32) | l.objid::bigint = $1`,
    [key],
  );
  return new Failure(
    `Another runner holds the lock: ${rows[0]?.holder ?? "it has just ended"}. ` +
      `Gave up after ${waitMs / 1000} s; run again when it is done, or raise --lock-wait.`,
    { code: exitCode.lockBusy },
  );
}
