import { idleConnections, listen, once, serveAdmin, urlOf } from "@codex/process";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Settings } from "./env.ts";
import { holdBody } from "./http/expect.ts";
import { allowHalfClosed } from "./http/leaving.ts";
import type { Logger } from "./observe/log.ts";
import { makeParts } from "./parts.ts";
import type { Parts } from "./parts.ts";
import { routesOf } from "./routes.ts";

/** A server that takes requests. */
export interface ApiServer extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly adminUrl: string;
  readonly log: Logger;
  /**
   * Done when the database was found fit, or the server was closed before. Rejects with one sentence when one
   * that was away at the start comes and is not one to serve from.
   */
  readonly fit: Promise<void>;
  /** Ends all streams without a word; their clients come back. For whoever has to move them elsewhere. */
  cutStreams(reason: string): void;
  /**
   * Stops in order: not ready, no new connections, streams told to come back, what is under way finished,
   * the pool closed. What is left `SHUTDOWN_MS` after `DRAIN_MS` is ended.
   */
  close(): Promise<void>;
}

const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Above a balancer's usual 60 s: the balancer closes first, and no request meets a closed connection.
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
  connectionsCheckingInterval: 2_000,
};
const connectionsMax = 20_000;
// Over a slow network it may take a while until more of an answer is asked for. Whoever asks for nothing at all
// would keep a connection, and what was to be told, for ever.
const unreadMs = 60_000;

/**
 * Starts the server. A database that is away is waited for: meanwhile it listens, lives, is not ready and
 * turns calls away. Throws one sentence for a port that is taken, keys that cannot be read, and a database or
 * a login that is none to serve from.
 */
export async function startServer(settings: Settings): Promise<ApiServer> {
  const parts = await makeParts(settings);
  const isFit = await parts.fitness.look().catch(async (error: unknown) => {
    await abandon(parts);
    throw error;
  });
  const answer = routesOf(parts, { origins: settings.CORS_ORIGINS });
  let stopping = false;
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    // Whoever keeps a connection open is asked to make the next one, elsewhere.
    if (stopping) response.setHeader("connection", "close");
    answer(request, response);
  };
  const server = createServer(limits, take);
  allowHalfClosed(server);
  // Without these Node.js asks for every body, and says nothing in our words of what else is expected.
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    holdBody(request, response);
    take(request, response);
  });
  server.on("checkExpectation", take);
  const endIdle = idleConnections(server);
  server.maxConnections = connectionsMax;
  // It counts from the last byte in either direction; streams have none of it.
  server.setTimeout(settings.CALL_TIMEOUT_MS + unreadMs);
  const admin = createServer((request, response) => {
    const { probe, metrics } = parts;
    void serveAdmin({ request, response }, { probe, registry: metrics.registry });
  });
  try {
    await listen(server, {
      port: settings.PORT,
      host: settings.HOST,
      names: { port: "PORT", host: "HOST" },
    });
    await listen(admin, {
      port: settings.ADMIN_PORT,
      host: settings.ADMIN_HOST,
      names: { port: "ADMIN_PORT", host: "ADMIN_HOST" },
    });
  } catch (error) {
    server.close();
    await abandon(parts);
    throw error;
  }
  const waiting = new AbortController();
  const fit = isFit ? Promise.resolve() : parts.fitness.wait(waiting.signal);
  fit.catch(() => {}); // whoever asks is told
  const close = once(async () => {
    stopping = true;
    waiting.abort();
    await stop({ server, admin, endIdle }, parts, settings);
  });
  return {
    url: urlOf(server, settings.HOST),
    adminUrl: urlOf(admin, settings.ADMIN_HOST),
    log: parts.log,
    fit,
    cutStreams: (reason) => parts.streams.cutAll(reason),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Gives up what has not begun. */
async function abandon({ gate, streams, codex }: Parts): Promise<void> {
  gate.close();
  await streams.drain();
  await codex.close();
}

async function stop(
  { server, admin, endIdle }: { server: Server; admin: Server; endIdle: () => void },
  { probe, log, hub, streams, gate, keyUse, codex }: Parts,
  settings: Settings,
): Promise<void> {
  probe.drain();
  log.info({ streams: streams.count, inFlight: gate.inFlight }, "stopping");
  // Balancers see that it is not ready before they meet a closed port.
  await sleep(settings.DRAIN_MS);
  const closed = new Promise<void>((done) => server.close(() => done()));
  const sweep = setInterval(endIdle, 50);
  const rest = (async () => {
    hub.stop();
    await streams.drain();
    await closed;
    await keyUse.settle();
    await codex.close();
  })();
  const { SHUTDOWN_MS } = settings;
  const isDone = await Promise.race([
    rest.then(() => true),
    sleep(SHUTDOWN_MS, false, { ref: false }),
  ]);
  if (!isDone) {
    log.warn("not everything ended in time");
    server.closeAllConnections();
    await closed;
  }
  clearInterval(sweep);
  gate.close();
  admin.closeAllConnections();
  await new Promise<void>((done) => admin.close(() => done()));
  log.info("stopped");
}
