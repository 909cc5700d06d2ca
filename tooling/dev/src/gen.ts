import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createDatabase, createLogins, migrate, startPostgres } from "@codex/testkit";
import { checkout } from "./checkout.ts";
import { command, Failure } from "./failure.ts";
import { constraintCatalogue } from "./gen/constraints.ts";
import { databaseDocs } from "./gen/database-docs.ts";
import { databaseTypes } from "./gen/database-types.ts";
import { eventTypeCatalogue } from "./gen/event-types.ts";
import { schemaDump } from "./gen/schema-dump.ts";
import { stateMachines } from "./gen/state-machines.ts";
import { apiFiles } from "./gen/api-files.ts";
import { migratorReference } from "./gen/migrator-reference.ts";
import { verifyScript } from "./gen/verify-script.ts";

// On 15, the oldest server that Codex runs on and the one whose pg_dump Debian has.
const major = 15;

// pnpm gen writes what is generated; pnpm verify fails when a file is not what gen would write.
await command(process.argv.includes("--verify") ? "verify" : "gen", async () => {
  const files = await generate();
  const stale: string[] = [];
  for (const [path, text] of files) {
    if ((await readFile(join(checkout, path), "utf8").catch(() => "")) !== text) stale.push(path);
  }
  if (process.argv.includes("--verify")) {
    if (stale.length > 0)
      throw new Failure(`Stale: ${stale.join(", ")}. Run "pnpm gen" and commit.`);
    process.stdout.write(`${files.size} generated files are up to date.\n`);
    return 0;
  }
  for (const path of stale) {
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await writeFile(join(checkout, path), files.get(path) ?? "");
    process.stdout.write(`wrote ${path}\n`);
  }
  process.stdout.write(`${files.size - stale.length} of ${files.size} files were up to date.\n`);
  return 0;
});

async function generate(): Promise<Map<string, string>> {
  await using server = await startPostgres({ major });
  await using database = await createDatabase(server);
  await migrate(database.url(), "bootstrap");
  await createLogins(server);
  await migrate(server.url(database.name, "codex_deployer"), "up");
  const client = await database.connect();
  return new Map([
    ["db/src/generated/database.ts", await databaseTypes(client, database.url())],
    ["db/src/generated/constraints.ts", await constraintCatalogue(client)],
    ["db/src/generated/event-types.ts", await eventTypeCatalogue(client)],
    ["db/schema.sql", await schemaDump(database.url())],
    ["db/checks/verify.sql", await verifyScript()],
    ["docs/state-machines.md", await stateMachines(client)],
    ["docs/codex-migrate.md", await migratorReference()],
    ...(await apiFiles()),
    ...(await databaseDocs(server.url(database.name, "codex_deployer"))),
  ]);
}
