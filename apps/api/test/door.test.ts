import { schemaVersion } from "@codex/sdk";
import { gzipSync } from "node:zlib";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf } from "./support/call.ts";
import { mutate, post, query, read } from "./support/http.ts";
import { makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

describe("the door", () => {
  let world: ApiWorld;
  let token: string;
  beforeAll(async () => {
    world = await makeApiWorld({ CORS_ORIGINS: "https://app.example, http://127.0.0.1:5173" });
    token = world.acme.keys.owner;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const url = (): string => world.server.url;
  const campaigns = async (): Promise<number> => {
    const { rows } = await world.db.admin.query<{ n: number }>(
      "select count(*)::integer as n from codex.campaigns where workspace_id = $1",
      [world.acme.id],
    );
    return rows[0]?.n ?? -1;
  };

  it("answers 15,000 commas with less than 1 kB, before anything runs", async () => {
    const raw = await rawRequest(
      url(),
      `GET /trpc/${",".repeat(15_000)}?batch=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    );
    expect(raw).toMatch(/^HTTP\/1\.1 400 /u);
    expect(raw).toContain("a batch has at most 20 calls");
    expect(raw.length).toBeLessThan(1_200);
    const short = await query(url(), `${"campaigns.list,".repeat(20)}campaigns.list`, undefined, {
      token,
    });
    expect(short.status).toBe(404); // no batch: one long name
    const batch = await read(
      await fetch(`${url()}/trpc/${",".repeat(2_000)}?batch=1`, {
        headers: { authorization: `Bearer ${token}` },
      }),
    );
    expect([batch.status, codeOf(batch), batch.text.length < 1_000]).toEqual([
      400,
      "InvalidInput",
      true,
    ]);
    const twenty = await fetch(
      `${url()}/trpc/${Array.from({ length: 20 }, () => "campaigns.list").join(",")}?batch=1`,
      { headers: { authorization: `Bearer ${token}` } },
    );
    expect(twenty.status).toBe(200);
    expect(await twenty.json()).toHaveLength(20);
    const escaped = await fetch(
      `${url()}/trpc/${Array.from({ length: 21 }, () => "campaigns.list").join("%2C")}?batch=1`,
      { headers: { authorization: `Bearer ${token}` } },
    );
    expect(escaped.status).toBe(400);
  });

  it("takes no body over 1 MB, whether it says so or not", async () => {
    const before = await campaigns();
    const size = 64 * 1024 * 1024;
    const head = `POST /trpc/campaigns.create HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n`;
    const announced = await rawRequest(url(), `${head}content-length: ${size}\r\n\r\n{"name":"x"`);
    expect(announced).toMatch(/^HTTP\/1\.1 413 /u);
    const chunk = `10000\r\n${" ".repeat(0x1_00_00)}\r\n`;
    const chunked = await rawRequest(
      url(),
      `${head}transfer-encoding: chunked\r\n\r\n${chunk.repeat(40)}`,
    );
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /u);
    const name = "n".repeat(1024 * 1024);
    expect((await mutate(url(), "campaigns.create", { name }, { token })).status).toBe(413);
    expect(await campaigns()).toBe(before);
  });

  it("answers a body full of mistakes with no more than anybody reads, by every door", async () => {
    const fields = Object.fromEntries(
      Array.from({ length: 40_000 }, (_, at) => [`field ${at}`, at]),
    );
    const params = { name: "campaigns_create", arguments: fields };
    const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
    for (const [path, body] of [
      ["/v1/campaigns.create", fields],
      ["/trpc/campaigns.create", fields],
      ["/trpc/campaigns.create?batch=1", { 0: fields }],
      ["/mcp", message],
    ] as const) {
      const { text } = await post(`${url()}${path}`, body, { token });
      expect([path, text.includes("InvalidInput"), text.length < 10_000]).toEqual([
        path,
        true,
        true,
      ]);
    }
  });

  it("asks for no body that it refuses, of a client that waits to be asked", async () => {
    const before = await campaigns();
    const head = (path: string, more: string): string =>
      `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${more}\r\n\r\n`;
    const known = `authorization: Bearer ${token}\r\n`;
    const waits = "expect: 100-continue";
    for (const [path, more, status] of [
      ["/v1/campaigns.create", `content-length: 12\r\n${waits}`, 401],
      ["/trpc/campaigns.create", `content-length: 12\r\n${waits}`, 401],
      ["/mcp", `content-length: 12\r\n${waits}`, 401],
      ["/v1/campaigns.create", `${known}content-length: 2000000\r\n${waits}`, 413],
      [
        "/v1/campaigns.create",
        `${known}content-encoding: gzip\r\ncontent-length: 12\r\n${waits}`,
        415,
      ],
      ["/nowhere", `content-length: 12\r\n${waits}`, 404],
      ["/v1/campaigns.create", `${known}content-length: 12\r\nexpect: 200-ok`, 417],
    ] as const) {
      const raw = await rawRequest(url(), head(path, more));
      expect([path, raw.slice(0, 13)]).toEqual([path, `HTTP/1.1 ${status} `]);
      // Its body, or its next request? Nobody could tell.
      expect(raw.toLowerCase()).toContain("\r\nconnection: close\r\n");
    }
    expect(await campaigns()).toBe(before);
    const { port } = new URL(url());
    const socket = connect(Number(port), "127.0.0.1");
    let text = "";
    socket.on("data", (part) => (text += String(part)));
    socket.write(head("/v1/campaigns.create", `${known}content-length: 16\r\n${waits}`));
    await expect.poll(() => text).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    socket.write('{"name":"asked"}');
    await expect.poll(() => text).toContain("HTTP/1.1 200 OK");
    // Who always waits to be asked keeps the connection.
    expect(text.toLowerCase()).toContain("\r\nconnection: keep-alive\r\n");
    socket.destroy();
    expect(await campaigns()).toBe(before + 1);
  });

  it.each([
    ["200 levels", `{"name":${"[".repeat(200)}${"]".repeat(200)}}`, 400],
    [
      "200 levels in a cohort",
      `{"name":"x","demographics":{"a":${"[".repeat(200)}1${"]".repeat(200)}}}`,
      400,
    ],
    ["__proto__", '{"name":"x","__proto__":{"isAdmin":true}}', 400],
    ["__proto__ further in", '{"name":"x","demographics":{"a":{"__proto__":{"b":1}}}}', 400],
    ["__proto__ in other letters", '{"name":"x","\\u005f_proto__":{"isAdmin":true}}', 400],
    ["constructor", '{"name":"x","constructor":{"prototype":{"isAdmin":true}}}', 400],
    ["half a body", '{"name":"x"', 400],
    ["words", "name=x", 400],
    ["null", "null", 400],
    ["a number", "5", 400],
    ["NaN", '{"name":NaN}', 400],
    ["NUL", '{"name":"\\u0000"}', 400],
    ["half a letter", '{"name":"\\ud800"}', 400],
    ["a bomb of keys", `{${Array.from({ length: 10_000 }, (_, n) => `"k${n}":1`).join(",")}}`, 400],
    ["two names", '{"name":"x","name":""}', 400],
  ])("refuses %s, and makes nothing of it", async (_, body, status) => {
    const before = await campaigns();
    const name = body.includes("demographics") ? "cohorts.create" : "campaigns.create";
    const answer = await post(`${url()}/trpc/${name}`, body, { token });
    expect([answer.status, codeOf(answer)]).toEqual([status, "InvalidInput"]);
    const plain = await post(`${url()}/v1/${name}`, body, { token });
    expect([plain.status, plain.json?.code]).toEqual([status, "InvalidInput"]);
    expect(await campaigns()).toBe(before);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it.each([
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "text/plain",
    "application/octet-stream",
    "application/jsonx",
    "",
  ])("runs no mutation for %s, which a page may send without asking", async (type) => {
    const before = await campaigns();
    for (const path of [
      "/trpc/campaigns.create",
      "/trpc/events.ticket",
      "/v1/campaigns.create",
      "/mcp",
    ]) {
      const body = type.startsWith("multipart") ? "--x--\r\n" : '{"name":"x"}';
      const response = await fetch(`${url()}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": type },
        body,
      });
      expect([path, response.status]).toEqual([path, 415]);
    }
    expect(await campaigns()).toBe(before);
  });

  it.each([
    [{ "content-encoding": "gzip" }, gzipSync('{"name":"x"}'), 415],
    [{ "content-encoding": "br" }, Buffer.from('{"name":"x"}'), 415],
    [{ "content-type": "application/json; charset=utf-16" }, Buffer.from('{"name":"x"}'), 415],
    [{}, Buffer.from('{"name":"\xff\xfe"}', "latin1"), 400],
    [{}, Buffer.from('{"name":"\xed\xa0\x80"}', "latin1"), 400],
  ])("takes nothing but plain UTF-8: %j %s", async (headers, body, status) => {
    const before = await campaigns();
    for (const path of ["/trpc/campaigns.create", "/v1/campaigns.create", "/mcp"]) {
      const answer = await fetch(`${url()}${path}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          ...headers,
        },
        body,
      });
      expect([path, answer.status]).toEqual([path, status]);
    }
    expect(await campaigns()).toBe(before);
    const plain = { "content-type": 'Application/JSON; charset="UTF-8"', "content-encoding": "" };
    const sent = { token, headers: plain };
    expect((await post(`${url()}/v1/campaigns.create`, { name: "é😀" }, sent)).json.name).toBe(
      "é😀",
    );
  });

  it("knows no other procedure, and no mutation by GET", async () => {
    for (const name of [
      "campaigns.drop",
      "campaigns",
      "",
      "__proto__",
      "constructor",
      "toString",
      "campaigns.get.x",
      "workspaces.purge",
      "agents.register",
    ]) {
      const answer = await query(url(), name, {}, { token });
      expect([name, answer.status, codeOf(answer)]).toEqual([name, 404, "NotFound"]);
      const plain = await post(`${url()}/v1/${name}`, {}, { token });
      expect([name, plain.status]).toEqual([name, 404]);
    }
    const byGet = await query(url(), "campaigns.create", { name: "x" }, { token });
    expect([byGet.status, codeOf(byGet)]).toEqual([405, "InvalidInput"]);
    for (const method of ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD"]) {
      const raw = await rawRequest(
        url(),
        `${method} /trpc/campaigns.list HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\nconnection: close\r\n\r\n`,
      );
      expect(raw, method).toMatch(method === "OPTIONS" ? /^HTTP\/1\.1 204/u : /^HTTP\/1\.1 405/u);
    }
  });

  it.each([
    "GET http:// HTTP/1.1",
    "GET //evil.example/x HTTP/1.1",
    "GET /%zz HTTP/1.1",
    "GET /trpc/%zz HTTP/1.1",
    "GET /trpc/campaigns.get?input=%zz HTTP/1.1",
    "GET /trpc/campaigns.get?input={ HTTP/1.1",
    "GET /trpc/campaigns.get?batch=1&input=[] HTTP/1.1",
    "GET /trpc/campaigns.get?batch=2 HTTP/1.1",
    "GET /docs/../../package.json HTTP/1.1",
    "GET /docs/%2e%2e/package.json HTTP/1.1",
    "GET /docs/..%2fpackage.json HTTP/1.1",
    "GET /v1/ HTTP/1.1",
    "GET * HTTP/1.1",
    "GET / HTTP/9.9",
    "FROB / HTTP/1.1",
    "POST /trpc/campaigns.create HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked",
    "POST /trpc/campaigns.create HTTP/1.1\r\ncontent-length: -5",
    "GET /trpc/campaigns.list HTTP/1.1\r\nauthorization: Bearer x\u0000y",
    "GET / HTTP/1.1\r\nx: \u0007",
    "",
    "\u0000\u0000\u0000",
    "hello",
  ])("lives on after %j", async (head) => {
    const raw = await rawRequest(url(), `${head}\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(raw).not.toMatch(/^HTTP\/1\.1 5/u);
    expect(raw).not.toMatch(/node_modules|at .*\.ts|package\.json/u);
    expect((await fetch(`${url()}/livez`)).status).toBe(200);
  });

  it.each(["//evil", "/\\\\evil", "http://evil"])(
    "knows no address that has a host in it, as %s",
    async (host) => {
      for (const path of ["/trpc/campaigns.list", "/livez", "/v1/campaigns.list"]) {
        const head = `GET ${host}${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`;
        expect(await rawRequest(url(), head)).toMatch(/^HTTP\/1\.1 400/u);
      }
    },
  );

  it("takes no flood of headers and no endless address", async () => {
    const flood = Array.from({ length: 3_000 }, (_, n) => `x-${n}: ${"v".repeat(20)}\r\n`).join("");
    expect(await rawRequest(url(), `GET / HTTP/1.1\r\nhost: x\r\n${flood}\r\n`)).toMatch(
      /^HTTP\/1\.1 431/u,
    );
    const long = await fetch(`${url()}/trpc/campaigns.get?input=${"a".repeat(9_000)}`);
    const { error } = (await long.json()) as { error: { data: { code: string } } };
    expect([long.status, error.data.code]).toEqual([414, "InvalidInput"]);
    for (const path of ["/v1/x", "/livez", "/trpc/events.subscribe"])
      expect((await fetch(`${url()}${path}?input=${"a".repeat(9_000)}`)).status).toBe(414);
    // In the words of the door that they came to.
    const plain = await post(`${url()}/v1/campaigns.list?${"a".repeat(9_000)}`, {}, { token });
    expect(plain.headers.get("content-type")).toBe("application/problem+json");
    expect(plain.json).toMatchObject({ title: "InvalidInput", status: 414 });
    const tool = await post(`${url()}/mcp?${"a".repeat(9_000)}`, {}, { token });
    expect([tool.status, tool.json.jsonrpc]).toEqual([414, "2.0"]);
  });

  it("does not wait for those who send slowly, nor for those who say nothing", async () => {
    const quick = await makeApiWorld();
    // Node's own limits, set by the server: what is waited for here is the shortest of them.
    const { port } = new URL(quick.server.url);
    const idle = Array.from({ length: 2_000 }, () => connect(Number(port), "127.0.0.1"));
    for (const socket of idle) socket.on("error", () => {}).resume();
    const slow = connect(Number(port), "127.0.0.1");
    const closed = new Promise<string>((done) => {
      let text = "";
      slow.on("data", (bytes) => (text += String(bytes)));
      slow.on("error", () => {});
      slow.on("close", () => done(text));
    });
    // A body of which a byte comes now and then: thirty seconds for the whole request.
    const body = connect(Number(port), "127.0.0.1");
    let bodyAnswer = "";
    body.on("data", (bytes) => (bodyAnswer += String(bytes))).on("error", () => {});
    body.write(
      "POST /v1/campaigns.list HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n",
    );
    slow.write("GET / HTTP/1.1\r\n");
    const drip = setInterval(() => {
      if (slow.writable) slow.write("x: y\r\n");
      if (body.writable) body.write(" ");
    }, 500);
    expect((await fetch(`${quick.server.url}/livez`)).status).toBe(200);
    expect(await closed).toMatch(/^HTTP\/1\.1 408/u);
    await expect.poll(() => body.destroyed).toBe(true);
    expect(bodyAnswer).toMatch(/^HTTP\/1\.1 4(?:01|08)/u);
    clearInterval(drip);
    const open = (): number =>
      idle.filter((socket) => !socket.destroyed && !socket.readableEnded).length;
    await expect.poll(open).toBe(0);
    for (const socket of idle) socket.destroy();
    await quick[Symbol.asyncDispose]();
  });

  it("lets pages of the origins given call, and no other", async () => {
    const ask = (origin: string, method = "OPTIONS") =>
      fetch(`${url()}/trpc/campaigns.list`, {
        method,
        headers: {
          origin,
          "access-control-request-method": "GET",
          authorization: `Bearer ${token}`,
        },
      });
    for (const origin of ["https://app.example", "http://127.0.0.1:5173"]) {
      const preflight = await ask(origin);
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get("access-control-allow-origin")).toBe(origin);
      const taken = preflight.headers.get("access-control-allow-headers");
      expect(taken).toContain("idempotency-key");
      expect(taken).toContain("mcp-protocol-version");
      const answered = await ask(origin, "GET");
      expect(answered.headers.get("access-control-allow-origin")).toBe(origin);
      expect(answered.headers.get("access-control-allow-credentials")).toBeNull();
    }
    for (const origin of [
      "https://evil.example",
      "https://app.example.evil",
      "null",
      "http://app.example",
    ])
      expect((await ask(origin)).headers.get("access-control-allow-origin")).toBeNull();
  });

  it("says in each answer that it is nobody else's, and names the request", async () => {
    const answer = await query(
      url(),
      "campaigns.list",
      {},
      { token, headers: { "x-request-id": "mine-1" } },
    );
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
      "x-request-id": "mine-1",
    });
    expect(answer.headers.get("x-powered-by")).toBeNull();
    expect(answer.headers.get("server")).toBeNull();
    const odd = await query(
      url(),
      "campaigns.list",
      {},
      { token, headers: { "x-request-id": "a b<c>" } },
    );
    expect(odd.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/u);
  });

  it("describes itself once to whoever keeps the description", async () => {
    const ask = (tags?: string, method = "GET") =>
      fetch(`${url()}/openapi.json`, {
        method,
        headers: tags === undefined ? {} : { "if-none-match": tags },
      });
    const whole = await ask();
    const etag = whole.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w-]{43}"$/u);
    expect([whole.status, whole.headers.get("cache-control")]).toEqual([200, "no-cache"]);
    const text = await whole.text();
    for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, "*"])
      for (const method of ["GET", "HEAD"]) {
        const same = await ask(tags, method);
        expect([same.status, await same.text()], `${method} ${tags}`).toEqual([304, ""]);
        expect(Object.fromEntries(same.headers)).toMatchObject({
          etag,
          "cache-control": "no-cache",
          "x-content-type-options": "nosniff",
        });
        expect(same.headers.get("content-length")).toBeNull();
      }
    for (const tags of ['"other"', etag.slice(1, -1), ""]) {
      const other = await ask(tags);
      expect([other.status, await other.text()], tags).toEqual([200, text]);
    }
    const { headers } = await ask(undefined, "HEAD");
    expect([headers.get("etag"), headers.get("content-length")]).toEqual([
      etag,
      String(Buffer.byteLength(text)),
    ]);
  });

  it("shows where to go on, at / and /docs, without anything from elsewhere", async () => {
    const page = await (await fetch(url())).text();
    expect(page).toContain(`version ${schemaVersion}`);
    for (const link of ["/docs", "/openapi.json", "/readyz", "/livez"]) {
      expect(page).toContain(`href="${link}"`);
      expect((await fetch(`${url()}${link}`)).status).toBe(200);
    }
    for (const path of ["/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/start.js"])
      expect((await fetch(`${url()}${path}`)).status).toBe(200);
    expect((await fetch(`${url()}/docsXstart.js`)).status).toBe(404);
    const docs = await (await fetch(`${url()}/docs`)).text();
    expect(docs + page).not.toMatch(/(?:src|href)="https?:/u);
  });

  it("keeps no copy of a page for each who does not read theirs", async () => {
    const { port } = new URL(url());
    const before = process.memoryUsage().arrayBuffers;
    const deaf = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = connect(Number(port), "127.0.0.1");
        socket.write("GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nhost: x\r\n\r\n");
        await new Promise((begun) => socket.once("data", begun));
        return socket.pause();
      }),
    );
    const taken = process.memoryUsage().arrayBuffers - before;
    for (const socket of deaf) socket.destroy();
    // The file itself, and what the clients have read: 1.7 MB and 64 kB each.
    expect(taken).toBeLessThan(15 * 1024 * 1024);
  });

  it("takes mutations in a batch too, each in a transaction of its own", async () => {
    const before = await campaigns();
    const batch = await post(
      `${url()}/trpc/campaigns.create,campaigns.create,campaigns.create?batch=1`,
      { 0: { name: "a" }, 1: { name: "" }, 2: { name: "c" } },
      { token },
    );
    expect(batch.status).toBe(207);
    expect(batch.json.map((one: { error?: unknown }) => one.error === undefined)).toEqual([
      true,
      false,
      true,
    ]);
    expect(await campaigns()).toBe(before + 2);
  });

  it("answers in one piece, whatever the client would like", async () => {
    const get = (headers: Record<string, string>) =>
      fetch(`${url()}/trpc/campaigns.list?batch=1`, {
        headers: { authorization: `Bearer ${token}`, ...headers },
      });
    const plain = await get({ accept: "application/jsonl" });
    expect(await plain.json()).toHaveLength(1);
    expect((await get({ "trpc-accept": "application/jsonl" })).status).toBe(406);
  });

  it("keeps what operators ask at a port of its own", async () => {
    const { adminUrl } = world.server;
    expect((await fetch(`${url()}/metrics`)).status).toBe(404);
    const metrics = await (await fetch(`${adminUrl}/metrics`)).text();
    expect(metrics).toContain("codex_api_call_duration_seconds_bucket");
    expect(await (await fetch(`${adminUrl}/readyz`)).json()).toEqual({ ready: true, reasons: [] });
    expect((await fetch(`${adminUrl}/trpc/campaigns.list`)).status).toBe(404);
  });

  it("keeps what a member did under a key from every other member", async () => {
    const { acme, globex, db, issuer } = world;
    const { rows } = await db.admin.query<{ subject: string }>(
      "select subject from codex.user_profiles where id = $1",
      [acme.members.creator.userId],
    );
    const make = (key: string, workspaceId: string) =>
      mutate(
        url(),
        "campaigns.create",
        { name: "Of one" },
        {
          token: key,
          headers: { "idempotency-key": "of-one", "x-codex-workspace": workspaceId },
        },
      );
    const first = await make(token, acme.id);
    expect(first.status).toBe(200);
    const other = await make(await issuer.token(rows[0]?.subject ?? ""), acme.id);
    expect([other.status, codeOf(other)]).toEqual([422, "IdempotencyConflict"]);
    expect(other.text).not.toContain(first.json.result.data.id);
    // Another workspace has keys of its own.
    const elsewhere = await make(globex.keys.owner, globex.id);
    expect(elsewhere.status).toBe(200);
    expect(elsewhere.json.result.data.id).not.toBe(first.json.result.data.id);
    const again = await make(token, acme.id);
    expect(again.json.result.data).toEqual({ ...first.json.result.data, replayed: true });
  });

  it("says which number is larger than any version", async () => {
    const made = await mutate(url(), "campaigns.create", { name: "Versioned" }, { token });
    const change = {
      id: made.json.result.data.id,
      change: { name: "x" },
      expectedVersion: 2 ** 31,
    };
    const refused = await mutate(url(), "campaigns.update", change, { token });
    expect([refused.status, refused.json.error.message]).toEqual([
      400,
      "expectedVersion: is larger than versions become",
    ]);
  });

  it("does a mutation once under its key, and tells it from another", async () => {
    const before = await campaigns();
    const headers = { "idempotency-key": `door ${Date.now()}` };
    const one = await mutate(url(), "campaigns.create", { name: "Once" }, { token, headers });
    const two = await mutate(url(), "campaigns.create", { name: "Once" }, { token, headers });
    expect(two.json.result.data).toEqual({ ...one.json.result.data, replayed: true });
    const other = await mutate(url(), "campaigns.create", { name: "Twice" }, { token, headers });
    expect([other.status, codeOf(other)]).toEqual([422, "IdempotencyConflict"]);
    expect(await campaigns()).toBe(before + 1);
    const batch = await post(
      `${url()}/trpc/campaigns.create,campaigns.create?batch=1`,
      { 0: { name: "a" }, 1: { name: "b" } },
      { token, headers },
    );
    expect([batch.status, codeOf(batch)]).toEqual([400, "InvalidInput"]);
    for (const key of ["", "k".repeat(201)]) {
      const asked = { token, headers: { "idempotency-key": key } };
      expect((await mutate(url(), "campaigns.create", { name: "x" }, asked)).status).toBe(400);
    }
    expect(await campaigns()).toBe(before + 1);
  });

  it("takes no two keys for one call, not even the same one twice", async () => {
    const before = await campaigns();
    const body = '{"name":"Two keys"}';
    for (const other of ["one", "two"]) {
      const lines = [
        "POST /v1/campaigns.create HTTP/1.1",
        "host: x",
        "connection: close",
        `authorization: Bearer ${token}`,
        "content-type: application/json",
        `content-length: ${body.length}`,
        "idempotency-key: one",
        `Idempotency-Key: ${other}`,
      ];
      const raw = await rawRequest(url(), `${lines.join("\r\n")}\r\n\r\n${body}`);
      expect(raw).toMatch(/^HTTP\/1\.1 400 /u);
      expect(raw).toContain("Idempotency-Key is sent once and not 2 times: one call has one key");
    }
    expect(await campaigns()).toBe(before);
  });
});

/** Sends bytes as they are, and gives what comes back until the other side hangs up. */
function rawRequest(url: string, bytes: string): Promise<string> {
  const { port } = new URL(url);
  return new Promise((done) => {
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(bytes, "latin1"));
    let text = "";
    const end = (): void => {
      socket.destroy();
      done(text);
    };
    socket.setTimeout(1_500, end);
    socket.on("data", (part) => (text += part.toString("latin1")));
    socket.on("end", end);
    socket.on("error", end);
  });
}
