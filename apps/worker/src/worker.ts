import { listen, once, ReadinessProbe, serveAdmin, urlOf } from "@codex/process";
import type { Logger } from "@codex/process";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Settings } from "./env.ts";
import { backoffMs, pause } from "./loop/backoff.ts";
import { JobLoop } from "./loop/job-loop.ts";
import { describeError, makeParts } from "./parts.ts";
import type { Parts } from "./parts.ts";

/** Background work under way. */
export interface Worker extends AsyncDisposable {
  readonly adminUrl: string;
  readonly log: Logger;
  /**
   * Stops in order: nothing more is taken, what is under way is finished, and recorded. What is left after
   * `SHUTDOWN_MS` is given up: its lease lets another worker do it.
   */
  close(): Promise<void>;
}

// What gives up has this long to say so to the database.
const lastWordsMs = 1_000;

/** Starts the worker; a database that is away is waited for. Throws one sentence for a port that is taken. */
export async function startWorker(settings: Settings): Promise<Worker> {
  const parts = makeParts(settings);
  const { system, metrics, log } = parts;
  const probe = new ReadinessProbe({ check: (options) => system.check(options) });
  const admin = createServer((request, response) => {
    void serveAdmin({ request, response }, { probe, registry: metrics.registry });
  });
  try {
    await listen(admin, {
      port: settings.ADMIN_PORT,
      host: settings.ADMIN_HOST,
      names: { port: "ADMIN_PORT", host: "ADMIN_HOST" },
    });
  } catch (error) {
    await parts.codex.close();
    throw error;
  }
  const stopping = new AbortController();
  const ending = new AbortController();
  const working = work(parts, settings, { stopping: stopping.signal, ending: ending.signal });
  const close = once(async () => {
    probe.drain();
    stopping.abort();
    await stop(parts, { working, ending, graceMs: settings.SHUTDOWN_MS });
    await closeServer(admin);
    log.info("stopped");
  });
  return { adminUrl: urlOf(admin, settings.ADMIN_HOST), log, close, [Symbol.asyncDispose]: close };
}

async function work(
  parts: Parts,
  settings: Settings,
  { stopping, ending }: { stopping: AbortSignal; ending: AbortSignal },
): Promise<void> {
  await untilFit(parts, stopping);
  if (parts.channels.without.includes("email"))
    parts.log.warn("no mail server is set: e-mails wait until SMTP_URL and SMTP_FROM are");
  const { observer, jobs } = parts;
  const loops = jobs.map(
    (job) => new JobLoop(job, { observer, atOnce: settings.WORKSPACES_AT_ONCE, ending }),
  );
  await Promise.all(loops.map((loop) => loop.run(stopping)));
}

/** Nothing is done on a schema that this build does not know, nor with rights that are too many or too few. */
async function untilFit({ system, log }: Parts, stopping: AbortSignal): Promise<void> {
  for (let failures = 1; !stopping.aborted; failures += 1) {
    try {
      const { schemaVersion } = await system.check();
      return log.info({ schemaVersion }, "working");
    } catch (error) {
      log.warn(describeError(error), "waiting for the database");
      await pause(backoffMs(failures), stopping);
    }
  }
}

async function stop(
  { codex, channels, log }: Parts,
  {
    working,
    ending,
    graceMs,
  }: { working: Promise<void>; ending: AbortController; graceMs: number },
): Promise<void> {
  const isDone = await within(working, graceMs);
  if (!isDone) {
    log.warn("not everything ended in time");
    ending.abort();
    await within(working, lastWordsMs);
  }
  channels.close();
  // Calls to a database that does not answer are not waited for.
  await within(codex.close(), lastWordsMs);
}

/** Whether it is done by then. */
async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  return Promise.race([promise.then(() => true), sleep(ms, false, { ref: false })]);
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((done) => server.close(() => done()));
}
