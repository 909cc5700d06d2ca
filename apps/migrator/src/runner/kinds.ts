import { piecesOf } from "./pieces.ts";

/** What a statement does, as far as its time limits are concerned. */
export type Kind = "schema" | "data" | "scan" | "concurrent";

/** Limits of one statement in milliseconds. */
export interface Limits {
  readonly lockMs: number;
  readonly statementMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

// A statement that waits for ACCESS EXCLUSIVE makes every later reader wait with it, so its wait is
// short. CONCURRENTLY takes locks that readers and writers pass, and waits for old transactions by
// design: a short limit there would only leave INVALID indexes behind.
const limits: Readonly<Record<Kind, Limits>> = {
  schema: { lockMs: 300, statementMs: 2 * minuteMs },
  data: { lockMs: 300, statementMs: 30 * minuteMs },
  scan: { lockMs: 300, statementMs: 2 * hourMs },
  concurrent: { lockMs: 10 * minuteMs, statementMs: 6 * hourMs },
};

/** The limits of a kind; `lockMs` is what the configuration says for everything but CONCURRENTLY. */
export function limitsOf(kind: Kind, lockMs: number): Limits {
  return kind === "concurrent" ? limits.concurrent : { ...limits[kind], lockMs };
}

const piecesMax = 400;

// A word in a comment or in quotes says nothing of what a statement does.
function wordsOf(text: string): string {
  const words = piecesOf(text)
    .take(piecesMax)
    .map((piece) => (/^(?:e?'|"|\$)/i.test(piece.text) ? "?" : piece.text));
  return [...words].join(" ").toLowerCase();
}

/** The kind of a statement, by its first words. */
export function kindOf(text: string): Kind {
  const words = wordsOf(text);
  if (/^(create (unique )?index|drop index|reindex)\b.*\bconcurrently\b/.test(words)) {
    return "concurrent";
  }
  // It waits for everybody who may still see the partition.
  if (/^alter table .* detach partition .* concurrently\b/.test(words)) return "concurrent";
  // Plain, these take locks that readers wait for, so they may wait for them no longer than others.
  if (/^(vacuum \(?[^)]*\bfull\b|reindex\b|cluster\b)/.test(words)) return "scan";
  if (/^(vacuum|create database|alter system)\b/.test(words)) return "concurrent";
  if (/^(analyze\b|refresh\b|alter table .*\bvalidate constraint\b)/.test(words)) return "scan";
  if (/^(insert|update|delete|merge|copy|with|select|do|call)\b/.test(words)) return "data";
  return "schema";
}

/** Whether PostgreSQL refuses the statement inside a transaction. */
export function needsNoTransaction(text: string): boolean {
  const words = wordsOf(text);
  return (
    /^(vacuum|alter system|(create|drop) (database|tablespace))\b/.test(words) ||
    /^reindex (\( [^)]*\bconcurrently\b|(\( [^)]*\) )?(schema|database|system)\b)/.test(words) ||
    /^(create (unique )?index|drop index|reindex) (\(.*\) )?((table|index|schema|database) )?concurrently\b/.test(
      words,
    ) ||
    /^alter table .* detach partition .* concurrently/.test(words)
  );
}

/** Whether a statement writes a comment alone, which no row hangs on. */
export function isComment(text: string): boolean {
  return /^comment on\b/.test(wordsOf(text));
}
