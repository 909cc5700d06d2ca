import type { ClaimedExecution, Workspace } from "@codex/sdk";
import fc from "fast-check";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFull } from "./env.ts";
import { makeWorld, newAgent } from "./world.ts";
import type { World } from "./world.ts";

const runs = isFull ? 100 : 15;

type Step =
  | { readonly kind: "start"; readonly attemptsMax: number }
  | { readonly kind: "claim"; readonly max: number; readonly leaseMs: number }
  | { readonly kind: "complete" | "heartbeat"; readonly at: number; readonly used: number }
  | {
      readonly kind: "fail";
      readonly at: number;
      readonly used: number;
      readonly retryable: boolean;
    }
  | { readonly kind: "cancel" | "retry"; readonly at: number }
  | { readonly kind: "reap" | "pause" | "resume" };

const at = fc.nat(20);
const used = fc.nat(1_000);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("start" as const),
      attemptsMax: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("claim" as const),
      max: fc.integer({ min: 1, max: 3 }),
      leaseMs: fc.constantFrom(1, 60_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom("complete" as const, "heartbeat" as const),
      at,
      used,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("fail" as const), at, used, retryable: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("cancel" as const, "retry" as const), at }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("reap" as const, "pause" as const, "resume" as const),
    }),
  },
);

describe("counts and performance", () => {
  let world: World;
  let ws: Workspace;
  beforeAll(async () => {
    world = await makeWorld();
    ws = world.sam.ws;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** One sequence of operations on an agent of its own. What is refused changes nothing, and goes on. */
  class Story {
    readonly agentId: string;
    readonly assignmentId: string;
    readonly #ids: string[] = [];
    readonly #held: ClaimedExecution[] = [];

    constructor(agentId: string, assignmentId: string) {
      this.agentId = agentId;
      this.assignmentId = assignmentId;
    }

    async take(step: Step): Promise<void> {
      const { agentId, assignmentId } = this;
      switch (step.kind) {
        case "start": {
          const { attemptsMax } = step;
          const started = await ws.executions.start({ assignmentId, attemptsMax });
          this.#ids.push(started.execution.id);
          return;
        }
        case "claim": {
          const { max, leaseMs } = step;
          this.#held.push(...(await ws.executions.claim({ agentId, max, leaseMs })));
          return;
        }
        case "complete":
        case "heartbeat":
        case "fail":
          return this.#write(step);
        case "cancel":
        case "retry": {
          const id = this.#ids[step.at % Math.max(1, this.#ids.length)];
          if (id === undefined) return;
          const { id: changed } = await ws.executions[step.kind](id);
          if (changed !== id) this.#ids.push(changed);
          return;
        }
        case "reap":
          await sleep(3);
          await ws.executions.reap();
          return;
        default:
          await ws.assignments[step.kind](assignmentId);
      }
    }

    async #write(step: Extract<Step, { used: number }>): Promise<void> {
      const held = this.#held[step.at % Math.max(1, this.#held.length)];
      if (held === undefined) return;
      const { execution, fencingToken } = held;
      const usage = { inputTokens: step.used, outputTokens: 1, costMicros: step.used * 2 };
      if (step.kind === "heartbeat") await ws.executions.heartbeat(execution.id, fencingToken);
      else if (step.kind === "complete")
        await ws.executions.complete(execution.id, fencingToken, { usage });
      else if (step.kind === "fail") {
        const { retryable } = step;
        const failure = { error: "e", retryable, retryAfterMs: 0, usage };
        await ws.executions.fail(execution.id, fencingToken, failure);
      }
    }
  }

  const makeStory = async (): Promise<Story> => {
    const agentId = await newAgent(world.codex);
    const { id } = await ws.assignments.assign({ agentId, maxConcurrency: 4 });
    return new Story(agentId, id);
  };

  const passes = new Set(["LeaseLost", "IllegalTransition", "Conflict"]);
  const take = async (story: Story, step: Step): Promise<void> => {
    await story.take(step).catch((error: { code?: string }) => {
      if (!passes.has(error.code ?? "")) throw error;
    });
  };

  it(`equal what the executions say, after ${runs} sequences of up to 40 operations`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 10, maxLength: 40 }), async (sequence) => {
        const story = await makeStory();
        for (const step of sequence) await take(story, step);
        await expectTheSame(story);
        expect(story.agentId).not.toBe("");
      }),
      { numRuns: runs, endOnFailure: true },
    );
  }, 900_000);

  it(`equal what the executions say, after ${runs} sequences of which 4 run at once`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 20, maxLength: 60 }), async (sequence) => {
        const story = await makeStory();
        const hands = [0, 1, 2, 3].map(async (hand) => {
          for (const [place, step] of sequence.entries())
            if (place % 4 === hand) await take(story, step);
        });
        await Promise.all(hands);
        await expectTheSame(story);
        expect(story.agentId).not.toBe("");
      }),
      { numRuns: runs, endOnFailure: true },
    );
  }, 900_000);

  it("would differ if something were counted twice", async () => {
    const story = await makeStory();
    await expectTheSame(story);
    await world.db.admin.query(
      `select codex.set_service_context('${world.acme}');
       select codex.add_performance('${world.acme}', '${story.agentId}', '${story.assignmentId}', 'succeeded', 5, 1, 1, 1)`,
    );
    await expect(expectTheSame(story)).rejects.toThrow(/deeply equal/u);
  });

  /** What is stored against what the executions themselves add up to. */
  async function expectTheSame({ agentId, assignmentId }: Story): Promise<void> {
    const ended = `from codex.agent_executions e where e.assignment_id = $1 and e.finished_at is not null`;
    const duration =
      "coalesce(greatest(0, round(1000 * extract(epoch from e.finished_at - e.started_at))), 0)::bigint";
    const sums = await world.db.admin.query(
      `select count(*) filter (where e.status = 'succeeded')::text as completed,
         count(*) filter (where e.status in ('failed', 'timed_out'))::text as failed,
         coalesce(sum(e.input_tokens_count + e.output_tokens_count), 0)::text as tokens,
         coalesce(sum(e.cost_micros), 0)::text as cost ${ended}`,
      [assignmentId],
    );
    const stored = await world.db.admin.query(
      `select tasks_completed_count::text as completed, tasks_failed_count::text as failed,
         tokens_count::text as tokens, cost_micros::text as cost
       from codex.agent_assignments where id = $1`,
      [assignmentId],
    );
    expect(stored.rows).toEqual(sums.rows);
    const hours = await world.db.admin.query(
      `select date_trunc('hour', e.finished_at, 'UTC') as hour,
         count(*) filter (where e.status <> 'cancelled')::text as runs,
         count(*) filter (where e.status = 'succeeded')::text as successes,
         sum(e.input_tokens_count)::text as input, sum(e.output_tokens_count)::text as output,
         sum(e.cost_micros)::text as cost,
         coalesce(sum(${duration}) filter (where e.status <> 'cancelled'), 0)::text as duration,
         (
           select array_agg(coalesce(n.count, 0) order by b)::text
           from generate_series(1, 97) as b
           left join (
             select codex.duration_bucket(${duration}) as bucket, count(*) ${ended}
               and e.status <> 'cancelled' group by 1
           ) n on n.bucket = b
         ) as durations
       ${ended} and (e.status <> 'cancelled'
         or e.input_tokens_count + e.output_tokens_count + e.cost_micros > 0) group by 1 order by 1`,
      [assignmentId],
    );
    const kept = await world.db.admin.query(
      `select hour, execution_count::text as runs, success_count::text as successes,
         input_tokens_count::text as input, output_tokens_count::text as output,
         cost_micros::text as cost, total_duration_ms::text as duration, durations::text
       from codex.agent_performance where agent_id = $1 order by 1`,
      [agentId],
    );
    // A turn of the hour in the middle: the histogram above is of all hours.
    if (hours.rows.length <= 1) expect(kept.rows).toEqual(hours.rows);
    const attempts = await world.db.admin.query(
      `select id from codex.agent_executions where assignment_id = $1
       and (attempts_count <> fencing_token or attempts_count > attempts_max)`,
      [assignmentId],
    );
    expect(attempts.rows).toEqual([]);
  }
});
