import { startPostgres } from "@codex/testkit";
import { makeData } from "../data.ts";
import { shuffled } from "../measure.ts";
import { compare } from "../report.ts";
import type { BenchRow } from "../report.ts";
import type { Bench } from "../section.ts";
import { codexQueue } from "./codex.ts";
import { graphileQueue, pgBossQueue } from "./peers.ts";
import { plainQueue } from "./plain.ts";
import type { Queue } from "./queue.ts";

/** Work is taken by many at once, one piece at a time, from a queue that is full until it is empty. */
export async function claimRows({ quick, say }: Bench): Promise<BenchRow[]> {
  const plan = quick
    ? { rounds: 5, jobs: 200, clients: 16 }
    : { rounds: 15, jobs: 900, clients: 16 };
  say("claims of executions, one per claim, on a server that keeps what it has answered");
  // The bench's own server waits for no disk; who takes work from a queue must not lose it.
  await using server = await startPostgres({
    settings: { fsync: "on", synchronous_commit: "on", full_page_writes: "on" },
  });
  await using data = await makeData(server, { workspaces: 50, campaigns: 10 });
  const { clients } = plan;
  const codex = await codexQueue(data, clients);
  const queues = [
    codex,
    await plainQueue(data, clients, codex.assignment),
    await graphileQueue(data, clients),
    await pgBossQueue(data, clients),
  ];
  const throughput = new Map<string, number[]>(queues.map(({ name }) => [name, []]));
  // The first round warms up: plans, connections, pages.
  for (let round = -1; round < plan.rounds; round += 1) {
    for (const queue of shuffled(queues)) {
      await queue.fill(plan.jobs);
      const perSecond = await claimAll(queue, plan);
      await queue.clear();
      if (round >= 0) throughput.get(queue.name)?.push(perSecond);
    }
  }
  await Promise.all(queues.map((queue) => queue.close()));
  const of = (name: string): number[] => throughput.get(name) ?? [];
  const peers = queues.map(({ name }) => name).filter((name) => name !== "codex");
  return [
    compare({
      name: `claims of executions, one per claim, ${clients} workers`,
      unit: "claims/s",
      codex: of("codex"),
      peers: Object.fromEntries(peers.map((name) => [name, of(name)])),
      bars: { "graphile-worker": "above 1 ×", "pg-boss": "above 1 ×" },
    }),
  ];
}

/** Claims a second; throws when a piece is claimed twice or not at all. */
async function claimAll(
  queue: Queue,
  { jobs, clients }: { jobs: number; clients: number },
): Promise<number> {
  const claimed: string[] = [];
  const start = performance.now();
  const worker = async (): Promise<void> => {
    for (let id = await queue.claim(); id !== undefined; id = await queue.claim()) claimed.push(id);
  };
  await Promise.all(Array.from({ length: clients }, worker));
  const seconds = (performance.now() - start) / 1_000;
  if (claimed.length !== jobs || new Set(claimed).size !== jobs)
    throw new Error(`${queue.name} gave ${claimed.length} of ${jobs}`);
  return jobs / seconds;
}
