import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** One event as it came over the wire. */
export interface Received {
  readonly id: number;
  readonly data: { number: number; type: string; entityId: string | null };
}

interface Follow {
  readonly url: string;
  readonly token: string;
  readonly after: number;
  /** Bytes after which the client hangs up; at random, say. */
  readonly cutAfter?: () => number;
  readonly signal: AbortSignal;
}

/**
 * Follows a workspace as a plain client does: reads frames off a bare socket, hangs up after any number of
 * bytes, in the middle of a frame too, and goes on with `Last-Event-ID` of the last whole one.
 */
export class Follower {
  readonly received: Received[] = [];
  connects = 0;
  cuts = 0;
  /** How long it was told to wait before it comes back, in milliseconds, by streams that ended. */
  readonly retries: number[] = [];
  #last: number;
  readonly #follow: Follow;

  constructor(follow: Follow) {
    this.#follow = follow;
    this.#last = follow.after;
  }

  /** Follows until the signal aborts. */
  async run(): Promise<void> {
    while (!this.#follow.signal.aborted) {
      await this.#once();
      await sleep(5 + Math.random() * 20);
    }
  }

  #once(): Promise<void> {
    const { url, token, signal, cutAfter } = this.#follow;
    const { port } = new URL(url);
    const limit = cutAfter?.() ?? Number.POSITIVE_INFINITY;
    return new Promise((done) => {
      const socket = connect(Number(port), "127.0.0.1");
      const stop = (): void => {
        socket.destroy();
      };
      signal.addEventListener("abort", stop, { once: true });
      socket.on("connect", () => {
        this.connects += 1;
        socket.write(
          `GET /trpc/events.subscribe HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\nlast-event-id: ${this.#last}\r\n\r\n`,
        );
      });
      this.#readFrames(socket, limit);
      socket.on("error", () => {});
      socket.on("close", () => {
        signal.removeEventListener("abort", stop);
        done();
      });
    });
  }

  #readFrames(socket: Socket, limit: number): void {
    let text = "";
    let bytes = 0;
    socket.on("data", (part: Buffer) => {
      const left = Math.max(0, limit - bytes);
      bytes += part.length;
      text += part.subarray(0, left).toString("latin1");
      // An answer that is no stream: again, as a client would.
      if (/^HTTP\/1\.1 (?!200)/u.test(text)) socket.destroy();
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        this.#frame(text.slice(0, end));
        text = text.slice(end + 2);
      }
      if (bytes >= limit) {
        this.cuts += 1;
        socket.destroy();
      }
    });
  }

  #frame(frame: string): void {
    const isFirst = frame.includes("event: connected");
    const [, retry] = /^retry: (\d+)$/mu.exec(frame) ?? [];
    if (retry !== undefined && !isFirst) this.retries.push(Number(retry));
    const [, data] = /^data: (\{.*)$/mu.exec(frame) ?? [];
    const [, id] = /^id: (\d+)$/mu.exec(frame) ?? [];
    if (data === undefined || id === undefined || isFirst) return;
    this.#last = Number(id);
    this.received.push({ id: Number(id), data: JSON.parse(data) as Received["data"] });
  }
}

/** What a follower was given, against what there is: numbers from 1 to the last, each once, in order. */
export function faultsIn(
  received: readonly Received[],
  { after, last }: { after: number; last: number },
): { lost: number; repeated: number; disordered: number } {
  const numbers = received.map(({ id }) => id);
  const unique = new Set(numbers);
  let lost = 0;
  for (let number = after + 1; number <= last; number += 1) if (!unique.has(number)) lost += 1;
  const disordered = numbers.filter((number, at) => at > 0 && number <= (numbers[at - 1] ?? 0));
  return { lost, repeated: numbers.length - unique.size, disordered: disordered.length };
}
