/** One way to do the same work. */
export interface Variant {
  readonly name: string;
  run(): Promise<unknown>;
}

/** What was measured of one variant, in each round. */
export interface Samples {
  /** Median time of one run, milliseconds. */
  readonly p50: number[];
  /** Runs a second. */
  readonly throughput: number[];
}

interface Plan {
  readonly rounds: number;
  readonly sliceMs: number;
  /** How many runs are under way at once. */
  readonly clients: number;
}

/**
 * Runs all variants in slices, in another order in each round, so that whatever else the machine does
 * meets each of them alike. Ratios are to be taken within a round.
 */
export async function interleave(
  variants: readonly Variant[],
  plan: Plan,
): Promise<Map<string, Samples>> {
  const samples = new Map<string, Samples>(
    variants.map(({ name }) => [name, { p50: [], throughput: [] }]),
  );
  for (const variant of variants) await slice(variant, { ...plan, sliceMs: 200 });
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const variant of shuffled(variants)) {
      const { p50, throughput } = await slice(variant, plan);
      samples.get(variant.name)?.p50.push(p50);
      samples.get(variant.name)?.throughput.push(throughput);
    }
  }
  return samples;
}

async function slice(
  variant: Variant,
  { sliceMs, clients }: Plan,
): Promise<{ p50: number; throughput: number }> {
  const times: number[] = [];
  const start = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - start < sliceMs) {
      const before = performance.now();
      await variant.run();
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { p50: median(times), throughput: (times.length * 1000) / (performance.now() - start) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Median of the ratios within each round, and their quartiles. */
export function ratio(
  ours: readonly number[],
  theirs: readonly number[],
): { median: number; low: number; high: number } {
  const ratios = ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
  const [low, high] = quartiles(ratios);
  return { median: median(ratios), low, high };
}

export function quartiles(values: readonly number[]): [low: number, high: number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return [at(0.25), at(0.75)];
}

/** The values in an order of their own each time. */
export function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, order: Math.random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ value }) => value);
}
