import type { Finding } from "../report/result.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readHeaders } from "../runner/headers.ts";
import { isGiven, listOf, nameIn, namesOf, nodeOf, tableOf, textIn } from "./parse.ts";
import type { Node, Parsed } from "./parse.ts";
import type { Remark, Scene } from "./remark.ts";

/** Attributes of a role that let it past row security, or let it make itself such a role. */
const above = new Set(["bypassrls", "superuser", "createrole", "isreplication"]);

/** CREATE ROLE, ALTER ROLE and ALTER GROUP that give a role what stands above row security, or members. */
export function roleRule(parsed: Parsed): Remark[] {
  const { kind, node } = parsed;
  const role = kind === "CreateRoleStmt" ? textIn(node, "role") : nameOfRole(node["role"]);
  const options = listOf(node, "options").map((option) => nodeOf(option["DefElem"]));
  // ALTER GROUP … DROP USER is ALTER ROLE with the action -1.
  const isTaken = node["action"] === -1;
  return [...attributes(role, options), ...(isTaken ? [] : memberships(role, options))];
}

function attributes(role: string, options: readonly Node[]): Remark[] {
  return options
    .filter((option) => above.has(textIn(option, "defname")) && isGiven(option))
    .map((option) => ({
      level: "error",
      rule: "role-above-row-security",
      message: `${role} is given ${textIn(option, "defname")}, which stands above row security`,
      remedy:
        "Roles are for bootstrap, which an administrator runs; applications need none of this.",
      object: role,
    }));
}

function memberships(role: string, options: readonly Node[]): Remark[] {
  return options.flatMap((option) => {
    const named = listOf(nodeOf(option["arg"])["List"], "items").map((item) =>
      nameOfRole(item["RoleSpec"]),
    );
    const name = textIn(option, "defname");
    if (name === "addroleto") return named.map((granted) => newMembers(granted, [role]));
    return name === "rolemembers" || name === "adminmembers" ? [newMembers(role, named)] : [];
  });
}

/** GRANT of a role to another, which inherits all its rights. */
export function membershipRule({ node }: Parsed): Remark[] {
  if (node["is_grant"] !== true) return [];
  const members = listOf(node, "grantee_roles").map((role) => nameOfRole(role["RoleSpec"]));
  return listOf(node, "granted_roles").map((granted) =>
    newMembers(textIn(nodeOf(granted["AccessPriv"]), "priv_name"), members),
  );
}

function newMembers(role: string, members: readonly string[]): Remark {
  return {
    level: "error",
    rule: "role-granted",
    message: `${members.join(", ")} may from now on do whatever ${role} may`,
    remedy:
      "Grant the rights that are needed by name. Members of roles are for bootstrap and the administrator.",
    object: role,
  };
}

/** A new owner of what was there before; the owner may switch row security off. */
export function ownerRule({ kind, node }: Parsed, { existed }: Scene): Remark[] {
  if (kind === "AlterTableStmt") {
    const object = tableOf(node["relation"]);
    return listOf(node, "cmds")
      .map((one) => nodeOf(one["AlterTableCmd"]))
      .filter((command) => textIn(command, "subtype") === "AT_ChangeOwner" && existed(object))
      .flatMap((command) => newOwner(object, nameOfRole(command["newowner"])));
  }
  if (kind === "AlterOwnerStmt") {
    return newOwner(nameIn(node["object"]), nameOfRole(node["newowner"]));
  }
  const former = listOf(node, "roles").map((role) => nameOfRole(role["RoleSpec"]));
  return newOwner(`everything of ${former.join(", ")}`, nameOfRole(node["newrole"]));
}

// Where things belong: tables and what is called as the caller, and what is called as its owner.
const owners = new Set(["codex_owner", "codex_definer", "codex_reader"]);

function newOwner(object: string, owner: string): Remark[] {
  if (owners.has(owner)) return [];
  return [
    {
      level: "error",
      rule: "owner-changed",
      message: `${object} goes to ${owner}, who may change and drop it, and of a table switch row security off`,
      remedy: "Leave it with codex_owner, and grant the rights that are needed.",
      object,
    },
  ];
}

// CURRENT_USER and its like have a type and no name.
function nameOfRole(role: unknown): string {
  const { rolename, roletype } = nodeOf(role);
  if (typeof rolename === "string") return rolename;
  return typeof roletype === "string" ? roletype.replace("ROLESPEC_", "").toLowerCase() : "a role";
}

/** Triggers of tables that were there before, dropped in a file that does not make them again. */
export function lostTriggers(
  file: MigrationFile,
  parts: readonly Parsed[],
  existed: Scene["existed"],
): Finding[] {
  // What a contract ends may have needed one until then.
  if (readHeaders(file.text, file.name).phase === "contract") return [];
  const made = new Set(parts.filter(({ kind }) => kind === "CreateTrigStmt").map(triggerOf));
  return parts
    .filter(({ kind, node }) => kind === "DropStmt" && node["removeType"] === "OBJECT_TRIGGER")
    .flatMap(({ node, statement }) =>
      namesOf(node)
        .filter((name) => !made.has(name) && existed(name.slice(0, name.lastIndexOf("."))))
        .map((name) => ({
          level: "error" as const,
          rule: "trigger-dropped",
          message: `drops the trigger ${name}: the rule that it kept, or the event that it told, is gone`,
          remedy: "Create in the same file the trigger of that name that takes its place.",
          file: file.name,
          line: statement.line,
          column: statement.column,
          object: name,
        })),
    );
}

function triggerOf({ node }: { readonly node: Node }): string {
  return `${tableOf(node["relation"])}.${textIn(node, "trigname")}`;
}
