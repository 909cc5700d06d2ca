import { createCodex } from "@codex/sdk";
import type { Codex } from "@codex/sdk";
import {
  canMakeDatabases,
  createDatabase,
  createLogins,
  migrate,
  startPostgres,
} from "@codex/testkit";
import type { PostgresServer } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fill, hotCalls, memberId } from "./hot-calls.ts";
import type { Call } from "./hot-calls.ts";
import { makeWorld } from "./world.ts";
import type { World } from "./world.ts";

// A plan is kept from the sixth call on; what is asked in every second call only gets there later.
const warmUps = 14;
const counted = 6;

describe.runIf(canMakeDatabases())("plans that a session makes on PostgreSQL 17", () => {
  let server: PostgresServer;
  let world: World;
  let codex: Codex;
  let calls: Record<string, Call>;
  beforeAll(async () => {
    server = await startPostgres({
      major: 17,
      settings: {
        shared_preload_libraries: "pg_stat_statements",
        "pg_stat_statements.track": "all",
        "pg_stat_statements.track_planning": "on",
        // Whoever analyzes a table has its plans made again.
        autovacuum: "off",
      },
    });
    const database = await createDatabase(server);
    await migrate(server.url(database.name), "bootstrap");
    await createLogins(server);
    await migrate(server.url(database.name, "codex_deployer"), "up");
    await database.admin.query("create extension pg_stat_statements");
    world = await makeWorld(database);
    await fill(world);
    codex = createCodex({ connectionString: database.url("codex_api"), max: 1 });
    const ws = codex.workspace(world.acme, world.ada);
    calls = await hotCalls(world, ws, codex.workspace(world.acme, { userId: memberId(1) }));
  });
  afterAll(async () => {
    await codex?.close();
    await world?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  /** The statements that were planned in calls of a session that has made them before. */
  async function planned(call: Call): Promise<string[]> {
    const { admin } = world.db;
    for (let n = 1; n <= warmUps; n += 1) await call(n);
    await admin.query("select pg_stat_statements_reset()");
    for (let n = 1; n <= counted; n += 1) await call(warmUps + n);
    const { rows } = await admin.query<{ query: string }>(
      `select left(regexp_replace(query, '\\s+', ' ', 'g'), 100) as query
       from pg_stat_statements
       where plans > 0 and query !~ 'pg_stat_statements' order by 1`,
    );
    return rows.map(({ query }) => query);
  }

  it("are none once a call was made a few times", async () => {
    const found: Record<string, string[]> = {};
    for (const [name, call] of Object.entries(calls)) found[name] = await planned(call);
    expect(Object.entries(found).filter(([, statements]) => statements.length > 0)).toEqual([]);
  });

  it("would show a function in SQL that has a plan of its own in each call", async () => {
    const owner = await world.db.connect();
    await owner.query("set role codex_owner");
    await owner.query(`create or replace function codex.member_slot(p_user_id uuid) returns integer
      language sql immutable parallel safe set search_path = '' as $$
        select get_byte(uuid_send(p_user_id), 15) % 32
      $$`);
    await owner.end();
    const call = calls["points.adjust"];
    expect(call && (await planned(call))).toEqual([expect.stringContaining("get_byte")]);
  });
});
