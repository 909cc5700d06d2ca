import { setTimeout as sleep } from "node:timers/promises";
import { shuffled } from "../measure.ts";
import { compare } from "../report.ts";
import type { BenchRow } from "../report.ts";
import { startProgram } from "./child.ts";
import type { Program } from "./child.ts";
import { names, startStreamServer } from "./stream-servers.ts";
import type { StreamServer, StreamServerName } from "./stream-servers.ts";
import type { Arrivals, SubscribersTask } from "./subscribers-program.ts";
import type { ApiWorld } from "./world.ts";

/** Events of one workspace to 500 subscribers: how late, one event at a time. */
export async function latencyRows(world: ApiWorld): Promise<BenchRow[]> {
  const subscribers = 500;
  const rounds = world.quick ? 3 : 12;
  const kinds: readonly StreamServerName[] = ["codex", "floor", "bare", "trpc"];
  await using stack = new AsyncDisposableStack();
  const opened: Opened[] = [];
  for (const kind of kinds) opened.push(await openStreams(world, kind, { stack, subscribers }));
  const late = new Map<string, { p50: number[]; p99: number[] }>(
    opened.map(({ server }) => [server.name, { p50: [], p99: [] }]),
  );
  for (let round = -1; round < rounds; round += 1) {
    for (const { server, load } of shuffled(opened)) {
      const triggers = await triggerSlowly(server, 10);
      const arrivals = await takeAll(load, subscribers * triggers.length);
      const delays = delaysOf(arrivals, triggers);
      // The first round warms up.
      if (round < 0) continue;
      late.get(server.name)?.p50.push(percentile(delays, 0.5));
      late.get(server.name)?.p99.push(percentile(delays, 0.99));
    }
  }
  const row = (figure: "p50" | "p99"): BenchRow => {
    const of = (name: string): number[] => late.get(name)?.[figure] ?? [];
    return compare({
      name: `API: one event to ${subscribers} subscribers, from sending the change to having the event, ${figure}`,
      unit: "ms",
      codex: of(names.codex),
      peers: {
        [names.floor]: of(names.floor),
        [names.bare]: of(names.bare),
        [names.trpc]: of(names.trpc),
      },
      bars: figure === "p99" ? { [names.floor]: "at most 3 ×" } : {},
    });
  };
  return [row("p50"), row("p99")];
}

/** 2,000 subscribers in one process: what each takes of memory, and deliveries at 20 events a second. */
export async function fanOutRows(world: ApiWorld): Promise<BenchRow[]> {
  const subscribers = 2_000;
  const kinds: readonly StreamServerName[] = ["codex", "floor", "trpc"];
  const found = new Map<string, FanOut[]>(kinds.map((kind) => [names[kind], []]));
  for (let round = 0; round < (world.quick ? 1 : 5); round += 1)
    for (const kind of shuffled(kinds))
      found.get(names[kind])?.push(await fanOut(world, kind, subscribers));
  const row = (figure: keyof FanOut, name: string, unit: string): Parameters<typeof compare>[0] => {
    const of = (kind: StreamServerName): number[] =>
      (found.get(names[kind]) ?? []).map((one) => one[figure]);
    const peers = { [names.floor]: of("floor"), [names.trpc]: of("trpc") };
    return { name: `API: ${subscribers} subscribers, ${name}`, unit, codex: of("codex"), peers };
  };
  const offered = perSecond * subscribers;
  return [
    compare(row("deliveries", `${offered} deliveries/s offered`, "deliveries/s")),
    compare(row("p99", `${offered} deliveries/s offered, p99`, "ms")),
    compare({
      ...row("kbEach", "memory of each", "kB of RSS"),
      bars: { codex: "under 25 kB" },
    }),
  ];
}

const perSecond = 20;
const lateMsMax = 5_000;

interface FanOut {
  readonly deliveries: number;
  readonly p99: number;
  readonly kbEach: number;
}

async function fanOut(world: ApiWorld, kind: StreamServerName, count: number): Promise<FanOut> {
  await using stack = new AsyncDisposableStack();
  const { server, load } = await openStreams(world, kind, { stack, subscribers: 100 });
  // What the first streams and events bring along is not counted for the others.
  await triggerSlowly(server, 5);
  await tell(load, { kind: "close" });
  await sleep(500);
  const before = await server.server.rssKb();
  await tell(load, { ...openingOf(server), count });
  await triggerSlowly(server, 1);
  await sleep(1_000);
  const kbEach = ((await server.server.rssKb()) - before) / count;
  await take(load);
  const ms = world.quick ? 2_000 : 4_000;
  const start = now();
  const triggers = await triggerSteadily(server, ms);
  await sleep(Math.max(0, start + ms + 1_000 - now()));
  const arrivals = await take(load);
  const inTime = arrivals.times.filter((time) => time < start + ms);
  const delays = delaysOf(arrivals, triggers);
  return { deliveries: (inTime.length * 1_000) / ms, p99: percentile(delays, 0.99), kbEach };
}

interface Opened {
  readonly server: StreamServer;
  readonly load: Program;
}

async function openStreams(
  world: ApiWorld,
  kind: StreamServerName,
  { stack, subscribers }: { stack: AsyncDisposableStack; subscribers: number },
): Promise<Opened> {
  const server = stack.use(await startStreamServer(world, kind));
  const load = stack.use(await startProgram("subscribers-program"));
  await tell(load, { ...openingOf(server), count: subscribers });
  return { server, load };
}

function openingOf({
  server,
  request,
}: StreamServer): Omit<Extract<SubscribersTask, { kind: "open" }>, "count"> {
  return { kind: "open", port: server.port, request };
}

function tell(load: Program, task: SubscribersTask): Promise<unknown> {
  return load.ask(task);
}

async function take(load: Program): Promise<Arrivals> {
  return (await tell(load, { kind: "take" })) as Arrivals; // what subscribers-program answers
}

/** Events far enough apart that each is alone, at no fixed distance from any poll. Gives when each was sent. */
async function triggerSlowly(server: StreamServer, events: number): Promise<number[]> {
  const triggers: number[] = [];
  for (let event = 0; event < events; event += 1) {
    triggers.push(now());
    await server.trigger();
    await sleep(250 + Math.random() * 100);
  }
  return triggers;
}

/** Events at a fixed rate, whether or not the server keeps up. Gives when each was sent. */
async function triggerSteadily(server: StreamServer, ms: number): Promise<number[]> {
  const triggers: number[] = [];
  const under: Promise<unknown>[] = [];
  const start = now();
  for (let event = 0; event < (ms / 1_000) * perSecond; event += 1) {
    await sleep(Math.max(0, start + (event * 1_000) / perSecond - now()));
    triggers.push(now());
    under.push(server.trigger());
  }
  await Promise.all(under);
  return triggers;
}

/** What has come, after waiting for the last of so many deliveries. Throws when some do not come. */
async function takeAll(load: Program, expected: number): Promise<Arrivals> {
  let came = 0;
  for (const start = now(); came < expected && now() - start < lateMsMax; await sleep(50))
    came = (await tell(load, { kind: "count" })) as number; // what subscribers-program answers
  if (came < expected) throw new Error(`${came} of ${expected} deliveries came`);
  return take(load);
}

/** Milliseconds from each trigger to each arrival. Throws when a stream has ended. */
function delaysOf({ places, times, lost }: Arrivals, triggers: readonly number[]): number[] {
  if (lost > 0) throw new Error(`${lost} streams have ended`);
  return times.map((time, at) => time - (triggers[places[at] ?? 0] ?? Number.NaN));
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
