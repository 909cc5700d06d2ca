import type pg from "pg";
import { Failure } from "../failure.ts";
import { piecesOf } from "./pieces.ts";
import { splitStatements } from "./statements.ts";

/** What a statement takes away: a relation or a schema as a whole, or a column. */
interface Taken {
  readonly kind: "relation" | "schema" | "column";
  readonly name: string;
  readonly column?: string;
}

// Of a statement in one line, without comments: its pieces with a space between.
const part = `(?:"(?:[^"]|"")+"|[\\w$]+)`;
const qualified = `${part}(?: \\. ${part})?`;
const whole =
  /^(?:drop (table|materialized view|schema)(?: if exists)?|truncate(?: table)?) (.*?)(?: (?:restart|continue) identity)?(?: (?:cascade|restrict))?$/i;
const deletion = new RegExp(`^delete from (?:only )?(${qualified})`, "i");
const alteration = new RegExp(`^alter table (?:if exists )?(?:only )?(${qualified}) (.*)$`, "i");
const droppedColumn = new RegExp(
  `\\bdrop (?!(?:constraint|default|not|expression|identity)\\b)(?:column )?(?:if exists )?(${part})`,
  "gi",
);

/**
 * Fails when a rollback would destroy rows, or values of a column, and does not ask about them itself: a file
 * that does raises KX009, with a finer eye than this one, which knows nothing of rows that a file made.
 */
export async function requireNoLoss(client: pg.Client, text: string, name: string): Promise<void> {
  if (text.includes("KX009")) return;
  const taken = splitStatements(text, name).flatMap((statement) => takenBy(statement.text));
  const lost: string[] = [];
  for (const one of taken) lost.push(...(await lostBy(client, one)));
  if (lost.length === 0) return;
  throw new Failure(
    `${name} is not rolled back: it would destroy rows of ${[...new Set(lost)].join(", ")}. Run down with --allow-data-loss if they may go.`,
  );
}

function takenBy(statement: string): Taken[] {
  const words = [...piecesOf(statement)].map((piece) => piece.text).filter((one) => one !== ";");
  const text = words.join(" ");
  const [, of = "table", list] = whole.exec(text) ?? [];
  if (list !== undefined) {
    const kind = /^schema$/i.test(of) ? "schema" : "relation";
    return list.split(",").map((one) => ({ kind, name: one.replace(/^ *only |\*/gi, "").trim() }));
  }
  const [, emptied] = deletion.exec(text) ?? [];
  if (emptied !== undefined) return [{ kind: "relation", name: emptied }];
  const [, altered, actions = ""] = alteration.exec(text) ?? [];
  if (altered === undefined) return [];
  return [...actions.matchAll(droppedColumn)].map(([, column = ""]) => {
    return { kind: "column", name: altered, column };
  });
}

async function lostBy(client: pg.Client, { kind, name, column }: Taken): Promise<string[]> {
  const { rows } = await client.query<{ relation: string; column: string | null }>(
    relations[kind],
    [name, ...(column === undefined ? [] : [column])],
  );
  const lost: string[] = [];
  for (const found of rows) {
    const where = found.column === null ? "" : `where ${found.column} is not null`;
    const row = await client.query(`select from ${found.relation} ${where} limit 1`);
    if (row.rowCount === 1) {
      lost.push(found.column === null ? found.relation : `${found.relation}.${found.column}`);
    }
  }
  return lost;
}

// What is there of it, as the server writes its name.
const relations: Readonly<Record<Taken["kind"], string>> = {
  relation: `select to_regclass($1)::text as relation, null as column where to_regclass($1) is not null`,
  schema: `select c.oid::regclass::text as relation, null as column
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = (parse_ident($1))[1] and c.relkind in ('r', 'm')`,
  column: `select a.attrelid::regclass::text as relation, quote_ident(a.attname) as column
    from pg_attribute a
    where a.attrelid = to_regclass($1) and a.attname = (parse_ident($2))[1] and not a.attisdropped`,
};
