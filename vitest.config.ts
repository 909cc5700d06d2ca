import { defineConfig } from "vitest/config";
import { isPipeline } from "./tooling/testkit/src/env.ts";

export default defineConfig({
  test: {
    include: ["{apps,db,examples,packages,tooling}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/.codex/**"],
    globalSetup: "./tooling/testkit/src/global-setup.ts",
    testTimeout: 60_000,
    // A second, the default, is short on two cores at work.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
    // Two cores; each worker may start servers besides.
    maxWorkers: 2,
    reporters: isPipeline
      ? ["default", ["json", { outputFile: ".codex/test-results.json" }]]
      : ["default"],
  },
});
