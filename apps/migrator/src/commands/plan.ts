import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fingerprintOf, readCatalog } from "../catalog/catalog.ts";
import { exitCode, Failure } from "../failure.ts";
import { textOf, usage } from "../flags.ts";
import { expectationOf } from "../lint/expect.ts";
import type { Expectation } from "../lint/expect.ts";
import { readMigrations } from "../runner/files.ts";
import type { MigrationFile } from "../runner/files.ts";
import { isPending, readApplied, refuseDrift } from "../runner/ledger.ts";
import { splitStatements } from "../runner/statements.ts";
import { asReader } from "./context.ts";
import type { Context } from "./context.ts";
import type pg from "pg";

/** A pending file as a plan knows it. */
interface PlannedFile {
  readonly name: string;
  readonly sha256: string;
  readonly statements: readonly (Expectation & { readonly line: number })[];
}

/** What a run is going to do, and what it supposes of the database. */
export interface Plan {
  readonly schema: "codex-migrate-plan/1";
  /** Hash of everything below. */
  readonly id: string;
  /** The newest applied version. */
  readonly version: number;
  /** Hash of the ledger's last row; empty without one. */
  readonly ledgerHead: string;
  /** Hash of everything in schema codex. */
  readonly fingerprint: string;
  readonly files: readonly PlannedFile[];
}

/** Writes what `up` would do. Reads only, so that a login without any right to write can plan. */
export async function plan(context: Context): Promise<number> {
  const made = await makePlan(context);
  const { output } = context;
  for (const file of made.files) {
    output.say(`  pending  ${file.name}  ${file.sha256.slice(0, 12)}`);
    for (const { line, text, lock, work } of file.statements) {
      output.say(`    ${String(line).padStart(4)}  ${lock.padEnd(24)} ${work.padEnd(18)} ${text}`);
    }
  }
  const out = textOf(context.values, "out");
  if (out !== undefined) await save(out, made);
  output.result({ plan: made });
  output.say(
    `Plan ${made.id.slice(0, 12)}: ${made.files.length} files are pending on version ${made.version}.`,
  );
  return exitCode.done;
}

/** The plan of what is pending now. */
export async function makePlan(context: Context): Promise<Plan> {
  const files = await readMigrations(context.dir);
  return asReader(context, (client) => planOn(client, files, context.to));
}

/** As {@link makePlan}, on an open session. */
export async function planOn(
  client: pg.Client,
  files: readonly MigrationFile[],
  to: number | undefined,
): Promise<Plan> {
  const applied = await readApplied(client);
  refuseDrift(files, applied);
  const pending = files.filter(
    (file) => isPending(file, applied) && file.version <= (to ?? file.version),
  );
  const body = {
    schema: "codex-migrate-plan/1" as const,
    version: applied.at(-1)?.version ?? 0,
    ledgerHead: applied.length === 0 ? "" : await readHead(client),
    fingerprint: fingerprintOf(await readCatalog(client)),
    files: pending.map((file) => ({
      name: file.name,
      sha256: file.sha256,
      statements: splitStatements(file.text, file.name).map(({ text, line }) => ({
        line,
        ...expectationOf(text),
      })),
    })),
  };
  return { ...body, id: createHash("sha256").update(JSON.stringify(body)).digest("hex") };
}

async function readHead(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ hash: string }>(
    "select hash from codex_migrator.ledger order by id desc limit 1",
  );
  return rows[0]?.hash ?? "";
}

async function save(path: string, made: Plan): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(made, null, 2)}\n`);
  } catch (cause) {
    throw new Failure(`The plan ${path} cannot be written: check the folder.`, { cause });
  }
}

/** Reads the file of `--plan`, where there is one. */
export async function readPlan(context: Context): Promise<Plan | undefined> {
  const path = textOf(context.values, "plan");
  if (path === undefined) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(await readFile(path, "utf8"));
  } catch {
    throw usage(`${path} is no plan that can be read: make it with "plan --out ${path}"`);
  }
  if (!isPlan(read)) throw usage(`${path} is no plan of this tool`);
  return read;
}

function isPlan(read: unknown): read is Plan {
  return (
    typeof read === "object" &&
    read !== null &&
    "schema" in read &&
    read.schema === "codex-migrate-plan/1"
  );
}

/** Fails (4) when anything moved since the plan: a file, the ledger, or the catalog. */
export function requireSamePlan(planned: Plan, now: Plan): void {
  if (planned.id === now.id) return;
  const moved = [
    ...(planned.ledgerHead === now.ledgerHead && planned.version === now.version
      ? []
      : ["the ledger"]),
    ...(planned.fingerprint === now.fingerprint ? [] : ["the catalog"]),
    ...filesThatDiffer(planned, now),
  ];
  throw new Failure(
    `The plan no longer holds, because these moved since it was made: ${moved.join(", ")}. Make it again and read it.`,
    { code: exitCode.drift },
  );
}

function filesThatDiffer(planned: Plan, now: Plan): string[] {
  const names = new Set([...planned.files, ...now.files].map((file) => file.name));
  const hashIn = (of: Plan, name: string): string | undefined =>
    of.files.find((file) => file.name === name)?.sha256;
  return [...names].filter((name) => hashIn(planned, name) !== hashIn(now, name));
}
