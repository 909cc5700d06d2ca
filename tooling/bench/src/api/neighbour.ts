import { compare } from "../report.ts";
import type { BenchRow } from "../report.ts";
import { startApi, startProgram } from "./child.ts";
import type { LoadResult } from "./load-program.ts";
import { codexReads } from "./requests.ts";
import { loadOnce } from "./rounds.ts";
import type { ApiWorld } from "./world.ts";

const times = 50;
const pauseMs = 25;

/**
 * One client of a quiet workspace, alone and beside fifty of another: the same reads at the same pace. The
 * quiet one is measured by a process of its own.
 */
export async function neighbourRows(world: ApiWorld): Promise<BenchRow[]> {
  await using api = await startApi(world.environment);
  await using quietLoad = await startProgram("load-program");
  await using noisyLoad = await startProgram("load-program");
  const [quiet = [], noisy = []] = world.workspaces.slice(0, 2).map((one) => [one]);
  const ms = world.quick ? 3_000 : 5_000;
  const asked = { port: api.port, pauseMs, ms };
  const quietly = (): Promise<LoadResult> =>
    loadOnce(quietLoad, { ...asked, requests: codexReads(world, quiet), clients: 1 });
  const noisily = (): Promise<LoadResult> =>
    loadOnce(noisyLoad, { ...asked, requests: codexReads(world, noisy), clients: times });
  await noisily();
  const [alone, beside, neighbour]: LoadResult[][] = [[], [], []];
  for (let round = 0; round < (world.quick ? 3 : 7); round += 1) {
    alone?.push(await quietly());
    const [ofQuiet, ofNoisy] = await Promise.all([quietly(), noisily()]);
    beside?.push(ofQuiet);
    neighbour?.push(ofNoisy);
  }
  const load = Math.round((neighbour?.[0]?.perSecond ?? 0) / 100) * 100;
  const about = `API: one client beside ${times} of another workspace (about ${load} requests/s)`;
  const row = (figure: "p50" | "p99"): BenchRow =>
    compare({
      name: `${about}, ${figure}`,
      unit: "ms",
      codex: (beside ?? []).map((one) => one[figure]),
      peers: { alone: (alone ?? []).map((one) => one[figure]) },
    });
  return [row("p50"), row("p99")];
}
