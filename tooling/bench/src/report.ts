import { writeFile } from "node:fs/promises";
import { barOf } from "./bar.ts";
import type { Bar } from "./bar.ts";
import { median, quartiles, ratio } from "./measure.ts";

/** One row of the result: what was measured, of Codex and of its peers. */
export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly codex: number;
  /** Quartiles of Codex's own figure over the rounds; absent where there is one figure only. */
  readonly quartiles?: readonly [low: number, high: number];
  /** What is asked of Codex's own figure. */
  readonly bar?: Bar | undefined;
  readonly against: Readonly<Record<string, number>>;
  /** Codex divided by the first peer, medians within rounds. */
  readonly ratio: number;
  /** Codex against each peer: ratio, with its quartiles, and the bar if there is one. */
  readonly ratios: readonly {
    readonly peer: string;
    readonly ratio: number;
    readonly low: number;
    readonly high: number;
    readonly bar?: Bar | undefined;
  }[];
  /** Rounds that the medians are of. */
  readonly n: number;
}

interface Compared {
  readonly name: string;
  readonly unit: string;
  readonly codex: readonly number[];
  /** The same of each peer, round by round. */
  readonly peers?: Readonly<Record<string, readonly number[]>>;
  /** What is asked of Codex against a peer, and of Codex alone under its own name. */
  readonly bars?: Readonly<Record<string, string>>;
}

/** A row of what was measured in rounds: medians, and ratios within rounds. */
export function compare({ name, unit, codex, peers = {}, bars = {} }: Compared): BenchRow {
  const ratios = Object.entries(peers).map(([peer, values]) => {
    const { median: middle, low, high } = ratio(codex, values);
    return { peer, ratio: middle, low, high, bar: heldAgainst(bars[peer], middle) };
  });
  const own = median(codex);
  return {
    name,
    unit,
    codex: own,
    quartiles: quartiles(codex),
    bar: heldAgainst(bars["codex"], own),
    against: Object.fromEntries(
      Object.entries(peers).map(([peer, values]) => [peer, median(values)]),
    ),
    ratio: ratios[0]?.ratio ?? 1,
    ratios,
    n: codex.length,
  };
}

export function printTable(rows: readonly BenchRow[]): void {
  for (const row of rows) {
    const { quartiles: spread, bar } = row;
    process.stdout.write(`\n${row.name}  (${row.unit}, N = ${row.n} rounds)\n`);
    const between =
      spread === undefined ? "" : `   (${format(spread[0])} to ${format(spread[1])})${textOf(bar)}`;
    process.stdout.write(`  ${"codex".padEnd(22)}${format(row.codex).padStart(10)}${between}\n`);
    for (const { peer, ratio: middle, low, high, bar: asked } of row.ratios) {
      const value = format(row.against[peer] ?? Number.NaN).padStart(10);
      const against = `${middle.toFixed(2)} × (${low.toFixed(2)} to ${high.toFixed(2)})`;
      process.stdout.write(`  ${peer.padEnd(22)}${value}   codex is ${against}${textOf(asked)}\n`);
    }
  }
}

/** How many bars were met, and each that was not. */
export function printBars(rows: readonly BenchRow[]): void {
  const held = rows.flatMap(({ name, bar, ratios }) => [
    { name, bar },
    ...ratios.map((one) => ({ name: `${name}, against ${one.peer}`, bar: one.bar })),
  ]);
  const bars = held.filter(({ bar }) => bar !== undefined);
  const missed = bars.filter(({ bar }) => bar?.met === false);
  process.stdout.write(`\n${bars.length - missed.length} of ${bars.length} bars were met.\n`);
  for (const { name, bar } of missed)
    process.stdout.write(`  missed: ${name}: ${bar?.asked ?? ""}\n`);
}

export async function writeJson(file: string, rows: readonly BenchRow[]): Promise<void> {
  await writeFile(file, `${JSON.stringify(rows, undefined, 2)}\n`);
}

function heldAgainst(asked: string | undefined, figure: number): Bar | undefined {
  return asked === undefined ? undefined : barOf(asked, figure);
}

function textOf(bar: Bar | undefined): string {
  return bar === undefined ? "" : `  bar: ${bar.asked}, ${bar.met ? "met" : "missed"}`;
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
