import { testDatabase } from "@codex/testkit";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

describe("README.md", () => {
  it("shows the examples as they are", async () => {
    const readme = await readFile(join(root, "README.md"), "utf8");
    for (const name of ["alert", "campaign", "events", "executions", "notifications"])
      expect(readme).toContain(await readFile(join(root, "examples", `${name}.ts`), "utf8"));
  });

  it("shows examples that run", async () => {
    await using db = await testDatabase();
    const outputOf = async (name: string): Promise<string> => {
      const { stdout } = await run(process.execPath, [join(root, "examples", `${name}.ts`)], {
        env: { APP_URL: db.url("codex_api"), SERVICE_URL: db.url("codex_worker") },
      });
      return stdout.trim();
    };
    expect(await outputOf("campaign")).toBe("it is at version 1\nLaunch\n1 2 2");
    expect(await outputOf("alert")).toBe("opened told told");
    expect(await outputOf("events")).toBe("true true");
    expect(await outputOf("notifications")).toBe("1 1 0 opted_out\nLaunched");
    expect(await outputOf("executions")).toBe("succeeded\ntrue 1");
  });
});
