import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Context } from "../commands/context.ts";
import { exitCode, Failure, sentenceOf } from "../failure.ts";
import { interruption } from "../interruption.ts";
import { requirePrimary } from "../release/primary.ts";
import { duration } from "../report/output.ts";
import { seesActivity } from "../runner/pressure.ts";
import { addressOf, becomeOwner, connect, cut, lasting } from "../runner/session.ts";
import { carried, countRows, lostRows, readBalance, withoutPassing } from "./rows.ts";
import type { RowCounts } from "./rows.ts";
import { passedLimits, takeSample } from "./sample.ts";
import type { Sample } from "./sample.ts";

/** How a watch ended. */
export interface Watched {
  readonly looks: number;
  /** Why it stopped before its time; empty when it did not. */
  readonly reasons: readonly string[];
}

interface Seen {
  readonly atMs: number;
  readonly sample: Sample;
}

// One look over a limit may be a moment's noise.
const strikesMax = 2;

/**
 * Looks at the server again and again. Ends early when a limit is passed in two looks in a row, and at
 * once when a table lost rows that were there `before`.
 */
export async function watchServer(
  context: Context,
  forMs: number,
  before: RowCounts | undefined,
): Promise<Watched> {
  const client = await connect(context.target);
  const seen: Seen[] = [];
  const beside: { counter?: pg.Client } = {};
  // Beside the first looks, so that whoever holds up the count is seen.
  const count = async (): Promise<RowCounts> => {
    beside.counter = await connect(context.target);
    return countOn(context, beside.counter);
  };
  try {
    await requirePrimary(client);
    await client.query(lasting);
    await requireSight(client);
    const counting = before === undefined ? count() : Promise.resolve(before);
    const reasons = await lookOn(context, client, { forMs, counting, seen });
    return { looks: seen.length, reasons };
  } finally {
    // What was seen is reported also of a watch that was interrupted.
    drawSeries(context, seen);
    if (beside.counter !== undefined) cut(beside.counter);
    await client.end().catch(() => {});
  }
}

/** Fails (9) when the login sees only its own sessions. */
export async function requireSight(client: pg.Client): Promise<void> {
  if (await seesActivity(client)) return;
  throw new Failure(
    `${addressOf(client)} does not see what others do: grant pg_monitor to that login.`,
    { code: exitCode.unhealthy },
  );
}

/** Counts rows on a connection of its own, as codex_owner. */
export async function countAsOwner(context: Context): Promise<RowCounts> {
  const client = await connect(context.target);
  try {
    return await countOn(context, client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function countOn({ dir }: Context, client: pg.Client): Promise<RowCounts> {
  await becomeOwner(client);
  // A reader's request holds nobody up, so it may wait.
  await client.query("set lock_timeout = '30s'");
  return withoutPassing(await countRows(client), dir);
}

/** What was there when the watch began. */
interface Beginning {
  readonly rows: RowCounts;
  readonly balance: RowCounts;
}

async function lookOn(
  context: Context,
  client: pg.Client,
  { forMs, counting, seen }: { forMs: number; counting: Promise<RowCounts>; seen: Seen[] },
): Promise<string[]> {
  const { output, settings } = context;
  const end = performance.now() + forMs;
  let beginning: Beginning | undefined;
  const counted = counting.then(
    async (rows) => (beginning = { rows, balance: await readBalance(client) }),
    (cause: unknown) => {
      throw new Failure(
        `The rows of before cannot be counted, so that none would be missed: ${sentenceOf(cause)}.`,
        { code: exitCode.unhealthy, cause },
      );
    },
  );
  // Looked at with each pause.
  counted.catch(() => {});
  let strikes = 0;
  for (;;) {
    const sample = await takeSample(client, settings);
    seen.push({ atMs: output.elapsedMs(), sample });
    const passed = [...passedLimits(sample, settings), ...errorsPassed(seen, settings.errorsMax)];
    strikes = passed.length > 0 ? strikes + 1 : 0;
    for (const line of passed) output.say(`  watch  ${line}`);
    output.doing(
      `watching, ${duration(Math.max(0, end - performance.now()))} left; ${told(sample)}`,
    );
    if (strikes >= strikesMax) return passed;
    // To count for real means to read everything, so that is done once, at the end.
    if (performance.now() >= end) {
      const { rows } = await counted;
      return lostRows(rows, await countAsOwner(context), settings.rowsLost);
    }
    const lost =
      beginning === undefined ? [] : await lostSince(client, beginning, settings.rowsLost);
    if (lost.length > 0) return lost;
    const pause = Math.min(settings.every * 1_000, Math.max(0, end - performance.now()));
    const pausing = sleep(pause, undefined, { signal: interruption });
    await Promise.race([pausing, counted.then(() => pausing)]);
  }
}

async function lostSince(
  client: pg.Client,
  { rows, balance }: Beginning,
  percentMax: number,
): Promise<string[]> {
  return lostRows(rows, carried(rows, balance, await readBalance(client)), percentMax);
}

// In the last minute, or since the watch began: one look's errors say nothing of a minute.
function errorsPassed(seen: readonly Seen[], errorsMax: number): string[] {
  const last = seen.at(-1);
  if (last === undefined) return [];
  const minuteAgo = last.atMs - 60_000;
  const first = seen.findLast(({ atMs }) => atMs <= minuteAgo) ?? seen[0] ?? last;
  const rollbacks = last.sample.rollbacks - first.sample.rollbacks;
  const deadlocks = last.sample.deadlocks - (seen.at(-2) ?? last).sample.deadlocks;
  return [
    ...(rollbacks > errorsMax
      ? [`transactions rolled back in a minute: ${rollbacks}, limit ${errorsMax}`]
      : []),
    ...(deadlocks > 0 ? [`deadlocks: ${deadlocks}`] : []),
  ];
}

function told(sample: Sample): string {
  return `${Math.round(sample.connectionsPercent)} % of connections, ${Math.round(sample.lagBytes)} bytes of lag, ${sample.waiting} waiting`;
}

function drawSeries({ output }: Context, seen: readonly Seen[]): void {
  const lines: readonly (readonly [string, string, (sample: Sample) => number])[] = [
    ["Connections in use", "%", (sample) => sample.connectionsPercent],
    ["Replication lag", "bytes", (sample) => sample.lagBytes],
    ["Sessions waiting for locks", "", (sample) => sample.waiting],
    ["Slow queries", "", (sample) => sample.slowQueries],
  ];
  for (const [name, unit, valueOf] of lines) {
    output.series({ name, unit, points: seen.map(({ atMs, sample }) => [atMs, valueOf(sample)]) });
  }
  const highest = (valueOf: (sample: Sample) => number): number =>
    Math.round(Math.max(0, ...seen.map(({ sample }) => valueOf(sample))));
  output.figure(
    "replicas",
    highest((sample) => sample.replicas),
  );
  output.figure(
    "highest lag, bytes",
    highest((sample) => sample.lagBytes),
  );
  output.figure(
    "most sessions waiting",
    highest((sample) => sample.waiting),
  );
  const rollbacks = (seen.at(-1)?.sample.rollbacks ?? 0) - (seen[0]?.sample.rollbacks ?? 0);
  output.figure("transactions rolled back while watched", rollbacks);
}
