import type pg from "pg";

/** What was found on a connection that nobody uses. */
export interface Leftover {
  readonly workspaceId: string;
  readonly userId: string;
  /** Whether a transaction was open. */
  readonly inTransaction: boolean;
}

const question = `select
  coalesce(current_setting('codex.workspace_id', true), '') as "workspaceId",
  coalesce(current_setting('codex.user_id', true), '') as "userId",
  pg_current_xact_id_if_assigned() is not null or now() <> statement_timestamp() as "inTransaction"`;

/**
 * Looks at every idle connection of a pool, and at a new one if there is none, for a workspace or a
 * transaction that somebody left behind. Nothing found is an empty list.
 */
export async function probeLeaks(pool: pg.Pool): Promise<readonly Leftover[]> {
  const clients = await Promise.all(
    Array.from({ length: Math.max(1, pool.idleCount) }, () => pool.connect()),
  );
  try {
    const answers = await Promise.all(clients.map((client) => client.query<Leftover>(question)));
    return answers
      .flatMap(({ rows }) => rows)
      .filter(
        ({ workspaceId, userId, inTransaction }) =>
          workspaceId !== "" || userId !== "" || inTransaction,
      );
  } finally {
    for (const client of clients) client.release();
  }
}
