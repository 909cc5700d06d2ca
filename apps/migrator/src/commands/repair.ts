import { randomUUID } from "node:crypto";
import { exitCode, Failure } from "../failure.ts";
import { textOf, usage } from "../flags.ts";
import { padded, readMigrations } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readInterrupted } from "../runner/journal.ts";
import type { Interrupted } from "../runner/journal.ts";
import { ensureLedger } from "../runner/ledger-definition.ts";
import { readApplied, record } from "../runner/ledger.ts";
import type { Applied, Entry } from "../runner/ledger.ts";
import { asRunner, requireTo } from "./context.ts";
import type { Context } from "./context.ts";
import { requireReason } from "./baseline.ts";

/**
 * Mends what the ledger says of one file, with a reason and an author, by a further row: `applied` what
 * somebody ran by hand, `pending` what somebody took back, `current` an applied file that was edited.
 * It also ends a run that stopped in the middle.
 */
export async function repair(context: Context): Promise<number> {
  const version = requireTo(context, "repair", "the version of the file to mend");
  const reason = requireReason(context);
  const state = stateOf(context);
  const file = (await readMigrations(context.dir)).find((one) => one.version === version);
  if (file === undefined) throw usage(`There is no migration ${padded(version)}`);
  await asRunner(context, async ({ client }) => {
    await ensureLedger(client);
    const applied = (await readApplied(client)).find((row) => row.version === version);
    const stopped = (await readInterrupted(client)).find((run) => run.version === version);
    refuseNonsense(state, file, { applied, stopped });
    await record(client, entryOf(context, file, { state, reason, stopped }));
  });
  context.output.result({ version, state, reason });
  context.output.say(`The ledger says of ${file.name}: ${state}, because ${reason}.`);
  return exitCode.done;
}

const states = ["applied", "pending", "current"] as const;
type State = (typeof states)[number];

function stateOf({ values }: Context): State {
  const said = textOf(values, "as");
  const state = states.find((known) => known === said);
  if (state === undefined) throw usage(`repair needs --as with one of ${states.join(", ")}`);
  return state;
}

function refuseNonsense(
  state: State,
  file: MigrationFile,
  { applied, stopped }: { applied: Applied | undefined; stopped: Interrupted | undefined },
): void {
  const isSo = state === "pending" ? applied === undefined : applied?.sha256 === file.sha256;
  if (isSo && stopped === undefined) {
    throw new Failure(`Nothing is to be mended: the ledger already says so of ${file.name}.`);
  }
  if (state === "current" && applied === undefined) {
    throw new Failure(`${file.name} is not applied: "--as current" is for an applied file.`);
  }
}

function entryOf(
  { gitCommit }: Context,
  file: MigrationFile,
  made: { state: State; reason: string; stopped: Interrupted | undefined },
): Entry {
  return {
    file,
    direction: made.state === "pending" ? "down" : "repair",
    // With the stopped run's own id it counts as ended.
    runId: made.stopped?.runId ?? randomUUID(),
    statements: 0,
    startedAt: new Date(),
    durationMs: 0,
    gitCommit,
    reason: made.reason,
  };
}
