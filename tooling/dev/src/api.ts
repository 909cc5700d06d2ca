import { createCodex } from "@codex/sdk";
import { setTimeout as sleep } from "node:timers/promises";
import { startProgram } from "./child.ts";
import type { RunningProgram } from "./child.ts";
import { Failure } from "./failure.ts";

/** Logins that the API needs: of people's requests, and of background work. */
export interface ApiLogins {
  readonly api: string;
  readonly worker: string;
}

/** The API, running beside the embedded server. */
export interface RunningApi extends RunningProgram {
  readonly url: string;
}

const demo = { issuer: "https://demo.codex.example", subject: "ada", slug: "acme-demo" };
const keyName = "pnpm start";

/** A new key of Ada, the owner of the demo workspace; the one of the last start ends. */
export async function makeDemoKey({ api, worker }: ApiLogins): Promise<string> {
  const service = { connectionString: worker, max: 1 };
  await using codex = createCodex({ connectionString: api, max: 1, service });
  const { issuer, subject, slug } = demo;
  const { id: userId } = await codex.people.ensure({ issuer, subject, name: "Ada" });
  const { id } = await codex.workspaces.bySlug(slug);
  const { apiKeys } = codex.workspaces;
  for await (const { id: keyId, name, revokedAt } of apiKeys.list(id, { userId }))
    if (name === keyName && revokedAt === null) await apiKeys.revoke(id, { keyId, userId });
  const key = { name: keyName, role: "owner", actingAs: userId } as const;
  return (await apiKeys.create(id, key)).secret;
}

/** Starts the API on a port of 127.0.0.1 and waits until it is ready. Throws its own sentence when it is not. */
export async function startApi({ api, worker }: ApiLogins, port: number): Promise<RunningApi> {
  const program = await startProgram({
    name: "api",
    environment: {
      DATABASE_URL: api,
      SERVICE_DATABASE_URL: worker,
      PORT: String(port),
      DRAIN_MS: "0",
      // Vite's own ports, so that an app under development may call.
      CORS_ORIGINS: "http://localhost:5173,http://127.0.0.1:5173,http://localhost:4173",
    },
    works: "listening",
  });
  const url = `http://127.0.0.1:${port}`;
  if (await isReady(url)) return { ...program, url };
  await program[Symbol.asyncDispose]();
  throw new Failure("the API did not become ready within 10 s");
}

async function isReady(url: string): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return true;
    await sleep(50);
  }
  return false;
}
