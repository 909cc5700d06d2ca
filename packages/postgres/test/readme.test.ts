import { canMakeDatabases } from "@codex/testkit";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { acme, makeLedger } from "./ledger.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

describe("README.md", () => {
  it("shows the example as it is", async () => {
    const readme = await readFile(join(root, "README.md"), "utf8");
    expect(readme).toContain(await readFile(join(root, "examples/tenants.ts"), "utf8"));
  });

  it.runIf(canMakeDatabases())("shows an example that runs", async () => {
    await using ledger = await makeLedger();
    const { stdout } = await run(process.execPath, [join(root, "examples/tenants.ts")], {
      env: { DATABASE_URL: ledger.url, TENANT: acme },
    });
    expect(stdout.trim()).toBe("3 { sum: 6 } refused 25006");
  });
});
