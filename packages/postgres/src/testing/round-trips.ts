import net from "node:net";

/** Counts how often a client wrote and then waited for an answer. */
export interface RoundTrips {
  /** Give it to pg as `stream`: the counter stands on the wire itself. */
  readonly stream: () => net.Socket;
  /** Round trips since the start or the last `reset`, those of connecting included. */
  readonly count: number;
  /** Writes to the socket since then: one for each round trip, when nothing is sent in pieces. */
  readonly writes: number;
  reset(): void;
}

/** A counter for any number of connections (plain TCP or a Unix socket). */
export function countRoundTrips(): RoundTrips {
  const counter = { count: 0, writes: 0 };
  return Object.assign(counter, {
    stream: () => new CountingSocket(counter),
    reset: () => {
      counter.count = 0;
      counter.writes = 0;
    },
  });
}

/** A turn begins with the first write after an answer. */
class CountingSocket extends net.Socket {
  readonly #counter: { count: number; writes: number };
  #waiting = false;

  constructor(counter: { count: number; writes: number }) {
    super();
    this.#counter = counter;
    this.on("data", () => {
      this.#waiting = false;
    });
  }

  #note(): void {
    this.#counter.writes += 1;
    if (!this.#waiting) this.#counter.count += 1;
    this.#waiting = true;
  }

  override _write(
    chunk: Buffer,
    encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#note();
    super._write(chunk, encoding, done);
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#note();
    super._writev?.(chunks, done);
  }
}
