import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

describe("a client that closes its side after its request", () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await makeApiWorld({ CALL_TIMEOUT_MS: "60000", LOCK_TIMEOUT_MS: "30000" });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const head = (line: string, more = ""): string =>
    `${line} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.acme.keys.creator}\r\n${more}\r\n`;

  /** What comes until the server hangs up. */
  const told = async (bytes: string): Promise<string> => {
    const { port } = new URL(world.server.url);
    const socket = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
    let text = "";
    socket.on("data", (part) => (text += String(part)));
    socket.end(bytes);
    await new Promise((done) => socket.once("end", done));
    socket.destroy();
    return text;
  };

  it("has its answer, and the connection is closed", async () => {
    expect(await told(head("GET /trpc/campaigns.list"))).toMatch(/^HTTP\/1\.1 200 .*"items":/su);
    const body = '{"name":"Half"}';
    const more = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
    const made = await told(head("POST /v1/campaigns.create", more) + body);
    expect(made).toMatch(/^HTTP\/1\.1 200 .*"name":"Half"/su);
    const two = await told(head("GET /trpc/campaigns.list") + head("GET /trpc/cohorts.list"));
    expect(two.match(/HTTP\/1\.1 200 /gu)).toHaveLength(2);
    expect(await told("")).toBe("");
    expect(await told("GET / HTTP/1.1\r\nhost:")).toMatch(/^HTTP\/1\.1 400 /u);
  });

  it("is told soon that a call takes too long, which ends: most of them have gone", async () => {
    const { acme, db } = world;
    const { id } = await acme.members.creator.ws.campaigns.create({ name: "Held" });
    const holder = await db.connect();
    await holder.query("begin");
    await holder.query("select from codex.campaigns where id = $1 for update", [id]);
    const body = JSON.stringify({ id, change: { name: "Late" } });
    const more = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
    expect(await told(head("POST /v1/campaigns.update", more) + body)).toContain('"Aborted"');
    const waiting = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = $1";
    await expect.poll(async () => (await db.admin.query(waiting, [db.name])).rowCount).toBe(0);
    await holder.query("rollback");
  });

  it("has no stream, which nobody could tell from one whose client has gone", async () => {
    const { port } = new URL(world.server.url);
    const socket = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
    socket.write(head("GET /trpc/events.subscribe"));
    const first = await new Promise((done) => socket.once("data", done));
    expect(String(first)).toMatch(/^HTTP\/1\.1 200 /u);
    const ended = new Promise((done) => socket.once("close", done));
    socket
      .resume()
      .on("error", () => {})
      .end();
    await ended;
  });
});
