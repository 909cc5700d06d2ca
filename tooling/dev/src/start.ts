import { parseArgs } from "node:util";
import { makeDemoKey, startApi } from "./api.ts";
import type { ApiLogins } from "./api.ts";
import { hasRoles, openDevelopment } from "./database.ts";
import type { Development } from "./database.ts";
import { command, Failure } from "./failure.ts";
import { runScript } from "./run.ts";
import { startWorker } from "./worker.ts";

interface Count {
  readonly name: string;
  readonly expected: number;
  readonly exact: boolean;
  readonly actual: number;
  readonly ok: boolean;
}

interface Verdict {
  readonly checks: readonly { readonly group: string; readonly ok: boolean }[];
  readonly counts: readonly Count[];
}

const migrator = "apps/migrator/src/main.ts";
const apiPortDefault = 3000;
const seed = "tooling/seed/src/main.ts";

await command("start", async () => {
  const options = readOptions();
  const database = await step("PostgreSQL", () => openDevelopment(options.port));
  try {
    await prepare(database);
    connections(database);
    if (!options.once) await serve(database, options.apiPort);
  } finally {
    await database.stop();
  }
  return 0;
});

async function prepare(database: Development): Promise<void> {
  await step("roles", async () => {
    if (!(await hasRoles(database.admin))) await migrate(database.admin, "bootstrap");
    await database.makeLogins();
  });
  await step("migrations 0 → 43 → 59 → 81", async () => {
    const status = JSON.parse(await migrate(database.deployer, "status", "--json")) as {
      applied: { version: number }[];
    }; // our own command's output
    // The foundation and the plan first, as a release pipeline with an older target would.
    if ((status.applied.at(-1)?.version ?? 0) < 12)
      await migrate(database.deployer, "up", "--to", "12");
    if ((status.applied.at(-1)?.version ?? 0) < 17)
      await migrate(database.deployer, "up", "--to", "17");
    await migrate(database.deployer, "up");
  });
  const verdict = await step("verification", async () => {
    const text = await migrate(database.deployer, "verify", "--json");
    return JSON.parse(text) as Verdict; // our own command's output
  });
  await step("seeds", async () => {
    const outcome = await runScript(seed, [], {
      environment: { DATABASE_URL: database.worker },
      onLine: (line) => say(`    ${line}`),
    });
    if (outcome.code !== 0) throw new Failure(lastLine(outcome.stderr), outcome.code);
  });
  table(verdict);
}

/** Runs codex-migrate, as the pipeline does; its sentence and exit code are ours when it fails. */
async function migrate(url: string, ...args: string[]): Promise<string> {
  const json = args.includes("--json");
  const outcome = await runScript(migrator, args, {
    environment: { DATABASE_URL: url },
    ...(json ? {} : { onLine: (line: string) => say(`  ${line}`) }),
  });
  if (outcome.code === 0) return outcome.stdout;
  if (args.includes("verify"))
    await runScript(migrator, ["verify"], { environment: { DATABASE_URL: url }, inherit: true });
  throw new Failure(lastLine(outcome.stderr) || "verification is red, see above", outcome.code);
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  say(`… ${name}`);
  const start = performance.now();
  const result = await work();
  say(`✓ ${name}  ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

function table(verdict: Verdict): void {
  say("");
  for (const count of verdict.counts) {
    const expected = `${count.exact ? "exactly" : "at least"} ${count.expected}`;
    say(
      `  ${count.name.padEnd(14)} ${String(count.actual).padStart(4)}   expected ${expected}  ${count.ok ? "✓" : "✗"}`,
    );
  }
  for (const [group, label] of [
    ["sixteen", "checks"],
    ["audit", "audit rules"],
  ] as const) {
    const all = verdict.checks.filter((check) => check.group === group);
    say(`  ${label.padEnd(14)} ${all.filter((check) => check.ok).length}/${all.length}`);
  }
}

function connections(database: Development): void {
  if (database.actors.length === 0) return say("\nReady, in the database of DATABASE_URL.");
  say("\nReady. Connect by psql (or: pnpm db:psql [admin|deployer|api|worker]):\n");
  for (const actor of database.actors) say(`  ${actor.name.padEnd(9)} psql "${actor.url}"`);
  say("\n  As api, begin with: begin; select codex.set_context('<workspace>', '<user>');");
}

/** The API with a key to call it with, and the worker, until Ctrl-C; of an operator's database only the address is known. */
async function serve(database: Development, port: number): Promise<void> {
  // From here on, so that whoever stops it now leaves no program behind either.
  const stopped = stopSignal();
  const logins = loginsOf(database);
  if (logins === undefined) return untilStopped(stopped);
  const key = await step("a key for the API", () => makeDemoKey(logins));
  await using api = await step("API", () => startApi(logins, port));
  await using worker = await step("worker", () => startWorker(logins.worker));
  say(`
  The API    ${api.url}  (documentation: ${api.url}/docs)
  metrics    ${api.adminUrl}/metrics (of the worker: ${worker.adminUrl}/metrics)
  demo key   ${key}

  curl -s -H "authorization: Bearer ${key}" ${api.url}/trpc/campaigns.list`);
  await untilStopped(stopped);
}

function loginsOf({ actors }: Development): ApiLogins | undefined {
  const url = (wanted: string): string | undefined =>
    actors.find(({ name }) => name === wanted)?.url;
  const [api, worker] = [url("api"), url("worker")];
  return api === undefined || worker === undefined ? undefined : { api, worker };
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

async function untilStopped(stopped: Promise<void>): Promise<void> {
  say("\nCtrl-C stops everything; the data is kept.");
  // Something must keep the process alive until a signal comes.
  const alive = setInterval(() => {}, 60_000);
  await stopped;
  clearInterval(alive);
}

interface Options {
  readonly once: boolean;
  /** Of PostgreSQL. */
  readonly port: number | undefined;
  readonly apiPort: number;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: "boolean" },
        port: { type: "string" },
        "api-port": { type: "string" },
      },
    });
    return {
      once: values.once === true,
      port: readPort("--port", values.port),
      apiPort: readPort("--api-port", values["api-port"]) ?? apiPortDefault,
    };
  } catch (error) {
    const text = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw new Failure(`${text}. Usage: pnpm start [--once] [--port N] [--api-port N].`, 2);
  }
}

function readPort(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`${name} takes a number from 1 to 65535, not "${text}"`);
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split("\n")
      .findLast((line) => !line.includes("warning:")) ?? ""
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
