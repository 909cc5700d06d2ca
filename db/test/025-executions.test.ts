import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Row, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertId, oneRow, outcomes } from "./support/domain.ts";

interface Execution extends Row {
  readonly id: string;
  readonly status: string;
  readonly fencing_token: string;
  readonly lane: number | null;
  readonly attempts_count: number;
}

describe("executions", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const newAgent = async (status = "active"): Promise<string> => {
    const [row] = await people.service.query<{ id: string }>(
      people.acme,
      `insert into codex.agent_registry (name, guild, agent_type, status)
       values ($1, 'research', 'researcher', $2) returning id`,
      [randomUUID(), status],
    );
    return row?.id ?? "";
  };
  const assign = (agentId: string, lanes = 1): Promise<string> =>
    insertId(
      people.sam,
      `insert into codex.agent_assignments (workspace_id, agent_id, max_concurrency)
       values ($1, $2, $3) returning id`,
      [agentId, lanes],
    );
  const start = (assignmentId: string, input = {}, onConflict = "enqueue", settings = {}) =>
    insertId(people.cleo, "select id from codex.start_execution($1, $2, $3, $4, $5, $6)", [
      randomUUID(),
      assignmentId,
      input,
      onConflict,
      settings,
    ]);
  const claim = (agentId: string, max = 1, leaseMs = 60_000, instance: string | null = null) =>
    people.cleo.query<Execution>("select * from codex.claim_executions($1, $2, $3, $4, $5)", [
      people.acme,
      agentId,
      max,
      leaseMs,
      instance,
    ]);
  const claimOne = async (agentId: string, leaseMs = 60_000): Promise<Execution> => {
    const [claimed] = await claim(agentId, 1, leaseMs);
    if (claimed === undefined) throw new Error("nothing to claim");
    return claimed;
  };
  const found = async (): Promise<unknown[]> => {
    const client = await db.begin("codex_service");
    const { rows } = await client.query("select codex.workspaces_with_work('executions') as id");
    await client.query("rollback");
    client.release();
    return rows;
  };
  const complete = ({ id, fencing_token: token }: Execution): Promise<Execution[]> =>
    people.cleo.query("select * from codex.complete_execution($1, $2, $3, '{}', 3, 4, 5)", [
      people.acme,
      id,
      token,
    ]);
  const fail = ({ id, fencing_token: token }: Execution, retryAfterMs: number | null) =>
    people.cleo.query<Execution>("select * from codex.fail_execution($1, $2, $3, 'no', $4, $5)", [
      people.acme,
      id,
      token,
      retryAfterMs !== null,
      retryAfterMs,
    ]);
  const heartbeat = ({ id, fencing_token: token }: Execution): Promise<Row[]> =>
    people.cleo.query("select * from codex.heartbeat_execution($1, $2, $3)", [
      people.acme,
      id,
      token,
    ]);
  const reap = (): Promise<Row[]> =>
    people.cleo.query("select * from codex.reap_executions($1)", [people.acme]);
  const cancel = (id: string): Promise<Row[]> =>
    people.cleo.query("select * from codex.cancel_execution($1, $2, 'why not')", [people.acme, id]);
  const look = (id: string): Promise<Execution> =>
    oneRow(people.vic, "select * from codex.agent_executions where id = $1", [id]);

  it("are written by nobody directly, not even by the service", async () => {
    const agent = await newAgent();
    const id = await start(await assign(agent));
    for (const sql of [
      "update codex.agent_executions set status = 'cancelled'",
      "delete from codex.agent_executions",
      "update codex.agent_instances set slots = 9",
    ]) {
      await expect(people.ada.query(sql), sql).rejects.toMatchObject({ code: "42501" });
      await expect(people.service.query(people.acme, sql), sql).rejects.toMatchObject({
        code: "42501",
      });
    }
    expect(await look(id)).toMatchObject({ status: "queued" });
  });

  it("are claimed by urgency and then by age, as many at once as the assignment has lanes", async () => {
    const agent = await newAgent();
    const assignment = await assign(agent, 2);
    const [first, second] = [await start(assignment), await start(assignment)];
    const urgent = await start(assignment, {}, "enqueue", { priority: "critical" });
    const claimed = await claim(agent, 10);
    expect(claimed.map(({ id }) => id)).toEqual([urgent, first]);
    expect(new Set(claimed.map(({ lane }) => lane))).toEqual(new Set([1, 2]));
    expect(await claim(agent)).toEqual([]);
    await complete(claimed[0] as Execution);
    expect(await claim(agent, 5)).toMatchObject([{ id: second }]);
  });

  it("are never more at once than there are lanes: 12 claims at once for 3", async () => {
    const agent = await newAgent();
    const assignment = await assign(agent, 3);
    for (let n = 0; n < 12; n += 1) await start(assignment);
    let most = 0;
    for (let round = 0; round < 5; round += 1) {
      const claimed = (await Promise.all(Array.from({ length: 12 }, () => claim(agent)))).flat();
      const { running } = await oneRow<{ running: string }>(
        people.vic,
        "select count(*) as running from codex.agent_executions where assignment_id = $1 and status = 'running'",
        [assignment],
      );
      most = Math.max(most, Number(running));
      expect(Number(running)).toBeLessThanOrEqual(3);
      for (const one of claimed.slice(1)) await fail(one, 0);
    }
    expect(most).toBe(3);
  });

  it("are as many for a worker as it has slots, and none for one that drains", async () => {
    const agent = await newAgent();
    const assignment = await assign(agent, 50);
    for (let n = 0; n < 8; n += 1) await start(assignment);
    const beat = (slots: number): Promise<Row[]> =>
      people.cleo.query("select * from codex.heartbeat_agent($1, $2, 'w1', $3)", [
        people.acme,
        agent,
        slots,
      ]);
    await beat(3);
    const claims = await Promise.all([
      claim(agent, 2, 60_000, "w1"),
      claim(agent, 2, 60_000, "w1"),
    ]);
    expect(claims.flat()).toHaveLength(3);
    const [held] = await beat(0);
    expect(held?.["running"]).toHaveLength(3);
    expect(await claim(agent, 1, 60_000, "w1")).toEqual([]);
    expect(await claim(agent, 1, 60_000, "w2")).toHaveLength(1);
  });

  it("forget workers that were not seen for a day, also when some are back at the same moment", async () => {
    const agent = await newAgent();
    const beat = (instance: number): Promise<Row[]> =>
      people.cleo.query("select * from codex.heartbeat_agent($1, $2, $3, 1)", [
        people.acme,
        agent,
        `w${instance}`,
      ]);
    for (let n = 0; n < 4; n += 1) await beat(n);
    await db.admin.query(
      "update codex.agent_instances set last_seen_at = now() - interval '2 days' where agent_id = $1",
      [agent],
    );
    const busy = await db.connect();
    await busy.query("begin");
    await busy.query("select from codex.agent_instances where instance = 'w0' for update");
    // Both are there and look for what to forget; neither has found the other yet.
    const back = outcomes([beat(1), beat(2)]);
    await sleep(200);
    await busy.query("rollback");
    expect(await back).toEqual({ done: 2, codes: [] });
    await beat(1);
    const left = await people.vic.query<{ instance: string }>(
      "select instance from codex.agent_instances where agent_id = $1 order by 1",
      [agent],
    );
    expect(left.map(({ instance }) => instance)).toEqual(["w1", "w2"]);
  });

  it("belong to whoever has the newest token: an older one changes nothing", async () => {
    const agent = await newAgent();
    const id = await start(await assign(agent));
    const paused = await claimOne(agent, 1);
    await sleep(20);
    expect(await reap()).toContainEqual({ id, status: "queued" });
    // Queued again, and nobody has it yet.
    await expect(heartbeat(paused)).rejects.toMatchObject({ code: "KX012" });
    const next = await claimOne(agent);
    expect(next).toMatchObject({ id, fencing_token: "2", attempts_count: 2 });
    const before = await look(id);
    for (const write of [heartbeat, complete, (held: Execution) => fail(held, 0)])
      await expect(write(paused)).rejects.toMatchObject({ code: "KX012" });
    expect(await look(id)).toEqual(before);
    await complete(next);
    await expect(complete(paused)).rejects.toMatchObject({ code: "KX012" });
    await expect(complete(next)).rejects.toMatchObject({ code: "KX002" });
    expect(await look(id)).toMatchObject({ status: "succeeded", input_tokens_count: "3" });
  });

  it("refuse an old token also of whoever writes past the functions", async () => {
    const agent = await newAgent();
    const id = await start(await assign(agent));
    await claimOne(agent);
    const client = await db.connect();
    await client.query("select set_config('codex.workspace_id', $1, false)", [people.acme]);
    const update = (set: string): Promise<unknown> =>
      client.query(`update codex.agent_executions set ${set} where id = $1`, [id]);
    await expect(update("fencing_token = 0")).rejects.toMatchObject({ code: "KX012" });
    await update("status = 'queued'");
    await expect(update("status = 'running', lane = 1, lease_ms = 5")).rejects.toMatchObject({
      code: "KX012",
    });
    await update("status = 'cancelled'");
    await expect(update("error = 'late'")).rejects.toMatchObject({ code: "KX004" });
  });

  it("that fell silent are queued again, and fail when their attempts are used up", async () => {
    const agent = await newAgent();
    const id = await start(await assign(agent), {}, "enqueue", { attemptsMax: 2 });
    for (const status of ["queued", "failed"]) {
      await claimOne(agent, 1);
      await sleep(10);
      expect(await reap()).toContainEqual({ id, status });
    }
    expect(await look(id)).toMatchObject({ error: "lost: its worker fell silent" });
  });

  it("that fell silent are taken back once, by 8 who reap at once", async () => {
    const agent = await newAgent();
    const assignment = await assign(agent, 40);
    for (let n = 0; n < 40; n += 1) await start(assignment, {}, "enqueue", { attemptsMax: 1 });
    await claim(agent, 40, 1);
    await sleep(10);
    const reaped = (await Promise.all(Array.from({ length: 8 }, reap))).flat();
    expect(reaped).toHaveLength(40);
    expect(new Set(reaped.map(({ id }) => id)).size).toBe(40);
    const { failures } = await oneRow<{ failures: string }>(
      people.vic,
      "select sum(failure_count) as failures from codex.agent_performance where agent_id = $1",
      [agent],
    );
    expect(Number(failures)).toBe(40);
  });

  it("time out however alive their worker is", async () => {
    const agent = await newAgent();
    const id = await start(await assign(agent), {}, "enqueue", { timeoutMs: 20 });
    const held = await claimOne(agent);
    await sleep(30);
    await heartbeat(held);
    expect(await reap()).toContainEqual({ id, status: "timed_out" });
  });

  it("are cancelled at once in the queue, and by their worker or the end of its lease when they run", async () => {
    const agent = await newAgent();
    const assignment = await assign(agent, 9);
    const queued = await start(assignment);
    expect(await cancel(queued)).toMatchObject([{ status: "cancelled" }]);
    await expect(cancel(queued)).rejects.toMatchObject({ code: "KX002" });
    const obedient = await start(assignment);
    const held = await claimOne(agent);
    await cancel(obedient);
    expect(await heartbeat(held)).toMatchObject([{ cancel_requested: true }]);
    expect(await fail(held, 0)).toMatchObject([{ status: "cancelled" }]);
    const deaf = await start(assignment);
    const other = await claimOne(agent, 200);
    await cancel(deaf);
    await heartbeat(other);
    await sleep(230);
    expect(await reap()).toContainEqual({ id: deaf, status: "cancelled" });
  });

  it("are not left waiting for an assignment that ended while they ran: they have failed", async () => {
    const agent = await newAgent();
    const assignment = await assign(agent, 2);
    const [failing, silent] = [await start(assignment), await start(assignment)];
    const held = await claimOne(agent);
    await claimOne(agent, 1);
    await people.sam.query(
      "update codex.agent_assignments set status = 'completed' where id = $1",
      [assignment],
    );
    await sleep(10);
    expect(await fail(held, 0)).toMatchObject([{ id: failing, status: "failed" }]);
    expect(await reap()).toContainEqual({ id: silent, status: "failed" });
    const counted = "select tasks_failed_count as n from codex.agent_assignments where id = $1";
    expect(await oneRow(people.vic, counted, [assignment])).toEqual({ n: "2" });
  });

  it("are not left waiting for an assignment that ends while they are queued again, in 10 rounds", async () => {
    for (let round = 0; round < 10; round += 1) {
      const agent = await newAgent();
      const assignment = await assign(agent, 4);
      for (let n = 0; n < 4; n += 1) await start(assignment);
      const held = await claim(agent, 4);
      const ending = people.sam.query(
        "update codex.agent_assignments set status = 'completed' where id = $1",
        [assignment],
      );
      await Promise.all([...held.map((one) => fail(one, 0)), ending]);
      const waiting = await people.vic.query(
        "select id from codex.agent_executions where assignment_id = $1 and status = 'queued'",
        [assignment],
      );
      expect(waiting).toEqual([]);
    }
  });

  it("are started once by 10 who use what is there, and by one of 10 who refuse it", async () => {
    const agent = await newAgent();
    const assignment = await assign(agent);
    const used = await Promise.all(
      Array.from({ length: 10 }, () => start(assignment, { a: 1, b: 2 }, "use_existing")),
    );
    expect(new Set(used).size).toBe(1);
    // The order of the keys makes no other input.
    expect(await start(assignment, { b: 2, a: 1 }, "use_existing")).toBe(used[0]);
    const refused = await outcomes(
      Array.from({ length: 10 }, () => start(assignment, {}, "reject", { key: "one" })),
    );
    expect([refused.done, new Set(refused.codes)]).toEqual([1, new Set(["KX007"])]);
    expect(await start(assignment, { a: 1, b: 2 })).not.toBe(used[0]);
  });

  it("are not left waiting for an assignment that ends while they start, in 10 rounds", async () => {
    for (let round = 0; round < 10; round += 1) {
      const assignment = await assign(await newAgent());
      const started = Array.from({ length: 4 }, () => start(assignment).catch(() => undefined));
      await people.sam.query(
        "update codex.agent_assignments set status = 'completed' where id = $1",
        [assignment],
      );
      await Promise.all(started);
      const waiting = await people.vic.query(
        "select id from codex.agent_executions where assignment_id = $1 and status <> 'cancelled'",
        [assignment],
      );
      expect(waiting).toEqual([]);
      await expect(start(assignment)).rejects.toMatchObject({ code: "KX007" });
    }
  });

  it("that are being counted and the end of their assignment do not wait for each other", async () => {
    const agent = await newAgent();
    const assignment = await assign(agent, 2);
    for (let n = 0; n < 3; n += 1) await start(assignment);
    const held = await claimOne(agent);
    await complete(await claimOne(agent));
    const busy = await db.connect();
    await busy.query("begin");
    await busy.query("select from codex.agent_performance where agent_id = $1 for update", [agent]);
    const both = outcomes([
      complete(held),
      people.sam.query("update codex.agent_assignments set status = 'completed' where id = $1", [
        assignment,
      ]),
    ]);
    await sleep(200);
    await busy.query("rollback");
    expect(await both).toEqual({ done: 2, codes: [] });
    const counted = "select tasks_completed_count as n from codex.agent_assignments where id = $1";
    expect(await oneRow(people.vic, counted, [assignment])).toEqual({ n: "2" });
  });

  it("are done again as another, once, by 6 who retry at once", async () => {
    const agent = await newAgent();
    const id = await start(await assign(agent), { what: "this" });
    const retry = (): Promise<Row[]> =>
      people.cleo.query("select * from codex.retry_execution($1, $2, $3)", [
        people.acme,
        id,
        randomUUID(),
      ]);
    await expect(retry()).rejects.toMatchObject({ code: "KX002" });
    await fail(await claimOne(agent), null);
    const { done, codes } = await outcomes(Array.from({ length: 6 }, retry));
    expect([done, new Set(codes)]).toEqual([1, new Set(["KX007"])]);
    expect(await claimOne(agent)).toMatchObject({ retry_of_id: id, input: { what: "this" } });
    expect(await look(id)).toMatchObject({ status: "failed" });
  });

  it("are for creators and above, and in the own workspace", async () => {
    const agent = await newAgent();
    const assignment = await assign(agent);
    const id = await start(assignment);
    const held = await claimOne(agent);
    const calls: [string, unknown[]][] = [
      ["select codex.start_execution($1, $2, $3, '{}')", [randomUUID(), assignment]],
      ["select codex.claim_executions($1, $2, 1, 1)", [agent]],
      ["select codex.heartbeat_execution($1, $2, $3)", [id, held.fencing_token]],
      ["select codex.complete_execution($1, $2, $3, '{}')", [id, held.fencing_token]],
      ["select codex.fail_execution($1, $2, $3, '', false)", [id, held.fencing_token]],
      ["select codex.cancel_execution($1, $2)", [id]],
      ["select codex.retry_execution($1, $2, $3)", [id, randomUUID()]],
      ["select codex.reap_executions($1)", []],
      ["select codex.heartbeat_agent($1, $2, 'w', 1)", [agent]],
    ];
    for (const [sql, values] of calls) {
      await expect(people.ann.query(sql, [people.acme, ...values]), sql).rejects.toMatchObject({
        code: "KX010",
      });
      await expect(people.bob.query(sql, [people.acme, ...values]), sql).rejects.toMatchObject({
        code: "KX003",
      });
    }
    for (const [sql, values] of calls.filter((_, at) => [0, 2, 3, 4, 5, 6].includes(at)))
      await expect(people.bob.query(sql, [people.globex, ...values]), sql).rejects.toMatchObject({
        code: "KX008",
      });
    expect(await look(id)).toMatchObject({ status: "running" });
  });

  it("are claimed by an agent for itself and for no other", async () => {
    const [agent, other] = [await newAgent(), await newAgent()];
    await start(await assign(agent));
    const as = (acting: string, key: Buffer) =>
      people.cleo.tx(async (client) => {
        await client.query("select codex.set_context_by_key($1, $2)", [people.acme, key]);
        return client.query("select * from codex.claim_executions($1, $2, 1, 1000)", [
          people.acme,
          acting,
        ]);
      });
    const hash = Buffer.alloc(32, randomUUID());
    await people.ada.query(
      `insert into codex.api_keys (workspace_id, name, prefix, key_hash, role, agent_id)
       values ($1, 'Worker', 'cdx_x', $2, 'viewer', $3)`,
      [people.acme, hash, agent],
    );
    await expect(as(other, hash)).rejects.toMatchObject({ code: "KX010" });
    expect((await as(agent, hash)).rowCount).toBe(1);
  });

  it("are found by whoever works in the background, in every workspace that has silent ones", async () => {
    const agent = await newAgent();
    await start(await assign(agent));
    await claim(agent, 1, 1);
    await sleep(10);
    expect(await found()).toContainEqual({ id: people.acme });
    await people.service.query(people.acme, "select codex.reap_executions($1)", [people.acme]);
    expect(await found()).not.toContainEqual({ id: people.acme });
    await expect(
      people.ada.query("select codex.workspaces_with_work('executions')"),
    ).rejects.toMatchObject({ code: "42501" });
  });

  it("that wait for an agent that is retired are cancelled by whoever reaps, and what runs is not queued again", async () => {
    const agent = await newAgent();
    const assignment = await assign(agent, 2);
    const running = [await start(assignment), await start(assignment)];
    await people.service.query(
      people.acme,
      "update codex.agent_registry set status = 'deprecated' where id = $1",
      [agent],
    );
    // It goes on, and so does what waits for it.
    expect(await reap()).not.toContainEqual(expect.objectContaining({ status: "cancelled" }));
    const [failing] = [await claimOne(agent), await claimOne(agent, 1)];
    const waiting = [await start(assignment), await start(assignment)];
    // What is paused does not go on any more either.
    await people.sam.query("update codex.agent_assignments set status = 'paused' where id = $1", [
      assignment,
    ]);
    await people.service.query(
      people.acme,
      "update codex.agent_registry set status = 'retired' where id = $1",
      [agent],
    );
    expect(await found()).toContainEqual({ id: people.acme });
    expect(await fail(failing, 0)).toMatchObject([{ status: "failed" }]);
    await reap();
    await reap();
    expect(await found()).not.toContainEqual({ id: people.acme });
    const endOf = (id: string): Promise<Row> =>
      oneRow(
        people.vic,
        "select status, cancel_reason as reason from codex.agent_executions where id = $1",
        [id],
      );
    for (const id of running) expect(await endOf(id)).toEqual({ status: "failed", reason: null });
    for (const id of waiting)
      expect(await endOf(id)).toEqual({ status: "cancelled", reason: "the agent is retired" });
    const told = await people.service.query(
      people.acme,
      `select payload ->> 'status' as status from codex.outbox_events
       where entity_id = any ($1) and type = 'execution.status_changed'`,
      [waiting],
    );
    expect(told).toEqual([{ status: "cancelled" }, { status: "cancelled" }]);
    const counted = "select tasks_failed_count as n from codex.agent_assignments where id = $1";
    expect(await oneRow(people.vic, counted, [assignment])).toEqual({ n: "2" });
  });

  it("are of an agent that is active when it is assigned and not retired when it goes on", async () => {
    await expect(assign(await newAgent("draft"))).rejects.toMatchObject({ code: "KX007" });
    const agent = await newAgent();
    const assignment = await assign(agent);
    const set = (status: string): Promise<unknown> =>
      people.service.query(
        people.acme,
        "update codex.agent_registry set status = $2 where id = $1",
        [agent, status],
      );
    const turn = (status: string): Promise<unknown> =>
      people.sam.query("update codex.agent_assignments set status = $2 where id = $1", [
        assignment,
        status,
      ]);
    await start(assignment);
    await turn("paused");
    expect(await claim(agent)).toEqual([]);
    await set("deprecated");
    await expect(assign(agent)).rejects.toMatchObject({ code: "KX007" });
    await turn("active");
    await turn("paused");
    await set("retired");
    await expect(turn("active")).rejects.toMatchObject({ code: "KX007" });
    await expect(claim(agent)).rejects.toMatchObject({ code: "KX008" });
    await expect(start(assignment)).rejects.toMatchObject({ code: "KX007" });
    await expect(
      people.service.query(
        people.acme,
        "update codex.agent_registry set version = '9' where id = $1",
        [agent],
      ),
    ).rejects.toMatchObject({ code: "KX004" });
  });
});
