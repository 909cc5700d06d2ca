import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { dictionary } from "../docs/pages.ts";
import { readSchema } from "../docs/schema.ts";
import { exitCode, Failure } from "../failure.ts";
import { textOf } from "../flags.ts";
import { makeFolder } from "../report/writable.ts";
import { readMigrations } from "../runner/files.ts";
import { asReader } from "./context.ts";
import type { Context } from "./context.ts";

/** Writes the data dictionary with Mermaid diagrams, a page for each domain, from the live catalog. */
export async function docs(context: Context): Promise<number> {
  const folder = resolve(textOf(context.values, "out") ?? "database-docs");
  const files = await readMigrations(context.dir);
  const tables = await asReader(context, readSchema);
  if (tables.length === 0) throw new Failure("Schema codex has no table: run up first.");
  const pages = dictionary(tables, files);
  try {
    await makeFolder(folder);
    for (const [name, text] of pages) await writeFile(join(folder, name), text);
  } catch (cause) {
    throw new Failure(`${folder} cannot be written: check the folder and its rights.`, { cause });
  }
  context.output.result({ folder, pages: [...pages.keys()], tables: tables.length });
  context.output.say(`Wrote ${pages.size} pages about ${tables.length} tables to ${folder}.`);
  return exitCode.done;
}
