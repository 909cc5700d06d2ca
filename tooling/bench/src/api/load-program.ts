import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What the load client is to do: requests as bytes, in turn, by so many clients, each waiting for its answer. */
export interface LoadJob {
  readonly port: number;
  /** Whole HTTP requests; each client takes the next one. */
  readonly requests: readonly string[];
  readonly clients: number;
  readonly ms: number;
  /** Milliseconds that a client pauses after each answer; 0 for none. */
  readonly pauseMs: number;
  /** Whether a client that is told to come back later does so. */
  readonly heedsRetryAfter: boolean;
}

/** What came of it; milliseconds are those of answers with status 200. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly ok: number;
  /** Answers with status 429 or 503. */
  readonly refused: number;
  /** Any other answer, and connections that broke. */
  readonly failed: number;
}

interface Answer {
  readonly status: number;
  readonly retryAfterS: number;
}

const broken: Answer = { status: 0, retryAfterS: 0 };

/**
 * A connection that is kept. It reads no more of HTTP than where an answer ends: a client of `node:http`
 * takes longer for a request than the servers that are measured.
 */
class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #text = "";
  #answered: (answer: Answer) => void = () => {};

  constructor(port: number) {
    this.#port = port;
  }

  async open(): Promise<void> {
    const socket = connect(this.#port, "127.0.0.1").setNoDelay(true).setEncoding("latin1");
    this.#socket = socket;
    const lost = (): void => {
      this.#socket = undefined;
      this.#answered(broken);
    };
    socket.on("data", (text: string) => this.#read(text));
    socket.on("close", lost).on("error", () => {});
    await new Promise<void>((done) => socket.once("connect", done).once("close", () => done()));
  }

  async ask(request: string): Promise<Answer> {
    if (this.#socket === undefined) await this.open();
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#text = "";
    this.#answered = resolve;
    if (this.#socket === undefined) return broken;
    this.#socket.write(request, "latin1");
    return promise;
  }

  close(): void {
    this.#socket?.destroy();
  }

  #read(part: string): void {
    this.#text += part;
    const text = this.#text;
    const head = text.indexOf("\r\n\r\n");
    if (head === -1) return;
    const [, length] = /\r\ncontent-length: (\d+)/iu.exec(text.slice(0, head + 2)) ?? [];
    const isWhole =
      length === undefined
        ? text.endsWith("\r\n0\r\n\r\n")
        : text.length >= head + 4 + Number(length);
    if (!isWhole) return;
    const [, after = "0"] = /\r\nretry-after: (\d+)/iu.exec(text.slice(0, head + 2)) ?? [];
    this.#answered({ status: Number(text.slice(9, 12)), retryAfterS: Number(after) });
  }
}

interface Tally {
  readonly times: number[];
  refused: number;
  failed: number;
  next: number;
}

async function run(job: LoadJob): Promise<LoadResult> {
  const connections = Array.from({ length: job.clients }, () => new Connection(job.port));
  await Promise.all(connections.map((connection) => connection.open()));
  const tally: Tally = { times: [], refused: 0, failed: 0, next: 0 };
  const start = performance.now();
  const until = start + job.ms;
  await Promise.all(connections.map((connection) => drive(connection, { job, tally, until })));
  const tookMs = performance.now() - start;
  for (const connection of connections) connection.close();
  return resultOf(tally, tookMs);
}

async function drive(
  connection: Connection,
  { job, tally, until }: { job: LoadJob; tally: Tally; until: number },
): Promise<void> {
  // Clients that pause do not all begin at the same moment.
  if (job.pauseMs > 0) await sleep(Math.random() * job.pauseMs);
  for (let before = performance.now(); before < until; before = performance.now()) {
    const request = job.requests[tally.next % job.requests.length] ?? "";
    tally.next += 1;
    const { status, retryAfterS } = await connection.ask(request);
    if (status === 200) tally.times.push(performance.now() - before);
    else if (status === 429 || status === 503) tally.refused += 1;
    else tally.failed += 1;
    const waitMs = status !== 200 && job.heedsRetryAfter ? retryAfterS * 1_000 : job.pauseMs;
    // Up to half as long again: whoever was refused together does not come back together.
    if (waitMs > 0) await sleep(Math.min(waitMs * (1 + Math.random() / 2), until - before));
  }
}

function resultOf({ times, refused, failed }: Tally, tookMs: number): LoadResult {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return {
    perSecond: (times.length * 1_000) / tookMs,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    ok: times.length,
    refused,
    failed,
  };
}

process.on("message", (job) => {
  void run(job as LoadJob).then((result) => process.send?.(result)); // of the bench, which is ours
});
// Ends with the bench, however that ends.
process.on("disconnect", () => process.exit());
