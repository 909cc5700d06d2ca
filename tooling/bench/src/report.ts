import { writeFile } from "node:fs/promises";

/** One row of the result: what was measured, of Codex and of its peers. */
export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly codex: number;
  readonly against: Readonly<Record<string, number>>;
  /** Codex divided by the first peer, medians within rounds. */
  readonly ratio: number;
  /** Codex against each peer: ratio, with its quartiles, and the bar if there is one. */
  readonly ratios: readonly {
    readonly peer: string;
    readonly ratio: number;
    readonly low: number;
    readonly high: number;
    readonly bar: string;
  }[];
  /** Rounds that the medians are of. */
  readonly n: number;
}

export function printTable(rows: readonly BenchRow[]): void {
  for (const row of rows) {
    process.stdout.write(`\n${row.name}  (${row.unit}, N = ${row.n} rounds)\n`);
    process.stdout.write(`  ${"codex".padEnd(22)}${format(row.codex).padStart(10)}\n`);
    for (const { peer, ratio, low, high, bar } of row.ratios) {
      const value = format(row.against[peer] ?? Number.NaN).padStart(10);
      const spread = `${ratio.toFixed(2)} × (${low.toFixed(2)} to ${high.toFixed(2)})`;
      process.stdout.write(`  ${peer.padEnd(22)}${value}   codex is ${spread}${bar}\n`);
    }
  }
}

export async function writeJson(file: string, rows: readonly BenchRow[]): Promise<void> {
  const plain = rows.map(({ name, unit, codex, against, ratio }) => ({
    name,
    unit,
    codex,
    against,
    ratio,
  }));
  await writeFile(file, `${JSON.stringify(plain, undefined, 2)}\n`);
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
