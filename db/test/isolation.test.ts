import { canMakeDatabases, cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrationFiles } from "./support/files.ts";
import { insertRow, readTables, valuesFor } from "./support/rows.ts";
import type { Place, Table } from "./support/rows.ts";

// Generated over the catalog: a table that is added tomorrow is tried tomorrow.
describe.runIf(canMakeDatabases())("isolation of workspaces", () => {
  let db: TestDatabase;
  let people: Cast;
  let admin: pg.Client;
  let tables: Table[];
  let tenant: Table[];
  let acme: Place;
  let globex: Place;

  beforeAll(async () => {
    db = await testDatabase({ own: true });
    people = await cast(db);
    admin = await db.connect();
    tables = await readTables(admin);
    tenant = tables.filter(({ columns }) => columns.some(({ name }) => name === "workspace_id"));
    acme = { workspaceId: people.acme, userId: people.ada.userId };
    globex = { workspaceId: people.globex, userId: people.bob.userId };
    await fill(acme);
    await fill(globex);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  async function fill(place: Place): Promise<void> {
    await admin.query("select set_config('codex.workspace_id', $1, false)", [place.workspaceId]);
    for (const table of tables) {
      if (
        ["workspaces", "user_profiles", "user_workspaces", "workspace_slugs"].includes(table.name)
      )
        continue;
      // A counter, and a member's figures, may be there already.
      try {
        await insertRow(admin, table, await valuesFor(admin, table, place));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "23505")) {
          throw new Error(`no row for ${table.name}: ${String(error)}`, { cause: error });
        }
      }
    }
  }

  async function countOf(table: Table, place: Place): Promise<number> {
    const { rows } = await admin.query<{ count: number }>(
      `select count(*)::integer as count from codex.${table.name} where workspace_id = $1`,
      [place.workspaceId],
    );
    return rows[0]?.count ?? 0;
  }

  async function countsOf(place: Place): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const table of tenant) counts.set(table.name, await countOf(table, place));
    return counts;
  }

  async function mayRead(table: Table): Promise<boolean> {
    const { rows } = await admin.query<{ may: boolean }>(
      "select has_any_column_privilege('codex_app', $1, 'select') as may",
      [`codex.${table.name}`],
    );
    return rows[0]?.may === true;
  }

  it("has a row of each workspace in every tenant table", async () => {
    expect(tenant.length).toBeGreaterThan(50);
    for (const table of tenant) {
      expect(await countOf(table, acme), `${table.name} of acme`).toBeGreaterThan(0);
      expect(await countOf(table, globex), `${table.name} of globex`).toBeGreaterThan(0);
    }
  });

  it("shows an owner rows of the own workspace and of no other, in every table", async () => {
    for (const table of tenant) {
      if (!(await mayRead(table))) continue;
      for (const [person, place] of [
        [people.ada, acme],
        [people.bob, globex],
      ] as const) {
        const rows = await person.query<{ workspace_id: string }>(
          `select distinct workspace_id from codex.${table.name}`,
        );
        expect(rows, `${table.name} for ${place.workspaceId}`).toEqual([
          { workspace_id: place.workspaceId },
        ]);
      }
    }
  });

  it("raises KX001 without a context, in every table, and never answers with no rows", async () => {
    for (const table of tenant) {
      if (!(await mayRead(table))) continue;
      const client = await db.begin("codex_app");
      await expect(
        client.query(`select workspace_id from codex.${table.name}`),
        table.name,
      ).rejects.toMatchObject({ code: "KX001" });
      await client.query("rollback");
      client.release();
    }
  });

  it("lets nobody write a row into another workspace, in every table", async () => {
    for (const table of tenant) {
      const before = await countOf(table, globex);
      const values = await valuesFor(admin, table, globex);
      const attempt = people.ada.tx(async (client) => insertRow(client, table, values));
      await expect(attempt, table.name).rejects.toBeInstanceOf(Error);
      expect(await countOf(table, globex), table.name).toBe(before);
    }
  });

  it("lets an owner change and remove nothing of another workspace, in every table", async () => {
    for (const table of tenant) {
      for (const sql of [
        `update codex.${table.name} set updated_at = now() where workspace_id = '${people.globex}'`,
        `delete from codex.${table.name} where workspace_id = '${people.globex}'`,
      ]) {
        const before = await countOf(table, globex);
        // As the service in acme's context, which may write almost everything there.
        await people.service.query(people.acme, sql).catch((error: unknown) => {
          expect(error, sql).toMatchObject({ code: "42501" });
        });
        expect(await countOf(table, globex), sql).toBe(before);
      }
    }
  });

  it("refuses every rollback while rows would be destroyed", async () => {
    for (const file of await migrationFiles()) {
      // These make no table, or one that is counted anew (its own test has its refusal).
      if (
        [
          12, 19, 21, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46,
          47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60,
        ].includes(file.version)
      )
        continue;
      await admin.query("begin; set local role codex_owner");
      await expect(admin.query(file.down), file.name).rejects.toMatchObject({ code: "KX009" });
      await admin.query("rollback");
    }
  });

  it("purges a workspace with its rows in every table, and leaves the other untouched", async () => {
    const before = await countsOf(globex);
    const client = await db.begin("codex_service");
    await client.query("select codex.purge_workspace($1)", [people.acme]);
    await client.query("commit");
    client.release();
    expect(new Set((await countsOf(acme)).values())).toEqual(new Set([0]));
    expect(await countsOf(globex)).toEqual(before);
  });
});
