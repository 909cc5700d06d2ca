import type { Codex, CodexError, Workspace } from "@codex/sdk";
import { canMakeDatabases } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activePositioning, makeWorld, newAgent, open } from "./world.ts";
import type { World } from "./world.ts";

// Each schedule ended in a deadlock before migration 036. No call is tried twice here, so that one would be seen.
describe.runIf(canMakeDatabases())("calls that meet", () => {
  let world: World;
  let codex: Codex;
  let ws: Workspace;
  beforeAll(async () => {
    world = await makeWorld();
    codex = open(world.db, { retriesMax: 0 });
    ws = codex.workspace(world.acme, world.ada);
  });
  afterAll(async () => {
    await codex.close();
    await world[Symbol.asyncDispose]();
  });

  type Held = readonly [sql: string, parameters: readonly unknown[]];
  const lock = (name: string): Held => [
    "select pg_advisory_xact_lock(hashtextextended($1, 0))",
    [name],
  ];
  const row = (table: string, id: string): Held => [
    `select from codex.${table} where id = $1 for no key update`,
    [id],
  ];
  const waiting = (count: number): Promise<void> =>
    expect
      .poll(async () => {
        const { rows } = await world.db.admin.query(
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        return rows.length;
      })
      .toBe(count);
  /** Starts calls one after the other while somebody holds what each of them waits for, and lets them go. */
  const meet = async (
    held: Held,
    calls: readonly (() => Promise<unknown>)[],
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<PromiseSettledResult<unknown>["status"][]> => {
    const holder = await world.db.connect();
    const started: Promise<unknown>[] = [];
    try {
      await holder.query("begin");
      await holder.query(held[0], [...held[1]]);
      for (const call of calls) {
        started.push(call());
        started.at(-1)?.catch(() => {});
        await waiting(started.length);
      }
      await meanwhile();
    } finally {
      await holder.query("rollback");
      await holder.end();
    }
    return (await Promise.allSettled(started)).map(({ status }) => status);
  };
  const done = ["fulfilled", "fulfilled"];
  /** Nobody else holds the row. */
  const isFree = async (table: string, id: string): Promise<void> => {
    const [sql, parameters] = row(table, id);
    const { rows } = await world.db.admin.query(`${sql} skip locked`, [...parameters]);
    expect(rows).toHaveLength(1);
  };

  it.each(["report", "update", "transition"] as const)(
    "quests.%s takes the tree before the quest, as quests.move does",
    async (verb) => {
      const { id: campaign } = await ws.campaigns.create({ name: "C" });
      const { id } = await ws.quests.create(campaign, { name: "Q" });
      const call = {
        report: () => ws.quests.report(id, { current: 10 }),
        update: () => ws.quests.update(id, { weight: 3 }),
        transition: () => ws.quests.transition(id, "in_progress"),
      }[verb];
      const move = (): Promise<unknown> => ws.quests.move(id, { parentId: null });
      expect(
        await meet(lock(`codex.tree:${world.acme}:campaign_quests:${campaign}`), [move, call]),
      ).toEqual(done);
    },
  );

  it.each(["move", "complete", "report"] as const)(
    "quests.%s of a version takes the tree before the quest, as one of any version does",
    async (verb) => {
      const { id: campaign } = await ws.campaigns.create({ name: "C" });
      const { id, version: expectedVersion } = await ws.quests.create(campaign, { name: "Q" });
      const move = (options = {}): Promise<unknown> =>
        ws.quests.move(id, { parentId: null }, options);
      const call = {
        move: () => move({ expectedVersion }),
        complete: () => ws.quests.complete(id, {}, { expectedVersion }),
        report: () => ws.quests.report(id, { current: 10 }, { expectedVersion }),
      }[verb];
      const held = lock(`codex.tree:${world.acme}:campaign_quests:${campaign}`);
      const free = (): Promise<void> => isFree("campaign_quests", id);
      expect(await meet(held, [move, call], free)).toEqual(done);
    },
  );

  it("positioning.publish and messages.publish of a version take the turn of their segment before the row", async () => {
    const segment = randomUUID();
    const active = await activePositioning(world.ada, segment);
    const { id, version: expectedVersion } = await ws.positioning.fork(active);
    const publish = (): Promise<unknown> => ws.positioning.publish(id, { expectedVersion });
    const tree = (name: string): Held => lock(`codex.tree:${world.acme}:${name}`);
    expect(
      await meet(tree(`positioning:${world.acme}:${segment}`), [publish], () =>
        isFree("positioning", id),
      ),
    ).toEqual(["fulfilled"]);
    const pillars = [{ claim: "c", proofPoints: [{ text: "t", source: "s" }] }];
    const message = { coreMessage: "m", pillars };
    const draft = await ws.messages.put(id, message);
    const version = { expectedVersion: draft.version };
    const calls = [
      () => ws.messages.put(id, message, version),
      () => ws.messages.publish(draft.id, version),
    ];
    expect(
      await meet(tree(`message_architecture:${id}`), calls, () =>
        isFree("message_architecture", draft.id),
      ),
    ).toEqual(done);
  });

  it("cohorts.attach of a version takes the campaign before the link, as one of any version does", async () => {
    const { id: campaign } = await ws.campaigns.create({ name: "C" });
    const { id: cohort } = await ws.cohorts.create({ name: "H" });
    const attach = (options = {}): Promise<unknown> =>
      ws.cohorts.attach(campaign, cohort, { allocation: 5, ...options });
    await attach();
    const calls = [attach, () => attach({ expectedVersion: 1 })];
    expect(await meet(row("campaigns", campaign), calls)).toEqual(done);
  });

  it("executions.cancel of a version waits for its assignment's end and holds no row meanwhile", async () => {
    const { assignment, queued } = await working();
    const { version: expectedVersion } = await ws.executions.get(queued);
    const cancel = (): Promise<unknown> => ws.executions.cancel(queued, { expectedVersion });
    const held = lock(`codex.agent_assignments:${world.acme}:${assignment}`);
    const free = (): Promise<void> => isFree("agent_executions", queued);
    expect(await meet(held, [cancel], free)).toEqual(["fulfilled"]);
  });

  it("quests.complete holds points in the order in which a backfill does", async () => {
    // The lower slot, and the higher.
    const people = [world.ada, world.sam, world.cleo, world.ann, world.vic].map(({ userId }) => ({
      userId,
      slot: Number.parseInt(userId.slice(-2), 16) % 32,
    }));
    const [low, high] = people
      .toSorted((one, other) => one.slot - other.slot)
      .filter(({ slot }, at, all) => at === 0 || slot > (all[0]?.slot ?? 0));
    if (low === undefined || high === undefined) throw new Error("all of one slot");
    for (const { userId } of [low, high]) await ws.activity.record({ userId, metric: "meetings" });
    const { id: campaign } = await ws.campaigns.create({ name: "C" });
    const whole = await ws.quests.create(campaign, { name: "W", assignedTo: low.userId });
    const part = { name: "P", parentId: whole.id, assignedTo: high.userId };
    await ws.quests.create(campaign, part);
    const criteria = { kind: "threshold", metric: "meetings", threshold: 1 } as const;
    const { id } = await ws.achievements.define({ key: "met", name: "Met", criteria });
    const calls = [
      () => ws.achievements.activate(id, { backfill: true }),
      () => ws.quests.complete(whole.id, { children: "cascade" }),
    ];
    expect(await meet(lock(`codex.points:${world.acme}:${low.slot}`), calls)).toEqual(done);
  });

  it("campaigns.transition holds the points that the end counts before the campaign", async () => {
    const { userId } = world.cleo;
    const { id } = await ws.campaigns.create({
      name: "C",
      ownerId: userId,
      positioningId: await activePositioning(world.ada),
      startDate: "2026-01-31",
    });
    await ws.quests.create(id, { name: "Q" });
    await ws.campaigns.transition(id, "planning");
    await ws.campaigns.transition(id, "active");
    const calls = [
      () =>
        ws.transaction(async (tx) => {
          await tx.activity.record({ userId, metric: "meetings" });
          await tx.campaigns.update(id, { name: "D" });
        }),
      () => ws.campaigns.transition(id, "completed"),
    ];
    const slot = Number.parseInt(userId.slice(-2), 16) % 32;
    const held = lock(`codex.points:${world.acme}:${slot}`);
    expect(await meet(held, calls, () => isFree("campaigns", id))).toEqual(done);
    expect(await ws.campaigns.get(id)).toMatchObject({ name: "D", status: "completed" });
  });

  it("an inbox is marked by one device at a time", async () => {
    const note = { to: [world.ada.userId], type: "message" as const, title: "N" };
    const { id } = await ws.notifications.send(note);
    const { inbox } = ws.notifications;
    const { asOf } = await inbox.counts();
    const held = lock(`codex.inbox:${world.acme}:${world.ada.userId}`);
    const calls = [() => inbox.markAllRead({ upTo: asOf }), () => inbox.mark([id], "archived")];
    expect(await meet(held, calls, () => isFree("user_notifications", id))).toEqual(done);
  });

  it("what is old goes, and what somebody marks at this moment goes another time", async () => {
    const note = { to: [world.vic.userId], type: "message" as const, title: "N" };
    const ids = [await ws.notifications.send(note), await ws.notifications.send(note)].map(
      (sent) => sent.id,
    );
    await codex.workspace(world.acme, world.vic).notifications.inbox.mark(ids, "read");
    const background = codex.system({ reason: "a test" }).background(world.acme);
    const prune = async (): Promise<number | undefined> => {
      const old = { kind: "notifications", days: 0 } as const;
      const counts = await background.runRetention(old, { timeoutMs: 5_000 });
      return counts.find(({ table }) => table === "user_notifications")?.rows;
    };
    await meet(row("user_notifications", ids[0] ?? ""), [], async () => {
      await prune();
      const { rows } = await world.db.admin.query(
        "select id from codex.user_notifications where id = any ($1)",
        [ids],
      );
      expect(rows).toEqual([{ id: ids[0] }]);
    });
    expect(await prune()).toBe(1);
  });

  const working = async (): Promise<{
    assignment: string;
    queued: string;
    running: { id: string; token: number };
  }> => {
    const agentId = await newAgent(world.codex);
    const { id: assignment } = await ws.assignments.assign({ agentId });
    const start = async (): Promise<{ id: string; token: number }> => {
      await ws.executions.start({ assignmentId: assignment });
      const [claimed] = await ws.executions.claim({ agentId });
      return { id: claimed?.execution.id ?? "", token: claimed?.fencingToken ?? 0 };
    };
    const failed = await start();
    await ws.executions.fail(failed.id, failed.token, {
      error: "e",
      retryable: true,
      retryAfterMs: 3_600_000,
      usage: { inputTokens: 5 },
    });
    return { assignment, queued: failed.id, running: await start() };
  };

  it("an assignment ends beside a run that is completed", async () => {
    const { assignment, running } = await working();
    const calls = [
      () => ws.assignments.end(assignment),
      () => ws.executions.complete(running.id, running.token, { usage: { inputTokens: 7 } }),
    ];
    expect(await meet(row("agent_assignments", assignment), calls)).toEqual(done);
    expect(await ws.assignments.get(assignment)).toMatchObject({ completed: 1, tokens: 12 });
  });

  it("an assignment ends beside a run that is cancelled", async () => {
    const { assignment, queued } = await working();
    const calls = [() => ws.assignments.end(assignment), () => ws.executions.cancel(queued)];
    // The end has cancelled it: there is nothing left to cancel.
    expect(await meet(row("agent_assignments", assignment), calls)).toEqual([
      "fulfilled",
      "rejected",
    ]);
    expect(await ws.executions.get(queued)).toMatchObject({ status: "cancelled" });
    expect(await ws.assignments.get(assignment)).toMatchObject({ tokens: 5 });
  });

  it("an assignment ends without a wait for a run that somebody has in hand, and whoever reaps cancels it", async () => {
    const { assignment, queued } = await working();
    await meet(row("agent_executions", queued), [], async () => {
      await ws.assignments.end(assignment, { timeoutMs: 5_000 });
    });
    expect(await ws.executions.get(queued)).toMatchObject({ status: "queued" });
    expect(await ws.executions.reap()).toContainEqual({ id: queued, status: "cancelled" });
  });

  const fallSilent = (of: string, parameters: readonly unknown[]): Promise<unknown> =>
    world.db.admin.query(
      `update codex.agent_executions set lease_expires_at = now() - interval '1 s' where id in (
         select id from codex.agent_executions where status = 'running' and ${of} for update skip locked)`,
      [...parameters],
    );

  it.each(["performance", "assignments"])(
    "a run that fell silent is taken back by one who waits for its agent_%s and holds no row meanwhile",
    async (name) => {
      const { assignment, running } = await working();
      const { agentId } = await ws.assignments.get(assignment);
      await fallSilent("id = $1", [running.id]);
      const id = name === "performance" ? agentId : assignment;
      const held = lock(`codex.agent_${name}:${world.acme}:${id}`);
      const reap = (): Promise<unknown> => ws.executions.reap();
      const free = (): Promise<void> => isFree("agent_executions", running.id);
      expect(await meet(held, [reap], free)).toEqual(["fulfilled"]);
      expect(await ws.executions.get(running.id)).toMatchObject({ status: "queued" });
    },
  );

  const clients = 12;
  const callsOfEach = 100;
  it(`${clients} clients start, claim, complete, fail, cancel, reap and end, ${clients * callsOfEach} calls: no deadlock`, async () => {
    const many = open(world.db, { retriesMax: 0, max: clients });
    const acme = many.workspace(world.acme, world.ada);
    const agents = await Promise.all(Array.from({ length: 3 }, () => newAgent(world.codex)));
    const assign = async (agentId: string): Promise<string> =>
      (await acme.assignments.assign({ agentId, maxConcurrency: 20 })).id;
    const assignments = await Promise.all(agents.map(assign));
    const known: string[] = [];
    let reaped = 0;
    const any = <T>(of: readonly T[]): T | undefined => of[Math.floor(Math.random() * of.length)];
    const work = async (step: number): Promise<void> => {
      const at = Math.floor(Math.random() * agents.length);
      const [agentId = "", assignmentId = ""] = [agents[at], assignments[at]];
      if (step % 4 === 0) {
        const { execution } = await acme.executions.start({ assignmentId, input: { step } });
        known.push(execution.id);
      } else if (step % 4 === 1) {
        // Half of them are silent at once.
        const leaseMs = Math.random() < 0.5 ? 1_000 : 60_000;
        const [claimed] = await acme.executions.claim({ agentId, leaseMs });
        if (claimed === undefined || leaseMs === 1_000) return;
        const { execution, fencingToken } = claimed;
        if (Math.random() < 0.5)
          await acme.executions.complete(execution.id, fencingToken, { usage: { inputTokens: 1 } });
        else
          await acme.executions.fail(execution.id, fencingToken, {
            error: "e",
            retryable: true,
            retryAfterMs: 0,
          });
      } else if (step % 4 === 2)
        await acme.executions.cancel(any(known.slice(-30)) ?? assignmentId);
      else if (Math.random() < 0.9) {
        await fallSilent("lease_ms = 1000", []);
        reaped += (await acme.executions.reap({ limit: 20 })).length;
      } else {
        await acme.assignments.end(assignmentId);
        assignments[at] = await assign(agentId);
      }
    };
    const refusals: unknown[] = [];
    const client = async (): Promise<void> => {
      for (let step = 0; step < callsOfEach; step += 1)
        await work(step).catch((error: unknown) => refusals.push(error));
    };
    await Promise.all(Array.from({ length: clients }, client));
    await many.close();
    // What is over, or was ended a moment ago, says so; of a deadlock nobody hears.
    const expected = new Set(["Conflict", "IllegalTransition", "LeaseLost", "NotFound"]);
    expect(refusals.filter((error) => !expected.has((error as CodexError).code))).toEqual([]);
    expect(reaped).toBeGreaterThan(0);
  });

  it("locks are statements in front of a call: in a batch, in a transaction, under an idempotency key", async () => {
    const { id: campaign } = await ws.campaigns.create({ name: "C" });
    const { id } = await ws.quests.create(campaign, { name: "Q" });
    const { assignment } = await working();
    const [moved, ended, there] = await ws.batch((batch) => [
      batch.quests.transition(id, "in_progress"),
      batch.assignments.end(assignment),
      batch.campaigns.get(campaign),
    ]);
    expect(moved).toMatchObject({ id, status: "in_progress" });
    expect(ended).toMatchObject({ id: assignment, status: "completed" });
    expect(there).toMatchObject({ id: campaign });
    const weighed = await ws.transaction((tx) => tx.quests.update(id, { weight: 3 }));
    expect(weighed).toMatchObject({ id, weight: 3 });
    const idempotencyKey = randomUUID();
    const report = (): Promise<unknown> =>
      ws.quests.report(id, { current: 40 }, { idempotencyKey });
    expect(await report()).toMatchObject({ quest: { id, progress: 40 }, rolledUp: [] });
    expect(await report()).toMatchObject({ quest: { id, progress: 40 }, replayed: true });
    const { rows } = await world.db.admin.query(
      "select jsonb_array_length(response) as statements from codex.idempotency_keys where key = $1",
      [idempotencyKey],
    );
    expect(rows).toEqual([{ statements: 3 }]);
  });

  it("insights.supersede takes both insights in the order of their ids", async () => {
    const { signal } = await ws.signals.ingest({ kind: "market", title: randomUUID(), body: "B" });
    const make = async (): Promise<string> => {
      const input = { title: "I", type: "gap" as const, signalIds: [signal.id] };
      const { id } = await ws.insights.create(input);
      await ws.insights.publish(id);
      return id;
    };
    const [first = "", second = ""] = [await make(), await make()].toSorted();
    const supersede = (): Promise<unknown> => ws.insights.supersede(second, { byId: first });
    const outcome = await meet(row("market_insights", first), [supersede], () =>
      isFree("market_insights", second),
    );
    expect(outcome).toEqual(["fulfilled"]);
  });

  it("a silence that ends early goes through its alerts in the order of their ids", async () => {
    const team = randomUUID();
    const endsAt = new Date(Date.now() + 3_600_000);
    const rule = { matchers: [{ label: "team", value: team }], endsAt, comment: "c" };
    const silence = await ws.silences.create(rule);
    const [first = "", second = ""] = [randomUUID(), randomUUID()].toSorted();
    // Stored the other way round.
    for (const id of [second, first])
      await world.db.admin.query(
        `select codex.set_service_context('${world.acme}');
         select codex.trigger_alert('${world.acme}', '${id}', jsonb_build_object('type', 'error',
           'severity', 'low', 'title', 'A', 'labels', jsonb_build_object('team', '${team}')))`,
      );
    const outcome = await meet(
      row("system_alerts", first),
      [() => ws.silences.expire(silence.id)],
      () => isFree("system_alerts", second),
    );
    expect(outcome).toEqual(["fulfilled"]);
  });

  it("a purge waits for whoever is in the workspace, and meanwhile nobody comes in", async () => {
    const { userId } = world.bob;
    const slug = `purged-${randomUUID()}`;
    const { id } = await codex.workspaces.create({ name: "W", slug, ownerId: userId });
    const guest = codex.workspace(id, { userId });
    const { id: campaign } = await guest.campaigns.create({ name: "C" });
    const system = codex.system({ reason: "a test" });
    const { purge, refusals } = await guest.transaction(async (tx) => {
      await tx.campaigns.get(campaign);
      // Awaited outside: it ends after this.
      const purging = { ends: system.workspaces.purge(id) };
      purging.ends.catch(() => {});
      await waiting(1);
      const refused = await Promise.allSettled([
        guest.campaigns.list(),
        system.background(id).escalateAlerts(),
        codex.workspaces.get(id, { userId }),
      ]);
      await tx.campaigns.update(campaign, { name: "D" });
      return { purge: purging, refusals: refused };
    });
    expect(await purge.ends).toEqual({ id });
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ status: "rejected", reason: { code: "Forbidden" } });
    const { rows } = await world.db.admin.query("select from codex.workspaces where id = $1", [id]);
    expect(rows).toEqual([]);
  });

  it("a purge takes as long as it takes, whatever the client's calls may", async () => {
    const { userId: ownerId } = world.bob;
    const slug = `purged-${randomUUID()}`;
    const { id } = await codex.workspaces.create({ name: "W", slug, ownerId });
    const hasty = open(world.db, { timeoutMs: 200 });
    const { workspaces } = hasty.system({ reason: "a test" });
    const outcome = await meet(lock(`codex.purge:${id}`), [() => workspaces.purge(id)], () =>
      sleep(300),
    );
    await hasty.close();
    expect(outcome).toEqual(["fulfilled"]);
  });
});
