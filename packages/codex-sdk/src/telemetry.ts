import type { Attributes, Histogram, SpanKind, SpanStatusCode, Tracer } from "@opentelemetry/api";
import type { Operation } from "./handle.ts";
import type { CodexError } from "./errors.ts";

/** Where the calls of a client go. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** Wraps each call in a span and counts its time; does nothing without the OpenTelemetry API package. */
export interface Telemetry {
  record<T>(operation: Operation, statements: number, work: () => Promise<T>): Promise<T>;
}

interface Api {
  readonly tracer: Tracer;
  readonly duration: Histogram;
  /** Whether anybody hears of calls. Spans and figures for nobody took 2.5 kB of memory each. */
  isHeard(): boolean;
  readonly kind: SpanKind;
  readonly errorStatus: SpanStatusCode;
}

// Seconds, as the stable conventions for database client metrics advise.
const boundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * Spans and `db.client.operation.duration` by OpenTelemetry's stable conventions for database clients
 * (semantic-conventions 1.45, docs/db): exact table, operation, batch size and SQLSTATE, no values.
 */
export function startTelemetry(address: ServerAddress): Telemetry {
  let api: Api | undefined;
  let settled = false;
  const loading = load().then((loaded) => {
    api = loaded;
    settled = true;
  });
  const record: Telemetry["record"] = (operation, statements, work) => {
    if (!settled) return loading.then(() => record(operation, statements, work));
    if (api?.isHeard() !== true) return work();
    return traced(api, attributesOf(operation, statements, address), work);
  };
  return { record };
}

const library = "@codex/sdk";

async function load(): Promise<Api | undefined> {
  try {
    const { trace, metrics, SpanKind, SpanStatusCode, ...api } = await import("@opentelemetry/api");
    const meter = metrics.getMeter(library);
    const isMeasured = meter !== api.createNoopMeter();
    // Who traces may begin later than the client.
    const isTraced = (): boolean => {
      const provider = trace.getTracerProvider();
      return (
        !(provider instanceof api.ProxyTracerProvider) ||
        provider.getDelegateTracer(library) !== undefined
      );
    };
    const duration = meter.createHistogram("db.client.operation.duration", {
      unit: "s",
      description: "Duration of database client operations.",
      advice: { explicitBucketBoundaries: boundaries },
    });
    return {
      tracer: trace.getTracer(library),
      duration,
      isHeard: () => isMeasured || isTraced(),
      kind: SpanKind.CLIENT,
      errorStatus: SpanStatusCode.ERROR,
    };
  } catch {
    return undefined;
  }
}

async function traced<T>(api: Api, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  const name = String(attributes["db.query.summary"]);
  return api.tracer.startActiveSpan(name, { kind: api.kind, attributes }, async (span) => {
    const start = performance.now();
    const outcome: Attributes = {};
    try {
      return await work();
    } catch (error) {
      const { code, cause } = error as Partial<CodexError>;
      outcome["error.type"] = code ?? "_OTHER";
      const state = (cause as { code?: unknown } | undefined)?.code;
      if (typeof state === "string") outcome["db.response.status_code"] = state;
      span.setAttributes(outcome).setStatus({ code: api.errorStatus });
      throw error;
    } finally {
      api.duration.record((performance.now() - start) / 1000, { ...attributes, ...outcome });
      span.end();
    }
  });
}

function attributesOf(
  { name, table }: Operation,
  statements: number,
  { host, port, database }: ServerAddress,
): Attributes {
  const attributes: Attributes = {
    "db.system.name": "postgresql",
    "db.namespace": `${database}|codex`,
    "db.collection.name": table,
    "db.operation.name": name,
    "db.query.summary": `${name} ${table}`,
    "server.address": host,
    "server.port": port,
  };
  return statements > 1 ? { ...attributes, "db.operation.batch.size": statements } : attributes;
}
