import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { listen } from "./feed.ts";
import type { FeedEvent, FeedSettings } from "./feed.ts";
import { settings, tellPort } from "./peer.ts";

// The floor: each event is made into bytes once and written to everybody, without a credential, a filter,
// a bound or a way to resume.
const streams = new Set<ServerResponse>();
const server = createServer((request, response) => {
  request.socket.setNoDelay(true);
  response.removeHeader("transfer-encoding");
  response.writeHead(200, { "content-type": "text/event-stream", connection: "close" });
  response.write("event: connected\ndata: {}\n\n");
  streams.add(response);
  response.once("close", () => streams.delete(response));
});

function publish(event: FeedEvent): void {
  const bytes = Buffer.from(`data: ${JSON.stringify(event)}\nid: ${event.number}\n\n`);
  for (const stream of streams) stream.write(bytes);
}

await listen(settings as FeedSettings, publish);
// Without a database too: the bench hands over the event.
process.on("message", (message) => {
  if (message === "port") return;
  publish(message as FeedEvent); // of the bench
  process.send?.("published");
});
tellPort(server);
