import type { Headers } from "../runner/headers.ts";
import { nameIn, namesOf, tableOf, textIn } from "./parse.ts";
import type { Node, Parsed } from "./parse.ts";
import { concurrentlyInside } from "./remark.ts";
import type { Remark, Scene } from "./remark.ts";

// What the application names, and what a file is known to make.
const relations = new Set(
  ["TABLE", "FOREIGN_TABLE", "VIEW", "MATVIEW", "SEQUENCE", "TYPE", "DOMAIN"].map(objectOf),
);
const callables = new Set(
  ["FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE", "SCHEMA"].map(objectOf),
);
const parts = new Set(["COLUMN", "ATTRIBUTE"].map(objectOf));
// Nothing hangs on these, so that CASCADE takes nothing more.
const alone = new Set(["TRIGGER", "POLICY", "RULE"].map(objectOf));

function objectOf(word: string): string {
  return `OBJECT_${word}`;
}

/** DROP of what the application may use, and of anything with CASCADE, which takes what it does not name. */
export function dropRule(parsed: Parsed, { headers, existed }: Scene): Remark[] {
  const { node } = parsed;
  const kind = textIn(node, "removeType");
  const cascades = node["behavior"] === "DROP_CASCADE" && !alone.has(kind);
  const blocks = kind === "OBJECT_INDEX" ? dropIndexRule(node, headers) : [];
  if (!relations.has(kind) && !cascades) return blocks;
  const more = cascades ? " and all that hangs on it" : "";
  const gone = namesOf(node).filter((name) => !relations.has(kind) || existed(name));
  return [...blocks, ...gone.flatMap((name) => removal(headers, `drops ${name}${more}`, name))];
}

// Its text does not say of which table an index is, so a new table's index is found as well.
function dropIndexRule(node: Node, headers: Headers): Remark[] {
  const object = namesOf(node).join(", ");
  if (node["concurrent"] === true) return headers.transaction ? [concurrentlyInside(object)] : [];
  return [
    {
      level: "warning",
      rule: "drop-index-blocks",
      message: `takes ACCESS EXCLUSIVE on the table of ${object}: readers wait until COMMIT`,
      remedy: "DROP INDEX CONCURRENTLY in a file headed `-- codex: no-transaction`.",
      object,
    },
  ];
}

/** RENAME of what the application names. */
export function renameRule({ node }: Parsed, { headers, existed }: Scene): Remark[] {
  const kind = textIn(node, "renameType");
  const object = tableOf(node["relation"]) || nameIn(node["object"]) || textIn(node, "subname");
  if (callables.has(kind)) return removal(headers, `renames ${object}`, object);
  if (!existed(object)) return [];
  if (parts.has(kind)) return removal(headers, `renames a part of ${object}`, object);
  return relations.has(kind) ? removal(headers, `renames ${object}`, object) : [];
}

/** ALTER TYPE … RENAME VALUE of a type that was there before. */
export function enumRule({ node }: Parsed, { headers, existed }: Scene): Remark[] {
  const value = textIn(node, "oldVal");
  const object = nameIn({ List: { items: node["typeName"] } });
  if (value === "" || !existed(object)) return [];
  return removal(headers, `renames the value ${value} of ${object}`, object);
}

/** ALTER … SET SCHEMA of what was there before. */
export function moveRule({ node }: Parsed, { headers, existed }: Scene): Remark[] {
  const object = tableOf(node["relation"]) || nameIn(node["object"]);
  if (relations.has(textIn(node, "objectType")) && !existed(object)) return [];
  return removal(headers, `moves ${object} to the schema ${textIn(node, "newschema")}`, object);
}

/** What takes something away from the running application is for a contract. */
export function removal(headers: Headers, what: string, object: string): Remark[] {
  if (headers.phase === "contract") return [];
  return [
    {
      level: "error",
      rule: "removal-outside-contract",
      message: `${what}, which the running version of the application may still use`,
      remedy: "Do it in a later file headed `-- codex: phase contract`.",
      object,
    },
  ];
}
