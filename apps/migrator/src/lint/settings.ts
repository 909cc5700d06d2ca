import { lockMsMax } from "../runner/limits.ts";
import { millisecondsOf } from "../runner/time-setting.ts";
import { findAll, listOf, nodeOf, textIn } from "./parse.ts";
import type { Node, Parsed } from "./parse.ts";
import type { Remark } from "./remark.ts";

interface Setting {
  readonly name: string;
  readonly value: Node | undefined;
  /** Whether it ends with the transaction. */
  readonly isLocal: boolean;
}

/** Settings that take limits or triggers away: by SET, for a role, a database or a function, or by set_config. */
export function settingRule(parsed: Parsed): Remark[] {
  return [...settingsIn(parsed), ...configured(parsed.node)].flatMap((setting) => {
    if (setting.name === "session_replication_role") return triggers(setting);
    if (setting.name === "row_security") return rowSecurity(setting);
    return setting.name === "lock_timeout" || setting.name === "statement_timeout"
      ? limit(setting)
      : [];
  });
}

// What a role, a database or a function is no longer set to does no harm.
function settingsIn({ kind, node }: Parsed): Setting[] {
  const isOfSession = kind === "VariableSetStmt";
  const own = isOfSession ? node : nodeOf(node["setstmt"]);
  return [own, ...findAll(node["options"] ?? node["actions"], "VariableSetStmt")]
    .filter((set) => isOfSession || !textIn(set, "kind").startsWith("VAR_RESET"))
    .map((set) => ({
      name: textIn(set, "name"),
      value: listOf(set, "args")[0],
      isLocal: set["is_local"] === true,
    }));
}

function configured(node: Node): Setting[] {
  return findAll(node, "FuncCall")
    .filter((call) => nameOf(call) === "set_config")
    .map((call) => {
      const [name, value, local] = listOf(call, "args");
      const isLocal = nodeOf(nodeOf(local?.["A_Const"])["boolval"])["boolval"] === true;
      return { name: wordIn(name), value, isLocal };
    });
}

function nameOf(call: Node): string {
  return textIn(nodeOf(listOf(call, "funcname").at(-1)?.["String"]), "sval");
}

// The constant in a value, also behind a cast.
function constantIn(value: Node | undefined): Node {
  const cast = nodeOf(nodeOf(value?.["TypeCast"])["arg"]);
  return nodeOf(value?.["A_Const"] ?? cast["A_Const"]);
}

function wordIn(value: Node | undefined): string {
  return textIn(nodeOf(constantIn(value)["sval"]), "sval");
}

function triggers({ value }: Setting): Remark[] {
  if (wordIn(value) === "origin") return [];
  return [
    {
      level: "error",
      rule: "triggers-off",
      message: "session_replication_role switches off triggers and foreign keys of every table",
      remedy: "Write rows that triggers and keys accept, parents first.",
    },
  ];
}

function rowSecurity({ isLocal }: Setting): Remark[] {
  if (isLocal) return [];
  return [
    {
      level: "warning",
      rule: "row-security-setting",
      message: "row_security decides whether a hidden row is an error or silently left out",
      remedy: "Only by SET LOCAL, around the statements that call functions of another owner.",
    },
  ];
}

function limit({ name, value }: Setting): Remark[] {
  const ms = millisecondsOf(timeIn(value));
  const isLong = name === "lock_timeout" && ms !== undefined && ms > lockMsMax;
  if (ms !== 0 && !isLong) return [];
  return [
    {
      level: "error",
      rule: "no-limit",
      message: isLong
        ? `a ${name} of ${ms / 1_000} s is too long: who waits for a lock holds up everybody behind`
        : `takes the limit of ${name} away`,
      remedy: "Leave it to the runner, which sets one for each kind of statement.",
    },
  ];
}

function timeIn(value: Node | undefined): string {
  const { ival, fval } = constantIn(value);
  if (ival !== undefined) {
    const whole = nodeOf(ival)["ival"];
    // A 0 has no digits in the tree.
    return typeof whole === "number" ? String(whole) : "0";
  }
  return fval === undefined ? wordIn(value) : textIn(nodeOf(fval), "fval");
}
