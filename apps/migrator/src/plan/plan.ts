import { createHash } from "node:crypto";
import type pg from "pg";
import { fingerprintOf, readCatalog } from "../catalog/catalog.ts";
import { expectationOf } from "../lint/expect.ts";
import type { Expectation } from "../lint/expect.ts";
import { hideForms } from "../report/secrets.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readInterrupted, refuseHalfBack } from "../runner/journal.ts";
import { readApplied } from "../runner/ledger.ts";
import { splitStatements } from "../runner/statements.ts";
import { findPending } from "./pending.ts";

/** A statement of a pending file: where it begins, and what it is expected to lock and to do. */
export type PlannedStatement = Expectation & { readonly line: number };

/** A pending file as a plan knows it. */
export interface PlannedFile {
  readonly name: string;
  /** SHA-256 of its text, hexadecimal. */
  readonly sha256: string;
  readonly statements: readonly PlannedStatement[];
}

/** What a run is going to do, and what it supposes of the database. */
export interface Plan {
  readonly schema: typeof planSchema;
  /** Hash of everything below. */
  readonly id: string;
  /** The version of `--to`; null for everything that is there. */
  readonly to: number | null;
  /** The newest applied version. */
  readonly version: number;
  /** Hash of the ledger's last row; empty without one. */
  readonly ledgerHead: string;
  /** Hash of everything in schema codex. */
  readonly fingerprint: string;
  readonly files: readonly PlannedFile[];
}

/** What the file of a plan says that it is. */
export const planSchema = "codex-migrate-plan/2";

/** The plan of what is pending on an open session. Reads only. */
export async function planOn(
  client: pg.Client,
  files: readonly MigrationFile[],
  to: number | undefined,
): Promise<Plan> {
  const applied = await readApplied(client);
  refuseHalfBack(await readInterrupted(client));
  return withId({
    schema: planSchema,
    to: to ?? null,
    version: applied.at(-1)?.version ?? 0,
    ledgerHead: applied.length === 0 ? "" : await readHead(client),
    fingerprint: fingerprintOf(await readCatalog(client)),
    files: findPending(files, applied, to).map(({ name, sha256, text }) => {
      const statements = splitStatements(text, name).map((statement) => ({
        line: statement.line,
        // Hidden before it is cut: a password that has lost its end is one all the same.
        ...expectationOf(hideForms(statement.text)),
      }));
      return { name, sha256, statements };
    }),
  });
}

/** The plan with the id that its contents give. */
export function withId(body: Omit<Plan, "id">): Plan {
  const { schema, to, version, ledgerHead, fingerprint, files } = body;
  const ordered = { schema, to, version, ledgerHead, fingerprint, files: files.map(orderedFile) };
  const id = createHash("sha256").update(JSON.stringify(ordered)).digest("hex");
  return { ...ordered, id };
}

// In one order, whatever program has written the file of the plan.
function orderedFile({ name, sha256, statements }: PlannedFile): PlannedFile {
  const ordered = statements.map(({ line, text, lock, work }) => ({ line, text, lock, work }));
  return { name, sha256, statements: ordered };
}

async function readHead(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ hash: string }>(
    "select hash from codex_migrator.ledger order by id desc limit 1",
  );
  return rows[0]?.hash ?? "";
}
