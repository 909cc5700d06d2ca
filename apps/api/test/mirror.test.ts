import { makeTestWorkspace } from "@codex/sdk/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { procedures } from "./support/call.ts";
import { makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

describe("the routers", () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await makeApiWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("have the names of the SDK's clients and their methods, all of them and no other", async () => {
    const { codex } = world;
    const { owner } = await makeTestWorkspace(codex);
    const clients = {
      people: codex.people,
      workspaces: codex.workspaces,
      "workspaces.members": codex.workspaces.members,
      "workspaces.apiKeys": codex.workspaces.apiKeys,
      positioning: owner.ws.positioning,
      messages: owner.ws.messages,
      campaigns: owner.ws.campaigns,
      quests: owner.ws.quests,
      cohorts: owner.ws.cohorts,
      signals: owner.ws.signals,
      "signals.feeds": owner.ws.signals.feeds,
      insights: owner.ws.insights,
      achievements: owner.ws.achievements,
      points: owner.ws.points,
      activity: owner.ws.activity,
      stats: owner.ws.stats,
      leaderboards: owner.ws.leaderboards,
      alerts: owner.ws.alerts,
      silences: owner.ws.silences,
      notifications: owner.ws.notifications,
      "notifications.inbox": owner.ws.notifications.inbox,
      preferences: owner.ws.preferences,
      deliveries: owner.ws.deliveries,
      webhooks: owner.ws.webhooks,
      agents: owner.ws.agents,
      capabilities: owner.ws.capabilities,
      assignments: owner.ws.assignments,
      executions: owner.ws.executions,
      performance: owner.ws.performance,
      events: owner.ws.events,
    };
    const methods = Object.entries(clients).flatMap(([client, of]) =>
      Object.getOwnPropertyNames(Object.getPrototypeOf(of))
        .filter((name) => name !== "constructor")
        .map((name) => `${client}.${name}`),
    );
    expect(procedures.map(({ name }) => name).toSorted()).toEqual(methods.toSorted());
  });
});
