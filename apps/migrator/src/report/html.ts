import { escape } from "./junit.ts";
import { placeOf } from "./markdown.ts";
import { duration } from "./output.ts";
import { chart, timeline } from "./html-charts.ts";
import type { Finding, Result, Step } from "./result.ts";

const style = `
:root { color-scheme: light dark; --ok: light-dark(#1a7f37, #3fb950);
  --bad: light-dark(#cf222e, #ff7b72); --warn: light-dark(#9a6700, #d29922); --line: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.verdict { padding: .75rem 1rem; border-left: .4rem solid var(--ok); background: #8881; }
.verdict.bad { border-color: var(--bad); } .muted { opacity: .7; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th { white-space: nowrap; } td.state { white-space: nowrap; width: 1%; } td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.ok { color: var(--ok); } .failed, .error { color: var(--bad); font-weight: 600; }
.warning { color: var(--warn); font-weight: 600; } .skipped, .pending, .note { opacity: .7; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .5rem 1.5rem; }
dt { opacity: .7; font-size: .85rem; } dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.chart { overflow-x: auto; } svg { width: 100%; min-width: 40rem; height: auto; display: block; } svg text { font: 11px system-ui, sans-serif; fill: currentColor; }
@media (max-width: 44rem) {
  /* A row under the other instead of columns too narrow to read. */
  tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); } thead tr { display: none; }
  td, td.number { display: block; width: auto; text-align: left; padding: 0; border: 0; } td:empty { display: none; }
  td[data-name]::before { content: attr(data-name) ": "; opacity: .7; }
}
`;

/** The result as one HTML page that needs nothing else: verdict, figures, timeline, steps, findings. */
export function html(result: Result): string {
  const title = `codex-migrate ${result.command}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${style}</style></head><body>
<h1>${escape(title)}</h1>
<p class="muted">${escape(result.target ?? "")} · began ${escape(result.startedAt)} · took ${duration(result.durationMs)}</p>
<p class="verdict${result.ok ? "" : " bad"}"><strong>${result.ok ? "Passed" : `Failed, exit code ${result.code}`}.</strong> ${escape(result.summary)}</p>
${figures(result)}
${section("Findings", result.findings.map(findingRow), ["", "What", "Where", "Instead"])}
${timeline(result)}
${result.series.map(chart).join("\n")}
${groupsOf(result)
  .map((group) =>
    section(titleOf(group), stepsOf(result, group).map(stepRow), ["", "Step", "Took", "Remark"]),
  )
  .join("\n")}
</body></html>
`;
}

function groupsOf({ steps }: Result): string[] {
  return [...new Set(steps.map((step) => step.group))];
}

function stepsOf({ steps }: Result, group: string): Step[] {
  return steps.filter((step) => step.group === group);
}

function titleOf(group: string): string {
  return `${group.charAt(0).toUpperCase()}${group.slice(1)}s`;
}

function figures({ figures: all }: Result): string {
  if (all.length === 0) return "";
  const items = all.map(
    ({ name, value }) =>
      `<div><dt>${escape(name)}</dt><dd>${escape(typeof value === "number" ? value.toLocaleString("en") : value)}</dd></div>`,
  );
  return `<h2>Figures</h2><dl>${items.join("")}</dl>`;
}

function findingRow(finding: Finding): string {
  const { level, message, rule, remedy } = finding;
  return row([
    `<td class="state ${level}">${level}</td>`,
    `<td>${escape(message)} <span class="muted">${escape(rule)}</span></td>`,
    `<td data-name="Where">${escape(placeOf(finding))}</td>`,
    `<td data-name="Instead">${escape(remedy ?? "")}</td>`,
  ]);
}

function stepRow({ name, state, durationMs, detail }: Step): string {
  return row([
    `<td class="state ${state}">${state}</td>`,
    `<td>${escape(name)}</td>`,
    `<td class="number" data-name="Took">${state === "pending" ? "" : duration(durationMs)}</td>`,
    `<td data-name="Remark">${escape(detail ?? "")}</td>`,
  ]);
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.join("")}</tr>`;
}

function section(title: string, rows: readonly string[], head: readonly string[]): string {
  if (rows.length === 0) return "";
  const cells = head
    .map((cell) => `<th${cell === "Took" ? ' class="number"' : ""}>${escape(cell)}</th>`)
    .join("");
  return `<h2>${escape(title)}</h2><table><thead><tr>${cells}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}
