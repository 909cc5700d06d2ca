import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { CallOutcome } from "./call.ts";

/** What is looked at when somebody asks for the figures. */
export interface Watched {
  readonly pool: () => { open: number; idle: number; waiting: number };
  readonly streams: () => number;
  /** Seconds since the hub last heard from the database. */
  readonly hubLag: () => number;
  readonly inFlight: () => number;
}

// Seconds; reads take about one millisecond, the longest call ten seconds.
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Figures in Prometheus' format: rate, errors and duration of each procedure, and what may run short. */
export class Metrics {
  readonly registry: Registry = new Registry();
  readonly #calls: Histogram<"procedure" | "type" | "code">;
  readonly #refused: Counter<"reason">;
  readonly #events: Counter;
  readonly #cut: Counter<"reason">;
  readonly #procedures: ReadonlySet<string>;

  constructor(watched: Watched, procedures: ReadonlySet<string>) {
    const registers = [this.registry];
    this.#procedures = procedures;
    collectDefaultMetrics({ register: this.registry });
    this.#calls = new Histogram({
      name: "codex_api_call_duration_seconds",
      help: "Duration of each call, also inside a batch.",
      labelNames: ["procedure", "type", "code"],
      buckets,
      registers,
    });
    this.#refused = new Counter({
      name: "codex_api_refused_total",
      help: "Requests refused before any call was made.",
      labelNames: ["reason"],
      registers,
    });
    this.#events = new Counter({
      name: "codex_api_events_delivered_total",
      help: "Events written to streams.",
      registers,
    });
    this.#cut = new Counter({
      name: "codex_api_streams_cut_total",
      help: "Streams that the server ended.",
      labelNames: ["reason"],
      registers,
    });
    gauge("codex_api_pool_open", "Connections to the database.", () => watched.pool().open);
    gauge("codex_api_pool_idle", "Connections that nobody uses.", () => watched.pool().idle);
    gauge("codex_api_pool_waiting", "Calls that wait for one.", () => watched.pool().waiting);
    gauge("codex_api_streams", "Open streams.", watched.streams);
    gauge("codex_api_hub_lag_seconds", "Age of what the hub knows.", watched.hubLag);
    gauge("codex_api_in_flight", "Requests under way.", watched.inFlight);

    function gauge(name: string, help: string, read: () => number): void {
      const collect = function collect(this: Gauge): void {
        this.set(read());
      };
      registers[0]?.registerMetric(new Gauge({ name, help, collect, registers: [] }));
    }
  }

  called({ path, type, code, ms }: CallOutcome): void {
    // Names come from the router, so that nobody can fill the memory with names of their own.
    const procedure = this.#procedures.has(path) ? path : "unknown";
    this.#calls.observe({ procedure, type, code }, ms / 1_000);
  }

  refused(reason: string): void {
    this.#refused.inc({ reason });
  }

  delivered(events: number): void {
    this.#events.inc(events);
  }

  cut(reason: string): void {
    this.#cut.inc({ reason });
  }
}
