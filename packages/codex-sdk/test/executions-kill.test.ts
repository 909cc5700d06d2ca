import type { Workspace } from "@codex/sdk";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFull } from "./env.ts";
import type { WorkerOrders } from "./worker-program.ts";
import { makeWorld, newAgent } from "./world.ts";
import type { World } from "./world.ts";

const kills = isFull ? 100 : 12;
const executionsCount = isFull ? 600 : 120;

/** A worker as a process of its own, and what it has said. */
class Worker implements AsyncDisposable {
  readonly child: ChildProcess;
  lines: string[] = [];

  constructor(orders: WorkerOrders) {
    const program = join(import.meta.dirname, "worker-program.ts");
    this.child = spawn(process.execPath, [program, JSON.stringify(orders)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.child.stdout?.on("data", (part) => {
      this.lines.push(...String(part).split("\n").filter(Boolean));
    });
  }

  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const line = this.lines.find((one) => pattern.test(one));
      if (line !== undefined) return line;
      if (this.child.exitCode !== null) throw new Error("the worker is gone");
      await sleep(5);
    }
  }

  async kill(): Promise<void> {
    const gone = new Promise<void>((done) => this.child.once("exit", () => done()));
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await gone;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

describe("workers that are killed and stopped", () => {
  let world: World;
  let ws: Workspace;
  beforeAll(async () => {
    world = await makeWorld();
    ws = world.cleo.ws;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const assigned = async (count: number, attemptsMax: number): Promise<[string, string]> => {
    const agentId = await newAgent(world.codex);
    const { id } = await world.sam.ws.assignments.assign({ agentId, maxConcurrency: 100 });
    const input = { assignmentId: id, attemptsMax };
    await Promise.all(Array.from({ length: count }, () => ws.executions.start(input)));
    return [agentId, id];
  };
  const orders = (agentId: string, more: Partial<WorkerOrders> = {}): WorkerOrders => ({
    url: world.db.url("codex_api"),
    workspaceId: world.acme,
    userId: world.cleo.userId,
    agentId,
    instance: "w",
    leaseMs: 400,
    workMs: 30,
    ...more,
  });

  it(`lose nothing and do nothing twice: ${kills} SIGKILLs over ${executionsCount} executions`, async () => {
    const [agentId, assignmentId] = await assigned(executionsCount, 20);
    const workers = Array.from(
      { length: 4 },
      (_, n) => new Worker(orders(agentId, { instance: `w${n}` })),
    );
    let killed = 0;
    const left = async (): Promise<number> => {
      const { rows } = await world.db.admin.query<{ left: number }>(
        "select count(*)::integer as left from codex.agent_executions where assignment_id = $1 and finished_at is null",
        [assignmentId],
      );
      return rows[0]?.left ?? 0;
    };
    try {
      while ((await left()) > 0) {
        await ws.executions.reap();
        const at = Math.floor(Math.random() * workers.length);
        await sleep(40 * Math.random());
        // In the middle of something: it has claimed, and not said that it is done with all of it.
        if (killed < kills && workers[at]?.lines.at(-1)?.startsWith("claimed") === true) {
          await workers[at].kill();
          workers[at] = new Worker(orders(agentId, { instance: `w${at}` }));
          killed += 1;
        }
      }
    } finally {
      await Promise.all(workers.map((worker) => worker.kill()));
    }
    expect(killed).toBeGreaterThan(kills / 4);
    await expectOnce(assignmentId, executionsCount);
    process.stdout.write(`${executionsCount} executions, ${killed} workers killed\n`);
  }, 900_000);

  it("cannot write after a pause in which somebody else took over (SIGSTOP)", async () => {
    const [agentId, assignmentId] = await assigned(1, 3);
    await using paused = new Worker(orders(agentId, { leaseMs: 50, workMs: 600 }));
    const [, id = "", token = ""] = (await paused.said(/^claimed/u)).split(" ");
    paused.child.kill("SIGSTOP");
    // Its lease lapses, the execution is queued again and somebody else completes it.
    for (let reaped = false; !reaped; await sleep(10))
      reaped = (await ws.executions.reap()).some((one) => one.id === id);
    const [taken] = await ws.executions.claim({ agentId });
    expect(taken?.execution.id).toBe(id);
    expect(taken?.fencingToken).toBeGreaterThan(Number(token));
    paused.child.kill("SIGCONT");
    expect(await paused.said(/^(?:completed|LeaseLost)/u)).toBe(`LeaseLost ${id} ${token}`);
    expect(await ws.executions.get(id)).toMatchObject({ status: "running", output: null });
    await ws.executions.complete(id, taken?.fencingToken ?? 0, { output: { by: "me" } });
    expect(await ws.executions.get(id)).toMatchObject({ output: { by: "me" } });
    await expectOnce(assignmentId, 1);
  });

  /** Each execution ended once: by its state, by its events, and in what was counted. */
  async function expectOnce(assignmentId: string, count: number): Promise<void> {
    const { rows } = await world.db.admin.query(
      `select count(*)::integer as executions,
         count(*) filter (where e.status = 'succeeded')::integer as succeeded,
         sum(e.input_tokens_count)::integer as tokens,
         max(endings.count)::integer as "mostEndings", min(endings.count)::integer as "leastEndings"
       from codex.agent_executions e
       cross join lateral (
         select count(*) from codex.outbox_events o
         where o.workspace_id = e.workspace_id and o.entity_id = e.id
           and o.payload ->> 'status' in ('succeeded', 'failed', 'cancelled', 'timed_out')
       ) endings
       where e.assignment_id = $1`,
      [assignmentId],
    );
    const tokens = rows[0]?.["tokens"] as number;
    expect(rows).toEqual([
      { executions: count, succeeded: count, tokens, mostEndings: 1, leastEndings: 1 },
    ]);
    const assignment = await ws.assignments.get(assignmentId);
    expect([assignment.completed, assignment.failed]).toEqual([count, 0]);
  }
});
