import type pg from "pg";
import { sentenceOf } from "../failure.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readHeaders } from "../runner/headers.ts";
import { kindOf } from "../runner/kinds.ts";
import { splitStatements } from "../runner/statements.ts";
import type { Statement } from "../runner/statements.ts";
import type { Relations } from "./relations.ts";

/** A table whose rows a statement changes or deletes. */
export interface Write {
  /** Whether nothing narrows the rows down. */
  readonly isWhole: boolean;
  readonly relation: string;
  readonly does: "changes" | "deletes" | "merges into";
  /** How many rows, and of how many, as a planner estimates. */
  readonly rows: number;
  readonly of: number;
}

/** What the target's planner estimates of a statement, or why it cannot. */
export type Estimate = readonly Write[] | { readonly unknown: string };

/** Estimates by {@link placeOf}. */
export type Estimates = ReadonlyMap<string, Estimate>;

/** Where a statement stands, as a key. */
export function placeOf(file: MigrationFile, { line, column }: Statement): string {
  return `${file.name}:${line}:${column}`;
}

/**
 * Asks the target's planner, which has its statistics, how many rows the pending statements change. A
 * clone cannot tell: its tables are empty, and over none of their pages copied statistics make one row.
 * Nothing is run but functions that a planner asks (IMMUTABLE and STABLE ones), reading only and within a limit.
 * Needs the rights that the statements need, so it asks as codex_owner where it may.
 */
export async function estimateWrites(
  client: pg.Client,
  pending: readonly MigrationFile[],
  lockMs: number,
): Promise<Estimates> {
  const estimates = new Map<string, Estimate>();
  // As where the files run.
  await client.query(
    `set local lock_timeout = ${lockMs}; set local statement_timeout = '5s'; set local search_path = pg_catalog; set local row_security = off`,
  );
  await attempt(client, () => client.query("set local role codex_owner"), { keep: true });
  for (const file of pending) {
    // Batches keep few rows at a time.
    if (readHeaders(file.text, file.name).backfill !== undefined) continue;
    for (const statement of splitStatements(file.text, file.name)) {
      if (!mayWrite(statement)) continue;
      const estimate = await attempt(client, () => explain(client, statement.text));
      estimates.set(placeOf(file, statement), estimate);
    }
  }
  return estimates;
}

/**
 * The tables that were there `before` and that a statement of a file changes, as the clone sees it; none where
 * it has no plan.
 */
export async function writesOn(
  client: pg.Client,
  statement: Statement,
  { transaction, before }: { transaction: boolean; before: Relations },
): Promise<readonly Write[]> {
  if (!mayWrite(statement)) return [];
  const ask = (): Promise<Write[]> => explain(client, statement.text);
  // What fails here fails once more when it is run, and is told then.
  const writes = transaction ? await attempt(client, ask) : await ask().catch(() => []);
  if ("unknown" in writes) return [];
  const named = writes.map(async (write) => ({
    ...write,
    relation: before.get(await oidOf(client, write.relation))?.name ?? "",
  }));
  return (await Promise.all(named)).filter(({ relation }) => relation !== "");
}

// A file may have given a table another name by now.
async function oidOf(client: pg.Client, relation: string): Promise<number> {
  const { rows } = await client.query<{ oid: number }>(
    "select to_regclass($1)::oid::integer as oid",
    [relation],
  );
  return rows[0]?.oid ?? 0;
}

// DO, CALL and COPY have no plan.
function mayWrite({ text }: Statement): boolean {
  return kindOf(text) === "data" && !/^(?:do|call|copy)\b/i.test(text);
}

// In a savepoint: the lock that even a question takes is given back, and a failure ends nothing.
async function attempt<T>(
  client: pg.Client,
  work: () => Promise<T>,
  { keep = false } = {},
): Promise<T | { readonly unknown: string }> {
  await client.query("savepoint estimate");
  try {
    const result = await work();
    await client.query(keep ? "release savepoint estimate" : "rollback to savepoint estimate");
    return result;
  } catch (error) {
    await client.query("rollback to savepoint estimate");
    return { unknown: sentenceOf(error) };
  }
}

/** A node of a plan, as EXPLAIN gives it in JSON. */
interface PlanNode {
  readonly "Node Type": string;
  readonly Operation?: string;
  readonly "Conflict Resolution"?: string;
  readonly Schema?: string;
  readonly "Relation Name"?: string;
  readonly "Parent Relationship"?: string;
  readonly Filter?: string;
  readonly "Plan Rows": number;
  readonly Plans?: readonly PlanNode[];
}

async function explain(client: pg.Client, text: string): Promise<Write[]> {
  const writes: Write[] = [];
  for (const plan of await plansOf(client, text)) {
    for (const node of modifying(plan)) writes.push(await writeOf(client, node));
  }
  return writes;
}

// More than one where a rule adds some.
async function plansOf(client: pg.Client, text: string): Promise<PlanNode[]> {
  const { rows } = await client.query<{ "QUERY PLAN": { Plan?: PlanNode }[] }>(
    `explain (format json, verbose) ${text}`,
  );
  return rows.flatMap((row) =>
    row["QUERY PLAN"].flatMap(({ Plan }) => (Plan === undefined ? [] : [Plan])),
  );
}

function modifying(node: PlanNode): PlanNode[] {
  const inside = (node.Plans ?? []).flatMap(modifying);
  return doneBy(node) === undefined ? inside : [node, ...inside];
}

const words: Readonly<Record<string, Write["does"]>> = {
  Update: "changes",
  Delete: "deletes",
  Merge: "merges into",
};

// INSERT changes rows that are there where ON CONFLICT says so.
function doneBy(node: PlanNode): Write["does"] | undefined {
  const { Operation: operation = "", "Conflict Resolution": conflict } = node;
  return conflict === "UPDATE" ? "changes" : words[operation];
}

async function writeOf(client: pg.Client, node: PlanNode): Promise<Write> {
  const { rows } = await client.query<{ relation: string }>(
    "select format('%I.%I', $1::text, $2::text) as relation",
    [node.Schema, node["Relation Name"]],
  );
  const relation = rows[0]?.relation ?? "";
  const source = (node.Plans ?? []).find((plan) => plan["Parent Relationship"] === "Outer");
  const [whole] = await plansOf(client, `select from ${relation}`);
  return {
    relation,
    does: doneBy(node) ?? "changes",
    isWhole: node.Operation !== "Insert" && source !== undefined && takesAll(source),
    rows: source?.["Plan Rows"] ?? 0,
    of: whole?.["Plan Rows"] ?? 0,
  };
}

function takesAll(node: PlanNode): boolean {
  const { "Node Type": type, Plans: parts = [] } = node;
  if (type === "Append") return parts.every(takesAll);
  return type === "Seq Scan" && node.Filter === undefined;
}
