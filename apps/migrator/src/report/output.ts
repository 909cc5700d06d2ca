import { relative } from "node:path";
import { toolVersion } from "../runner/ledger-definition.ts";
import { sentenceOf } from "../failure.ts";
import { failureFinding } from "./failure-finding.ts";
import { createProgress } from "./progress.ts";
import type { Figure, Finding, Result, Series, Step } from "./result.ts";
import { createSecrets } from "./secrets.ts";
import type { Secrets } from "./secrets.ts";

/** Where a command speaks: lines for people as it goes, and the one result at the end. */
export interface Output {
  /** A line for people; nothing with `--json`. */
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
  /** Shows what is going on, on a terminal; elsewhere nothing. */
  readonly doing: (what: string) => void;
  readonly step: (step: Omit<Step, "startedMs">) => void;
  readonly finding: (finding: Finding) => void;
  readonly figure: (name: string, value: number | string) => void;
  readonly series: (series: Series) => void;
  /** The folder of the files that findings name. */
  readonly filesIn: (folder: string) => void;
  readonly target: (address: string) => void;
  /** The command's own fields of the result. */
  readonly result: (data: Readonly<Record<string, unknown>>) => void;
  /** Whether a step failed so far. */
  readonly hasFailed: () => boolean;
  /** Milliseconds since the command began. */
  readonly elapsedMs: () => number;
  /** Keeps why the command failed: the summary, and a finding where there is no other error. */
  readonly failed: (failure: unknown) => void;
  /** The result as it stands, with its exit code. */
  readonly finish: (code: number) => Promise<Result>;
}

/** What was kept so far. */
interface Kept {
  readonly steps: Step[];
  readonly findings: Finding[];
  readonly figures: Figure[];
  readonly series: Series[];
  summary: string;
  filesIn: string;
  target: string | undefined;
  data: Readonly<Record<string, unknown>>;
}

interface Manner {
  /** Leaves out the lines for people. */
  readonly json: boolean;
  /** Shows what is going on, on a terminal. */
  readonly draws: boolean;
  readonly secrets: Secrets;
}

/** An output for one command. Nothing leaves it unhidden. */
export function createOutput(command: string, { json, draws, secrets }: Manner): Output {
  const begin = performance.now();
  const startedAt = new Date().toISOString();
  const progress = createProgress(draws);
  const kept: Kept = {
    steps: [],
    findings: [],
    figures: [],
    series: [],
    summary: "",
    filesIn: "",
    target: undefined,
    data: {},
  };
  const elapsedMs = (): number => performance.now() - begin;
  return {
    elapsedMs,
    ...keeper(kept, elapsedMs),
    say: (line) => {
      kept.summary = line.trim();
      if (!json) progress.above(() => process.stdout.write(`${secrets.hide(line)}\n`));
    },
    warn: (line) => {
      // Several sessions of one command see the same server.
      if (kept.findings.some((finding) => finding.message === line)) return;
      kept.findings.push({ level: "warning", rule: "warning", message: line });
      progress.above(() =>
        process.stderr.write(`${colour("yellow", "warning:")} ${secrets.hide(line)}\n`),
      );
    },
    doing: (what) => progress.show(secrets.hide(what)),
    finish: async (code) => {
      await progress.end();
      const tool = { schema: "codex-migrate/1" as const, command, tool: toolVersion };
      const end = { code, ok: code === 0, startedAt, durationMs: elapsedMs() };
      return secrets.hideIn({ ...tool, ...end, ...kept });
    },
  };
}

// What is kept in silence.
function keeper(
  kept: Kept,
  elapsedMs: () => number,
): Omit<Output, "elapsedMs" | "say" | "warn" | "doing" | "finish"> {
  return {
    hasFailed: () => kept.steps.some((step) => step.state === "failed"),
    step: (step) => {
      kept.steps.push({ ...step, startedMs: Math.max(0, elapsedMs() - step.durationMs) });
    },
    finding: (finding) => void kept.findings.push(finding),
    figure: (name, value) => void kept.figures.push({ name, value }),
    series: (series) => void kept.series.push(series),
    filesIn: (folder) => void (kept.filesIn = relative(process.cwd(), folder)),
    target: (address) => void (kept.target = address),
    result: (data) => void (kept.data = { ...kept.data, ...data }),
    failed: (failure) => {
      kept.summary = sentenceOf(failure);
      if (kept.findings.some(({ level }) => level === "error")) return;
      kept.findings.push(failureFinding(failure));
    },
  };
}

/** Coloured where standard error is a terminal that shows colours. */
export function colour(name: "green" | "red" | "yellow", text: string): string {
  const { styleText } = process.getBuiltinModule("node:util"); // as in flags.ts
  return styleText(name, text, { stream: process.stderr });
}

/** A duration for people: "840 ms", "3.2 s", "12 min". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/** An output that says and keeps nothing, for a command that runs as a part of another. */
export function silentOutput(): Output {
  return {
    ...createOutput("", { json: true, draws: false, secrets: createSecrets([]) }),
    say: ignore,
    warn: ignore,
    doing: ignore,
    step: ignore,
    finding: ignore,
  };
}

function ignore(): void {}
