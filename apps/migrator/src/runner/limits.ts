import type pg from "pg";
import { kindOf, limitsOf } from "./kinds.ts";
import type { Limits } from "./kinds.ts";
import type { Statement } from "./statements.ts";
import { millisecondsOf } from "./time-setting.ts";

const own =
  /^set\s+(?:local\s+|session\s+)?(lock_timeout|statement_timeout)\b(?:\s*=|\s+to\b)?\s*(.*?)\s*;?$/is;
/** Longer a file may not wait for a lock, and make all that comes behind it wait with it; milliseconds. */
export const lockMsMax = 10_000;
// Whatever else may have set them: they are sent again behind it.
const mayHaveSet = /^reset\b|set_config|lock_timeout|statement_timeout/i;

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
 * where they stay as they are. A limit that the file sets itself is the file's from then on, but for none at
 * all, or more than 10 s for a lock: who waits for a lock makes others wait. `local`: for this transaction only.
 */
export function createLimiter(options: Options): (statement: Statement) => string[] {
  const owned = new Set<string>();
  const verb = options.local ? "set local" : "set";
  let current: Limits | undefined;
  return (statement) => {
    const [, named, value = ""] = own.exec(statement.text) ?? [];
    if (named !== undefined) {
      if (isLimit(named.toLowerCase(), value)) owned.add(named.toLowerCase());
      else owned.delete(named.toLowerCase());
    }
    const wanted = limitsOf(kindOf(statement.text), options.lockMs);
    const ahead: string[] = [];
    if (wanted.lockMs !== current?.lockMs && !owned.has("lock_timeout")) {
      ahead.push(`${verb} lock_timeout = ${wanted.lockMs}`);
    }
    if (wanted.statementMs !== current?.statementMs && !owned.has("statement_timeout")) {
      ahead.push(`${verb} statement_timeout = ${wanted.statementMs}`);
    }
    current = mayHaveSet.test(statement.text) ? undefined : wanted;
    return ahead;
  };
}

// 0 is none, and DEFAULT may be; so may be what is not understood here.
function isLimit(name: string, value: string): boolean {
  const ms = millisecondsOf(value.replace(/^'(.*)'$/s, "$1")) ?? 0;
  return ms > 0 && (name !== "lock_timeout" || ms <= lockMsMax);
}
