import { build } from "esbuild";
import { canMakeDatabases, testDatabase } from "@codex/testkit";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const checkout = resolve(import.meta.dirname, "../../..");
const packages = ["db", "packages/postgres", "packages/codex-sdk"] as const;
const pnpm = (args: string[], cwd: string): Promise<{ stdout: string }> =>
  run("npx", ["-y", "pnpm@12", ...args], { cwd, maxBuffer: 64 * 1024 * 1024 });

describe("the packed SDK", () => {
  let folder: string;
  let tarballs: string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "codex-pack-"));
    const tsc = join(checkout, "node_modules/.bin/tsc");
    for (const name of packages) {
      await run(process.execPath, [tsc, "-p", join(checkout, name)]).catch(async () =>
        run(tsc, ["-p", join(checkout, name)]),
      );
      await pnpm(["pack", "--pack-destination", folder], join(checkout, name));
    }
    tarballs = (await readdir(folder)).map((file) => join(folder, file));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const tarball = (word: string): string => tarballs.find((path) => path.includes(word)) ?? "";

  // What a checker of packages says; nothing when it is content.
  const complaints = async (checker: string, args: readonly string[]): Promise<string> => {
    const program = join(checkout, "packages/codex-sdk/node_modules/.bin", checker);
    return run(program, [...args]).then(
      () => "",
      ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
    );
  };

  it("is as publint wants it", async () => {
    for (const word of ["codex-sdk", "codex-postgres"])
      expect(await complaints("publint", [tarball(word), "--strict"]), word).toBe("");
  });

  it("has types that resolve (attw), as ES modules", async () => {
    const flags = ["--profile", "esm-only", "--format", "ascii"];
    for (const word of ["codex-sdk", "codex-postgres"])
      expect(await complaints("attw", [tarball(word), ...flags]), word).toBe("");
  });

  it.runIf(canMakeDatabases())("installs into a project of its own and works there", async () => {
    const project = join(folder, "project");
    await mkdir(project);
    const files = {
      "@codex/sdk": `file:${tarball("codex-sdk")}`,
      "@codex/postgres": `file:${tarball("codex-postgres")}`,
      "@codex/db": `file:${tarball("codex-db")}`,
    };
    await writeFile(
      join(project, "package.json"),
      JSON.stringify({ name: "scratch", private: true, type: "module", dependencies: files }),
    );
    await writeFile(
      join(project, "pnpm-workspace.yaml"),
      JSON.stringify({ packages: [], overrides: files }),
    );
    await writeFile(
      join(project, "main.mjs"),
      `import { createCodex } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";
import { isCodexError } from "@codex/sdk/errors";
import { createCampaignInput } from "@codex/sdk/schemas";
const codex = createCodex({ connectionString: process.env.URL });
await codex.check();
const { creator } = await makeTestWorkspace(codex);
const input = createCampaignInput.parse({ name: "Packed" });
const { id } = await creator.ws.campaigns.create(input);
const missing = await creator.ws.campaigns.get(creator.userId).catch((error) => error);
console.log((await creator.ws.campaigns.get(id)).name, isCodexError(missing, "NotFound"));
await codex.close();
`,
    );
    await pnpm(["install", "--prefer-offline"], project);
    await using db = await testDatabase();
    const { stdout } = await run(process.execPath, ["main.mjs"], {
      cwd: project,
      env: { URL: db.url("codex_api") },
    });
    expect(stdout.trim()).toBe("Packed true");
  });

  it("reaches no driver from errors and schemas, which bundle for a browser", async () => {
    const bundle = async (entry: string): Promise<string[]> => {
      const { metafile } = await build({
        entryPoints: [join(checkout, "packages/codex-sdk/src", entry)],
        bundle: true,
        write: false,
        metafile: true,
        platform: "browser",
        format: "esm",
        logLevel: "silent",
      });
      return Object.keys(metafile.inputs);
    };
    for (const entry of ["errors.ts", "schemas.ts"]) {
      const inputs = await bundle(entry);
      expect(inputs.length, entry).toBeGreaterThan(0);
      expect(
        inputs.filter((input) => /node_modules\/(?!\.pnpm\/zod|zod)|postgres|kysely/u.test(input)),
        entry,
      ).toEqual([]);
    }
    await expect(bundle("index.ts")).rejects.toThrow(/node:|pg/u);
  });
});
