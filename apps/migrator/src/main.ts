#!/usr/bin/env node
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap } from "./commands/bootstrap.ts";
import type { Context } from "./commands/context.ts";
import { down } from "./commands/down.ts";
import { status } from "./commands/status.ts";
import { up } from "./commands/up.ts";
import { verify } from "./commands/verify.ts";
import { readEnvironment } from "./env.ts";
import { exitCode, Failure, sentenceOf } from "./failure.ts";
import { createOutput } from "./report/output.ts";

const commands: Readonly<Record<string, (context: Context) => Promise<number>>> = {
  bootstrap,
  up,
  down,
  status,
  verify,
};

const help = `codex-migrate <command> [options]

  bootstrap   make the cluster's roles, by an administrator
  up          apply what is pending [--to N]
  down        roll back to a version: --to N [--allow-data-loss]
  status      what is applied and pending [--exit-code: 3 pending, 4 drift]
  verify      the sixteen checks, the audit and the expected counts

  --database-url URL   the database; otherwise DATABASE_URL, otherwise PG* variables
  --dir FOLDER         the db folder (migrations, rollbacks, checks, roles.sql)
  --lock-wait SECONDS  how long to wait for another runner (60)
  --json               one JSON value on standard output
  --verbose            notices of the server, and the stack of an error

Exit codes: 0 done, 1 failed, 2 usage, 3 pending, 4 drift, 6 lock busy, 7 verify red.
`;

const options = {
  to: { type: "string" },
  dir: { type: "string" },
  "database-url": { type: "string" },
  "lock-wait": { type: "string" },
  "allow-data-loss": { type: "boolean" },
  "exit-code": { type: "boolean" },
  json: { type: "boolean" },
  verbose: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Values = ReturnType<typeof parse>["values"];

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOrFail(args);
  const [name, ...rest] = positionals;
  if (values.help === true || name === undefined) {
    process.stdout.write(help);
    return values.help === true ? exitCode.done : exitCode.usage;
  }
  const command = commands[name];
  if (command === undefined) throw usage(`There is no command ${name}`);
  if (rest.length > 0) throw usage(`${name} takes no argument ${rest[0]}`);
  return command(readContext(values));
}

function parseOrFail(args: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(args);
  } catch (error) {
    throw usage(error instanceof Error ? (error.message.split(". ")[0] ?? "") : "Wrong arguments");
  }
}

function readContext(values: Values): Context {
  const environment = readEnvironment();
  const url = values["database-url"] ?? environment.databaseUrl;
  if (url === undefined && !environment.hasPgVariables) {
    throw usage("No database is named: set DATABASE_URL or give --database-url");
  }
  return {
    target: { url },
    dir: resolve(values.dir ?? resolve(import.meta.dirname, "../../../db")),
    to: values.to === undefined ? undefined : wholeNumber("--to", values.to),
    allowDataLoss: values["allow-data-loss"] === true,
    exitCode: values["exit-code"] === true,
    verbose: values.verbose === true,
    lockWaitMs: wholeNumber("--lock-wait", values["lock-wait"] ?? "60") * 1_000,
    gitCommit: environment.gitCommit,
    output: createOutput(values.json === true),
  };
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw usage(`${flag} takes a whole number, not "${text}"`);
  return Number(text);
}

function usage(problem: string): Failure {
  return new Failure(`${problem}. See codex-migrate --help.`, { code: exitCode.usage });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const stack =
    process.argv.includes("--verbose") && error instanceof Error ? `\n${error.stack}` : "";
  process.stderr.write(`codex-migrate: ${sentenceOf(error)}${stack}\n`);
  process.exitCode = error instanceof Failure ? error.code : exitCode.failed;
}
