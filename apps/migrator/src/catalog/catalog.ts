import { createHash } from "node:crypto";
import type pg from "pg";
import type { Question } from "./question.ts";
import { questions, schemaQuestions } from "./questions.ts";

/** One object of the catalog. */
export interface CatalogObject {
  readonly kind: string;
  readonly object: string;
  /** What it is, in words that are the same for the same object on the same server version. */
  readonly detail: string;
  readonly make: string;
  readonly remove: string;
}

/** A difference between what is and what should be, and the SQL that mends it. */
export interface Difference {
  readonly kind: string;
  readonly object: string;
  readonly what: "missing" | "unexpected" | "different";
  readonly detail: string;
  readonly repair: string;
}

/** Reads everything that migrations make in schema codex, and what bears on it from outside. Reads only. */
export async function readCatalog(client: pg.Client): Promise<CatalogObject[]> {
  return ask(client, "codex", questions);
}

/** Reads what lies in schema codex alone: what a backup of it holds. */
export async function readSchema(client: pg.Client): Promise<CatalogObject[]> {
  return ask(client, "codex", schemaQuestions);
}

/** Reads the ledger's own schema: what keeps it append-only. */
export async function readLedgerSchema(client: pg.Client): Promise<CatalogObject[]> {
  return ask(client, "codex_migrator", schemaQuestions);
}

// How the server writes names and constants depends on the session.
const words = "set search_path = pg_catalog; set timezone = 'UTC'; set datestyle = 'ISO'";

async function ask(
  client: pg.Client,
  schema: string,
  about: readonly Question[],
): Promise<CatalogObject[]> {
  await client.query(words);
  const objects: CatalogObject[] = [];
  for (const { kind, sql } of about) {
    const { rows } = await client.query<Omit<CatalogObject, "kind">>(
      `select * from (${sql}) as q (object, detail, make, remove)`,
      [[schema]],
    );
    objects.push(...rows.map((row) => ({ kind, ...row })));
  }
  return objects;
}

/** One hash of a catalog: equal when every object is. */
export function fingerprintOf(objects: readonly CatalogObject[]): string {
  const lines = objects.map(({ kind, object, detail }) => `${kind} ${object}: ${detail}`);
  return createHash("sha256").update(lines.toSorted().join("\n")).digest("hex");
}

/** What must change in `is` so that it becomes `wanted`, in an order in which it can be done. */
export function compareCatalogs(
  wanted: readonly CatalogObject[],
  is: readonly CatalogObject[],
): Difference[] {
  const there = new Map(is.map((object) => [keyOf(object), object]));
  const expected = new Set(wanted.map(keyOf));
  const unexpected = is.filter((object) => !expected.has(keyOf(object))).toReversed();
  return [
    ...unexpected.map((object) => difference(object, "unexpected", object.remove)),
    ...wanted.flatMap((object) => {
      const found = there.get(keyOf(object));
      if (found === undefined) return [difference(object, "missing", object.make)];
      if (found.detail === object.detail) return [];
      return [changed(object, found)];
    }),
  ];
}

function keyOf({ kind, object }: CatalogObject): string {
  return `${kind} ${object}`;
}

const byKind = new Map(questions.map((question) => [question.kind, question]));

function difference(
  { kind, object, detail }: CatalogObject,
  what: Difference["what"],
  repair: string,
): Difference {
  return { kind, object, what, detail, repair: asWhoMay(kind, repair) };
}

function changed(wanted: CatalogObject, found: CatalogObject): Difference {
  const { kind, object } = wanted;
  const detail = `is "${found.detail}", expected "${wanted.detail}"`;
  const repairs = {
    replace: `${found.remove}; ${wanted.make}`,
    make: wanted.make,
    "by hand": `-- by hand: ${kind} ${object} ${detail.replaceAll("\n", " ")}`,
  };
  const repair = repairs[byKind.get(kind)?.change ?? "replace"];
  return difference({ ...wanted, detail }, "different", repair);
}

// The whole of a repair is run as codex_owner, but for what that may not do.
function asWhoMay(kind: string, repair: string): string {
  if (repair.startsWith("--")) return repair;
  return byKind.get(kind)?.by === "administrator"
    ? `reset role; ${repair}; set role codex_owner;`
    : `${repair};`;
}
