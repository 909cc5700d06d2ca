import { escape } from "./junit.ts";
import { duration } from "./output.ts";
import type { Result, Series, Step } from "./result.ts";

const width = 960;
const nameWidth = 260;
const rowHeight = 18;
const rowsMax = 24;
const colours = { ok: "#1a7f37", failed: "#cf222e", skipped: "#8888", pending: "#8888" } as const;

/** Bars of what was run along the time of the run; of very many the longest. Nothing of fewer than two. */
export function timeline({ steps: all, durationMs }: Result): string {
  const steps = all.filter(({ state }) => state !== "pending");
  if (steps.length < 2) return "";
  const kept = new Set(longest(steps));
  const shown = steps.filter((step) => kept.has(step));
  const bars = shown.map((step, at) => bar(step, { at, durationMs })).join("");
  const left = steps.length - shown.length;
  const note = left > 0 ? `<p class="muted">${left} shorter steps are left out.</p>` : "";
  return `<h2>Timeline</h2><div class="chart"><svg viewBox="0 0 ${width} ${shown.length * rowHeight}" role="img" aria-label="Timeline">${bars}</svg></div>${note}`;
}

function longest(steps: readonly Step[]): Step[] {
  return steps.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, rowsMax);
}

function bar(step: Step, { at, durationMs }: { at: number; durationMs: number }): string {
  const scale = (width - nameWidth) / Math.max(durationMs, 1);
  const x = nameWidth + step.startedMs * scale;
  const y = at * rowHeight;
  const length = Math.max(2, step.durationMs * scale);
  const title = `${step.group} ${step.name}: ${step.state}, ${duration(step.durationMs)}`;
  return `<g><title>${escape(title)}</title><text x="0" y="${y + 13}">${escape(step.name.slice(0, 40))}</text><rect x="${x.toFixed(1)}" y="${y + 3}" width="${length.toFixed(1)}" height="${rowHeight - 6}" rx="2" fill="${colours[step.state]}"/></g>`;
}

const chartHeight = 90;

/** A line of values over time, with its name and its highest value. */
export function chart({ points, unit, name }: Series): string {
  const last = points.at(-1)?.[0] ?? 1;
  const first = points[0]?.[0] ?? 0;
  const top = Math.max(1, ...points.map(([, value]) => value));
  const place = ([at, value]: readonly [number, number]): string => {
    const x = ((at - first) / Math.max(last - first, 1)) * width;
    const y = chartHeight - (value / top) * (chartHeight - 20);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  const highest = Math.max(0, ...points.map(([, value]) => value));
  return `<h2>${escape(name)}</h2><div class="chart"><svg viewBox="0 0 ${width} ${chartHeight + 4}" role="img" aria-label="${escape(name)}"><text x="0" y="12">highest ${escape(`${Math.round(highest)} ${unit}`.trim())}, over ${duration(last - first)}</text><polyline points="${points.map(place).join(" ")}" fill="none" stroke="#0969da" stroke-width="1.5"/></svg></div>`;
}
