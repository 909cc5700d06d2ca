import { randomUUID } from "node:crypto";
import type pg from "pg";
import { Failure, fieldOf } from "../failure.ts";
import { silentOutput } from "../report/output.ts";
import { addressOf, becomeOwner, connect, lasting, open } from "../runner/session.ts";
import { withDatabase } from "../runner/target.ts";
import { newestVersion } from "../runner/versions.ts";
import { bootstrap } from "./bootstrap.ts";
import type { Context } from "./context.ts";
import { up } from "./up.ts";

/** A throw-away database. */
export interface Scratch {
  readonly name: string;
  /** The context of a command that works on it and says nothing. */
  readonly context: Context;
  /** A session as codex_owner there; ended with the database. */
  readonly connect: () => Promise<pg.Client>;
}

const prefix = "codex_scratch_";

/** No throw-away database is to be had there: the login lacks a right. */
export class NoScratch extends Failure {}

/**
 * Makes a database beside the target, or where `--scratch-url` says, and drops it whatever happens.
 * Needs CREATEDB there, and for {@link replay} what a bootstrap needs.
 */
export async function withScratch<T>(
  context: Context,
  work: (scratch: Scratch) => Promise<T>,
  options: { template?: string } = {},
): Promise<T> {
  const name = `${prefix}${randomUUID().replaceAll("-", "")}`;
  const admin = await connect(context.scratch, "postgres");
  const clients: pg.Client[] = [];
  try {
    await admin.query(lasting);
    await dropLeftovers(admin);
    await admin.query("select pg_advisory_lock(hashtextextended($1, 0))", [name]);
    await create(admin, name, options.template);
    const target = withDatabase(context.scratch, name);
    const own = { ...context, target, scratch: target, to: undefined, output: silentOutput() };
    return await work({
      name,
      context: own,
      connect: async () => {
        const client = await connect(target);
        clients.push(client);
        await becomeOwner(client);
        return client;
      },
    });
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()));
    await admin.end().catch(() => {});
    await drop(context, name).catch(() => {});
  }
}

// A run that was killed leaves its database. Whoever uses one holds a lock on its name, which dies with him.
async function dropLeftovers(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `select datname as name from pg_database
     where datname ~ $1 and pg_has_role(datdba, 'usage')`,
    [`^${prefix}[0-9a-f]{32}$`],
  );
  for (const { name } of rows) {
    const { rows: locks } = await admin.query<{ free: boolean }>(
      "select pg_try_advisory_lock(hashtextextended($1, 0)) as free",
      [name],
    );
    if (locks[0]?.free !== true) continue;
    // What cannot be dropped now is left to the next run.
    await admin.query(`drop database if exists ${name} with (force)`).catch(() => {});
    await admin.query("select pg_advisory_unlock(hashtextextended($1, 0))", [name]);
  }
}

// On a connection of its own, since an interruption has ended the others.
async function drop(context: Context, name: string): Promise<void> {
  const admin = await open(context.scratch, "postgres");
  try {
    await admin.query(`drop database if exists ${name} with (force)`);
  } finally {
    await admin.end();
  }
}

const remedy = "give --scratch-url the address of an administrator, or CODEX_MIGRATE_SCRATCH_URL.";

async function create(admin: pg.Client, name: string, template?: string): Promise<void> {
  const from = template === undefined ? "" : ` template ${admin.escapeIdentifier(template)}`;
  try {
    await admin.query(`create database ${name}${from}`);
    if (template !== undefined) await copyRights(admin, name, template);
  } catch (error) {
    const code = fieldOf(error, "code");
    if (code === "42501") {
      throw new NoScratch(`${addressOf(admin)} may not make a throw-away database: ${remedy}`, {
        cause: error,
      });
    }
    if (code !== "55006") throw error;
    throw new Failure(
      template === undefined
        ? "template1 has other sessions, so no throw-away database can be made from it: end them, or name another server by --scratch-url."
        : `${template} has other sessions, so it cannot be copied: leave --template out, and the clone is made from its schema.`,
      { cause: error },
    );
  }
}

// Rights on a database are no part of what its copy takes along, and the copy has another owner.
async function copyRights(admin: pg.Client, name: string, template: string): Promise<void> {
  const { rows } = await admin.query<{ right: string; role: string; more: string }>(
    `select a.privilege_type as right, coalesce(quote_ident(r.rolname), 'public') as role,
       case when a.is_grantable then 'with grant option' else '' end as more
     from pg_database d
     cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
     left join pg_roles r on r.oid = a.grantee
     where d.datname = $1`,
    [template],
  );
  await admin.query(`revoke all on database ${name} from public`);
  for (const { right, role, more } of rows) {
    await admin.query(`grant ${right} on database ${name} to ${role} ${more}`);
  }
}

/** Makes the roles and their rights in a throw-away database. */
export async function makeRoles({ context }: Scratch): Promise<void> {
  try {
    await bootstrap(context);
  } catch (cause) {
    if (!(cause instanceof Failure) || fieldOf(cause.cause, "code") !== "42501") throw cause;
    throw new NoScratch(`The login may not make the roles of a throw-away database: ${remedy}`, {
      cause,
    });
  }
}

/** Brings an empty throw-away database to a version: the roles' rights, then the files. */
export async function replay(scratch: Scratch, version: number): Promise<void> {
  await makeRoles(scratch);
  if (version > 0) await bringTo(scratch, version);
}

/** Applies the files up to a version in a throw-away database. */
export async function bringTo({ context }: Scratch, version: number): Promise<void> {
  // A replay has no traffic, so no version of the application is alive in it.
  const values = { ...context.values, "live-version": newestVersion };
  await up({ ...context, to: version, values });
}
