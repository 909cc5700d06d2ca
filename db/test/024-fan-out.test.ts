import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Person, TestDatabase } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe("a notification to some of many members", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
    const { vic, ann, cleo } = people;
    for (const person of [vic, ann, cleo])
      await person.query(
        `insert into codex.notification_preferences (workspace_id, user_id, channels)
         values ($1, $2, '{"default": ["email"]}')`,
        [people.acme, person.userId],
      );
  });
  afterAll(() => db[Symbol.asyncDispose]());

  /** How often it is worked out when and how something reaches a person. */
  const worked = async (...to: Person[]): Promise<number> => {
    const client = await db.connect();
    await client.query("begin");
    await client.query("set local track_functions = 'all'");
    await client.query("select codex.set_service_context($1)", [people.acme]);
    await client.query("set local role codex_service");
    const { rows: sent } = await client.query(
      "select accepted from codex.send_user_notification($1, $2, 'message', 'Hello')",
      [people.acme, to.map(({ userId }) => userId)],
    );
    expect(sent).toEqual([{ accepted: to.length }]);
    const { rows } = await client.query<{ calls: number }>(
      "select coalesce(sum(calls), 0)::integer as calls from pg_stat_xact_user_functions where funcname = 'plan_delivery'",
    );
    await client.query("rollback");
    return rows[0]?.calls ?? -1;
  };

  it("works out a delivery for those of them who have chosen something, and for nobody else", async () => {
    const { ada, sam, vic, ann } = people;
    expect(await worked(sam)).toBe(0);
    expect(await worked(vic)).toBe(1);
    expect(await worked(sam, ada, vic, ann)).toBe(2);
  });
});
