import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { exitCode, Failure } from "../failure.ts";
import type { Finding, Result } from "./result.ts";
import { requireWritable } from "./writable.ts";

// Loaded when they are asked for: most runs write none.
const formats: Readonly<Record<string, () => Promise<(result: Result) => string>>> = {
  md: async () => (await import("./markdown.ts")).markdown,
  html: async () => (await import("./html.ts")).html,
  junit: async () => (await import("./junit.ts")).junit,
  sarif: async () => (await import("./sarif.ts")).sarif,
  json: async () => jsonText,
};

/** A report that was asked for: `--report html=FILE`. */
export interface ReportTarget {
  readonly format: string;
  readonly path: string;
}

/** Reads `FORMAT=FILE`. Fails (2) on another form and on a format that is not known. */
export function parseReport(text: string): ReportTarget {
  const [, format = "", path = ""] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (Object.hasOwn(formats, format) && path !== "") return { format, path: resolve(path) };
  throw new Failure(
    `--report takes FORMAT=FILE with one of ${Object.keys(formats).join(", ")}, not "${text}".`,
    { code: exitCode.usage },
  );
}

/** The reports that were asked for, and the first reason why not all of them can be written. */
export interface Reports {
  readonly targets: readonly ReportTarget[];
  readonly failure: unknown;
}

/** Looks at what was asked for before anything is done, and makes the folders: what is wrong is left out. */
export async function prepareReports(texts: readonly string[]): Promise<Reports> {
  const targets: ReportTarget[] = [];
  let failure: unknown;
  for (const text of texts) {
    try {
      const target = parseReport(text);
      await requireWritable("report", target.path);
      targets.push(target);
    } catch (error) {
      failure ??= error;
    }
  }
  return { targets, failure };
}

/**
 * Writes the reports, and says in a sentence which could not be written. The result keeps its code, unless
 * that was 0: a pipeline that reads the report must not take the last one for this one.
 */
export async function writeReports(
  targets: readonly ReportTarget[],
  result: Result,
): Promise<{ result: Result; unwritten: string[] }> {
  const unwritten: string[] = [];
  for (const { format, path } of targets) {
    try {
      const write = await formats[format]?.();
      await writeFile(path, write?.(result) ?? "");
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      unwritten.push(`The report ${path} is not written (${why}).`);
    }
  }
  return { result: unwritten.length === 0 ? result : withUnwritten(result, unwritten), unwritten };
}

function withUnwritten(result: Result, unwritten: readonly string[]): Result {
  const findings = unwritten.map((message): Finding => ({
    level: "error",
    rule: "report",
    message,
  }));
  const code = result.code === exitCode.done ? exitCode.failed : result.code;
  return { ...result, code, ok: false, findings: [...result.findings, ...findings] };
}

/** The result as one JSON value: the common fields, and the command's own beside them. */
export function jsonText({ data, ...common }: Result): string {
  return `${JSON.stringify({ ...data, ...common }, null, 2)}\n`;
}
