import type { Statement, StatementResult } from "./statement.ts";

/** What a cursor needs of a transaction. */
interface Turns {
  batch(statements: readonly Statement[]): Promise<StatementResult[]>;
}

const chunkSizeDefault = 500;
let cursors = 0;

/**
 * Reads a statement chunk by chunk in a transaction of its own, which ends with the iteration. The
 * first chunk travels with BEGIN, context and DECLARE.
 */
export async function* streamRows<Row>(
  transaction: Turns & { commit(): Promise<void>; close(): Promise<void> },
  statement: Statement,
  chunkSize: number = chunkSizeDefault,
): AsyncIterableIterator<Row> {
  try {
    yield* cursorRows<Row>(transaction, statement, chunkSize);
    await transaction.commit();
  } finally {
    await transaction.close();
  }
}

/** The same inside a transaction that goes on afterwards. */
export async function* cursorRows<Row>(
  transaction: Turns,
  { sql, parameters }: Statement,
  chunkSize: number = chunkSizeDefault,
): AsyncIterableIterator<Row> {
  cursors = (cursors + 1) % 1_000_000;
  const name = `cx_cursor_${cursors}`;
  const size = Math.max(1, Math.trunc(chunkSize));
  const declare = { sql: `declare ${name} no scroll cursor for ${sql}`, parameters };
  const fetch = { sql: `fetch forward ${size} from ${name}`, parameters: [] };
  let [, chunk] = await transaction.batch([declare, fetch]);
  while (chunk !== undefined && chunk.rows.length > 0) {
    yield* chunk.rows as Row[];
    if (chunk.rows.length < size) break;
    [chunk] = await transaction.batch([fetch]);
  }
  await transaction.batch([{ sql: `close ${name}`, parameters: [] }]);
}
