import { createCodex } from "@codex/sdk";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkout } from "./checkout.ts";
import { stopChild } from "./child.ts";
import { environmentWith } from "./env.ts";
import { Failure } from "./failure.ts";

/** Logins that the API needs: of people's requests, and of background work. */
export interface ApiLogins {
  readonly api: string;
  readonly worker: string;
}

/** The API, running beside the embedded server. */
export interface RunningApi {
  readonly url: string;
  stop(): Promise<void>;
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
  const child = spawn(process.execPath, [join(checkout, "apps/api/src/main.ts")], {
    cwd: checkout,
    env: environmentWith({
      DATABASE_URL: api,
      SERVICE_DATABASE_URL: worker,
      PORT: String(port),
      ADMIN_PORT: "0",
      DRAIN_MS: "0",
      LOG_LEVEL: "warn",
      // Vite's own ports, so that an app under development may call.
      CORS_ORIGINS: "http://localhost:5173,http://127.0.0.1:5173,http://localhost:4173",
    }),
    stdio: ["ignore", "inherit", "pipe"],
    // A session of its own: Ctrl-C is ours, and we stop it before the database.
    detached: true,
  });
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (part: string) => (complaint += part));
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url, () => complaint);
  return { url, stop: () => stopChild(child) };
}

async function untilReady(
  child: ChildProcess,
  url: string,
  complaint: () => string,
): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null)
      throw new Failure(complaint().trim().replace("codex-api: ", "the API: "));
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(50);
  }
  await stopChild(child);
  throw new Failure(`the API did not become ready within 10 s: ${complaint().trim()}`);
}
