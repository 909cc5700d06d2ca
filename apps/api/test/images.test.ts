import { createCodex } from "@codex/sdk";
import { canMakeDatabases, createDatabase, createLogins, startPostgres } from "@codex/testkit";
import type { PostgresServer, TestDatabase } from "@codex/testkit";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isFull, isRoot } from "./support/env.ts";
import { Images } from "./support/images.ts";
import type { Container, Ended } from "./support/images.ts";
import { keyedWorkspace } from "./support/server.ts";

const cursorSecret = "a secret of this test that is long enough";
const images = {
  "codex-api": "apps/api/Containerfile",
  "codex-worker": "apps/worker/Containerfile",
  "codex-migrate": "apps/migrator/deploy/Containerfile",
};

/** The settings of an example for Kubernetes, with ports that are free. */
async function settingsOf(example: string): Promise<Record<string, string>> {
  const file = join(import.meta.dirname, "../../../deploy/kubernetes", example);
  const named = (await readFile(file, "utf8")).matchAll(/\{ name: ([A-Z_]+), value: "(.*?)" \}/gu);
  const settings = [...named].map(([, name = "", value = ""]) => [name, value]);
  return { ...Object.fromEntries(settings), PORT: "0", ADMIN_PORT: "0" };
}

/** Where a process listens, by its first line: on every address, since others come from outside its container. */
async function addressesOf(container: Container): Promise<Record<"url" | "admin", string>> {
  const line = /^\{.*"admin":.*$/mu;
  await expect.poll(() => container.said()).toMatch(line);
  const [first = "{}"] = line.exec(await container.said()) ?? [];
  expect(first).not.toContain("127.0.0.1");
  return JSON.parse(first.replaceAll("0.0.0.0", "127.0.0.1")) as Record<"url" | "admin", string>;
}

async function statusOf(address: string, key?: string): Promise<number> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return (await fetch(address, { headers })).status;
}

// With every repetition only: three builds take minutes, and ask Debian for packages.
describe.runIf(isFull && canMakeDatabases())("the images", { timeout: 900_000 }, () => {
  let refusal: string | undefined;
  let podman: Images;
  let server: PostgresServer;
  let db: TestDatabase;
  beforeAll(async () => {
    refusal = isRoot ? undefined : "only root makes images here";
    if (refusal !== undefined) return;
    // As old as the programs for the backup that the image of the migrator has.
    server = await startPostgres({ major: 15 });
    db = await createDatabase(server);
    podman = await Images.open();
    ({ refusal } = podman);
    if (refusal !== undefined) return;
    for (const [name, file] of Object.entries(images)) await podman.build(name, file);
  }, 900_000);
  beforeEach(({ skip }) => {
    skip(refusal !== undefined, refusal);
  });
  afterAll(async () => {
    await podman?.[Symbol.asyncDispose]();
    await db?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  const migrate = async (login: string, ...args: readonly string[]): Promise<Ended> => {
    const environment = {
      DATABASE_URL: db.url(login),
      CODEX_MIGRATE_SCRATCH_URL: server.url("postgres"),
    };
    const folders = ["/tmp", "/backup"];
    return (await podman.start("codex-migrate", { environment, args, folders })).ended();
  };
  const startApi = async (): Promise<Container> => {
    const urls = {
      DATABASE_URL: db.url("codex_api"),
      SERVICE_DATABASE_URL: db.url("codex_worker"),
    };
    const settings = await settingsOf("api.yaml");
    const environment = { ...settings, ...urls, CURSOR_SECRET: cursorSecret };
    return podman.start("codex-api", { environment });
  };
  const startWorker = async (): Promise<Container> => {
    const urls = { DATABASE_URL: db.url("codex_worker"), SMTP_URL: "smtps://127.0.0.1:465" };
    const settings = await settingsOf("worker.yaml");
    return podman.start("codex-worker", { environment: { ...settings, ...urls } });
  };

  it("run as a user whom Kubernetes sees not to be root", async () => {
    for (const name of Object.keys(images))
      await expect(podman.userOf(name)).resolves.toBe("1000:1000");
  });

  it("bring an empty database to the newest version and serve from it, on a root that is read-only", async () => {
    await expect(migrate("postgres", "bootstrap")).resolves.toMatchObject({ code: 0 });
    await createLogins(server);
    await db.admin.query("grant pg_monitor to codex_deployer");
    const first = await migrate("codex_deployer", "up", "--to", "1");
    expect(first).toMatchObject({ code: 0 });
    const release = ["release", "--for", "1s", "--backup", "/backup"];
    const released = await migrate("codex_deployer", ...release);
    expect(released).toMatchObject({ code: 0, said: expect.stringContaining("16/16 checks") });

    const codex = createCodex({
      connectionString: db.url("codex_api"),
      service: { connectionString: db.url("codex_worker") },
      cursorSecret,
    });
    const { keys } = await keyedWorkspace(codex);
    await codex.close();
    const [api, worker] = [await startApi(), await startWorker()];
    const { url, admin } = await addressesOf(api);
    expect(await statusOf(`${admin}/livez`)).toBe(200);
    await expect.poll(() => statusOf(`${admin}/readyz`)).toBe(200);
    expect(await statusOf(`${admin}/metrics`)).toBe(200);
    expect(await statusOf(`${url}/metrics`)).toBe(404);
    expect(await statusOf(`${url}/docs/swagger-ui.css`)).toBe(200);
    expect(await statusOf(`${url}/trpc/campaigns.list`)).toBe(401);
    expect(await statusOf(`${url}/trpc/campaigns.list`, keys.viewer)).toBe(200);
    const { admin: workerAdmin } = await addressesOf(worker);
    await expect.poll(() => statusOf(`${workerAdmin}/readyz`)).toBe(200);
    const said = expect.stringContaining('"msg":"stopped"');
    expect(await api.stop()).toMatchObject({ code: 0, said });
    expect(await worker.stop()).toMatchObject({ code: 0, said });
  });

  it("stop when they are asked to before Node has started", async () => {
    const environment = { DATABASE_URL: db.url("codex_deployer") };
    const args = ["watch", "--for", "10m"];
    const starts = [
      startApi,
      startWorker,
      () => podman.start("codex-migrate", { environment, args, folders: ["/tmp"] }),
    ];
    for (const start of starts) {
      const container = await start();
      const ended = await container.stop();
      // One that had come far enough to hear the signal says so; the others end by it.
      const how = ended.code === 143 ? "by the signal" : ended.said;
      expect(how).toMatch(/by the signal|"msg":"stopped"|Stopped by SIGTERM/u);
    }
  });
});
