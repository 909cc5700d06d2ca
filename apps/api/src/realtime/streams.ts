import type { Codex, StreamHolder } from "@codex/sdk";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Refusal } from "../errors.ts";
import { Places } from "../limits/places.ts";
import type { Frame, Subscriber } from "./channel.ts";
import type { Hub } from "./hub.ts";
import {
  connectedFrame,
  eventFrame,
  pingFrame,
  retryFrame,
  returnFrame,
  streamHeaders,
} from "./wire.ts";

interface StreamsParts {
  readonly hub: Hub;
  readonly access: Codex["access"];
  readonly settings: StreamSettings;
  readonly delivered: (events: number) => void;
  readonly cut: (reason: string) => void;
  readonly failed: (error: unknown) => void;
}

export interface StreamSettings {
  readonly max: number;
  readonly perWorkspace: number;
  /** Of one key, or of one person without one. */
  readonly perKey: number;
  readonly perAddress: number;
  readonly pingMs: number;
  readonly reconnectMs: number;
}

/** What a stream is asked for by. */
export interface StreamAsked {
  readonly holder: StreamHolder;
  readonly address: string;
  readonly after: number | undefined;
  readonly types: readonly string[] | undefined;
  /** What it is, where it is no stream of the events themselves. */
  readonly make?: ((options: StreamOptions) => Stream) | undefined;
}

// Access that has ended is noticed within a second: this, and the time of one question.
const accessMs = 400;
// A subscriber that reads more slowly than events come is cut, and goes on when it comes back.
const unreadMax = 1024 * 1024;
// Nor is one waited for that reads nothing at all while it catches up.
const stalledMs = 10_000;
const retryMsMin = 200;
const retryMsSpread = 1_800;

/** The open streams of this process. */
export class Streams {
  readonly #parts: StreamsParts;
  readonly #open = new Set<Stream>();
  readonly #workspaces: Places;
  readonly #keys: Places;
  readonly #addresses: Places;
  readonly #timers: NodeJS.Timeout[];
  #draining = false;
  #checking = false;

  constructor(parts: StreamsParts) {
    this.#parts = parts;
    const { max, perWorkspace, perKey, perAddress } = parts.settings;
    const places = (each: number, whose: string): Places =>
      new Places({ max, each, message: `${whose} has as many streams as it may`, retryAfterS: 5 });
    this.#workspaces = places(perWorkspace, "this workspace");
    this.#keys = places(perKey, "this key or person");
    this.#addresses = places(perAddress, "this address");
    this.#timers = [
      setInterval(() => this.#ping(), parts.settings.pingMs),
      setInterval(() => void this.#checkAccess(), accessMs),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  get count(): number {
    return this.#open.size;
  }

  /**
   * Answers with a stream that stays open. Throws Unavailable and RateLimited when there is no room, and
   * what the hub throws: the answer may have begun by then.
   */
  async open(
    request: IncomingMessage,
    response: ServerResponse,
    asked: StreamAsked,
  ): Promise<void> {
    const { hub, settings } = this.#parts;
    const { workspaceId } = asked.holder;
    // Whoever has left while they were let in leaves no second time.
    if (response.closed || response.destroyed) return;
    this.requireRoom(asked.address);
    const leavePlaces = this.#enter(asked);
    const { reconnectMs } = settings;
    const made = { response, asked, reconnectMs, parts: this.#parts };
    const stream = asked.make?.(made) ?? new Stream(made);
    this.#open.add(stream);
    const gone = (): void => {
      if (this.#open.delete(stream)) leavePlaces();
    };
    response.once("close", gone);
    request.socket.setNoDelay(true);
    // Its own timeout would end a stream on which the client, rightly, says nothing.
    request.socket.setTimeout(0);
    // Whoever closes their side of it has gone, as far as anybody can tell before the next ping.
    request.socket.once("end", () => response.destroy());
    try {
      const leave = await hub.subscribe(workspaceId, stream, asked.after);
      if (response.closed) leave();
      else response.once("close", leave);
    } catch (error) {
      gone();
      throw error;
    }
  }

  /** Ends every stream without a word. */
  cutAll(reason: string): void {
    for (const stream of this.#open) stream.cut(reason);
  }

  /** Tells every client to come back, each at a moment of its own, and ends the streams. */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([...this.#open].map((stream) => stream.end()));
  }

  /** Throws Unavailable when there is no room for one more, RateLimited when this address has all of its own. */
  requireRoom(address: string): void {
    if (this.#draining || this.#open.size >= this.#parts.settings.max)
      throw new Refusal({ code: "Unavailable", message: "no room for a stream", retryAfterS: 2 });
    this.#addresses.require(address);
  }

  /** Takes the places of a stream, and gives the way to give them back. */
  #enter({ holder, address }: StreamAsked): () => void {
    const { workspaceId, userId, apiKeyId } = holder;
    const asked: readonly (readonly [Places, string])[] = [
      [this.#workspaces, workspaceId],
      [this.#keys, apiKeyId ?? userId ?? workspaceId],
      [this.#addresses, address],
    ];
    const taken: (() => void)[] = [];
    const leave = (): void => taken.forEach((giveBack) => giveBack());
    try {
      for (const [places, name] of asked) taken.push(places.take(name));
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  #ping(): void {
    for (const stream of this.#open) stream.ping();
  }

  /** Ends the streams of those whose key was revoked or who are members no longer: one question for all. */
  async #checkAccess(): Promise<void> {
    if (this.#checking || this.#open.size === 0) return;
    this.#checking = true;
    try {
      const byHolder = Map.groupBy(this.#open, ({ holder }) => JSON.stringify(holder));
      const holders = [...byHolder.values()].flatMap(([first]) => first?.holder ?? []);
      const ended = await this.#parts.access.ended(holders, { timeoutMs: 5_000 });
      for (const holder of ended)
        for (const stream of byHolder.get(JSON.stringify(holder)) ?? []) stream.cut("access ended");
    } catch (error) {
      this.#parts.failed(error);
    } finally {
      this.#checking = false;
    }
  }
}

/** What a stream is made of. */
export interface StreamOptions {
  readonly response: ServerResponse;
  readonly asked: StreamAsked;
  readonly reconnectMs: number;
  readonly parts: StreamParts;
}

type StreamParts = Pick<StreamsParts, "delivered" | "cut" | "failed">;

/** One stream to one client: of the workspace's events, unless a kind of its own says otherwise. */
export class Stream implements Subscriber {
  readonly holder: StreamHolder;
  upTo: number | undefined;
  readonly #response: ServerResponse;
  readonly #types: ReadonlySet<string> | undefined;
  readonly #parts: StreamParts;
  readonly #reconnectMs: number;

  constructor({ response, asked, reconnectMs, parts }: StreamOptions) {
    this.#response = response;
    this.holder = asked.holder;
    this.#types = asked.types === undefined ? undefined : new Set(asked.types);
    this.#reconnectMs = reconnectMs;
    this.#parts = parts;
  }

  get isOver(): boolean {
    return this.#response.closed || this.#response.destroyed || this.#response.writableEnded;
  }

  begin(from: number): void {
    if (this.isOver || this.#response.headersSent) return;
    // Without chunks: every subscriber is sent the very same bytes.
    this.#response.removeHeader("transfer-encoding");
    this.#response.writeHead(200, { ...streamHeaders, connection: "close" });
    this.#response.write(connectedFrame(this.#reconnectMs, from));
  }

  wants({ type }: Frame): boolean {
    return this.#types?.has(type) ?? true;
  }

  write(bytes: Buffer, frames: readonly Frame[]): void {
    this.#parts.delivered(frames.length);
    this.#send(bytes);
  }

  requirePace(): void {
    if (this.#response.writableLength > unreadMax) this.cut("too slow");
  }

  async drained(): Promise<void> {
    const response = this.#response;
    if (this.isOver || !response.writableNeedDrain) return;
    await new Promise<void>((done) => {
      const timer = setTimeout(() => this.cut("stalled"), stalledMs);
      const over = (): void => {
        clearTimeout(timer);
        response.off("drain", over).off("close", over);
        done();
      };
      response.on("drain", over).on("close", over);
    });
  }

  ping(): void {
    // With how far it has come: the events of a filtered stream may be long ago.
    if (this.#response.headersSent) this.#send(pingFrame(this.reached));
  }

  // Destroyed, not ended: a stream that says goodbye tells its client not to come back.
  cut(reason: string): void {
    if (this.#response.destroyed) return;
    this.#parts.cut(reason);
    this.#response.destroy();
  }

  async end(): Promise<void> {
    const response = this.#response;
    if (response.closed) return;
    // One that has not begun is no stream yet: an empty answer would tell its client not to come back.
    if (!response.headersSent) {
      response.destroy();
      return;
    }
    const closed = new Promise<void>((done) => response.once("close", () => done()));
    // One that has said goodbye to a slow reader is told nothing more: nobody would hear that error.
    if (!response.writableEnded)
      response.end(retryFrame(retryMsMin + Math.round(Math.random() * retryMsSpread)));
    setTimeout(() => response.destroy(), 500).unref();
    await closed;
  }

  /** Number that a client which has heard nothing may go on after; undefined when that is not certain. */
  protected get reached(): number | undefined {
    return this.upTo;
  }

  /** Sends something of its own, after which a client goes on from that number. */
  protected tell(number: number, json: string): void {
    this.#parts.delivered(1);
    this.#send(eventFrame(number, json));
  }

  /** Is told what went wrong on our side. */
  protected failed(error: unknown): void {
    this.#parts.failed(error);
  }

  /** Says goodbye: there is nothing more to come, and the client does not come back. */
  protected complete(): void {
    if (!this.isOver) this.#response.end(returnFrame);
  }

  #send(bytes: Buffer | string): void {
    if (this.isOver) return;
    this.#response.write(bytes);
  }
}
