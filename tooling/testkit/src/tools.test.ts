import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { requireTool } from "./tools.ts";

afterEach(() => vi.unstubAllEnvs());

test("a program is found on the search path", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codex-tools-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "psql"), "", { mode: 0o755 });
  vi.stubEnv("PATH", `/nowhere:${folder}`);
  expect(requireTool("psql")).toBe(join(folder, "psql"));
});

test("a missing program fails with what to install", () => {
  vi.stubEnv("PATH", "/nowhere");
  expect(() => requireTool("chromium")).toThrow(
    'chromium is not installed; run "apt-get install chromium".',
  );
});
