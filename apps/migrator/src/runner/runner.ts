import type pg from "pg";
import { Failure } from "../failure.ts";
import type { Canary } from "./canary.ts";
import { asksItself } from "./data-loss.ts";
import type { MigrationFile } from "./files.ts";
import type { Direction } from "./ledger.ts";

/** Limits of the runner, from the configuration. */
export interface RunnerSettings {
  readonly lockTimeoutMs: number;
  readonly retriesMax: number;
  readonly retryForMs: number;
  /** Backfills wait while a replica is further behind, or more sessions are at work. */
  readonly lagMaxBytes: number;
  readonly activeMax: number;
  readonly backfillPauseMs: number;
}

/** The one runner of a database: the session that works, the one that holds the lock, the canary. */
export interface Runner {
  readonly client: pg.Client;
  readonly holder: pg.Client;
  readonly canary: Canary;
  readonly settings: RunnerSettings;
  readonly gitCommit: string | undefined;
  readonly planId: string | undefined;
  readonly say: (line: string) => void;
  /** Told of each try that met a lock, and of who holds it. */
  readonly lockWait: (line: string) => void;
}

/** When a result is looked at, and what is left of the file if it is red. */
export interface Ending {
  readonly moment: string;
  readonly left: string;
}

/** One file to be run. */
export interface Job {
  readonly file: MigrationFile;
  readonly direction: Direction;
  readonly text: string;
  readonly allowDataLoss: boolean;
  /** Looked at inside the open transaction; throws what makes it roll back. */
  readonly inspect?: ((ending: Ending) => Promise<void>) | undefined;
}

/** Whether it is measured that nothing stored goes with it. */
export function isMeasured({ file, direction, allowDataLoss, text }: Job): boolean {
  return direction === "down" && !allowDataLoss && !asksItself(text, file.name);
}

/** How the run of a file went. */
export interface Outcome {
  readonly statements: number;
  readonly durationMs: number;
  /** Times that the file was rolled back because a lock was not free. */
  readonly lockWaits: number;
  /** Longest time that a plain reader of a locked table stood still. */
  readonly readerStallMs: number;
}

/** Fails when the lock's session is gone: without it another runner may be at work. */
export async function requireLock({ holder }: Runner): Promise<void> {
  try {
    await holder.query("select");
  } catch (cause) {
    throw new Failure("The session that holds the runner's lock was ended: run again.", { cause });
  }
}
