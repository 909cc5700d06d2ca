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

describe("what ends by itself", () => {
  const invite = (name: string, end: string): Promise<unknown> =>
    people.ada.query(
      `insert into codex.workspace_invitations (workspace_id, email, token_hash, expires_at)
       values ($1, $2 || '@example.org', sha256(convert_to($2, 'UTF8')), ${end}) returning 1 as n`,
      [people.acme, name],
    );
  const makeKey = (name: string, end: string): Promise<unknown> =>
    people.ada.query(
      `insert into codex.api_keys (workspace_id, name, prefix, key_hash, user_id, expires_at)
       values ($1, $2, 'cdx_', sha256(convert_to($2, 'UTF8')), codex.acting_user_id(), ${end})
       returning 1 as n`,
      [people.acme, name],
    );

  it.each([
    ["workspace_invitations", invite],
    ["api_keys", makeKey],
  ])("ends later than now: %s", async (table, make) => {
    for (const end of ["now()", "now() - interval '1 second'", "'-infinity'"])
      await expect(make(`past ${end.length}`.replace(" ", "-"), end), end).rejects.toMatchObject({
        code: "KX011",
        message: "is past",
        table,
        column: "expires_at",
      });
    expect(await make("coming", "now() + interval '1 second'")).toEqual([{ n: 1 }]);
  });

  it("may also end never, as a key does", async () => {
    expect(await makeKey("lasting", "null")).toEqual([{ n: 1 }]);
  });
});
