import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import fc from "fast-check";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertId, oneRow, outcomes } from "./support/domain.ts";

describe("agents", () => {
  let db: TestDatabase;
  let people: Cast;
  let agentId: string;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
    const [row] = await people.service.query<{ id: string }>(
      people.acme,
      `insert into codex.agent_registry (name, guild, agent_type, status, system_prompt)
       values ($1, 'research', 'researcher', 'active', 'secret') returning id`,
      [randomUUID()],
    );
    agentId = row?.id ?? "";
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const assign = (campaignId: string | null = null) =>
    insertId(
      people.sam,
      "insert into codex.agent_assignments (workspace_id, agent_id, campaign_id) values ($1, $2, $3) returning id",
      [agentId, campaignId],
    );

  it("may be read and not edited by members, and prompts are the service's alone", async () => {
    expect(
      await people.vic.query("select name from codex.agent_registry where id = $1", [agentId]),
    ).toHaveLength(1);
    await expect(
      people.ada.query("update codex.agent_registry set name = 'mine'"),
    ).rejects.toMatchObject({ code: "42501" });
    await expect(
      people.ada.query("select system_prompt from codex.agent_registry"),
    ).rejects.toMatchObject({ code: "42501" });
    expect(
      await people.service.query(
        people.acme,
        "select system_prompt from codex.agent_registry where id = $1",
        [agentId],
      ),
    ).toEqual([{ system_prompt: "secret" }]);
  });

  it("is assigned once where there is no campaign, to 8 callers at once", async () => {
    const { done, codes } = await outcomes(Array.from({ length: 8 }, () => assign()));
    expect([done, new Set(codes)]).toEqual([1, new Set(["23505"])]);
  });

  it("costs once, on one assignment, and its durations are kept", async () => {
    const campaignId = await insertId(
      people.cleo,
      "insert into codex.campaigns (workspace_id, name) values ($1, 'C') returning id",
    );
    const other = await assign(campaignId);
    const record = (assignmentId: string | null, durationMs = 1_000) =>
      people.sam.query("select codex.record_agent_execution($1, $2, $3, 10, 20, 500, true, $4)", [
        people.acme,
        agentId,
        durationMs,
        assignmentId,
      ]);
    await expect(record(null)).rejects.toMatchObject({ code: "KX011" });
    await Promise.all(Array.from({ length: 10 }, () => record(other)));
    const costs = await people.vic.query<{ cost_micros: string }>(
      "select cost_micros, tokens_count from codex.agent_assignments where agent_id = $1 order by cost_micros",
      [agentId],
    );
    expect(costs).toEqual([
      { cost_micros: "0", tokens_count: "0" },
      { cost_micros: "5000", tokens_count: "300" },
    ]);
    const hours = await people.vic.query<{ total: string; executions: string; median: string }>(
      `select sum(total_duration_ms) as total, sum(execution_count) as executions,
         max(codex.duration_quantile(durations, 0.5)) as median
       from codex.agent_performance where agent_id = $1`,
      [agentId],
    );
    expect(hours[0]).toMatchObject({ total: "10000", executions: "10" });
    expect(Math.abs(Number(hours[0]?.median) / 1_000 - 1)).toBeLessThan(0.091);
  });

  it.each([
    [-1, 0, 0, 0],
    [0, null, 0, 0],
  ])("refuses an execution of %s ms, %s and %s tokens, %s micros", async (...figures) => {
    await expect(
      people.sam.query("select codex.record_agent_execution($1, $2, $3, $4, $5, $6, true)", [
        people.acme,
        agentId,
        ...figures,
      ]),
    ).rejects.toMatchObject({ code: "KX011" });
  });

  it("reads quantiles within 9.1 % of the exact ones", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 2, max: 10_000_000 }), { minLength: 1, maxLength: 40 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        async (durations, quantile) => {
          const { estimate } = await oneRow<{ estimate: string }>(
            people.vic,
            `select codex.duration_quantile(array(
               select count(d) from generate_series(1, 97) as b
               left join unnest($1::bigint[]) as d on codex.duration_bucket(d) = b group by b order by b), $2) as estimate`,
            [durations, quantile],
          );
          const exact =
            durations.toSorted((a, b) => a - b)[Math.ceil(quantile * durations.length) - 1] ?? 0;
          expect(Math.abs(Math.log2(Number(estimate) / exact))).toBeLessThanOrEqual(1 / 8 + 1e-3);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("never lets a fencing token go back, and a lease moves no version", async () => {
    const [row] = await people.service.query<{ id: string; version: number }>(
      people.acme,
      `update codex.agent_assignments set holder = 'w1', fencing_token = 7, lease_expires_at = now() + interval '1 minute'
       where campaign_id is null and agent_id = $1 returning id, version`,
      [agentId],
    );
    expect(row?.version).toBe(1);
    for (const change of ["fencing_token = 6", "holder = 'w2'"]) {
      await expect(
        people.service.query(
          people.acme,
          `update codex.agent_assignments set ${change} where id = $1`,
          [row?.id],
        ),
      ).rejects.toMatchObject({ code: "KX012" });
    }
  });
});
