import type { Codex, Workspace } from "@codex/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld, newAgent, open } from "./world.ts";
import type { World } from "./world.ts";

const workers = 20;
const executionsCount = 2_000;

describe("claims of many at once", () => {
  let world: World;
  let codex: Codex;
  let ws: Workspace;
  beforeAll(async () => {
    world = await makeWorld();
    codex = open(world.db, { max: workers });
    ws = codex.workspace(world.acme, { userId: world.cleo.userId });
  });
  afterAll(async () => {
    await codex.close();
    await world[Symbol.asyncDispose]();
  });

  const fill = async (agentId: string, maxConcurrency: number, count: number): Promise<string> => {
    const { id } = await world.sam.ws.assignments.assign({ agentId, maxConcurrency });
    await world.db.admin.query(
      `select codex.set_service_context('${world.acme}');
       insert into codex.agent_executions (workspace_id, assignment_id, input)
       select '${world.acme}', '${id}', jsonb_build_object('n', n) from generate_series(1, ${count}) as n`,
    );
    return id;
  };

  it(`give each of ${executionsCount} executions to one of ${workers} workers: none twice, none lost`, async () => {
    const agentId = await newAgent(world.codex);
    const assignmentId = await fill(agentId, 1_000, executionsCount);
    const claims: string[] = [];
    const worker = async (at: number): Promise<void> => {
      for (;;) {
        const claimed = await ws.executions.claim({ agentId, max: 1 + (at % 3) });
        claims.push(...claimed.map(({ execution }) => execution.id));
        for (const { execution, fencingToken } of claimed)
          await ws.executions.complete(execution.id, fencingToken, { usage: { costMicros: 1 } });
        if (claimed.length === 0 && claims.length >= executionsCount) return;
      }
    };
    await Promise.all(Array.from({ length: workers }, (_, at) => worker(at)));
    expect(claims).toHaveLength(executionsCount);
    expect(new Set(claims).size).toBe(executionsCount);
    expect(await ws.assignments.get(assignmentId)).toMatchObject({
      completed: executionsCount,
      costMicros: executionsCount,
    });
    const window = { from: new Date(Date.now() - 7_200_000) };
    const [summary] = await ws.performance.summary({ agentId, window });
    expect(summary).toMatchObject({ runs: executionsCount, successRate: 1 });
  });

  it(`keep to the concurrency of the assignment: ${workers} workers, 4 lanes, 200 executions`, async () => {
    const agentId = await newAgent(world.codex);
    const assignmentId = await fill(agentId, 4, 200);
    let done = 0;
    let most = 0;
    const worker = async (): Promise<void> => {
      while (done < 200) {
        for (const { execution, fencingToken } of await ws.executions.claim({ agentId, max: 2 })) {
          await ws.executions.complete(execution.id, fencingToken);
          done += 1;
        }
      }
    };
    const look = async (): Promise<void> => {
      for (let left = true; left; left = done < 200) {
        const { rows } = await world.db.admin.query<{ n: number }>(
          "select count(*)::integer as n from codex.agent_executions where assignment_id = $1 and status = 'running'",
          [assignmentId],
        );
        most = Math.max(most, rows[0]?.n ?? 0);
      }
    };
    await Promise.all([look(), ...Array.from({ length: workers }, worker)]);
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(1);
  });

  it("take back what fell silent once, by 8 who reap 200 of it at once, and lose none", async () => {
    const agentId = await newAgent(world.codex);
    const assignmentId = await fill(agentId, 1_000, 200);
    await Promise.all([1, 2].map(() => ws.executions.claim({ agentId, max: 100, leaseMs: 1 })));
    const reaped = await Promise.all(
      Array.from({ length: 8 }, () => ws.executions.reap({ limit: 60 })),
    );
    const ids = reaped.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (let more = 1; more > 0;) more = (await ws.executions.reap()).length;
    const waiting = await Array.fromAsync(
      ws.executions.list({ first: 200, filter: { assignmentId, status: "queued" } }),
    );
    expect(waiting).toHaveLength(200);
    expect(new Set(waiting.map(({ attempts }) => attempts))).toEqual(new Set([1]));
  });
});
