import type { System } from "@codex/sdk";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

// Seconds; an idle visit takes a few milliseconds, one that sends up to its lease.
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Figures in Prometheus' format: what each job did, how long it took, what failed, and when it last looked. */
export class Metrics {
  readonly registry: Registry = new Registry();
  readonly #done: Counter<"job">;
  readonly #failures: Counter<"job" | "code">;
  readonly #visits: Histogram<"job">;
  readonly #passed: Gauge<"job">;
  readonly #deliveries: Counter<"channel" | "outcome">;

  constructor(pool: () => ReturnType<System["usage"]>) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#done = new Counter({
      name: "codex_worker_done_total",
      help: "Things done: deliveries tried, steps taken, rows removed.",
      labelNames: ["job"],
      registers,
    });
    this.#failures = new Counter({
      name: "codex_worker_failures_total",
      help: "Visits and looks that failed.",
      labelNames: ["job", "code"],
      registers,
    });
    this.#visits = new Histogram({
      name: "codex_worker_visit_duration_seconds",
      help: "Duration of each visit to a workspace.",
      labelNames: ["job"],
      buckets,
      registers,
    });
    this.#passed = new Gauge({
      name: "codex_worker_last_pass_timestamp_seconds",
      help: "When every workspace was last looked at.",
      labelNames: ["job"],
      registers,
    });
    this.#deliveries = new Counter({
      name: "codex_worker_deliveries_total",
      help: "Messages by how the try ended.",
      labelNames: ["channel", "outcome"],
      registers,
    });
    const collect = function collect(this: Gauge<"state">): void {
      const { open, idle, waiting } = pool();
      this.set({ state: "open" }, open);
      this.set({ state: "idle" }, idle);
      this.set({ state: "waiting" }, waiting);
    };
    registers[0]?.registerMetric(
      new Gauge({
        name: "codex_worker_pool",
        help: "Connections to the database, and calls that wait for one.",
        labelNames: ["state"],
        collect,
        registers: [],
      }),
    );
  }

  visited(job: string, { done, ms }: { done: number; ms: number }): void {
    this.#done.inc({ job }, done);
    this.#visits.observe({ job }, ms / 1_000);
  }

  failed(job: string, code: string): void {
    this.#failures.inc({ job, code });
  }

  passed(job: string): void {
    this.#passed.setToCurrentTime({ job });
  }

  delivered(channel: string, outcome: string): void {
    this.#deliveries.inc({ channel, outcome });
  }
}
