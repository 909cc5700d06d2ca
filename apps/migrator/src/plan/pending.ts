import { exitCode, Failure } from "../failure.ts";
import { padded } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { isPending, refuseDrift } from "../runner/ledger.ts";
import type { Applied } from "../runner/ledger.ts";

/**
 * The files that are to be applied, up to a version. Fails (4) when files and ledger disagree, (2) on a
 * version that is behind the database or that no file has.
 */
export function findPending(
  files: readonly MigrationFile[],
  applied: readonly Applied[],
  to: number | undefined,
): MigrationFile[] {
  refuseDrift(files, applied);
  const current = applied.at(-1)?.version ?? 0;
  const last = files.at(-1)?.version ?? 0;
  if (to !== undefined && to < current) {
    throw wrong(`The database is at ${padded(current)}: go back with "down --to ${to}"`);
  }
  if (to !== undefined && to > last) {
    throw wrong(`There is no migration ${padded(to)}; the newest is ${padded(last)}`);
  }
  return files.filter((file) => file.version <= (to ?? last) && isPending(file, applied));
}

function wrong(sentence: string): Failure {
  return new Failure(`${sentence}.`, { code: exitCode.usage });
}
