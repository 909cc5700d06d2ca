import { createCodex } from "@codex/sdk";
import type { Codex, Role } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";
import type { TestWorkspace } from "@codex/sdk/testing";
import { startApi, testDatabase } from "@codex/testkit";
import type { ApiProcess, TestDatabase } from "@codex/testkit";
import { EventSource } from "eventsource";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCodexClient } from "../src/index.ts";
import type { CodexClient, CodexClientSettings } from "../src/index.ts";

/** An API of its own, with its database, and a workspace in it. */
export interface World extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly codex: Codex;
  readonly api: ApiProcess;
  readonly members: TestWorkspace;
  /** An API key of that role in the workspace. */
  key(role: Role, scopes?: string[]): Promise<{ id: string; secret: string }>;
  /** A token of somebody whom nobody knows yet. */
  token(subject: string): Promise<string>;
}

export async function makeWorld(variables: Readonly<Record<string, string>> = {}): Promise<World> {
  const db = await testDatabase();
  const issuer = await makeIssuer();
  const codex = createCodex({
    connectionString: db.url("codex_api"),
    service: { connectionString: db.url("codex_worker"), max: 2 },
    max: 4,
  });
  const api = await startApi(db, { ...issuer.variables, ...variables });
  const members = await makeTestWorkspace(codex);
  const { id, owner } = members;
  return {
    db,
    codex,
    api,
    members,
    key: async (role, scopes) => {
      const input = { name: role, role, actingAs: owner.userId };
      return codex.workspaces.apiKeys.create(id, { ...input, ...(scopes ? { scopes } : {}) });
    },
    token: (subject) => issuer.token(subject),
    [Symbol.asyncDispose]: async () => {
      await api[Symbol.asyncDispose]();
      await codex.close();
      await issuer.remove();
      await db[Symbol.asyncDispose]();
    },
  };
}

/** A client that wastes no time between its tries. */
export function clientAt(port: number, settings: Partial<CodexClientSettings>): CodexClient {
  return createCodexClient({
    url: `http://127.0.0.1:${port}`,
    EventSource,
    delays: { callMs: 5, streamMs: 20, maxMs: 1_000 },
    ...settings,
  });
}

interface TestIssuer {
  readonly variables: Readonly<Record<string, string>>;
  token(subject: string): Promise<string>;
  remove(): Promise<void>;
}

async function makeIssuer(): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const folder = await mkdtemp(join(tmpdir(), "codex-issuer-"));
  const file = join(folder, "jwks.json");
  const key = { ...(await exportJWK(publicKey)), kid: "test", alg: "ES256", use: "sig" };
  await writeFile(file, JSON.stringify({ keys: [key] }));
  const issuer = "https://identity.test";
  return {
    variables: { JWT_ISSUER: issuer, JWT_AUDIENCE: "codex", JWT_JWKS: file },
    token: (subject) =>
      new SignJWT({ sub: subject, iss: issuer, aud: "codex", name: subject })
        .setProtectedHeader({ alg: "ES256", kid: "test" })
        .setIssuedAt()
        .setExpirationTime("10 minutes")
        .sign(privateKey),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Address of a request as `fetch` is given it. */
export function addressOf(input: Parameters<typeof fetch>[0]): string {
  return input instanceof Request ? input.url : input.toString();
}
