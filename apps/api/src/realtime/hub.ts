import type { Codex, Event } from "@codex/sdk";
import { isCodexError } from "@codex/sdk/errors";
import { eventResult } from "@codex/sdk/schemas";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../errors.ts";
import { Channel, give } from "./channel.ts";
import type { Frame, Member, Subscriber } from "./channel.ts";
import { eventFrame } from "./wire.ts";

interface HubParts {
  /** The SDK's; all that the hub needs of the database. */
  readonly feed: Codex["feed"];
  /** Milliseconds between two looks while nothing happens. */
  readonly pollMs: number;
  /** Is told what went wrong; the hub goes on. */
  readonly failed: (error: unknown) => void;
}

const readMax = 500;
const pauseMsMax = 1_000;
const limits = { timeoutMs: 5_000 };

/**
 * Hands the events of many workspaces to many subscribers: one question a look for all workspaces that have
 * subscribers, each new event read once, made into bytes once, and written to everybody who wants it. What
 * a subscriber has is always every event up to a number, so that it can go on from there anywhere else.
 */
export class Hub {
  readonly #parts: HubParts;
  readonly #channels = new Map<string, Channel>();
  readonly #stopping = new AbortController();
  #heardAt = 0;
  #looking = false;

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  /** Seconds since the database last answered; 0 while nobody listens. */
  get lagS(): number {
    return this.#looking ? (performance.now() - this.#heardAt) / 1_000 : 0;
  }

  /**
   * Gives a subscriber every event after the number, or from now on, beginning with what is stored, as fast
   * as it takes it. Gives the way out. Throws NotFound when some of them are no longer kept, InvalidInput for a number that no
   * event has yet.
   */
  async subscribe(
    workspaceId: string,
    subscriber: Subscriber,
    after: number | undefined,
  ): Promise<() => void> {
    const position = after ?? (await this.#headOf(workspaceId));
    const channel = this.#channels.get(workspaceId) ?? new Channel(workspaceId);
    this.#channels.set(workspaceId, channel);
    const member: Member = { subscriber, position, settled: false };
    channel.join(member);
    subscriber.begin(position);
    const leave = (): void => {
      channel.leave(member);
      if (channel.isEmpty && this.#channels.get(workspaceId) === channel)
        this.#channels.delete(workspaceId);
    };
    try {
      await this.#catchUp(channel, member);
    } catch (error) {
      leave();
      throw error;
    }
    if (!this.#looking && !this.#stopping.signal.aborted) void this.#look();
    return leave;
  }

  /** Number of the last event of the workspace now. */
  async #headOf(workspaceId: string): Promise<number> {
    const after = Number.MAX_SAFE_INTEGER;
    return (await this.#parts.feed.next(workspaceId, { after, limit: 1 }, limits)).head;
  }

  /** Ends the looking. Subscribers are the caller's. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Reads from the store until the kept events of the channel reach back to the member. */
  async #catchUp(channel: Channel, member: Member): Promise<void> {
    let hasAsked = false;
    while (channel.has(member)) {
      const isAhead = channel.position !== undefined && member.position > channel.position;
      // A number ahead of the channel's may be one that no event has: the store knows.
      if ((hasAsked || !isAhead) && channel.settle(member)) return;
      const { position: after } = member;
      const { workspaceId } = channel;
      const asked = { after, limit: readMax };
      const { events, head } = await this.#parts.feed.next(workspaceId, asked, limits);
      if (after > head)
        throw new Refusal({
          code: "InvalidInput",
          message: "no event has that number: read the current state, then follow",
        });
      give(member, events.map(toFrame));
      await member.subscriber.drained();
      if (events.length < readMax) channel.begin(head);
      hasAsked = true;
    }
  }

  async #look(): Promise<void> {
    const { pollMs, failed } = this.#parts;
    const { signal } = this.#stopping;
    this.#looking = true;
    this.#heardAt = performance.now();
    let pauseMs = pollMs;
    while (!signal.aborted && this.#channels.size > 0) {
      try {
        await this.#once();
        this.#heardAt = performance.now();
        pauseMs = pollMs;
      } catch (error) {
        failed(error);
        pauseMs = Math.min(pauseMsMax, pauseMs * 2);
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
    // In the same turn as the last test: whoever comes from now on begins anew.
    this.#looking = false;
  }

  /** One look: a question for all workspaces, and one more for each that has something new. */
  async #once(): Promise<void> {
    const heads = await this.#parts.feed.heads([...this.#channels.keys()], limits);
    const results = await Promise.allSettled(
      heads.map(async ({ workspaceId, number, hasUnnumbered }) => {
        const position = this.#channels.get(workspaceId)?.position;
        const isNew = position !== undefined && (hasUnnumbered || number > position);
        if (isNew) await this.#advance(workspaceId);
      }),
    );
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  async #advance(workspaceId: string): Promise<void> {
    for (;;) {
      const channel = this.#channels.get(workspaceId);
      const after = channel?.position;
      if (channel === undefined || after === undefined) return;
      const events = await this.#next(channel, after);
      channel.publish(events.map(toFrame));
      if (events.length < readMax) return;
    }
  }

  async #next(channel: Channel, after: number): Promise<readonly Event[]> {
    try {
      const { workspaceId } = channel;
      return (await this.#parts.feed.next(workspaceId, { after, limit: readMax }, limits)).events;
    } catch (error) {
      // Pruned under our feet: those who listen come back, and are told.
      if (isCodexError(error, "NotFound")) channel.cut("pruned");
      throw error;
    }
  }
}

function toFrame(event: Event): Frame {
  const { number, type } = event;
  const json = JSON.stringify(eventResult.parse(event));
  return { number, type, bytes: Buffer.from(eventFrame(number, json)) };
}
