import type pg from "pg";

/** Analyzes all tables, and lets autovacuum do so no more: what is added from here on, statistics do not know. */
export async function freezeStatistics(admin: pg.Pool): Promise<void> {
  await admin.query("vacuum analyze");
  await admin.query(
    `do $$
     declare
       v_table regclass;
     begin
       for v_table in
         select oid from pg_class where relnamespace = 'codex'::regnamespace and relkind = 'r'
       loop
         execute format('alter table %s set (autovacuum_enabled = off)', v_table);
       end loop;
     end $$`,
  );
}
