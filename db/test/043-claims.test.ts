import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Row, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

let db: TestDatabase;
let people: Cast;
let agent: string;
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  people = await cast(db);
  agent = randomUUID();
  await fill(
    `insert into codex.agent_registry (id, name, agent_type, guild, status)
     values ($1::uuid, $1::text, 'lord', 'council_of_lords', 'active')`,
    [agent],
  );
});
afterAll(() => db[Symbol.asyncDispose]());

/** Many rows at once, without the triggers that would make them one by one. */
async function fill(sql: string, params: readonly unknown[]): Promise<void> {
  const client = await db.connect();
  await client.query("set session_replication_role = replica");
  await client.query(sql, [...params]);
  await client.end();
}

async function assign(
  lanes: number,
  { priority = "normal", queued = 3 }: { priority?: string; queued?: number } = {},
): Promise<string> {
  const id = randomUUID();
  await fill(
    `insert into codex.agent_assignments (workspace_id, id, agent_id, campaign_id, max_concurrency)
     values ($1, $2, $3, $2, $4)`,
    [people.acme, id, agent, lanes],
  );
  await fill(
    `insert into codex.agent_executions (workspace_id, assignment_id, priority)
     select $1, $2, $3 from generate_series(1, $4::integer)`,
    [people.acme, id, priority, queued],
  );
  return id;
}

/** Lanes from `first` on, every second one, as they lie when many come and go. */
const run = (assignment: string, running: number, first = 1): Promise<void> =>
  fill(
    `insert into codex.agent_executions (workspace_id, assignment_id, status, lane, started_at,
       attempts_count, fencing_token, lease_ms, lease_expires_at, heartbeat_at)
     select $1, $2, 'running', $4::integer + 2 * n, now(), 1, 1, 60000, now() + interval '1 minute', now()
     from generate_series(0, $3::integer - 1) as n
     on conflict do nothing`,
    [people.acme, assignment, running, first],
  );

interface Plan {
  readonly "Actual Rows": number;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
}

/** Pages that a claim looks at: the middle one of many, since each tries its lanes at random. */
async function pages(): Promise<number> {
  const found: number[] = [];
  for (let n = 0; n < 31; n += 1) {
    const [row] = await people.service.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
      people.acme,
      `explain (analyze, buffers, timing off, format json)
       select from codex.claim_executions($1, $2, 1, 60000)`,
      [people.acme, agent],
    );
    const plan = row?.["QUERY PLAN"][0].Plan;
    expect(plan?.["Actual Rows"]).toBe(1);
    // The first ones make their plans.
    if (plan && n > 9) found.push(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]);
  }
  return found.toSorted((one, other) => one - other)[found.length >> 1] ?? 0;
}

const claim = (max: number): Promise<Row[]> =>
  people.service.query(
    people.acme,
    "select assignment_id, lane from codex.claim_executions($1, $2, $3, 60000)",
    [people.acme, agent, max],
  );

describe("a claim", () => {
  it.each(["before", "after"])(
    "looks at no more pages with 1,000 running than with 10, the table being analyzed %s them",
    async (moment) => {
      const assignments = [await assign(1_000, { queued: 100 }), await assign(1_000)];
      for (const id of assignments) await run(id, 5);
      // A table of three pages is read from its beginning to its end.
      await assign(1, { priority: "low", queued: 3_000 });
      await db.admin.query("vacuum analyze codex.agent_executions");
      const few = await pages();
      for (const id of assignments) await run(id, 495, 11);
      if (moment === "after") await db.admin.query("analyze codex.agent_executions");
      // Lanes that are tried in vain and a deeper index are dozens, to look at what runs would be a thousand.
      expect(await pages()).toBeLessThan(few + 100);
    },
  );

  it("passes a hundred assignments whose lanes are all taken in one look at them", async () => {
    await Promise.all(
      Array.from({ length: 100 }, async () => run(await assign(1, { priority: "critical" }), 1)),
    );
    const free = await assign(32, { queued: 32 });
    await db.admin.query("vacuum analyze codex.agent_executions");
    // One by one, each with a look at all the others, they are 50 times as many.
    expect(await pages()).toBeLessThan(100 * 20);
    expect(await claim(10)).toMatchObject([{ assignment_id: free }]);
    expect(await claim(10)).toEqual([]);
  });

  it("takes the one lane that is left of 1,000", async () => {
    const id = await assign(1_000);
    await run(id, 500);
    await run(id, 499, 2);
    expect(await claim(10)).toEqual([{ assignment_id: id, lane: 1_000 }]);
    expect(await claim(10)).toEqual([]);
  });

  it("waits while as many run in lanes that the assignment no longer has", async () => {
    const id = await assign(2);
    await run(id, 2, 7);
    expect(await claim(10)).toEqual([]);
    await fill(
      "update codex.agent_assignments set max_concurrency = 3 where workspace_id = $1 and id = $2",
      [people.acme, id],
    );
    expect(await claim(1)).toHaveLength(1);
    expect(await claim(1)).toEqual([]);
  });
});
