import { afterAll, beforeAll, expect, test } from "vitest";
import { cast } from "./cast.ts";
import type { Cast } from "./cast.ts";
import type { TestDatabase } from "./database.ts";
import { testDatabase } from "./test-database.ts";

let db: TestDatabase;
let people: Cast;
beforeAll(async () => {
  db = await testDatabase();
  people = await cast(db);
});
afterAll(() => db[Symbol.asyncDispose]());

const members = "select display_name, role from codex.user_workspaces order by display_name";

test("acme has five people, one for each role", async () => {
  expect(await people.vic.query(members)).toEqual([
    { display_name: "Ada", role: "owner" },
    { display_name: "Ann", role: "analyst" },
    { display_name: "Cleo", role: "creator" },
    { display_name: "Sam", role: "strategist" },
    { display_name: "Vic", role: "viewer" },
  ]);
});

test("bob sees globex only", async () => {
  expect(await people.bob.query(members)).toEqual([{ display_name: "Bob", role: "owner" }]);
  expect(await people.service.query(people.acme, members)).toHaveLength(5);
});

test("each person acts in their own name, as codex_app", async () => {
  for (const person of [people.ada, people.sam, people.cleo, people.ann, people.vic, people.bob]) {
    const [row] = await person.query(
      `select codex.current_user_id() as "userId", codex.current_workspace_id() as "workspaceId",
        pg_has_role('codex_app', 'usage') as "isApp", pg_has_role('codex_service', 'usage') as "isService"`,
    );
    expect(row).toEqual({
      userId: person.userId,
      workspaceId: person.workspaceId,
      isApp: true,
      isService: false,
    });
  }
});

test("a transaction that throws leaves nothing, and the next one works", async () => {
  const rename = "update codex.user_workspaces set display_name = 'Vicky' where user_id = $1";
  await expect(
    people.vic.tx(async (client) => {
      expect((await client.query(rename, [people.vic.userId])).rowCount).toBe(1);
      throw new Error("changed my mind");
    }),
  ).rejects.toThrow("changed my mind");
  expect(await people.vic.query(members)).toContainEqual({ display_name: "Vic", role: "viewer" });
});

test("a context does not outlive its transaction", async () => {
  await people.ada.query("select 1");
  const client = await db.begin("codex_app");
  await expect(client.query("select from codex.user_workspaces")).rejects.toMatchObject({
    code: "KX001",
  });
  await client.query("rollback");
  client.release();
});

test("a second cast of the same database has people and workspaces of its own", async () => {
  const again = await cast(db);
  expect(again.acme).not.toBe(people.acme);
  expect(again.ada.userId).not.toBe(people.ada.userId);
  expect(await again.vic.query(members)).toHaveLength(5);
});
