import { canMakeDatabases } from "@codex/testkit";
import { describe, expect, it } from "vitest";
import { readMigrations } from "../src/runner/files.ts";
import { isFull } from "./support/env.ts";
import { openProject, realDb } from "./support/project.ts";

// The newest two are what a change touches; a sample of the others, which a change of a check can break.
const isTried = (version: number, head: number): boolean =>
  isFull || version > head - 2 || version % 10 === 2;

describe.runIf(canMakeDatabases())("each version of the real files", () => {
  // A release may stop at any of them: its checks are those of that version, whatever came later.
  it("is reached by itself, with its checks green, and left again", async () => {
    await using project = await openProject();
    const versions = (await readMigrations(realDb)).map(({ version }) => version);
    const head = Math.max(...versions);
    const plan = versions.filter((version) => version >= 17 && isTried(version, head));
    const go = async (command: "up" | "down", to: number): Promise<void> => {
      const { code, output } = await project.run([command, "--to", String(to), "--dir", realDb]);
      expect({ to, code, output }).toEqual({ to, code: 0, output: expect.any(String) });
    };
    for (const version of plan) await go("up", version);
    for (const version of plan.slice(0, -1).toReversed()) await go("down", version);
  }, 600_000);
});
