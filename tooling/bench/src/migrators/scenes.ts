import { createDatabase } from "@codex/testkit";
import type { PostgresHost, TestDatabase } from "@codex/testkit";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { killAll, start as startCommand } from "./run.ts";
import type { Ended } from "./run.ts";
import type { File, Peer } from "./peers.ts";

/** Where runners are measured. */
export interface Stage {
  readonly server: PostgresHost;
  /** A database with the roles, to copy. */
  readonly template: string;
  readonly files: readonly File[];
}

const generated = join(import.meta.dirname, "../../.generated/migrators");
const checks = join(import.meta.dirname, "../../../../db/checks");

interface Scene extends AsyncDisposable {
  readonly database: TestDatabase;
  /** Runs the peer with more files than before; the first time with those of the stage. */
  start(more?: readonly File[]): Promise<ReturnType<typeof startCommand>>;
}

async function openScene({ server, template, files }: Stage, peer: Peer): Promise<Scene> {
  const database = await createDatabase(server, undefined, { from: template });
  const folder = join(generated, `${peer.name.replaceAll(/\W+/g, "-")}-${database.name}`);
  await mkdir(folder, { recursive: true });
  await copyChecks(folder);
  const url = server.url(database.name, "codex_deployer");
  return {
    database,
    start: async (more = []) => {
      const command = await peer.prepare({ folder, files: [...files, ...more], url });
      return startCommand(command, folder);
    },
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// Ours insists on its checks from version 17 on, so it pays for them here as well. What they expect of
// later versions goes: the files that a scene adds are not ours.
async function copyChecks(folder: string): Promise<void> {
  await cp(checks, join(folder, "checks"), { recursive: true });
  const path = join(folder, "checks/expected.json");
  const expected = Object.entries(JSON.parse(await readFile(path, "utf8")) as object);
  const known = expected.filter(([version]) => Number(version) <= 17);
  await writeFile(path, JSON.stringify(Object.fromEntries(known)));
}

async function done(running: Promise<ReturnType<typeof startCommand>>, peer: Peer): Promise<Ended> {
  const ended = await (await running).ended;
  if (ended.code === 0) return ended;
  throw new Error(`${peer.name} ended with ${ended.code}: ${ended.output.slice(0, 600)}`);
}

/** What the everyday runs of a peer take. */
export interface Everyday {
  readonly coldMs: number;
  readonly noopMs: number;
  readonly noopMb: number;
}

/** From nothing to the 17 files, and a second run with nothing to do. */
export async function everyday(stage: Stage, peer: Peer): Promise<Everyday> {
  await using scene = await openScene(stage, peer);
  const cold = await done(scene.start(), peer);
  const { rows } = await scene.database.admin.query<{ n: number }>(
    "select count(*)::integer as n from pg_class where relkind = 'r' and relnamespace = to_regnamespace('codex')",
  );
  if (rows[0]?.n !== 59) throw new Error(`${peer.name} made ${rows[0]?.n} tables`);
  const noop = peer.name.startsWith("psql") ? undefined : await done(scene.start(), peer);
  return { coldMs: cold.ms, noopMs: noop?.ms ?? 0, noopMb: noop?.mb ?? 0 };
}

const holdMs = 3_000;
const pollMs = 20;

/** Longest stall of a plain SELECT while an ALTER waits behind a reader that holds on for 3 s. */
export async function readerStall(stage: Stage, peer: Peer): Promise<number> {
  await using scene = await openScene(stage, peer);
  await done(scene.start(), peer);
  const holder = await scene.database.connect();
  const reader = await scene.database.connect();
  await holder.query("begin; select from codex.moves limit 0");
  const more = { name: "add_bench_column", text: "alter table codex.moves add column bench text;" };
  const running = await scene.start([more]);
  const ended = done(Promise.resolve(running), peer);
  const began = performance.now();
  let longest = 0;
  const over = new AbortController();
  const letGo = sleep(holdMs).then(() => holder.query("commit"));
  void Promise.allSettled([letGo, ended]).then(() => over.abort());
  while (performance.now() - began < holdMs * 3 && !over.signal.aborted) {
    const start = performance.now();
    await reader.query("select from codex.moves limit 0");
    longest = Math.max(longest, performance.now() - start);
    await sleep(pollMs);
  }
  await Promise.all([letGo, ended]);
  return longest;
}

const pause = {
  name: "pause",
  text: "do $$ begin perform pg_sleep((select seconds from public.bench_pause)); end $$;",
};
const recoveryMs = 20_000;

/** Time after SIGKILL in the middle of a statement until a new run ends well; undefined: never in 20 s. */
export async function recovery(stage: Stage, peer: Peer): Promise<number | undefined> {
  await using scene = await openScene(stage, peer);
  await done(scene.start(), peer);
  const { admin } = scene.database;
  await admin.query("create table public.bench_pause as select 10 as seconds");
  await admin.query("grant select on public.bench_pause to public");
  const victim = await scene.start([pause]);
  await untilPaused(scene.database);
  await admin.query("update public.bench_pause set seconds = 0");
  killAll(victim.child);
  const killed = performance.now();
  while (performance.now() - killed < recoveryMs) {
    const next = await scene.start([pause]);
    const giveUp = setTimeout(() => killAll(next.child), recoveryMs);
    const { code } = await next.ended;
    clearTimeout(giveUp);
    if (code === 0) return performance.now() - killed;
    await sleep(100);
  }
  return undefined;
}

async function untilPaused({ admin }: TestDatabase): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const { rowCount } = await admin.query(
      "select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()",
    );
    if (rowCount !== 0) return;
    await sleep(20);
  }
  throw new Error("the migration never reached its pause");
}

const index: File = {
  name: "add_bench_index",
  text: "create index concurrently bench_index on codex.moves (created_at);",
  noTransaction: true,
};
const togetherMs = 20_000;

/** How two runners end that meet at CREATE INDEX CONCURRENTLY, which waits for a writer for a second. */
export async function together(stage: Stage, peer: Peer): Promise<string> {
  await using scene = await openScene(stage, peer);
  await done(scene.start(), peer);
  const writer = await scene.database.connect();
  await writer.query("begin; lock table codex.moves in row exclusive mode");
  const first = await scene.start([index]);
  await Promise.race([first.ended, untilBuilding(scene.database)]);
  const second = await scene.start([index]);
  // Long enough for it to stand where it waits.
  await sleep(1_500);
  await writer.query("commit");
  const runs = [first, second];
  const giveUp = setTimeout(() => runs.forEach(({ child }) => killAll(child)), togetherMs);
  const ends = await Promise.all(runs.map(({ ended }) => ended));
  clearTimeout(giveUp);
  if (ends.some(({ ms }) => ms > togetherMs)) return "hang";
  const failed = ends.find(({ code }) => code !== 0);
  if (failed !== undefined) return `fail: ${reasonIn(failed.output)}`;
  const { rows } = await scene.database.admin.query<{ valid: boolean }>(
    "select indisvalid as valid from pg_index where indexrelid = to_regclass('codex.bench_index')",
  );
  return rows[0]?.valid === true ? "both end well" : "no index, or an invalid one";
}

async function untilBuilding({ admin }: TestDatabase): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const { rowCount } = await admin.query(
      `select from pg_stat_activity
       where datname = current_database() and query ~ 'bench_index' and wait_event_type = 'Lock'`,
    );
    if (rowCount !== 0) return;
    await sleep(20);
  }
}

function reasonIn(output: string): string {
  const line = output
    .split("\n")
    .find((text) => /deadlock|inside a transaction|lock to run|locked|exclusive lock/i.test(text));
  return (line ?? output).trim().slice(0, 100);
}
