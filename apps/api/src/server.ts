import { createCodex } from "@codex/sdk";
import type { Codex } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Admission } from "./admission.ts";
import type { Arrival } from "./admission.ts";
import { serveAdmin } from "./admin.ts";
import { KeyUse } from "./auth/key-use.ts";
import { Persons } from "./auth/persons.ts";
import { openTokens } from "./auth/tokens.ts";
import { contractOf } from "./contract/contract.ts";
import { openApiOf } from "./contract/openapi.ts";
import { serveMcp } from "./doors/mcp-door.ts";
import { sendDocs, sendLanding } from "./doors/pages.ts";
import { rpcEndpoint, serveRpc } from "./doors/rpc-door.ts";
import { isStream, serveStream } from "./doors/stream-door.ts";
import { serveTrpc } from "./doors/trpc-door.ts";
import type { Settings } from "./env.ts";
import { bodyOf, Refusal, statusOf, toCodexError } from "./errors.ts";
import { fail, send } from "./http/answer.ts";
import { allowOrigin } from "./http/cors.ts";
import { Gate } from "./limits/gate.ts";
import { Limiter } from "./limits/limiter.ts";
import type { CallObserver } from "./observe/call.ts";
import { describeError, openLog } from "./observe/log.ts";
import type { Logger } from "./observe/log.ts";
import { Metrics } from "./observe/metrics.ts";
import { openTracing } from "./observe/tracing.ts";
import { procedureNames } from "./procedures.ts";
import { ReadinessProbe } from "./readiness.ts";
import { Hub } from "./realtime/hub.ts";
import { Streams } from "./realtime/streams.ts";
import { appRouter } from "./root.ts";
import { pingMs, reconnectMs } from "./trpc.ts";

/** A server that takes requests. */
export interface ApiServer extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly adminUrl: string;
  readonly log: Logger;
  /** Ends all streams without a word; their clients come back. For whoever has to move them elsewhere. */
  cutStreams(reason: string): void;
  /**
   * Stops in order: not ready, no new connections, streams told to come back, what is under way finished,
   * the pool closed. At the latest after `SHUTDOWN_MS` it ends what is left.
   */
  close(): Promise<void>;
}

// Above a balancer's usual 60 s: the balancer closes first, and no request meets a closed connection.
const keepAliveMs = 65_000;
const headersMs = 10_000;
const requestMs = 30_000;
const connectionsMax = 20_000;
const urlMax = 8_192;

/** Starts the server. Throws one sentence for a port that is taken or keys that cannot be read. */
export async function startServer(settings: Settings): Promise<ApiServer> {
  const log = openLog(settings.LOG_LEVEL);
  const contract = contractOf(appRouter);
  const tokens = await tokensOf(settings);
  const tracing = await openTracing();
  const codex = openCodex(settings);
  const failed = (error: unknown): void => log.warn(describeError(error), "background work failed");
  const hub = new Hub({ feed: codex.feed, pollMs: settings.STREAM_POLL_MS, failed });
  const gate = new Gate({
    inFlightMax: settings.IN_FLIGHT_MAX,
    inFlightPerWorkspace: settings.IN_FLIGHT_PER_WORKSPACE,
    loopLagMaxMs: settings.LOOP_LAG_MAX_MS,
  });
  const metrics: Metrics = new Metrics(
    {
      pool: () => codex.usage(),
      streams: () => streams.count,
      hubLag: () => hub.lagS,
      inFlight: () => gate.inFlight,
    },
    procedureNames,
  );
  const streams = new Streams({
    hub,
    access: codex.access,
    settings: {
      max: settings.STREAMS_MAX,
      perWorkspace: settings.STREAMS_PER_WORKSPACE,
      pingMs,
      reconnectMs,
    },
    delivered: (events) => metrics.delivered(events),
    cut: (reason) => metrics.cut(reason),
    failed,
  });
  const keyUse = new KeyUse(codex.access, failed);
  const observer: CallObserver = {
    trace: (path, call) => tracing.call(path, call),
    ended: (outcome, error) => {
      metrics.called(outcome);
      const { code } = outcome;
      if (code === "ok") log.info(outcome, "call");
      else if (code === "Internal") log.error({ ...outcome, ...describeError(error) }, "call");
      else log.info({ ...outcome, ...describeError(error) }, "call");
    },
  };
  const admission = new Admission({
    codex,
    persons: new Persons(codex),
    tokens,
    keyUse,
    limiter: new Limiter({
      perKey: settings.RATE_PER_KEY,
      perWorkspace: settings.RATE_PER_WORKSPACE,
      perAddress: settings.RATE_PER_ADDRESS,
      perStranger: settings.RATE_PER_STRANGER,
    }),
    gate,
    observer,
    trustedProxies: settings.TRUSTED_PROXIES,
    timeoutMs: settings.CALL_TIMEOUT_MS,
  });
  const probe = new ReadinessProbe(codex, hub);
  const openApi = JSON.stringify(openApiOf(contract));
  const origins = new Set(settings.CORS_ORIGINS.map((origin) => new URL(origin).origin));

  const route = async (arrival: Arrival, url: URL): Promise<void> => {
    const { response, request } = arrival;
    const { pathname } = url;
    if (isStream(url)) return serveStream(arrival, url, { codex, streams, admission });
    if (pathname.startsWith("/trpc/")) return serveTrpc(arrival, url, admission);
    if (pathname.startsWith(rpcEndpoint)) return serveRpc(arrival, url, admission);
    if (pathname === "/mcp") return serveMcp(arrival, admission);
    if (request.method !== "GET" && request.method !== "HEAD") return notFound(arrival);
    if (pathname === "/livez") return send(response, { status: 200, body: '{"live":true}' });
    if (pathname === "/readyz") {
      const { ready } = await probe.look();
      return send(response, { status: ready ? 200 : 503, body: JSON.stringify({ ready }) });
    }
    if (pathname === "/openapi.json") return send(response, { status: 200, body: openApi });
    if (pathname === "/") {
      await probe.look();
      const { schemaVersion = 0, serverVersion = "not reached" } = probe.report ?? {};
      const uptimeS = process.uptime();
      return sendLanding(response, contract, {
        schemaVersion,
        serverVersion,
        uptimeS,
        streams: streams.count,
      });
    }
    if (pathname.startsWith("/docs") && (await sendDocs(response, pathname))) return;
    notFound(arrival);
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const requestId = requestIdOf(request);
    response.setHeader("x-request-id", requestId);
    // Whoever keeps a connection open is asked to take the next one, elsewhere.
    if (stopping) response.setHeader("connection", "close");
    const arrival = { request, response, requestId };
    if (allowOrigin(request, response, origins)) return;
    const { headers, method = "" } = request;
    tracing
      .request({ headers, name: `${method} ${doorOf(request.url)}` }, response, async () =>
        route(arrival, readUrl(request)),
      )
      .catch((error: unknown) => {
        const known = toCodexError(error);
        if (known.code === "Internal") log.error({ requestId, ...describeError(error) }, "request");
        fail(response, known, { body: JSON.stringify(bodyOf(known, requestId)) });
      });
  };

  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: keepAliveMs,
      maxHeaderSize: 16 * 1024,
      connectionsCheckingInterval: 2_000,
    },
    handle,
  );
  server.maxConnections = connectionsMax;
  const admin = createServer((request, response) => {
    void serveAdmin({ request, response }, { probe, metrics });
  });
  await listen(server, settings.PORT, settings.HOST);
  await listen(admin, settings.ADMIN_PORT, settings.ADMIN_HOST);

  let stopping = false;
  const close = once(async () => {
    const deadline = AbortSignal.timeout(settings.SHUTDOWN_MS);
    stopping = true;
    probe.drain();
    log.info({ streams: streams.count, inFlight: gate.inFlight }, "stopping");
    // Balancers see that it is not ready before they meet a closed port.
    await sleep(settings.DRAIN_MS);
    const closed = new Promise<void>((done) => server.close(() => done()));
    hub.stop();
    await streams.drain();
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    deadline.addEventListener("abort", () => server.closeAllConnections());
    await closed;
    clearInterval(sweep);
    await keyUse.settle();
    gate.close();
    await codex.close();
    admin.closeAllConnections();
    await new Promise<void>((done) => admin.close(() => done()));
    log.info("stopped");
  });
  return {
    url: urlOf(server, settings.HOST),
    adminUrl: urlOf(admin, settings.ADMIN_HOST),
    log,
    cutStreams: (reason) => streams.cutAll(reason),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function openCodex(settings: Settings): Codex {
  return createCodex({
    connectionString: settings.DATABASE_URL,
    max: settings.POOL_SIZE,
    service: { connectionString: settings.SERVICE_DATABASE_URL, max: settings.SERVICE_POOL_SIZE },
    timeoutMs: settings.CALL_TIMEOUT_MS,
    poolWaitMs: settings.POOL_WAIT_MS,
    poolQueueMax: settings.POOL_QUEUE_MAX,
    lockTimeoutMs: settings.LOCK_TIMEOUT_MS,
    cursorSecret: settings.CURSOR_SECRET,
  });
}

function tokensOf(settings: Settings): ReturnType<typeof openTokens> | Promise<undefined> {
  const { JWT_JWKS: jwks, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = settings;
  if (jwks === undefined || issuer === undefined || audience === undefined)
    return Promise.resolve(undefined);
  return openTokens({ jwks, issuer, audience, algorithms: settings.JWT_ALGORITHMS });
}

function readUrl({ url = "/" }: IncomingMessage): URL {
  if (url.length > urlMax)
    throw new Refusal({ code: "InvalidInput", status: 414, message: "the address is too long" });
  const parsed = URL.parse(url, "http://localhost");
  if (parsed === null)
    throw new Refusal({ code: "InvalidInput", message: "the address is malformed" });
  return parsed;
}

/** First part of the path, if it is one of ours: for spans, whose names must be few. */
function doorOf(url = "/"): string {
  const [, door = ""] = /^\/(trpc|v1|mcp|docs|livez|readyz|openapi\.json)\b/u.exec(url) ?? [];
  return `/${door}`;
}

function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\w.-]{1,64}$/u.test(given) ? given : randomUUID();
}

function notFound({ response, requestId }: Arrival): void {
  const error = new Refusal({ code: "NotFound", message: "there is nothing here" });
  const body = JSON.stringify(bodyOf(error, requestId));
  send(response, { status: statusOf(error), body });
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((done, refuse) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      refuse(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} of ${host} is in use by another program; choose another port.`)
          : error,
      ),
    );
    server.listen(port, host, done);
  });
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo; // listens on TCP
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
