import { createServer } from "node:http";
import { bareRead } from "./bare-read.ts";
import type { ReadSettings } from "./bare-read.ts";
import { settings, tellPort } from "./peer.ts";

// A handler of node:http and the read, and nothing else: no credential, no limit, no log.
const read = bareRead(settings as ReadSettings);
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? "/", "http://localhost");
  void read(searchParams.get("workspace") ?? "", searchParams.get("id") ?? "").then((row) => {
    const body = JSON.stringify(row);
    response.writeHead(row === undefined ? 404 : 200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
});
tellPort(server);
