import type { TestProject } from "vitest/node";
import { sharedDatabaseUrl } from "./env.ts";
import { startPostgres } from "./server.ts";
import "./test-database.ts";

/** Starts one temporary server for all test files, unless `CODEX_TEST_DATABASE_URL` names a database. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  if (sharedDatabaseUrl() !== undefined) {
    project.provide("codexServer", undefined);
    return;
  }
  const server = await startPostgres();
  project.provide("codexServer", server.address);
  return () => server.stop();
}
