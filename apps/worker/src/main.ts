import { parseArgs } from "node:util";
import { environment, readSettings } from "./env.ts";
import { preview, workOnce } from "./once.ts";
import { startWorker } from "./worker.ts";

const usage = "node apps/worker/src/main.ts [--once | --preview retention]";

try {
  const options = readOptions();
  // What is printed is for people: the log tells only of what went wrong.
  if (options.once)
    process.exitCode = (await workOnce(readSettings({ LOG_LEVEL: "warn", ...environment }), say))
      ? 0
      : 1;
  else if (options.preview) await preview(readSettings({ LOG_LEVEL: "warn", ...environment }), say);
  else await serve();
} catch (error) {
  process.stderr.write(`codex-worker: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function serve(): Promise<void> {
  const worker = await startWorker(readSettings(environment));
  worker.log.info({ admin: worker.adminUrl }, "started");
  let isAsked = false;
  const stop = (signal: string): void => {
    // Whoever asks twice does not want to wait: leases let others do what is left.
    if (isAsked) process.exit(1);
    isAsked = true;
    worker.log.info({ signal }, "asked to stop");
    void worker.close().then(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

function readOptions(): { once: boolean; preview: boolean } {
  const { values } = parseArgs({
    options: { once: { type: "boolean" }, preview: { type: "string" } },
  });
  const isPreview = values.preview !== undefined;
  if (isPreview && (values.preview !== "retention" || values.once === true))
    throw new Error(`only retention has a preview. Usage: ${usage}.`);
  return { once: values.once === true, preview: isPreview };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
