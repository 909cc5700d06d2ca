import { randomUUID } from "node:crypto";
import pg from "pg";
import { isLogin, loginOf } from "./logins.ts";
import type { Role } from "./logins.ts";
import type { PostgresHost } from "./server.ts";

/** A database for tests. Disposing of it closes every connection it gave out. */
export interface TestDatabase extends AsyncDisposable {
  readonly name: string;
  /** Whether it is the database of `CODEX_TEST_DATABASE_URL`, which others use as well. */
  readonly shared: boolean;
  /** Connections of the superuser (at most 4); of the URL's own user when shared. */
  readonly admin: pg.Pool;
  /** Connection URL; `user` is the admin's when left out. A shared database knows the kit's logins besides. */
  url(user?: string): string;
  /** A connection of its own, closed at the latest with the database; `user` as for `url`. */
  connect(user?: string): Promise<pg.Client>;
  /** A pooled connection in an open transaction of that role; whoever asks commits and releases it. */
  begin(role: Role): Promise<pg.PoolClient>;
}

const adminConnectionsMax = 4;
const roleConnectionsMax = 16;

/**
 * Makes an empty database on a server, named at random unless a name is given, and drops it on dispose.
 * `from` names a database to copy, whose grants and settings the copy gets as well.
 */
export async function createDatabase(
  server: PostgresHost,
  name: string = `test_${randomUUID().replaceAll("-", "")}`,
  options: { from?: string } = {},
): Promise<TestDatabase> {
  const { from } = options;
  await onServer(server, async (client) => {
    // Block by block, the default, it and its end take 230 ms of a core; file by file 110.
    const source =
      from === undefined ? "" : ` template ${client.escapeIdentifier(from)} strategy file_copy`;
    await client.query(`create database ${client.escapeIdentifier(name)}${source}`);
    if (from !== undefined) await copyRights(client, from, name);
  });
  const connections = openConnections((user) => server.url(name, user));
  const dispose = async (): Promise<void> => {
    await connections.close();
    await dropDatabase(server, name);
  };
  return {
    name,
    shared: false,
    admin: connections.pool(adminConnectionsMax),
    url: (user) => server.url(name, user),
    connect: (user) => connections.connect(user),
    begin: (role) => start(connections.pool(roleConnectionsMax, loginOf(role)), "begin"),
    [Symbol.asyncDispose]: dispose,
  };
}

/** The database that `CODEX_TEST_DATABASE_URL` names. Its user must be a member of the roles of Codex. */
export function openShared(address: string): TestDatabase {
  const connections = openConnections((user) => {
    if (user === undefined) return address;
    if (isLogin(user)) return withUser(address, user);
    throw new Error(
      `No login ${user} is known in the database of CODEX_TEST_DATABASE_URL; unset it to run this test.`,
    );
  });
  return {
    name: decodeURIComponent(new URL(address).pathname.slice(1)),
    shared: true,
    admin: connections.pool(adminConnectionsMax),
    url: (user) => connections.url(user),
    connect: (user) => connections.connect(user),
    // In the same message, so that a pooler that lends connections per transaction keeps both together.
    begin: (role) => start(connections.pool(roleConnectionsMax), `begin; set local role ${role}`),
    [Symbol.asyncDispose]: () => connections.close(),
  };
}

/** Runs statements in the server's database `postgres` as superuser. */
export async function onServer<T>(
  server: PostgresHost,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(server.url("postgres"));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Drops a database, if it is there, and whatever is connected to it. */
export async function dropDatabase(server: PostgresHost, name: string): Promise<void> {
  await onServer(server, (client) =>
    client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`),
  );
}

// CREATE DATABASE … TEMPLATE copies neither the grants on the database nor ALTER DATABASE … SET.
async function copyRights(client: pg.Client, from: string, to: string): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('revoke all on database %I from public', $2::text) as statement
     union all
     select format('grant %s on database %I to %s%s', privilege_type, $2::text,
       case grantee when 0 then 'public' else grantee::regrole::text end,
       case when is_grantable then ' with grant option' else '' end)
     from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
     where datname = $1
     union all
     select format('alter %s set %I = %L',
       case setrole
         when 0 then format('database %I', $2::text)
         else format('role %s in database %I', setrole::regrole, $2::text)
       end,
       split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1))
     from pg_db_role_setting s
     join pg_database d on d.oid = s.setdatabase
     cross join unnest(setconfig) as setting
     where datname = $1`,
    [from, to],
  );
  for (const { statement } of rows) await client.query(statement);
}

/** The same database as another login, which has the same password. */
function withUser(address: string, user: string): string {
  const url = new URL(address);
  url.username = user;
  return url.href;
}

interface Connections {
  url(user?: string): string;
  pool(max: number, user?: string): pg.Pool;
  connect(user?: string): Promise<pg.Client>;
  close(): Promise<void>;
}

// Whatever was handed out is remembered, so that disposing can close it.
function openConnections(url: (user?: string) => string): Connections {
  const pools = new Map<string, pg.Pool>();
  const clients: pg.Client[] = [];
  return {
    url,
    pool(max, user) {
      const known = pools.get(`${max} ${user}`);
      if (known !== undefined) return known;
      const pool = new pg.Pool({ connectionString: url(user), max });
      // A connection that breaks while idle is replaced; one in use fails in its own query.
      pool.on("error", () => {});
      pools.set(`${max} ${user}`, pool);
      return pool;
    },
    async connect(user) {
      const client = new pg.Client(url(user));
      client.on("error", () => {});
      await client.connect();
      clients.push(client);
      return client;
    },
    async close() {
      const all = [...clients, ...pools.values()].filter(
        (open) => !("ended" in open && open.ended),
      );
      await Promise.all(all.map((open) => open.end()));
    },
  };
}

async function start(pool: pg.Pool, statements: string): Promise<pg.PoolClient> {
  const client = await pool.connect();
  try {
    await client.query(statements);
    return client;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
