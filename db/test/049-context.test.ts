import { canMakeDatabases, cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const settings = ["workspace_id", "user_id", "agent_id", "member_rank", "scopes", "api_key_id"];

// A setting of that name is all that the functions look at: here it stands for the nodes that there are none of.
describe.runIf(canMakeDatabases())("the context of a transaction", () => {
  let db: TestDatabase;
  let people: Cast;
  const hash = createHash("sha256").update(randomBytes(8)).digest();
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
    await people.service.query(
      people.acme,
      `insert into codex.api_keys (workspace_id, name, prefix, key_hash, role, user_id, scopes)
       values ($1, 'K', 'cdx_k', $2, 'analyst', $3, '{alerts:read}')`,
      [people.acme, hash, people.cleo.userId],
    );
  });
  afterAll(() => db?.[Symbol.asyncDispose]());

  const ways = (): [string, string, unknown[]][] => [
    ["codex_app", "codex.set_context($1, $2)", [people.acme, people.cleo.userId]],
    ["codex_app", "codex.set_context_by_key($1, $2)", [people.acme, hash]],
    ["codex_service", "codex.set_service_context($1)", [people.acme]],
  ];

  it("is the same where SET LOCAL hands it on, and is handed on there alone", async () => {
    const contextBy = async (
      [role, call, values]: ReturnType<typeof ways>[number],
      propagate?: string,
    ): Promise<unknown> => {
      // A session for each: it counts the calls of functions over its transactions.
      const client = await db.connect();
      await client.query("set track_functions = 'all'");
      if (propagate !== undefined)
        await client.query(`set citus.propagate_set_commands = ${propagate}`);
      await client.query(`begin; set local role ${role}`);
      await client.query(`select ${call}`, values);
      const { rows } = await client.query(
        `select ${settings.map((name) => `current_setting('codex.${name}', true) as ${name}`).join()},
           (select count(*)::integer from codex.user_workspaces) as seen,
           coalesce((select calls::integer from pg_stat_xact_user_functions
             where funcname = 'pass_context_on'), 0) as passed_on`,
      );
      await client.query("commit");
      const after = await client.query("select current_setting('codex.workspace_id', true) as id");
      expect(after.rows).toEqual([{ id: "" }]);
      await client.end();
      return rows[0];
    };
    for (const way of ways()) {
      const plain = await contextBy(way);
      expect(plain, way[1]).toMatchObject({ workspace_id: people.acme, passed_on: 0 });
      expect(plain, way[1]).not.toMatchObject({ seen: 0 });
      expect(await contextBy(way, "none"), way[1]).toEqual(plain);
      expect(await contextBy(way, "local"), way[1]).toEqual({ ...(plain as object), passed_on: 2 });
    }
  });
});
