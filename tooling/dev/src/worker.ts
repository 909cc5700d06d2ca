import { startProgram } from "./child.ts";
import type { RunningProgram } from "./child.ts";

/** Starts the worker and waits until it works. Throws its own sentence when it does not. */
export function startWorker(url: string): Promise<RunningProgram> {
  return startProgram({ name: "worker", environment: { DATABASE_URL: url }, works: "working" });
}
