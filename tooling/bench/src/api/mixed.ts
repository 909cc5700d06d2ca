import { compare } from "../report.ts";
import type { BenchRow } from "../report.ts";
import { startApi, startProgram } from "./child.ts";
import { mixedWork } from "./requests.ts";
import { figuresOf, interleaveLoad } from "./rounds.ts";
import type { ApiWorld } from "./world.ts";

/** The throughput and the p95 that the plan of the product promises. */
const plan = { perSecond: 72, p95: 245 };
const name = "codex";

/** Reads 80 %, lists of 20 10 %, writes 10 %, in 50 workspaces, with their keys. */
export async function mixedRows(world: ApiWorld): Promise<BenchRow[]> {
  // 150 clients that all wait for the database are no overload: 10 connections, and a place for the others.
  await using api = await startApi({ ...world.environment, POOL_QUEUE_MAX: "200" });
  await using load = await startProgram("load-program");
  const targets = [{ name, port: api.port, requests: mixedWork(world) }];
  const slices = world.quick ? { rounds: 4, ms: 1_000 } : { rounds: 10, ms: 3_000 };
  const rows: BenchRow[] = [];
  for (const clients of [15, 150]) {
    const results = await interleaveLoad(load, targets, { ...slices, clients });
    const about = `API: mixed work, ${clients} clients`;
    const perSecond = figuresOf(results, name, "perSecond");
    const p95 = figuresOf(results, name, "p95");
    rows.push(
      compare({
        name: `${about}, throughput`,
        unit: "requests/s",
        codex: perSecond,
        peers: { "the plan": perSecond.map(() => plan.perSecond) },
        bars: { "the plan": "at least 20 ×" },
      }),
      compare({
        name: `${about}, p95`,
        unit: "ms",
        codex: p95,
        peers: { "the plan": p95.map(() => plan.p95) },
        bars: clients === 15 ? { codex: "under 25 ms" } : {},
      }),
    );
  }
  return rows;
}
