import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let db: TestDatabase;
let people: Cast;
beforeAll(async () => {
  db = await testDatabase();
  people = await cast(db);
});
afterAll(() => db[Symbol.asyncDispose]());

/** In a transaction of the workspace that is undone, with every right: what refuses is no policy. */
async function inWorkspace(run: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = await db.connect();
  try {
    await client.query("begin");
    await client.query("select codex.set_service_context($1)", [people.acme]);
    await run(client);
  } finally {
    await client.end();
  }
}

describe("a number of people", () => {
  it("is fewer than 10^12, whoever writes it", () =>
    inWorkspace(async (client) => {
      const [cohort, campaign] = [randomUUID(), randomUUID()];
      await client.query(
        `insert into codex.cohorts (workspace_id, id, name, size_estimate)
       values ($1, $2, 'Many', 999999999999)`,
        [people.acme, cohort],
      );
      await client.query(
        "insert into codex.campaigns (workspace_id, id, name, owner_id) values ($1, $2, 'Wide', null)",
        [people.acme, campaign],
      );
      await client.query(
        `insert into codex.campaign_cohorts
         (workspace_id, campaign_id, cohort_id, target_count, reached_count)
       values ($1, $2, $3, 999999999999, 999999999999)`,
        [people.acme, campaign, cohort],
      );
      const refused: Readonly<Record<string, string>> = {
        cohorts_size_in_range_check: `update codex.cohorts set size_estimate = size_estimate + 1 where id = '${cohort}'`,
        campaign_cohorts_target_count_in_range_check: `update codex.campaign_cohorts set target_count = target_count + 1 where cohort_id = '${cohort}'`,
        campaign_cohorts_reached_count_in_range_check: `update codex.campaign_cohorts set reached_count = reached_count + 1 where cohort_id = '${cohort}'`,
      };
      await client.query("savepoint whole");
      for (const [constraint, sql] of Object.entries(refused)) {
        await expect(client.query(sql), sql).rejects.toMatchObject({ code: "23514", constraint });
        await client.query("rollback to whole");
      }
    }));
});

describe("points that take nothing back", () => {
  it("read no entry of the ledger, with whatever plan the session keeps", () =>
    inWorkspace(async (client) => {
      // A plan from when the ledger was next to empty.
      await client.query("set local enable_indexscan = off");
      await client.query("set local enable_bitmapscan = off");
      await client.query("set local plan_cache_mode = force_generic_plan");
      const scanned = async (): Promise<number> => {
        const { rows } = await client.query<{ read: string }>(
          `select seq_tup_read as read from pg_stat_xact_user_tables
          where relid = 'codex.points_ledger'::regclass`,
        );
        return Number(rows[0]?.read);
      };
      const give = (reverses: string | null, delta: number, source: string): Promise<unknown> =>
        client.query(
          `insert into codex.points_ledger (workspace_id, user_id, source, delta, reason, reverses_id)
         values ($1, $2, $3, $4, 'Test', $5)`,
          [people.acme, people.cleo.userId, source, delta, reverses],
        );
      for (let n = 0; n < 20; n += 1) await give(null, 5, "adjustment");
      const before = await scanned();
      await give(null, 5, "adjustment");
      expect((await scanned()) - before).toBe(0);
      // One that takes something back looks for it: what was counted is what is meant.
      const { rows } = await client.query<{ id: string }>(
        "select id from codex.points_ledger where workspace_id = $1 and delta = 5 limit 1",
        [people.acme],
      );
      const then = await scanned();
      await give(rows[0]?.id ?? "", -5, "reversal");
      expect((await scanned()) - then).toBeGreaterThan(0);
    }));
});
