import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { TestDatabase } from "./database.ts";
import type { Role } from "./logins.ts";

/** A row as pg gives it: bigint and numeric are strings. */
export type Row = Record<string, unknown>;

/** A member of a workspace; every call is one transaction as `codex_app` in that member's context. */
export interface Person {
  readonly userId: string;
  readonly workspaceId: string;
  /** Runs one statement and gives its rows. Rejects with pg's error; nothing is kept then. */
  query<T extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<T[]>;
  /** Runs several statements in one transaction; rolled back when the work throws. */
  tx<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
}

/** Background work; every call is one transaction as `codex_service` in the workspace given. */
export interface Service {
  query<T extends Row = Row>(
    workspaceId: string,
    sql: string,
    params?: readonly unknown[],
  ): Promise<T[]>;
  tx<T>(workspaceId: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
}

/** Two workspaces and their members. */
export interface Cast {
  /** Workspace id of ada, sam, cleo, ann and vic. */
  readonly acme: string;
  /** Workspace id of bob. */
  readonly globex: string;
  /** Owner of acme. */
  readonly ada: Person;
  /** Strategist of acme. */
  readonly sam: Person;
  /** Creator of acme. */
  readonly cleo: Person;
  /** Analyst of acme. */
  readonly ann: Person;
  /** Viewer of acme. */
  readonly vic: Person;
  /** Owner of globex. */
  readonly bob: Person;
  readonly service: Service;
}

/**
 * Makes two new workspaces, `acme` and `globex`, with their people. Slugs and identities are unique,
 * so any number of casts may share a database.
 */
export async function cast(db: TestDatabase): Promise<Cast> {
  const run = randomUUID();
  const person = (name: string): Promise<string> => ensurePerson(db, name, run);
  const [ada, bob] = [await person("Ada"), await person("Bob")];
  const acme = await createWorkspace(db, `Acme ${run}`, ada);
  const globex = await createWorkspace(db, `Globex ${run}`, bob);
  const join = async (name: string, role: string): Promise<Person> => {
    const userId = await person(name);
    await addMember(db, acme, { userId, role });
    return actor(db, acme, userId);
  };
  return {
    acme,
    globex,
    ada: actor(db, acme, ada),
    sam: await join("Sam", "strategist"),
    cleo: await join("Cleo", "creator"),
    ann: await join("Ann", "analyst"),
    vic: await join("Vic", "viewer"),
    bob: actor(db, globex, bob),
    service: serviceOf(db),
  };
}

function actor(db: TestDatabase, workspaceId: string, userId: string): Person {
  const tx: Person["tx"] = (work) =>
    transaction(db, "codex_app", async (client) => {
      await client.query("select codex.set_context($1, $2)", [workspaceId, userId]);
      return work(client);
    });
  return {
    userId,
    workspaceId,
    tx,
    query: <T extends Row>(sql: string, params: readonly unknown[] = []) =>
      tx(async (client) => (await client.query<T>(sql, [...params])).rows),
  };
}

function serviceOf(db: TestDatabase): Service {
  const tx: Service["tx"] = (workspaceId, work) =>
    transaction(db, "codex_service", async (client) => {
      await client.query("select codex.set_service_context($1)", [workspaceId]);
      return work(client);
    });
  return {
    tx,
    query: <T extends Row>(workspaceId: string, sql: string, params: readonly unknown[] = []) =>
      tx(workspaceId, async (client) => (await client.query<T>(sql, [...params])).rows),
  };
}

async function ensurePerson(db: TestDatabase, name: string, run: string): Promise<string> {
  return transaction(db, "codex_service", (client) =>
    readId(client, "select codex.ensure_person($1, $2, $3) as id", [
      "https://identity.test",
      `${name.toLowerCase()} ${run}`,
      name,
    ]),
  );
}

async function createWorkspace(db: TestDatabase, name: string, owner: string): Promise<string> {
  const id = randomUUID();
  const slug = name.toLowerCase().replaceAll(" ", "-");
  return transaction(db, "codex_service", (client) =>
    readId(client, "select codex.create_workspace($1, $2, $3, $4) as id", [id, owner, name, slug]),
  );
}

async function addMember(
  db: TestDatabase,
  workspaceId: string,
  member: { userId: string; role: string },
): Promise<void> {
  await serviceOf(db).query(
    workspaceId,
    `insert into codex.user_workspaces (workspace_id, user_id, role, display_name)
     select $1, id, $3, display_name from codex.user_profiles where id = $2`,
    [workspaceId, member.userId, member.role],
  );
}

async function readId(client: pg.PoolClient, sql: string, params: string[]): Promise<string> {
  const { rows } = await client.query<{ id: string }>(sql, params);
  const [row] = rows;
  if (row === undefined) throw new Error(`no row: ${sql}`);
  return row.id;
}

// A failed rollback means a broken connection: the pool must not lend it again.
async function transaction<T>(
  db: TestDatabase,
  role: Role,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await db.begin(role);
  try {
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    const broken = await client.query("rollback").then(
      () => false,
      () => true,
    );
    client.release(broken);
    throw error;
  }
}
