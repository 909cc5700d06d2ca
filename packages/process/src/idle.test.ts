import { createServer } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { idleConnections } from "./idle.ts";

const length = 32 * 1024 * 1024;

describe("connections on which nothing is under way", () => {
  it("are ended when a server closes, and not while an answer is still being read", async () => {
    const server = createServer((request, response) => {
      response.end(Buffer.alloc(request.url === "/large" ? length : 1));
    });
    const endIdle = idleConnections(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const ask = (path: string): Socket => {
      const socket = connect(port, "127.0.0.1");
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
      return socket;
    };
    const keep = ask("/small");
    await new Promise((done) => keep.once("data", done));
    const slow = ask("/large").pause();
    await new Promise((done) => server.once("request", done));
    await sleep(100);
    const closed = new Promise((done) => server.close(done));
    const sweep = setInterval(endIdle, 20);
    await sleep(200);
    let read = 0;
    slow.on("data", (part: Buffer) => (read += part.length)).resume();
    await new Promise((done) => slow.once("close", done));
    expect(read).toBeGreaterThan(length);
    // And now the one that was kept open, or this would wait for it.
    await closed;
    clearInterval(sweep);
    keep.destroy();
  });
});
