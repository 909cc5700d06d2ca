import { exitCode } from "../failure.ts";
import { numberOf } from "../flags.ts";
import { lintFiles } from "../lint/lint.ts";
import { squawkOpinion } from "../lint/squawk.ts";
import { placeOf } from "../report/markdown.ts";
import { readMigrations } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { isPending, readApplied } from "../runner/ledger.ts";
import { asReader } from "./context.ts";
import type { Context } from "./context.ts";

/**
 * Looks for dangerous statements by parsing: in what is pending where a database is named, otherwise in
 * the files from `--from` on. Ends with 5 on an error; squawk's opinion is noted and stops nobody.
 */
export async function lint(context: Context): Promise<number> {
  const { output } = context;
  const files = await chooseFiles(context);
  const own = await lintFiles(files);
  const squawk = await squawkOpinion(files);
  if (squawk === undefined) output.warn("squawk is not installed, so its opinion is missing.");
  for (const finding of [...own, ...(squawk ?? [])]) {
    output.finding(finding);
    if (finding.level !== "note" || context.verbose) {
      output.say(
        `  ${finding.level.padEnd(7)}  ${placeOf(finding)}  ${finding.message} (${finding.rule})`,
      );
    }
  }
  const count = (level: string): number => own.filter((one) => one.level === level).length;
  output.result({ files: files.map(({ name }) => name) });
  output.say(
    `${files.length} files: ${count("error")} errors, ${count("warning")} warnings, ${count("note")} notes, ${squawk?.length ?? 0} of squawk.`,
  );
  return count("error") > 0 ? exitCode.lint : exitCode.done;
}

async function chooseFiles(context: Context): Promise<MigrationFile[]> {
  const files = await readMigrations(context.dir);
  const from = numberOf(context.values, "from");
  if (from !== undefined) return files.filter((file) => file.version >= from);
  if (!context.hasDatabase) return files;
  const applied = await asReader(context, readApplied);
  return files.filter((file) => isPending(file, applied));
}
