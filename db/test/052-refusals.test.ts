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

describe("rows that are required", () => {
  const ask = (found: number, least: number): Promise<unknown> =>
    people.vic.query("select codex.require_rows($1, $2) as ok", [found, least]);

  it("are as many or more", async () => {
    for (const found of [2, 3]) expect(await ask(found, 2)).toEqual([{ ok: true }]);
    for (const found of [0, 1])
      await expect(ask(found, 2)).rejects.toMatchObject({ code: "KX018" });
  });

  it("are asked for also where there are none, and come as they are", async () => {
    const guarded = (at: number): Promise<unknown> =>
      people.vic.query(
        `with found as (select n as one, -n as one from generate_series(1, 5) n where n > $1), enough as materialized (
           select codex.require_rows(count(*), 1) as ok from found
         ) select found.* from enough left join found on enough.ok`,
        [at],
      );
    await expect(guarded(5)).rejects.toMatchObject({ code: "KX018" });
    expect(await guarded(3)).toHaveLength(2);
  });
});
