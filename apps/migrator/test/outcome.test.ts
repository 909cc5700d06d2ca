import { canMakeDatabases } from "@codex/testkit";
import { execFile } from "node:child_process";
import { mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openProject } from "./support/project.ts";
import type { Outcome, Project } from "./support/project.ts";

interface Json {
  readonly code: number;
  readonly ok: boolean;
  readonly summary: string;
  readonly findings: readonly { rule: string; message: string; file?: string }[];
}

async function json(project: Project, args: readonly string[]): Promise<Json & { ended: Outcome }> {
  const ended = await project.run([...args, "--json"]);
  return { ...(JSON.parse(ended.stdout) as Json), ended };
}

describe.runIf(canMakeDatabases())("the outcome of a command", () => {
  it("is one JSON object and a report for every wrong usage", async () => {
    await using project = await openProject();
    for (const line of [
      "frobnicate",
      "toString",
      "__proto__",
      "up --frob",
      "up --constructor",
      "up --to",
      "up --to x",
      "status --plan x",
      "up --lock-timeout 0",
      "up --report constructor=x",
      "up --report pdf=x",
      "up --config nowhere.json",
      "up --plan nowhere.json",
      "up --live-version soon",
      "watch --for 2x",
      "new",
    ]) {
      const report = join(project.dir, line.replaceAll(/\W/g, "-"), "report.json");
      const args = [...line.split(" "), "--report", `json=${report}`];
      const { code, ok, findings, ended } = await json(project, args);
      expect({ line, code, ok, ended: ended.code }).toEqual({ line, code: 2, ok: false, ended: 2 });
      expect(findings.filter(({ rule }) => rule !== "warning")).toEqual([
        expect.objectContaining({ rule: "usage", message: expect.stringMatching(/\.$/) }),
      ]);
      expect(ended.output).not.toMatch(/\n\s+at /);
      expect(JSON.parse(await readFile(report, "utf8"))).toMatchObject({ code: 2 });
    }
  });

  it("is one JSON object for a broken configuration, a server that is away, a failure and a help", async () => {
    await using project = await openProject();
    await project.put("codex-migrate.config.json", '{ "__proto__": 3 }');
    expect(await json(project, ["status"])).toMatchObject({
      code: 2,
      summary: expect.stringContaining('"__proto__"'),
    });
    await project.put("codex-migrate.config.json", "{}");
    const away = await project.run(["status", "--json"], { url: "postgres://u@127.0.0.1:1/x" });
    expect(JSON.parse(away.stdout)).toMatchObject({ code: 1, command: "status" });
    expect(await json(project, ["up", "--help"])).toMatchObject({
      code: 0,
      help: expect.stringContaining("--live-version"),
    });
    await project.write("003_bad", "select 1;\n  select nothing;");
    expect(await json(project, ["up"])).toMatchObject({
      code: 1,
      findings: expect.arrayContaining([
        {
          level: "error",
          rule: "failed",
          file: "003_bad.sql",
          line: 2,
          column: 10,
          message: 'column "nothing" does not exist. Nothing of this file was kept.',
        },
      ]),
    });
  });

  it("a report that cannot be written is said before anything is done", async () => {
    await using project = await openProject();
    await mkdir(join(project.dir, "folder"));
    for (const path of ["folder", "roles.sql/x.html", "/proc/nowhere/x.html"]) {
      const { code, summary } = await json(project, ["up", "--report", `html=${path}`]);
      expect({ code, summary }).toEqual({
        code: 2,
        summary: expect.stringContaining("cannot be written"),
      });
    }
    expect((await project.run(["status"])).output).toContain("0 applied, 2 pending");
    expect(await readdir(join(project.dir, "folder"))).toEqual([]);
  });

  it("a report whose disk is full swallows neither the result nor the exit code", async () => {
    await using project = await openProject();
    const full = ["--report", "html=/dev/full"];
    const applied = await json(project, ["up", ...full]);
    expect(applied).toMatchObject({ code: 1, ok: false, applied: ["001_one.sql", "002_two.sql"] });
    expect(applied.ended).toMatchObject({
      code: 1,
      output: expect.stringContaining("The report /dev/full is not written (ENOSPC"),
    });
    expect(await json(project, ["status"])).toMatchObject({ code: 0 });
    await project.write("003_three", "select 1;");
    expect(await project.run(["status", "--exit-code", ...full])).toMatchObject({
      code: 3,
      output: expect.stringMatching(/2 applied, 1 pending[\s\S]*is not written/),
    });
  });

  it("does not fail when nobody reads it to the end", async () => {
    await using project = await openProject();
    const ended = await new Promise<{ code: number | null; said: string }>((done) => {
      const child = execFile(
        "/bin/sh",
        ["-c", `"$NODE" "$MAIN" --help | true; "$NODE" "$MAIN" status --dir "$DIR" | true`],
        {
          env: {
            NODE: process.execPath,
            MAIN: join(import.meta.dirname, "../src/main.ts"),
            DIR: project.dir,
            DATABASE_URL: project.server.url(project.database.name, "codex_deployer"),
          },
        },
        (_, __, stderr) => done({ code: child.exitCode, said: stderr }),
      );
    });
    expect(ended).toEqual({ code: 0, said: expect.not.stringMatching(/EPIPE|\n\s+at /) });
  });

  it("is the same when nobody reads standard error", async () => {
    await using project = await openProject();
    await project.write(
      "001_one",
      "create schema codex; do $$ begin raise warning 'hear'; end $$;",
    );
    const unheard = { deaf: true };
    expect(await project.run(["up", "--frob"], unheard)).toMatchObject({ code: 2 });
    expect(await project.run(["up"], unheard)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Applied 2 of 2 files."),
    });
  });
});

describe("an old Node.js", () => {
  const app = join(import.meta.dirname, "..");
  const bin = join(app, "bin/codex-migrate.mjs");

  it("reads the program that the README calls", async () => {
    const readme = await readFile(join(app, "README.md"), "utf8");
    const called = [...readme.matchAll(/^node apps\/migrator\/(\S+)/gm)].map(
      ([, path = ""]) => path,
    );
    expect(called.length).toBeGreaterThan(0);
    expect(new Set(called.map((path) => join(app, path)))).toEqual(new Set([bin]));
  });

  it("is named in one sentence, with what to install", async () => {
    const ended = await new Promise<{ code: unknown; said: string }>((done) => {
      const older = `Object.defineProperty(process.versions, "node", { value: "20.20.2" }); await import(${JSON.stringify(bin)});`;
      execFile(process.execPath, ["--input-type=module", "-e", older], (error, stdout, stderr) =>
        done({ code: error?.code, said: stdout + stderr }),
      );
    });
    expect(ended).toEqual({
      code: 2,
      said: "codex-migrate: Node.js 20.20.2 is too old: install 24, or at least 22.18.\n",
    });
  });
});
