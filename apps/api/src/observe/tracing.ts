import type * as OpenTelemetry from "@opentelemetry/api";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";

type Api = typeof OpenTelemetry;

const tracerName = "@codex/api";

/** Spans by OpenTelemetry when its API is installed and a preload has set it up; otherwise nothing. */
export class Tracing {
  readonly #api: Api | undefined;

  constructor(api: Api | undefined) {
    this.#api = api;
  }

  /** A request: goes on with the caller's `traceparent`, and answers with its own. */
  request<T>(
    { headers, name }: { headers: IncomingHttpHeaders; name: string },
    response: ServerResponse,
    work: () => Promise<T>,
  ): Promise<T> {
    const api = this.#api;
    if (api === undefined) return work();
    const parent = api.propagation.extract(api.ROOT_CONTEXT, headers);
    return this.#span(name, work, {
      parent,
      kind: api.SpanKind.SERVER,
      started: (context) => {
        const carrier: Record<string, string> = {};
        api.propagation.inject(context, carrier);
        for (const [header, value] of Object.entries(carrier)) response.setHeader(header, value);
      },
    });
  }

  /** A call inside a request. */
  call<T>(name: string, work: () => Promise<T>): Promise<T> {
    const api = this.#api;
    if (api === undefined) return work();
    return this.#span(name, work, { parent: api.context.active(), kind: api.SpanKind.INTERNAL });
  }

  #span<T>(
    name: string,
    work: () => Promise<T>,
    options: {
      parent: OpenTelemetry.Context;
      kind: OpenTelemetry.SpanKind;
      started?: (context: OpenTelemetry.Context) => void;
    },
  ): Promise<T> {
    const api = this.#api as Api; // only called with one
    const tracer = api.trace.getTracer(tracerName);
    const { parent, kind, started } = options;
    return tracer.startActiveSpan(name, { kind }, parent, async (span) => {
      started?.(api.trace.setSpan(parent, span));
      try {
        return await work();
      } catch (error) {
        span.setStatus({ code: api.SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  }
}

/** Loads the API of OpenTelemetry where it is installed, and a preload has set it up. */
export async function openTracing(): Promise<Tracing> {
  const api = await import("@opentelemetry/api").catch(() => undefined);
  return new Tracing(api !== undefined && isSetUp(api) ? api : undefined);
}

/** Spans that nobody hears took 5 kB of memory a call all the same. */
function isSetUp({ trace, ProxyTracerProvider }: Api): boolean {
  const provider = trace.getTracerProvider();
  return (
    !(provider instanceof ProxyTracerProvider) ||
    provider.getDelegateTracer(tracerName) !== undefined
  );
}
