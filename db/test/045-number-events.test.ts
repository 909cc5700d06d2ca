import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let db: TestDatabase;
let people: Cast;
beforeAll(async () => {
  db = await testDatabase();
  people = await cast(db);
});
afterAll(() => db[Symbol.asyncDispose]());

const add = (count: number, workspaceId = people.acme): Promise<unknown> =>
  db.admin.query(
    `insert into codex.outbox_events (workspace_id, type, entity)
     select $1, 'test.created', 'test' from generate_series(1, $2)`,
    [workspaceId, count],
  );

/** A session that numbers events, and tells how many pairs of rows its joins looked at in vain. */
async function openSession(): Promise<() => Promise<{ last: number; lookedAt: number }>> {
  const client = await db.connect();
  await client.query(
    `load 'auto_explain';
     set auto_explain.log_min_duration = 0;
     set auto_explain.log_nested_statements = on;
     set auto_explain.log_analyze = on;
     set auto_explain.log_timing = off;
     set auto_explain.log_level = notice;
     set role codex_service`,
  );
  let plans = "";
  client.on("notice", ({ message }) => (plans += message));
  return async () => {
    plans = "";
    await client.query("begin");
    await client.query("select codex.set_service_context($1)", [people.acme]);
    const { rows } = await client.query<{ last: number }>(
      "select codex.number_events($1)::integer as last",
      [people.acme],
    );
    await client.query("commit");
    expect(plans).toContain("Update on outbox_events");
    const inVain = plans.matchAll(/Rows Removed by Join Filter: (\d+)/gu);
    const lookedAt = inVain.reduce((sum, [, count]) => sum + Number(count), 0);
    return { last: rows[0]?.last ?? 0, lookedAt };
  };
}

describe("numbering a long line compares no event with each other", () => {
  it("in a session that planned while there were no events", async () => {
    const number = await openSession();
    await db.admin.query("delete from codex.outbox_events");
    await db.admin.query("vacuum analyze codex.outbox_events");
    // As many calls as it takes until a session keeps its plans.
    for (let call = 0; call < 8; call += 1) {
      await add(1);
      await number();
    }
    await add(1);
    const { last } = await number();
    await add(2_000);
    const long = await number();
    expect(long.last).toBe(last + 2_000);
    expect(long.lookedAt).toBeLessThan(10 * 2_000);
  });

  it("where statistics know no event of the workspace", async () => {
    const number = await openSession();
    await db.admin.query("delete from codex.outbox_events");
    await add(20, people.globex);
    await db.admin.query("vacuum analyze codex.outbox_events");
    await add(2_000);
    expect((await number()).lookedAt).toBeLessThan(10 * 2_000);
  });
});
