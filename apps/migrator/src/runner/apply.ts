import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { Failure, fieldOf, sentenceOf } from "../failure.ts";
import type { MigrationFile } from "./files.ts";
import { record } from "./ledger.ts";
import { becomeOwner } from "./session.ts";
import { splitStatements } from "./statements.ts";

/** How a file is to be run. */
export interface ApplyOptions {
  readonly direction: "up" | "down";
  readonly text: string;
  readonly allowDataLoss: boolean;
  readonly gitCommit: string | undefined;
  /** Told of each try that met a lock. */
  readonly onRetry: (message: string) => void;
}

const retriesMax = 20;
const retryForMs = 60_000;
const lockNotAvailable = "55P03";
const deadlock = "40P01";

/**
 * Runs one file and its ledger row in one transaction; gives the duration in ms. A lock that is not
 * free within lock_timeout rolls the whole file back and tries again, with backoff and full jitter,
 * so that the traffic that waits behind us never waits longer than one lock_timeout.
 */
export async function applyFile(
  client: pg.Client,
  file: MigrationFile,
  options: ApplyOptions,
): Promise<number> {
  if (/^-- codex: no-transaction/m.test(options.text)) {
    throw new Failure(
      `${file.name} asks to run outside a transaction, which is not supported yet.`,
    );
  }
  const deadline = performance.now() + retryForMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(client, file, options);
    } catch (error) {
      const code = fieldOf(error, "code");
      if (code !== lockNotAvailable && code !== deadlock) throw fileFailure(error, file);
      if (attempt >= retriesMax || performance.now() > deadline) {
        throw new Failure(
          `${file.name} could not get its locks in ${attempt} tries. ${await blockers(client)}`,
          { cause: error },
        );
      }
      options.onRetry(`${file.name} waits for a lock, try ${attempt}. ${await blockers(client)}`);
      await sleep(Math.random() * Math.min(5_000, 100 * 2 ** attempt));
    }
  }
}

async function runOnce(
  client: pg.Client,
  file: MigrationFile,
  options: ApplyOptions,
): Promise<number> {
  const statements = splitStatements(options.text, file.name);
  const startedAt = new Date();
  const start = performance.now();
  await becomeOwner(client);
  await client.query("begin");
  try {
    await prepareTransaction(client, options.allowDataLoss);
    for (const statement of statements) {
      await client.query(statement.text).catch((error: unknown) => {
        throw located(error, file, statement.line);
      });
    }
    // Whatever the file did to the session, the ledger is written as the owner.
    await client.query("set local role codex_owner");
    const durationMs = performance.now() - start;
    const { direction, gitCommit } = options;
    const count = statements.length;
    await record(client, { file, direction, statements: count, startedAt, durationMs, gitCommit });
    await client.query("commit");
    return durationMs;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

async function prepareTransaction(client: pg.Client, allowDataLoss: boolean): Promise<void> {
  await client.query(
    `set local codex_migrator.allow_data_loss = '${allowDataLoss ? "on" : "off"}'`,
  );
  // What Citus needs to run the same files; names it does not know are harmless elsewhere.
  for (const setting of [
    "multi_shard_modify_mode = 'sequential'",
    "enable_local_reference_table_foreign_keys = 'off'",
    "enable_unsafe_triggers = 'on'",
  ]) {
    await client.query(`set local citus.${setting}`);
  }
}

// The line of the statement is what the author looks for.
function located(error: unknown, file: MigrationFile, line: number): unknown {
  if (error instanceof Error && fieldOf(error, "code") !== "KX009") {
    error.message = `${file.name}:${line}: ${error.message}`;
  }
  return error;
}

function fileFailure(error: unknown, file: MigrationFile): unknown {
  if (error instanceof Failure) return error;
  const where = sentenceOf(error).startsWith(file.name) ? "" : `${file.name}: `;
  return new Failure(`${where}${sentenceOf(error)}. Nothing of this file was kept.`, {
    cause: error,
  });
}

/** Who holds what others of the database wait for; empty when nobody can be seen. */
async function blockers(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ who: string }>(
    `select format('pid %s (%s, %s)', pid, coalesce(nullif(application_name, ''), usename), state) as who
     from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
     order by xact_start limit 3`,
  );
  return rows.length === 0 ? "" : `Open transactions: ${rows.map((row) => row.who).join(", ")}.`;
}
