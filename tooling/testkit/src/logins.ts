import pg from "pg";
import type { PostgresHost } from "./server.ts";

// What the operator of a real cluster makes by hand: one login per kind of process.
const logins = [
  { login: "codex_api", member: "codex_app" },
  { login: "codex_worker", member: "codex_service" },
  { login: "codex_deployer", member: "codex_owner" },
] as const;

/** Role without a login that the SQL of people, of background work or of the migrator runs as. */
export type Role = (typeof logins)[number]["member"];

/** The login of the kit that is a member of a role. */
export function loginOf(role: Role): string {
  return logins.find((known) => known.member === role)?.login ?? role;
}

/** Whether it is one of the logins that `createLogins` makes. */
export function isLogin(name: string): boolean {
  return logins.some(({ login }) => login === name);
}

/**
 * Makes the logins `codex_api`, `codex_worker` and `codex_deployer` of a cluster, with its password.
 * `codex-migrate bootstrap` has made the roles that they are members of. Safe to run again; two runs
 * at once take turns.
 */
export async function createLogins(server: PostgresHost): Promise<void> {
  const client = new pg.Client(server.url("postgres"));
  await client.connect();
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(hashtextextended('codex logins', 0))");
    for (const { login, member } of logins) {
      // What is there is left alone: to write it again waits for whoever else changes roles now, and they for us.
      const found = await client.query<{ isMember: boolean }>(
        "select pg_has_role(oid, $2, 'member') as \"isMember\" from pg_roles where rolname = $1",
        [login, member],
      );
      const password = client.escapeLiteral(server.address.password);
      if (found.rowCount === 0)
        await client.query(`create role ${login} login password ${password}`);
      if (found.rows[0]?.isMember !== true) await client.query(`grant ${member} to ${login}`);
    }
    await client.query("commit");
  } finally {
    await client.end();
  }
}
