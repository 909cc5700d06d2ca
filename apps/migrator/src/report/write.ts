import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { exitCode, Failure } from "../failure.ts";
import type { Result } from "./result.ts";
import { hideSecrets } from "./secrets.ts";

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
  if (formats[format] !== undefined && path !== "") return { format, path: resolve(path) };
  throw new Failure(
    `--report takes FORMAT=FILE with one of ${Object.keys(formats).join(", ")}, not "${text}".`,
    { code: exitCode.usage },
  );
}

/** Writes the reports. A file that cannot be written fails the command. */
export async function writeReports(
  targets: readonly ReportTarget[],
  result: Result,
): Promise<void> {
  for (const { format, path } of targets) {
    const write = await formats[format]?.();
    const text = hideSecrets(write?.(result) ?? "");
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    } catch (cause) {
      throw new Failure(`The report ${path} cannot be written: check the folder and its rights.`, {
        cause,
      });
    }
  }
}

/** The result as one JSON value: the common fields, and the command's own beside them. */
export function jsonText({ data, ...common }: Result): string {
  return `${JSON.stringify({ ...data, ...common }, null, 2)}\n`;
}
