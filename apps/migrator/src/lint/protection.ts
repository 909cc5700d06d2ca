import type { Finding } from "../report/result.ts";
import type { MigrationFile } from "../runner/files.ts";
import {
  findAll,
  isGiven,
  isOn,
  listOf,
  nameIn,
  namesOf,
  nodeOf,
  tableOf,
  textIn,
} from "./parse.ts";
import type { Node, Parsed } from "./parse.ts";
import type { Remark } from "./remark.ts";

// ENABLE REPLICA is off for everybody but a replica's own session.
const off: Readonly<Record<string, Omit<Remark, "object">>> = {
  AT_DisableRowSecurity: {
    level: "error",
    rule: "row-security-off",
    message: "switches row security off, so that every workspace sees every row",
    remedy: "Leave it on, and write the policy that lets through what is missing.",
  },
  AT_NoForceRowSecurity: {
    level: "error",
    rule: "row-security-off",
    message: "no longer holds the owner to row security, nor the functions that run as the owner",
    remedy: "Leave it forced; codex_owner bypasses it where a migration needs that.",
  },
  ...Object.fromEntries(
    ["AT_DisableTrig", "AT_DisableTrigAll", "AT_DisableTrigUser", "AT_EnableReplicaTrig"].map(
      (subtype) => [
        subtype,
        {
          level: "error" as const,
          rule: "trigger-off",
          message:
            "switches off triggers that keep rules, for everybody until somebody enables them",
          remedy: "Write rows that the trigger accepts, or change its function in this file.",
        },
      ],
    ),
  ),
  ...Object.fromEntries(
    ["AT_DisableRule", "AT_EnableReplicaRule"].map((subtype) => [
      subtype,
      {
        level: "warning" as const,
        rule: "rule-off",
        message: "switches a rule off, for everybody until somebody enables it",
        remedy: "Drop the rule if nobody needs it, or leave it on.",
      },
    ]),
  ),
};

/** What ALTER TABLE takes away of a table's protection, be the table new or not. */
export function weakenings({ node }: Parsed): Remark[] {
  const object = tableOf(node["relation"]);
  return listOf(node, "cmds").flatMap((one) => {
    const command = nodeOf(one["AlterTableCmd"]);
    const found = off[textIn(command, "subtype")] ?? (isViewOfOwner(command) ? asOwner : undefined);
    return found === undefined
      ? []
      : [{ ...found, message: `${object}: ${found.message}`, object }];
  });
}

const asOwner: Omit<Remark, "object"> = {
  level: "error",
  rule: "row-security-off",
  message: "reads from now on as its owner, past the row security of whoever asks",
  remedy: "Leave security_invoker on, and grant what the readers of the view need.",
};

/** A view without `security_invoker`, be it new or made anew, which takes the option away. */
export function viewRule({ node }: Parsed): Remark[] {
  const object = tableOf(node["view"]);
  const options = listOf(node, "options").map((option) => nodeOf(option["DefElem"]));
  if (options.some((option) => asksAsInvoker(option) && isOn(option))) return [];
  return [
    {
      ...asOwner,
      message: `${object} reads as its owner, past the row security of whoever asks`,
      remedy: "create view … with (security_invoker)",
      object,
    },
  ];
}

// RESET takes the option away as well, and without it a view reads as its owner.
function isViewOfOwner(command: Node): boolean {
  const subtype = textIn(command, "subtype");
  if (subtype !== "AT_SetRelOptions" && subtype !== "AT_ResetRelOptions") return false;
  return listOf(nodeOf(command["def"])["List"], "items")
    .map((item) => nodeOf(item["DefElem"]))
    .filter(asksAsInvoker)
    .some((option) => subtype === "AT_ResetRelOptions" || !isOn(option));
}

function asksAsInvoker(option: Node): boolean {
  return textIn(option, "defname") === "security_invoker";
}

/** SECURITY DEFINER, made or altered, that does not pin its search path. */
export function definerRule(parsed: Parsed): Remark[] {
  const options = functionOptions(parsed);
  const becomesDefiner = options.some(
    (option) => textIn(option, "defname") === "security" && isGiven(option),
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

function functionOptions({ kind, node }: Parsed): Node[] {
  const field = kind === "AlterFunctionStmt" ? "actions" : "options";
  return listOf(node, field).map((option) => nodeOf(option["DefElem"]));
}

/** LEAKPROOF, by which row security trusts a function with rows that it hides. */
export function leakproofRule(parsed: Parsed): Remark[] {
  const isTrusted = functionOptions(parsed).some(
    (option) => textIn(option, "defname") === "leakproof" && isGiven(option),
  );
  if (!isTrusted) return [];
  const { func, funcname } = parsed.node;
  const object = nameIn({ ObjectWithArgs: func ?? { objname: funcname } });
  return [
    {
      level: "warning",
      rule: "leakproof",
      message: `${object} may be given rows before row security hides them, and tell of them in its errors`,
      remedy: "Leave it NOT LEAKPROOF, and index what the policy asks for.",
      object,
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
