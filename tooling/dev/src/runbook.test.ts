import {
  canMakeDatabases,
  createDatabase,
  createLogins,
  requireTool,
  startPostgres,
} from "@codex/testkit";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkout } from "./checkout.ts";
import { run } from "./run.ts";

interface Step {
  readonly command: string;
  readonly expected: string;
}

// Each command stands in a block of its own, with what it must say below it.
async function readSteps(): Promise<Step[]> {
  const text = await readFile(join(checkout, "docs/runbook.md"), "utf8");
  return [...text.matchAll(/```sh\n([\s\S]*?)```\nExpect: `(.*)`/g)].map((match) => ({
    command: match[1]?.trim() ?? "",
    expected: match[2] ?? "",
  }));
}

describe.runIf(canMakeDatabases())("docs/runbook.md", () => {
  it("says what its commands say", async () => {
    requireTool("psql");
    requireTool("pg_dump");
    // Debian's pg_dump is of 15 and refuses a newer server.
    await using server = await startPostgres({ major: 15 });
    await using database = await createDatabase(server);
    const folder = await mkdtemp(join(tmpdir(), "codex-runbook-"));
    const steps = await readSteps();
    expect(steps.length).toBeGreaterThan(8);
    for (const { command, expected } of steps) {
      const { code, stdout, stderr } = await run("bash", ["-c", command], {
        environment: {
          ADMIN_URL: database.url(),
          DATABASE_URL: server.url(database.name, "codex_deployer"),
          BACKUP: join(folder, "backup"),
          PATH: `${join(process.execPath, "..")}:/usr/local/bin:/usr/bin:/bin`,
        },
      });
      const said = `${stdout}${stderr}`;
      expect({ command, code, said: said.trim() }).toEqual({
        command,
        code: 0,
        said: expect.stringMatching(new RegExp(expected, "m")),
      });
      // The operator's part: a login for each role, once the roles are there.
      if (command.includes("bootstrap")) await createLogins(server);
    }
    await rm(folder, { recursive: true });
    // Alone half a minute.
  }, 600_000);
});
