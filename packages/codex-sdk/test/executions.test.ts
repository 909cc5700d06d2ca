import { isCodexError } from "@codex/sdk";
import type { ClaimedExecution, Workspace } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld, newAgent } from "./world.ts";
import type { World } from "./world.ts";

describe("executions", () => {
  let world: World;
  let ws: Workspace;
  beforeAll(async () => {
    world = await makeWorld();
    ws = world.cleo.ws;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const assigned = async (
    maxConcurrency = 5,
  ): Promise<{ agentId: string; assignmentId: string }> => {
    const agentId = await newAgent(world.codex);
    const { id } = await world.sam.ws.assignments.assign({ agentId, maxConcurrency });
    return { agentId, assignmentId: id };
  };
  const claimOne = async (agentId: string, leaseMs = 30_000): Promise<ClaimedExecution> => {
    const [claimed] = await ws.executions.claim({ agentId, leaseMs });
    if (claimed === undefined) throw new Error("nothing to claim");
    return claimed;
  };

  it("go from the queue through a worker to what came out, and are counted", async () => {
    const { agentId, assignmentId } = await assigned();
    const { execution, outcome } = await ws.executions.start({
      assignmentId,
      input: { topic: "pricing" },
      priority: "high",
    });
    expect([outcome, execution.status, execution.agentId]).toEqual(["started", "queued", agentId]);
    const { execution: held, fencingToken } = await claimOne(agentId);
    expect(held).toMatchObject({ id: execution.id, status: "running", attempts: 1 });
    const lease = await ws.executions.heartbeat(held.id, fencingToken);
    expect(lease.cancelRequested).toBe(false);
    expect(lease.expiresAt.getTime()).toBeGreaterThanOrEqual(held.leaseExpiresAt?.getTime() ?? 0);
    const usage = { inputTokens: 10, outputTokens: 20, costMicros: 30 };
    const done = await ws.executions.complete(held.id, fencingToken, {
      output: { answer: 42 },
      usage,
    });
    expect(done).toMatchObject({ status: "succeeded", output: { answer: 42 }, usage });
    expect(await ws.assignments.get(assignmentId)).toMatchObject({
      completed: 1,
      failed: 0,
      tokens: 30,
      costMicros: 30,
    });
    const [summary] = await ws.performance.summary({
      agentId,
      window: { from: new Date(Date.now() - 7_200_000) },
      by: "agent",
    });
    expect(summary).toMatchObject({
      agentId,
      runs: 1,
      successRate: 1,
      tokens: { input: 10, output: 20 },
      costMicros: 30,
    });
    expect(summary?.successLow).toBeLessThan(0.3);
  });

  it("refuse a worker that was overtaken: LeaseLost, and nothing of it is written", async () => {
    const { agentId, assignmentId } = await assigned();
    await ws.executions.start({ assignmentId });
    const paused = await claimOne(agentId, 1);
    const { id } = paused.execution;
    await sleep(10);
    expect(await ws.executions.reap()).toContainEqual({ id, status: "queued" });
    const next = await claimOne(agentId);
    expect(next.fencingToken).toBeGreaterThan(paused.fencingToken);
    const before = await ws.executions.get(id);
    for (const write of [
      () => ws.executions.heartbeat(id, paused.fencingToken),
      () => ws.executions.complete(id, paused.fencingToken, { output: { late: true } }),
      () => ws.executions.fail(id, paused.fencingToken, { error: "late" }),
    ])
      await expect(write()).rejects.toMatchObject({ code: "LeaseLost" });
    expect(await ws.executions.get(id)).toEqual(before);
    await ws.executions.complete(id, next.fencingToken);
  });

  it("are tried again after a failure that is retryable, and end with one that is not", async () => {
    const { agentId, assignmentId } = await assigned();
    const { execution } = await ws.executions.start({ assignmentId, attemptsMax: 3 });
    const first = await claimOne(agentId);
    const usage = { costMicros: 7 };
    const failure = { error: "busy", retryable: true, retryAfterMs: 0, usage };
    const again = await ws.executions.fail(execution.id, first.fencingToken, failure);
    expect(again).toMatchObject({ status: "queued", error: "busy", attempts: 1 });
    const second = await claimOne(agentId);
    const waiting = { error: "busy", retryable: true };
    const later = await ws.executions.fail(execution.id, second.fencingToken, waiting);
    expect(later.availableAt.getTime()).toBeGreaterThan(Date.now() + 500);
    expect(await ws.executions.claim({ agentId })).toEqual([]);
    const { execution: other } = await ws.executions.start({ assignmentId });
    const last = await claimOne(agentId);
    const failed = await ws.executions.fail(other.id, last.fencingToken, { error: "no", usage });
    expect(failed).toMatchObject({ status: "failed", usage: { costMicros: 7 } });
    const retried = await ws.executions.retry(other.id);
    expect(retried).toMatchObject({ status: "queued", retryOfId: other.id });
    await expect(ws.executions.retry(other.id)).rejects.toMatchObject({ code: "Conflict" });
  });

  it("say what is wrong with a bad call, and change nothing", async () => {
    const { agentId, assignmentId } = await assigned();
    const { execution } = await ws.executions.start({ assignmentId, input: { a: 1 } });
    const none = randomUUID();
    const calls: [() => Promise<unknown>, string][] = [
      [() => ws.executions.start({ assignmentId: none }), "NotFound"],
      [() => world.bob.ws.executions.start({ assignmentId }), "NotFound"],
      [() => ws.executions.start({ assignmentId, attemptsMax: 21 }), "InvalidInput"],
      [() => ws.executions.start({ assignmentId, timeoutMs: -1 }), "InvalidInput"],
      [() => ws.executions.start({ assignmentId, input: { a: "\0" } }), "InvalidInput"],
      [
        () => ws.executions.start({ assignmentId, input: { a: 1 }, onConflict: "reject" }),
        "Conflict",
      ],
      [() => ws.executions.claim({ agentId: none }), "NotFound"],
      [() => ws.executions.claim({ agentId, max: 101 }), "InvalidInput"],
      [() => ws.executions.claim({ agentId, leaseMs: 0 }), "InvalidInput"],
      [() => ws.executions.heartbeat(execution.id, 5), "LeaseLost"],
      [() => ws.executions.heartbeat(none, 1), "NotFound"],
      [() => ws.executions.heartbeat(execution.id, 0), "InvalidInput"],
      [() => world.bob.ws.executions.complete(execution.id, 1), "NotFound"],
      [() => ws.executions.fail(execution.id, 1, { error: "" }), "InvalidInput"],
      [() => ws.executions.retry(execution.id), "IllegalTransition"],
      [() => ws.executions.cancel(none), "NotFound"],
      [() => ws.executions.get(none), "NotFound"],
      [() => ws.executions.watch(none).next(), "NotFound"],
      [() => world.ann.ws.executions.start({ assignmentId }), "Forbidden"],
      [() => world.ann.ws.executions.reap(), "Forbidden"],
    ];
    for (const [call, code] of calls) await expect(call(), code).rejects.toMatchObject({ code });
    await expect(ws.executions.cancel(none)).rejects.toMatchObject({ entity: "execution" });
    await expect(ws.executions.heartbeat(execution.id, 5)).rejects.toMatchObject({
      message: "this token holds the lease no longer, or never did",
    });
    expect(await ws.executions.get(execution.id)).toEqual(execution);
    const held = await claimOne(agentId);
    const { id } = held.execution;
    // A single one as large as a number gets would make sums of which no answer of the API holds any.
    for (const inputTokens of [10 ** 12 + 1, Number.MAX_SAFE_INTEGER, -1, 0.5])
      await expect(
        ws.executions.complete(id, held.fencingToken, { usage: { inputTokens } }),
      ).rejects.toMatchObject({ code: "InvalidInput" });
    await expect(
      ws.executions.fail(id, held.fencingToken, {
        error: "no",
        usage: { costMicros: 10 ** 12 + 1 },
      }),
    ).rejects.toMatchObject({
      code: "InvalidInput",
      message: expect.stringMatching(/^costMicros: one attempt uses 0 to 10\^12 tokens/u),
      issues: [{ path: ["costMicros"] }],
    });
    await ws.executions.complete(id, held.fencingToken);
    const twice = await ws.executions
      .complete(id, held.fencingToken)
      .catch((error: unknown) => error);
    expect(twice).toMatchObject({ code: "IllegalTransition", from: "succeeded", allowed: [] });
    const cancelled = await ws.executions.cancel(id).catch((error: unknown) => error);
    expect(cancelled).toMatchObject({ code: "IllegalTransition", to: "cancelled", allowed: [] });
  });

  it("happen once for one idempotency key: start, claim and complete", async () => {
    const { agentId, assignmentId } = await assigned();
    const key = (): { idempotencyKey: string } => ({ idempotencyKey: randomUUID() });
    const [start, claim, complete] = [key(), key(), key()];
    const started = await ws.executions.start({ assignmentId }, start);
    expect(await ws.executions.start({ assignmentId }, start)).toEqual({
      ...started,
      replayed: true,
    });
    const [held] = await ws.executions.claim({ agentId }, claim);
    expect(await ws.executions.claim({ agentId }, claim)).toEqual([held]);
    const write = () =>
      ws.executions.complete(started.execution.id, held?.fencingToken ?? 0, complete);
    await write();
    expect(await write()).toMatchObject({ status: "succeeded", replayed: true });
    expect((await ws.assignments.get(assignmentId)).completed).toBe(1);
  });

  it("are listed by assignment, agent and status, page by page", async () => {
    const { agentId, assignmentId } = await assigned();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1)
      ids.unshift((await ws.executions.start({ assignmentId })).execution.id);
    await claimOne(agentId);
    const all = await Array.fromAsync(ws.executions.list({ first: 2, filter: { assignmentId } }));
    expect(all.map(({ id }) => id)).toEqual(ids);
    const running = await ws.executions.list({ filter: { agentId, status: "running" } });
    expect(running.items.map(({ id }) => id)).toEqual([ids.at(-1)]);
    const theirs = await world.bob.ws.executions.list({ filter: { assignmentId } });
    expect(theirs.items).toEqual([]);
  });

  it("are watched from where they stand to their end, by a viewer too", async () => {
    const { agentId, assignmentId } = await assigned();
    const { execution } = await ws.executions.start({ assignmentId });
    const seen: string[] = [];
    const watching = (async () => {
      for await (const one of world.vic.ws.executions.watch(execution.id, { pollMs: 10 }))
        seen.push(one.status);
    })();
    const until = async (status: string): Promise<void> => {
      while (seen.at(-1) !== status) await sleep(5);
    };
    await until("queued");
    // Another one's changes are none of it.
    await ws.executions.start({ assignmentId });
    const held = await claimOne(agentId);
    await until("running");
    await ws.executions.complete(execution.id, held.fencingToken);
    await watching;
    expect(seen).toEqual(["queued", "running", "succeeded"]);
    const after = await Array.fromAsync(world.vic.ws.executions.watch(execution.id));
    expect(after.map(({ status }) => status)).toEqual(["succeeded"]);
  });

  it("are watched by their id however it is written", async () => {
    const { assignmentId } = await assigned();
    const { execution } = await ws.executions.start({ assignmentId });
    const seen: string[] = [];
    const watching = (async () => {
      const options = { pollMs: 20, signal: AbortSignal.timeout(10_000) };
      for await (const { status } of world.vic.ws.executions.watch(
        execution.id.toUpperCase(),
        options,
      ))
        seen.push(status);
    })();
    await expect.poll(() => seen).toEqual(["queued"]);
    await ws.executions.cancel(execution.id);
    await watching;
    expect(seen).toEqual(["queued", "cancelled"]);
  });

  it("are watched until the signal aborts", async () => {
    const { assignmentId } = await assigned();
    const { execution } = await ws.executions.start({ assignmentId });
    const leave = new AbortController();
    const watching = ws.executions.watch(execution.id, { pollMs: 10, signal: leave.signal });
    await watching.next();
    const next = watching.next();
    leave.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("leave their events, and heartbeats leave none", async () => {
    const { agentId, assignmentId } = await assigned();
    const { after } = await ws.events.ticket();
    const { execution } = await ws.executions.start({ assignmentId });
    const held = await claimOne(agentId);
    for (let n = 0; n < 3; n += 1) await ws.executions.heartbeat(execution.id, held.fencingToken);
    await ws.executions.complete(execution.id, held.fencingToken);
    const types: unknown[] = [];
    for await (const { type, payload } of ws.events.subscribe({ after, pollMs: 10 })) {
      types.push([type, payload["status"]]);
      if (payload["status"] === "succeeded") break;
    }
    expect(types).toEqual([
      ["execution.created", "queued"],
      ["execution.status_changed", "running"],
      ["execution.status_changed", "succeeded"],
    ]);
  });

  it("wait while their assignment is paused, and are cancelled when it ends", async () => {
    const { agentId, assignmentId } = await assigned();
    const { execution } = await ws.executions.start({ assignmentId });
    const { assignments } = world.sam.ws;
    await assignments.pause(assignmentId);
    expect(await ws.executions.claim({ agentId })).toEqual([]);
    await assignments.resume(assignmentId);
    const held = await claimOne(agentId);
    const { execution: waiting } = await ws.executions.start({ assignmentId });
    const { version } = await assignments.get(assignmentId);
    await expect(
      assignments.end(assignmentId, { expectedVersion: version - 1 }),
    ).rejects.toMatchObject({ code: "StaleVersion", currentVersion: version });
    await expect(ws.assignments.end(assignmentId)).rejects.toMatchObject({ code: "Forbidden" });
    await assignments.end(assignmentId);
    expect(await ws.executions.get(waiting.id)).toMatchObject({ status: "cancelled" });
    await expect(ws.executions.start({ assignmentId })).rejects.toMatchObject({ code: "Conflict" });
    // What runs may finish.
    await ws.executions.complete(execution.id, held.fencingToken);
    await expect(assignments.resume(assignmentId)).rejects.toSatisfy(
      (error: unknown) =>
        isCodexError(error, "IllegalTransition") && error.allowed?.join() === "archived",
    );
  });

  it("are taken back by background work, where there is any", async () => {
    const { agentId, assignmentId } = await assigned();
    await ws.executions.start({ assignmentId });
    const { execution } = await claimOne(agentId, 1);
    await sleep(10);
    const system = world.codex.system({ reason: "what fell silent" });
    const found = await system.workspacesWithWork("executions");
    expect(found).toContain(world.acme);
    const reaped = await system.workspace(world.acme).executions.reap();
    expect(reaped).toContainEqual({ id: execution.id, status: "queued" });
    expect(await system.workspacesWithWork("executions")).not.toContain(world.acme);
  });
});
