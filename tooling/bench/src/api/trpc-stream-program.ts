import { initTRPC, tracked } from "@trpc/server";
import { createHTTPServer } from "@trpc/server/adapters/standalone";
import { EventEmitter, on } from "node:events";
import { listen } from "./feed.ts";
import type { FeedEvent, FeedSettings } from "./feed.ts";
import { settings, tellPort } from "./peer.ts";

// tRPC's own subscriptions, as its documentation writes them: an emitter, and a generator for each subscriber.
const events = new EventEmitter().setMaxListeners(0);
const t = initTRPC.create({ isDev: false });
const router = t.router({
  events: t.procedure.subscription(async function* subscribe({ signal }) {
    const options = signal === undefined ? {} : { signal };
    for await (const [event] of on(events, "event", options) as AsyncIterable<[FeedEvent]>)
      yield tracked(String(event.number), event);
  }),
});
await listen(settings as FeedSettings, (event) => events.emit("event", event));
tellPort(createHTTPServer({ router, basePath: "/trpc/" }));
