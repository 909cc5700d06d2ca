import type { Finding } from "../report/result.ts";
import type { MigrationFile } from "../runner/files.ts";
import { findAll, listOf, nodeOf, tableOf, textIn } from "./parse.ts";
import type { Node, Parsed } from "./parse.ts";
import type { Remark } from "./rules.ts";

const off: Readonly<Record<string, Omit<Remark, "level" | "object">>> = {
  AT_DisableRowSecurity: {
    rule: "row-security-off",
    message: "switches row security off, so that every workspace sees every row",
    remedy: "Leave it on, and write the policy that lets through what is missing.",
  },
  AT_NoForceRowSecurity: {
    rule: "row-security-off",
    message: "no longer holds the owner to row security, nor the functions that run as the owner",
    remedy: "Leave it forced; codex_owner bypasses it where a migration needs that.",
  },
  ...Object.fromEntries(
    ["AT_DisableTrig", "AT_DisableTrigAll", "AT_DisableTrigUser"].map((subtype) => [
      subtype,
      {
        rule: "trigger-off",
        message: "switches off triggers that keep rules, for everybody until somebody enables them",
        remedy: "Write rows that the trigger accepts, or change its function in this file.",
      },
    ]),
  ),
};

/** What ALTER TABLE takes away of a table's protection, be the table new or not. */
export function weakenings({ node }: Parsed): Remark[] {
  const object = tableOf(node["relation"]);
  return listOf(node, "cmds").flatMap((one) => {
    const found = off[textIn(nodeOf(one["AlterTableCmd"]), "subtype")];
    if (found === undefined) return [];
    return [{ ...found, level: "error" as const, message: `${object}: ${found.message}`, object }];
  });
}

/** SECURITY DEFINER, made or altered, that does not pin its search path. */
export function definerRule({ kind, node }: Parsed): Remark[] {
  const field = kind === "AlterFunctionStmt" ? "actions" : "options";
  const options = listOf(node, field).map((option) => nodeOf(option["DefElem"]));
  const becomesDefiner = options.some(
    (option) =>
      textIn(option, "defname") === "security" &&
      nodeOf(nodeOf(option["arg"])["Boolean"])["boolval"] === true,
  );
  const sets = findAll(options, "VariableSetStmt");
  const pins = sets.some(
    (set) => textIn(set, "name") === "search_path" && !textIn(set, "kind").includes("RESET"),
  );
  const unpins = sets.some(
    (set) =>
      textIn(set, "kind") === "VAR_RESET_ALL" ||
      (textIn(set, "name") === "search_path" && textIn(set, "kind") === "VAR_RESET"),
  );
  if ((!becomesDefiner || pins) && !unpins) return [];
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

/** GRANT … TO PUBLIC, also as a default for what is made later. */
export function grantRule({ kind, node }: Parsed): Remark[] {
  const grant = kind === "GrantStmt" ? node : nodeOf(node["action"]);
  const isPublic = findAll(grant["grantees"], "RoleSpec").some(
    (role) => textIn(role, "roletype") === "ROLESPEC_PUBLIC",
  );
  if (grant["is_grant"] !== true || !isPublic) return [];
  return [
    {
      level: "error",
      rule: "grant-to-public",
      message: "gives a right to everybody",
      remedy: "Grant it to the role that needs it, such as codex_app or codex_service.",
    },
  ];
}

/** DROP OWNED, which takes more than its text says. */
export function ownedRule({ node }: Parsed): Remark[] {
  const names = findAll(node["roles"], "RoleSpec").map((role) => textIn(role, "rolename"));
  return [
    {
      level: "error",
      rule: "drop-owned",
      message: `drops everything that ${names.join(", ") || "the role"} owns here, and every right that it was given`,
      remedy: "Drop and revoke by name what is to go.",
    },
  ];
}

/** Policies that a file drops and does not make again. */
export function lostPolicies(file: MigrationFile, parts: readonly Parsed[]): Finding[] {
  const made = new Set(
    parts
      .filter(({ kind }) => kind === "CreatePolicyStmt")
      .map(({ node }) => `${tableOf(node["table"])}.${textIn(node, "policy_name")}`),
  );
  return parts
    .filter(({ kind, node }) => kind === "DropStmt" && node["removeType"] === "OBJECT_POLICY")
    .flatMap(({ node, statement }) =>
      namesOf(node)
        .filter((name) => !made.has(name))
        .map((name) => ({
          level: "error" as const,
          rule: "policy-dropped",
          message: `drops the policy ${name}: if it restricts, every workspace sees what it hid`,
          remedy: "Create in the same file the policy of that name that takes its place.",
          file: file.name,
          line: statement.line,
          column: statement.column,
          object: name,
        })),
    );
}

/** The names that a DROP lists. */
export function namesOf(node: Node): string[] {
  return listOf(node, "objects").map((object) =>
    listOf(object["List"], "items")
      .map((item) => textIn(nodeOf(item["String"]), "sval"))
      .join("."),
  );
}
