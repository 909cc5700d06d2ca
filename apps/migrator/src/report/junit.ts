import { placeOf } from "./markdown.ts";
import type { Finding, Result, Step } from "./result.ts";

/** The result as JUnit XML, which every pipeline shows: steps and findings are its test cases. */
export function junit(result: Result): string {
  const groups = [...new Set(result.steps.map((step) => step.group))];
  const suites = [
    ...groups.map((group) => stepSuite(result, group)),
    findingSuite(result),
    outcomeSuite(result),
  ].filter((suite) => suite.cases.length > 0);
  const tests = suites.flatMap((suite) => suite.cases);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="codex-migrate ${escape(result.command)}" ${counts(tests)} time="${seconds(result.durationMs)}">
${suites.map(render).join("\n")}
</testsuites>
`;
}

interface Case {
  readonly name: string;
  readonly durationMs: number;
  readonly failure?: string;
  readonly skipped?: boolean;
  /** Where a failure is. */
  readonly file?: string;
  readonly line?: number;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

function stepSuite({ steps }: Result, group: string): Suite {
  return { name: group, cases: steps.filter((step) => step.group === group).map(stepCase) };
}

function stepCase({ name, durationMs, state, detail }: Step): Case {
  if (state === "failed") return { name, durationMs, failure: detail ?? "failed" };
  return { name, durationMs, skipped: state !== "ok" };
}

function findingSuite({ findings, filesIn }: Result): Suite {
  const errors = findings.filter((finding) => finding.level === "error");
  return { name: "findings", cases: errors.map((finding) => findingCase(finding, filesIn)) };
}

function findingCase(finding: Finding, filesIn: string): Case {
  const { file, line } = finding;
  return {
    name: `${finding.rule} ${placeOf(finding)}`.trim(),
    durationMs: 0,
    failure: [finding.message, finding.remedy].filter(Boolean).join(" "),
    ...(file === undefined ? {} : { file: `${filesIn}/${file}` }),
    ...(line === undefined ? {} : { line }),
  };
}

// The command itself, so that a failure before the first step is not a report without a case.
function outcomeSuite({ command, durationMs, ok, summary }: Result): Suite {
  const one = { name: command, durationMs };
  return { name: "command", cases: [ok ? one : { ...one, failure: summary }] };
}

function render({ name, cases }: Suite): string {
  const lines = cases.map(
    (one) =>
      `    <testcase classname="${escape(name)}" name="${escape(one.name)}"${place(one)} time="${seconds(one.durationMs)}">${body(one)}</testcase>`,
  );
  return `  <testsuite name="${escape(name)}" ${counts(cases)}>\n${lines.join("\n")}\n  </testsuite>`;
}

function place({ file, line }: Case): string {
  const where = file === undefined ? "" : ` file="${escape(file)}"`;
  return line === undefined ? where : `${where} line="${line}"`;
}

function body({ failure, skipped }: Case): string {
  if (failure !== undefined) return `<failure message="${escape(failure)}"/>`;
  return skipped === true ? "<skipped/>" : "";
}

function counts(cases: readonly Case[]): string {
  const failures = cases.filter((one) => one.failure !== undefined).length;
  const skipped = cases.filter((one) => one.skipped === true).length;
  return `tests="${cases.length}" failures="${failures}" skipped="${skipped}"`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** Text for XML and HTML, without the control characters that XML forbids. */
export function escape(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- exactly these are forbidden in XML 1.0
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, "")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
  );
}
