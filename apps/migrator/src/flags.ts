import { exitCode, Failure } from "./failure.ts";
import { flagOf, settingNames } from "./settings.ts";

// Not by an import, which looks at everything that node:util offers and so loads worker_threads and more:
// 1.5 MB of the 59 of a run with nothing to do.
const { parseArgs } = process.getBuiltinModule("node:util");

interface Flag {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  /** What stands behind it in the help; empty for a switch. */
  readonly takes: string;
  readonly help: string;
}

const text = (takes: string, help: string): Flag => ({ type: "string", takes, help });
const toggle = (help: string): Flag => ({ type: "boolean", takes: "", help });

/** Flags that every command takes. */
export const commonFlags: Readonly<Record<string, Flag>> = {
  "database-url": text("URL", "the database; else DATABASE_URL, else PG* variables"),
  dir: text("FOLDER", "the db folder (migrations, rollbacks, checks, roles.sql)"),
  config: text("FILE", "settings; codex-migrate.config.json where it is there"),
  report: {
    ...text("FORMAT=FILE", "md, html, junit, sarif or json; may be repeated"),
    multiple: true,
  },
  json: toggle("one JSON value on standard output"),
  verbose: toggle("notices of the server, and the stack of an error"),
  help: toggle("the command's flags and examples"),
  version: toggle("the version of codex-migrate, and of Node.js"),
};

/** Flags of single commands. */
export const ownFlags: Readonly<Record<string, Flag>> = {
  to: text("N", "the version to go to"),
  "allow-data-loss": toggle("lets a rollback destroy rows"),
  "exit-code": toggle("3 when something is pending, 4 on drift"),
  plan: text("FILE", "apply exactly this plan, or refuse"),
  out: text("PATH", "where to write"),
  reason: text("TEXT", "why, for the ledger"),
  author: text("NAME", "who, for the ledger; GITHUB_ACTOR or USER when left out"),
  as: text("STATE", "applied, pending or current"),
  from: text("N", "the files from this version on, without asking a database"),
  "scratch-url": text("URL", "an administrator's address for throw-away databases"),
  template: toggle("clone by copying the target, which must have no other session"),
  restore: text("FILE", "clone by restoring this backup, made by pg_dump --format=custom"),
  backup: text("FILE", "where the backup goes: a file, or a folder (default: this one)"),
  "skip-backup": text("REASON", "release without a backup of our own, and say why"),
  for: text("TIME", "how long, as 90s, 30m or 2h (default: 10m)"),
  "live-version": text("V", "oldest version of the application that is still running"),
};

export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

const options = {
  ...Object.fromEntries(
    Object.entries({ ...commonFlags, ...ownFlags }).map(([name, { type, multiple = false }]) => [
      name,
      { type, multiple },
    ]),
  ),
  ...Object.fromEntries(settingNames.map((name) => [flagOf(name), { type: "string" as const }])),
  help: { type: "boolean" as const, short: "h" },
};

/** Flags and words of a command line. */
export interface CommandLine {
  readonly values: Values;
  readonly words: readonly string[];
}

/** Reads a command line. Fails (2) on a flag that no command has, and on a value that is empty. */
export function parseFlags(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(withNegatives(args));
  const empty = Object.keys(values).find((name) => isEmpty(values[name]));
  if (empty !== undefined) throw usage(`--${empty} needs a value, and this one is empty`);
  return { values, words: positionals };
}

function parse(args: string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(error instanceof Error ? problemOf(error.message) : "Wrong arguments");
  }
}

// What a variable gives that a pipeline has not set; taken as said, a backup would go to wherever the command runs.
function isEmpty(value: Values[string]): boolean {
  return typeof value === "string" && value.trim() === "";
}

// The parser takes -1 behind a flag for a flag; with = it is the value, which whoever reads it can judge.
function withNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1) ?? "";
    const isValue = /^-\d/.test(arg) && isTextFlag(last) && !joined.includes("--");
    if (isValue) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function isTextFlag(arg: string): boolean {
  const known: Readonly<Record<string, { readonly type: string }>> = options;
  const name = arg.slice(2);
  return arg.startsWith("--") && Object.hasOwn(known, name) && known[name]?.type === "string";
}

// The parser's first sentence, or for a flag where a value should be one that says so.
function problemOf(message: string): string {
  const [, name] = /^Option '.*(--[\w-]+)' argument is ambiguous/.exec(message) ?? [];
  if (name === undefined) return message.split(/\.\s/)[0] ?? "";
  return `${name} needs a value; one that begins with a dash is written ${name}=VALUE`;
}

/** What a command line asks of the tool itself. */
export interface Asked {
  /** The first word; a command, if there is one of that name. */
  readonly name: string | undefined;
  readonly json: boolean;
  readonly verbose: boolean;
  /** Each `FORMAT=FILE`. */
  readonly reports: readonly string[];
}

/** As much as can be read of any command line, so that a wrong one is answered in the form that it asks for. */
export function readAsked(args: readonly string[]): Asked {
  const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: false });
  return {
    name: parsed.positionals[0],
    json: args.includes("--json"),
    verbose: args.includes("--verbose"),
    // Not by the parser, for which a flag without its value takes the next one.
    reports: args.flatMap((arg, at) => {
      if (arg.startsWith("--report=")) return [arg.slice("--report=".length)];
      return arg === "--report" ? args.slice(at + 1, at + 2) : [];
    }),
  };
}

/** A text flag's value. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** The number of a flag. Fails (2) when it is none. */
export function numberOf(values: Values, name: string): number | undefined {
  const value = textOf(values, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,6}$/.test(value)) throw usage(`--${name} takes a whole number, not "${value}"`);
  return Number(value);
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** A time such as `90s`, `30m` or `2h` in milliseconds. Fails (2) on another form. */
export function timeOf(values: Values, name: string): number | undefined {
  const value = textOf(values, name);
  if (value === undefined) return undefined;
  const [, number = "", unit = ""] = /^(\d{1,5})([smh])$/.exec(value) ?? [];
  const ms = unitMs[unit];
  if (ms === undefined)
    throw usage(`--${name} takes a time such as 90s, 30m or 2h, not "${value}"`);
  return Number(number) * ms;
}

/** Wrong usage, with exit code 2. */
export function usage(problem: string): Failure {
  return new Failure(`${problem}. See codex-migrate --help.`, { code: exitCode.usage });
}
