import { connect } from "node:net";
import type { Socket } from "node:net";

/** What the subscribers are told. */
export type SubscribersTask =
  /** Opens so many streams; answered when the first frame of each has come. */
  | {
      readonly kind: "open";
      readonly port: number;
      readonly request: string;
      readonly count: number;
    }
  /** Answered by what has come since the last time. */
  | { readonly kind: "take" }
  /** Answered by how many have come since the last time. */
  | { readonly kind: "count" }
  | { readonly kind: "close" };

/** One event at one subscriber: which one of its events since the last time, and when. */
export interface Arrivals {
  /** Places from 0, one for each arrival. */
  readonly places: readonly number[];
  /** Milliseconds of the machine's monotonic clock, which all its processes share. */
  readonly times: readonly number[];
  /** Streams that have ended by themselves. */
  readonly lost: number;
}

// What stands once in every event, and in no other frame.
const mark = Buffer.from('"number":');
const batch = 25;

let places: number[] = [];
let times: number[] = [];
let lost = 0;
let subscribers: Subscriber[] = [];

class Subscriber {
  readonly opened: Promise<void>;
  seen = 0;
  readonly #socket: Socket;
  #matched = 0;
  #closing = false;

  constructor(port: number, request: string) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.opened = promise;
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.once("connect", () => this.#socket.write(request, "latin1"));
    let head = "";
    const greet = (bytes: Buffer): void => {
      head += bytes.toString("latin1");
      if (!head.includes("event: connected")) return;
      this.#socket.off("data", greet).on("data", (more: Buffer) => this.#read(more));
      resolve();
    };
    this.#socket.on("data", greet);
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => {
      reject(new Error(`a stream was not opened: ${head.slice(0, 300)}`));
      if (!this.#closing) lost += 1;
    });
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  // The mark may come in two pieces, and chunks of HTTP may stand between the lines.
  #read(bytes: Buffer): void {
    let matched = this.#matched;
    for (const byte of bytes) {
      if (byte === mark[matched]) matched += 1;
      else matched = byte === mark[0] ? 1 : 0;
      if (matched === mark.length) {
        matched = 0;
        places.push(this.seen);
        times.push(Number(process.hrtime.bigint()) / 1e6);
        this.seen += 1;
      }
    }
    this.#matched = matched;
  }
}

async function open(task: Extract<SubscribersTask, { kind: "open" }>): Promise<number> {
  while (subscribers.length < task.count) {
    const size = Math.min(batch, task.count - subscribers.length);
    const some = Array.from({ length: size }, () => new Subscriber(task.port, task.request));
    await Promise.all(some.map(({ opened }) => opened));
    subscribers.push(...some);
  }
  return subscribers.length;
}

function take(): Arrivals {
  const taken = { places, times, lost };
  [places, times, lost] = [[], [], 0];
  for (const subscriber of subscribers) subscriber.seen = 0;
  return taken;
}

function close(): number {
  for (const subscriber of subscribers) subscriber.close();
  subscribers = [];
  take();
  return 0;
}

async function run(task: SubscribersTask): Promise<unknown> {
  if (task.kind === "open") return open(task);
  if (task.kind === "count") return times.length;
  return task.kind === "take" ? take() : close();
}

process.on("message", (task) => {
  void run(task as SubscribersTask).then((answer) => process.send?.(answer)); // of the bench
});
// Ends with the bench, however that ends.
process.on("disconnect", () => process.exit());
