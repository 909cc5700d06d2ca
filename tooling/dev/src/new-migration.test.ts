import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { checkout } from "./checkout.ts";

const run = promisify(execFile);

it("pnpm db:new makes a rollback that asks about rows", async () => {
  const text = await readFile(join(checkout, "package.json"), "utf8");
  const { scripts } = JSON.parse(text) as { scripts: Record<string, string> };
  const [, ...command] = scripts["db:new"]?.split(" ") ?? [];
  const folder = await mkdtemp(join(tmpdir(), "codex-new-"));
  for (const name of ["migrations", "rollbacks"]) await mkdir(join(folder, name));
  await run(process.execPath, [...command, "add_things", "--dir", folder], { cwd: checkout });
  expect(await readFile(join(folder, "rollbacks/001_add_things.sql"), "utf8")).toContain("KX009");
  expect(await readFile(join(folder, "migrations/001_add_things.sql"), "utf8")).toMatch(/^--/);
  await rm(folder, { recursive: true });
});
