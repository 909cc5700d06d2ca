import type { Finding } from "../report/result.ts";
import type { MigrationFile } from "../runner/files.ts";
import type { Statement } from "../runner/statements.ts";
import type { Measurement, Work } from "./measure.ts";
import type { Size } from "./relations.ts";
import type { Estimate, Write } from "./writes.ts";

/** What a verdict is made with. */
export interface Scale {
  /** Sizes in the target. */
  readonly sizes: ReadonlyMap<string, Size>;
  /** Below this many bytes heavy work is only noted. */
  readonly smallBytes: number;
  /** Why the file may do heavy work all the same. */
  readonly waiver: string | undefined;
}

const remedies: Readonly<Record<Work["kind"], string>> = {
  rewrites: "Add a new column without a computed default, fill it in batches, and switch over.",
  scans:
    "Add the constraint NOT VALID and validate it in a later file; behind a validated CHECK, SET NOT NULL does not scan.",
  "builds an index on": "Build it CONCURRENTLY in a file headed `-- codex: no-transaction`.",
};

/**
 * Findings for a statement: work that grows with the rows, done while writers of a table that was there
 * before must wait. Work that makes nobody wait is only noted.
 */
export function judge(file: MigrationFile, measured: Measurement, scale: Scale): Finding[] {
  return measured.work.map((work) => {
    const size = sizeOf(scale, work.relation);
    const blocks = measured.blocking.length > 0;
    const told = `${sizeWords(size)}${blocks ? ` while ${measured.blocking.join(", ")} is locked against writers` : ", and blocks no writer"}`;
    return {
      level: levelOf(blocks, size, scale),
      rule: `heavy-${work.kind.split(" ")[0]}`,
      message: `${work.kind} ${work.relation} (${told})${accepted(scale)}`,
      ...(blocks ? { remedy: remedies[work.kind] } : {}),
      file: file.name,
      line: measured.statement.line,
      object: work.relation,
    };
  });
}

/**
 * Findings for rows that a statement changes or deletes, which stay locked until it is committed.
 * `seen` are the tables by the clone's plan; how many rows, only the target's planner can tell.
 */
export function judgeWrites(
  file: MigrationFile,
  {
    statement,
    seen,
    estimate,
  }: { statement: Statement; seen: readonly Write[]; estimate: Estimate },
  scale: Scale,
): Finding[] {
  return seen.flatMap((write) => {
    const { does, relation } = write;
    const size = sizeOf(scale, relation);
    const known = "unknown" in estimate ? undefined : largest(estimate, write);
    const share = known === undefined ? 1 : Math.min(1, known.rows / Math.max(1, known.of));
    if (size.bytes === 0 || size.bytes * share < scale.smallBytes) return [];
    const many = manyOf(write, { size, known, estimate });
    const isCertain = known !== undefined || write.isWhole;
    return {
      level: isCertain && scale.waiver === undefined ? "error" : "warning",
      rule: "heavy-writes",
      message: `${does} ${many} in one statement, and keeps them locked until COMMIT${accepted(scale)}`,
      remedy:
        "Do it in batches: `-- codex: phase backfill` with `-- codex: backfill TABLE by KEY batch N`.",
      file: file.name,
      line: statement.line,
      object: relation,
    };
  });
}

// Where a statement writes to one table twice, both are judged by what it does most.
function largest(estimate: readonly Write[], { relation, does }: Write): Write | undefined {
  return estimate
    .filter((one) => one.relation === relation && one.does === does)
    .toSorted((one, other) => other.rows - one.rows)[0];
}

function manyOf(
  { relation, isWhole }: Write,
  { size, known, estimate }: { size: Size; known: Write | undefined; estimate: Estimate },
): string {
  if (known !== undefined) {
    const [rows, of] = [known.rows, known.of].map((count) => count.toLocaleString("en"));
    return `about ${rows} of ${of} rows of ${relation} (${megabytes(size)})`;
  }
  if (isWhole) return `every row of ${relation} (${sizeWords(size)})`;
  const why = "unknown" in estimate ? ` (${estimate.unknown})` : "";
  return `${relation} (${sizeWords(size)}), how many rows is not known in the target${why},`;
}

function sizeOf({ sizes }: Scale, relation: string): Size {
  return sizes.get(relation) ?? { bytes: 0, rows: 0 };
}

function accepted({ waiver }: Scale): string {
  return waiver === undefined ? "" : `; accepted: ${waiver}`;
}

function levelOf(blocks: boolean, size: Size, scale: Scale): Finding["level"] {
  if (!blocks || size.bytes < scale.smallBytes) return "note";
  return scale.waiver === undefined ? "error" : "warning";
}

function sizeWords(size: Size): string {
  const { rows } = size;
  const many = rows === undefined ? "never analyzed" : `about ${rows.toLocaleString("en")} rows`;
  return `${megabytes(size)}, ${many}`;
}

function megabytes({ bytes }: Size): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
