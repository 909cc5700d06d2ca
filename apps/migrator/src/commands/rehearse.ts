import { fingerprintOf, readCatalog } from "../catalog/catalog.ts";
import { exitCode, Failure } from "../failure.ts";
import { textOf, usage } from "../flags.ts";
import { findPending } from "../plan/pending.ts";
import { tryAgain, tryBack, tryCommands } from "../rehearse/proof.ts";
import { readRelations, readSizes } from "../rehearse/relations.ts";
import { estimateWrites } from "../rehearse/writes.ts";
import { tryFile } from "../rehearse/trial.ts";
import type { Subject } from "../rehearse/trial.ts";
import { restoreInto } from "../release/backup.ts";
import { duration } from "../report/output.ts";
import type { Finding } from "../report/result.ts";
import { readMigrations } from "../runner/files.ts";
import { readInterrupted, refuseHalfBack } from "../runner/journal.ts";
import { readApplied } from "../runner/ledger.ts";
import { asReader } from "./context.ts";
import type { Context } from "./context.ts";
import { bringTo, replay, withScratch } from "./scratch.ts";
import type { Scratch } from "./scratch.ts";
import { look, recordSteps } from "./verify.ts";

/**
 * The staging day: on a clone, runs what is pending statement by statement and sees what each does;
 * runs each file twice; runs the checks; takes everything back and brings it on again by the real
 * commands. Ends with 5 on heavy statements, 7 on red checks, 1 on files that cannot be trusted.
 */
export async function rehearse(context: Context): Promise<number> {
  const { output } = context;
  const isCopy = context.values["template"] === true;
  const backup = textOf(context.values, "restore");
  if (isCopy && backup !== undefined) throw usage("Give --template or --restore, not both");
  const subject = await readSubject(context);
  output.doing("making the clone");
  const findings = await withScratch(
    context,
    async (scratch) => {
      if (backup !== undefined) await restoreClone(scratch, backup, subject.version);
      else if (!isCopy) await replay(scratch, subject.version);
      return rehearseOn(context, subject, scratch);
    },
    isCopy ? { template: subject.database } : {},
  );
  for (const finding of findings) {
    output.finding(finding);
    output.say(
      `  ${finding.level.padEnd(7)}  ${finding.file ?? ""}:${finding.line ?? 1}  ${finding.message}`,
    );
  }
  return conclude(context, subject, findings);
}

// A backup may be older than the target; what it lacks is applied first.
async function restoreClone(scratch: Scratch, path: string, version: number): Promise<void> {
  const { client } = await restoreInto(scratch, path);
  const restored = (await readApplied(client)).at(-1)?.version ?? 0;
  await client.end();
  if (restored > version) {
    throw new Failure(
      `The backup is at version ${restored} and the target at ${version}: restore an older one.`,
      { code: exitCode.backup },
    );
  }
  if (restored < version) await bringTo(scratch, version);
}

async function readSubject(context: Context): Promise<Subject> {
  const files = await readMigrations(context.dir);
  return asReader(context, async (client) => {
    const applied = await readApplied(client);
    refuseHalfBack(await readInterrupted(client));
    const pending = findPending(files, applied, context.to);
    return {
      version: applied.at(-1)?.version ?? 0,
      database: client.database ?? "",
      fingerprint: fingerprintOf(await readCatalog(client)),
      pending,
      sizes: await readSizes(client),
      // Last, since it asks as another role.
      estimates: await estimateWrites(client, pending, context.settings.lockTimeout),
    };
  });
}

async function rehearseOn(
  context: Context,
  subject: Subject,
  scratch: Scratch,
): Promise<Finding[]> {
  const client = await scratch.connect();
  const before = fingerprintOf(await readCatalog(client));
  const findings: Finding[] = [];
  if (before !== subject.fingerprint) findings.push(cloneDiffers);
  const relations = await readRelations(client);
  for (const file of subject.pending) {
    context.output.doing(`rehearsing ${file.name}`);
    findings.push(...(await tryFile(context, client, { file, relations, subject })));
    findings.push(...(await tryAgain(client, file)));
  }
  const after = fingerprintOf(await readCatalog(client));
  const last = subject.pending.at(-1)?.version ?? subject.version;
  const { checks, counts } = await look(context, client, last);
  recordSteps(context, checks, counts);
  findings.push(...(await tryBack(client, subject, before)));
  // Only a clone that is back can be brought on by the real commands.
  if (findings.some(({ rule }) => rule === "no-way-back" || rule === "roll-forward-only"))
    return findings;
  return [...findings, ...(await tryCommands(context, scratch, { subject, before, after, last }))];
}

const cloneDiffers: Finding = {
  level: "warning",
  rule: "clone-differs",
  message: "the target is not what its applied files make, so the clone is not quite the target",
  remedy: 'See "audit", or clone by --template or --restore.',
};

function conclude(context: Context, subject: Subject, findings: readonly Finding[]): number {
  const { output } = context;
  const errors = findings.filter((finding) => finding.level === "error");
  const heavy = errors.filter((finding) => finding.rule.startsWith("heavy-"));
  const red = output.hasFailed();
  output.figure("pending files", subject.pending.length);
  output.figure("heavy statements", heavy.length);
  output.result({
    version: subject.version,
    pending: subject.pending.map(({ name }) => name),
    findings,
  });
  output.say(
    `Rehearsed ${subject.pending.length} files in ${duration(output.elapsedMs())}: ${heavy.length} heavy statements, ${errors.length - heavy.length} other errors${red ? ", checks are red" : ""}.`,
  );
  if (errors.length > heavy.length) return exitCode.failed;
  if (red) return exitCode.verifyRed;
  return heavy.length > 0 ? exitCode.lint : exitCode.done;
}
