import { environment, readSettings } from "./env.ts";
import { startWorker } from "./worker.ts";

try {
  const worker = startWorker(readSettings(environment));
  const stop = (): void => {
    void worker.close().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
} catch (error) {
  process.stderr.write(`codex-worker: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
