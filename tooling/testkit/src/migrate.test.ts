import { expect, test } from "vitest";
import { migrate } from "./migrate.ts";

test("a failed command throws with its arguments, exit code and output, and no password", async () => {
  const url = "postgresql://nobody:hidden@127.0.0.1:1/nowhere";
  const error: unknown = await migrate(url, "up").catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(/codex-migrate up exited with \d+:\n./);
  expect(String(error)).not.toContain("hidden");
});
