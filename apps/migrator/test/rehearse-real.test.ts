import { canMakeDatabases, requireTool, startPostgres } from "@codex/testkit";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readMigrations } from "../src/runner/files.ts";
import { isFull } from "./support/env.ts";
import { openProject, realDb } from "./support/project.ts";

describe.runIf(canMakeDatabases())("rehearse", async () => {
  const versions = (await readMigrations(realDb)).map(({ version }) => version);
  // A sample is the newest three, which a change touches: 30 files take more than a minute of a core. In full the
  // oldest server and the newest take them all.
  const newest = String(Math.max(...versions) - 3);
  const all = isFull ? "12" : newest;

  // 15 and 16 keep grants on dropped columns; 17 and 18 do not. A sample is the oldest; `each-version.test.ts` goes up
  // and down on the newest. Each has one of the two ways to a clone, so that both are gone on an old and on a new one.
  const servers = [
    [
      "Debian's 15",
      { major: 15, installed: join(requireTool("postgres"), "../..") },
      "--json",
      all,
    ],
    ["npm's 18", { major: 18 }, "--template", all],
    ["npm's 15", { major: 15 }, "--template", newest],
    ["npm's 16", { major: 16 }, "--template", newest],
    ["npm's 17", { major: 17 }, "--json", newest],
  ] as const;
  it.each(isFull ? servers : servers.slice(0, 1))(
    "takes the real files back and brings them on again on %s",
    async (_, options, way, from) => {
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
        ["up", "--to", from],
        ["rehearse", way],
        ["up"],
        ["down", "--to", from],
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
    // All of them take a minute each on two idle cores, and two beside the other tests.
    480_000,
  );
});
