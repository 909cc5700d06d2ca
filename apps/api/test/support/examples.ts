import type { Codex, Invitation, Workspace } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import { makeMarket, marketExamples } from "./market.ts";
import type { MarketThings } from "./market.ts";
import type { KeyedWorkspace } from "./server.ts";

/** Things of one workspace that procedures can be about. */
export interface Things extends MarketThings {
  readonly canary: string;
  readonly segment: string;
  readonly campaign: string;
  /** Planned, and ready to become active. */
  readonly planned: string;
  /** Completed. */
  readonly completed: string;
  readonly quest: string;
  readonly otherQuest: string;
  readonly cohort: string;
  readonly otherCohort: string;
  readonly alert: string;
  readonly silence: string;
  /** Draft with all components. */
  readonly draft: string;
  readonly active: string;
  readonly message: string;
  /** Inactive. */
  readonly achievement: string;
  /** Of the owner. */
  readonly award: string;
  /** Key of one that the owner may claim. */
  readonly earned: string;
  readonly memberId: string;
  readonly ownerId: string;
  readonly keyId: string;
  readonly invitation: string;
  /** The id of another, which is open. */
  readonly openInvitation: string;
  /** In the inbox of the owner, who has the keys of all roles; and the e-mail of it. */
  readonly notification: string;
  readonly delivery: string;
  readonly endpoint: string;
  /** What stands for the owner's inbox as it is. */
  readonly asOf: string;
  readonly agent: string;
  /** Active in the workspace, with what follows. */
  readonly assignment: string;
  /** Paused. */
  readonly paused: string;
  readonly queued: string;
  /** Held with the first fencing token. */
  readonly running: string;
  readonly failed: string;
}

/** Makes one of everything; every text of it holds the canary. */
export async function makeThings(codex: Codex, { id, members }: KeyedWorkspace): Promise<Things> {
  const canary = `canary-${randomUUID()}`;
  const { owner, viewer } = members;
  const ws = codex.workspace(id, { userId: owner.userId });
  const segment = canary;
  const active = await positioning(ws, canary);
  await ws.positioning.publish(active);
  const draft = await positioning(ws, canary);
  const text = { coreMessage: canary, pillars: [{ claim: canary, proofPoints: [] }] };
  const published = await ws.messages.put(active, { ...text, channel: "email" });
  await ws.messages.publish(published.id);
  const message = (await ws.messages.put(active, { ...text, channel: "web" })).id;
  const create = async (name: string): Promise<string> =>
    (
      await ws.campaigns.create({
        name: `${canary} ${name}`,
        positioningId: active,
        startDate: "2026-01-01",
      })
    ).id;
  const campaign = await create("one");
  const quest = (await ws.quests.create(campaign, { name: canary })).id;
  const otherQuest = (await ws.quests.create(campaign, { name: canary })).id;
  const cohort = (await ws.cohorts.create({ name: canary })).id;
  const otherCohort = (await ws.cohorts.create({ name: canary })).id;
  await ws.cohorts.attach(campaign, cohort, { allocation: 10 });
  const { alert } = await ws.alerts.trigger({
    type: "error",
    severity: "low",
    title: canary,
    source: canary,
    campaignId: campaign,
    labels: { team: canary },
  });
  const silence = await ws.silences.create({
    matchers: [{ label: "team", value: `not ${canary}` }],
    endsAt: new Date(Date.now() + 3_600_000),
    comment: canary,
  });
  const planned = await create("planned");
  await ws.quests.create(planned, { name: canary });
  await ws.campaigns.transition(planned, "planning");
  const completed = await create("completed");
  await ws.quests.create(completed, { name: canary });
  for (const to of ["planning", "active", "completed"] as const)
    await ws.campaigns.transition(completed, to);
  const achievement = (await ws.achievements.define({ key: word(), name: canary })).id;
  const given = await reached(ws, canary);
  await ws.achievements.unlock(owner.userId, given, { evidence: { canary } });
  const awards = await ws.achievements.forUser(owner.userId, { first: 1 });
  // Afterwards: whatever is reached comes with the next award by itself.
  const earned = await reached(ws, canary);
  const work = await makeWork(codex, ws, { canary, campaign });
  const key = await codex.workspaces.apiKeys.create(id, { name: canary, actingAs: owner.userId });
  const invite = (email: string): Promise<Invitation> =>
    codex.workspaces.invite(id, { email, userId: owner.userId });
  const invited = await invite(`${canary}@example.org`);
  const open = await invite(`open-${canary}@example.org`);
  return {
    ...(await makeNotifications(ws, owner.userId, canary)),
    canary,
    segment,
    campaign,
    planned,
    completed,
    quest,
    otherQuest,
    cohort,
    otherCohort,
    ...(await makeMarket(ws, canary)),
    alert: alert.id,
    silence: silence.id,
    draft,
    active,
    message,
    achievement,
    award: awards.items[0]?.id ?? "",
    earned,
    memberId: viewer.userId,
    ownerId: owner.userId,
    keyId: key.id,
    invitation: invited.token,
    openInvitation: open.id,
    ...work,
  };
}

/** The key of an achievement that whoever has completed a campaign may claim. */
async function reached(ws: Workspace, name: string): Promise<string> {
  const { id, key } = await ws.achievements.define({
    key: word(),
    name,
    points: 10,
    criteria: { kind: "threshold", metric: "campaigns_completed", threshold: 1 },
  });
  await ws.achievements.activate(id);
  return key;
}

function word(): string {
  return `key_${randomUUID().replaceAll("-", "_")}`;
}

async function makeNotifications(
  ws: Workspace,
  userId: string,
  canary: string,
): Promise<Pick<Things, "notification" | "delivery" | "endpoint" | "asOf">> {
  await ws.preferences.set({ channels: { default: ["email"] } });
  const { id: notification } = await ws.notifications.send({
    to: [userId],
    type: "message",
    title: canary,
  });
  const { items } = await ws.deliveries.list({ filter: { channel: "email" }, first: 1 });
  const url = `https://hooks.example.org/${canary}`;
  const { id: endpoint } = await ws.webhooks.create({ url });
  const { asOf } = await ws.notifications.inbox.counts();
  return { notification, delivery: items[0]?.id ?? "", endpoint, asOf };
}

/** An agent at work: one execution queued, one running, one failed. */
async function makeWork(
  codex: Codex,
  ws: Workspace,
  { canary, campaign }: { canary: string; campaign: string },
): Promise<Pick<Things, "agent" | "assignment" | "paused" | "queued" | "running" | "failed">> {
  // The registry is of all workspaces: its names tell nothing of any.
  const { agents } = codex.system({ reason: "an agent for a test" });
  const agent = (await agents.register({ name: randomUUID(), guild: "research" })).id;
  await agents.publish(agent);
  const assignment = (await ws.assignments.assign({ agentId: agent, maxConcurrency: 5 })).id;
  const paused = (await ws.assignments.assign({ agentId: agent, campaignId: campaign })).id;
  await ws.assignments.pause(paused);
  const start = async (): Promise<string> => {
    const input = { topic: canary };
    return (await ws.executions.start({ assignmentId: assignment, input })).execution.id;
  };
  const failed = await start();
  const running = await start();
  await ws.executions.claim({ agentId: agent, max: 2, leaseMs: 3_600_000 });
  await ws.executions.fail(failed, 1, { error: canary });
  return { agent, assignment, paused, queued: await start(), running, failed };
}

async function positioning(ws: Workspace, text: string): Promise<string> {
  const made = await ws.positioning.create({
    segment: text,
    name: text,
    competitiveAlternatives: [text],
    uniqueAttributes: [text],
    valueThemes: [text],
    bestFitCustomers: text,
    marketCategory: text,
  });
  return made.id;
}

/**
 * An input for each procedure that its least role may send, about things that are there. A procedure
 * without one fails the tests.
 */
export const examples: Readonly<Record<string, (things: Things) => unknown>> = {
  "people.ensure": () => ({ name: "Iris" }),
  "workspaces.create": () => ({ name: "New", slug: `new-${randomUUID()}` }),
  "workspaces.get": () => undefined,
  "workspaces.bySlug": () => ({ slug: `none-${randomUUID()}` }),
  "workspaces.forUser": () => undefined,
  "workspaces.invite": () => ({ email: "somebody@example.org", role: "viewer" }),
  "workspaces.acceptInvitation": ({ invitation }) => ({ token: invitation }),
  "workspaces.members.list": () => ({}),
  "workspaces.members.changeRole": ({ memberId }) => ({ memberId, role: "analyst" }),
  "workspaces.members.remove": ({ memberId }) => ({ memberId }),
  "workspaces.members.listInvitations": () => ({}),
  "workspaces.members.revokeInvitation": ({ openInvitation: invitationId }) => ({ invitationId }),
  "workspaces.apiKeys.create": () => ({ name: "Made" }),
  "workspaces.apiKeys.list": () => ({}),
  "workspaces.apiKeys.revoke": ({ keyId }) => ({ keyId }),
  "positioning.create": () => ({ segment: "s", name: "P" }),
  "positioning.update": ({ draft }) => ({ id: draft, change: { name: "Q" } }),
  "positioning.fork": ({ active }) => ({ id: active, name: "F" }),
  "positioning.check": ({ draft }) => ({ id: draft }),
  "positioning.publish": ({ draft }) => ({ id: draft }),
  "positioning.retract": ({ draft }) => ({ id: draft }),
  "positioning.get": ({ active }) => ({ id: active }),
  "positioning.list": () => ({ first: 5 }),
  "positioning.history": ({ segment }) => ({ segment }),
  "messages.put": ({ active }) => ({ positioningId: active, coreMessage: "m", pillars: [] }),
  "messages.get": ({ message }) => ({ id: message }),
  "messages.lint": ({ message }) => ({ id: message }),
  "messages.publish": ({ message }) => ({ id: message }),
  "messages.resolve": ({ segment }) => ({ segment, channel: "email" }),
  "campaigns.create": ({ active, ownerId }) => ({
    name: "C",
    positioningId: active,
    ownerId,
    budget: { amountMinor: "12", currency: "EUR" },
  }),
  "campaigns.createMany": ({ campaign }) => ({
    campaigns: [{ name: "One", parentId: campaign }, { name: "" }],
  }),
  "campaigns.get": ({ campaign }) => ({ id: campaign }),
  "campaigns.find": ({ campaign }) => ({ id: campaign }),
  "campaigns.list": ({ ownerId }) => ({ first: 5, filter: { ownerId } }),
  "campaigns.update": ({ campaign }) => ({ id: campaign, change: { description: "D" } }),
  "campaigns.transition": ({ planned }) => ({ id: planned, to: "active" }),
  "campaigns.move": ({ planned, campaign }) => ({ id: planned, parentId: campaign }),
  "campaigns.tree": ({ campaign }) => ({ id: campaign }),
  "campaigns.rollup": ({ campaign }) => ({ id: campaign }),
  "campaigns.archive": ({ completed }) => ({ id: completed }),
  "quests.create": ({ campaign, quest }) => ({ campaignId: campaign, name: "Q", parentId: quest }),
  "quests.get": ({ quest }) => ({ id: quest }),
  "quests.update": ({ quest, memberId }) => ({ id: quest, change: { assignedTo: memberId } }),
  "quests.transition": ({ quest }) => ({ id: quest, to: "in_progress" }),
  "quests.move": ({ quest, otherQuest }) => ({ id: quest, parentId: otherQuest }),
  "quests.complete": ({ quest }) => ({ id: quest }),
  "quests.tree": ({ campaign }) => ({ campaignId: campaign }),
  "quests.report": ({ quest }) => ({ id: quest, current: 40 }),
  "quests.dependsOn": ({ quest, otherQuest }) => ({ id: quest, otherId: otherQuest }),
  "cohorts.create": () => ({ name: "H", demographics: { age: [20, 30] } }),
  "cohorts.get": ({ cohort }) => ({ id: cohort }),
  "cohorts.list": () => ({}),
  "cohorts.attach": ({ campaign, otherCohort }) => ({
    campaignId: campaign,
    cohortId: otherCohort,
    allocation: 5,
  }),
  "cohorts.detach": ({ campaign, cohort }) => ({ campaignId: campaign, cohortId: cohort }),
  "cohorts.recordReach": ({ campaign, cohort }) => ({
    campaignId: campaign,
    cohortId: cohort,
    reached: 5,
  }),
  "cohorts.overlap": ({ cohort, otherCohort }) => ({ ids: [cohort, otherCohort] }),
  "achievements.define": ({ achievement }) => ({
    key: word(),
    name: "A",
    prerequisiteId: achievement,
    criteria: { kind: "threshold", metric: "posts", threshold: 5 },
  }),
  "achievements.activate": ({ achievement }) => ({ id: achievement, backfill: true }),
  "achievements.retire": ({ achievement }) => ({ id: achievement }),
  "achievements.list": ({ memberId }) => ({ first: 5, userId: memberId }),
  "achievements.unlock": ({ ownerId, earned }) => ({ userId: ownerId, key: earned }),
  "achievements.revoke": ({ award }) => ({ id: award, reason: "x", reversePoints: true }),
  "achievements.forUser": ({ memberId }) => ({ userId: memberId }),
  "achievements.exportBadge": ({ award }) => ({ id: award }),
  "points.adjust": ({ memberId }) => ({ userId: memberId, delta: 5, reason: "x" }),
  "points.history": ({ ownerId }) => ({ userId: ownerId }),
  "points.reconcile": () => undefined,
  "activity.record": ({ ownerId }) => ({ userId: ownerId, metric: "posts" }),
  "activity.rules": () => undefined,
  "activity.setRule": () => ({ metric: "posts", pointsEach: 1 }),
  "stats.get": ({ memberId }) => ({ userId: memberId }),
  "stats.setVisibility": () => ({ visibility: "members" }),
  "leaderboards.top": () => ({ first: 5 }),
  "leaderboards.around": ({ memberId }) => ({ userId: memberId }),
  "leaderboards.rankOf": ({ memberId }) => ({ userId: memberId, window: "week" }),
  "alerts.trigger": ({ campaign, cohort }) => ({
    type: "anomaly",
    severity: "high",
    title: "A",
    dedupKey: `key ${randomUUID()}`,
    labels: { team: "ads" },
    dataPoints: { clicks: 3 },
    campaignId: campaign,
    cohortId: cohort,
  }),
  "alerts.acknowledge": ({ alert }) => ({ id: alert }),
  "alerts.resolve": ({ alert }) => ({ id: alert, note: "Done" }),
  "alerts.dismiss": ({ alert }) => ({ id: alert }),
  "alerts.snooze": ({ alert }) => ({
    id: alert,
    until: new Date(Date.now() + 3_600_000).toISOString(),
  }),
  "alerts.get": ({ alert }) => ({ id: alert }),
  "alerts.list": ({ campaign }) => ({ first: 5, filter: { campaignId: campaign, open: true } }),
  "alerts.groups": ({ campaign }) => ({
    by: ["severity", "label:team"],
    filter: { campaignId: campaign },
  }),
  "alerts.timeline": ({ alert }) => ({ id: alert, first: 5 }),
  "alerts.explain": ({ alert, memberId }) => ({ id: alert, userId: memberId }),
  "alerts.subscribe": () => ({ after: 0 }),
  "silences.create": () => ({
    matchers: [{ label: "team", op: "is", value: "nobody" }],
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    comment: "Known",
  }),
  "silences.expire": ({ silence }) => ({ id: silence }),
  "silences.list": () => ({ first: 5, filter: { state: "active" } }),
  "notifications.send": ({ ownerId, campaign }) => ({
    to: [ownerId],
    type: "message",
    title: "N",
    campaignId: campaign,
  }),
  "notifications.inbox.list": () => ({ first: 5 }),
  "notifications.inbox.counts": () => undefined,
  "notifications.inbox.mark": ({ notification }) => ({ ids: [notification], as: "read" }),
  "notifications.inbox.markAllRead": ({ asOf }) => ({ upTo: asOf }),
  "notifications.inbox.snooze": ({ notification }) => ({ id: notification, until: null }),
  "notifications.inbox.subscribe": () => ({ after: 0 }),
  "preferences.get": () => undefined,
  "preferences.set": () => ({ digest: "off", quietHours: [{ from: "22:00", to: "07:00" }] }),
  "preferences.preview": () => ({ category: "general", at: "2026-03-08T06:30:00Z" }),
  "deliveries.list": ({ endpoint }) => ({ first: 5, filter: { endpointId: endpoint } }),
  "deliveries.redeliver": ({ delivery }) => ({ id: delivery }),
  "webhooks.create": () => ({ url: "https://hooks.example.org/codex" }),
  "webhooks.list": () => ({ first: 5 }),
  "webhooks.disable": ({ endpoint }) => ({ id: endpoint }),
  "webhooks.rotateSecret": ({ endpoint }) => ({ id: endpoint }),
  "agents.get": ({ agent }) => ({ id: agent }),
  "agents.list": () => ({ first: 5, filter: { guild: "matrix" } }),
  "agents.find": () => ({ minSuccessRate: 1, limit: 5 }),
  "agents.card": ({ agent }) => ({ id: agent }),
  "agents.heartbeat": ({ agent }) => ({ agentId: agent, instance: "w1", slots: 2 }),
  "capabilities.list": ({ agent }) => ({ agentId: agent }),
  "assignments.assign": ({ agent, planned }) => ({
    agentId: agent,
    campaignId: planned,
    priority: "high",
  }),
  "assignments.get": ({ assignment }) => ({ id: assignment }),
  "assignments.list": ({ campaign }) => ({ filter: { campaignId: campaign } }),
  "assignments.pause": ({ assignment }) => ({ id: assignment }),
  "assignments.resume": ({ paused }) => ({ id: paused }),
  "assignments.end": ({ paused }) => ({ id: paused }),
  "executions.start": ({ assignment }) => ({ assignmentId: assignment, input: { topic: "x" } }),
  "executions.claim": ({ agent }) => ({ agentId: agent }),
  "executions.heartbeat": ({ running }) => ({ id: running, fencingToken: 1 }),
  "executions.complete": ({ running }) => ({ id: running, fencingToken: 1, output: { a: 1 } }),
  "executions.fail": ({ running }) => ({ id: running, fencingToken: 1, error: "e" }),
  "executions.cancel": ({ queued }) => ({ id: queued, reason: "r" }),
  "executions.retry": ({ failed }) => ({ id: failed }),
  "executions.get": ({ running }) => ({ id: running }),
  "executions.list": ({ assignment }) => ({ filter: { assignmentId: assignment } }),
  "executions.watch": ({ failed }) => ({ id: failed }),
  "executions.reap": () => ({}),
  "performance.summary": () => ({
    window: { from: new Date(Date.now() - 86_400_000).toISOString() },
    by: "day",
  }),
  ...marketExamples,
  "events.ticket": () => undefined,
  "events.subscribe": () => ({ after: 0 }),
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u;

/** Ways to every id inside an input: `["change", "assignedTo"]`. */
export function idPaths(
  input: unknown,
  at: readonly (string | number)[] = [],
): (string | number)[][] {
  if (typeof input === "string") return uuid.test(input) ? [[...at]] : [];
  if (typeof input !== "object" || input === null) return [];
  return Object.entries(input).flatMap(([key, value]) =>
    idPaths(value, [...at, Array.isArray(input) ? Number(key) : key]),
  );
}

/** What stands there. */
export function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (part as Record<string | number, unknown>)[key],
    input,
  );
}

/** A copy with another value there. */
export function withValue(
  input: unknown,
  path: readonly (string | number)[],
  value: unknown,
): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = Array.isArray(input) ? [...(input as unknown[])] : { ...(input as object) };
  const parts = copy as Record<string | number, unknown>;
  parts[key] = withValue(parts[key], rest, value);
  return copy;
}
