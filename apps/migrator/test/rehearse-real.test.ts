import { canMakeDatabases, requireTool, startPostgres } from "@codex/testkit";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isFull } from "./support/env.ts";
import { openProject, realDb } from "./support/project.ts";

describe.runIf(canMakeDatabases())("rehearse, with the real files", { timeout: 240_000 }, () => {
  // 15 and 16 keep grants on dropped columns; 17 and 18 do not. A sample is the oldest and the newest.
  const servers = [
    ["Debian's 15", { major: 15, installed: join(requireTool("postgres"), "../..") }],
    ["npm's 18", { major: 18 }],
    ["npm's 15", { major: 15 }],
    ["npm's 16", { major: 16 }],
    ["npm's 17", { major: 17 }],
  ] as const;
  it.each(isFull ? servers : servers.slice(0, 2))(
    "takes the real files back and brings them on again on %s",
    async (_, options) => {
      const { major } = options;
      await using server = await startPostgres(options);
      await using project = await openProject({ server });
      // Debian's pg_dump is of 15.
      const release = [
        "release",
        "--for",
        "1s",
        ...(major === 15 ? [] : ["--skip-backup", "a test"]),
      ];
      for (const command of [
        ["up", "--to", "12"],
        ["rehearse"],
        ["rehearse", "--template"],
        ["up"],
        ["down", "--to", "12"],
        ["up"],
        ["verify"],
        ["audit"],
        release,
      ]) {
        const outcome = await project.run([...command, "--dir", realDb], {
          url: project.database.url(),
        });
        expect({ command, ...outcome }).toMatchObject({ command, code: 0 });
      }
    },
  );
});
