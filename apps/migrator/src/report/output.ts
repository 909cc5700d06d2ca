import { styleText } from "node:util";

/** Where a command speaks: lines for people, or one JSON value at the end. */
export interface Output {
  readonly json: boolean;
  /** A line for people; nothing with `--json`. */
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
  /** The command's result; printed with `--json` only. */
  readonly result: (value: unknown) => void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    say: (line) => {
      if (!json) process.stdout.write(`${line}\n`);
    },
    warn: (line) => process.stderr.write(`${colour("yellow", "warning:")} ${line}\n`),
    result: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
  };
}

/** Coloured where standard error is a terminal that shows colours. */
export function colour(name: "green" | "red" | "yellow", text: string): string {
  return styleText(name, text, { stream: process.stderr });
}

/** A duration for people: "840 ms", "3.2 s". */
export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
