import { canMakeDatabases, createLogins, startPostgres } from "@codex/testkit";
import type { PostgresServer } from "@codex/testkit";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openProject } from "./support/project.ts";
import type { Outcome, Project, RunOptions } from "./support/project.ts";

const roles = join(import.meta.dirname, "../deploy/roles.sql");

describe.runIf(canMakeDatabases())("a login that lacks a right", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    // Before 16, who may make roles may also be granted whatever they are.
    server = await startPostgres({ major: 18 });
  });
  afterAll(async () => server.stop());

  // The planner of deploy/roles.sql, in a project with an UPDATE of many rows pending.
  async function openPlanned(): Promise<Planned> {
    const project = await openProject({ server });
    // The one before took the deployer along.
    await createLogins(server);
    await project.run(["up"]);
    await project.ask("insert into codex.one select generate_series(1, 20000)");
    await project.ask("analyze codex.one");
    await project.write("003_rows", "update codex.one set n = 1 where n = 0;");
    await project.ask("drop role if exists codex_deployer");
    await project.ask(await readFile(roles, "utf8"));
    await project.ask(`alter role codex_planner password '${server.address.password}'`);
    const options: RunOptions = {
      url: server.url(project.database.name, "codex_planner"),
      environment: { CODEX_MIGRATE_SCRATCH_URL: server.url("postgres") },
    };
    return {
      project,
      run: (...args) => project.run(args, options),
      [Symbol.asyncDispose]: async () => {
        await project.ask(
          "drop owned by codex_planner; drop role codex_planner, codex_scratch, codex_deployer",
        );
        await project[Symbol.asyncDispose]();
      },
    };
  }

  const rehearse = ["rehearse", "--small-table", "100000"];
  const commands = [["plan"], ["lint"], rehearse];

  it("to connect: is told which, and nothing of a bootstrap", async () => {
    await using planned = await openPlanned();
    const { name } = planned.project.database;
    await planned.project.ask(`revoke connect on database ${name} from codex_planner`);
    for (const args of commands) {
      const { code, output } = await planned.run(...args);
      expect({ code, output }).toEqual({
        code: 1,
        output: expect.stringMatching(
          new RegExp(`${name} may not connect .*: grant connect on database … to that login`),
        ),
      });
    }
  });

  it("to set what DATABASE_URL asks for: is told which setting, and nothing of CONNECT", async () => {
    await using planned = await openPlanned();
    const { project } = planned;
    const url = `${project.server.url(project.database.name, "codex_planner")}?options=${encodeURIComponent("-c log_statement=all")}`;
    const { code, output } = await project.run(["status"], { url });
    expect(code).toBe(1);
    expect(output).toMatch(/denied to set parameter "log_statement": take it out of "options"/);
    expect(output).not.toContain("grant connect");
  });

  it.each([
    ["the ledger", "select", commands],
    ["a table of the ledger", "grant usage on schema codex_migrator to codex_planner", commands],
    [
      "the notes of the ledger",
      "grant usage on schema codex_migrator to codex_planner; grant select on codex_migrator.ledger to codex_planner",
      [["plan"], rehearse],
    ],
  ])("to read %s: is told which, and nothing of a bootstrap", async (_, granted, refused) => {
    await using planned = await openPlanned();
    await planned.project.ask(`revoke pg_read_all_data from codex_planner; ${granted}`);
    for (const args of refused) {
      const { code, output } = await planned.run(...args);
      expect({ args, code, output }).toEqual({
        args,
        code: 1,
        output: expect.stringMatching(/permission denied.*Grant pg_read_all_data to that login$/m),
      });
    }
  });

  it("to make the roles of a throw-away database: audit says what to give, and down goes on with a warning", async () => {
    await using project = await openProject({ server });
    await createLogins(server);
    await project.run(["up"]);
    for (const rights of ["createdb", "createdb createrole"]) {
      await project.ask(`create role half login password '${server.address.password}' ${rights}`);
      await project.ask("grant codex_owner to half");
      const options = { url: server.url(project.database.name, "half") };
      expect(await project.run(["audit"], options)).toMatchObject({
        code: 1,
        output: expect.stringMatching(
          /^codex-migrate: The login may not make the roles of a throw-away database: give --scratch-url/m,
        ),
      });
      expect(await project.run(["down", "--to", "1"], options)).toMatchObject({
        code: 0,
        output: expect.stringMatching(/The way back was not proven.*[\s\S]*Rolled back 1 files/),
      });
      await project.run(["up"], options);
      await project.ask("drop owned by half; drop role half");
    }
  });

  it("to know how many rows a statement changes: is warned and told which, and a member is stopped", async () => {
    await using planned = await openPlanned();
    const { code, output } = await planned.run(...rehearse);
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(
        /warning .*permission denied for table one.*: grant codex_owner to a login that/,
      ),
    });
    await planned.project.ask("grant codex_owner to codex_planner");
    expect(await planned.run(...rehearse)).toMatchObject({
      code: 5,
      output: expect.stringMatching(/error .*about 20,000 of 20,000 rows of codex.one/),
    });
  });
});

interface Planned extends AsyncDisposable {
  readonly project: Project;
  run(...args: readonly string[]): Promise<Outcome>;
}
