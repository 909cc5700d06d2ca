import { canMakeDatabases, testDatabase } from "@codex/testkit";
import type { TestDatabase } from "@codex/testkit";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const agentsFile = new URL("../data/agents.json", import.meta.url);

describe.runIf(canMakeDatabases())("the seed", () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase({ own: true });
  });
  afterAll(() => db[Symbol.asyncDispose]());

  function seed(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return seedAs("codex_worker", ...args);
  }

  function seedAs(login: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return run(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
      env: { DATABASE_URL: db.url(login) },
    });
  }

  // Every row of every table, so that a second run can be seen to change nothing.
  async function contents(): Promise<string[]> {
    const { rows: tables } = await db.admin.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'codex'::regnamespace and relkind = 'r'",
    );
    const all: string[] = [];
    for (const { name } of tables) {
      const { rows } = await db.admin.query<{ row: string }>(
        `select t::text as row from codex.${name} t order by 1`,
      );
      all.push(...rows.map(({ row }) => `${name}: ${row}`));
    }
    return all;
  }

  async function count(sql: string): Promise<number> {
    const { rows } = await db.admin.query<{ count: number }>(
      `select count(*)::integer as count from ${sql}`,
    );
    return rows[0]?.count ?? 0;
  }

  it("refuses a bad row with one sentence that names it, and seeds nothing", async () => {
    const folder = await mkdtemp(join(tmpdir(), "codex-seed-"));
    const file = join(folder, "agents.json");
    const agents: unknown[] = JSON.parse(await readFile(agentsFile, "utf8"));
    await writeFile(
      file,
      JSON.stringify([...agents.slice(0, 3), { ...Object(agents[3]), guild: "bakers" }]),
    );
    await expect(seed(file)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/agents\.json, row 4, guild: .*nothing was seeded\.\n$/),
    });
    await rm(folder, { recursive: true });
    expect(await count("codex.agent_registry")).toBe(0);
  });

  it("says which role the login lacks", async () => {
    await expect(seedAs("codex_api")).rejects.toMatchObject({
      stderr: expect.stringContaining("cannot become codex_service"),
    });
  });

  it("fills reference data, at least 70 agents with capabilities, and the demo workspace", async () => {
    await seed();
    expect(await count("codex.agent_registry where status = 'active'")).toBeGreaterThanOrEqual(70);
    expect(await count("codex.agent_registry where guild = 'council_of_lords'")).toBe(7);
    expect(
      await count(
        "codex.agent_registry r where not exists (select from codex.agent_capabilities where agent_id = r.id)",
      ),
    ).toBe(0);
    for (const table of "journey_stages channel_roles maneuver_types user_workspaces positioning message_architecture campaigns campaign_quests campaign_cohorts achievements user_achievements competitors intelligence_signals market_insights system_alerts user_notifications".split(
      " ",
    )) {
      expect(await count(`codex.${table}`), table).toBeGreaterThan(0);
    }
  });

  it("changes nothing the second time", async () => {
    const before = await contents();
    expect((await seed()).stdout).toContain("0 rows changed");
    expect(await contents()).toEqual(before);
  });
});
