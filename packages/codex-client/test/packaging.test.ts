import { build } from "esbuild";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld } from "./world.ts";

const run = promisify(execFile);
const checkout = resolve(import.meta.dirname, "../../..");
const root = join(checkout, "packages/codex-client");
const pnpm = (args: string[], cwd: string): Promise<{ stdout: string }> =>
  run("npx", ["-y", "pnpm@12", ...args], { cwd, maxBuffer: 64 * 1024 * 1024 });

describe("the packed client", () => {
  let folder: string;
  let tarballs: string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "codex-client-pack-"));
    const tsc = join(checkout, "node_modules/.bin/tsc");
    for (const name of ["db", "packages/postgres", "packages/codex-sdk", "packages/codex-client"]) {
      await run(tsc, ["-p", join(checkout, name)]);
      await pnpm(["pack", "--pack-destination", folder], join(checkout, name));
    }
    tarballs = (await readdir(folder)).map((file) => join(folder, file));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const tarball = (word: string): string => tarballs.find((path) => path.includes(word)) ?? "";

  // What a checker of packages says; nothing when it is content.
  const complaints = (checker: string, args: readonly string[]): Promise<string> =>
    run(join(root, "node_modules/.bin", checker), [...args]).then(
      () => "",
      ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
    );

  it("is as publint wants it", async () => {
    expect(await complaints("publint", [tarball("codex-client"), "--strict"])).toBe("");
  });

  it("has types that resolve (attw), as ES modules", async () => {
    const flags = ["--profile", "esm-only", "--format", "ascii"];
    expect(await complaints("attw", [tarball("codex-client"), ...flags])).toBe("");
  });

  it("installs into a project of its own and works there", async () => {
    const project = join(folder, "project");
    await mkdir(project);
    const files = Object.fromEntries(
      ["client", "sdk", "postgres", "db"].map((name) => [
        `@codex/${name}`,
        `file:${tarball(`codex-${name}`)}`,
      ]),
    );
    const manifest = { name: "scratch", private: true, type: "module", dependencies: files };
    await writeFile(join(project, "package.json"), JSON.stringify(manifest));
    await writeFile(
      join(project, "pnpm-workspace.yaml"),
      JSON.stringify({ packages: [], overrides: files }),
    );
    await writeFile(
      join(project, "main.mjs"),
      `import { createCodexClient, isCodexError } from "@codex/client";
const codex = createCodexClient({ url: process.env.API_URL, apiKey: process.env.API_KEY });
const { id, name } = await codex.campaigns.create.mutate({ name: "Packed" });
const missing = await codex.quests.get.query({ id }).catch((error) => error);
console.log(name, isCodexError(missing, "NotFound"));
`,
    );
    await pnpm(["install", "--prefer-offline"], project);
    await using world = await makeWorld();
    const { secret } = await world.key("creator");
    const { stdout } = await run(process.execPath, ["main.mjs"], {
      cwd: project,
      env: { API_URL: world.api.url, API_KEY: secret },
    });
    expect(stdout.trim()).toBe("Packed true");
  });

  it("bundles for a browser, without a driver, a schema library or the server", async () => {
    for (const entry of ["index.ts", "react-query.ts"]) {
      const { metafile, outputFiles } = await build({
        entryPoints: [join(root, "src", entry)],
        bundle: true,
        minify: true,
        write: false,
        metafile: true,
        platform: "browser",
        format: "esm",
        logLevel: "silent",
        external: ["react", "@tanstack/react-query"],
      });
      const inputs = Object.keys(metafile.inputs);
      expect(inputs.length, entry).toBeGreaterThan(0);
      // With platform "browser" a module of Node's would have failed the build.
      const foreign = inputs.filter((path) =>
        /\/pg[-@/]|kysely|zod|apps\/|postgres|eventsource|jose/u.test(path),
      );
      expect(foreign, entry).toEqual([]);
      const ofSdk = inputs.filter((path) => path.includes("codex-sdk/"));
      expect(ofSdk, entry).toEqual(ofSdk.filter((path) => path.endsWith("src/errors.ts")));
      const { contents = new Uint8Array() } = outputFiles[0] ?? {};
      const kilobytes = (bytes: Uint8Array): string => (bytes.length / 1_000).toFixed(1);
      console.log(
        `${entry}: ${kilobytes(contents)} kB, compressed ${kilobytes(gzipSync(contents))} kB`,
      );
      expect(contents.length, entry).toBeLessThan(60_000);
    }
  });
});
