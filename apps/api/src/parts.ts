import { ReadinessProbe } from "@codex/process";
import { createCodex } from "@codex/sdk";
import type { Codex } from "@codex/sdk";
import { TRPCError } from "@trpc/server";
import { Admission } from "./admission.ts";
import { KeyUse } from "./auth/key-use.ts";
import { Persons } from "./auth/persons.ts";
import { openTokens } from "./auth/tokens.ts";
import type { Tokens } from "./auth/tokens.ts";
import { contractOf } from "./contract/contract.ts";
import type { Contract } from "./contract/contract.ts";
import type { Settings } from "./env.ts";
import { Fitness } from "./fitness.ts";
import { Gate } from "./limits/gate.ts";
import { Limiter } from "./limits/limiter.ts";
import type { CallObserver } from "./observe/call.ts";
import { describeError, openLog } from "./observe/log.ts";
import type { Logger } from "./observe/log.ts";
import { Metrics } from "./observe/metrics.ts";
import { openTracing } from "./observe/tracing.ts";
import type { Tracing } from "./observe/tracing.ts";
import { procedureNames } from "./procedures.ts";
import { Hub } from "./realtime/hub.ts";
import { Streams } from "./realtime/streams.ts";
import { appRouter } from "./root.ts";
import { pingMs, reconnectMs } from "./trpc.ts";

/** What a server is made of. */
export interface Parts {
  readonly codex: Codex;
  readonly fitness: Fitness;
  readonly contract: Contract;
  readonly log: Logger;
  readonly tracing: Tracing;
  readonly metrics: Metrics;
  readonly gate: Gate;
  readonly keyUse: KeyUse;
  readonly admission: Admission;
  readonly hub: Hub;
  readonly streams: Streams;
  readonly probe: ReadinessProbe;
}

const hubLagMaxS = 10;

/** Makes the parts; nothing is connected yet. Throws one sentence for keys of tokens that cannot be read. */
export async function makeParts(settings: Settings): Promise<Parts> {
  const log = openLog(settings.LOG_LEVEL);
  const contract = contractOf(appRouter);
  const tokens = await tokensOf(settings);
  const tracing = await openTracing();
  const codex = openCodex(settings);
  const fitness = new Fitness(codex, log);
  const failed = (error: unknown): void => log.warn(describeError(error), "background work failed");
  const hub = new Hub({ feed: codex.feed, pollMs: settings.STREAM_POLL_MS, failed });
  const gate = gateOf(settings);
  // The streams tell the metrics what they do, and the metrics ask them how many they are.
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
      perKey: settings.STREAMS_PER_KEY,
      perAddress: settings.STREAMS_PER_ADDRESS,
      pingMs,
      reconnectMs,
    },
    delivered: (events) => metrics.delivered(events),
    cut: (reason) => metrics.cut(reason),
    failed,
  });
  const keyUse = new KeyUse(codex.access, failed);
  const admission = new Admission({
    codex,
    fitness,
    persons: new Persons(codex),
    tokens,
    keyUse,
    limiter: limiterOf(settings),
    gate,
    observer: observerOf({ log, tracing, metrics }),
    trustedProxies: settings.TRUSTED_PROXIES,
    timeoutMs: settings.CALL_TIMEOUT_MS,
  });
  const probe = new ReadinessProbe({
    check: (options) => fitness.check(options),
    reasons: () => (hub.lagS > hubLagMaxS ? ["the event hub is behind"] : []),
  });
  const made = { codex, fitness, contract, log, tracing, metrics, gate, keyUse, admission };
  return { ...made, hub, streams, probe };
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

function gateOf(settings: Settings): Gate {
  return new Gate({
    inFlightMax: settings.IN_FLIGHT_MAX,
    inFlightPerKey: settings.IN_FLIGHT_PER_KEY,
    inFlightPerWorkspace: settings.IN_FLIGHT_PER_WORKSPACE,
    inFlightPerAddress: settings.IN_FLIGHT_PER_ADDRESS,
    loopLagMaxMs: settings.LOOP_LAG_MAX_MS,
  });
}

function limiterOf(settings: Settings): Limiter {
  return new Limiter({
    perKey: settings.RATE_PER_KEY,
    perWorkspace: settings.RATE_PER_WORKSPACE,
    perAddress: settings.RATE_PER_ADDRESS,
    perStranger: settings.RATE_PER_STRANGER,
  });
}

function observerOf({
  log,
  tracing,
  metrics,
}: Pick<Parts, "log" | "tracing" | "metrics">): CallObserver {
  // What a call has told of comes by once more where its door answers.
  const told = new WeakSet<object>();
  return {
    trace: (path, call) => tracing.call(path, call),
    ended: (outcome, error) => {
      metrics.called(outcome);
      if (outcome.code === "ok") log.info(outcome, "call");
      else if (outcome.code === "Internal")
        log.error({ ...outcome, ...describeError(error) }, "call");
      else log.info({ ...outcome, ...describeError(error) }, "call");
      if (error !== undefined) told.add(causeOf(error));
    },
    refused: (error, requestId) => {
      if (told.has(causeOf(error))) return;
      const described = describeError(error);
      metrics.refused(String(described["code"]));
      const line = { requestId, ...described };
      if (described["code"] === "Internal") log.error(line, "refused");
      else log.info(line, "refused");
    },
  };
}

async function tokensOf(settings: Settings): Promise<Tokens | undefined> {
  const { JWT_JWKS: jwks, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = settings;
  if (jwks === undefined || issuer === undefined || audience === undefined) return undefined;
  return openTokens({ jwks, issuer, audience, algorithms: settings.JWT_ALGORITHMS });
}

function causeOf(error: unknown): object {
  const cause = error instanceof TRPCError ? error.cause : undefined;
  return cause ?? (typeof error === "object" && error !== null ? error : new Error(String(error)));
}
