/** One SQL statement with its bound values; a Kysely `CompiledQuery` is one. */
export interface Statement {
  /** A single statement; values stand in it as `$1`, `$2` … */
  readonly sql: string;
  /** Values in order, converted as `pg` converts them. */
  readonly parameters: readonly unknown[];
}

/** What one statement gave. */
export interface StatementResult<Row = Record<string, unknown>> {
  readonly rows: Row[];
  /** Word of the server's answer, such as `SELECT` or `UPDATE`. */
  readonly command: string;
  /** Rows returned or changed, as the server counts them; 0 where it does not count. */
  readonly rowCount: number;
}
