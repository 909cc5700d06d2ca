import { createCodex } from "@codex/sdk";
import type { Codex, Role } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";
import type { TestWorkspace } from "@codex/sdk/testing";
import { testDatabase } from "@codex/testkit";
import type { TestDatabase } from "@codex/testkit";
import { readSettings } from "../../src/env.ts";
import type { Settings } from "../../src/env.ts";
import { startServer } from "../../src/server.ts";
import type { ApiServer } from "../../src/server.ts";
import { makeIssuer } from "./issuer.ts";
import type { Issuer } from "./issuer.ts";

// The test's own client makes positions that the server knows.
const cursorSecret = "a secret of this test that is long enough";

/** Environment of a server on a test's database, which takes tokens of a test's issuer. */
export function environmentFor(
  db: TestDatabase,
  issuer: Issuer,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    NODE_ENV: "test",
    DATABASE_URL: db.url("codex_api"),
    SERVICE_DATABASE_URL: db.url("codex_worker"),
    PORT: "0",
    ADMIN_PORT: "0",
    LOG_LEVEL: "silent",
    CURSOR_SECRET: cursorSecret,
    JWT_ISSUER: issuer.name,
    JWT_AUDIENCE: issuer.audience,
    JWT_JWKS: issuer.jwksFile,
    DRAIN_MS: "0",
    // A server in the process of its own test waits for the test's work; gate.test.ts is about this.
    LOOP_LAG_MAX_MS: "60000",
    // Tests that are about limits set their own.
    RATE_PER_STRANGER: "1000000",
    RATE_PER_KEY: "1000000",
    RATE_PER_WORKSPACE: "1000000",
    RATE_PER_ADDRESS: "1000000",
    ...extra,
  };
}

/** A server in this process, a database and two workspaces with a member and a key of each role. */
export interface ApiWorld extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly codex: Codex;
  readonly issuer: Issuer;
  readonly settings: Settings;
  readonly server: ApiServer;
  readonly acme: KeyedWorkspace;
  readonly globex: KeyedWorkspace;
}

/** A workspace with an API key for each role. */
export interface KeyedWorkspace {
  readonly id: string;
  readonly members: TestWorkspace;
  readonly keys: Readonly<Record<Role, string>>;
}

export async function makeApiWorld(
  extra: Readonly<Record<string, string>> = {},
  options: { own?: boolean } = {},
): Promise<ApiWorld> {
  const db = await testDatabase(options);
  const issuer = await makeIssuer();
  const codex = createCodex({
    connectionString: db.url("codex_api"),
    service: { connectionString: db.url("codex_worker"), max: 2 },
    max: 6,
    cursorSecret,
  });
  const settings = readSettings(environmentFor(db, issuer, extra));
  const server = await startServer(settings);
  const [acme, globex] = [await keyedWorkspace(codex), await keyedWorkspace(codex)];
  for (const { id } of [acme, globex]) await liftPlan(db, id);
  const dispose = async (): Promise<void> => {
    await server.close();
    await codex.close();
    await issuer[Symbol.asyncDispose]();
    await db[Symbol.asyncDispose]();
  };
  return { db, codex, issuer, settings, server, acme, globex, [Symbol.asyncDispose]: dispose };
}

/** A workspace of a test's own, whose owner has a key for each role. */
export async function keyedWorkspace(codex: Codex): Promise<KeyedWorkspace> {
  const members = await makeTestWorkspace(codex);
  const { id, owner } = members;
  const key = async (role: Role): Promise<string> => {
    const input = { name: role, role, actingAs: owner.userId };
    return (await codex.workspaces.apiKeys.create(id, input)).secret;
  };
  const keys = {
    viewer: await key("viewer"),
    analyst: await key("analyst"),
    creator: await key("creator"),
    strategist: await key("strategist"),
    owner: await key("owner"),
  };
  return { id, members, keys };
}

/** As many cohorts as a test makes. */
async function liftPlan({ admin }: TestDatabase, workspaceId: string): Promise<void> {
  const client = await admin.connect();
  try {
    await client.query("begin");
    await client.query("select codex.set_service_context($1)", [workspaceId]);
    await client.query("update codex.workspaces set cohorts_limit = 100000 where id = $1", [
      workspaceId,
    ]);
    await client.query("commit");
  } finally {
    client.release();
  }
}
