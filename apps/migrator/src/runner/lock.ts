import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { exitCode, Failure } from "../failure.ts";

// Any number that no other program of the database uses.
const lockKey = 7_206_140_017;
const pollMs = 200;

/**
 * Takes the lock of the one runner, by polling: a session that waits in pg_advisory_lock would hold a
 * snapshot that CREATE INDEX CONCURRENTLY waits for. Held until the connection ends.
 */
export async function takeLock(client: pg.Client, waitMs: number): Promise<void> {
  // So that the lock of a killed runner is free in under a second.
  await client.query("set client_connection_check_interval = '500ms'");
  const deadline = performance.now() + waitMs;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      "select pg_try_advisory_lock($1) as taken",
      [lockKey],
    );
    if (rows[0]?.taken === true) return;
    if (performance.now() >= deadline) throw await lockBusy(client, waitMs);
    await sleep(pollMs);
  }
}

async function lockBusy(client: pg.Client, waitMs: number): Promise<Failure> {
  const { rows } = await client.query<{ holder: string }>(
    `select format('pid %s (%s, since %s)', a.pid, a.application_name,
       to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')) as holder
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.database = (select oid from pg_database where datname = current_database())
       and (l.classid::bigint << 32) | l.objid::bigint = $1`,
    [lockKey],
  );
  return new Failure(
    `Another runner holds the lock: ${rows[0]?.holder ?? "it has just ended"}. ` +
      `Gave up after ${waitMs / 1000} s; run again when it is done, or raise --lock-wait.`,
    { code: exitCode.lockBusy },
  );
}
