import type { Workspace } from "@codex/sdk";
import { createTRPCClient, httpSubscriptionLink } from "@trpc/client";
import { EventSource } from "eventsource";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppRouter } from "../src/root.ts";
import { mutate, query } from "./support/http.ts";
import { makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

describe("executions.watch", () => {
  let world: ApiWorld;
  let ws: Workspace;
  let agentId: string;
  let assignmentId: string;
  beforeAll(async () => {
    world = await makeApiWorld();
    ws = world.acme.members.owner.ws;
    const { agents } = world.codex.system({ reason: "an agent for a test" });
    agentId = (await agents.register({ name: randomUUID(), guild: "matrix" })).id;
    await agents.publish(agentId);
    assignmentId = (await ws.assignments.assign({ agentId, maxConcurrency: 9 })).id;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const start = async (): Promise<string> =>
    (await ws.executions.start({ assignmentId })).execution.id;
  const claim = async (id: string): Promise<number> => {
    const claimed = await ws.executions.claim({ agentId, max: 9 });
    return claimed.find(({ execution }) => execution.id === id)?.fencingToken ?? 0;
  };
  const ticketOf = async (key: string): Promise<string> => {
    const answer = await mutate(world.server.url, "events.ticket", undefined, { token: key });
    return answer.json.result.data.ticket;
  };
  const url = (): string => world.server.url;

  it("tells the stock client of tRPC each state as it comes, and ends with the last", async () => {
    const [id, other] = [await start(), await start()];
    const client = createTRPCClient<AppRouter>({
      links: [
        httpSubscriptionLink({
          url: `${url()}/trpc`,
          EventSource,
          connectionParams: async () => ({ ticket: await ticketOf(world.acme.keys.viewer) }),
        }),
      ],
    });
    const seen: string[] = [];
    const { promise: completed, resolve } = Promise.withResolvers<void>();
    client.executions.watch.subscribe(
      { id },
      { onData: ({ data }) => seen.push(data.status), onComplete: () => resolve() },
    );
    await expect.poll(() => seen).toEqual(["queued"]);
    const token = await claim(id);
    await expect.poll(() => seen).toEqual(["queued", "running"]);
    await ws.executions.complete(other, 1);
    await ws.executions.heartbeat(id, token);
    await ws.executions.complete(id, token, { output: { a: 1 } });
    await completed;
    expect(seen).toEqual(["queued", "running", "succeeded"]);
    await expect.poll(streams).toBe(0);
  });

  it("is over at once for what is over, and for whoever comes with a key in the header", async () => {
    const id = await start();
    await ws.executions.cancel(id);
    const headers = { authorization: `Bearer ${world.acme.keys.viewer}` };
    const answer = await fetch(`${url()}/v1/executions.watch?id=${id}`, { headers });
    const text = await answer.text();
    expect(text).toContain('"status":"cancelled"');
    expect(text.endsWith("event: return\ndata: \n\n")).toBe(true);
  });

  it("tells nothing of another workspace's execution, nor of one that is not there", async () => {
    const id = await start();
    const token = world.globex.keys.owner;
    const answers = await Promise.all(
      [id, randomUUID()].map(async (asked) =>
        (
          await fetch(`${url()}/v1/executions.watch?id=${asked}`, {
            headers: { authorization: `Bearer ${token}` },
          })
        ).text(),
      ),
    );
    for (const text of answers) expect(text).toContain('"code":"NotFound"');
    const bad = await fetch(`${url()}/v1/executions.watch?id=x`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await bad.text()).toContain('"code":"InvalidInput"');
  });

  it("asks of a key's scopes to read executions, by a ticket too", async () => {
    const id = await start();
    const { owner } = world.acme.members;
    const keyWith = async (...scopes: string[]): Promise<string> => {
      const input = { name: "Scoped", scopes, actingAs: owner.userId };
      return (await world.codex.workspaces.apiKeys.create(world.acme.id, input)).secret;
    };
    const open = async (key: string): Promise<string> => {
      const ticket = await ticketOf(key);
      const leave = new AbortController();
      const search = `ticket=${ticket}&id=${id}`;
      const answer = await fetch(`${url()}/v1/executions.watch?${search}`, {
        signal: leave.signal,
      });
      const reader = answer.body?.getReader();
      const { value } = (await reader?.read()) ?? {};
      leave.abort();
      return Buffer.from(value ?? []).toString();
    };
    expect(await open(await keyWith("events:read"))).toContain('"code":"NotFound"');
    expect(await open(await keyWith("events:read", "executions:read"))).toContain(
      "event: connected",
    );
    const direct = await fetch(`${url()}/v1/executions.watch?id=${id}`, {
      headers: { authorization: `Bearer ${await keyWith("events:read")}` },
    });
    expect(direct.status).toBe(403);
  });

  it("is not needed by a worker, which works with the agent's own key", async () => {
    const { owner } = world.acme.members;
    const { secret } = await world.codex.workspaces.apiKeys.create(world.acme.id, {
      name: "Worker",
      role: "creator",
      scopes: ["executions:write", "agents:write"],
      agentId,
      actingAs: owner.userId,
    });
    const token = secret;
    const id = await start();
    const beat = { agentId, instance: "w1", slots: 9 };
    expect((await mutate(url(), "agents.heartbeat", beat, { token })).status).toBe(200);
    const asked = { agentId, max: 9, instance: "w1" };
    const claimed = await mutate(url(), "executions.claim", asked, { token });
    const { data } = claimed.json.result as {
      data: { execution: { id: string }; fencingToken: number }[];
    };
    const held = data.find(({ execution }) => execution.id === id);
    expect(held?.fencingToken).toBe(1);
    const done = { id, fencingToken: 1, output: { by: "the agent" } };
    expect((await mutate(url(), "executions.complete", done, { token })).status).toBe(200);
    const late = await mutate(
      url(),
      "executions.complete",
      { ...done, fencingToken: 7 },
      { token },
    );
    expect(late.text).toContain('"code":"LeaseLost"');
    expect((await query(url(), "executions.get", { id }, { token })).status).toBe(403);
  });

  async function streams(): Promise<number> {
    const text = await (await fetch(`${world.server.adminUrl}/metrics`)).text();
    return Number(/^codex_api_streams (\d+)$/mu.exec(text)?.[1] ?? -1);
  }
});
