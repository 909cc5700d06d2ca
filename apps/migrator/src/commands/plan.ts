import { exitCode } from "../failure.ts";
import { textOf } from "../flags.ts";
import { writePlan } from "../plan/file.ts";
import { planOn } from "../plan/plan.ts";
import type { PlannedFile } from "../plan/plan.ts";
import { requireWritable } from "../report/writable.ts";
import { readMigrations } from "../runner/files.ts";
import { asReader } from "./context.ts";
import type { Context } from "./context.ts";

/** Writes what `up` would do. Reads only, so that a login without any right to write can plan. */
export async function plan(context: Context): Promise<number> {
  const { output } = context;
  const out = textOf(context.values, "out");
  if (out !== undefined) await requireWritable("plan", out);
  const files = await readMigrations(context.dir);
  const made = await asReader(context, (client) => planOn(client, files, context.to));
  for (const file of made.files) show(context, file);
  if (out !== undefined) await writePlan(out, made);
  output.result({ plan: made });
  output.say(
    `Plan ${made.id.slice(0, 12)}: ${made.files.length} files are pending on version ${made.version}.`,
  );
  return exitCode.done;
}

function show({ output }: Context, { name, sha256, statements }: PlannedFile): void {
  output.say(`  pending  ${name}  ${sha256.slice(0, 12)}`);
  output.step({
    group: "pending file",
    name,
    state: "pending",
    durationMs: 0,
    detail: `${statements.length} statements, SHA-256 ${sha256}`,
  });
  for (const { line, text, lock, work } of statements) {
    output.say(`    ${String(line).padStart(4)}  ${lock.padEnd(24)} ${work.padEnd(18)} ${text}`);
    output.step({
      group: "statement",
      name: `${name}:${line} ${text}`,
      state: "pending",
      durationMs: 0,
      detail: `lock: ${lock}; work: ${work}`,
    });
  }
}
