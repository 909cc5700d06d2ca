import type pg from "pg";
import { exitCode, Failure } from "../failure.ts";
import type { Values } from "../flags.ts";
import type { Output } from "../report/output.ts";
import { watch } from "../runner/canary.ts";
import { requirePrimary } from "../release/primary.ts";
import { takeRunnerLock, takeWorkLock } from "../runner/lock.ts";
import type { Runner } from "../runner/runner.ts";
import {
  addressOf,
  backendOf,
  becomeOwner,
  checkServer,
  connect,
  cut,
  refusePooler,
} from "../runner/session.ts";
import type { Target } from "../runner/target.ts";
import type { Settings } from "../settings.ts";

/** What every command gets from the command line. */
export interface Context {
  readonly target: Target;
  /** Whether a database is named; commands that need one are not run without. */
  readonly hasDatabase: boolean;
  /** An administrator's address for throw-away databases; the target's own when none is named. */
  readonly scratch: Target;
  /** The `db` folder: migrations, rollbacks, roles.sql, checks. */
  readonly dir: string;
  readonly to: number | undefined;
  readonly allowDataLoss: boolean;
  readonly verbose: boolean;
  readonly settings: Settings;
  readonly gitCommit: string | undefined;
  readonly author: string | undefined;
  /** The word behind the command, where it takes one. */
  readonly word: string | undefined;
  /** The flags of single commands. */
  readonly values: Values;
  readonly output: Output;
}

/** Runs the work on a connection as codex_owner, which is ended whatever happens. */
export async function asOwner<T>(
  context: Context,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  return withPair(context, async (client, second) => {
    await second.end();
    return work(client);
  });
}

/** Runs the work on a connection that can only read, as whoever logs in; nothing of it stays. */
export async function asReader<T>(
  context: Context,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(context.target);
  try {
    context.output.target(addressOf(client));
    for (const warning of await checkServer(client)) context.output.warn(warning);
    // Somebody's lock on a table must not make a look at it wait without a word. Local, as a pooler lends it on.
    await client.query(
      `begin isolation level repeatable read read only;
       set local lock_timeout = '${readWait}'; set local statement_timeout = '5min'`,
    );
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

const readWait = "10s";

/** As {@link asOwner}, as the one runner: a second connection holds the lock, a third is the canary. */
export async function asRunner<T>(
  context: Context,
  work: (runner: Runner) => Promise<T>,
  planId?: string,
): Promise<T> {
  return withPair(context, async (client, holder) => {
    await requirePrimary(client);
    const waitMs = context.settings.lockWait * 1_000;
    const patience = { waitMs, deadline: performance.now() + waitMs };
    context.output.doing("waiting for the lock of the one runner");
    await takeRunnerLock(holder, patience);
    await takeWorkLock(client, patience);
    // The lock dies with its connection; without it we must not go on.
    holder.once("error", () => cut(client));
    return withCanary(context, client, (canary) =>
      work({
        client,
        holder,
        canary,
        settings: runnerSettings(context.settings),
        gitCommit: context.gitCommit,
        planId,
        say: context.output.say,
        lockWait: (message) => {
          context.output.say(message);
          context.output.finding({ level: "note", rule: "lock-wait", message });
        },
      }),
    );
  });
}

function runnerSettings(settings: Settings): Runner["settings"] {
  return {
    lockTimeoutMs: settings.lockTimeout,
    retriesMax: settings.retries,
    retryForMs: settings.retryFor * 1_000,
    lagMaxBytes: settings.lagMax,
    activeMax: settings.activeMax,
    backfillPauseMs: settings.backfillPause,
  };
}

async function withCanary<T>(
  context: Context,
  client: pg.Client,
  work: (canary: Runner["canary"]) => Promise<T>,
): Promise<T> {
  const session = await connect(context.target);
  await becomeOwner(session);
  await session.query("set statement_timeout = '60s'; set lock_timeout = 0");
  const canary = watch(session, await backendOf(client));
  try {
    return await work(canary);
  } finally {
    await canary.close();
  }
}

// Two connections, because only a pair shows a pooler. Nothing is set on either before that is known:
// a setting would stay behind on a backend that the pooler lends to somebody else next.
async function withPair<T>(
  context: Context,
  work: (client: pg.Client, second: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(context.target);
  const second = await connect(context.target);
  try {
    context.output.target(addressOf(client));
    for (const warning of await checkServer(client)) context.output.warn(warning);
    await refusePooler(client, second);
    await becomeOwner(client);
    client.on("notice", (notice) => showNotice(context, notice.severity, notice.message));
    return await work(client, second);
  } finally {
    await Promise.allSettled([client.end(), second.end()]);
  }
}

/** The version of `--to`. Fails when the command needs one and got none. */
export function requireTo(context: Context, command: string, meaning: string): number {
  if (context.to !== undefined) return context.to;
  throw new Failure(`${command} needs --to N: ${meaning}.`, { code: exitCode.usage });
}

function showNotice(context: Context, severity?: string, message?: string): void {
  if (message === undefined) return;
  if (severity === "WARNING") context.output.warn(message);
  else if (context.verbose) context.output.say(`  ${severity ?? "NOTICE"}: ${message}`);
}
