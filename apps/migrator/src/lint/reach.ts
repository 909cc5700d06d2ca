import { tableOf, textIn } from "./parse.ts";
import type { Parsed } from "./parse.ts";
import type { Remark } from "./remark.ts";

/** CREATE RULE, which rewrites statements that somebody else writes. */
export function ruleRule({ node }: Parsed): Remark[] {
  const object = tableOf(node["relation"]);
  const event = textIn(node, "event").replace("CMD_", "");
  return [
    {
      level: "warning",
      rule: "rule-made",
      message: `${textIn(node, "rulename")} makes another statement of every ${event} on ${object}`,
      remedy: "A trigger, which runs as written and is seen in the plan.",
      object,
    },
  ];
}

/** CREATE EVENT TRIGGER, which runs in everybody's migrations. */
export function eventTriggerRule({ node }: Parsed): Remark[] {
  const object = textIn(node, "trigname");
  return [
    {
      level: "warning",
      rule: "event-trigger",
      message: `${object} runs at every ${textIn(node, "eventname")} of this database, and can stop it`,
      remedy: "Leave it to the administrator, who alone may make one.",
      object,
    },
  ];
}

/** ALTER SYSTEM, which no rollback takes back. */
export function systemRule(): Remark[] {
  return [
    {
      level: "warning",
      rule: "server-setting",
      message: "changes a setting of the whole server, for every database of it",
      remedy: "Leave it to whoever runs the server, or set it for a function that needs it.",
    },
  ];
}
