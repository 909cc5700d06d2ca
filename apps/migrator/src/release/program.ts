import { execFile } from "node:child_process";
import type pg from "pg";
import { programEnvironment } from "../env.ts";
import { exitCode, Failure } from "../failure.ts";
import { interruption } from "../interruption.ts";
import { tlsVariables } from "../runner/tls.ts";
import type { Tls } from "../runner/tls.ts";

/** Where a client program connects; by its environment, since everybody sees its arguments. */
export function addressFor(client: pg.Client, tls: Tls): Record<string, string> {
  return {
    ...tlsVariables(tls),
    PGHOST: client.host,
    PGPORT: String(client.port),
    PGUSER: client.user ?? "",
    PGDATABASE: client.database ?? "",
    PGPASSWORD: typeof client.password === "string" ? client.password : "",
    PGAPPNAME: "codex-migrate backup",
  };
}

/** Runs pg_dump or pg_restore. Fails (8) with the first thing that it complains of. */
export async function runProgram(
  name: "pg_dump" | "pg_restore",
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((done, fail) => {
    const env = programEnvironment(environment);
    const options = { env, maxBuffer: 64 * 1024 * 1024, signal: interruption };
    execFile(name, args, options, (error, stdout, stderr) => {
      if (error === null) return done(stdout);
      const words = error.code === "ENOENT" ? "it is not installed" : stderr.trim().split("\n")[0];
      fail(new Failure(`${name} failed: ${words}.`, { code: exitCode.backup, cause: error }));
    });
  });
}

/** Fails (8) when the programs are missing or older than the server. */
export async function requirePrograms(serverMajor: number): Promise<void> {
  for (const name of ["pg_dump", "pg_restore"] as const) {
    const said = await runProgram(name, ["--version"]);
    const major = Number(/(\d+)[.\d]*/.exec(said)?.[1]);
    if (major >= serverMajor) continue;
    throw new Failure(
      `${name} is of PostgreSQL ${major} and the server of ${serverMajor}: install postgresql-client-${serverMajor}, or say with --skip-backup whose backup stands in.`,
      { code: exitCode.backup },
    );
  }
}
