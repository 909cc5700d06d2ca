import { createDatabase, createLogins, migrate, requireTool, testServer } from "@codex/testkit";
import type { PostgresHost, TestDatabase } from "@codex/testkit";
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { compileCache } from "./env.ts";

const root = join(import.meta.dirname, "../../../..");
const main = join(root, "apps/migrator/src/main.ts");

/** The folder of the real migrations. */
export const realDb: string = join(root, "db");

/** How a run of codex-migrate ended. */
export interface Outcome {
  /** null when it was killed. */
  readonly code: number | null;
  /** Both streams. */
  readonly output: string;
  readonly stdout: string;
}

export interface RunOptions {
  readonly url?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments of Node itself. */
  readonly node?: readonly string[];
  /** Whether nobody reads its standard error: writing there fails. */
  readonly deaf?: boolean;
  /** Whether it runs on a terminal, whose output is what both streams write there. */
  readonly terminal?: boolean;
}

/** A run that goes on. */
export interface Started {
  /** Of the terminal where there is one. */
  readonly pid: number;
  readonly ended: Promise<Outcome>;
  /** Types on the terminal. */
  readonly type: (keys: string) => void;
}

/** A folder of migrations and a database for them. Disposing of it removes both. */
export interface Project extends AsyncDisposable {
  readonly server: PostgresHost;
  readonly database: TestDatabase;
  readonly dir: string;
  /** Writes `migrations/<name>.sql` and its rollback. */
  write(name: string, up: string, down?: string): Promise<void>;
  /** Writes any file of the folder. */
  put(path: string, text: string): Promise<void>;
  /** Runs codex-migrate as the deployer and waits for its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  start(args: readonly string[], options?: RunOptions): Started;
  /** The rows of a question, as the superuser. */
  ask<T extends object>(sql: string): Promise<T[]>;
}

/** Makes a project with two applied-to-be migrations, `001_one` and `002_two`, and the roles. */
export async function openProject(
  options: { from?: string; server?: PostgresHost } = {},
): Promise<Project> {
  const server = options.server ?? (await testServer());
  const from = options.from ?? (await bootstrapped(server));
  const database = await createDatabase(server, undefined, { from });
  const dir = await mkdtemp(join(tmpdir(), "codex-migrator-"));
  const project = makeProject({ server, database, dir });
  for (const folder of ["checks/sixteen", "checks/audit", "migrations", "rollbacks"]) {
    await mkdir(join(dir, folder), { recursive: true });
  }
  await cp(join(realDb, "roles.sql"), join(dir, "roles.sql"));
  await project.write(
    "001_one",
    "create schema if not exists codex; create table codex.one (id integer primary key, n integer not null default 0);",
    "drop schema codex cascade;",
  );
  await project.write("002_two", "create table codex.two (id integer);", "drop table codex.two;");
  return project;
}

// By port: the database to copy, which stays until its server ends.
const sources = new Map<number, Promise<string>>();

/** Name of a database that `codex-migrate bootstrap` has seen, with the logins: the first call makes it. */
export async function bootstrapped(server: PostgresHost): Promise<string> {
  const known = sources.get(server.port) ?? makeSource(server);
  sources.set(server.port, known);
  return known;
}

async function makeSource(server: PostgresHost): Promise<string> {
  const { name } = await createDatabase(server);
  await migrate(server.url(name), "bootstrap", "--dir", realDb);
  await createLogins(server);
  return name;
}

/** Waits until a question has a row. */
export async function waitFor(project: Project, sql: string): Promise<void> {
  for (let tries = 0; tries < 1_200; tries++) {
    if ((await project.ask(sql)).length > 0) return;
    await sleep(25);
  }
  throw new Error(`never saw ${sql}`);
}

// A new terminal has no size, and nothing fits on it.
function onTerminal(line: readonly string[]): readonly string[] {
  const quoted = line.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  const command = `stty rows 40 columns 100; exec ${quoted}`;
  return [requireTool("script"), "--quiet", "--return", "--command", command, "/dev/null"];
}

function makeProject(parts: Pick<Project, "server" | "database" | "dir">): Project {
  const { server, database, dir } = parts;
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  };
  const start: Project["start"] = (args, options = {}) => {
    const url = options.url ?? server.url(database.name, "codex_deployer");
    const words = [process.execPath, ...(options.node ?? []), main, ...args];
    const line = [...words, ...(args.includes("--dir") ? [] : ["--dir", dir])];
    const [program = "", ...rest] = options.terminal === true ? onTerminal(line) : line;
    const child = spawn(program, rest, {
      env: { PATH: "/usr/bin:/bin", ...compileCache, DATABASE_URL: url, ...options.environment },
      cwd: dir,
    });
    const said = { output: "", stdout: "" };
    child.stdout.on("data", (part) => {
      said.output += String(part);
      said.stdout += String(part);
    });
    child.stderr.on("data", (part) => (said.output += String(part)));
    if (options.deaf === true) child.stderr.destroy();
    const ended = new Promise<Outcome>((done) =>
      child.on("close", (code) => done({ code, ...said })),
    );
    return { pid: child.pid ?? 0, ended, type: (keys) => child.stdin.write(keys) };
  };
  return {
    ...parts,
    put,
    start,
    write: async (name, up, down = "select 1;") => {
      await put(`migrations/${name}.sql`, up);
      await put(`rollbacks/${name}.sql`, down);
    },
    run: (args, options) => start(args, options).ended,
    ask: async (sql) => (await database.admin.query(sql)).rows,
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      await rm(dir, { recursive: true });
    },
  };
}
