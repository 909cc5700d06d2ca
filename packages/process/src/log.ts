import type { CodexError } from "@codex/sdk/errors";
import { pino } from "pino";
import type { Logger } from "pino";

export type { Logger } from "pino";

// Writing each line by itself took a twentieth of an API call. What a SIGKILL takes along is this much.
const buffered = { minLength: 4_096, periodicFlush: 20 };
// What waits for a reader that stalls, or for room on a disk; lines beyond it are lost.
const waitingMax = 1024 * 1024;

// Of this process: one, but for tests.
const outputs: { flush(): void }[] = [];

// `flushSync` would try for ever what cannot be written.
function flushAll(): void {
  for (const output of outputs) output.flush();
}

/**
 * Lines of JSON on standard output, several in one write; at the latest when the process exits. Who reads
 * them too slowly or not at all loses lines, is told how many when there is room again, and never holds up
 * the process.
 */
export function openLog(level: string): Logger {
  const output = pino.destination({
    // Asking for its number also makes a pipe say that it is full, where a write would wait.
    dest: process.stdout.fd,
    sync: true,
    maxLength: waitingMax,
    // The next flush tries again; here it would be by sleeping.
    retryEAGAIN: () => false,
    ...buffered,
  });
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, output);
  let lost = 0;
  output.on("drop", () => (lost += 1));
  output.on("drain", () => {
    if (lost === 0) return;
    const lines = lost;
    lost = 0;
    log.warn({ lines }, "lines of the log were lost");
    // There was no room for this one either.
    if (lost > 0) lost = lines;
  });
  // Without a listener a full disk would end the process.
  output.on("error", () => {});
  if (outputs.length === 0) process.once("exit", flushAll);
  outputs.push(output);
  return log;
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
