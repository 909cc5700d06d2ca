import { duration } from "./output.ts";
import type { Finding, Result, Step } from "./result.ts";

/** The result as a page of Markdown, for a pull request or a ticket. */
export function markdown(result: Result): string {
  const lines = [
    `# codex-migrate ${result.command}: ${result.ok ? "passed" : `failed (exit code ${result.code})`}`,
    "",
    result.summary,
    "",
    `- Began ${result.startedAt}, took ${duration(result.durationMs)}`,
    ...(result.target === undefined ? [] : [`- Database \`${result.target}\``]),
    ...result.figures.map(({ name, value }) => `- ${name}: ${value}`),
    ...table("Findings", ["", "what", "where", "instead"], result.findings.map(findingRow)),
    ...table("Steps", ["", "step", "took", "remark"], result.steps.map(stepRow)),
  ];
  return `${lines.join("\n")}\n`;
}

/** Where a finding is, for people: `003_three.sql:12:5`, or the object. */
export function placeOf({ file, line, column, object }: Finding): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return [place, object].filter((part) => part !== undefined && part !== "").join(" ");
}

function findingRow(finding: Finding): string[] {
  const { level, rule, message, remedy } = finding;
  return [level, `${message} (${rule})`, placeOf(finding), remedy ?? ""];
}

function stepRow({ group, name, state, durationMs, detail }: Step): string[] {
  return [state, `${group} ${name}`, duration(durationMs), detail ?? ""];
}

function table(title: string, head: readonly string[], rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  return ["", `## ${title}`, "", rowOf(head), rowOf(head.map(() => "---")), ...rows.map(rowOf)];
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.map(escape).join(" | ")} |`;
}

function escape(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll("\n", " ");
}
