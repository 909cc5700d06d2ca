import { shuffled } from "../measure.ts";
import type { LoadJob, LoadResult } from "./load-program.ts";
import type { Program } from "./child.ts";

/** A server and what it is asked. */
export interface Target {
  readonly name: string;
  readonly port: number;
  readonly requests: readonly string[];
}

interface Plan {
  readonly rounds: number;
  readonly ms: number;
  readonly clients: number;
}

const warmMs = 2_000;

/** Loads each server in turn, in another order in each round. Throws when an answer was no success. */
export async function interleaveLoad(
  load: Program,
  targets: readonly Target[],
  { rounds, ms, clients }: Plan,
): Promise<Map<string, LoadResult[]>> {
  const results = new Map<string, LoadResult[]>(targets.map(({ name }) => [name, []]));
  for (const target of targets) await loadOnce(load, { ...target, clients, ms: warmMs });
  for (let round = 0; round < rounds; round += 1)
    for (const target of shuffled(targets))
      results
        .get(target.name)
        ?.push(whole(target.name, await loadOnce(load, { ...target, clients, ms })));
  return results;
}

type Asked = Pick<LoadJob, "port" | "requests" | "clients" | "ms"> &
  Partial<Pick<LoadJob, "pauseMs" | "heedsRetryAfter">>;

/** One slice of load. */
export async function loadOnce(load: Program, asked: Asked): Promise<LoadResult> {
  const { port, requests, clients, ms, pauseMs = 0, heedsRetryAfter = false } = asked;
  const job: LoadJob = { port, requests, clients, ms, pauseMs, heedsRetryAfter };
  return (await load.ask(job)) as LoadResult; // what load-program answers
}

function whole(name: string, result: LoadResult): LoadResult {
  const { refused, failed } = result;
  if (refused + failed > 0)
    throw new Error(`${name}: ${refused} requests were refused and ${failed} failed`);
  return result;
}

/** One figure of each round. */
export function figuresOf(
  results: ReadonlyMap<string, readonly LoadResult[]>,
  name: string,
  figure: "perSecond" | "p50" | "p95" | "p99",
): number[] {
  return (results.get(name) ?? []).map((result) => result[figure]);
}
