import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrationFiles } from "./support/files.ts";

describe("the counts of a workspace's members", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  /** As the counts say, and as the members say. */
  const counts = async (workspaceId: string): Promise<[number, number]> => {
    const { rows } = await db.admin.query<{ counted: number; there: number }>(
      `select (select sum(members)::integer from codex.member_counts where workspace_id = $1) as counted,
         (select count(*)::integer from codex.user_workspaces
           where workspace_id = $1 and removed_at is null) as there`,
      [workspaceId],
    );
    return [rows[0]?.counted ?? 0, rows[0]?.there ?? 0];
  };
  const join = (count: number): Promise<unknown> =>
    people.service.tx(people.acme, (client) =>
      client.query(
        `with people as (
           insert into codex.user_profiles (issuer, subject)
           select 'https://counts.test', gen_random_uuid() from generate_series(1, $2) returning id
         )
         insert into codex.user_workspaces (workspace_id, user_id, role)
         select $1, id, 'viewer' from people`,
        [people.acme, count],
      ),
    );
  const setRemoved = (removedAt: Date | null): Promise<unknown> =>
    people.ada.query(
      "update codex.user_workspaces set removed_at = $2 where workspace_id = $1 and user_id = $3",
      [people.acme, removedAt, people.vic.userId],
    );

  it("follow who joins, leaves, comes back and is removed twice", async () => {
    expect(await counts(people.acme)).toEqual([5, 5]);
    expect(await counts(people.globex)).toEqual([1, 1]);
    await setRemoved(new Date());
    expect(await counts(people.acme)).toEqual([4, 4]);
    await setRemoved(new Date(0));
    expect(await counts(people.acme)).toEqual([4, 4]);
    await setRemoved(null);
    expect(await counts(people.acme)).toEqual([5, 5]);
    const client = await db.connect();
    await client.query("select set_config('codex.workspace_id', $1, false)", [people.acme]);
    await client.query("begin");
    await client.query(
      "delete from codex.user_workspaces where workspace_id = $1 and user_id = $2",
      [people.acme, people.ann.userId],
    );
    const { rows } = await client.query(
      "select sum(members)::integer from codex.member_counts where workspace_id = $1",
      [people.acme],
    );
    expect(rows).toEqual([{ sum: 4 }]);
    await client.query("rollback");
  });

  it("are right when many join at the same moment, and when one of them thinks better of it", async () => {
    const [before] = await counts(people.acme);
    const undone = people.service.tx(people.acme, async (client) => {
      await client.query(
        "update codex.user_workspaces set removed_at = now() where role = 'viewer'",
      );
      throw new Error("no");
    });
    await Promise.allSettled([undone, ...Array.from({ length: 8 }, () => join(20))]);
    expect(await counts(people.acme)).toEqual([before + 160, before + 160]);
  });

  it("are written by nobody", async () => {
    for (const change of ["set members = 9", "set slot = 9"])
      for (const actor of [
        people.ada,
        { query: (sql: string) => people.service.query(people.acme, sql) },
      ])
        await expect(actor.query(`update codex.member_counts ${change}`)).rejects.toMatchObject({
          code: "42501",
        });
    const [counted, there] = await counts(people.acme);
    expect(counted).toBe(there);
  });

  it("are made for who was there before, and made right when the file runs again", async () => {
    const file = (await migrationFiles()).find(({ version }) => version === 31);
    if (file === undefined) throw new Error("no migration 031");
    const client = await db.connect();
    await client.query("set session_replication_role = replica");
    await client.query("delete from codex.member_counts where slot < 16");
    await client.query("update codex.member_counts set members = members + 7 where slot >= 16");
    await client.query("set session_replication_role = origin");
    const [counted, there] = await counts(people.acme);
    expect(counted).not.toBe(there);
    // A count that the members do not explain goes with nobody's rollback; the counts themselves do.
    await client.query("set role codex_owner");
    await expect(client.query(file.down)).rejects.toMatchObject({ code: "KX009" });
    await client.query(file.up);
    expect(await counts(people.acme)).toEqual([there, there]);
    expect(await counts(people.globex)).toEqual([1, 1]);
    await client.query("begin");
    await client.query(file.down);
    await client.query("rollback");
  });

  it("decide what goes to everyone, and are no more than a hint where they are wrong", async () => {
    const send = (): Promise<unknown[]> =>
      people.cleo.query(
        `select accepted, announced from codex.send_notification($1, gen_random_uuid(), null,
           '{"type": "message", "title": "N"}')`,
        [people.acme],
      );
    const [, there] = await counts(people.acme);
    expect(await send()).toEqual([{ accepted: there, announced: false }]);
    await join(10_001 - there);
    expect(await counts(people.acme)).toEqual([10_001, 10_001]);
    expect(await send()).toEqual([{ accepted: 10_001, announced: true }]);
    const client = await db.connect();
    await client.query("set session_replication_role = replica");
    await client.query("delete from codex.member_counts where workspace_id = $1", [people.acme]);
    expect(await send()).toEqual([{ accepted: 10_001, announced: true }]);
  });

  it("go with the workspace", async () => {
    await people.service.tx(people.globex, (client) =>
      client.query("select codex.purge_workspace($1)", [people.globex]),
    );
    expect(await counts(people.globex)).toEqual([0, 0]);
  });
});
