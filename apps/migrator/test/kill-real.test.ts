import { canMakeDatabases } from "@codex/testkit";
import type pg from "pg";
import { describe, expect, it } from "vitest";
import { fingerprintOf, readCatalog } from "../src/catalog/catalog.ts";
import { readMigrations } from "../src/runner/files.ts";
import { readHeaders } from "../src/runner/headers.ts";
import { isEvery, isFull } from "./support/env.ts";
import { goThrough, killAt } from "./support/kill.ts";
import { openProject, realDb } from "./support/project.ts";
import { startStatementProxy } from "./support/statement-proxy.ts";
import type { Point } from "./support/statement-proxy.ts";

// What stands in the database: the ledger's version, and the catalog.
interface State {
  readonly version: number;
  readonly fingerprint: string;
}

async function stateOf(client: pg.Client): Promise<State> {
  const { rows } = await client.query<{ version: number }>(
    `select coalesce(sum(case direction when 'up' then 1 else -1 end), 0)::integer as version
     from codex_migrator.ledger where direction in ('up', 'down')`,
  );
  return { version: rows[0]?.version ?? 0, fingerprint: fingerprintOf(await readCatalog(client)) };
}

// Every statement is 120 kills and more for each file, which is for a file that is new. In full the newest files have
// a kill at every twelfth, since a change touches them; what is released stays as it is and has one in each file, at a
// point of its own. Every twelfth of all 44 files took 40 minutes beside the other tests.
const newest = 3;
const strideOfNewest = 12;

// A sample is one point of every 24th file, 028 without a transaction among them.
const isTried = (at: number): boolean => isFull || at % 24 === 3;

// Both sides of every statement are the same boundaries but for the two ends; each is one point.
function pointsOf(statements: number, file: number, files: number): Point[] {
  const after = Array.from({ length: statements }, (_, at): Point => {
    return { moment: "after", statement: at + 1 };
  });
  const all: Point[] = [{ moment: "before", statement: 1 }, ...after];
  if (isEvery) return all;
  if (isFull && file >= files - newest) return all.filter((_, at) => at % strideOfNewest === 6);
  // A tenth further in each file than in the one before it: begin, middle and end are all met.
  const place = Math.floor((all.length * (file % 10)) / 10);
  return all.slice(place, place + 1);
}

describe.runIf(canMakeDatabases())("SIGKILL at the statements of the real files", () => {
  it(
    "leaves exactly before or after of the file, and the next run ends it",
    async (context) => {
      await using project = await openProject();
      await using proxy = await startStatementProxy({ port: project.server.address.port });
      const client = await project.database.connect();
      const stage = { project, proxy };
      const upTo = (version: number): string[] => ["up", "--to", String(version), "--dir", realDb];
      const downTo = (version: number): string[] => ["down", ...upTo(version).slice(1)];
      const files = await readMigrations(realDb);
      let kills = 0;
      for (const [at, { version, name, text }] of files.entries()) {
        if (!isTried(at)) continue;
        if (!isFull) await goThrough(stage, upTo(version - 1));
        const isStepwise = !readHeaders(text, name).transaction;
        const before = version === 1 ? undefined : await stateOf(client);
        const statements = await goThrough(stage, upTo(version));
        const after = await stateOf(client);
        await goThrough(stage, downTo(version - 1));
        const wanted = before ?? (await stateOf(client));
        for (const point of pointsOf(statements, at, files.length)) {
          await killAt(stage, point, upTo(version));
          kills += 1;
          if (isStepwise) {
            // Between its statements it is neither before nor after: the next run goes on where it stopped.
            await goThrough(stage, upTo(version));
            expect(await stateOf(client), `${name}, ${JSON.stringify(point)}`).toEqual(after);
            await goThrough(stage, downTo(version - 1));
            continue;
          }
          const killed = await stateOf(client);
          expect([wanted, after], `${name}, ${JSON.stringify(point)}`).toContainEqual(killed);
          if (killed.version === version) await goThrough(stage, downTo(version - 1));
        }
        await goThrough(stage, upTo(version));
        expect(await stateOf(client)).toEqual(after);
      }
      await context.annotate(`${kills} kills in ${files.length} files`);
    },
    isEvery ? 7_200_000 : 1_200_000,
  );
});
