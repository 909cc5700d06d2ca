import type { CodexError } from "@codex/sdk/errors";
import { pino } from "pino";
import type { Logger } from "pino";

export type { Logger } from "pino";

// Writing each line by itself took a twentieth of an API call. What a SIGKILL takes along is this much.
const buffered = { minLength: 4_096, periodicFlush: 20 };

/** Lines of JSON on standard output, several in one write; at the latest when the process exits. */
export function openLog(level: string): Logger {
  const output = pino.destination({ dest: 1, sync: true, ...buffered });
  process.once("exit", () => output.flushSync());
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, output);
}

/**
 * What the log may know of an error: codes and names, and for what nobody foresaw its words and stack.
 * Never the server's own detail, which quotes rows.
 */
export function describeCodexError(error: CodexError): Record<string, unknown> {
  const { code, message, requestId, attempts, cause } = error;
  const known = { code, error: message, callId: requestId, attempts };
  if (!(cause instanceof Error)) return known;
  const { code: state, constraint } = cause as { code?: unknown; constraint?: unknown };
  const database = { ...known, state, constraint };
  if (code !== "Internal") return database;
  // The first line of a stack is the message, which may quote a row when the database wrote it.
  const stack = cause.stack?.split("\n").slice(1).join("\n");
  const said = state === undefined ? cause.message : undefined;
  return { ...database, cause: cause.name, said, stack };
}
