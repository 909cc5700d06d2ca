import type pg from "pg";
import { kindOf, limitsOf } from "./kinds.ts";
import type { Limits } from "./kinds.ts";
import type { Statement } from "./statements.ts";

const own = /^set\s+(?:local\s+|session\s+)?(lock_timeout|statement_timeout)\b/i;

interface Options {
  readonly lockMs: number;
  readonly local: boolean;
}

/** Sets the limits of one statement that is run by itself. */
export async function setLimits(
  client: pg.Client,
  statement: Statement,
  options: Options,
): Promise<void> {
  for (const text of createLimiter(options)(statement)) await client.query(text);
}

/**
 * Gives each statement of a file the limits of its kind: what must be sent ahead of it, which is nothing
 * where they stay as they are. A limit that the file sets itself is the file's from then on. `local`: for
 * this transaction only.
 */
export function createLimiter(options: Options): (statement: Statement) => string[] {
  const owned = new Set<string>();
  const verb = options.local ? "set local" : "set";
  let current: Limits | undefined;
  return (statement) => {
    const named = own.exec(statement.text)?.[1];
    if (named !== undefined) owned.add(named.toLowerCase());
    const wanted = limitsOf(kindOf(statement.text), options.lockMs);
    const ahead: string[] = [];
    if (wanted.lockMs !== current?.lockMs && !owned.has("lock_timeout")) {
      ahead.push(`${verb} lock_timeout = ${wanted.lockMs}`);
    }
    if (wanted.statementMs !== current?.statementMs && !owned.has("statement_timeout")) {
      ahead.push(`${verb} statement_timeout = ${wanted.statementMs}`);
    }
    current = wanted;
    return ahead;
  };
}
