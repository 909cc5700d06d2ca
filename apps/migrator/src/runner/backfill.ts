import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { Failure } from "../failure.ts";
import type { BackfillHeader } from "./headers.ts";
import { hashOf, note } from "./journal.ts";
import { setLimits } from "./limits.ts";
import { withLockRetries } from "./lock-retry.ts";
import { pressureOf, seesActivity } from "./pressure.ts";
import type { Runner } from "./runner.ts";
import type { Step } from "./stepwise.ts";

/** Where a backfill stands: the key of the last row that is done, as a row of literals. */
interface Progress {
  readonly after: string;
  readonly rows: number;
}

/**
 * Runs a statement in batches along the key of a table, each batch in a transaction of its own with
 * its progress, so that a run that was stopped goes on behind the last finished batch. `:batch` in the
 * statement becomes the condition on the key. Before each batch it waits while replicas lag or the
 * server is busy; a batch that meets a lock is tried again. Gives how often that was.
 */
export async function runBackfill(
  runner: Runner,
  step: Step,
  header: BackfillHeader,
): Promise<number> {
  if (!(await seesActivity(runner.holder))) {
    runner.say(
      "  backfill goes on blindly: grant pg_monitor to the login, so that it can wait for replicas and traffic",
    );
  }
  const estimate = await countRows(runner.client, header.table);
  await requireKey(runner.client, header);
  let progress = await readProgress(runner.client, step);
  let lockWaits = 0;
  for (;;) {
    await waitForRoom(runner);
    // Each batch has tries and time of its own: the whole may take hours.
    const next = await withLockRetries(runner, `A batch of ${header.table}`, async (waits) => {
      lockWaits += waits > 0 ? 1 : 0;
      return runBatch(runner, step, { header, progress });
    });
    if (next === undefined) return lockWaits;
    progress = next;
    const share = estimate > 0 ? ` of about ${estimate}` : "";
    runner.say(`  backfill of ${header.table}: ${progress.rows}${share} rows looked at`);
  }
}

async function readProgress(
  client: pg.Client,
  { run, ordinal }: Step,
): Promise<Progress | undefined> {
  const { rows } = await client.query<{ detail: string }>(
    `select detail from codex_migrator.statements
     where run_id = $1 and ordinal = $2 and state = 'progress' order by id desc limit 1`,
    [run.runId, ordinal],
  );
  return rows[0] === undefined ? undefined : (JSON.parse(rows[0].detail) as Progress); // our own note
}

// The statistics' guess: exact would mean to read the whole table.
async function countRows(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ rows: number }>(
    "select reltuples::float8 as rows from pg_class where oid = to_regclass($1)",
    [table],
  );
  if (rows[0] === undefined) throw new Failure(`The backfill's table ${table} does not exist.`);
  return rows[0].rows;
}

// What is NULL is above and below nothing, and would be left out without a word.
async function requireKey(client: pg.Client, { table, key }: BackfillHeader): Promise<void> {
  const { rows } = await client.query<{ wrong: string }>(
    `select key as wrong from unnest($2::text[]) key
     where not exists (select from pg_attribute where attrelid = to_regclass($1)
       and attname = (parse_ident(key))[1] and attnotnull and not attisdropped)`,
    [table, key],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ wrong }) => wrong).join(", ");
  throw new Failure(
    `The backfill's key ${names} of ${table} is no NOT NULL column: name a key that every row has.`,
  );
}

// By the session of the lock, which is the login itself: codex_owner need not see what others do.
async function waitForRoom({ holder, settings, say }: Runner): Promise<void> {
  for (;;) {
    const pressure = await pressureOf(holder, settings);
    if (pressure === undefined) return;
    say(`  backfill waits: ${pressure}`);
    await sleep(settings.backfillPauseMs);
  }
}

async function runBatch(
  { client, settings }: Runner,
  step: Step,
  { header, progress }: { header: BackfillHeader; progress: Progress | undefined },
): Promise<Progress | undefined> {
  await client.query("begin");
  try {
    const bound = await findBound(client, header, progress);
    if (bound === undefined) {
      await client.query("rollback");
      return undefined;
    }
    const key = `(${header.key.join(", ")})`;
    const above = progress === undefined ? "true" : `${key} > ${progress.after}`;
    const text = step.statement.text.replaceAll(
      ":batch",
      // A function, since a key may hold what replaceAll reads as a pattern, such as $$.
      () => `(${above} and ${key} <= ${bound.after})`,
    );
    await setLimits(client, step.statement, { lockMs: settings.lockTimeoutMs, local: true });
    await client.query(text);
    await client.query("set local role codex_owner");
    const next = { after: bound.after, rows: (progress?.rows ?? 0) + bound.rows };
    const { run, ordinal, statement } = step;
    const detail = JSON.stringify(next);
    await note(client, run, [{ ordinal, sha256: hashOf(statement), state: "progress", detail }]);
    await client.query("commit");
    return next;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

// The last key of the next batch, as literals made by the server, which knows how to quote them.
async function findBound(
  client: pg.Client,
  { table, key, batch }: BackfillHeader,
  progress: Progress | undefined,
): Promise<Progress | undefined> {
  const columns = key.join(", ");
  const where = progress === undefined ? "" : `where (${columns}) > ${progress.after}`;
  const literals = key.map((column) => `quote_literal(${column}::text)`).join(", ");
  const { rows } = await client.query<Progress>(
    `with batch as (select ${columns} from ${table} ${where} order by ${columns} limit ${batch})
     select concat('(', concat_ws(', ', ${literals}), ')') as after,
       (select count(*)::integer from batch) as rows
     from batch order by ${key.map((column) => `${column} desc`).join(", ")} limit 1`,
  );
  return rows[0];
}
