import { canMakeDatabases, startPostgres } from "@codex/testkit";
import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { openProject } from "./support/project.ts";
import type { Project } from "./support/project.ts";

const run = promisify(execFile);
const deploy = join(import.meta.dirname, "../deploy");

// What the container holds: the bundle and the db folder, and no node_modules.
async function bundle(project: Project): Promise<string> {
  const app = join(project.dir, "app");
  await run(process.execPath, [join(deploy, "bundle.ts"), app]);
  const bin = join(project.dir, "bin");
  await mkdir(bin);
  await writeFile(
    join(bin, "codex-migrate"),
    `#!/bin/sh\nexec ${process.execPath} ${app}/codex-migrate.mjs "$@"\n`,
  );
  await chmod(join(bin, "codex-migrate"), 0o755);
  return bin;
}

describe.runIf(canMakeDatabases())("the pipelines of deploy/", { timeout: 180_000 }, () => {
  it("run their commands, in order, from the bundle, with logins of least rights", async () => {
    await using server = await startPostgres({ major: 15 });
    await using project = await openProject({ server });
    await project.run(["up", "--to", "1"]);
    await project.ask("drop role codex_deployer");
    await project.ask(await readFile(join(deploy, "roles.sql"), "utf8"));
    const logins = ["codex_planner", "codex_deployer", "codex_scratch"];
    for (const login of logins) {
      await project.ask(`alter role ${login} password '${server.address.password}'`);
      await project.ask(`grant connect on database ${project.database.name} to ${login}`);
    }
    const workflow = await readFile(join(deploy, "github-actions.yml"), "utf8");
    const commands = [...workflow.matchAll(/run: (codex-migrate .*)$/gm)].map(
      ([, command = ""]) => command,
    );
    expect(commands.map((command) => command.split(" ")[1])).toEqual([
      "plan",
      "lint",
      "rehearse",
      "release",
      "audit",
    ]);
    const job = await readFile(join(deploy, "kubernetes-job.yml"), "utf8");
    const list = /args:\s*\[([\s\S]*?)\]/.exec(job)?.[1] ?? "";
    const args = [...list.matchAll(/"([^"]*)"/g)].map(([, arg = ""]) => arg);
    expect(args[0]).toBe("release");
    commands.push(`codex-migrate ${args.join(" ")}`);
    await mkdir(join(project.dir, "backup"));
    const bin = await bundle(project);
    for (const command of commands) {
      // Parsing needs a package that the bundle leaves out, so lint runs from the checkout.
      const isLint = command.startsWith("codex-migrate lint");
      const login = /migrate (plan|lint|rehearse)/.test(command)
        ? "codex_planner"
        : "codex_deployer";
      const environment = {
        PATH: `${bin}:/usr/bin:/bin`,
        DATABASE_URL: server.url(project.database.name, login),
        CODEX_MIGRATE_SCRATCH_URL: server.url("postgres", "codex_scratch"),
        CODEX_MIGRATE_DIR: project.dir,
        CODEX_MIGRATE_EVERY: "1",
        LIVE_VERSION: "1.0.0",
      };
      const text = command.replace("30m", "1s").replaceAll("/backup/", `${project.dir}/backup/`);
      const outcome = isLint
        ? await project.run(text.split(" ").slice(1), { url: environment.DATABASE_URL })
        : await run("sh", ["-c", text], { cwd: project.dir, env: environment }).then(
            () => ({ code: 0, output: "" }),
            (error: { code: number; stderr: string }) => ({
              code: error.code,
              output: error.stderr,
            }),
          );
      expect({ command, ...outcome }).toEqual({ ...outcome, command, code: 0 });
    }
    expect((await project.run(["status"])).output).toContain("2 applied, 0 pending");
    expect(await readFile(join(project.dir, "backup/codex.dump"))).not.toHaveLength(0);
  });

  it("the bundle says what lint lacks there", async () => {
    await using project = await openProject();
    const bin = await bundle(project);
    const env = { PATH: `${bin}:/usr/bin:/bin` };
    await expect(
      run("codex-migrate", ["lint", "--from", "1", "--dir", project.dir], { env }),
    ).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("lint needs the package libpg-query"),
    });
  });
});
