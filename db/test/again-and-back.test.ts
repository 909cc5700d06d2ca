import {
  canMakeDatabases,
  createDatabase,
  migrate,
  requireTool,
  startPostgres,
} from "@codex/testkit";
import type { PostgresServer } from "@codex/testkit";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type pg from "pg";
import { describe, expect, it } from "vitest";
import { isFull } from "./support/env.ts";
import { migrationFiles } from "./support/files.ts";
import type { MigrationFile } from "./support/files.ts";
import { fingerprint } from "./support/fingerprint.ts";

const run = promisify(execFile);
const majors = isFull ? ([15, 16, 17, 18] as const) : ([15, 18] as const);

describe.runIf(canMakeDatabases())("each migration, run again and rolled back", async () => {
  const files = await migrationFiles();
  // A sample is the newest, which a change touches: what is released stays as it is.
  const triedFrom = isFull ? 0 : files.length - 6;
  const tried = files.slice(triedFrom);
  const heads = new Map<number, string[]>();

  it.each(majors)(
    "leaves the same fingerprint on PostgreSQL %i",
    async (major) => {
      await using server = await startPostgres({ major });
      await using db = await createDatabase(server);
      await migrate(db.url(), "bootstrap");
      const client = await db.connect();
      const warnings = listenForWarnings(client);
      for (const file of files.slice(0, triedFrom)) await apply(client, file.up);
      const before = [await fingerprint(client)];
      for (const file of tried) {
        await apply(client, file.up);
        // A table that gets its policies in a later file is open until then.
        expect(await openTables(client), `${file.name} leaves tables open`).toEqual([]);
        const once = await fingerprint(client);
        await apply(client, file.up);
        expect(await fingerprint(client), `${file.name} run again`).toEqual(once);
        before.push(once);
      }
      const head = await fingerprint(client);
      for (const [at, file] of tried.entries().toArray().toReversed()) {
        await apply(client, file.down);
        expect(await fingerprint(client), `${file.name} rolled back`).toEqual(before[at]);
      }
      for (const file of tried) await apply(client, file.up);
      expect(await fingerprint(client), "up, down, up").toEqual(head);
      expect(warnings).toEqual([]);
      heads.set(major, head);
    },
    240_000,
  );

  it("leaves the same fingerprint on every version", () => {
    expect([...heads.keys()]).toEqual([...majors]);
    for (const major of majors) expect(heads.get(major), `on ${major}`).toEqual(heads.get(18));
  });

  it("ends at the head's fingerprint when psql runs the whole set twice", async () => {
    await using server = await startPostgres({ major: 15 });
    await using db = await createDatabase(server);
    await migrate(db.url(), "bootstrap");
    const client = await db.connect();
    await psql(db.url(), files);
    const head = await fingerprint(client);
    const dump = await pgDump(server, db.name);
    await psql(db.url(), files);
    expect(await fingerprint(client)).toEqual(head);
    for (const file of files.toReversed()) await apply(client, file.down);
    for (const file of files) await apply(client, file.up);
    expect(await pgDump(server, db.name)).toBe(dump);
  });
});

// As the migrator does: one message of the simple protocol, which is one transaction; or one for each
// statement, where the file says so. Such files hold no body in which a line ends with a semicolon.
async function apply(client: pg.Client, text: string): Promise<void> {
  await client.query("set role codex_owner");
  const isStepwise = text.startsWith("-- codex: no-transaction");
  for (const part of isStepwise ? text.split(/(?<=;)\n/) : [text]) await client.query(part);
  await client.query("reset role");
}

async function openTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'codex'::regnamespace and c.relkind = 'r'
       and not (c.relrowsecurity and c.relforcerowsecurity
         and exists (select from pg_policy where polrelid = c.oid))`,
  );
  return rows.map((row) => row.name);
}

function listenForWarnings(client: pg.Client): string[] {
  const warnings: string[] = [];
  client.on("notice", (notice) => {
    if (notice.severity === "WARNING") warnings.push(String(notice.message));
  });
  return warnings;
}

async function psql(url: string, files: readonly MigrationFile[]): Promise<void> {
  const program = requireTool("psql");
  const options = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", "set role codex_owner"];
  await run(program, [url, ...options, ...files.flatMap((file) => ["-f", file.path])]);
}

async function pgDump(server: PostgresServer, database: string): Promise<string> {
  const program = requireTool("pg_dump");
  const { stdout } = await run(
    program,
    [server.url(database), "--schema-only", "--schema=codex", "--restrict-key=fingerprint"],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return stdout;
}
