import { canMakeDatabases, startProxy } from "@codex/testkit";
import type { Proxy } from "@codex/testkit";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../src/env.ts";
import { startServer } from "../src/server.ts";
import type { ApiServer } from "../src/server.ts";
import { codeOf } from "./support/call.ts";
import { mutate, post, query } from "./support/http.ts";
import { environmentFor, keyedWorkspace, makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

describe.runIf(canMakeDatabases())("more than there is room for", () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await makeApiWorld({}, { own: true });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  const serve = (extra: Record<string, string>): Promise<ApiServer> =>
    startServer(readSettings(environmentFor(world.db, world.issuer, extra)));
  const list = ({ url }: ApiServer, token = world.acme.keys.viewer) =>
    query(url, "campaigns.list", { first: 1 }, { token });
  /** A server whose connections go through a proxy. */
  const behind = async (proxy: Proxy, extra: Record<string, string> = {}): Promise<ApiServer> => {
    const through = (text: string): string => {
      const address = new URL(text);
      address.port = String(proxy.port);
      return address.href;
    };
    return serve({
      DATABASE_URL: through(world.db.url("codex_api")),
      SERVICE_DATABASE_URL: through(world.db.url("codex_worker")),
      ...extra,
    });
  };
  const portOf = (): number => Number(new URL(world.db.url()).port);

  it("answers 503 and when to come back, when every connection is taken", async () => {
    const { acme, db } = world;
    await using server = await serve({ POOL_SIZE: "2", POOL_WAIT_MS: "200", POOL_QUEUE_MAX: "1" });
    const { id } = await acme.members.creator.ws.campaigns.create({ name: "Locked" });
    await list(server);
    const holder = await db.connect();
    await holder.query("begin");
    await holder.query("select from codex.campaigns where id = $1 for update", [id]);
    const edit = () =>
      mutate(
        server.url,
        "campaigns.update",
        { id, change: { name: "x" } },
        { token: acme.keys.creator },
      );
    const held = [edit(), edit()];
    await sleep(150);
    const refused = await Promise.all([list(server), list(server), list(server)]);
    for (const answer of refused) {
      expect([answer.status, codeOf(answer)]).toEqual([503, "Unavailable"]);
      expect(answer.headers.get("retry-after")).toBe("1");
      expect(answer.json.error.data.retryable).toBe(true);
    }
    await holder.query("commit");
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await list(server)).status).toBe(200);
  });

  it("turns requests away at once when too many are under way, and others of one workspace first", async () => {
    const { acme, db, codex } = world;
    await using server = await serve({
      IN_FLIGHT_MAX: "6",
      IN_FLIGHT_PER_WORKSPACE: "3",
      POOL_SIZE: "20",
    });
    const { id } = await acme.members.creator.ws.campaigns.create({ name: "Locked" });
    const token = acme.keys.creator;
    await list(server, token);
    const holder = await db.connect();
    await holder.query("begin");
    await holder.query("select from codex.campaigns where id = $1 for update", [id]);
    const edit = () =>
      mutate(server.url, "campaigns.update", { id, change: { name: "x" } }, { token });
    const held = Array.from({ length: 3 }, edit);
    await sleep(150);
    const ofWorkspace = await list(server, token);
    expect([ofWorkspace.status, codeOf(ofWorkspace)]).toEqual([429, "RateLimited"]);
    const other = await keyedWorkspace(codex);
    expect((await list(server, other.keys.viewer)).status).toBe(200);
    const strangers = Array.from({ length: 4 }, () =>
      mutate(
        server.url,
        "campaigns.update",
        { id, change: { name: "x" } },
        { token: acme.keys.owner },
      ),
    );
    await sleep(150);
    const full = await list(server, other.keys.viewer);
    expect([full.status, codeOf(full)]).toEqual([503, "Unavailable"]);
    expect(full.headers.get("retry-after")).toBe("1");
    await holder.query("commit");
    await Promise.all([...held, ...strangers]);
    expect((await list(server, other.keys.viewer)).status).toBe(200);
  });

  it("charges a tool of MCP what its procedure costs", async () => {
    await using server = await serve({ RATE_PER_KEY: "40", RATE_PER_STRANGER: "50" });
    const token = world.acme.keys.creator;
    expect((await list(server, token)).status).toBe(200);
    const params = { name: "campaigns_createMany", arguments: { campaigns: [] } };
    const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
    const first = await post(`${server.url}/mcp`, call, { token });
    expect([first.status, first.headers.get("ratelimit-remaining")]).toEqual([200, "20"]);
    const second = await post(`${server.url}/mcp`, call, { token });
    expect([second.status, second.headers.get("ratelimit-remaining")]).toEqual([200, "0"]);
    expect((await post(`${server.url}/mcp`, call, { token })).status).toBe(429);
  });

  it("charges every call of a batch, and says how much is left", async () => {
    const { acme } = world;
    await using server = await serve({ RATE_PER_KEY: "20", RATE_PER_STRANGER: "50" });
    const token = acme.keys.viewer;
    const first = await list(server);
    expect(first.status).toBe(200);
    const second = await list(server);
    expect(second.headers.get("ratelimit-limit")).toBe("20");
    expect(second.headers.get("ratelimit-remaining")).toBe("19");
    const names = Array.from({ length: 10 }, () => "campaigns.list").join(",");
    const batch = await fetch(`${server.url}/trpc/${names}?batch=1`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([batch.status, batch.headers.get("ratelimit-remaining")]).toEqual([200, "9"]);
    const refused = await fetch(`${server.url}/trpc/${names}?batch=1`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      "ratelimit-limit": "20",
      "ratelimit-remaining": "0",
      "ratelimit-reset": refused.headers.get("retry-after"),
    });
    // Another key is not touched by it.
    expect((await list(server, acme.keys.analyst)).status).toBe(200);
  });

  it("lets nobody use up what a workspace may by made-up keys of it", async () => {
    const { acme } = world;
    await using server = await serve({ RATE_PER_WORKSPACE: "30", RATE_PER_STRANGER: "20" });
    const [, place = ""] = /^cdx_([\w-]{22})_/u.exec(acme.keys.viewer) ?? [];
    await list(server);
    const guess = () => list(server, `cdx_${place}_${"a".repeat(43)}`);
    const answers = await Promise.all(Array.from({ length: 40 }, guess));
    const statuses = new Set(answers.map(({ status }) => status));
    expect(statuses).toEqual(new Set([401, 429]));
    expect((await list(server)).status).toBe(200);
  });

  it("answers while the database is away, and again as soon as it is back", async () => {
    await using proxy = await startProxy({ port: portOf() });
    await using server = await behind(proxy, { CALL_TIMEOUT_MS: "2000" });
    expect((await list(server)).status).toBe(200);
    proxy.fault = { kind: "cut request" };
    const away = await list(server);
    expect([away.status, codeOf(away)]).toEqual([503, "Unavailable"]);
    expect(away.headers.get("retry-after")).toBe("1");
    await sleep(1_100);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    proxy.fault = { kind: "none" };
    await expect.poll(async () => (await list(server)).status).toBe(200);
    await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  it("answers in time when the database says nothing", async () => {
    await using proxy = await startProxy({ port: portOf() });
    await using server = await behind(proxy, { CALL_TIMEOUT_MS: "700" });
    expect((await list(server)).status).toBe(200);
    proxy.fault = { kind: "hang" };
    const slow = await list(server);
    expect([slow.status, codeOf(slow)]).toEqual([504, "Timeout"]);
    proxy.fault = { kind: "none" };
    await expect.poll(async () => (await list(server)).status).toBe(200);
  });

  it("says that a write may have been made when its answer was lost, and finds out under a key", async () => {
    const { acme } = world;
    await using proxy = await startProxy({ port: portOf() });
    await using server = await behind(proxy);
    const token = acme.keys.creator;
    const create = (name: string, headers: Record<string, string> = {}) =>
      mutate(server.url, "campaigns.create", { name }, { token, headers });
    await create("Warm");
    proxy.fault = { kind: "cut answer", afterBytes: 0 };
    const answer = await create("Unknown");
    expect([answer.status, codeOf(answer)]).toEqual([502, "OutcomeUnknown"]);
    proxy.fault = { kind: "none" };
    await create("Warm again");
    proxy.fault = { kind: "cut answer", afterBytes: 0 };
    const keyed = create("Keyed", { "idempotency-key": "lost answer" });
    await sleep(100);
    proxy.fault = { kind: "none" };
    expect((await keyed).status).toBe(200);
    const { rows } = await world.db.admin.query(
      "select from codex.campaigns where workspace_id = $1 and name = 'Keyed'",
      [acme.id],
    );
    expect(rows).toHaveLength(1);
  });

  it("reads when the database takes no writes, and says that writes do not work", async () => {
    const { db, acme } = world;
    const name = db.name;
    await db.admin.query(`alter database "${name}" set default_transaction_read_only = on`);
    try {
      await using server = await serve({});
      expect((await list(server)).status).toBe(200);
      const written = await mutate(
        server.url,
        "campaigns.create",
        { name: "x" },
        { token: acme.keys.creator },
      );
      expect([written.status, codeOf(written)]).toEqual([503, "Unavailable"]);
    } finally {
      await db.admin.query(`alter database "${name}" reset default_transaction_read_only`);
    }
  });

  it("says so when the database has no connection left", async () => {
    const { db } = world;
    await db.admin.query(`alter database "${db.name}" connection limit 0`);
    try {
      await using server = await serve({ CALL_TIMEOUT_MS: "1500" });
      const refused = await list(server);
      expect([refused.status, codeOf(refused)]).toEqual([503, "Unavailable"]);
      expect(refused.text).not.toMatch(/codex_api|role|connection limit/u);
    } finally {
      await db.admin.query(`alter database "${db.name}" connection limit -1`);
    }
  });

  it("stops the statement of a client that leaves", async () => {
    const { acme, db } = world;
    await using server = await serve({ LOCK_TIMEOUT_MS: "30000", CALL_TIMEOUT_MS: "30000" });
    const { id } = await acme.members.creator.ws.campaigns.create({ name: "Left" });
    const holder = await db.connect();
    await holder.query("begin");
    await holder.query("select from codex.campaigns where id = $1 for update", [id]);
    const leave = new AbortController();
    const call = mutate(
      server.url,
      "campaigns.update",
      { id, change: { name: "Never" } },
      { token: acme.keys.creator, signal: leave.signal },
    ).catch(() => "left");
    const waiting = async (): Promise<number> => {
      const { rowCount } = await db.admin.query(
        "select from pg_stat_activity where datname = current_database() and usename = 'codex_api' and wait_event_type = 'Lock'",
      );
      return rowCount ?? 0;
    };
    await expect.poll(waiting).toBe(1);
    leave.abort();
    expect(await call).toBe("left");
    await expect.poll(waiting).toBe(0);
    await holder.query("rollback");
    expect(await acme.members.viewer.ws.campaigns.get(id)).toMatchObject({ name: "Left" });
  });
});
