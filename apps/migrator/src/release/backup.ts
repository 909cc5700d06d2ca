import { access, constants, open, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type pg from "pg";
import { fingerprintOf, readSchema } from "../catalog/catalog.ts";
import type { Context } from "../commands/context.ts";
import { makeRoles, withScratch } from "../commands/scratch.ts";
import type { Scratch } from "../commands/scratch.ts";
import { codeOf, exitCode, Failure, fieldOf, sentenceOf } from "../failure.ts";
import { padded } from "../runner/files.ts";
import { becomeOwner, connect } from "../runner/session.ts";
import { countRows } from "../watch/rows.ts";
import type { RowCounts } from "../watch/rows.ts";
import { addressFor, requirePrograms, runProgram } from "./program.ts";

/** What a backup holds, seen in the very snapshot that it was made of. */
interface Contents {
  readonly rows: RowCounts;
  readonly fingerprint: string;
}

/** A backup that was restored, and what it weighs. */
export interface Proven {
  readonly bytes: number;
  readonly rows: number;
}

/** Whether there is anything that a backup would hold, which there is not before the first release. */
export async function hasContents(context: Context): Promise<boolean> {
  const client = await connect(context.target);
  try {
    const { rowCount } = await client.query(
      "select from pg_namespace where nspname in ('codex', 'codex_migrator')",
    );
    return rowCount !== 0;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Where a backup is put: the file itself, or in a folder a file named by the version and the time. */
export async function backupPath(given: string, version: number): Promise<string> {
  const path = resolve(given);
  // Also one that is not there, so that this is said: a volume may not be mounted.
  const isFolder =
    given.endsWith("/") ||
    (await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    ));
  if (!isFolder) return path;
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  return join(path, `codex-${padded(version)}-${time}.dump`);
}

/**
 * Makes a backup and proves it: it is restored into a throw-away database, where every table must have
 * exactly the rows that it had in the backup's snapshot, and the catalog must be the same. Fails (8) otherwise,
 * and leaves no file then. A file that is there already is never written over: it may be the only way back.
 */
export async function proveBackup(context: Context, path: string): Promise<Proven> {
  await createPrivate(path);
  const contents = await prove(context, path).catch(async (error: unknown) => {
    await rm(path, { force: true });
    throw error;
  });
  const { size } = await stat(path);
  return { bytes: size, rows: [...contents.rows.values()].reduce((sum, rows) => sum + rows, 0) };
}

async function prove(context: Context, path: string): Promise<Contents> {
  const contents = await dump(context, path);
  try {
    await withScratch(context, (scratch) => restore(context, scratch, { path, contents }));
  } catch (error) {
    // Whatever was in the way of the restore: nothing is proven.
    if (codeOf(error) === exitCode.backup) throw error;
    throw failed(sentenceOf(error).replace(/\.$/, ""), error);
  }
  return contents;
}

/**
 * Fails (8) where no backup can go: a folder that is missing, full or not ours to write to, or a file that is
 * there. No folder is made, so that a volume that is not mounted is noticed.
 */
export async function requirePlace(path: string, bytesMin: number): Promise<void> {
  const folder = dirname(path);
  try {
    await access(`${folder}/.`, constants.W_OK);
  } catch (error) {
    throw failed(`${folder} is no folder to write to (${String(fieldOf(error, "code"))})`);
  }
  if ((await stat(path).catch(() => undefined)) !== undefined) throw taken(path);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytesMin) return;
  throw failed(`${folder} has ${free} bytes free and --disk-min asks for ${bytesMin}`);
}

// It holds every workspace's rows. pg_dump writes into what is there and leaves its mode.
async function createPrivate(path: string): Promise<void> {
  try {
    await (await open(path, "wx", 0o600)).close();
  } catch (error) {
    const code = fieldOf(error, "code");
    throw code === "EEXIST" ? taken(path) : failed(`${path} cannot be written (${String(code)})`);
  }
}

function taken(path: string): Failure {
  return failed(`${path} is there already: name another file, or a folder`);
}

async function dump(context: Context, path: string): Promise<Contents> {
  const client = await connect(context.target);
  try {
    await requirePrograms(await majorOf(client));
    await becomeOwner(client);
    // However long the dump takes, this transaction must hold its snapshot.
    await client.query("set idle_in_transaction_session_timeout = 0");
    await client.query("begin isolation level repeatable read read only");
    const { rows } = await client.query<{ id: string }>("select pg_export_snapshot() as id");
    const flags = ["--format=custom", "--role=codex_owner", "--lock-wait-timeout=30s"];
    const schemas = ["--schema=codex", "--schema=codex_migrator"];
    await runProgram(
      "pg_dump",
      [...flags, ...schemas, `--snapshot=${rows[0]?.id}`, `--file=${path}`],
      addressFor(client, context.target.tls),
    );
    return { rows: await countRows(client), fingerprint: fingerprintOf(await readSchema(client)) };
  } finally {
    await client.end().catch(() => {});
  }
}

async function isSuperuser(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ rolsuper: boolean }>(
    "select rolsuper from pg_roles where rolname = session_user",
  );
  return rows[0]?.rolsuper === true;
}

async function majorOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ server_version_num: string }>("show server_version_num");
  return Math.floor(Number(rows[0]?.server_version_num) / 10_000);
}

/** Restores a backup into a throw-away database; `full` when owners are restored as well. */
export async function restoreInto(
  scratch: Scratch,
  path: string,
): Promise<{ client: pg.Client; full: boolean }> {
  await makeRoles(scratch);
  const client = await scratch.connect();
  await requirePrograms(await majorOf(client));
  const full = await isSuperuser(client);
  // Only a superuser can give objects to roles that may not create in their schema.
  const owners = full ? [] : ["--no-owner", "--role=codex_owner"];
  const flags = ["--exit-on-error", `--dbname=${scratch.name}`, ...owners];
  const address = addressFor(client, scratch.context.target.tls);
  await runProgram("pg_restore", [...flags, path], address);
  return { client, full };
}

async function restore(
  context: Context,
  scratch: Scratch,
  { path, contents }: { path: string; contents: Contents },
): Promise<void> {
  const { client, full } = await restoreInto(scratch, path);
  const rows = await countRows(client);
  const wrong = [...contents.rows]
    .filter(([table, count]) => rows.get(table) !== count)
    .map(([table, count]) => `${table} has ${rows.get(table) ?? "no"} of ${count} rows`);
  if (wrong.length > 0) throw failed(`restored, ${wrong.slice(0, 5).join(", ")}`);
  const fingerprint = fingerprintOf(await readSchema(client));
  if (full && fingerprint !== contents.fingerprint)
    throw failed("restored, its catalog is another one");
  context.output.figure("tables proven by restore", rows.size);
}

function failed(why: string, cause?: unknown): Failure {
  return new Failure(`The backup proves nothing: ${why}. Nothing was released.`, {
    code: exitCode.backup,
    cause,
  });
}
