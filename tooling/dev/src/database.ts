import { createLogins, startPostgres } from "@codex/testkit";
import type { PostgresHost } from "@codex/testkit";
import pg from "pg";
import { databaseUrl } from "./env.ts";

/** Name of the kept cluster of development. */
export const cluster = "dev";

/** Name of the database of development. */
export const databaseName = "codex";

/** The database that `pnpm start` prepares. */
export interface Development {
  /** URL of an administrator. */
  readonly admin: string;
  /** URL that migrates: a login that is a member of codex_owner. */
  readonly deployer: string;
  /** URL of background work, which seeds. */
  readonly worker: string;
  /** Login and URL of each actor; undefined where the operator's `DATABASE_URL` is used. */
  readonly actors: readonly { readonly name: string; readonly url: string }[];
  /** Makes the logins that the roles are given to; the operator does it elsewhere. */
  makeLogins(): Promise<void>;
  stop(): Promise<void>;
}

async function nothing(): Promise<void> {}

/** The operator's database when `DATABASE_URL` is set, else the kept embedded server. */
export async function openDevelopment(port: number | undefined): Promise<Development> {
  const url = databaseUrl();
  if (url !== undefined) {
    return {
      admin: url,
      deployer: url,
      worker: url,
      actors: [],
      makeLogins: nothing,
      stop: nothing,
    };
  }
  const server = await startPostgres({ keep: cluster, ...(port === undefined ? {} : { port }) });
  await createIfMissing(server);
  const urls = actorUrls(server);
  return {
    admin: urls.admin,
    deployer: urls.deployer,
    worker: urls.worker,
    actors: Object.entries(urls).map(([name, address]) => ({ name, url: address })),
    makeLogins: () => createLogins(server),
    stop: () => server.stop(),
  };
}

/** Connection URL of each actor of an embedded server. */
export function actorUrls(
  server: PostgresHost,
): Record<"admin" | "deployer" | "api" | "worker", string> {
  return {
    admin: server.url(databaseName),
    deployer: server.url(databaseName, "codex_deployer"),
    api: server.url(databaseName, "codex_api"),
    worker: server.url(databaseName, "codex_worker"),
  };
}

async function createIfMissing(server: PostgresHost): Promise<void> {
  const client = new pg.Client(server.url("postgres"));
  await client.connect();
  try {
    const found = await client.query("select from pg_database where datname = $1", [databaseName]);
    if (found.rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

/** Whether the cluster has the roles already, and they their rights here, so that no administrator is needed. */
export async function hasRoles(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  try {
    await client.connect();
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::integer as count from pg_roles
       where rolname ~ '^codex_(owner|definer|reader|app|service)$'
         and has_database_privilege('codex_owner', current_database(), 'create')`,
    );
    return rows[0]?.count === 5;
  } catch {
    // Bootstrap, which comes next, gives the reason in one sentence.
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
