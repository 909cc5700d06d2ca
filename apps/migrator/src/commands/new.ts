import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode, Failure } from "../failure.ts";
import { usage } from "../flags.ts";
import { padded, readMigrations } from "../runner/files.ts";
import type { Context } from "./context.ts";

// The placeholder makes a rehearsal fail until somebody has thought of the rows.
const rollback = `-- Undoes it. Refuses while rows would be destroyed: name each table that goes, and the rows in
-- which a column that goes holds a value. Delete this where nothing can be lost.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and exists (select from codex.name_the_table)
  then
    raise exception 'this rollback would destroy rows of name_the_table'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;
`;

/** Makes the next numbered migration and its rollback. */
export async function newMigration(context: Context): Promise<number> {
  const words = (context.word ?? "").toLowerCase().replaceAll(/[\s-]+/g, "_");
  if (!/^[a-z][a-z0-9_]*$/.test(words)) {
    throw usage(
      `"${context.word}" cannot name a migration: use words such as create_points_ledger`,
    );
  }
  const last = (await readMigrations(context.dir)).at(-1)?.version ?? 0;
  const name = `${padded(last + 1)}_${words}.sql`;
  const paths = [
    await make(context, "migrations", { name, text: "-- What this adds, and why.\n" }),
    await make(context, "rollbacks", { name, text: rollback }),
  ];
  context.output.result({ files: paths });
  for (const path of paths) context.output.say(`Made ${path}`);
  return exitCode.done;
}

async function make(
  { dir }: Context,
  folder: string,
  { name, text }: { name: string; text: string },
): Promise<string> {
  const path = join(dir, folder, name);
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (cause) {
    throw new Failure(`${path} cannot be made: it is there already, or the folder is missing.`, {
      cause,
    });
  }
  return path;
}
