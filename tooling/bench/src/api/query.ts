import { columns } from "../reads.ts";
import { compare } from "../report.ts";
import type { BenchRow } from "../report.ts";
import { startApi, startPeer, startProgram } from "./child.ts";
import { bareReads, codexReads, trpcReads } from "./requests.ts";
import { figuresOf, interleaveLoad } from "./rounds.ts";
import type { ApiWorld } from "./world.ts";

const bare = "bare node:http";
const trpc = "tRPC standalone";

/** A query procedure with its credential and one scoped read, against servers that have neither. */
export async function queryRows(world: ApiWorld): Promise<BenchRow[]> {
  const settings = { url: world.data.database.url("codex_api"), columns };
  await using api = await startApi(world.environment);
  await using bareServer = await startPeer("http-program", settings);
  await using trpcServer = await startPeer("trpc-program", settings);
  await using load = await startProgram("load-program");
  const targets = [
    { name: "codex", port: api.port, requests: codexReads(world) },
    { name: bare, port: bareServer.port, requests: bareReads(world) },
    { name: trpc, port: trpcServer.port, requests: trpcReads(world) },
  ];
  const plan = world.quick ? { rounds: 5, ms: 700 } : { rounds: 15, ms: 1_500 };
  const rows: BenchRow[] = [];
  for (const clients of [1, 50]) {
    const results = await interleaveLoad(load, targets, { ...plan, clients });
    const figures = (figure: "perSecond" | "p99"): Parameters<typeof compare>[0] => ({
      name: `API: query procedure with a key, ${clients} client${clients === 1 ? "" : "s"}, ${figure === "p99" ? "p99" : "throughput"}`,
      unit: figure === "p99" ? "ms" : "requests/s",
      codex: figuresOf(results, "codex", figure),
      peers: {
        [bare]: figuresOf(results, bare, figure),
        [trpc]: figuresOf(results, trpc, figure),
      },
      bars: { [bare]: figure === "p99" ? "at most 1.5 ×" : "at least 0.7 ×" },
    });
    rows.push(compare(figures("perSecond")), compare(figures("p99")));
  }
  return rows;
}
