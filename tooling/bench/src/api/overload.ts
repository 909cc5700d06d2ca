import { compare } from "../report.ts";
import type { BenchRow } from "../report.ts";
import { startApi, startProgram } from "./child.ts";
import type { Program } from "./child.ts";
import type { LoadResult } from "./load-program.ts";
import { codexReads } from "./requests.ts";
import { loadOnce } from "./rounds.ts";
import type { ApiWorld } from "./world.ts";

const times = 10;
const recoveryMsMax = 10_000;

interface Round {
  /** One client. */
  readonly idle: LoadResult;
  /** As many as are let in. */
  readonly full: LoadResult;
  readonly overload: LoadResult;
  readonly recoveryMs: number;
}

/**
 * Ten times as many clients as are let in, each of which comes back when it is told to. Against one client,
 * and against as many as are let in.
 */
export async function overloadRows(world: ApiWorld): Promise<BenchRow[]> {
  // The fewer are let in, the sooner each is answered: 20 keep both cores busy, 4 hardly wait for each other.
  return [...(await rowsFor(world, 4)), ...(await rowsFor(world, 20))];
}

async function rowsFor(world: ApiWorld, admitted: number): Promise<BenchRow[]> {
  await using api = await startApi({ ...world.environment, IN_FLIGHT_MAX: String(admitted) });
  await using load = await startProgram("load-program");
  const asked = { port: api.port, requests: codexReads(world) };
  const ms = world.quick ? 2_000 : 3_000;
  await loadOnce(load, { ...asked, clients: admitted, ms: 2_000 });
  const rounds: Round[] = [];
  for (let round = 0; round < (world.quick ? 3 : 7); round += 1)
    rounds.push(await oneRound(load, asked, { admitted, ms }));
  const p99 = (of: "idle" | "full" | "overload"): number[] => rounds.map((round) => round[of].p99);
  const perSecond = (of: "full" | "overload"): number[] =>
    rounds.map((round) => round[of].perSecond);
  const about = `API: ${times * admitted} clients where ${admitted} are let in`;
  return [
    compare({
      name: `${about}, p99 of those let in`,
      unit: "ms",
      codex: p99("overload"),
      peers: { [`${admitted} clients`]: p99("full"), "one client": p99("idle") },
      bars: { "one client": "at most 3 ×" },
    }),
    compare({
      name: `${about}, answers`,
      unit: "requests/s",
      codex: perSecond("overload"),
      peers: { [`${admitted} clients`]: perSecond("full") },
    }),
    compare({
      name: `${about}, refused with 503 or 429`,
      unit: "%",
      codex: rounds.map(({ overload }) => share(overload)),
    }),
    compare({
      name: `${about}, neither answered nor refused`,
      unit: "requests",
      codex: rounds.map(({ overload }) => overload.failed),
      bars: { codex: "0" },
    }),
    compare({
      name: `${about}, time to recover`,
      unit: "ms",
      codex: rounds.map(({ recoveryMs }) => recoveryMs),
      bars: { codex: "under 5,000 ms" },
    }),
  ];
}

function share({ ok, refused, failed }: LoadResult): number {
  return (100 * refused) / (ok + refused + failed);
}

async function oneRound(
  load: Program,
  asked: { port: number; requests: readonly string[] },
  { admitted, ms }: { admitted: number; ms: number },
): Promise<Round> {
  const idle = await loadOnce(load, { ...asked, clients: 1, ms: 1_000 });
  const full = await loadOnce(load, { ...asked, clients: admitted, ms });
  const clients = times * admitted;
  const overload = await loadOnce(load, { ...asked, clients, ms, heedsRetryAfter: true });
  const start = performance.now();
  // Recovered: nobody is refused, and one client is answered as before.
  for (;;) {
    const { refused, failed, p50 } = await loadOnce(load, { ...asked, clients: 1, ms: 100 });
    const recoveryMs = performance.now() - start;
    const isBack = refused + failed === 0 && p50 < 2 * idle.p50;
    if (isBack || recoveryMs > recoveryMsMax) return { idle, full, overload, recoveryMs };
  }
}
