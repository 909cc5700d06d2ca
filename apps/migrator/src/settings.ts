import { readFile } from "node:fs/promises";
import { exitCode, Failure } from "./failure.ts";

/** Names of the numbers that can be set. */
export type SettingName =
  | "lockWait"
  | "lockTimeout"
  | "retries"
  | "retryFor"
  | "lagMax"
  | "activeMax"
  | "backfillPause"
  | "transactionMax"
  | "connectionsMax"
  | "slowQuery"
  | "slowMax"
  | "waitingMax"
  | "errorsMax"
  | "diskMin"
  | "rowsLost"
  | "every"
  | "smallTable";

interface Whole {
  readonly kind: "whole";
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly help: string;
}

const whole = (range: readonly [min: number, usual: number, max: number], help: string): Whole => {
  const [min, usual, max] = range;
  return { kind: "whole", min, max, default: usual, help };
};

const day = 86_400;

/**
 * Every number that can be set: as a flag (`--lock-wait 5`), as a variable (`CODEX_MIGRATE_LOCK_WAIT`)
 * or as a key of the configuration file (`"lockWait": 5`), in this order of strength.
 */
export const wholeSettings: Readonly<Record<SettingName, Whole>> = {
  lockWait: whole([0, 60, day], "seconds to wait for another runner"),
  // Never 0, which would mean no limit.
  lockTimeout: whole([1, 300, 60_000], "ms that a statement may wait for a lock"),
  retries: whole([1, 20, 1_000], "tries of a file whose locks are not free"),
  retryFor: whole([1, 60, day], "seconds after which no further try begins"),
  lagMax: whole([0, 16_777_216, 2 ** 40], "bytes that a replica may be behind"),
  activeMax: whole([1, 64, 100_000], "sessions at work above which backfills wait"),
  backfillPause: whole([1, 500, 600_000], "ms between looks while a backfill waits"),
  transactionMax: whole([1, 300, day], "seconds that somebody's transaction may be open"),
  connectionsMax: whole([1, 85, 100], "percent of max_connections that may be in use"),
  slowQuery: whole([1, 5_000, 3_600_000], "ms after which a running query counts as slow"),
  slowMax: whole([0, 5, 100_000], "slow queries at once that stop a watch"),
  waitingMax: whole([0, 10, 100_000], "sessions waiting for locks at once that stop a watch"),
  errorsMax: whole([0, 20, 1_000_000_000], "rolled back transactions a minute that stop a watch"),
  diskMin: whole(
    [0, 1_073_741_824, 2 ** 50],
    "bytes that must be free for the backup, and on the server's disk",
  ),
  smallTable: whole([0, 1_048_576, 2 ** 50], "bytes below which heavy work is only noted"),
  rowsLost: whole([0, 10, 100], "percent of a table's rows that may be gone since the release"),
  every: whole([1, 5, 3_600], "seconds between two looks of a watch"),
};

/** The numbers, each within its range. */
export type Settings = Readonly<Record<SettingName, number>>;

/** What the configuration file may hold besides the numbers. */
export interface ConfigFile {
  readonly numbers: Readonly<Partial<Record<SettingName, number>>>;
  readonly dir: string | undefined;
  readonly report: readonly string[];
}

/** Every name, in the order of the help. */
export const settingNames: readonly SettingName[] = Object.keys(wholeSettings) as SettingName[]; // our own keys

const keys = [...settingNames, "dir", "report"].join(", ");

/** `lockWait` as a flag: `lock-wait`. */
export function flagOf(name: SettingName): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `lockWait` as a variable: `CODEX_MIGRATE_LOCK_WAIT`. */
export function variableOf(name: SettingName): string {
  return `CODEX_MIGRATE_${flagOf(name).replaceAll("-", "_").toUpperCase()}`;
}

/** The settings of this run: flags, then variables, then the file, then what is usual. */
export function readSettings(sources: {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigFile;
}): Settings {
  const entries = settingNames.map((name) => {
    const flag = sources.flags[flagOf(name)];
    if (typeof flag === "string") return [name, parseWhole(`--${flagOf(name)}`, flag, name)];
    const variable = sources.variables[variableOf(name)];
    if (variable) return [name, parseWhole(variableOf(name), variable, name)];
    return [name, sources.file.numbers[name] ?? wholeSettings[name].default];
  });
  return Object.fromEntries(entries) as Settings; // every name has its entry
}

function parseWhole(source: string, text: string, name: SettingName): number {
  if (!/^\d{1,16}$/.test(text)) throw wrong(`${source} takes a whole number, not "${text}"`);
  return inRange(source, Number(text), name);
}

function inRange(source: string, value: number, name: SettingName): number {
  const { min, max } = wholeSettings[name];
  if (value >= min && value <= max) return value;
  throw wrong(`${source} must be from ${min} to ${max}, not ${value}`);
}

const usualPath = "codex-migrate.config.json";

/** Reads the configuration file: the one that is named, or the usual one where it is there. */
export async function readConfig(path: string | undefined): Promise<ConfigFile> {
  const file = path ?? usualPath;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing && path === undefined) return { numbers: {}, dir: undefined, report: [] };
    throw wrong(
      `The configuration ${file} cannot be read: ${isMissing ? "it is missing" : messageOf(error)}`,
    );
  }
  return checkConfig(parseJson(text, file), file);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong(`${file} is no JSON (${messageOf(error)})`);
  }
}

function checkConfig(value: unknown, file: string): ConfigFile {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrong(`${file} must hold one object`);
  }
  const numbers: Partial<Record<SettingName, number>> = {};
  let dir: string | undefined;
  let report: readonly string[] = [];
  for (const [key, found] of Object.entries(value)) {
    const name = settingNames.find((known) => known === key);
    if (name !== undefined) numbers[name] = numberOf(found, `"${key}" in ${file}`, name);
    else if (key === "dir" && typeof found === "string") dir = found;
    else if (key === "report" && isTexts(found)) report = found;
    else if (key === "dir" || key === "report") {
      throw wrong(`"${key}" in ${file} must be ${key === "dir" ? "a text" : "a list of texts"}`);
    } else throw wrong(`"${key}" in ${file} is no setting; known are ${keys}`);
  }
  return { numbers, dir, report };
}

function numberOf(found: unknown, source: string, name: SettingName): number {
  if (typeof found !== "number" || !Number.isInteger(found)) {
    throw wrong(`${source} must be a whole number`);
  }
  return inRange(source, found, name);
}

function isTexts(found: unknown): found is string[] {
  return Array.isArray(found) && found.every((one) => typeof one === "string");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function wrong(problem: string): Failure {
  return new Failure(`${problem}.`, { code: exitCode.usage });
}
