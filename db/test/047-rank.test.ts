import { canMakeDatabases, cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import type pg from "pg";
import { describe, expect, it } from "vitest";
import { oneRow } from "./support/domain.ts";
import { migrationFiles } from "./support/files.ts";

describe.runIf(canMakeDatabases())("the counters of a board", () => {
  it("count everybody on it, as they come, earn, hide, come back and lose", async () => {
    await using db = await testDatabase();
    const people = await cast(db);
    const { ann, vic } = people;
    await adjust(people, ann.userId, 5);
    await adjust(people, vic.userId, 5_000);
    expect(await everybody(people)).toEqual({ counted: "2", rows: "2" });
    // From one band to another at every width but the widest.
    await adjust(people, ann.userId, 300_000);
    await ann.query("select codex.set_visibility($1, 'private')", [people.acme]);
    expect(await everybody(people)).toEqual({ counted: "1", rows: "1" });
    await ann.query("select codex.set_visibility($1, 'members')", [people.acme]);
    // What is taken away by hand was earned all the same; what is undone was not.
    await adjust(people, vic.userId, -5_000);
    expect(await everybody(people)).toEqual({ counted: "2", rows: "2" });
    const undone = "update codex.leaderboard_scores set score = 0 where user_id = $1";
    await bend(db, people, undone, [vic.userId]);
    expect(await everybody(people)).toEqual({ counted: "1", rows: "1" });
    await bend(db, people, "delete from codex.leaderboard_scores where user_id = $1", [ann.userId]);
    expect(await everybody(people)).toEqual({ counted: "0", rows: "0" });
  });

  it("are read in a row for each slot and width", async () => {
    await using db = await testDatabase();
    const people = await cast(db);
    await adjust(people, people.vic.userId, 5);
    // Two widths, 32 slots each: a board on which every counter of a low score is used.
    await bend(
      db,
      people,
      `insert into codex.leaderboard_buckets (workspace_id, board, level, band, slot, members)
       select $1, 'all', level, band, slot, array_fill(1, array[64])
       from generate_series(1, 2) as level, generate_series(0, 9) as band, generate_series(0, 31) as slot
       on conflict do nothing`,
      [people.acme],
    );
    const read = (sql: string): Promise<number> =>
      rowsReadBy(db, people, "leaderboard_buckets", async (query) => {
        await query(sql, [people.acme]);
      });
    expect(await read("select codex.members_above($1, 'all', 0)")).toBe(1);
    expect(await read("select codex.members_at($1, 'all', 70)")).toBe(32);
    expect(await read("select codex.members_above($1, 'all', 70)")).toBe(2 * 32 + 1);
  });

  it("are counted for the boards that were there before, once, and go with the way back", async () => {
    await using db = await testDatabase({ own: true });
    const file = (await migrationFiles()).find(({ version }) => version === 47);
    const owner = await db.connect();
    const run = (sql = ""): Promise<unknown> =>
      owner.query(`begin; set local role codex_owner; ${sql}; commit`);
    await run(file?.down);
    const people = await cast(db);
    const scores = { [people.ann.userId]: 5, [people.vic.userId]: 64, [people.cleo.userId]: 9_000 };
    for (const [userId, points] of Object.entries(scores)) await adjust(people, userId, points);
    await people.cleo.query("select codex.set_visibility($1, 'private')", [people.acme]);
    const counted = (): Promise<unknown> =>
      people.service.query(
        people.acme,
        `select board, level, band, slot, members::text from codex.leaderboard_buckets
         where workspace_id = $1 and members::text <> '0' order by 1, 2, 3, 4`,
        [people.acme],
      );
    const before = await counted();
    for (let time = 0; time < 2; time += 1) {
      await run(file?.up);
      expect(await everybody(people)).toEqual({ counted: "2", rows: "2" });
    }
    const packed = await counted();
    expect(packed).toContainEqual(
      expect.objectContaining({ board: "all", level: 1, band: "1", members: "{1}" }),
    );
    await run(file?.down);
    expect(await counted()).toEqual(before);
    await run(file?.down);
    await run(file?.up);
    expect(await counted()).toEqual(packed);
    await bend(db, people, "update codex.leaderboard_buckets set members = '{7}'", []);
    await expect(run(file?.down)).rejects.toMatchObject({ code: "KX009" });
    await owner.query("rollback");
    expect(await counted()).not.toEqual(before);
    await owner.end();
  });
});

async function adjust(people: Cast, userId: string, delta: number): Promise<void> {
  await people.sam.query("select codex.adjust_points($1, $2, $3, 'r')", [
    people.acme,
    userId,
    delta,
  ]);
}

/** How many the counters say, and how many there are; nothing else of the figures may be bent. */
async function everybody(people: Cast): Promise<unknown> {
  return oneRow(
    people.ada,
    `select codex.members_above($1, 'all', 0) as counted,
       (select count(*) from codex.leaderboard_scores
        where workspace_id = $1 and board = 'all' and visible and score > 0) as rows
     from codex.reconcile_points($1)
     where not exists (
       select from jsonb_array_elements(drift) as line where line ->> 'figure' like 'bucket %')`,
    [people.acme],
  );
}

/** As the owner of the tables, with triggers. */
async function bend(
  db: TestDatabase,
  people: Cast,
  sql: string,
  values: readonly unknown[],
): Promise<void> {
  const client = await db.connect();
  await client.query("select set_config('codex.workspace_id', $1, false)", [people.acme]);
  await client.query(sql, [...values]);
  await client.end();
}

/** Rows of a table that a member reads in one transaction, whatever of them they are shown. */
async function rowsReadBy(
  db: TestDatabase,
  { acme, vic }: Cast,
  table: string,
  work: (query: pg.Client["query"]) => Promise<void>,
): Promise<number> {
  const client = await db.connect();
  await client.query("begin; set local role codex_app");
  await client.query("select codex.set_context($1, $2)", [acme, vic.userId]);
  await work(client.query.bind(client));
  const { rows } = await client.query<{ read: number }>(
    `select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer as read
     from pg_stat_xact_user_tables where schemaname = 'codex' and relname = $1`,
    [table],
  );
  await client.query("rollback");
  await client.end();
  return rows[0]?.read ?? 0;
}
