import { schemaVersion } from "@codex/sdk";
import { canMakeDatabases, startProxy } from "@codex/testkit";
import { EventSource } from "eventsource";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../src/env.ts";
import { startServer } from "../src/server.ts";
import { isFull } from "./support/env.ts";
import { mutate, query } from "./support/http.ts";
import { ApiProcess } from "./support/process.ts";
import { environmentFor, makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";
import { faultsIn, Follower } from "./support/sse.ts";

describe.runIf(canMakeDatabases())("life of a process", () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await makeApiWorld({}, { own: true });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  const environment = (extra: Readonly<Record<string, string>> = {}): Record<string, string> =>
    environmentFor(world.db, world.issuer, { LOG_LEVEL: "info", ...extra });

  it("stops in order at SIGTERM: what is under way is finished, streams are told to come back", async () => {
    const { acme, db } = world;
    await using api = await ApiProcess.start(environment({ DRAIN_MS: "800" }));
    const stop = new AbortController();
    const token = acme.keys.viewer;
    const follower = new Follower({ url: api.url, token, after: 0, signal: stop.signal });
    const over = follower.run();
    await expect.poll(() => follower.received.length).toBeGreaterThan(0);
    // A call that waits for a lock is under way when the signal comes.
    const { id } = await acme.members.creator.ws.campaigns.create({ name: "Held" });
    const holder = await db.connect();
    await holder.query("begin");
    await holder.query("select from codex.campaigns where id = $1 for update", [id]);
    const waiting = mutate(
      api.url,
      "campaigns.update",
      { id, change: { name: "Done" } },
      { token: acme.keys.creator },
    );
    await sleep(200);
    const stopped = api.stop();
    await sleep(150);
    expect((await fetch(`${api.url}/readyz`)).status).toBe(503);
    await holder.query("commit");
    const answer = await waiting;
    expect([answer.status, answer.json.result.data.name]).toEqual([200, "Done"]);
    const { code, ms } = await stopped;
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    expect(api.said).toContain('"msg":"stopped"');
    expect(follower.retries.length).toBeGreaterThan(0);
    stop.abort();
    await over;
  });

  it("ends connections that say nothing, new and used ones, instead of waiting for them", async () => {
    await using api = await ApiProcess.start(environment({ SHUTDOWN_MS: "30000" }));
    const port = Number(new URL(api.url).port);
    const closed = ["", "GET /livez HTTP/1.1\r\nhost: x\r\n\r\n"].map((said) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(said));
      socket.on("error", () => {}).resume();
      return new Promise((done) => socket.once("close", done));
    });
    await sleep(300);
    const { code } = await api.stop();
    expect(code).toBe(0);
    expect(api.said).toContain('"msg":"stopped"');
    expect(api.said).not.toContain("not everything ended in time");
    await Promise.all(closed);
  });

  it.runIf(isFull)(
    "hangs up on a client that asks for an answer and takes nothing of it, and on no stream",
    { timeout: 600_000 },
    async () => {
      await using api = await ApiProcess.start(environment({ CALL_TIMEOUT_MS: "100" }));
      const ask = (text: string): Socket => {
        const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
        socket.on("error", () => {}).write(text);
        return socket;
      };
      const deaf = ask("GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20));
      const stream = ask(
        `GET /v1/events.subscribe HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.acme.keys.viewer}\r\n\r\n`,
      ).resume();
      // Twice a minute: the first time it is seen that some of it went.
      await sleep(130_000);
      const closed = new Promise((done) => deaf.once("close", () => done(true)));
      deaf.resume();
      expect(await Promise.race([closed, sleep(5_000)])).toBe(true);
      expect(stream.destroyed || stream.readableEnded).toBe(false);
      stream.destroy();
    },
  );

  it("exits within its time also when it drains for longer than it shuts down", async () => {
    await using api = await ApiProcess.start(environment({ DRAIN_MS: "600", SHUTDOWN_MS: "300" }));
    const slow = connect(Number(new URL(api.url).port), "127.0.0.1");
    slow.on("error", () => {});
    slow.write(
      `POST /v1/campaigns.list HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.acme.keys.viewer}\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{`,
    );
    await sleep(100);
    const { code, ms } = await api.stop();
    expect([code, ms < 10_000]).toEqual([0, true]);
    slow.destroy();
  });

  it("exits within its time, whatever hangs", async () => {
    const { acme, db } = world;
    await using api = await ApiProcess.start(
      environment({ SHUTDOWN_MS: "1500", CALL_TIMEOUT_MS: "60000", LOCK_TIMEOUT_MS: "60000" }),
    );
    const { id } = await acme.members.creator.ws.campaigns.create({ name: "Stuck" });
    const holder = await db.connect();
    await holder.query("begin");
    await holder.query("select from codex.campaigns where id = $1 for update", [id]);
    const stuck = mutate(
      api.url,
      "campaigns.update",
      { id, change: { name: "Never" } },
      { token: acme.keys.creator },
    ).catch(() => "cut");
    await sleep(200);
    const { ms } = await api.stop();
    expect(ms).toBeLessThan(10_000);
    expect(await stuck).toBe("cut");
    await holder.query("rollback");
  });

  it("fails no call and loses no event while two processes are replaced, a migration in the middle", async () => {
    const { acme, db } = world;
    const processes = [
      await ApiProcess.start(environment({ DRAIN_MS: "200" })),
      await ApiProcess.start(environment({ DRAIN_MS: "200" })),
    ] as const;
    // What a balancer does: to whoever is ready, and elsewhere when a connection was refused.
    let turn = 0;
    const ready = new Set<ApiProcess>(processes);
    const pick = (): ApiProcess => {
      const all = [...ready];
      return all[(turn += 1) % all.length] ?? processes[0];
    };
    const working = new AbortController();
    const failures: string[] = [];
    const made: string[] = [];
    let calls = 0;
    const client = async (): Promise<void> => {
      while (!working.signal.aborted) {
        const api = pick();
        const name = `Rolled ${calls} ${Math.random()}`;
        const sent = {
          token: acme.keys.creator,
          headers: { "idempotency-key": `${name} ${Math.random()}` },
        };
        const writes = calls % 4 === 0;
        const send = ({ url }: ApiProcess) =>
          writes
            ? mutate(url, "campaigns.create", { name }, sent)
            : query(url, "campaigns.list", { first: 5 }, sent);
        calls += 1;
        let answer = await send(api).catch(() => undefined);
        // A connection that was refused, or closed between two requests, is tried elsewhere, with the same key.
        if (answer === undefined) {
          const other = [...ready].find((one) => one !== api) ?? api;
          answer = await send(other).catch(() => undefined);
        }
        if (answer?.status !== 200) failures.push(answer?.text ?? "no answer");
        else if (writes) made.push(name);
        await sleep(2);
      }
    };
    const { after } = await acme.members.viewer.ws.events.ticket();
    const stop = new AbortController();
    const followers = processes.map(
      ({ url }) => new Follower({ url, token: acme.keys.viewer, after, signal: stop.signal }),
    );
    const following = followers.map((follower) => follower.run());
    const clients = Array.from({ length: 4 }, client);
    for (const [at, api] of processes.entries()) {
      await sleep(400);
      ready.delete(api);
      const { code } = await api.stop();
      expect(code).toBe(0);
      // What the next release's migration does to a table that is in use.
      if (at === 0)
        await db.admin.query(
          "alter table codex.campaigns add column if not exists rolled text; alter table codex.campaigns drop column rolled",
        );
      await api.start();
      ready.add(api);
    }
    await sleep(400);
    working.abort();
    await Promise.all(clients);
    const { after: last } = await acme.members.viewer.ws.events.ticket();
    for (const follower of followers)
      await expect.poll(() => follower.received.at(-1)?.id).toBe(last);
    stop.abort();
    await Promise.all(following);
    for (const api of processes) await api[Symbol.asyncDispose]();
    process.stdout.write(`rolling restart: ${calls} calls, ${failures.length} failed\n`);
    expect(failures).toEqual([]);
    expect(calls).toBeGreaterThan(100);
    const { rows } = await db.admin.query<{ name: string }>(
      "select name from codex.campaigns where workspace_id = $1 and name like 'Rolled %'",
      [acme.id],
    );
    expect(rows.map(({ name }) => name).toSorted()).toEqual(made.toSorted());
    for (const { received } of followers)
      expect(faultsIn(received, { after, last })).toEqual({ lost: 0, repeated: 0, disordered: 0 });
  });

  const superuser = /^this database cannot be used: \w+ is a superuser, [^.;]+\.$/u;
  const version = (of: number, from: number): Promise<unknown> =>
    world.db.admin.query(
      `create or replace function codex.schema_version(out version integer, out serves_from integer)
       language sql immutable set search_path = '' as $$ select ${of}, ${from} $$`,
    );

  it("does not start with a schema that it does not serve, nor with a login of other rights", async () => {
    const { db, issuer } = world;
    const start = (extra: Record<string, string> = {}) =>
      startServer(readSettings(environmentFor(db, issuer, extra)));
    await expect(start({ DATABASE_URL: db.url() })).rejects.toThrow(superuser);
    await expect(start({ SERVICE_DATABASE_URL: db.url("codex_api") })).rejects.toThrow(
      "codex_api is not a member of codex_service",
    );
    const wrong = db.url("codex_api").replace(/:[^:@/]+@/u, ":wrong@");
    const nowhere = db.url("codex_worker").replace(/[^/]+$/u, "nowhere");
    const silent = db.url("codex_api").replace(/:[^:@/]+@/u, "@");
    const secret = `${db.url("codex_worker")}?sslmode=verify-full`;
    for (const login of [
      { DATABASE_URL: wrong },
      { SERVICE_DATABASE_URL: nowhere },
      { DATABASE_URL: silent },
      { SERVICE_DATABASE_URL: secret },
    ])
      await expect(start(login)).rejects.toThrow(
        /^The database refuses the login of DATABASE_URL or SERVICE_DATABASE_URL: [^.;]+\.$/u,
      );
    await version(99, 99);
    await expect(start()).rejects.toThrow("too new");
    await version(12, 12);
    await expect(start()).rejects.toThrow("too old");
    await version(99, schemaVersion);
    await (await start()).close();
    await version(schemaVersion, 19);
    const process = ApiProcess.start(environment({ DATABASE_URL: db.url() }));
    await expect(process).rejects.toThrow(/codex-api: this database cannot be used: [^\n]+\n$/u);
  });

  it("is not ready while the schema is none that it serves, and goes on", async () => {
    const { db, issuer } = world;
    await using server = await startServer(readSettings(environmentFor(db, issuer)));
    const look = async (): Promise<{ status: number; open: string; admin: string }> => {
      const [open, admin] = [
        await fetch(`${server.url}/readyz`),
        await fetch(`${server.adminUrl}/readyz`),
      ];
      return { status: open.status, open: await open.text(), admin: await admin.text() };
    };
    expect(await look()).toMatchObject({ status: 200, open: '{"ready":true}' });
    await version(99, 99);
    await expect.poll(look).toMatchObject({
      status: 503,
      open: '{"ready":false}',
      admin: expect.stringContaining("too new"),
    });
    await version(schemaVersion, 19);
    await expect.poll(look).toMatchObject({ status: 200 });
  });

  it("waits for a database that is away at the start, and serves nobody until it was found fit", async () => {
    const { db, acme } = world;
    const { port } = new URL(db.url());
    await using proxy = await startProxy({ port: Number(port) });
    const through = (address: string): string => address.replace(`:${port}/`, `:${proxy.port}/`);
    const addresses = {
      DATABASE_URL: through(db.url("codex_api")),
      SERVICE_DATABASE_URL: through(db.url("codex_worker")),
    };
    const ask = (at: string) => query(at, "campaigns.list", {}, { token: acme.keys.viewer });
    const status = async (address: string): Promise<number> => (await fetch(address)).status;
    proxy.fault = { kind: "cut request" };
    const { issuer } = world;
    const server = await startServer(readSettings(environmentFor(db, issuer, addresses)));
    const refused = await ask(server.url);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await status(`${server.url}/livez`)).toBe(200);
    expect(await status(`${server.url}/readyz`)).toBe(503);
    // A browser's stream comes back by itself, and is open when the database is there.
    const { ticket } = await acme.members.viewer.ws.events.ticket();
    const events = new EventSource(`${server.url}/v1/events.subscribe?ticket=${ticket}`);
    const heard: string[] = [];
    for (const name of ["serialized-error", "connected"])
      events.addEventListener(name, () => heard.push(name));
    await expect.poll(() => heard).toEqual(["serialized-error"]);
    proxy.fault = { kind: "none" };
    await server.fit;
    expect((await ask(server.url)).status).toBe(200);
    await expect.poll(() => status(`${server.url}/readyz`)).toBe(200);
    await expect.poll(() => heard.at(-1)).toBe("connected");
    // Once it was fit, it is waited for without a word to streams.
    proxy.fault = { kind: "cut request" };
    await expect.poll(() => status(`${server.url}/readyz`)).toBe(503);
    proxy.fault = { kind: "none" };
    await expect.poll(() => status(`${server.url}/readyz`)).toBe(200);
    expect([events.readyState, heard.filter((name) => name === "connected")]).toEqual([
      events.OPEN,
      ["connected"],
    ]);
    events.close();
    await server.close();
    // One that comes and is wrong has served nobody.
    proxy.fault = { kind: "cut request" };
    const wrong = environmentFor(db, issuer, { ...addresses, DATABASE_URL: through(db.url()) });
    await using other = await startServer(readSettings(wrong));
    let served = 0;
    const over = new AbortController();
    const asking = (async () => {
      while (!over.signal.aborted) if ((await ask(other.url)).status !== 503) served += 1;
    })();
    proxy.fault = { kind: "none" };
    await expect(other.fit).rejects.toThrow(superuser);
    over.abort();
    await asking;
    expect(served).toBe(0);
  });

  it.each([
    [{ PORT: "x" }, /^PORT /],
    [{ PORT: "70000" }, /^PORT /],
    [{ DATABASE_URL: "" }, /^DATABASE_URL is not set: .*pnpm start/],
    [{ DATABASE_URL: "mysql://x" }, /^DATABASE_URL is no address/],
    [{ DATABASE_URL: "postgresql://u:p@host:99999/codex" }, /^DATABASE_URL is no address/],
    [{ DATABASE_URL: "postgresql://u:p@[x/codex" }, /^DATABASE_URL is no address/],
    [{ DATABASE_URL: "postgresql://u:100%@host/codex" }, /^DATABASE_URL is no address/],
    [{ SERVICE_DATABASE_URL: "" }, /^SERVICE_DATABASE_URL is not set/],
    [{ LOG_LEVEL: "loud" }, /^LOG_LEVEL /],
    [{ CORS_ORIGINS: "everywhere" }, /^CORS_ORIGINS /],
    [{ CORS_ORIGINS: "*" }, /^CORS_ORIGINS /],
    [{ CORS_ORIGINS: "localhost:5173" }, /^CORS_ORIGINS takes origins such as/],
    [{ CORS_ORIGINS: "https://a.example/page" }, /^CORS_ORIGINS takes origins such as/],
    [{ JWT_ISSUER: "" }, /belong together/],
    [{ JWT_ALGORITHMS: "none" }, /^JWT_ALGORITHMS /],
    [{ JWT_ALGORITHMS: "HS256" }, /^JWT_ALGORITHMS /],
    [{ CURSOR_SECRET: "short" }, /^CURSOR_SECRET /],
    [{ POOL_SIZE: "0" }, /^POOL_SIZE /],
  ])("says in one sentence what is wrong with %j", (extra, sentence) => {
    const given = environmentFor(world.db, world.issuer, { ...extra });
    expect(() => readSettings(given)).toThrow(sentence);
    try {
      readSettings(given);
    } catch (error) {
      expect((error as Error).message.split("\n")).toHaveLength(1);
    }
  });

  it("takes a setting of blanks for one that is not set", () => {
    const given = environmentFor(world.db, world.issuer, { PORT: " ", STREAM_POLL_MS: "\t" });
    expect(readSettings(given)).toMatchObject({ PORT: 3000, STREAM_POLL_MS: 20 });
  });

  it("says so when its port is taken, and when the keys of tokens cannot be read", async () => {
    const { server, db, issuer } = world;
    const { port } = new URL(server.url);
    const start = (extra: Record<string, string>) =>
      startServer(readSettings(environmentFor(db, issuer, extra)));
    await expect(start({ PORT: port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use by another program; choose another PORT.`,
    );
    const half = start({ ADMIN_PORT: port, PORT: "0" });
    await expect(half).rejects.toThrow(/^Port \d+ .*; choose another ADMIN_PORT\.$/u);
    for (const name of ["HOST", "ADMIN_HOST"])
      await expect(start({ [name]: "192.0.2.1" })).rejects.toThrow(
        `${name} is no address of this machine.`,
      );
    await expect(start({ JWT_JWKS: "https://" })).rejects.toThrow(/^JWT_JWKS is no address/u);
    await expect(start({ JWT_JWKS: "/nowhere.json" })).rejects.toThrow("JWT_JWKS");
    const failed = ApiProcess.start(environment({ POOL_SIZE: "many" }));
    await expect(failed).rejects.toThrow("codex-api: POOL_SIZE");
  });
});
