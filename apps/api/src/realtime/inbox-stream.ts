import type { InboxClient } from "@codex/sdk";
import { isCodexError } from "@codex/sdk/errors";
import { inboxArrivalResult } from "@codex/sdk/schemas";
import { setTimeout as sleep } from "node:timers/promises";
import type { Frame } from "./channel.ts";
import { Stream } from "./streams.ts";
import type { StreamOptions } from "./streams.ts";

/** Events by which something arrives in inboxes. */
const arrivals: ReadonlySet<string> = new Set(["notification.created", "announcement.created"]);
// By then the door has told the client in its own words why the stream ends.
const farewellMs = 1_000;

/**
 * What arrives in one person's inbox. The hub's events only say when to look: what is read is what this
 * person may see, as this person, in the order of those events.
 */
export class InboxStream extends Stream {
  readonly #inbox: InboxClient;
  readonly #over: AbortSignal;
  #isWoken = false;
  #wake: (() => void) | undefined;

  constructor(options: StreamOptions, inbox: InboxClient) {
    super(options);
    this.#inbox = inbox;
    const ending = new AbortController();
    this.#over = ending.signal;
    options.response.once("close", () => {
      ending.abort();
      this.#wake?.();
    });
  }

  override begin(from: number): void {
    super.begin(from);
    void this.#follow(from);
  }

  override wants({ type }: Frame): boolean {
    return arrivals.has(type);
  }

  override write(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  /** Where the hub is says nothing of how far the inbox was read. */
  protected override get reached(): undefined {
    return undefined;
  }

  async #follow(after: number): Promise<void> {
    const asked = { after, signal: this.#over, wake: () => this.#woken() };
    try {
      for await (const arrival of this.#inbox.subscribe(asked)) {
        if (this.isOver) return;
        this.tell(arrival.number, JSON.stringify(inboxArrivalResult.parse(arrival)));
        await this.drained();
      }
    } catch (error) {
      const isPruned = isCodexError(error, "NotFound");
      if (isPruned) await sleep(farewellMs);
      else this.failed(error);
      this.cut("inbox");
    }
  }

  async #woken(): Promise<void> {
    if (!this.#isWoken && !this.#over.aborted)
      await new Promise<void>((go) => {
        this.#wake = go;
      });
    this.#wake = undefined;
    this.#isWoken = false;
  }
}
