import { createHash } from "node:crypto";
import type pg from "pg";
import { questions } from "./questions.ts";

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

const schemas = ["codex"];

/** Reads everything that migrations make in schema codex. Works in a read-only transaction. */
export async function readCatalog(client: pg.Client): Promise<CatalogObject[]> {
  const objects: CatalogObject[] = [];
  for (const { kind, sql } of questions) {
    const { rows } = await client.query<Omit<CatalogObject, "kind">>(
      `select * from (${sql}) as q (object, detail, make, remove)`,
      [schemas],
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
    ...unexpected.map((object) => difference(object, "unexpected", `${object.remove};`)),
    ...wanted.flatMap((object) => {
      const found = there.get(keyOf(object));
      if (found === undefined) return [difference(object, "missing", `${object.make};`)];
      if (found.detail === object.detail) return [];
      return [changed(object, found)];
    }),
  ];
}

function keyOf({ kind, object }: CatalogObject): string {
  return `${kind} ${object}`;
}

function difference(
  { kind, object, detail }: CatalogObject,
  what: Difference["what"],
  repair: string,
): Difference {
  return { kind, object, what, detail, repair };
}

// Tables and columns hold rows: what to do about those is for a person to say.
function changed(wanted: CatalogObject, found: CatalogObject): Difference {
  const { kind, object } = wanted;
  const detail = `is "${found.detail}", expected "${wanted.detail}"`;
  const byHand = kind === "table" || kind === "column" || kind === "schema";
  const remove = kind === "function" || kind === "comment" ? "" : `${found.remove}; `;
  const repair = byHand ? `-- by hand: ${object} ${detail}` : `${remove}${wanted.make};`;
  return { kind, object, what: "different", detail, repair };
}
