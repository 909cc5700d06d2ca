import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile, rename, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { environmentOf, program } from "./binaries.ts";
import { openCluster } from "./cluster.ts";
import type { Cluster } from "./cluster.ts";
import { childEnvironment, defaultMajor, majors } from "./env.ts";
import type { Major } from "./env.ts";
import { failure } from "./failure.ts";
import { dropStalePid, isAlive, readHolder, readPostmaster, writeHolder } from "./holder.ts";
import { openHome } from "./home.ts";
import { freePort } from "./port.ts";

export interface StartOptions {
  /** PostgreSQL's major version; `CODEX_POSTGRES`, else 18. */
  readonly major?: Major;
  /** Folder of an installed PostgreSQL of that version (with `bin/postgres`), instead of npm's. */
  readonly installed?: string;
  /** Name of a kept cluster, whose data survives; without it a temporary one, removed on stop. */
  readonly keep?: string;
  /** Port of 127.0.0.1; a random free one when left out. */
  readonly port?: number;
  /** Server settings by name, above the kit's own. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Where a server of the kit listens and how to log in; plain enough to hand to another process. */
export interface ServerAddress {
  readonly major: Major;
  readonly port: number;
  /** Of every login role of the cluster. */
  readonly password: string;
}

/** A running server, as seen by whoever may connect to it. */
export interface PostgresHost {
  readonly address: ServerAddress;
  readonly major: Major;
  readonly host: "127.0.0.1";
  readonly port: number;
  /** Connection URL with the password; `user` is `postgres`, the superuser, when left out. */
  url(database: string, user?: string): string;
}

/** A running server of ours. It ends with this process, however that dies. */
export interface PostgresServer extends PostgresHost, AsyncDisposable {
  /** Stops the server and removes a temporary cluster. Safe to call again. */
  stop(): Promise<void>;
}

/** What the watchdog is to run. */
export interface Errand {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly identity: { readonly uid?: number; readonly gid?: number };
  readonly folder: string;
  readonly pidFile: string;
  readonly log: string;
  readonly temporary: boolean;
}

/**
 * Starts a PostgreSQL server from npm on 127.0.0.1 and waits until it takes connections (about a
 * second for a new cluster). Every login needs the cluster's random password (scram-sha-256).
 *
 * Throws one sentence with the remedy when the port is taken, the kept cluster is open elsewhere or of
 * another major version, or the data folder is full or cannot be written.
 */
export async function startPostgres(options: StartOptions = {}): Promise<PostgresServer> {
  const { major = defaultMajor(), keep, installed } = options;
  return serve(await openCluster(major, keep, installed), options);
}

/** Serves a cluster, which is removed on stop unless it is kept. */
export async function serve(cluster: Cluster, options: StartOptions): Promise<PostgresServer> {
  try {
    if (cluster.kept !== undefined) await dropStalePid(cluster.folder);
    const { port, watchdog } = await launch(cluster, options);
    if (cluster.kept !== undefined) await writeHolder(cluster.folder);
    const address = { major: cluster.binaries.major, port, password: cluster.password };
    const stop = (): Promise<void> => end(watchdog);
    return { ...hostAt(address), stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    if (cluster.kept === undefined) await rm(cluster.folder, { recursive: true, force: true });
    throw error;
  }
}

/** The server at an address that another process of ours started. */
export function hostAt(address: ServerAddress): PostgresHost {
  const { major, port, password } = address;
  const url = (database: string, user = "postgres"): string =>
    `postgresql://${encodeURIComponent(user)}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  return { address, major, host: "127.0.0.1", port, url };
}

/** The kept cluster of that name when another process serves it now; undefined otherwise. */
export async function findPostgres(keep: string): Promise<PostgresHost | undefined> {
  const { folder: home } = await openHome();
  const folder = join(home, "kept", keep);
  const running = await readPostmaster(folder);
  if (running === undefined || !isAlive(running.pid)) return undefined;
  const password = await readFile(join(folder, "password"), "utf8");
  const version = await readFile(join(folder, "data", "PG_VERSION"), "utf8");
  const major = majors.find((known) => String(known) === version.trim());
  return major === undefined ? undefined : hostAt({ major, port: running.port, password });
}

const attemptsMax = 5;
const releaseMs = 20_000;

/** Starts the watchdog; a random port lost to somebody else and a cluster just being released are tried again. */
async function launch(cluster: Cluster, options: StartOptions): Promise<Launched> {
  const giveUpAt = Date.now() + releaseMs;
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const { watchdog, complaint } = await tryOnce(
      cluster,
      serverArguments(cluster, port, options.settings),
    );
    if (complaint === undefined) return { port, watchdog };
    if (isPortTaken(complaint)) {
      if (options.port !== undefined || attempt >= attemptsMax) throw portTaken(port);
    } else if (isHeld(complaint)) {
      await awaitRelease(cluster, { complaint, giveUpAt });
    } else {
      const what = `PostgreSQL ${cluster.binaries.major} did not start`;
      throw failure(what, complaint, cluster.home.folder);
    }
  }
}

interface Launched {
  readonly port: number;
  readonly watchdog: ChildProcessWithoutNullStreams;
}

// Each attempt logs to a file of its own: one that fails must not disturb the log of a server that runs.
async function tryOnce(
  cluster: Cluster,
  args: readonly string[],
): Promise<{ watchdog: ChildProcessWithoutNullStreams; complaint: string | undefined }> {
  const log = join(cluster.folder, `log-${randomUUID()}`);
  const watchdog = watch(cluster, log, args);
  const words = await complaintOf(watchdog);
  if (words === undefined) {
    await rename(log, join(cluster.folder, "log"));
    return { watchdog, complaint: undefined };
  }
  const complaint = words + (await readFile(log, "utf8").catch(() => ""));
  await rm(log, { force: true });
  return { watchdog, complaint };
}

function isPortTaken(log: string): boolean {
  return /could not bind .*: Address already in use/.test(log);
}

function portTaken(port: number): Error {
  return new Error(
    `Port ${port} of 127.0.0.1 is in use by another program; stop that program, or choose another port.`,
  );
}

const lastChildren = "pre-existing shared memory block";

function isHeld(log: string): boolean {
  return log.includes('lock file "postmaster.pid" already exists') || log.includes(lastChildren);
}

/**
 * Waits a moment for a cluster that is about to be free: its owner is dead and the watchdog is stopping
 * the server, or the server was killed and its last children are leaving. Throws when it is in use.
 */
async function awaitRelease(
  cluster: Cluster,
  seen: { complaint: string; giveUpAt: number },
): Promise<void> {
  const holder = await readHolder(cluster.folder);
  const isLeaving = !holder.alive || seen.complaint.includes(lastChildren);
  if (isLeaving && Date.now() < seen.giveUpAt) return sleep(200);
  const postmaster = await readPostmaster(cluster.folder);
  const where = postmaster === undefined ? "" : ` on port ${postmaster.port}`;
  throw new Error(
    `The kept cluster "${cluster.kept}" is already open in ${holder.words}${where}; stop that process first.`,
  );
}

function watch(
  cluster: Cluster,
  log: string,
  args: readonly string[],
): ChildProcessWithoutNullStreams {
  const { binaries, folder, home } = cluster;
  const errand: Errand = {
    command: program(binaries, "postgres"),
    args,
    environment: environmentOf(binaries),
    identity: home.account ? { uid: home.account.uid, gid: home.account.gid } : {},
    folder,
    pidFile: join(folder, "data", "postmaster.pid"),
    log,
    temporary: cluster.kept === undefined,
  };
  const script = join(import.meta.dirname, "watchdog.ts");
  // A session of its own: Ctrl-C in our terminal must not reach it.
  return spawn(process.execPath, [script, JSON.stringify(errand)], {
    cwd: "/",
    detached: true,
    env: childEnvironment(),
    stdio: "pipe",
  });
}

function serverArguments(
  cluster: Cluster,
  port: number,
  settings: Readonly<Record<string, string>> = {},
): string[] {
  const wanted = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    client_connection_check_interval: "1s",
    timezone: "UTC",
    ...(cluster.kept === undefined ? temporarySettings : {}),
    ...settings,
  };
  const flags = Object.entries(wanted).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["-D", join(cluster.folder, "data"), "-p", String(port), ...flags];
}

// Nothing of a temporary cluster is to survive a crash.
const temporarySettings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/** Waits until the server takes connections: undefined then, or what the watchdog said as it ended. */
async function complaintOf(watchdog: ChildProcessWithoutNullStreams): Promise<string | undefined> {
  const words: string[] = [];
  watchdog.stderr.on("data", (chunk) => words.push(String(chunk)));
  const isReady = await new Promise<boolean>((done) => {
    watchdog.stdout.once("data", () => done(true));
    watchdog.once("close", () => done(false));
    watchdog.once("error", (error) => {
      words.push(String(error));
      done(false);
    });
  });
  // From here on neither the process nor its pipes keep ours from ending.
  watchdog.unref();
  for (const pipe of watchdog.stdio) if (pipe instanceof Socket) pipe.unref();
  return isReady ? undefined : words.join("");
}

async function end(watchdog: ChildProcessWithoutNullStreams): Promise<void> {
  if (watchdog.exitCode !== null || watchdog.signalCode !== null) return;
  watchdog.ref();
  const ended = new Promise((done) => watchdog.once("exit", done));
  watchdog.stdin.end();
  await ended;
}
