import { isSameForEveryRow } from "./expressions.ts";
import { findAll, isOn, listOf, nodeOf, tableOf, textIn } from "./parse.ts";
import type { Node, Parsed } from "./parse.ts";
import { concurrentlyInside } from "./remark.ts";
import type { Remark, Scene } from "./remark.ts";

/** TRUNCATE of a table that was there before. */
export function truncateRule({ node }: Parsed, { existed }: Scene): Remark[] {
  const names = listOf(node, "relations").map((relation) => tableOf(relation["RangeVar"]));
  return names.filter(existed).map((object) => ({
    level: "error",
    rule: "truncate",
    message: `empties ${object} while readers wait, past every trigger that looks at rows`,
    remedy: "Delete in batches, in a file headed `-- codex: phase backfill`.",
    object,
  }));
}

/** CLUSTER of a table that was there before, or of all. */
export function clusterRule({ node }: Parsed, { existed }: Scene): Remark[] {
  const object = tableOf(node["relation"]);
  if (object !== "" && !existed(object)) return [];
  return [rewrite("CLUSTER", object)];
}

/** REINDEX without CONCURRENTLY, and CONCURRENTLY in a transaction. */
export function reindexRule({ node }: Parsed, { headers, existed }: Scene): Remark[] {
  const object = tableOf(node["relation"]) || textIn(node, "name");
  const options = listOf(node, "params").map((option) => nodeOf(option["DefElem"]));
  if (options.some((option) => isNamedAndOn(option, "concurrently"))) {
    return headers.transaction ? [concurrentlyInside(object)] : [];
  }
  if (textIn(node, "kind") === "REINDEX_OBJECT_TABLE" && !existed(object)) return [];
  return [
    {
      level: "error",
      rule: "index-blocks-writers",
      message: `writers, and readers who would use the index, wait while ${object || "every index"} is built again`,
      remedy: "REINDEX … CONCURRENTLY in a file headed `-- codex: no-transaction`.",
      ...(object === "" ? {} : { object }),
    },
  ];
}

/** REFRESH MATERIALIZED VIEW that readers wait for. */
export function refreshRule({ node }: Parsed, { existed }: Scene): Remark[] {
  const object = tableOf(node["relation"]);
  if (node["concurrent"] === true || node["skipData"] === true || !existed(object)) return [];
  return [
    {
      level: "error",
      rule: "refresh-blocks-readers",
      message: `readers of ${object} wait while it is computed`,
      remedy: "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index.",
      object,
    },
  ];
}

function rewrite(what: string, object: string): Remark {
  return {
    level: "error",
    rule: "rewrite",
    message: `${what} rewrites ${object || "every table"} while readers and writers wait`,
    remedy: "Leave it out, or use pg_repack outside a migration.",
    ...(object === "" ? {} : { object }),
  };
}

/** ALTER TABLE ALL IN TABLESPACE … SET TABLESPACE. */
export function moveAllRule({ node }: Parsed): Remark[] {
  const from = textIn(node, "orig_tablespacename");
  return [rewrite("SET TABLESPACE", `every table in ${from}`)];
}

/** VACUUM in a transaction, and VACUUM FULL anywhere. */
export function vacuumRule({ node }: Parsed, { headers, existed }: Scene): Remark[] {
  if (node["is_vacuumcmd"] !== true) return [];
  const isFull = listOf(node, "options").some((option) =>
    isNamedAndOn(nodeOf(option["DefElem"]), "full"),
  );
  const tables = listOf(node, "rels").map((one) =>
    tableOf(nodeOf(one["VacuumRelation"])["relation"]),
  );
  const full = tables.length === 0 ? [rewrite("VACUUM FULL", "")] : [];
  return [
    ...(headers.transaction ? [inTransaction] : []),
    ...(isFull
      ? [...full, ...tables.filter(existed).map((table) => rewrite("VACUUM FULL", table))]
      : []),
  ];
}

const inTransaction: Remark = {
  level: "error",
  rule: "vacuum-in-transaction",
  message: "VACUUM cannot run inside a transaction",
  remedy: "Head the file with `-- codex: no-transaction`.",
};

function isNamedAndOn(option: Node, name: string): boolean {
  return textIn(option, "defname") === name && isOn(option);
}

/** LOCK TABLE of what was there before. */
export function lockRule({ node }: Parsed, { existed }: Scene): Remark[] {
  const names = listOf(node, "relations").map((relation) => tableOf(relation["RangeVar"]));
  return names.filter(existed).map((object) => ({
    level: "error",
    rule: "lock-table",
    message: `holds a lock on ${object} from here to COMMIT`,
    remedy:
      "Leave locks to the statements that need them; each waits for no longer than its limit.",
    object,
  }));
}

/** UPDATE and DELETE of every row of a table that was there before, also inside WITH. */
export function rowsRule({ kind, node }: Parsed, { headers, existed }: Scene): Remark[] {
  if (headers.backfill !== undefined) return [];
  return (["UpdateStmt", "DeleteStmt"] as const).flatMap((one) =>
    [...(kind === one ? [node] : []), ...findAll(node, one)]
      .filter((statement) => isForAll(statement) && existed(tableOf(statement["relation"])))
      .map((statement) => everyRow(one, tableOf(statement["relation"]))),
  );
}

// A WHERE of constants alone lets every row through, or none: only a plain FALSE is known to be none.
function isForAll({ whereClause }: Node): boolean {
  const isFalse = JSON.stringify(nodeOf(nodeOf(whereClause)["A_Const"])["boolval"]) === "{}";
  return whereClause === undefined || (!isFalse && isSameForEveryRow(whereClause));
}

function everyRow(kind: "UpdateStmt" | "DeleteStmt", object: string): Remark {
  const does = kind === "UpdateStmt" ? "changes" : "deletes";
  return {
    level: "error",
    rule: "every-row",
    message: `${does} every row of ${object} in one transaction, and keeps their locks until COMMIT`,
    remedy:
      "Do it in batches: `-- codex: phase backfill` with `-- codex: backfill TABLE by KEY batch N`.",
    object,
  };
}
