import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure, fieldOf } from "../failure.ts";
import { requirePrimary } from "../release/primary.ts";
import { readText } from "../runner/files.ts";
import { addressOf, checkServer, connect } from "../runner/session.ts";
import type { Context } from "./context.ts";

// Advisory locks are per database and roles are per cluster, so all take this one in `postgres`.
const lockKey = 7_206_140_018;

/** Makes the cluster's roles and their rights in the database, by an administrator. */
export async function bootstrap(context: Context): Promise<number> {
  const text = await readText(join(context.dir, "roles.sql"), "The roles are not described");
  const lock = await connect(context.target, "postgres");
  try {
    await requirePrimary(lock);
    // Of a transaction and not of the session, so that no pooler keeps it.
    await lock.query("begin");
    await lock.query("select pg_advisory_xact_lock($1)", [lockKey]);
    await takingTurns(() => makeRoles(context, text));
    await lock.query("commit");
  } finally {
    await lock.end().catch(() => {});
  }
  context.output.say("Roles are in place.");
  context.output.result({ roles: "ready" });
  return 0;
}

const attemptsMax = 5;

/** Again when somebody else was changing roles at the same moment, who knows nothing of our lock. */
async function takingTurns(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isTurn =
        fieldOf(error, "code") === "40P01" || /concurrently updated/u.test(String(error));
      if (!isTurn || attempt === attemptsMax) throw error;
      await sleep(50 * attempt + Math.random() * 50);
    }
  }
}

async function makeRoles(context: Context, text: string): Promise<void> {
  const client = await connect(context.target);
  try {
    for (const warning of await checkServer(client)) context.output.warn(warning);
    await client.query(`begin; ${text}\ncommit;`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (!(error instanceof Error) || fieldOf(error, "code") !== "42501") throw error;
    throw new Failure(
      `${addressOf(client)} may not make the roles (${error.message}): run bootstrap as an administrator.`,
      { cause: error },
    );
  } finally {
    await client.end().catch(() => {});
  }
}
