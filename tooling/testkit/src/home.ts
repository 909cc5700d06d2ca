import { createHash } from "node:crypto";
import { chown, lstat, mkdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findAccount } from "./account.ts";
import type { Account } from "./account.ts";
import { dataFolder } from "./env.ts";
import { failure } from "./failure.ts";

/** Root of this checkout. */
export const checkout: string = join(import.meta.dirname, "..", "..", "..");

/**
 * Where servers live: `kept/<name>` and `temporary/<random>`, each with `data`, `password` and `log`,
 * and, for root, a copy of each PostgreSQL.
 */
export interface Home {
  readonly folder: string;
  /** Who the servers run as and who owns the folder; undefined: ourselves. */
  readonly account: Account | undefined;
}

/**
 * Opens the home of this checkout's servers: `.codex` in the checkout; for root
 * `<temporary folder>/codex-<hash of the checkout's path>`, because the servers' user may be unable to
 * enter the checkout; `CODEX_DATA_FOLDER` names another folder to put it in. Throws one sentence when it cannot be used.
 */
export async function openHome(): Promise<Home> {
  const account = await findAccount();
  const folder = await chooseFolder(account);
  try {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const home = { folder, account };
    await claim(home, folder);
    for (const part of ["kept", "temporary"]) await makeFolder(home, join(folder, part));
    return home;
  } catch (error) {
    throw error instanceof Deliberate
      ? error
      : failure(`Cannot use ${folder}`, String(error), folder);
  }
}

/** Makes a folder that only the servers' user (and root) may open; keeps one that is there. */
export async function makeFolder(home: Home, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (home.account !== undefined) await chown(folder, home.account.uid, home.account.gid);
}

class Deliberate extends Error {}

// The temporary folder is everyone's and the name can be guessed: a folder that somebody else made first
// would give them our data.
async function claim(home: Home, folder: string): Promise<void> {
  const { account } = home;
  if (account === undefined) return;
  const found = await lstat(folder);
  if (!found.isDirectory() || (found.uid !== 0 && found.uid !== account.uid)) {
    throw new Deliberate(
      `${folder} belongs to another user; remove it, or set CODEX_DATA_FOLDER to a folder of your own.`,
    );
  }
  await chown(folder, account.uid, account.gid);
}

async function chooseFolder(account: Account | undefined): Promise<string> {
  const name = `codex-${createHash("sha256").update(checkout).digest("hex").slice(0, 12)}`;
  const wanted = dataFolder();
  if (wanted !== undefined) return join(wanted, name);
  if (account === undefined) return join(checkout, ".codex");
  for (const parent of [tmpdir(), "/tmp", "/var/tmp"]) {
    if (await isOpenToAll(parent)) return join(parent, name);
  }
  return join(tmpdir(), name);
}

async function isOpenToAll(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined || (found.mode & 0o001) === 0) return false;
  return dirname(folder) === folder || isOpenToAll(dirname(folder));
}
