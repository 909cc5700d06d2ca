import type { Finding } from "../report/result.ts";
import type { Headers } from "../runner/headers.ts";

/** What a rule says of a statement. */
export type Remark = Pick<Finding, "level" | "rule" | "message"> &
  Partial<Pick<Finding, "remedy" | "object">>;

/** What a rule may know besides the statement. */
export interface Scene {
  readonly headers: Headers;
  /** Whether a table was there before the files that are looked at. */
  readonly existed: (table: string) => boolean;
}

/** CONCURRENTLY in a file that runs in a transaction. */
export function concurrentlyInside(object: string): Remark {
  return {
    level: "error",
    rule: "concurrently-in-transaction",
    message: "CONCURRENTLY cannot run inside a transaction",
    remedy: "Head the file with `-- codex: no-transaction`.",
    ...(object === "" ? {} : { object }),
  };
}
