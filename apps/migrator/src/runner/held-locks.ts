import type { Runner } from "./runner.ts";

/**
 * What the open transaction has locked so that others may have to wait, as `ACCESS EXCLUSIVE on codex.one`,
 * the strongest lock of each table. What the transaction itself has made is left out: nobody else sees it.
 */
export async function heldLocks({ client, holder }: Runner): Promise<string> {
  const { rows } = await client.query<{ oid: number; name: string; modes: string[] }>(
    `select c.oid, format('%I.%I', n.nspname, c.relname) as name, array_agg(l.mode) as modes
     from pg_locks l
     join pg_class c on c.oid = l.relation
     join pg_namespace n on n.oid = c.relnamespace
     where l.pid = pg_backend_pid() and l.granted and l.mode = any ($1)
       and l.database = (select oid from pg_database where datname = current_database())
       and c.relkind in ('r', 'p', 'm', 'v') and n.nspname !~ '^(pg_|information_schema$|codex_migrator$)'
     group by 1, 2 order by 2`,
    [strongestFirst.map((mode) => mode.lock)],
  );
  if (rows.length === 0) return "";
  // Another session sees only what was there before.
  const { rows: there } = await holder.query<{ oid: number }>(
    "select oid from pg_class where oid = any ($1)",
    [rows.map(({ oid }) => oid)],
  );
  const before = new Set(there.map(({ oid }) => oid));
  return rows
    .filter(({ oid }) => before.has(oid))
    .map(({ name, modes }) => `${strongestOf(modes)} on ${name}`)
    .join(", ");
}

// Weaker ones pass readers and writers.
const strongestFirst = [
  { lock: "AccessExclusiveLock", name: "ACCESS EXCLUSIVE" },
  { lock: "ExclusiveLock", name: "EXCLUSIVE" },
  { lock: "ShareRowExclusiveLock", name: "SHARE ROW EXCLUSIVE" },
  { lock: "ShareLock", name: "SHARE" },
  { lock: "ShareUpdateExclusiveLock", name: "SHARE UPDATE EXCLUSIVE" },
] as const;

function strongestOf(modes: readonly string[]): string {
  return strongestFirst.find(({ lock }) => modes.includes(lock))?.name ?? "";
}
