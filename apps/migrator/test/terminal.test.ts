import { canMakeDatabases } from "@codex/testkit";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { openProject, waitFor } from "./support/project.ts";

// What the file of this run waits for, so that it stands where the test wants it.
const slow = "create table codex.half (id integer); select pg_sleep(2.5);";
const sleeping =
  "select from pg_stat_activity where datname = current_database() and query ~ 'pg_sleep' and pid <> pg_backend_pid()";

const hideCursor = "\u001B[?25l";
const showCursor = "\u001B[?25h";

describe.runIf(canMakeDatabases())("on a terminal", () => {
  it("a task turns and counts seconds, lines stand above it, and nothing of it stays", async () => {
    await using project = await openProject();
    await project.write("003_slow", slow);
    const { code, output } = await project.start(["up"], { terminal: true }).ended;
    expect(code).toBe(0);
    expect(output).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]\S* up 003_slow.sql {2}2 s/u);
    // What remains when each erasing has been done: the lines that a pipeline gets.
    expect(remains(output)).toMatch(
      /^(warning: .*\n)? {2}up {4}001_one.sql {2}.*\n {2}up {4}002_two.sql {2}.*\n {2}up {4}003_slow.sql {2}2\.\d s\n(.*\n)?Applied 3 of 3 files.\n$/,
    );
    expect(output.lastIndexOf(showCursor)).toBeGreaterThan(output.lastIndexOf(hideCursor));
  });

  it("nothing turns elsewhere, nor with --json or TERM=dumb", async () => {
    await using project = await openProject();
    const plain = await project.run(["up"]);
    expect(plain.output).not.toContain("\u001B");
    const dumb = { terminal: true, environment: { TERM: "dumb" } };
    await project.write("003_three", "create table codex.three (id integer);");
    expect((await project.start(["up"], dumb).ended).output).not.toContain("\u001B");
    await project.write("004_four", "create table codex.four (id integer);");
    const { output } = await project.start(["up", "--json"], { terminal: true }).ended;
    expect(output).not.toContain("\u001B");
    expect(JSON.parse(output.slice(output.indexOf("{")))).toMatchObject({
      ok: true,
      applied: ["004_four.sql"],
    });
  });

  it("Ctrl-C rolls back, says so, and gives the cursor back; a second one ends it at once", async () => {
    await using project = await openProject();
    await project.write("003_slow", "create table codex.half (id integer); select pg_sleep(30);");
    const once = project.start(["up"], { terminal: true });
    await waitFor(project, sleeping);
    once.type("\u0003");
    const { code, output } = await once.ended;
    expect(code).toBe(1);
    expect(remains(output)).toContain("codex-migrate: Stopped by SIGINT");
    expect(output.lastIndexOf(showCursor)).toBeGreaterThan(output.lastIndexOf(hideCursor));
    expect(await project.ask("select to_regclass('codex.half') as half")).toEqual([{ half: null }]);
    await waitFor(project, `select where not exists (${sleeping})`);
    const twice = project.start(["up"], { terminal: true });
    await waitFor(project, sleeping);
    twice.type("\u0003");
    twice.type("\u0003");
    const second = await twice.ended;
    // 130 where the second one came first, 1 where the first had already done its work.
    expect([1, 130]).toContain(second.code);
    expect(second.output.lastIndexOf(showCursor)).toBeGreaterThan(
      second.output.lastIndexOf(hideCursor),
    );
  });

  it("a terminal that goes away rolls back, and the report says so", async () => {
    await using project = await openProject();
    await project.write("003_slow", "create table codex.half (id integer); select pg_sleep(30);");
    const path = join(project.dir, "report.json");
    const run = project.start(["up", "--report", `json=${path}`], { terminal: true });
    await waitFor(project, sleeping);
    process.kill(run.pid, "SIGKILL");
    await waitFor(project, `select where not exists (${sleeping})`);
    const report = await vi.waitFor(() => readFile(path, "utf8").then((text) => JSON.parse(text)), {
      timeout: 60_000,
    });
    expect(report).toMatchObject({ code: 1, summary: expect.stringMatching(/^Stopped by SIGHUP/) });
    expect(await project.ask("select to_regclass('codex.half') as half")).toEqual([{ half: null }]);
  });
});

// The screen's text: erasing a line empties it, and moving up takes the line before it.
function remains(output: string): string {
  const lines: string[] = [""];
  // oxlint-disable-next-line no-control-regex
  for (const part of output.match(/\u001B\[[0-9;?]*[A-Za-z]|\n|[^\u001B\n]+/gu) ?? []) {
    if (part === "\n") lines.push("");
    else if (part === "\u001B[2K") lines[lines.length - 1] = "";
    else if (part === "\u001B[1A") lines.pop();
    else if (!part.startsWith("\u001B")) lines[lines.length - 1] += part.replaceAll("\r", "");
  }
  return lines.join("\n");
}
