import type pg from "pg";
import { kindOf, limitsOf } from "./kinds.ts";
import type { Limits } from "./kinds.ts";
import type { Statement } from "./statements.ts";

const own = /^set\s+(?:local\s+|session\s+)?(lock_timeout|statement_timeout)\b/i;

/**
 * Gives each statement of a file the limits of its kind, and sends them only where they change. A
 * limit that the file sets itself is the file's from then on. `local`: for this transaction only.
 */
export function createLimiter(
  client: pg.Client,
  options: { lockMs: number; local: boolean },
): (statement: Statement) => Promise<void> {
  const owned = new Set<string>();
  let current: Limits | undefined;
  return async (statement) => {
    const named = own.exec(statement.text)?.[1];
    if (named !== undefined) owned.add(named.toLowerCase());
    const wanted = limitsOf(kindOf(statement.text), options.lockMs);
    const verb = options.local ? "set local" : "set";
    if (wanted.lockMs !== current?.lockMs && !owned.has("lock_timeout")) {
      await client.query(`${verb} lock_timeout = ${wanted.lockMs}`);
    }
    if (wanted.statementMs !== current?.statementMs && !owned.has("statement_timeout")) {
      await client.query(`${verb} statement_timeout = ${wanted.statementMs}`);
    }
    current = wanted;
  };
}
