import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Person, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertId } from "./support/domain.ts";

let db: TestDatabase;
let people: Cast;
let positioning: string;
let endpoint: string;
beforeAll(async () => {
  db = await testDatabase();
  people = await cast(db);
  positioning = await insertId(
    people.ada,
    "insert into codex.positioning (workspace_id, segment, name) values ($1, 's', 'P') returning id",
  );
  endpoint = await insertId(
    people.ada,
    `insert into codex.webhook_endpoints (workspace_id, url, secret)
     values ($1, 'https://example.org', 'whsec_' || repeat('a', 32)) returning id`,
  );
});
afterAll(() => db[Symbol.asyncDispose]());

const require = (
  person: Person,
  row: readonly [table: string, id: string, version: number],
  workspaceId: string = people.acme,
): Promise<unknown> =>
  person.query("select codex.require_version($1, $2, $3, $4) as ok", [workspaceId, ...row]);

describe("a version that is required", () => {
  const ok = [{ ok: true }];

  it("is the one that the row has, or is refused with that", async () => {
    for (const [table, id] of [
      ["positioning", positioning],
      ["webhook_endpoints", endpoint],
    ] as const) {
      expect(await require(people.ada, [table, id, 1])).toEqual(ok);
      await expect(require(people.ada, [table, id, 2])).rejects.toMatchObject({
        code: "KX017",
        table,
        detail: "1",
      });
    }
  });

  it("of what is not there, or not the caller's to change, is left to the change to refuse", async () => {
    expect(await require(people.ada, ["positioning", randomUUID(), 2])).toEqual(ok);
    expect(await require(people.vic, ["positioning", positioning, 2])).toEqual(ok);
    expect(await require(people.bob, ["positioning", positioning, 2], people.globex)).toEqual(ok);
    await expect(require(people.vic, ["webhook_endpoints", endpoint, 2])).rejects.toMatchObject({
      code: "KX010",
    });
  });

  it("is that of a row of one's own workspace, and of a table that has such functions", async () => {
    const row = ["positioning", positioning, 1] as const;
    await expect(require(people.bob, row)).rejects.toMatchObject({ code: "KX003" });
    await expect(
      require(people.ada, ["user_profiles", people.ada.userId, 1]),
    ).rejects.toMatchObject({ code: "20000" });
  });
});
