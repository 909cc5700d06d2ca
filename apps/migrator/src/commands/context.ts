import type pg from "pg";
import { exitCode, Failure } from "../failure.ts";
import type { Output } from "../report/output.ts";
import { takeLock } from "../runner/lock.ts";
import { becomeOwner, checkServer, connect, refusePooler } from "../runner/session.ts";
import type { Target } from "../runner/session.ts";

/** What every command gets from the command line. */
export interface Context {
  readonly target: Target;
  /** The `db` folder: migrations, rollbacks, roles.sql, checks. */
  readonly dir: string;
  readonly to: number | undefined;
  readonly allowDataLoss: boolean;
  readonly exitCode: boolean;
  readonly verbose: boolean;
  readonly lockWaitMs: number;
  readonly gitCommit: string | undefined;
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

/** As {@link asOwner}, as the one runner: a second connection holds the lock meanwhile. */
export async function asRunner<T>(
  context: Context,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  return withPair(context, async (client, holder) => {
    await takeLock(holder, context.lockWaitMs);
    // The lock dies with its connection; without it we must not go on.
    holder.once("error", () => void client.end().catch(() => {}));
    return work(client);
  });
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
export function requireTo(context: Context): number {
  if (context.to !== undefined) return context.to;
  throw new Failure("down needs --to N: the version to go back to (0 removes everything).", {
    code: exitCode.usage,
  });
}

function showNotice(context: Context, severity?: string, message?: string): void {
  if (message === undefined) return;
  if (severity === "WARNING") context.output.warn(message);
  else if (context.verbose) context.output.say(`  ${severity ?? "NOTICE"}: ${message}`);
}
