import { constraints } from "@codex/db";
import { createCodex, isCodexError, schemaVersion } from "@codex/sdk";
import type { CodexError } from "@codex/sdk";
import { canMakeDatabases, startProxy, testDatabase } from "@codex/testkit";
import type { Proxy } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { entities } from "../src/entities.ts";
import { ofConstraint } from "../src/translate.ts";
import { makeWorld, open } from "./world.ts";
import type { World } from "./world.ts";

describe("the table of errors", () => {
  const names = Object.keys(constraints);

  it("knows every constraint of the schema, what it is about, and where the caller went wrong", () => {
    expect(names.length).toBeGreaterThan(300);
    for (const name of names) {
      const constraint = constraints[name];
      const [code, message, detail] = ofConstraint(name) ?? [];
      expect(code, name).toMatch(/^(?:Conflict|InvalidReference|InvalidInput)$/u);
      expect(String(message), name).not.toMatch(/_/u);
      const about = detail?.({ message: "" });
      expect(about?.entity, name).toBe(entities[constraint?.table ?? ""]);
      expect(about?.field ?? about?.issues?.[0]?.message, name).toBeTruthy();
    }
    expect(ofConstraint("nobody_knows_this_check")).toBeUndefined();
  });

  it("names what the functions of the database did not find, where it is one thing", async () => {
    await using world = await makeWorld();
    const { ada, sam } = world;
    const none = randomUUID();
    const calls: [() => Promise<unknown>, string][] = [
      [() => sam.ws.achievements.revoke(none, { reason: "x", reversePoints: true }), "award"],
      [() => sam.ws.stats.get(none), "member"],
      [() => sam.ws.agents.heartbeat(none, { instance: "one" }), "agent"],
      [() => sam.ws.executions.claim({ agentId: none }), "agent"],
      [() => ada.ws.alerts.explain(none, ada.userId), "alert"],
      [() => ada.ws.webhooks.rotateSecret(none), "webhook endpoint"],
    ];
    for (const [call, entity] of calls)
      await expect(call(), entity).rejects.toMatchObject({ code: "NotFound", entity });
  });

  it("names every table, and no other", () => {
    const tables = new Set(Object.values(constraints).map(({ table }) => table));
    expect(Object.keys(entities).toSorted()).toEqual([...tables].toSorted());
  });
});

describe.runIf(canMakeDatabases())("check()", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const reasonsFor = async (url: string): Promise<readonly string[]> => {
    await using codex = createCodex({ connectionString: url });
    const error = await codex.check().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: "SchemaMismatch", retryable: false });
    return (error as CodexError).reasons ?? [];
  };

  it("tells what it found", async () => {
    const report = await world.codex.check();
    expect(report).toMatchObject({
      schemaVersion,
      citusVersion: null,
      pooled: false,
      role: "codex_api",
      serverVersion: expect.stringMatching(/^1\d\.\d+$/u),
    });
  });

  it("refuses a superuser, an owner, a role without rights, one that bypasses, and swapped logins", async () => {
    const { db } = world;
    expect(await reasonsFor(db.url())).toEqual([expect.stringContaining("superuser")]);
    expect(await reasonsFor(db.url("codex_deployer"))).toEqual([
      expect.stringContaining("codex_owner"),
      expect.stringContaining("grant codex_app to codex_deployer"),
    ]);
    const login = `cx_${randomUUID().replaceAll("-", "")}`;
    const password = decodeURIComponent(new URL(db.url()).password);
    await db.admin.query(`create role ${login} login bypassrls password '${password}'`);
    onTestFinished(async () => void (await db.admin.query(`drop role ${login}`)));
    await db.admin.query(`grant connect on database ${db.name} to ${login}`);
    expect(await reasonsFor(db.url(login))).toEqual([
      expect.stringContaining("bypass"),
      expect.stringContaining(`grant codex_app to ${login}`),
      expect.stringContaining("too old (before 19"),
    ]);
    await db.admin.query(`revoke connect on database ${db.name} from ${login}`);
    await using swapped = createCodex({
      connectionString: db.url("codex_api"),
      service: { connectionString: db.url("codex_api") },
    });
    await expect(swapped.check()).rejects.toMatchObject({
      reasons: [expect.stringContaining("grant codex_service to codex_api")],
    });
  });

  it("refuses a database without the schema, with an older or a newer one, or with an open table", async () => {
    await using own = await testDatabase({ own: true });
    const url = own.url("codex_api");
    const version = (current: number, from: number): Promise<unknown> =>
      own.admin.query(`create or replace function codex.schema_version(out version integer,
        out serves_from integer) language sql immutable set search_path = '' as $$ select ${current}, ${from} $$`);
    await version(18, 18);
    await own.admin.query("alter table codex.campaigns no force row level security");
    expect(await reasonsFor(url)).toEqual([
      "row-level security is not forced on campaigns",
      `the schema is too old (18; needed is ${schemaVersion}): run codex-migrate up`,
    ]);
    await own.admin.query("alter table codex.campaigns force row level security");
    await version(schemaVersion + 10, schemaVersion + 5);
    expect(await reasonsFor(url)).toEqual([expect.stringContaining("upgrade @codex/sdk")]);
    await version(schemaVersion + 10, 19);
    await using newer = createCodex({ connectionString: url });
    await expect(newer.check()).resolves.toMatchObject({ schemaVersion: schemaVersion + 10 });
    await own.admin.query("drop schema codex cascade");
    expect(await reasonsFor(url)).toEqual(["there is no schema codex: run codex-migrate up"]);
    await using blind = createCodex({ connectionString: url });
    await expect(
      blind.workspace(randomUUID(), { userId: randomUUID() }).campaigns.list(),
    ).rejects.toMatchObject({ code: "SchemaMismatch" });
  });
});

describe.runIf(canMakeDatabases())("a database that fails", () => {
  let world: World;
  let proxy: Proxy;
  beforeAll(async () => {
    world = await makeWorld();
    const { port } = new URL(world.db.url());
    proxy = await startProxy({ port: Number(port) });
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  const through = (): string => {
    const url = new URL(world.db.url("codex_api"));
    url.port = String(proxy.port);
    return url.href;
  };

  it("leaves a write without a key unknown, and does it once with one", async () => {
    await using codex = createCodex({ connectionString: through(), max: 2 });
    const ws = codex.workspace(world.acme, world.ada);
    await ws.campaigns.list();
    proxy.fault = { kind: "cut answer", afterBytes: 0 };
    const name = `Unknown ${randomUUID()}`;
    const lost = ws.campaigns.create({ name });
    await expect(lost).rejects.toMatchObject({ code: "OutcomeUnknown", retryable: false });
    const idempotencyKey = randomUUID();
    const kept = ws.campaigns.create({ name: `${name} keyed` }, { idempotencyKey });
    setTimeout(() => {
      proxy.fault = { kind: "none" };
    }, 30);
    const campaign = await kept;
    const page = await world.ada.ws.campaigns.list({ first: 200 });
    const found = page.items.filter((one) => one.name === `${name} keyed`);
    expect(found.map(({ id }) => id)).toEqual([campaign.id]);
    expect(page.items.filter((one) => one.name === name).length).toBe(1);
  });

  it("is waited for by a read, up to its deadline", async () => {
    await using codex = createCodex({ connectionString: through(), max: 2 });
    const ws = codex.workspace(world.acme, world.ada);
    await ws.campaigns.list();
    proxy.fault = { kind: "hang" };
    await expect((async () => ws.campaigns.list({ timeoutMs: 150 }))()).rejects.toMatchObject({
      code: "Timeout",
      retryable: true,
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await expect((async () => ws.campaigns.list({ signal: stop.signal }))()).rejects.toMatchObject({
      code: "Aborted",
    });
    proxy.fault = { kind: "none" };
    await expect(ws.campaigns.list()).resolves.toBeDefined();
  });

  it("does not stop a subscription", async () => {
    await using codex = createCodex({ connectionString: through(), max: 2 });
    const ws = codex.workspace(world.acme, world.ada);
    const stop = new AbortController();
    const seen: number[] = [];
    const reader = (async () => {
      for await (const event of ws.events.subscribe({ after: 0, pollMs: 10, signal: stop.signal }))
        seen.push(event.number);
    })();
    for (let cut = 0; cut < 8; cut += 1) {
      proxy.fault = { kind: "cut answer", afterBytes: cut * 40 };
      await world.ada.ws.campaigns.create({ name: `Cut ${cut}` });
      await new Promise((done) => setTimeout(done, 40));
      proxy.fault = { kind: "none" };
      await new Promise((done) => setTimeout(done, 40));
    }
    const { items } = await world.ada.ws.campaigns.list({ first: 1 });
    expect(items[0]?.name).toBe("Cut 7");
    const newest = async (): Promise<number> => {
      const { rows } = await world.db.admin.query<{ n: string }>(
        "select last_number as n from codex.event_counters where workspace_id = $1",
        [world.acme],
      );
      return Number(rows[0]?.n);
    };
    await expect.poll(async () => seen.length === (await newest()) && seen.length > 8).toBe(true);
    stop.abort();
    await reader;
    expect(seen).toEqual(seen.map((_, at) => at + 1));
  });
});

describe("createCodex", () => {
  it("refuses to guess where the database is", () => {
    expect(() => createCodex({ connectionString: "" })).toThrow("write postgres://");
    expect(() => createCodex({} as { connectionString: string })).toThrow("write postgres://");
  });

  it("refuses a time that no call can take", () => {
    const connectionString = "postgres://nobody@localhost/none";
    for (const timeoutMs of [Number.NaN, -1, 0, Infinity, null, "1000"])
      expect(
        () => createCodex({ connectionString, timeoutMs: timeoutMs as number }),
        `${timeoutMs}`,
      ).toThrow("timeoutMs is a number of milliseconds above 0");
  });
});

describe("isCodexError", () => {
  it("tells the error and its code", async () => {
    await using db = await testDatabase();
    await using codex = open(db);
    const error: unknown = await codex.workspaces
      .bySlug("no-such-slug")
      .catch((thrown: unknown) => thrown);
    expect(isCodexError(error)).toBe(true);
    expect(isCodexError(error, "NotFound")).toBe(true);
    expect(isCodexError(error, "Conflict")).toBe(false);
    expect(isCodexError(new Error("x"))).toBe(false);
    expect(error).toMatchObject({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/u),
      attempts: 1,
    });
  });
});
