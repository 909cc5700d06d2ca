import { createDatabase, createLogins, migrate } from "@codex/testkit";
import type { PostgresHost, TestDatabase } from "@codex/testkit";

/** Size of the data that the rows of the bench stand on. */
export interface Size {
  readonly workspaces: number;
  readonly campaigns: number;
}

/** A migrated database with campaigns in many workspaces, and the same rows in a table without tenants. */
export interface Data extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly size: Size;
  /** Workspace and owner number `n`, from 1. */
  workspace(n: number): { workspaceId: string; userId: string };
  /** Campaign `m`, from 1, of workspace `n`. */
  campaign(n: number, m: number): string;
}

const id = (kind: string, ...parts: string[]): string =>
  `('0000000${kind}-0000-7000-' || ${parts.join(" || '-' || ")})::uuid`;
const pad = (expression: string, digits: number): string =>
  `lpad(to_hex(${expression}), ${digits}, '0')`;

function hex(n: number, digits: number): string {
  return n.toString(16).padStart(digits, "0");
}

/**
 * What autovacuum does within a minute of a filled table. Never of an empty one that is to grow: a session that finds
 * it empty by its statistics reads all of it, and keeps that plan while it grows (0.7 ms became 1.1 ms in each
 * `alerts.trigger`, and more with each).
 */
export async function analyze({ admin }: TestDatabase, tables: readonly string[]): Promise<void> {
  await admin.query(`vacuum analyze ${tables.join(", ")}`);
}

/** Fills without triggers and foreign keys: the rows are those that they would have let through. */
export async function makeData(server: PostgresHost, size: Size): Promise<Data> {
  const database = await createDatabase(server);
  await migrate(server.url(database.name), "bootstrap");
  await createLogins(server);
  await migrate(server.url(database.name, "codex_deployer"), "up");
  const workspace = id("1", "'8000'", pad("w", 12));
  const user = id("2", "'8000'", pad("w", 12));
  const campaign = id("3", pad("32768 + n / 65536", 4), `${pad("w", 8)} || ${pad("n % 65536", 4)}`);
  const client = await database.connect();
  const step = (sql: string): Promise<unknown> => client.query(sql);
  await step("set session_replication_role = replica");
  await step("set synchronous_commit = off");
  const w = `generate_series(1, ${size.workspaces}) as w`;
  await step(`insert into codex.workspaces (id, name) select ${workspace}, 'W ' || w from ${w}`);
  await step(
    `insert into codex.user_profiles (id, issuer, subject) select ${user}, 'bench', w::text from ${w}`,
  );
  await step(
    `insert into codex.user_workspaces (workspace_id, user_id, role) select ${workspace}, ${user}, 'owner' from ${w}`,
  );
  await step(`insert into codex.campaigns (workspace_id, id, name, description, owner_id, created_at)
    select ${workspace}, ${campaign}, 'Campaign ' || n, repeat('x', 100), ${user},
      timestamptz '2026-01-01' + make_interval(mins => n)
    from generate_series(1, ${size.campaigns}) as n, ${w}`);
  await step(`create schema bare`);
  await step(`create table bare.campaigns (like codex.campaigns including defaults)`);
  await step(`insert into bare.campaigns select * from codex.campaigns`);
  await step(`alter table bare.campaigns add primary key (workspace_id, id)`);
  await step(`grant usage on schema bare to codex_app; grant all on bare.campaigns to codex_app`);
  await analyze(database, [
    "codex.workspaces",
    "codex.user_profiles",
    "codex.user_workspaces",
    "codex.campaigns",
    "bare.campaigns",
  ]);
  return {
    database,
    size,
    workspace: (n) => ({
      workspaceId: `00000001-0000-7000-8000-${hex(n, 12)}`,
      userId: `00000002-0000-7000-8000-${hex(n, 12)}`,
    }),
    campaign: (n, m) =>
      `00000003-0000-7000-${hex(32_768 + Math.floor(m / 65_536), 4)}-${hex(n, 8)}${hex(m % 65_536, 4)}`,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
