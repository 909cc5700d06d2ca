import { canMakeDatabases } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../src/env.ts";
import { startServer } from "../src/server.ts";
import type { ApiServer } from "../src/server.ts";
import { codeOf } from "./support/call.ts";
import { mutate, post, query } from "./support/http.ts";
import { environmentFor, keyedWorkspace, makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";
import { faultsIn, Follower } from "./support/sse.ts";

// What somebody without rights, or with rights elsewhere, might take from others.
describe.runIf(canMakeDatabases())("strangers and neighbours", () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await makeApiWorld({}, { own: true });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  const serve = (extra: Record<string, string>): Promise<ApiServer> =>
    startServer(readSettings(environmentFor(world.db, world.issuer, extra)));
  const list = ({ url }: ApiServer, token: string) =>
    query(url, "campaigns.list", { first: 1 }, { token });
  const ticketAt = async ({ url }: ApiServer, token: string): Promise<string> =>
    (await mutate(url, "events.ticket", undefined, { token })).json.result.data.ticket;

  it("use up and read nothing of a workspace that a person only names", async () => {
    const { acme, issuer } = world;
    await using server = await serve({ RATE_PER_WORKSPACE: "40", RATE_PER_KEY: "1000" });
    const token = await issuer.token("nosy");
    const headers = { "x-codex-workspace": acme.id };
    for (let n = 0; n < 60; n += 1) {
      const answer = await query(server.url, "workspaces.forUser", undefined, { token, headers });
      expect([answer.status, answer.headers.get("ratelimit-limit")]).toEqual([200, "1000"]);
    }
    await list(server, acme.keys.viewer);
    const mine = await list(server, acme.keys.viewer);
    expect([mine.status, mine.headers.get("ratelimit-remaining")]).toEqual([200, "39"]);
    // Nor does another made-up workspace give another share.
    const other = { "x-codex-workspace": randomUUID() };
    const shared = await query(server.url, "workspaces.forUser", undefined, {
      token,
      headers: other,
    });
    expect(Number(shared.headers.get("ratelimit-remaining"))).toBeLessThan(940);
  });

  it("are strangers no longer a moment after: a key that comes in a crowd at once is let in then", async () => {
    const { acme, db } = world;
    await using server = await serve({
      RATE_PER_STRANGER: "5",
      LOCK_TIMEOUT_MS: "60000",
      CALL_TIMEOUT_MS: "60000",
    });
    const crowd = () => Array.from({ length: 20 }, () => list(server, acme.keys.viewer));
    // Until all have come, none of them is answered by the database, which proves the key.
    const holder = await db.admin.connect();
    await holder.query("begin; lock table codex.campaigns in access exclusive mode");
    let refused = 0;
    const first = crowd().map(async (asked) => {
      const { status, headers } = await asked;
      if (status !== 429) return status;
      refused += 1;
      expect([headers.get("retry-after"), headers.get("ratelimit-limit")]).toEqual(["1", null]);
      return status;
    });
    await expect.poll(() => refused).toBe(15);
    await holder.query("commit");
    holder.release();
    expect((await Promise.all(first)).filter((status) => status === 200)).toHaveLength(5);
    for (const { status } of await Promise.all(crowd())) expect(status).toBe(200);
  });

  it("hold up nobody by bodies that come slowly, in whatever number", async () => {
    const { acme } = world;
    await using server = await serve({ IN_FLIGHT_MAX: "20", IN_FLIGHT_PER_ADDRESS: "2000" });
    const { port } = new URL(server.url);
    const open = (head: string): Socket => {
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("error", () => {}).resume();
      socket.write(
        `POST /v1/campaigns.list HTTP/1.1\r\nhost: x\r\n${head}content-type: application/json\r\ncontent-length: 900\r\n\r\n{`,
      );
      return socket;
    };
    const slow = Array.from({ length: 220 }, (_, n) =>
      open(n % 2 === 0 ? "" : `authorization: Bearer ${acme.keys.viewer}\r\n`),
    );
    await new Promise((done) => setTimeout(done, 300));
    expect((await list(server, acme.keys.viewer)).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });

  it("hold no place of calls while they catch up with a stream, however slowly they read", async () => {
    const { codex, db } = world;
    const other = await keyedWorkspace(codex);
    await db.admin.query(
      `insert into codex.outbox_events (workspace_id, type, entity, payload)
       select $1, 'test.created', 'test', jsonb_build_object('text', repeat('x', 2000))
       from generate_series(1, 8000)`,
      [other.id],
    );
    await using server = await serve({ IN_FLIGHT_MAX: "3" });
    const { port } = new URL(server.url);
    const figure = async (name: string): Promise<number> => {
      const metrics = await (await fetch(`${server.adminUrl}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\d+)$`, "mu").exec(metrics)?.[1]);
    };
    const stalled: Socket[] = [];
    for (let n = 0; n < 6; n += 1) {
      const ticket = await ticketAt(server, other.keys.viewer);
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("error", () => {}).pause();
      socket.write(`GET /v1/events.subscribe?after=0&ticket=${ticket} HTTP/1.1\r\nhost: x\r\n\r\n`);
      stalled.push(socket);
      // One after the other: while they are let in, they take one of the three places.
      await expect.poll(() => figure("codex_api_streams")).toBe(n + 1);
    }
    expect(await figure("codex_api_in_flight")).toBe(0);
    expect((await list(server, other.keys.viewer)).status).toBe(200);
    // One that reads nothing at all is not waited for.
    await expect.poll(() => figure("codex_api_streams")).toBe(0);
    for (const socket of stalled) socket.destroy();
  });

  it("do not slow the events of others by trouble in their own workspace", async () => {
    const { acme, globex, db } = world;
    await using server = await serve({});
    const stop = new AbortController();
    const { after } = await acme.members.viewer.ws.events.ticket();
    const at = (token: string, from: number) =>
      new Follower({ url: server.url, token, after: from, signal: stop.signal });
    const [mine, theirs] = [at(acme.keys.viewer, after), at(globex.keys.viewer, 0)];
    const over = [mine.run(), theirs.run()];
    await globex.members.creator.ws.campaigns.create({ name: "Before" });
    await expect.poll(() => theirs.received.length).toBeGreaterThan(0);
    // Nobody can number the events of globex any more.
    const holder = await db.connect();
    await holder.query("begin");
    await holder.query("select from codex.event_counters where workspace_id = $1 for update", [
      globex.id,
    ]);
    const before = theirs.received.length;
    await globex.members.creator.ws.campaigns.create({ name: "Stuck" });
    for (let n = 0; n < 5; n += 1) {
      await acme.members.creator.ws.campaigns.create({ name: "Goes on" });
      await expect.poll(() => mine.received.length).toBe(n + 1);
    }
    expect(theirs.received.length).toBe(before);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await holder.query("commit");
    await expect.poll(() => theirs.received.length).toBeGreaterThan(before);
    stop.abort();
    await Promise.all(over);
  });

  it("pay for a procedure under whatever spelling, and open no stream as a call", async () => {
    const { acme } = world;
    await using server = await serve({ RATE_PER_KEY: "30" });
    const token = acme.keys.creator;
    await list(server, token);
    const many = { campaigns: [{ name: "x" }] };
    const encoded = await mutate(server.url, "campaigns.%63reateMany", many, { token });
    expect([encoded.status, encoded.headers.get("ratelimit-remaining")]).toEqual([200, "10"]);
    for (const name of ["campaigns.%2563reateMany", "events%252Esubscribe"]) {
      const twice = await query(server.url, name, undefined, { token });
      expect([twice.status, codeOf(twice)]).toEqual([404, "NotFound"]);
    }
    const stream = await query(server.url, "events%2Esubscribe", undefined, { token });
    expect([stream.status, codeOf(stream)]).toEqual([404, "NotFound"]);
    const batch = await fetch(`${server.url}/trpc/events.subscribe,campaigns.list?batch=1`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(batch.status).toBe(404);
  });

  it("hoard no tickets: one is worth nothing once its key or membership has ended", async () => {
    const { acme, codex } = world;
    const { owner, analyst } = acme.members;
    await using server = await serve({});
    const make = (name: string, userId: string) =>
      codex.workspaces.apiKeys.create(acme.id, { name, userId, actingAs: owner.userId });
    const [revoked, left] = [await make("r", owner.userId), await make("l", analyst.userId)];
    const tickets = [await ticketAt(server, revoked.secret), await ticketAt(server, left.secret)];
    await codex.workspaces.apiKeys.revoke(acme.id, { keyId: revoked.id, userId: owner.userId });
    await codex.workspaces.members.remove(acme.id, {
      memberId: analyst.userId,
      userId: owner.userId,
    });
    for (const ticket of tickets) {
      const answer = await fetch(`${server.url}/v1/events.subscribe?ticket=${ticket}`);
      expect(answer.status).toBe(401);
    }
  });

  it("read events with a scope to read, and with none to write", async () => {
    const { acme, codex } = world;
    const { owner } = acme.members;
    await using server = await serve({});
    const keyOf = async (scope: string): Promise<string> =>
      (
        await codex.workspaces.apiKeys.create(acme.id, {
          name: scope,
          scopes: [scope],
          actingAs: owner.userId,
        })
      ).secret;
    for (const [scope, status] of [
      ["events:read", 200],
      ["*:read", 200],
      ["events:write", 403],
      ["*:write", 403],
    ] as const) {
      const answer = await mutate(server.url, "events.ticket", undefined, {
        token: await keyOf(scope),
      });
      expect([scope, answer.status]).toEqual([scope, status]);
    }
  });

  it("come back to their streams after a restart, many from one address", async () => {
    const { acme } = world;
    await using server = await serve({ RATE_PER_STRANGER: "12" });
    await list(server, acme.keys.viewer);
    for (let n = 0; n < 20; n += 1) {
      const ticket = await ticketAt(server, acme.keys.viewer);
      const answer = await fetch(`${server.url}/v1/events.subscribe?ticket=${ticket}`);
      expect([n, answer.status]).toEqual([n, 200]);
      await answer.body?.cancel();
    }
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1)
      statuses.push((await fetch(`${server.url}/v1/events.subscribe?ticket=x`)).status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
  });

  it("take turns when everybody comes back to their stream at once", async () => {
    const { acme } = world;
    await using server = await serve({
      SERVICE_POOL_SIZE: "2",
      POOL_SIZE: "60",
      POOL_WAIT_MS: "20000",
      POOL_QUEUE_MAX: "5",
      IN_FLIGHT_MAX: "500",
      IN_FLIGHT_PER_KEY: "500",
      IN_FLIGHT_PER_WORKSPACE: "500",
      IN_FLIGHT_PER_ADDRESS: "500",
    });
    const stop = new AbortController();
    const followers = Array.from(
      { length: 60 },
      () =>
        new Follower({ url: server.url, token: acme.keys.viewer, after: 0, signal: stop.signal }),
    );
    const over = followers.map((follower) => follower.run());
    const { after: last } = await acme.members.viewer.ws.events.ticket();
    const missing = (): number =>
      followers.filter(({ received }) => received.at(-1)?.id !== last).length;
    await expect.poll(missing).toBe(0);
    stop.abort();
    await Promise.all(over);
    for (const { received, connects } of followers) {
      expect(faultsIn(received, { after: 0, last })).toEqual({
        lost: 0,
        repeated: 0,
        disordered: 0,
      });
      // Nobody was turned away for want of a connection.
      expect(connects).toBe(1);
    }
  });

  it("learn of no workspace by its slug", async () => {
    const { acme, issuer, db, server } = world;
    const { slug, owner } = acme.members;
    const { rows } = await db.admin.query<{ subject: string }>(
      "select subject from codex.user_profiles where id = $1",
      [owner.userId],
    );
    const ask = async (subject: string, of: string) => {
      const token = await issuer.token(subject);
      const { text } = await query(server.url, "workspaces.bySlug", { slug: of }, { token });
      return text.replace(/"requestId":"[^"]*"/u, "");
    };
    expect(await ask(rows[0]?.subject ?? "", slug)).toContain(acme.id);
    expect(await ask("stranger", slug)).toBe(await ask("stranger", `none-${randomUUID()}`));
  });

  it("get no key without scopes by a key that has some", async () => {
    const { acme, codex, server } = world;
    const { owner } = acme.members;
    const scopes = ["workspaces:write", "campaigns:*"];
    const { secret: token } = await codex.workspaces.apiKeys.create(acme.id, {
      name: "maker",
      role: "owner",
      scopes,
      actingAs: owner.userId,
    });
    const make = (wanted: string[]) =>
      mutate(server.url, "workspaces.apiKeys.create", { name: "made", scopes: wanted }, { token });
    for (const more of [[], ["*:*"], ["quests:read"], ["campaigns:read", "*:write"]]) {
      const refused = await make(more);
      expect([more, refused.status, codeOf(refused)]).toEqual([more, 403, "Forbidden"]);
    }
    expect((await make(["campaigns:read"])).status).toBe(200);
  });

  it.each([
    ["a name with a % in it", "/trpc/campaigns%2525list", {}],
    ["a method that no call has", "/trpc/campaigns.list", { method: "PUT" }],
    ["a batch that is too long", `/trpc/${Array(21).fill("campaigns.list").join(",")}?batch=1`, {}],
    ["a stream in a batch", "/trpc/events%2Esubscribe", {}],
    [
      "a format that is not there",
      "/trpc/campaigns.list",
      { headers: { "trpc-accept": "application/jsonl" } },
    ],
    ["GET of a call", "/v1/campaigns.list", {}],
    ["GET of tools", "/mcp", {}],
    ["POST of a stream", "/v1/events.subscribe", { method: "POST" }],
    ["a ticket that is none", "/v1/events.subscribe?connectionParams=%7B", {}],
  ])("pay for %s", async (_, path, init) => {
    await using server = await serve({ RATE_PER_STRANGER: "5" });
    const statuses: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const answer = await fetch(`${server.url}${path}`, init);
      statuses.push(answer.status);
      await answer.body?.cancel();
    }
    expect(statuses.slice(0, 5)).not.toContain(429);
    expect(statuses.slice(5)).toEqual([429, 429, 429]);
  });

  it("are written down and counted when they are refused", async () => {
    const { acme } = world;
    await using server = await serve({ RATE_PER_STRANGER: "6" });
    const guess = () => list(server, `${acme.keys.viewer.slice(0, -1)}_`);
    for (let n = 0; n < 8; n += 1) await guess();
    await post(`${server.url}/mcp`, { jsonrpc: "2.0", id: 1, method: "ping" });
    const metrics = await (await fetch(`${server.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/codex_api_refused_total\{reason="RateLimited"\} [1-9]/u);
  });
});
