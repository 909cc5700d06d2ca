import type { Finding } from "../report/result.ts";
import type { Headers } from "../runner/headers.ts";
import { alterationRules } from "./alterations.ts";
import { findAll, listOf, nodeOf, tableOf, textIn } from "./parse.ts";
import type { Parsed } from "./parse.ts";

/** What a rule says of a statement. */
export type Remark = Pick<Finding, "level" | "rule" | "message"> &
  Partial<Pick<Finding, "remedy" | "object">>;

/** What a rule may know besides the statement. */
export interface Scene {
  readonly headers: Headers;
  /** Whether a table was there before the files that are looked at. */
  readonly existed: (table: string) => boolean;
}

type Rule = (parsed: Parsed, scene: Scene) => Remark[];

/** Rules by the kind of statement that they look at. */
export const rules: Readonly<Record<string, Rule>> = {
  AlterTableStmt: alterationRules,
  IndexStmt: indexRule,
  DropStmt: dropRule,
  RenameStmt: renameRule,
  TruncateStmt: truncateRule,
  VariableSetStmt: limitRule,
  CreateFunctionStmt: functionRule,
  GrantStmt: grantRule,
  CreatePolicyStmt: policyRule,
  AlterPolicyStmt: policyRule,
  CreateStmt: createRule,
};

function indexRule({ node }: Parsed, { headers, existed }: Scene): Remark[] {
  const object = tableOf(node["relation"]);
  if (node["concurrent"] === true && headers.transaction) {
    return [
      {
        level: "error",
        rule: "concurrently-in-transaction",
        message: "CONCURRENTLY cannot run inside a transaction",
        remedy: "Head the file with `-- codex: no-transaction`.",
        object,
      },
    ];
  }
  if (node["concurrent"] === true || !existed(object)) return [];
  return [
    {
      level: "error",
      rule: "index-blocks-writers",
      message: `writers of ${object} wait while the index is built`,
      remedy: "CREATE INDEX CONCURRENTLY in a file headed `-- codex: no-transaction`.",
      object,
    },
  ];
}

function dropRule({ node }: Parsed, { headers, existed }: Scene): Remark[] {
  if (node["removeType"] !== "OBJECT_TABLE") return [];
  const names = listOf(node, "objects").map((object) =>
    listOf(object["List"], "items")
      .map((item) => textIn(nodeOf(item["String"]), "sval"))
      .join("."),
  );
  return names.filter(existed).flatMap((name) => removal(headers, `drops ${name}`, name));
}

function renameRule({ node }: Parsed, { headers, existed }: Scene): Remark[] {
  const object = tableOf(node["relation"]);
  const isPart = node["renameType"] === "OBJECT_COLUMN" || node["renameType"] === "OBJECT_TABLE";
  return isPart && existed(object) ? removal(headers, `renames a part of ${object}`, object) : [];
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

function truncateRule({ node }: Parsed, { existed }: Scene): Remark[] {
  const names = listOf(node, "relations").map((relation) => tableOf(relation["RangeVar"]));
  return names.filter(existed).map((object) => ({
    level: "error",
    rule: "truncate",
    message: `empties ${object}`,
    object,
  }));
}

function limitRule({ node }: Parsed): Remark[] {
  const name = textIn(node, "name");
  if (name !== "lock_timeout" && name !== "statement_timeout") return [];
  const [constant] = findAll(node["args"], "A_Const");
  const isZero =
    constant !== undefined &&
    (JSON.stringify(constant["ival"]) === "{}" ||
      /^0\s*\w*$/.test(textIn(nodeOf(constant["sval"]), "sval")));
  if (!isZero) return [];
  return [{ level: "error", rule: "no-limit", message: `takes the limit of ${name} away` }];
}

function functionRule({ node }: Parsed): Remark[] {
  const options = listOf(node, "options").map((option) => nodeOf(option["DefElem"]));
  const isDefiner = options.some(
    (option) =>
      textIn(option, "defname") === "security" &&
      nodeOf(nodeOf(option["arg"])["Boolean"])["boolval"] === true,
  );
  const pins = findAll(node["options"], "VariableSetStmt").some(
    (set) => textIn(set, "name") === "search_path",
  );
  if (!isDefiner || pins) return [];
  return [
    {
      level: "error",
      rule: "definer-search-path",
      message:
        "SECURITY DEFINER without a search path of its own runs what the caller puts into his",
      remedy: "set search_path = ''",
    },
  ];
}

function grantRule({ node }: Parsed): Remark[] {
  const isPublic = findAll(node["grantees"], "RoleSpec").some(
    (role) => textIn(role, "roletype") === "ROLESPEC_PUBLIC",
  );
  if (node["is_grant"] !== true || !isPublic) return [];
  return [{ level: "error", rule: "grant-to-public", message: "gives a right to everybody" }];
}

function policyRule({ node }: Parsed, { existed }: Scene): Remark[] {
  const object = tableOf(node["table"]);
  if (!existed(object)) return [];
  return [
    {
      level: "note",
      rule: "policy-lock",
      message: `a policy takes ACCESS EXCLUSIVE on ${object}: readers wait until COMMIT`,
      object,
    },
  ];
}

function createRule({ node, statement }: Parsed): Remark[] {
  const object = tableOf(node["relation"]);
  return findAll(node["tableElts"], "ColumnDef")
    .filter((column) =>
      listOf(column["typeName"], "names").some(
        (name) => textIn(nodeOf(name["String"]), "sval") === "json",
      ),
    )
    .map((column) => ({
      level: "warning",
      rule: "json-column",
      message: `${object}.${textIn(column, "colname")} is json, which cannot be compared (line ${statement.line})`,
      remedy: "jsonb",
      object,
    }));
}
