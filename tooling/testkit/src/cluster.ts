import { randomBytes, randomUUID } from "node:crypto";
import { chown, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findBinaries, initdb } from "./binaries.ts";
import type { Binaries } from "./binaries.ts";
import type { Major } from "./env.ts";
import { failure } from "./failure.ts";
import { isAlive, readPostmaster } from "./holder.ts";
import { makeFolder, openHome } from "./home.ts";
import type { Home } from "./home.ts";

/** A data folder that is ready to be served. */
export interface Cluster {
  readonly home: Home;
  readonly binaries: Binaries;
  readonly folder: string;
  /** Name of a kept cluster; undefined for a temporary one. */
  readonly kept: string | undefined;
  readonly password: string;
}

/** Makes a temporary cluster, or opens the kept one of that name, which is made at its first use. */
export async function openCluster(
  major: Major,
  kept: string | undefined,
  installed?: string,
): Promise<Cluster> {
  const home = await openHome();
  await sweep(home);
  try {
    const binaries =
      installed === undefined ? await findBinaries(home, major) : { major, folder: installed };
    const folder =
      kept === undefined
        ? await build(home, binaries, { durable: false })
        : await keep(home, binaries, kept);
    const password = await readFile(join(folder, "password"), "utf8");
    return { home, binaries, folder, kept, password };
  } catch (error) {
    if (error instanceof Error && !("errno" in error)) throw error;
    throw failure("Cannot make a cluster", String(error), home.folder);
  }
}

async function keep(home: Home, binaries: Binaries, name: string): Promise<string> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    throw new Error(`"${name}" cannot name a cluster; use lower-case letters, digits and hyphens.`);
  }
  const folder = join(home.folder, "kept", name);
  const found = await readVersion(folder);
  if (found === undefined) {
    const fresh = await build(home, binaries, { durable: true });
    await settle(fresh, folder);
  } else if (found !== String(binaries.major)) {
    throw new Error(
      `The kept cluster "${name}" holds data of PostgreSQL ${found}, not ${binaries.major}; set CODEX_POSTGRES=${found}, or delete ${folder} to begin again.`,
    );
  }
  return folder;
}

async function readVersion(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, "data", "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

// Two first starts may race: the first rename wins, and the other uses what it finds.
async function settle(fresh: string, folder: string): Promise<void> {
  try {
    await rename(fresh, folder);
  } catch (error) {
    if ((await readVersion(folder)) === undefined) throw error;
    await rm(fresh, { recursive: true, force: true });
  }
}

/** A new cluster under `temporary`: UTF-8, text ordered by bytes, passwords for everyone. */
async function build(
  home: Home,
  binaries: Binaries,
  options: { durable: boolean },
): Promise<string> {
  const folder = join(home.folder, "temporary", randomUUID());
  try {
    await makeFolder(home, folder);
    await writePassword(home, join(folder, "password"));
    const made = await initdb(home, binaries, {
      folder,
      args: initdbArguments(folder, options.durable),
    });
    if (made.code !== 0) throw failure("initdb failed", made.output, home.folder);
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

// LC_COLLATE C sorts alike on every machine and version; LC_CTYPE knows letters beyond ASCII.
function initdbArguments(folder: string, durable: boolean): string[] {
  const letters = process.platform === "darwin" ? "UTF-8" : "C.UTF-8";
  return [
    `--pgdata=${join(folder, "data")}`,
    `--pwfile=${join(folder, "password")}`,
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    `--lc-ctype=${letters}`,
    ...(durable ? [] : ["--no-sync"]),
  ];
}

async function writePassword(home: Home, path: string): Promise<void> {
  await writeFile(path, randomBytes(24).toString("base64url"), { mode: 0o600 });
  if (home.account !== undefined) await chown(path, home.account.uid, home.account.gid);
}

const hourMs = 3_600_000;

// What a power cut left behind: nothing that is younger than an hour, or whose server lives.
async function sweep(home: Home): Promise<void> {
  const parent = join(home.folder, "temporary");
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    const changed = await stat(folder).catch(() => undefined);
    if (changed === undefined || Date.now() - changed.mtimeMs < hourMs) continue;
    const postmaster = await readPostmaster(folder);
    if (postmaster !== undefined && isAlive(postmaster.pid)) continue;
    await rm(folder, { recursive: true, force: true });
  }
}
