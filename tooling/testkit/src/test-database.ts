import { createDatabase, openShared } from "./database.ts";
import type { TestDatabase } from "./database.ts";
import { sharedDatabaseUrl } from "./env.ts";
import { hostAt } from "./server.ts";
import type { PostgresHost, ServerAddress } from "./server.ts";
import { ensureTemplate } from "./template.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The server that the global setup started; undefined with `CODEX_TEST_DATABASE_URL`. */
    codexServer: ServerAddress | undefined;
  }
}

/**
 * A migrated database for a test file: a copy of the template, dropped on dispose. With
 * `CODEX_TEST_DATABASE_URL` it is that database, shared and never dropped, in which tests use
 * workspaces of their own (`cast`); `own: true` asks for a copy all the same and then throws, so such
 * tests stand in `describe.runIf(canMakeDatabases())`.
 */
export async function testDatabase(options: { own?: boolean } = {}): Promise<TestDatabase> {
  const shared = sharedDatabaseUrl();
  if (shared !== undefined) {
    if (options.own !== true) return openShared(shared);
    throw new Error(
      "This test needs a database of its own; unset CODEX_TEST_DATABASE_URL to run it.",
    );
  }
  const server = await testServer();
  return createDatabase(server, undefined, { from: await ensureTemplate(server) });
}

/**
 * Whether tests may make databases and servers of their own. False with `CODEX_TEST_DATABASE_URL`,
 * and then it prints that such tests did not run: `describe.runIf(canMakeDatabases())('…', …)`.
 */
export function canMakeDatabases(): boolean {
  if (sharedDatabaseUrl() === undefined) return true;
  console.warn(
    "NOT RUN: these tests need databases of their own, and CODEX_TEST_DATABASE_URL gives one for all. Unset it to run them.",
  );
  return false;
}

/**
 * The server that the global setup started for this run of vitest, for tests that need an empty
 * database (`createDatabase`). Throws with `CODEX_TEST_DATABASE_URL`: see {@link canMakeDatabases}.
 */
export async function testServer(): Promise<PostgresHost> {
  // Not at the top: the kit also serves programs that are no tests.
  const { inject } = await import("vitest");
  const address = inject("codexServer");
  if (address !== undefined) return hostAt(address);
  throw new Error(
    "No server for tests; unset CODEX_TEST_DATABASE_URL and run vitest from the root.",
  );
}
