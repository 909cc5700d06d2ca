import {
  canMakeDatabases,
  createDatabase,
  migrate,
  requireTool,
  startPostgres,
} from "@codex/testkit";
import type { PostgresServer, TestDatabase } from "@codex/testkit";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const script = new URL("../distribute.sql", import.meta.url);

// Citus cannot be installed everywhere. This stands in for what distribute.sql asks of it: it writes down
// each call, and refuses what Citus's documentation says that it refuses.
const standIn = await readFile(new URL("support/citus-stand-in.sql", import.meta.url), "utf8");

interface Place {
  readonly name: string;
  readonly kind: string;
}

describe.runIf(canMakeDatabases())("distribute.sql", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    const template = await createDatabase(server, "migrated");
    await migrate(template.url(), "bootstrap");
    await migrate(template.url(), "up");
    await template.admin.end();
  });
  afterAll(() => server.stop());

  const migrated = (): Promise<TestDatabase> =>
    createDatabase(server, undefined, { from: "migrated" });

  async function distribute(db: TestDatabase): Promise<{ code: number; said: string }> {
    const args = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script.pathname, db.url()];
    return run(requireTool("psql"), args).then(
      ({ stderr }) => ({ code: 0, said: stderr }),
      (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
    );
  }

  async function places(db: TestDatabase): Promise<Place[]> {
    const { rows } = await db.admin.query<Place>(
      "select logicalrelid::text as name, kind from pg_dist_partition order by number",
    );
    return rows;
  }

  it("changes nothing on a server without Citus, and says so", async () => {
    await using db = await migrated();
    const { code, said } = await distribute(db);
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining("no Citus") });
    const { rows } = await db.admin.query(
      "select codex.distribute('codex.workspaces', 'workspaces') as done, rolcanlogin from pg_roles where rolname = 'codex_definer'",
    );
    expect(rows).toEqual([{ done: false, rolcanlogin: false }]);
  });

  it("places every table by the rules that Citus documents, parents first, once", async () => {
    await using db = await migrated();
    await db.admin.query(standIn);
    expect(await distribute(db)).toMatchObject({ code: 0 });
    const placed = await places(db);
    const { rows } = await db.admin.query<{ tables: number }>(
      "select count(*)::integer as tables from pg_class where relnamespace = 'codex'::regnamespace and relkind in ('r', 'p')",
    );
    expect(placed).toHaveLength(rows[0]?.tables ?? 0);
    const kinds = placed.map(({ kind }) => kind);
    expect(kinds).toEqual(kinds.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(placed.filter(({ kind }) => kind === "workspaces")).toEqual([
      { name: "codex.workspaces", kind: "workspaces" },
    ]);
    const functions = await db.admin.query(
      "select from citus_functions where not force_delegation",
    );
    expect(functions.rows).toEqual([]);
    expect(await distribute(db)).toMatchObject({ code: 0 });
    expect(await places(db)).toEqual(placed);
  });

  it.each([
    [
      "a unique rule across workspaces",
      "alter table codex.campaigns add constraint campaigns_name_key unique (name)",
      "without workspace_id",
    ],
    [
      "a foreign key that does not join the workspace",
      `alter table codex.campaigns add column their_workspace uuid,
         add foreign key (their_workspace, parent_id) references codex.campaigns (workspace_id, id)`,
      "does not join the split column",
    ],
    [
      "a global table that refers to a workspace",
      `alter table codex.journey_stages add column workspace_id uuid references codex.workspaces (id)`,
      "have no place",
    ],
  ])("refuses %s, and nothing is placed", async (_, sql, reason) => {
    await using db = await migrated();
    await db.admin.query(standIn);
    await db.admin.query(sql);
    const { code, said } = await distribute(db);
    expect({ code, said }).toMatchObject({ code: 3, said: expect.stringContaining(reason) });
    expect(await places(db)).toEqual([]);
  });
});

const order = ["reference", "workspaces", "tenant"];
