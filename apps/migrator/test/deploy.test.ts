import { canMakeDatabases, startPostgres } from "@codex/testkit";
import { execFile } from "node:child_process";
import { chmod, chown, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { openProject } from "./support/project.ts";
import type { Project } from "./support/project.ts";

const run = promisify(execFile);
const deploy = join(import.meta.dirname, "../deploy");

const root = join(import.meta.dirname, "../../..");

// What the container holds: the bundle and the db folder, and no node_modules.
async function bundle(project: Project): Promise<string> {
  const app = join(project.dir, "app");
  await run(process.execPath, [join(deploy, "bundle.ts"), app]);
  return join(app, "codex-migrate.mjs");
}

// One login for each part of a release, with no more rights than roles.sql gives it.
async function makeLogins(project: Project): Promise<(login: string) => Record<string, string>> {
  const { server, database } = project;
  await project.ask("drop role codex_deployer");
  await project.ask(await readFile(join(deploy, "roles.sql"), "utf8"));
  for (const login of ["codex_planner", "codex_deployer", "codex_scratch"]) {
    await project.ask(`alter role ${login} password '${server.address.password}'`);
  }
  return (login) => {
    return {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      DATABASE_URL: server.url(database.name, login),
      CODEX_MIGRATE_SCRATCH_URL: server.url("postgres", "codex_scratch"),
      CODEX_MIGRATE_DIR: project.dir,
      CODEX_MIGRATE_EVERY: "1",
    };
  };
}

interface Ended {
  readonly code: number;
  readonly said: string;
}

async function ended(work: Promise<{ stdout: string }>): Promise<Ended> {
  return work.then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
  );
}

describe.runIf(canMakeDatabases())("the pipelines of deploy/", () => {
  it("the workflow runs its commands as they stand, in a checkout, and finds every file that it keeps", async () => {
    await using server = await startPostgres({ major: 15 });
    await using project = await openProject({ server });
    await project.run(["up", "--to", "1"]);
    const environmentOf = await makeLogins(project);
    // A checkout in which a run may write.
    const checkout = join(project.dir, "checkout");
    const backups = join(project.dir, "backups");
    for (const folder of [checkout, backups]) await mkdir(folder);
    await symlink(join(root, "apps"), join(checkout, "apps"));
    const workflow = await readFile(join(deploy, "github-actions.yml"), "utf8");
    const commands = [...workflow.matchAll(/run: (node .*)$/gm)].map(([, command = ""]) => command);
    expect(commands.map((command) => command.split(" ")[2])).toEqual([
      "plan",
      "lint",
      "rehearse",
      "release",
      "audit",
    ]);
    for (const command of commands) {
      const login = / (plan|lint|rehearse) /.test(command) ? "codex_planner" : "codex_deployer";
      const env = { ...environmentOf(login), LIVE_VERSION: "1.0.0", BACKUP_FOLDER: backups };
      const text = command.replace("30m", "1s");
      const outcome = await ended(run("sh", ["-c", text], { cwd: checkout, env }));
      expect({ command, ...outcome }).toMatchObject({ command, code: 0 });
    }
    expect((await project.run(["status"])).output).toContain("2 applied, 0 pending");
    const kept = [...workflow.matchAll(/^ {12}(\w+\.\w+)$/gm)].map(([, name = ""]) => name);
    expect(kept).toHaveLength(8);
    expect(await readdir(checkout)).toEqual(["apps", ...kept].toSorted());
    expect(await readdir(backups)).toEqual([expect.stringMatching(/^codex-001-.*\.dump$/)]);
  });

  it("the Job runs from the bundle as its user, who may write to its volumes alone", async () => {
    await using server = await startPostgres({ major: 15 });
    await using project = await openProject({ server });
    await project.run(["up", "--to", "1"]);
    const environmentOf = await makeLogins(project);
    const job = await readFile(join(deploy, "kubernetes-job.yml"), "utf8");
    const list = /args:\s*\[([\s\S]*?)\]/.exec(job)?.[1] ?? "";
    const [, live = ""] = /name: LIVE_VERSION, value: "(.*?)"/.exec(job) ?? [];
    const backup = join(project.dir, "backup");
    const args = [...list.matchAll(/"([^"]*)"/g)].map(([, arg = ""]) =>
      arg.replace("30m", "1s").replace("/backup", backup).replace("$(LIVE_VERSION)", live),
    );
    expect(args.slice(0, 5)).toEqual(["release", "--for", "1s", "--live-version", "2.3.0"]);
    const user = Number(/runAsUser: (\d+)/.exec(job)?.[1]);
    const group = Number(/fsGroup: (\d+)/.exec(job)?.[1]);
    expect((await readFile(join(deploy, "Containerfile"), "utf8")).match(/^USER (.*)$/m)?.[1]).toBe(
      `${user}:${group}`,
    );
    const main = await bundle(project);
    await mkdir(backup);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) {
      // As a kubelet hands a volume over: to the group, and to nobody else.
      await chmod(project.dir, 0o755);
      await chown(backup, 0, group);
      await chmod(backup, 0o2770);
    }
    const outcome = await ended(
      run(process.execPath, [main, ...args], {
        cwd: "/",
        env: environmentOf("codex_deployer"),
        ...(isRoot ? { uid: user, gid: group } : {}),
      }),
    );
    expect(outcome).toMatchObject({ code: 0 });
    expect((await project.run(["status"])).output).toContain("2 applied, 0 pending");
    expect(await readdir(backup)).toEqual([
      expect.stringMatching(/^codex-001-.*\.dump$/),
      "release.html",
      "release.xml",
    ]);
  });

  it("the bundle says what lint lacks there", async () => {
    await using project = await openProject();
    const main = await bundle(project);
    await expect(
      run(process.execPath, [main, "lint", "--from", "1", "--dir", project.dir], { env: {} }),
    ).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("lint needs the package libpg-query"),
    });
  });
});
