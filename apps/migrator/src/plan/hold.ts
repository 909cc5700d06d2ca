import type pg from "pg";
import { exitCode, Failure } from "../failure.ts";
import type { MigrationFile } from "../runner/files.ts";
import { ledgerFormat } from "../runner/ledger-definition.ts";
import { planOn } from "./plan.ts";
import type { Plan, PlannedFile } from "./plan.ts";

/**
 * Fails (4) when anything moved since the plan was made: a file, the ledger, or the catalog. What this plan
 * itself has applied counts as its progress, so that a run that stopped goes on; from its first statement
 * on the catalog is no longer what the plan saw, and is not compared.
 */
export async function requirePlanHolds(
  client: pg.Client,
  planned: Plan,
  files: readonly MigrationFile[],
): Promise<void> {
  const now = await planOn(client, files, planned.to ?? undefined);
  const { rows, hasBegun } = await readProgress(client, planned);
  const moved = [
    ...(isProgress(rows, planned) ? [] : ["the ledger"]),
    ...(hasBegun || planned.fingerprint === now.fingerprint ? [] : ["the catalog"]),
    ...filesThatDiffer(planned.files.slice(rows.length), now.files),
  ];
  if (moved.length === 0) return;
  throw new Failure(
    `The plan no longer holds, because these moved since it was made: ${moved.join(", ")}. Make it again and read it.`,
    { code: exitCode.drift },
  );
}

/** A row of the ledger that is newer than the plan. */
interface Row {
  readonly name: string;
  readonly direction: string;
  readonly sha256: string;
  readonly planId: string | null;
}

interface Progress {
  readonly rows: readonly Row[];
  /** A statement of the plan has been run. */
  readonly hasBegun: boolean;
}

async function readProgress(client: pg.Client, { id, ledgerHead }: Plan): Promise<Progress> {
  const format = await ledgerFormat(client);
  if (format === undefined) return { rows: [], hasBegun: false };
  // By way of JSON, because a ledger of format 1 has no such column.
  const { rows } = await client.query<Row>(
    `select name, direction, sha256, to_jsonb(l) ->> 'plan_id' as "planId"
     from codex_migrator.ledger l
     where id > coalesce((select id from codex_migrator.ledger where hash = $1), 0) order by id`,
    [ledgerHead],
  );
  return { rows, hasBegun: rows.length > 0 || (format > 1 && (await hasNotes(client, id))) };
}

// A file without a transaction is in the ledger only when it is done; its statements name the plan before.
async function hasNotes(client: pg.Client, id: string): Promise<boolean> {
  const { rows } = await client.query(
    "select from codex_migrator.statements where state = 'started' and detail = $1 limit 1",
    [id],
  );
  return rows.length > 0;
}

function isProgress(rows: readonly Row[], { id, files }: Plan): boolean {
  return rows.every(({ name, direction, sha256, planId }, at) => {
    const file = files[at];
    return planId === id && direction === "up" && name === file?.name && sha256 === file.sha256;
  });
}

function filesThatDiffer(planned: readonly PlannedFile[], now: readonly PlannedFile[]): string[] {
  const names = new Set([...planned, ...now].map((file) => file.name));
  return [...names].filter((name) => hashIn(planned, name) !== hashIn(now, name));
}

function hashIn(files: readonly PlannedFile[], name: string): string | undefined {
  return files.find((file) => file.name === name)?.sha256;
}
