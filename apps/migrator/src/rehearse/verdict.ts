import type { Finding } from "../report/result.ts";
import type { MigrationFile } from "../runner/files.ts";
import type { Measurement, Work } from "./measure.ts";
import type { Size } from "./relations.ts";

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
    const size = scale.sizes.get(work.relation) ?? { bytes: 0, rows: 0 };
    const blocks = measured.blocking.length > 0;
    const told = `${sizeWords(size)}${blocks ? ` while ${measured.blocking.join(", ")} is locked against writers` : ", and blocks no writer"}`;
    return {
      level: levelOf(blocks, size, scale),
      rule: `heavy-${work.kind.split(" ")[0]}`,
      message: `${work.kind} ${work.relation} (${told})${scale.waiver === undefined ? "" : `; accepted: ${scale.waiver}`}`,
      ...(blocks ? { remedy: remedies[work.kind] } : {}),
      file: file.name,
      line: measured.statement.line,
      object: work.relation,
    };
  });
}

function levelOf(blocks: boolean, size: Size, scale: Scale): Finding["level"] {
  if (!blocks || size.bytes < scale.smallBytes) return "note";
  return scale.waiver === undefined ? "error" : "warning";
}

function sizeWords({ bytes, rows }: Size): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB, about ${rows.toLocaleString("en")} rows`;
}
