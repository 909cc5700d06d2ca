import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Deadline } from "./deadline.ts";
import type { Session } from "./session.ts";

/** What the server is, and what stands in front of it. */
export interface ServerFacts {
  /** Such as 180004. */
  readonly versionNumber: number;
  /** Version of the extension; null on plain PostgreSQL. */
  readonly citusVersion: string | null;
  /** Whether a pooler answers instead of the server itself. */
  readonly pooled: boolean;
  /** Whether a prepared statement is found again under its name. */
  readonly keepsNames: boolean;
  /** Role that the connections log in as. */
  readonly role: string;
}

/**
 * One question, itself a named statement: a server reached directly holds it under that name. A pooler
 * that keeps names gives the server one of its own; one that does not passes the name on, and the next
 * turn may then reach another server connection that never heard it.
 */
export async function detect(
  session: Session,
  client: pg.ClientBase,
  deadline: Deadline,
): Promise<ServerFacts> {
  const mark = randomUUID();
  const statement = {
    sql: `select current_setting('server_version_num')::integer as version_number,
        (select extversion from pg_catalog.pg_extension where extname = 'citus') as citus_version,
        pg_backend_pid() as pid, current_user as role,
        exists (
          select from pg_catalog.pg_prepared_statements
          where strpos(statement, $1) > 0 and starts_with(name, 'cx_')
        ) as name_passed_on -- ${mark}`,
    parameters: [mark],
  };
  const request = { statements: [statement], commit: false, prefix: 0, readOnly: true };
  const [result] = await session.run(request, deadline);
  const row = (result?.rows[0] ?? {}) as {
    version_number: number;
    citus_version: string | null;
    pid: number;
    role: string;
    name_passed_on: boolean;
  };
  const pooled = (client as unknown as { processID: number | null }).processID !== row.pid;
  return {
    versionNumber: row.version_number,
    citusVersion: row.citus_version,
    pooled,
    keepsNames: !pooled || !row.name_passed_on,
    role: row.role,
  };
}
