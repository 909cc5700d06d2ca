import type pg from "pg";
import type { Settings } from "../settings.ts";

/** What a server looks like at one moment. */
export interface Sample {
  readonly connectionsPercent: number;
  /** Bytes that the furthest replica has not replayed. */
  readonly lagBytes: number;
  readonly slowQueries: number;
  /** Sessions that wait for somebody's lock. */
  readonly waiting: number;
  /** Transactions rolled back in this database since its statistics began. */
  readonly rollbacks: number;
  readonly deadlocks: number;
  /** Seconds since the oldest open transaction began. */
  readonly oldestTransaction: number;
  readonly replicas: number;
}

const question = `
  select
    (select 100.0 * count(*) / current_setting('max_connections')::integer
      from pg_stat_activity where backend_type = 'client backend')::float8 as "connectionsPercent",
    coalesce((select max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) from pg_stat_replication), 0)::float8 as "lagBytes",
    (select count(*) from pg_stat_activity where state = 'active' and backend_type = 'client backend'
      and datname = current_database() and application_name not like 'codex-migrate%'
      and query_start < clock_timestamp() - make_interval(secs => $1 / 1000.0))::integer as "slowQueries",
    (select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()
      and application_name not like 'codex-migrate%')::integer as waiting,
    d.xact_rollback::float8 as rollbacks, d.deadlocks::float8 as deadlocks,
    coalesce((select extract(epoch from max(clock_timestamp() - xact_start)) from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
      and application_name not like 'codex-migrate%'), 0)::float8 as "oldestTransaction",
    (select count(*) from pg_stat_replication)::integer as replicas
  from pg_stat_database d where d.datname = current_database()`;

/** Looks at the server. The login must be a member of pg_monitor, or it sees only itself. */
export async function takeSample(client: pg.Client, settings: Settings): Promise<Sample> {
  const { rows } = await client.query<Sample>(question, [settings.slowQuery]);
  const [sample] = rows;
  if (sample === undefined) throw new Error("pg_stat_database has no row of this database");
  return sample;
}

/** One sentence for each limit that a sample passes. */
export function passedLimits(sample: Sample, settings: Settings): string[] {
  return [
    ...passed(sample.connectionsPercent, settings.connectionsMax, "percent of connections in use"),
    ...passed(sample.lagBytes, settings.lagMax, "bytes that a replica is behind"),
    ...passed(sample.slowQueries, settings.slowMax, "slow queries"),
    ...passed(sample.waiting, settings.waitingMax, "sessions waiting for locks"),
    ...passed(
      sample.oldestTransaction,
      settings.transactionMax,
      "seconds of the oldest transaction",
    ),
  ];
}

function passed(value: number, limit: number, what: string): string[] {
  return value > limit ? [`${what}: ${Math.round(value)}, limit ${limit}`] : [];
}
