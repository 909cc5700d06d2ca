import type { PostgresHost } from "@codex/testkit";
import type { Data } from "./data.ts";
import type { BenchRow } from "./report.ts";

/** What every part of the bench stands on. */
export interface Bench {
  readonly server: PostgresHost;
  readonly data: Data;
  readonly quick: boolean;
  /** Tells whoever waits what is being measured. */
  readonly say: (line: string) => void;
}

/** A part that can be run alone: `api.query`, and with the others of its kind by `api`. */
export interface Section {
  readonly name: string;
  readonly rows: (bench: Bench) => Promise<BenchRow[]>;
}
