import type { Execution } from "@codex/sdk";
import { executionResult } from "@codex/sdk/schemas";
import type { Frame } from "./channel.ts";
import { Stream } from "./streams.ts";
import type { StreamOptions } from "./streams.ts";

interface Watched {
  readonly id: string;
  /** Reads it anew. */
  readonly read: () => Promise<Execution>;
}

/** The execution itself after each of its events, until it is over. What comes together is told once. */
export class WatchStream extends Stream {
  readonly #watched: Watched;
  #version = 0;
  #reading = false;
  /** Number of the newest event that it was not read after. */
  #due: number | undefined;

  constructor(options: StreamOptions, watched: Watched) {
    super(options);
    this.#watched = watched;
  }

  override begin(from: number): void {
    super.begin(from);
    this.#wake(from);
  }

  override wants({ entityId }: Frame): boolean {
    return entityId === this.#watched.id;
  }

  override write(_bytes: Buffer, frames: readonly Frame[]): void {
    const last = frames.at(-1);
    if (last !== undefined) this.#wake(last.number);
  }

  /** Where the hub is says nothing of what was read by then. */
  protected override get reached(): undefined {
    return undefined;
  }

  #wake(number: number): void {
    this.#due = number;
    if (!this.#reading) void this.#readOn();
  }

  async #readOn(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#due !== undefined && !this.isOver) {
        const number = this.#due;
        this.#due = undefined;
        this.#tell(await this.#watched.read(), number);
      }
    } catch (error) {
      this.failed(error);
      // It comes back, and begins with how things stand then.
      this.cut("unreadable");
    } finally {
      this.#reading = false;
    }
  }

  #tell(execution: Execution, number: number): void {
    if (execution.version === this.#version) return;
    this.#version = execution.version;
    this.tell(number, JSON.stringify(executionResult.parse(execution)));
    if (execution.finishedAt !== null) this.complete();
  }
}
