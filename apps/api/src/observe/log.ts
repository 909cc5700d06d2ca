import { describeCodexError } from "@codex/process";
import { toCodexError } from "../errors.ts";

export { openLog } from "@codex/process";
export type { Logger } from "@codex/process";

/** What the log may know of whatever was thrown; see `describeCodexError`. */
export function describeError(error: unknown): Record<string, unknown> {
  return describeCodexError(toCodexError(error));
}
