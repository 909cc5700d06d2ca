import type { EditOptions } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import { activePositioning, newAgent } from "./world.ts";
import type { Actor, World } from "./world.ts";

/** A write to something that has a version. */
export interface VersionCase {
  /** Where the thing is kept, and the column by which it is known here. */
  readonly table: string;
  readonly key: string;
  /** Makes one and gives its key. */
  make(): Promise<string>;
  call(actor: Actor, key: string, options: EditOptions): Promise<unknown>;
  /** What a viewer is told, if it is not Forbidden. */
  readonly viewer?: "NotFound";
  /** Its secret is shown once, so that it cannot be given again. */
  readonly isShownOnce?: true;
}

/** Every method that takes a version, by its name. */
export async function versionCases(world: World): Promise<Record<string, VersionCase>> {
  return {
    ...strategyCases(world),
    ...(await campaignCases(world)),
    ...questCases(world),
    ...(await linkCases(world)),
    ...signalCases(world),
    ...(await insightCases(world)),
    ...earningCases(world),
    ...alertCases(world),
    ...(await agentCases(world)),
    ...workspaceCases(world),
    ...invitationCases(world),
  };
}

const complete = {
  competitiveAlternatives: ["a"],
  uniqueAttributes: ["b"],
  valueThemes: ["c"],
  bestFitCustomers: "d",
  marketCategory: "e",
};
const words = {
  coreMessage: "m",
  pillars: [{ claim: "c", proofPoints: [{ text: "t", source: "s" }] }],
};

function strategyCases({ ada }: World): Record<string, VersionCase> {
  const positioning = {
    table: "positioning",
    key: "id",
    make: async () =>
      (await ada.ws.positioning.create({ segment: randomUUID(), name: "P", ...complete })).id,
  };
  const putMessage = async (positioningId: string): Promise<string> =>
    (await ada.ws.messages.put(positioningId, words)).id;
  return {
    "positioning.update": {
      ...positioning,
      call: ({ ws }, id, options) => ws.positioning.update(id, { name: "Q" }, options),
    },
    "positioning.publish": {
      ...positioning,
      call: ({ ws }, id, options) => ws.positioning.publish(id, options),
    },
    "positioning.retract": {
      ...positioning,
      call: ({ ws }, id, options) => ws.positioning.retract(id, options),
    },
    "messages.put": {
      table: "message_architecture",
      key: "positioning_id",
      make: async () => {
        const id = await activePositioning(ada);
        await putMessage(id);
        return id;
      },
      call: ({ ws }, id, options) => ws.messages.put(id, { ...words, coreMessage: "n" }, options),
    },
    "messages.publish": {
      table: "message_architecture",
      key: "id",
      make: async () => putMessage(await activePositioning(ada)),
      call: ({ ws }, id, options) => ws.messages.publish(id, options),
    },
  };
}

async function newCampaign({ ws }: Actor): Promise<string> {
  return (await ws.campaigns.create({ name: "C" })).id;
}

async function campaignCases({ ada }: World): Promise<Record<string, VersionCase>> {
  const parentId = await newCampaign(ada);
  const campaign = { table: "campaigns", key: "id", make: () => newCampaign(ada) };
  return {
    "campaigns.update": {
      ...campaign,
      call: ({ ws }, id, options) => ws.campaigns.update(id, { name: "D" }, options),
    },
    "campaigns.transition": {
      ...campaign,
      call: ({ ws }, id, options) => ws.campaigns.transition(id, "planning", options),
    },
    "campaigns.archive": {
      ...campaign,
      make: async () => {
        const { id } = await ada.ws.campaigns.create({
          name: "C",
          positioningId: await activePositioning(ada),
          startDate: "2026-01-31",
        });
        await ada.ws.quests.create(id, { name: "Q" });
        for (const to of ["planning", "active", "completed"] as const)
          await ada.ws.campaigns.transition(id, to);
        return id;
      },
      call: ({ ws }, id, options) => ws.campaigns.archive(id, options),
    },
    "campaigns.move": {
      ...campaign,
      call: ({ ws }, id, options) => ws.campaigns.move(id, { parentId }, options),
    },
  };
}

function questCases({ ada }: World): Record<string, VersionCase> {
  const quest = {
    table: "campaign_quests",
    key: "id",
    make: async () => {
      const campaignId = await newCampaign(ada);
      const { id } = await ada.ws.quests.create(campaignId, { name: "Q" });
      // Behind whom it can be moved.
      await ada.ws.quests.create(campaignId, { name: "R" });
      return id;
    },
  };
  return {
    "quests.update": {
      ...quest,
      call: ({ ws }, id, options) => ws.quests.update(id, { name: "S" }, options),
    },
    "quests.transition": {
      ...quest,
      call: ({ ws }, id, options) => ws.quests.transition(id, "in_progress", options),
    },
    "quests.move": {
      ...quest,
      call: ({ ws }, id, options) => ws.quests.move(id, { parentId: null }, options),
    },
    "quests.complete": {
      ...quest,
      call: ({ ws }, id, options) => ws.quests.complete(id, {}, options),
    },
    "quests.report": {
      ...quest,
      call: ({ ws }, id, options) => ws.quests.report(id, { current: 5 }, options),
    },
  };
}

async function linkCases({ ada }: World): Promise<Record<string, VersionCase>> {
  const { id: cohortId } = await ada.ws.cohorts.create({ name: "H" });
  const link = {
    table: "campaign_cohorts",
    key: "campaign_id",
    make: async () => {
      const campaignId = await newCampaign(ada);
      await ada.ws.cohorts.attach(campaignId, cohortId, { allocation: 5 });
      return campaignId;
    },
  };
  return {
    "cohorts.attach": {
      ...link,
      call: ({ ws }, id, options) => ws.cohorts.attach(id, cohortId, { allocation: 6, ...options }),
    },
    "cohorts.detach": {
      ...link,
      call: ({ ws }, id, options) => ws.cohorts.detach(id, cohortId, options),
    },
    "cohorts.recordReach": {
      ...link,
      call: ({ ws }, id, options) =>
        ws.cohorts.recordReach(id, cohortId, { reached: 1, ...options }),
    },
  };
}

async function newSignal({ ws }: Actor): Promise<string> {
  return (await ws.signals.ingest({ kind: "market", title: randomUUID() })).signal.id;
}

function signalCases({ ada }: World): Record<string, VersionCase> {
  const signal = { table: "intelligence_signals", key: "id", make: () => newSignal(ada) };
  return {
    "signals.sight": {
      ...signal,
      call: ({ ws }, id, options) => ws.signals.sight(id, options),
    },
    "signals.transition": {
      ...signal,
      call: ({ ws }, id, options) => ws.signals.transition(id, "acknowledged", options),
    },
    "signals.override": {
      ...signal,
      call: ({ ws }, id, options) => ws.signals.override(id, { score: 9, reason: "r" }, options),
    },
    "signals.feeds.remove": {
      table: "signal_feeds",
      key: "id",
      make: async () => {
        const url = `https://example.org/${randomUUID()}`;
        return (await ada.ws.signals.feeds.add({ url, kind: "market" })).id;
      },
      call: ({ ws }, id, options) => ws.signals.feeds.remove(id, options),
    },
  };
}

async function insightCases({ ada }: World): Promise<Record<string, VersionCase>> {
  const evidence = await newSignal(ada);
  const newInsight = async (): Promise<string> =>
    (await ada.ws.insights.create({ title: "I", type: "gap", signalIds: [evidence] })).id;
  const newActive = async (): Promise<string> => {
    const id = await newInsight();
    await ada.ws.insights.publish(id);
    return id;
  };
  const byId = await newActive();
  const active = { table: "market_insights", key: "id", make: newActive };
  return {
    "insights.publish": {
      ...active,
      make: newInsight,
      call: ({ ws }, id, options) => ws.insights.publish(id, options),
    },
    "insights.supersede": {
      ...active,
      call: ({ ws }, id, options) => ws.insights.supersede(id, { byId }, options),
    },
    "insights.retract": {
      ...active,
      call: ({ ws }, id, options) => ws.insights.retract(id, { reason: "r" }, options),
    },
  };
}

function newWord(): string {
  return `m_${randomUUID().replaceAll("-", "_")}`;
}

function earningCases({ ada }: World): Record<string, VersionCase> {
  const achievement = {
    table: "achievements",
    key: "id",
    make: async () => (await ada.ws.achievements.define({ key: newWord(), name: "A" })).id,
  };
  return {
    "activity.setRule": {
      table: "activity_rules",
      key: "metric",
      make: async () =>
        (await ada.ws.activity.setRule({ metric: newWord(), pointsEach: 1 })).metric,
      // An id that nobody knows is no name of a metric.
      call: ({ ws }, key, options) =>
        ws.activity.setRule(
          { metric: key.startsWith("m_") ? key : newWord(), pointsEach: 2 },
          options,
        ),
    },
    "achievements.activate": {
      ...achievement,
      call: ({ ws }, id, options) => ws.achievements.activate(id, {}, options),
    },
    "achievements.retire": {
      ...achievement,
      make: async () => {
        const id = await achievement.make();
        await ada.ws.achievements.activate(id);
        return id;
      },
      call: ({ ws }, id, options) => ws.achievements.retire(id, options),
    },
  };
}

function alertCases({ ada }: World): Record<string, VersionCase> {
  const soon = new Date(Date.now() + 60_000);
  const alert = {
    table: "system_alerts",
    key: "id",
    make: async () => {
      const raised = { type: "error", severity: "low", title: randomUUID() } as const;
      return (await ada.ws.alerts.trigger(raised)).alert.id;
    },
  };
  return {
    "alerts.acknowledge": {
      ...alert,
      call: ({ ws }, id, options) => ws.alerts.acknowledge(id, options),
    },
    "alerts.resolve": {
      ...alert,
      call: ({ ws }, id, options) => ws.alerts.resolve(id, {}, options),
    },
    "alerts.dismiss": {
      ...alert,
      call: ({ ws }, id, options) => ws.alerts.dismiss(id, {}, options),
    },
    "alerts.snooze": {
      ...alert,
      call: ({ ws }, id, options) => ws.alerts.snooze(id, { until: soon }, options),
    },
    "silences.expire": {
      table: "alert_silences",
      key: "id",
      make: async () => {
        const matchers = [{ label: "team", op: "is", value: "x" }] as const;
        const rule = { matchers: [...matchers], endsAt: soon, comment: "c" };
        return (await ada.ws.silences.create(rule)).id;
      },
      call: ({ ws }, id, options) => ws.silences.expire(id, options),
    },
  };
}

async function agentCases({ ada, codex }: World): Promise<Record<string, VersionCase>> {
  const agentId = await newAgent(codex);
  const newAssignment = async (): Promise<string> => {
    const { id: campaignId } = await ada.ws.campaigns.create({ name: "C" });
    return (await ada.ws.assignments.assign({ agentId, campaignId })).id;
  };
  const assignment = { table: "agent_assignments", key: "id", make: newAssignment };
  return {
    "assignments.pause": {
      ...assignment,
      call: ({ ws }, id, options) => ws.assignments.pause(id, options),
    },
    "assignments.resume": {
      ...assignment,
      make: async () => {
        const id = await newAssignment();
        await ada.ws.assignments.pause(id);
        return id;
      },
      call: ({ ws }, id, options) => ws.assignments.resume(id, options),
    },
    "assignments.end": {
      ...assignment,
      call: ({ ws }, id, options) => ws.assignments.end(id, options),
    },
    "executions.cancel": {
      table: "agent_executions",
      key: "id",
      make: async () => {
        const assignmentId = await newAssignment();
        return (await ada.ws.executions.start({ assignmentId })).execution.id;
      },
      call: ({ ws }, id, options) => ws.executions.cancel(id, options),
    },
  };
}

function workspaceCases({ codex, acme, globex, ada, bob }: World): Record<string, VersionCase> {
  const { members, apiKeys } = codex.workspaces;
  const of = (actor: Actor): string => (actor === bob ? globex : acme);
  const member = {
    table: "user_workspaces",
    key: "user_id",
    make: async () => {
      const subject = randomUUID();
      const { id } = await codex.people.ensure({ issuer: "https://identity.test", subject });
      const invitation = { email: `${subject}@example.org`, userId: ada.userId };
      const { token } = await codex.workspaces.invite(acme, invitation);
      await codex.workspaces.acceptInvitation(token, { userId: id });
      return id;
    },
  };
  const endpoint = {
    table: "webhook_endpoints",
    key: "id",
    make: async () => (await ada.ws.webhooks.create({ url: "https://example.org/hook" })).id,
  };
  return {
    "workspaces.members.changeRole": {
      ...member,
      call: (actor, memberId, options) =>
        members.changeRole(of(actor), { memberId, role: "analyst", userId: actor.userId }, options),
    },
    "workspaces.members.remove": {
      ...member,
      call: (actor, memberId, options) =>
        members.remove(of(actor), { memberId, userId: actor.userId }, options),
    },
    "workspaces.apiKeys.revoke": {
      table: "api_keys",
      key: "id",
      make: async () => {
        const key = { name: "K", role: "viewer", actingAs: ada.userId } as const;
        return (await apiKeys.create(acme, key)).id;
      },
      call: (actor, keyId, options) =>
        apiKeys.revoke(of(actor), { keyId, userId: actor.userId }, options),
      // Who is no owner sees no key.
      viewer: "NotFound",
    },
    "webhooks.disable": {
      ...endpoint,
      call: ({ ws }, id, options) => ws.webhooks.disable(id, options),
    },
    "webhooks.rotateSecret": {
      ...endpoint,
      call: ({ ws }, id, options) => ws.webhooks.rotateSecret(id, {}, options),
      isShownOnce: true,
    },
  };
}

function invitationCases({ codex, acme, globex, ada, bob }: World): Record<string, VersionCase> {
  const { workspaces } = codex;
  const of = (actor: Actor): string => (actor === bob ? globex : acme);
  return {
    "workspaces.members.revokeInvitation": {
      table: "workspace_invitations",
      key: "id",
      make: async () => {
        const invitation = { email: `${randomUUID()}@example.org`, userId: ada.userId };
        return (await workspaces.invite(acme, invitation)).id;
      },
      call: (actor, invitationId, options) =>
        workspaces.members.revokeInvitation(of(actor), { invitationId, ...actor }, options),
      // Who is no owner sees no invitation.
      viewer: "NotFound",
    },
  };
}
