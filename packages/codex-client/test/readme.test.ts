import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { makeWorld } from "./world.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

describe("README.md", () => {
  it("shows the examples as they are", async () => {
    const readme = await readFile(join(root, "README.md"), "utf8");
    for (const name of ["calls", "events", "query"])
      expect(readme).toContain(await readFile(join(root, "examples", `${name}.ts`), "utf8"));
  });

  it("shows examples that run", async () => {
    await using world = await makeWorld();
    const { secret } = await world.key("creator");
    const outputOf = async (name: string): Promise<string> => {
      const { stdout, stderr } = await run(
        process.execPath,
        [join(root, "examples", `${name}.ts`)],
        { env: { API_URL: world.api.url, API_KEY: secret } },
      );
      expect(stderr).toBe("");
      return stdout.trim();
    };
    expect(await outputOf("calls")).toBe("1 1\nit is at version 1");
    expect(await outputOf("events")).toBe("connecting\npending\ncampaign.created true");
    expect(await outputOf("query")).toBe("Launch,Launch");
  });
});
