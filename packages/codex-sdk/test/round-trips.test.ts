import { createCodex } from "@codex/sdk";
import type { Codex, Workspace } from "@codex/sdk";
import { countRoundTrips } from "@codex/sdk/testing";
import type { RoundTrips } from "@codex/sdk/testing";
import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gamificationCalls, makeGamification } from "./gamification-calls.ts";
import { activePositioning, makeWorld, newAgent } from "./world.ts";
import { makeMarket, marketCalls } from "./market-calls.ts";
import type { World } from "./world.ts";

describe("round trips, counted on the wire", () => {
  let world: World;
  let trips: RoundTrips;
  let pool: pg.Pool;
  let codex: Codex;
  let ws: Workspace;
  beforeAll(async () => {
    world = await makeWorld();
    trips = countRoundTrips();
    pool = new pg.Pool({
      connectionString: world.db.url("codex_api"),
      max: 1,
      stream: trips.stream,
    });
    // The database may be dropped while a session is still saying goodbye.
    pool.on("error", () => {});
    codex = createCodex({
      pool,
      service: { connectionString: world.db.url("codex_worker"), max: 1 },
    });
    ws = codex.workspace(world.acme, world.ada);
    await ws.campaigns.list();
  });
  afterAll(async () => {
    await codex.close();
    await pool.end();
    await world[Symbol.asyncDispose]();
  });

  const count = async (work: () => Promise<unknown>): Promise<number> => {
    trips.reset();
    await work();
    return trips.count;
  };

  it("are one for every method, and as many as it says for the few that look first", async () => {
    const segment = randomUUID();
    const positioningId = await activePositioning(world.ada, segment);
    const pillars = [{ claim: "c", proofPoints: [{ text: "t", source: "s" }] }];
    const draft = await ws.positioning.create({ segment: randomUUID(), name: "P" });
    const message = await ws.messages.put(positioningId, { coreMessage: "m", pillars });
    const campaign = await ws.campaigns.create({
      name: "C",
      positioningId,
      startDate: "2026-01-01",
    });
    const other = await ws.campaigns.create({ name: "D" });
    const quest = await ws.quests.create(campaign.id, { name: "Q" });
    const next = await ws.quests.create(campaign.id, { name: "R" });
    const cohort = await ws.cohorts.create({ name: "H" });
    const two = await ws.cohorts.create({ name: "I" });
    const { alert } = await ws.alerts.trigger({ type: "error", severity: "low", title: "A" });
    const soon = new Date(Date.now() + 60_000);
    const rule = { matchers: [{ label: "team", value: "x" }], endsAt: soon, comment: "c" };
    const silence = await ws.silences.create(rule);
    const agent = await newAgent(codex);
    const assignment = await ws.assignments.assign({ agentId: agent, maxConcurrency: 9 });
    const start = async (): Promise<string> =>
      (await ws.executions.start({ assignmentId: assignment.id })).execution.id;
    const claim = async (): Promise<{ id: string; token: number }> => {
      await start();
      const [claimed] = await ws.executions.claim({ agentId: agent });
      if (claimed === undefined) throw new Error("nothing to claim");
      return { id: claimed.execution.id, token: claimed.fencingToken };
    };
    const [one, failing, queued] = [await claim(), await claim(), await start()];
    const methods: Record<string, readonly [trips: number, call: () => Promise<unknown>]> = {
      "positioning.create": [1, () => ws.positioning.create({ segment: "s", name: "P" })],
      "positioning.update": [1, () => ws.positioning.update(draft.id, { name: "x" })],
      "positioning.fork": [2, () => ws.positioning.fork(positioningId)],
      "positioning.check": [1, () => ws.positioning.check(draft.id)],
      "positioning.get": [1, () => ws.positioning.get(draft.id)],
      "positioning.list": [1, async () => ws.positioning.list()],
      "positioning.history": [1, () => ws.positioning.history(segment)],
      "messages.put": [1, () => ws.messages.put(positioningId, { coreMessage: "n", pillars })],
      "messages.get": [1, () => ws.messages.get(message.id)],
      "messages.lint": [1, () => ws.messages.lint(message.id)],
      "messages.publish": [1, () => ws.messages.publish(message.id)],
      "messages.resolve": [1, () => ws.messages.resolve({ segment })],
      "campaigns.create": [1, () => ws.campaigns.create({ name: "x" })],
      "campaigns.createMany": [
        1,
        () => ws.campaigns.createMany(Array.from({ length: 100 }, () => ({ name: "x" }))),
      ],
      "campaigns.get": [1, () => ws.campaigns.get(campaign.id)],
      "campaigns.find": [1, () => ws.campaigns.find(campaign.id)],
      "campaigns.list": [1, async () => ws.campaigns.list()],
      "campaigns.update": [1, () => ws.campaigns.update(campaign.id, { name: "y" })],
      "campaigns.transition": [1, () => ws.campaigns.transition(campaign.id, "planning")],
      "campaigns.move": [1, () => ws.campaigns.move(other.id, { parentId: campaign.id })],
      "campaigns.tree": [1, () => ws.campaigns.tree(campaign.id)],
      "campaigns.rollup": [1, () => ws.campaigns.rollup(campaign.id)],
      "quests.create": [1, () => ws.quests.create(campaign.id, { name: "S" })],
      "quests.get": [1, () => ws.quests.get(quest.id)],
      "quests.update": [1, () => ws.quests.update(quest.id, { name: "T" })],
      "quests.move": [1, () => ws.quests.move(quest.id, { parentId: null })],
      "quests.transition": [1, () => ws.quests.transition(quest.id, "in_progress")],
      "quests.dependsOn": [2, () => ws.quests.dependsOn(quest.id, next.id)],
      "quests.report": [1, () => ws.quests.report(quest.id, { current: 5 })],
      "quests.complete": [1, () => ws.quests.complete(next.id)],
      "quests.tree": [1, () => ws.quests.tree(campaign.id)],
      "cohorts.create": [1, () => ws.cohorts.create({ name: "J" })],
      "cohorts.get": [1, () => ws.cohorts.get(cohort.id)],
      "cohorts.list": [1, async () => ws.cohorts.list()],
      "cohorts.attach": [1, () => ws.cohorts.attach(campaign.id, cohort.id, { allocation: 1 })],
      "cohorts.recordReach": [
        1,
        () => ws.cohorts.recordReach(campaign.id, cohort.id, { reached: 1 }),
      ],
      "cohorts.detach": [1, () => ws.cohorts.detach(campaign.id, cohort.id)],
      "cohorts.overlap": [1, () => ws.cohorts.overlap([cohort.id, two.id])],
      ...gamificationCalls(await makeGamification(ws, world.vic.userId)),
      "alerts.trigger": [
        1,
        () => ws.alerts.trigger({ type: "error", severity: "low", title: "B", dedupKey: "b" }),
      ],
      "alerts.get": [1, () => ws.alerts.get(alert.id)],
      "alerts.list": [1, async () => ws.alerts.list({ filter: { labels: { team: "x" } } })],
      "alerts.groups": [1, () => ws.alerts.groups({ by: ["type"] })],
      "alerts.timeline": [1, async () => ws.alerts.timeline(alert.id)],
      "alerts.explain": [1, () => ws.alerts.explain(alert.id, world.ada.userId)],
      "alerts.snooze": [1, () => ws.alerts.snooze(alert.id, { until: soon })],
      "alerts.acknowledge": [1, () => ws.alerts.acknowledge(alert.id)],
      "alerts.resolve": [1, () => ws.alerts.resolve(alert.id)],
      "alerts.dismiss": [1, () => ws.alerts.dismiss(alert.id).catch(() => {})],
      "alerts.subscribe": [1, () => ws.alerts.subscribe({ after: 0 }).next()],
      "silences.create": [1, () => ws.silences.create(rule)],
      "silences.expire": [1, () => ws.silences.expire(silence.id)],
      "silences.list": [1, async () => ws.silences.list({ filter: { state: "active" } })],
      "agents.get": [1, () => ws.agents.get(agent)],
      "agents.list": [1, async () => ws.agents.list()],
      "agents.find": [1, () => ws.agents.find()],
      "agents.card": [1, () => ws.agents.card(agent)],
      "agents.heartbeat": [1, () => ws.agents.heartbeat(agent, { instance: "w" })],
      "capabilities.list": [1, () => ws.capabilities.list({ agentId: agent })],
      "assignments.assign": [
        1,
        () => ws.assignments.assign({ agentId: agent, campaignId: campaign.id }),
      ],
      "assignments.get": [1, () => ws.assignments.get(assignment.id)],
      "assignments.list": [1, async () => ws.assignments.list()],
      "executions.start": [1, () => ws.executions.start({ assignmentId: assignment.id })],
      "executions.claim": [1, () => ws.executions.claim({ agentId: agent })],
      "executions.heartbeat": [1, () => ws.executions.heartbeat(one.id, one.token)],
      "executions.complete": [1, () => ws.executions.complete(one.id, one.token)],
      "executions.fail": [1, () => ws.executions.fail(failing.id, failing.token, { error: "e" })],
      "executions.retry": [1, () => ws.executions.retry(failing.id)],
      "executions.cancel": [1, () => ws.executions.cancel(queued)],
      "executions.get": [1, () => ws.executions.get(one.id)],
      "executions.list": [1, async () => ws.executions.list()],
      "executions.watch": [1, () => ws.executions.watch(one.id).next()],
      "executions.reap": [1, () => ws.executions.reap()],
      "performance.summary": [
        1,
        () => ws.performance.summary({ window: { from: new Date(Date.now() - 86_400_000) } }),
      ],
      "assignments.pause": [1, () => ws.assignments.pause(assignment.id)],
      "assignments.resume": [1, () => ws.assignments.resume(assignment.id)],
      "assignments.end": [1, () => ws.assignments.end(assignment.id)],
      ...marketCalls(await makeMarket(ws, cohort.id)),
      "positioning.publish": [1, () => ws.positioning.publish(draft.id).catch(() => {})],
      "positioning.retract": [1, () => ws.positioning.retract(draft.id)],
      ...(await notificationMethods(ws, world)),
      "events.subscribe": [1, () => ws.events.subscribe({ after: 0 }).next()],
      "events.ticket": [1, () => ws.events.ticket()],
      "campaigns.archive": [1, () => ws.campaigns.archive(other.id).catch(() => {})],
    };
    const counted: Record<string, number> = {};
    for (const [name, [, call]] of Object.entries(methods)) counted[name] = await count(call);
    expect(counted).toEqual(
      Object.fromEntries(Object.entries(methods).map(([name, [trip]]) => [name, trip])),
    );
    expect(Object.keys(methods).toSorted()).toEqual(publicMethods(ws).toSorted());
  });

  it("are one where a version is expected, whether it has that or not", async () => {
    const { id: campaignId } = await ws.campaigns.create({ name: "C" });
    const { id } = await ws.quests.create(campaignId, { name: "Q" });
    for (const expectedVersion of [1, 2]) {
      const move = (): Promise<unknown> =>
        ws.quests.move(id, { parentId: null }, { expectedVersion }).catch(() => {});
      expect(await count(move)).toBe(1);
    }
  });

  it("are one for workspaces too, two with an idempotency key, and n + 1 in a transaction", async () => {
    const { acme, ada } = world;
    expect(await count(() => codex.workspaces.get(acme, ada))).toBe(1);
    expect(await count(() => codex.workspaces.forUser(ada.userId))).toBe(1);
    expect(await count(async () => codex.workspaces.members.list(acme, ada))).toBe(1);
    expect(await count(async () => codex.workspaces.members.listInvitations(acme, ada))).toBe(1);
    const sent = await codex.workspaces.invite(acme, {
      email: "r@example.org",
      userId: ada.userId,
    });
    const revoke = (): Promise<unknown> =>
      codex.workspaces.members.revokeInvitation(acme, { invitationId: sent.id, ...ada });
    expect(await count(revoke)).toBe(1);
    const idempotencyKey = randomUUID();
    const keyed = (): Promise<unknown> => ws.campaigns.create({ name: "K" }, { idempotencyKey });
    expect(await count(keyed)).toBe(2);
    // Replayed: the refused claim, its rollback, and the stored answer.
    expect(await count(keyed)).toBe(3);
    const { id } = await ws.campaigns.create({ name: "B" });
    const batch = (): Promise<unknown> =>
      ws.batch((b) => [
        b.campaigns.get(id),
        b.campaigns.update(id, { name: "x" }),
        b.quests.tree(id),
      ]);
    // COMMIT waits for what the calls make of their rows.
    expect(await count(batch)).toBe(2);
    const reads = (): Promise<unknown> => ws.batch((b) => [b.campaigns.get(id), b.quests.tree(id)]);
    expect(await count(reads)).toBe(1);
    const missing = (): Promise<unknown> =>
      ws
        .batch((b) => [b.campaigns.get(randomUUID()), b.campaigns.update(id, { name: "z" })])
        .catch(() => {});
    expect(await count(missing)).toBe(2);
    const work = (): Promise<unknown> =>
      ws.transaction(async (tx) => {
        await tx.campaigns.get(id);
        await tx.campaigns.update(id, { name: "y" });
      });
    expect(await count(work)).toBe(3);
  });
});

type Method = readonly [trips: number, call: () => Promise<unknown>];

async function notificationMethods(ws: Workspace, { ada }: World): Promise<Record<string, Method>> {
  const note = { to: [ada.userId], type: "message" as const, title: "N" };
  const { id } = await ws.notifications.send(note);
  const { asOf } = await ws.notifications.inbox.counts();
  const endpoint = await ws.webhooks.create({ url: "https://example.org" });
  await ws.preferences.set({ channels: { default: ["email"] } });
  await ws.notifications.send(note);
  const [delivery] = (await ws.deliveries.list()).items;
  const { inbox } = ws.notifications;
  return {
    "notifications.send": [1, () => ws.notifications.send(note)],
    "notifications.inbox.list": [1, async () => inbox.list()],
    "notifications.inbox.counts": [1, () => inbox.counts()],
    "notifications.inbox.mark": [1, () => inbox.mark([id], "read")],
    "notifications.inbox.markAllRead": [1, () => inbox.markAllRead({ upTo: asOf })],
    "notifications.inbox.snooze": [1, () => inbox.snooze(id, { until: null })],
    "notifications.inbox.subscribe": [1, () => inbox.subscribe({ after: 0 }).next()],
    "preferences.get": [1, () => ws.preferences.get()],
    "preferences.set": [1, () => ws.preferences.set({ digest: "off" })],
    "preferences.preview": [1, () => ws.preferences.preview({ category: "x", at: new Date() })],
    "deliveries.list": [1, async () => ws.deliveries.list()],
    "deliveries.redeliver": [1, () => ws.deliveries.redeliver(delivery?.id ?? "")],
    "webhooks.create": [1, () => ws.webhooks.create({ url: "https://example.org" })],
    "webhooks.list": [1, async () => ws.webhooks.list()],
    "webhooks.rotateSecret": [1, () => ws.webhooks.rotateSecret(endpoint.id)],
    "webhooks.disable": [1, () => ws.webhooks.disable(endpoint.id)],
  };
}

/** Every method of every client, whatever clients there are. */
function publicMethods({ id, ...clients }: Workspace): string[] {
  const { inbox } = clients.notifications;
  const { feeds } = clients.signals;
  return Object.entries({
    ...clients,
    "notifications.inbox": inbox,
    "signals.feeds": feeds,
  }).flatMap(([name, client]) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(client))
      .filter((method) => method !== "constructor")
      .map((method) => `${name}.${method}`),
  );
}
