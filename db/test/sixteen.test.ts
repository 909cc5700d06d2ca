import { canMakeDatabases, requireTool, testDatabase } from "@codex/testkit";
import type { TestDatabase } from "@codex/testkit";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkNames, inRolledBack, runCheck } from "./support/check.ts";
import { readDbFile } from "./support/files.ts";

const run = promisify(execFile);
const functionName = "unlock_achievement";
const functionCheck = `2.4-${functionName}`;

describe.runIf(canMakeDatabases())("the sixteen checks", async () => {
  let db: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    db = await testDatabase({ own: true });
    client = await db.connect();
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const names = await checkNames("sixteen");
  const contracts = names.filter((name) => name !== functionCheck);

  it("are the sixteen of the plan", () => {
    expect(names.map((name) => name.split("-")[0])).toEqual(
      "1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4 3.1 3.2 3.3 3.4 4.1 4.2 5.1 5.2".split(" "),
    );
  });

  it.each(names)("%s passes on the migrated database", async (name) => {
    expect(await inRolledBack(client, () => runCheck(client, `sixteen/${name}`))).toEqual([]);
  });

  describe.each(contracts)("%s", (name) => {
    it("names each part of the contract that is taken away", async () => {
      for (const table of await tablesOf(name)) {
        for (const object of await partsOf(client, table)) {
          const findings = await inRolledBack(client, async () => {
            await client.query(removal(table, object));
            return runCheck(client, `sixteen/${name}`);
          });
          expect(findings.map((finding) => finding.object)).toContain(`${table}: ${object}`);
        }
      }
    });

    it("names what was added beside the contract, and what was changed", async () => {
      for (const table of await tablesOf(name)) {
        const findings = await inRolledBack(client, async () => {
          await client.query(`create policy all_open on ${table} for all to codex_app using (true);
            grant delete, truncate on ${table} to codex_app;
            alter table ${table} add column note text;
            alter table ${table} alter column created_at drop not null`);
          return runCheck(client, `sixteen/${name}`);
        });
        expect(findings).toEqual(
          expect.arrayContaining([
            { object: `${table}: policy all_open`, detail: expect.stringContaining("unexpected") },
            { object: `${table}: column note`, detail: "unexpected: text" },
            {
              object: `${table}: grant to codex_app`,
              detail: expect.stringContaining("expected:"),
            },
            {
              object: `${table}: column created_at`,
              detail: expect.stringContaining("expected: timestamp with time zone not null"),
            },
          ]),
        );
      }
    });

    it("is red when the table is missing", async () => {
      const [table] = await tablesOf(name);
      const findings = await inRolledBack(client, async () => {
        await client.query(`drop table ${table} cascade`);
        return runCheck(client, `sixteen/${name}`);
      });
      expect(findings).toContainEqual({
        object: `${table}: table`,
        detail: expect.stringContaining("missing"),
      });
    });
  });

  it("end verify.sql with exit code 3 when one is red, and 0 when none is", async () => {
    const script = new URL("../checks/verify.sql", import.meta.url).pathname;
    const verify = () =>
      run(requireTool("psql"), ["-X", "-f", script, db.url()]).then(
        ({ stdout }) => ({ code: 0, stdout }),
        (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
      );
    expect(await verify()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("16/16 checks passed"),
    });
    await client.query("alter table codex.campaigns no force row level security");
    expect(await verify()).toMatchObject({
      code: 3,
      stdout: expect.stringContaining("RED: 1 of 16"),
    });
    await client.query("alter table codex.campaigns force row level security");
  });

  describe(functionCheck, () => {
    it.each([
      [
        "awards again",
        "if v_refusal is not null then",
        "if v_refusal = 'Achievement already unlocked' then return query select true, '', 600; elsif v_refusal is not null then",
        "step 3: unlock first",
      ],
      ["awards what is inactive", "v_asked.status <> 'active'", "false", "step 4: unlock asleep"],
      [
        "awards what is not met",
        "< (v_asked.criteria ->> 'threshold')::numeric",
        "< 0",
        "step 5: unlock far",
      ],
      [
        "forgets the prerequisite",
        "v_asked.prerequisite_id is not null",
        "false",
        "step 1: unlock second",
      ],
      [
        "counts no points",
        "lifetime_points = lifetime_points + v_earned",
        "lifetime_points = lifetime_points",
        "codex.user_stats",
        "tg_points_ledger__apply",
      ],
    ])("finds that the function %s", async (_, right, wrong, object, file = functionName) => {
      const text = await readDbFile(`functions/${file}.sql`);
      expect(text).toContain(right);
      const findings = await inRolledBack(client, async () => {
        await client.query(`set local role codex_owner; ${text.replace(right, wrong)}; reset role`);
        return runCheck(client, `sixteen/${functionCheck}`);
      });
      expect(findings.map((finding) => finding.object)).toContain(object);
    });

    it("finds that the level does not follow the points", async () => {
      const findings = await inRolledBack(client, async () => {
        await client.query(`alter table codex.user_stats drop constraint user_stats_level_follows_points_check;
          drop trigger _200_update_experience_level on codex.user_stats`);
        return runCheck(client, `sixteen/${functionCheck}`);
      });
      expect(findings).toEqual([{ object: "codex.user_stats", detail: expect.any(String) }]);
    });
  });
});

async function tablesOf(check: string): Promise<string[]> {
  const text = await readDbFile(`checks/sixteen/${check}.sql`);
  return [...text.matchAll(/\('(codex\.\w+)', 'table'/g)].map((match) => match[1] ?? "");
}

async function partsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ object: string }>(
    "select object from codex.describe_table($1::regclass) where object !~ '^comment'",
    [table],
  );
  return rows.map((row) => row.object);
}

// How to take one part of a table away.
function removal(table: string, object: string): string {
  const [kind, ...rest] = object.split(" ");
  const name = rest.join(" ");
  switch (kind) {
    case "table":
      return `alter table ${table} no force row level security`;
    case "column":
      return `alter table ${table} drop column ${name} cascade`;
    case "constraint":
      return `alter table ${table} drop constraint ${name} cascade`;
    case "index":
      return `drop index ${name}`;
    case "policy":
      return `drop policy ${name} on ${table}`;
    case "trigger":
      return `drop trigger ${name} on ${table}`;
    case "grant":
      return `revoke all on ${table} from ${rest.at(-1)}`;
    default:
      throw new Error(`no way is known to take away: ${object}`);
  }
}
