import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { basename } from "node:path";
import type { Finding } from "../report/result.ts";
import type { MigrationFile } from "../runner/files.ts";

interface Violation {
  readonly file: string;
  readonly line: number;
  readonly rule_name: string;
  readonly message: string;
  readonly help?: string;
}

/**
 * What squawk thinks of the files, as notes: it sees neither the runner's limits nor which tables are
 * new, so it stops nobody. Undefined where it is not installed.
 */
export async function squawkOpinion(
  files: readonly MigrationFile[],
): Promise<Finding[] | undefined> {
  if (files.length === 0) return [];
  const program = locate();
  if (program === undefined) return undefined;
  const said = await run(program, ["--reporter", "json", ...files.map(({ path }) => path)]);
  return parseViolations(said).map(({ file, line, rule_name, message, help }) => ({
    level: "note",
    rule: `squawk/${rule_name}`,
    message,
    ...(help === undefined || help === "" ? {} : { remedy: help }),
    file: basename(file),
    // It counts lines from 0.
    line: line + 1,
  }));
}

function locate(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve("squawk-cli/js/bin/squawk");
  } catch {
    return undefined;
  }
}

// It ends with 1 when it has something to say.
function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((done) => {
    const limits = { maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [program, ...args], limits, (_, stdout) => done(stdout));
  });
}

function parseViolations(text: string): Violation[] {
  try {
    return JSON.parse(text) as Violation[]; // squawk's own format
  } catch {
    return [];
  }
}
