import type pg from "pg";
import type { RunnerSettings } from "./runner.ts";

/** Whether the login sees what others do and how far replicas are: a member of pg_monitor. */
export async function seesActivity(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ sees: boolean }>(
    "select pg_has_role(current_user, 'pg_read_all_stats', 'usage') as sees",
  );
  return rows[0]?.sees === true;
}

/** Why background work should wait for a moment; undefined when it may go on. */
export async function pressureOf(
  client: pg.Client,
  { lagMaxBytes, activeMax }: RunnerSettings,
): Promise<string | undefined> {
  const { rows } = await client.query<{ lag: string; active: number }>(
    `select
       coalesce((select max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))
         from pg_stat_replication), 0)::bigint as lag,
       (select count(*)::integer from pg_stat_activity
         where backend_type = 'client backend' and state = 'active' and pid <> pg_backend_pid()
           and datname = current_database()) as active`,
  );
  const { lag = "0", active = 0 } = rows[0] ?? {};
  if (Number(lag) > lagMaxBytes) return `a replica is ${lag} bytes behind`;
  if (active > activeMax) return `${active} sessions are at work`;
  return undefined;
}
