#!/usr/bin/env node
import { join, relative, resolve } from "node:path";
import { commands } from "./commands/catalogue.ts";
import type { CommandSpec } from "./commands/catalogue.ts";
import type { Context } from "./commands/context.ts";
import { readEnvironment } from "./env.ts";
import { exitCode, Failure, sentenceOf } from "./failure.ts";
import { commonFlags, numberOf, ownFlags, parseFlags, textOf, usage } from "./flags.ts";
import type { Values } from "./flags.ts";
import { interruption, listenForSignals } from "./interruption.ts";
import { createOutput } from "./report/output.ts";
import type { Output } from "./report/output.ts";
import { hideSecrets } from "./report/secrets.ts";
import { jsonText, parseReport, writeReports } from "./report/write.ts";
import type { ReportTarget } from "./report/write.ts";
import { readTls } from "./runner/tls.ts";
import { readConfig, readSettings } from "./settings.ts";
import type { ConfigFile } from "./settings.ts";

async function main(args: readonly string[]): Promise<number> {
  const { values, words } = parseFlags(args);
  const [name, ...rest] = words;
  if (name === undefined) {
    process.stdout.write((await import("./help.ts")).helpOf(commands));
    return values["help"] === true ? exitCode.done : exitCode.usage;
  }
  const spec = commands[name];
  if (spec === undefined) throw usage(`There is no command ${name}`);
  if (values["help"] === true) {
    process.stdout.write((await import("./help.ts")).commandHelp(name, spec));
    return exitCode.done;
  }
  checkUsage(name, spec, { values, rest });
  const file = await readConfig(textOf(values, "config"));
  const reports = [...file.report, ...listOf(values["report"])].map(parseReport);
  const output = createOutput(name, values["json"] === true);
  const context = readContext(spec, { values, word: rest[0], file, output });
  return runCommand(spec, context, { reports, json: values["json"] === true });
}

function checkUsage(
  name: string,
  spec: CommandSpec,
  { values, rest }: { values: Values; rest: readonly string[] },
): void {
  const foreign = Object.keys(values).find(
    (flag) => flag in ownFlags && !(flag in commonFlags) && !spec.flags.includes(flag),
  );
  if (foreign !== undefined) throw usage(`${name} takes no --${foreign}`);
  const extra = rest[spec.word === undefined ? 0 : 1];
  if (extra !== undefined) throw usage(`${name} takes no argument ${extra}`);
  if (spec.word !== undefined && rest[0] === undefined) throw usage(`${name} needs ${spec.word}`);
}

interface Given {
  readonly values: Values;
  readonly word: string | undefined;
  readonly file: ConfigFile;
  readonly output: Output;
}

function readContext(spec: CommandSpec, { values, word, file, output }: Given): Context {
  const environment = readEnvironment();
  const url = textOf(values, "database-url") ?? environment.databaseUrl;
  const hasDatabase = url !== undefined || environment.hasPgVariables;
  if (spec.database && !hasDatabase) {
    throw usage("No database is named: set DATABASE_URL or give --database-url");
  }
  const dir = textOf(values, "dir") ?? environment.variables["CODEX_MIGRATE_DIR"] ?? file.dir;
  const folder = resolve(dir ?? resolve(import.meta.dirname, "../../../db"));
  output.filesIn(relative(process.cwd(), join(folder, "migrations")));
  const scratch = textOf(values, "scratch-url") ?? environment.scratchUrl ?? url;
  return {
    target: { url, tls: readTls(url, environment.variables) },
    hasDatabase,
    scratch: { url: scratch, tls: readTls(scratch, environment.variables) },
    dir: folder,
    to: numberOf(values, "to"),
    allowDataLoss: values["allow-data-loss"] === true,
    verbose: values["verbose"] === true,
    settings: readSettings({ flags: values, variables: environment.variables, file }),
    gitCommit: environment.gitCommit,
    author: textOf(values, "author") ?? environment.author,
    word,
    values,
    output,
  };
}

// However the command ends, its result is printed and its reports are written.
async function runCommand(
  spec: CommandSpec,
  context: Context,
  { reports, json }: { reports: readonly ReportTarget[]; json: boolean },
): Promise<number> {
  const run = await spec.load();
  const end = await run(context)
    .then((code) => ({ code, failure: undefined }))
    .catch((error: unknown) => {
      const failure = interruption.aborted ? interrupted(error) : error;
      return { code: codeOf(failure), failure };
    });
  const { code, failure } = end;
  const summary = failure === undefined ? {} : { summary: sentenceOf(failure) };
  const result = context.output.finish({ code, ...summary });
  await writeReports(reports, result);
  if (json) process.stdout.write(hideSecrets(jsonText(result)));
  if (failure !== undefined) sayFailure(failure);
  return code;
}

function interrupted(cause: unknown): Failure {
  return new Failure(
    `Stopped by ${String(interruption.reason)}. What was running is rolled back, or gone on with by the next run; "status" says what is applied.`,
    { cause },
  );
}

function listOf(value: Values[string]): readonly string[] {
  return Array.isArray(value) ? value : [];
}

function codeOf(error: unknown): number {
  return error instanceof Failure ? error.code : exitCode.failed;
}

function sayFailure(error: unknown): void {
  const stack =
    process.argv.includes("--verbose") && error instanceof Error ? `\n${error.stack}` : "";
  process.stderr.write(`codex-migrate: ${hideSecrets(`${sentenceOf(error)}${stack}`)}\n`);
}

listenForSignals();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  sayFailure(error);
  process.exitCode = codeOf(error);
}
