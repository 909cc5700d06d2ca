import { findAll, listOf, nodeOf, textIn } from "./parse.ts";
import type { Node } from "./parse.ts";

// What differs from row to row, or cannot be told from the text.
const varying = ["ColumnRef", "ParamRef", "SubLink", "CurrentOfExpr"] as const;

// Functions of PostgreSQL's own that are not volatile: one statement computes them once for all rows. Only
// what migrations are seen to use; COALESCE, CASE, CURRENT_DATE and their like are no functions to the parser.
const steady = new Set(
  `now transaction_timestamp statement_timestamp current_setting timezone date_trunc date_part extract age
   make_date make_interval make_timestamptz to_char to_date lower upper initcap btrim ltrim
   rtrim lpad rpad left right length replace repeat concat concat_ws format substring
   split_part md5 sha256 encode decode abs round floor ceil string_to_array to_json
   to_jsonb json_build_object jsonb_build_object json_build_array jsonb_build_array
   to_timestamp`.split(/\s+/),
);

/** Whether an expression is of constants alone, so that every row gets the same from it. */
export function isSameForEveryRow(value: unknown): boolean {
  return (
    varying.every((kind) => findAll(value, kind).length === 0) &&
    findAll(value, "FuncCall").every(isSteady)
  );
}

function isSteady(call: Node): boolean {
  const words = listOf(call, "funcname").map((word) => textIn(nodeOf(word["String"]), "sval"));
  const [schema, name = schema] = words;
  return steady.has(name ?? "") && (words.length === 1 || schema === "pg_catalog");
}
