import type { InboxClient } from "@codex/sdk";
import { isCodexError } from "@codex/sdk/errors";
import { inboxArrivalResult } from "@codex/sdk/schemas";
import { setTimeout as sleep } from "node:timers/promises";
import type { Frame, Subscriber } from "./channel.ts";
import { eventFrame } from "./wire.ts";

/** What it needs of the stream that it writes to. */
type Sink = Pick<Subscriber, "isOver" | "begin" | "write" | "requirePace" | "drained" | "cut">;

/** Events by which something arrives in inboxes. */
const arrivals: ReadonlySet<string> = new Set(["notification.created", "announcement.created"]);
// By then the hub has told the client in its own words why the stream ends.
const farewellMs = 1_000;

/**
 * Gives one person what arrives in their inbox. The hub's events only say when to look: what is read is
 * what this person may see, as this person, in the order of those events.
 */
export class InboxSubscriber implements Subscriber {
  upTo: number | undefined;
  readonly #sink: Sink;
  readonly #inbox: InboxClient;
  readonly #failed: (error: unknown) => void;
  readonly #ending = new AbortController();
  #isWoken = false;
  #wake: (() => void) | undefined;

  constructor(sink: Sink, inbox: InboxClient, failed: (error: unknown) => void) {
    this.#sink = sink;
    this.#inbox = inbox;
    this.#failed = failed;
  }

  get isOver(): boolean {
    return this.#sink.isOver;
  }

  begin(from: number): void {
    this.#sink.begin(from);
    void this.#follow(from);
  }

  wants({ type }: Frame): boolean {
    return arrivals.has(type);
  }

  write(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  requirePace(): void {
    this.#sink.requirePace();
  }

  drained(): Promise<void> {
    return this.#sink.drained();
  }

  cut(reason: string): void {
    this.#sink.cut(reason);
  }

  /** Stops looking; the stream is over. */
  end(): void {
    this.#ending.abort();
    this.#wake?.();
  }

  async #follow(after: number): Promise<void> {
    const { signal } = this.#ending;
    const wake = (): Promise<void> => this.#woken();
    try {
      for await (const arrival of this.#inbox.subscribe({ after, signal, wake })) {
        if (this.isOver) return;
        const json = JSON.stringify(inboxArrivalResult.parse(arrival));
        const bytes = Buffer.from(eventFrame(arrival.number, json));
        this.#sink.write(bytes, [{ number: arrival.number, type: "inbox", entityId: null, bytes }]);
        await this.#sink.drained();
      }
    } catch (error) {
      const isPruned = isCodexError(error, "NotFound");
      if (!isPruned) this.#failed(error);
      if (isPruned) await sleep(farewellMs);
      this.#sink.cut("inbox");
    }
  }

  async #woken(): Promise<void> {
    if (!this.#isWoken && !this.#ending.signal.aborted)
      await new Promise<void>((go) => {
        this.#wake = go;
      });
    this.#wake = undefined;
    this.#isWoken = false;
  }
}
