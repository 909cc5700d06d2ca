import type { Codex, Event, EventPosition } from "@codex/sdk";
import { CodexError, isCodexError } from "@codex/sdk/errors";
import { eventResult } from "@codex/sdk/schemas";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../errors.ts";
import { Channel, give } from "./channel.ts";
import type { Frame, Member, Subscriber } from "./channel.ts";
import { Turns } from "./turns.ts";
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
const restMsMax = 5_000;
// Few of each, so that the connections of the service have room for the next look. After a restart everybody
// comes at once.
const readersMax = 2;
const catchUpsMax = 2;
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
  readonly #turns = new Turns(catchUpsMax);
  #heardAt = 0;
  #looking = false;
  #reading = 0;

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  /** Seconds since the database last answered; 0 while nobody listens. */
  get lagS(): number {
    return this.#looking ? (performance.now() - this.#heardAt) / 1_000 : 0;
  }

  /**
   * Gives a subscriber every event after the number, or from now on, beginning with what is stored, as fast
   * as it takes it. Gives the way out. Throws NotFound when some of them are no longer kept, InvalidInput
   * for a number that no event has yet.
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
    const leave = (): void => {
      channel.leave(member);
      if (channel.isEmpty && this.#channels.get(workspaceId) === channel)
        this.#channels.delete(workspaceId);
    };
    try {
      subscriber.begin(position);
      await this.#catchUp(channel, member);
    } catch (error) {
      leave();
      throw error;
    }
    if (subscriber.isOver) leave();
    else if (!this.#looking && !this.#stopping.signal.aborted) void this.#look();
    return leave;
  }

  /** Number of the last event of the workspace now. */
  async #headOf(workspaceId: string): Promise<number> {
    const look = (before?: EventPosition): Promise<EventPosition> =>
      this.#turns.take(() => this.#parts.feed.now(workspaceId, before, limits));
    let position = await look();
    while (!position.isNumbered) position = await look(position);
    return position.last;
  }

  /** Ends the looking. Subscribers are the caller's. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Reads from the store until the kept events of the channel reach back to the member. */
  async #catchUp(channel: Channel, member: Member): Promise<void> {
    let hasAsked = false;
    while (!member.subscriber.isOver) {
      const isAhead = channel.position !== undefined && member.position > channel.position;
      // A number ahead of the channel's may be one that no event has: the store knows.
      if ((hasAsked || !isAhead) && channel.settle(member)) return;
      const { position: after } = member;
      const { workspaceId } = channel;
      const asked = { after, limit: readMax };
      const { events, head } = await this.#turns.take(() =>
        this.#parts.feed.next(workspaceId, asked, limits),
      );
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

  /** One look: a question for all workspaces. Those that have something new are read beside it. */
  async #once(): Promise<void> {
    const heads = await this.#parts.feed.heads([...this.#channels.keys()], limits);
    for (const { workspaceId, number, hasUnnumbered } of heads) {
      if (this.#reading >= readersMax) return;
      const channel = this.#channels.get(workspaceId);
      if (channel?.position === undefined || channel.isReading) continue;
      if (channel.restUntil > performance.now()) continue;
      if (hasUnnumbered || number > channel.position) void this.#read(channel);
    }
  }

  /** Reads what is new in one workspace; its trouble is nobody else's. */
  async #read(channel: Channel): Promise<void> {
    channel.isReading = true;
    this.#reading += 1;
    try {
      await this.#advance(channel);
      channel.failures = 0;
    } catch (error) {
      this.#parts.failed(error);
      channel.failures += 1;
      channel.restUntil = performance.now() + Math.min(restMsMax, 50 * 2 ** channel.failures);
      // Pruned under our feet: those who listen come back, and are told.
      if (isCodexError(error, "NotFound")) channel.cut("pruned");
    } finally {
      channel.isReading = false;
      this.#reading -= 1;
      this.#toTheEnd(channel);
    }
  }

  async #advance(channel: Channel): Promise<void> {
    const after = channel.position ?? 0;
    const { workspaceId } = channel;
    const asked = { after, limit: readMax };
    const { events, head } = await this.#parts.feed.next(workspaceId, asked, limits);
    // The database was restored: those who listen come back, and are told that there is no such number.
    if (head < after) return channel.cut("restored");
    // The rest of many is for the next look: others are waiting.
    channel.publish(events.map(toFrame));
  }

  /** Whoever was read last is asked about last, so that every workspace has its turn. */
  #toTheEnd(channel: Channel): void {
    const { workspaceId } = channel;
    if (this.#channels.get(workspaceId) !== channel) return;
    this.#channels.delete(workspaceId);
    this.#channels.set(workspaceId, channel);
  }
}

function toFrame(event: Event): Frame {
  const { number, type, entityId } = event;
  const { data, error } = eventResult.safeParse(event);
  // Ours, and not of whoever listens.
  if (error !== undefined)
    throw new CodexError("Internal", "an event does not fit the contract", { cause: error });
  const json = JSON.stringify(data);
  return { number, type, entityId, bytes: Buffer.from(eventFrame(number, json)) };
}
