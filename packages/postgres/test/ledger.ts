import { createPostgres } from "@codex/postgres";
import type { Postgres, PostgresOptions, Scope } from "@codex/postgres";
import { createDatabase, testServer } from "@codex/testkit";
import type { PostgresHost, TestDatabase } from "@codex/testkit";
import type { Generated } from "kysely";
import type pg from "pg";

/** Tables of a little application with tenants, which knows nothing of Codex. */
export interface LedgerTables {
  "app.entry": { tenant: string; id: string; amount: Generated<number>; of: string | null };
}

export const acme = "0196b2c1-0000-7000-8000-00000000000a";
export const globex = "0196b2c1-0000-7000-8000-00000000000b";

const login = "cx_ledger_app";

/** A database of its own with 3 entries of acme and 2 of globex, under forced row-level security. */
export interface Ledger extends AsyncDisposable {
  readonly server: PostgresHost;
  readonly database: TestDatabase;
  /** URL as the role under row-level security. */
  readonly url: string;
  readonly login: string;
  /** Rows as the superuser sees them. */
  count(where?: string): Promise<number>;
}

export async function makeLedger(): Promise<Ledger> {
  const server = await testServer();
  const database = await createDatabase(server);
  const { password } = server.address;
  await database.admin.query(`
    do $$ begin
      create role ${login} login password '${password}';
    exception when duplicate_object or unique_violation then null; end $$;
    create schema app;
    create table app.entry (
      tenant uuid not null,
      id text not null,
      amount integer not null default 0 check (amount >= 0),
      of text,
      primary key (tenant, id),
      constraint entry_of_fkey foreign key (tenant, of) references app.entry (tenant, id)
        deferrable initially deferred
    );
    alter table app.entry enable row level security;
    alter table app.entry force row level security;
    create policy tenant on app.entry
      using (tenant = nullif(current_setting('app.tenant', true), '')::uuid);
    grant usage on schema app to ${login};
    grant all on app.entry to ${login};
    insert into app.entry (tenant, id, amount)
    values ('${acme}', 'a', 1), ('${acme}', 'b', 2), ('${acme}', 'c', 3),
      ('${globex}', 'x', 10), ('${globex}', 'y', 20);
  `);
  return {
    server,
    database,
    login,
    url: database.url(login),
    count: async (where = "true") => {
      const { rows } = await database.admin.query<{ n: number }>(
        `select count(*)::integer as n from app.entry where ${where}`,
      );
      return rows[0]?.n ?? -1;
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** A client of the ledger, closed by whoever asked for it. */
export function open(
  ledger: Ledger,
  options: PostgresOptions & { pool?: never; settings?: pg.PoolConfig } = {},
): Postgres {
  const { settings, ...rest } = options;
  return createPostgres({
    connection: { connectionString: ledger.url, max: 4, ...settings },
    ...rest,
  });
}

/** A scope of one tenant. */
export function as(postgres: Postgres, tenant: string): Scope<LedgerTables> {
  return postgres.scope<LedgerTables>({
    context: { sql: "set_config('app.tenant', $1, true)", parameters: [tenant] },
  });
}

/** A statement without parameters, or with. */
export function sql(
  text: string,
  ...parameters: unknown[]
): { sql: string; parameters: unknown[] } {
  return { sql: text, parameters };
}

/** What a connection would tell the next tenant. */
export const leftovers = sql(
  "select coalesce(current_setting('app.tenant', true), '') as tenant, count(*)::integer as rows from app.entry",
);
