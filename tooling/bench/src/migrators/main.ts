import { createDatabase, createLogins, migrate, startPostgres } from "@codex/testkit";
import type { PostgresServer } from "@codex/testkit";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { median } from "../measure.ts";
import { bundle, peers } from "./peers.ts";
import type { File, Peer } from "./peers.ts";
import { everyday, readerStall, recovery, together } from "./scenes.ts";
import type { Everyday, Stage } from "./scenes.ts";

const run = promisify(execFile);
const checkout = join(import.meta.dirname, "../../../..");

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    json: { type: "string" },
    help: { type: "boolean" },
  },
});

if (flags.help === true) {
  process.stdout.write(`pnpm bench:migrators [--rounds N] [--json FILE]

codex-migrate and its peers on the same 17 files and the same server, in turns: cold apply, a run with
nothing to do and its memory, the stall of a reader behind an ALTER, the time until a new runner can work
after kill -9, and how two runners end that meet at CREATE INDEX CONCURRENTLY. Medians of N rounds (5); the
last three once each.\n`);
} else await main();

interface Row {
  readonly name: string;
  readonly rounds: number;
  readonly coldMs: number;
  readonly noopMs: number;
  readonly noopMb: number;
  readonly stallMs?: number;
  readonly recoveryMs?: number | string;
  readonly twoRunners?: string;
  readonly error?: string;
}

async function main(): Promise<void> {
  await using server = await startPostgres({
    // As PostgreSQL comes: a server does not notice by itself that its client is dead.
    settings: { client_connection_check_interval: "0" },
  });
  await run(process.execPath, [join(checkout, "apps/migrator/deploy/bundle.ts"), bundle]);
  const stage = { server, template: await makeTemplate(server), files: await readFiles() };
  const samples = await inTurns(stage, Number(flags.rounds));
  const rows: Row[] = [];
  for (const peer of peers) {
    const row = await rowOf(stage, peer, samples.get(peer.name) ?? []);
    rows.push(row);
    process.stdout.write(`${line(row)}\n`);
  }
  if (flags.json !== undefined) await writeFile(flags.json, `${JSON.stringify(rows, null, 2)}\n`);
}

// Roles, logins, and a place where peers may keep their own tables.
async function makeTemplate(server: PostgresServer): Promise<string> {
  const database = await createDatabase(server, "bench_template");
  await migrate(database.url(), "bootstrap");
  await createLogins(server);
  await database.admin.query("grant usage, create on schema public to codex_owner");
  await database.admin.query("alter role codex_deployer set role = 'codex_owner'");
  await database.admin.end();
  return database.name;
}

async function readFiles(): Promise<File[]> {
  const folder = join(checkout, "db/migrations");
  const names = (await readdir(folder)).toSorted().slice(0, 17);
  return Promise.all(
    names.map(async (name) => ({
      name: name.replace(/^\d+_|\.sql$/g, ""),
      text: await readFile(join(folder, name), "utf8"),
    })),
  );
}

async function inTurns(stage: Stage, rounds: number): Promise<Map<string, (Everyday | Error)[]>> {
  const samples = new Map(peers.map(({ name }) => [name, [] as (Everyday | Error)[]]));
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    for (const peer of peers) {
      const sample = await everyday(stage, peer).catch((error: unknown) => toError(error));
      samples.get(peer.name)?.push(sample);
    }
  }
  return samples;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

async function rowOf(
  stage: Stage,
  peer: Peer,
  samples: readonly (Everyday | Error)[],
): Promise<Row> {
  const good = samples.filter((sample): sample is Everyday => !(sample instanceof Error));
  const broken = samples.find((sample) => sample instanceof Error);
  const figures = {
    name: peer.name,
    rounds: good.length,
    coldMs: median(good.map(({ coldMs }) => coldMs)),
    noopMs: median(good.map(({ noopMs }) => noopMs)),
    noopMb: median(good.map(({ noopMb }) => noopMb)),
  };
  if (broken !== undefined) return { ...figures, error: broken.message };
  if (peer.name.startsWith("psql")) return figures;
  process.stderr.write(`${peer.name}: stall, recovery and two runners\n`);
  try {
    const stallMs = await readerStall(stage, peer);
    const recoveryMs = (await recovery(stage, peer)) ?? "not in 20 s";
    return { ...figures, stallMs, recoveryMs, twoRunners: await together(stage, peer) };
  } catch (error) {
    return { ...figures, error: toError(error).message };
  }
}

function line({ name, rounds, error, ...figures }: Row): string {
  const cells = Object.entries(figures).map(
    ([key, value]) => `${key} ${typeof value === "number" ? Math.round(value) : value}`,
  );
  return `${name.padEnd(22)} n=${rounds}  ${cells.join("  ")}${error === undefined ? "" : `  ${error.replaceAll("\n", " ").slice(0, 300)}`}`;
}
