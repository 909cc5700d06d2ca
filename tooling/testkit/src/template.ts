import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { onServer } from "./database.ts";
import { checkout } from "./home.ts";
import { createLogins } from "./logins.ts";
import { migrate } from "./migrate.ts";
import type { PostgresHost } from "./server.ts";

/**
 * Name of the server's migrated database to copy, made at the first call of whichever process comes
 * first while the others wait (a few seconds). It changes with `db/roles.sql` and `db/migrations`.
 */
export async function ensureTemplate(server: PostgresHost): Promise<string> {
  const name = `template_codex_${await fingerprint(join(checkout, "db"))}`;
  await onServer(server, async (client) => {
    await client.query("select pg_advisory_lock(hashtextextended('codex template', 0))");
    // The mark of a finished template; one that lacks it was left half made.
    const finished = await client.query(
      "select from pg_database where datname = $1 and datistemplate",
      [name],
    );
    if (finished.rowCount === 0) await build(server, client, name);
  });
  return name;
}

async function build(server: PostgresHost, client: pg.Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${name} with (force)`);
  await client.query(`create database ${name}`);
  await migrate(server.url(name), "bootstrap");
  await createLogins(server);
  await migrate(server.url(name, "codex_deployer"), "up");
  // Nobody may connect: a template in use cannot be copied.
  await client.query(`alter database ${name} with is_template true allow_connections false`);
}

async function fingerprint(folder: string): Promise<string> {
  const migrations = (await readdir(join(folder, "migrations"))).toSorted();
  const hash = createHash("sha256");
  for (const file of ["roles.sql", ...migrations.map((name) => join("migrations", name))]) {
    const text = await readFile(join(folder, file), "utf8");
    hash.update(JSON.stringify([file, text]));
  }
  return hash.digest("hex").slice(0, 16);
}
