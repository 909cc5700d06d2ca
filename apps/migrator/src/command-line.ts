import { join, resolve } from "node:path";
import { commandNamed } from "./commands/catalogue.ts";
import type { CommandSpec } from "./commands/catalogue.ts";
import type { Context } from "./commands/context.ts";
import type { Environment } from "./env.ts";
import { commonFlags, numberOf, ownFlags, textOf, usage } from "./flags.ts";
import type { CommandLine } from "./flags.ts";
import type { Output } from "./report/output.ts";
import { readTls } from "./runner/tls.ts";
import { readSettings } from "./settings.ts";
import type { ConfigFile } from "./settings.ts";

/** The command that a line names. Fails (2) on one that is not known, and on flags and words not its own. */
export function chooseCommand(name: string, { values, words }: CommandLine): CommandSpec {
  const spec = commandNamed(name);
  if (spec === undefined) throw usage(`There is no command ${name}`);
  const foreign = Object.keys(values).find((flag) => isForeign(flag, spec));
  if (foreign !== undefined) throw usage(`${name} takes no --${foreign}`);
  const wanted = spec.word === undefined ? 1 : 2;
  const extra = words[wanted];
  if (extra !== undefined) throw usage(`${name} takes no argument ${extra}`);
  if (words.length < wanted && values["help"] !== true) throw usage(`${name} needs ${spec.word}`);
  return spec;
}

function isForeign(flag: string, { flags }: CommandSpec): boolean {
  return (
    Object.hasOwn(ownFlags, flag) && !Object.hasOwn(commonFlags, flag) && !flags.includes(flag)
  );
}

interface Sources {
  readonly file: ConfigFile;
  readonly environment: Environment;
  readonly output: Output;
}

/** What a command gets, from the line, the environment and the configuration. Fails (2) on what is wrong there. */
export function readContext(
  { database }: CommandSpec,
  { values, words }: CommandLine,
  { file, environment, output }: Sources,
): Context {
  const url = textOf(values, "database-url") ?? environment.databaseUrl;
  const hasDatabase = url !== undefined || environment.hasPgVariables;
  if (database && !hasDatabase) {
    throw usage("No database is named: set DATABASE_URL or give --database-url");
  }
  const dir = textOf(values, "dir") ?? environment.dir ?? file.dir;
  const folder = resolve(dir ?? resolve(import.meta.dirname, "../../../db"));
  output.filesIn(join(folder, "migrations"));
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
    word: words[1],
    values,
    output,
  };
}
