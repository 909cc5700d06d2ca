import { defineConfig } from "vitest/config";
import { join } from "node:path";
import { isPipeline } from "./tooling/testkit/src/env.ts";
import { LongestFirst } from "./tooling/testkit/src/longest-first.ts";
import { preferMemory } from "./tooling/testkit/src/memory.ts";

preferMemory();

export default defineConfig({
  test: {
    include: ["{apps,db,examples,packages,tooling}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/.codex/**"],
    globalSetup: "./tooling/testkit/src/global-setup.ts",
    // A start of codex-migrate takes 90 ms of a core instead of 250, one of the API 380 instead of 750.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/node") },
    // What holds ends at once: these are for a machine that is busy with other things for half a minute.
    testTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    hookTimeout: 240_000,
    // One more than cores: many files wait, for limits and for leases, while others compute.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    reporters: isPipeline
      ? ["default", ["json", { outputFile: ".codex/test-results.json" }]]
      : ["default"],
  },
});
