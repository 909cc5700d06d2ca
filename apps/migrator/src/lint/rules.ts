import { alterationRules, domainRule } from "./alterations.ts";
import { membershipRule, ownerRule, roleRule } from "./authority.ts";
import { findAll, listOf, nodeOf, tableOf, textIn } from "./parse.ts";
import type { Parsed } from "./parse.ts";
import { partitionRule } from "./partitions.ts";
import {
  definerRule,
  grantRule,
  leakproofRule,
  ownedRule,
  viewRule,
  weakenings,
} from "./protection.ts";
import { concurrentlyInside } from "./remark.ts";
import type { Remark, Scene } from "./remark.ts";
import { eventTriggerRule, ruleRule, systemRule } from "./reach.ts";
import { dropRule, enumRule, moveRule, renameRule } from "./removals.ts";
import { settingRule } from "./settings.ts";
import {
  clusterRule,
  lockRule,
  moveAllRule,
  refreshRule,
  reindexRule,
  rowsRule,
  truncateRule,
  vacuumRule,
} from "./work.ts";

type Rule = (parsed: Parsed, scene: Scene) => Remark[];

/** Rules by the kind of statement that they look at. */
export const rules: Readonly<Record<string, Rule>> = {
  AlterTableStmt: (parsed, scene) => [
    ...alterationRules(parsed, scene),
    ...partitionRule(parsed, scene),
    ...weakenings(parsed),
    ...ownerRule(parsed, scene),
  ],
  AlterTableMoveAllStmt: moveAllRule,
  AlterDomainStmt: domainRule,
  IndexStmt: indexRule,
  DropStmt: dropRule,
  RenameStmt: renameRule,
  AlterEnumStmt: enumRule,
  AlterObjectSchemaStmt: moveRule,
  TruncateStmt: truncateRule,
  ClusterStmt: clusterRule,
  ReindexStmt: reindexRule,
  RefreshMatViewStmt: refreshRule,
  VacuumStmt: vacuumRule,
  LockStmt: lockRule,
  DeleteStmt: rowsRule,
  UpdateStmt: rowsRule,
  InsertStmt: rowsRule,
  MergeStmt: rowsRule,
  SelectStmt: (parsed, scene) => [...rowsRule(parsed, scene), ...settingRule(parsed)],
  VariableSetStmt: settingRule,
  AlterRoleSetStmt: settingRule,
  AlterDatabaseSetStmt: settingRule,
  AlterSystemStmt: (parsed) => [...systemRule(), ...settingRule(parsed)],
  CreateFunctionStmt: functionRules,
  AlterFunctionStmt: functionRules,
  GrantStmt: grantRule,
  AlterDefaultPrivilegesStmt: grantRule,
  DropOwnedStmt: ownedRule,
  ReassignOwnedStmt: ownerRule,
  AlterOwnerStmt: ownerRule,
  CreateRoleStmt: roleRule,
  AlterRoleStmt: roleRule,
  GrantRoleStmt: membershipRule,
  CreatePolicyStmt: policyRule,
  AlterPolicyStmt: policyRule,
  RuleStmt: ruleRule,
  CreateEventTrigStmt: eventTriggerRule,
  CreateStmt: createRule,
  ViewStmt: viewRule,
};

function functionRules(parsed: Parsed): Remark[] {
  return [...definerRule(parsed), ...leakproofRule(parsed), ...settingRule(parsed)];
}

function indexRule({ node }: Parsed, { headers, existed }: Scene): Remark[] {
  const object = tableOf(node["relation"]);
  if (node["concurrent"] === true && headers.transaction) return [concurrentlyInside(object)];
  if (node["concurrent"] === true && textIn(node, "idxname") === "") return [unnamed(object)];
  // ONLY is for a partitioned table, where it builds nothing: the indexes of the partitions are attached.
  const isOnly = nodeOf(node["relation"])["inh"] !== true;
  if (node["concurrent"] === true || isOnly || !existed(object)) return [];
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

function unnamed(object: string): Remark {
  return {
    level: "error",
    rule: "index-unnamed",
    message: `an index of ${object} without a name: what a broken run leaves INVALID cannot be told from others`,
    remedy: "Give it a name, which a second run finds, drops and builds again.",
    object,
  };
}

// Whoever reads the file must see whose rows are let through: the server keeps what is not named.
function policyRule({ kind, node }: Parsed, { existed }: Scene): Remark[] {
  const object = tableOf(node["table"]);
  if (!existed(object)) return [];
  const lock: Remark = {
    level: "note",
    rule: "policy-lock",
    message: `a policy takes ACCESS EXCLUSIVE on ${object}: readers wait until COMMIT`,
    object,
  };
  if (kind === "CreatePolicyStmt") return [lock];
  return [
    lock,
    {
      level: "warning",
      rule: "policy-changed",
      message: `changes whose rows of ${object} are seen, and shows only a part of the rule`,
      remedy: "Drop and create the whole policy in this file, and check it in checks/after.",
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
