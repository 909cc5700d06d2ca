/** One event as the bytes of a stream, made once for all who get it. */
export interface Frame {
  readonly number: number;
  readonly type: string;
  /** Id of what changed; null for links. */
  readonly entityId: string | null;
  readonly bytes: Buffer;
}

/** Somebody who is given events. */
export interface Subscriber {
  /** Whether it is over: nobody reads any more. */
  readonly isOver: boolean;
  /** Number of the last event that it has been passed, once it is up to date; where it can go on. */
  upTo: number | undefined;
  /** Is told after which number it begins, before it is given anything. */
  begin(from: number): void;
  /** Takes one or several events, and their bytes one after the other. */
  write(bytes: Buffer, frames: readonly Frame[]): void;
  /** Ends it when it reads more slowly than events come. */
  requirePace(): void;
  /** Resolves when what it was given has been passed on, or it is over. */
  drained(): Promise<void>;
  /** Whether it wants an event. */
  wants(frame: Frame): boolean;
  /** Ends it, so that it comes back and goes on from where it is. */
  cut(reason: string): void;
}

/** A subscriber, and how far it has come. */
export interface Member {
  readonly subscriber: Subscriber;
  /** Number of the last event that it has, or began after. */
  position: number;
  /** Whether it is given what is published; until then it is served from the store. */
  settled: boolean;
}

// Bytes of events that are kept, so that whoever comes back after a moment needs no reading.
const keptMax = 256 * 1024;

/** The events of one workspace, and who listens. */
export class Channel {
  readonly workspaceId: string;
  /** Whether somebody is reading what is new. */
  isReading = false;
  /** How often in a row that failed, and until when it is left alone. */
  failures = 0;
  restUntil = 0;
  readonly #members = new Set<Member>();
  /** The newest events, without a gap, up to the position. */
  #kept: Frame[] = [];
  #keptBytes = 0;
  #position: number | undefined;

  constructor(workspaceId: string) {
    this.workspaceId = workspaceId;
  }

  /** Number of the last event that the channel has come to; undefined until somebody has looked. */
  get position(): number | undefined {
    return this.#position;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  has(member: Member): boolean {
    return this.#members.has(member);
  }

  join(member: Member): void {
    this.#members.add(member);
  }

  leave(member: Member): void {
    this.#members.delete(member);
  }

  /** Begins at the last event there is, unless it has begun. */
  begin(head: number): void {
    this.#position ??= head;
  }

  /** Brings a member up to date from the kept events; false when they do not reach back far enough. */
  settle(member: Member): boolean {
    const position = this.#position;
    if (position === undefined) return false;
    const missing = position - member.position;
    if (missing > this.#kept.length) return false;
    if (missing > 0) give(member, this.#kept.slice(this.#kept.length - missing));
    member.settled = true;
    member.subscriber.upTo = member.position;
    return true;
  }

  /** Hands on the events that follow the position. */
  publish(frames: readonly Frame[]): void {
    const from = this.#position ?? 0;
    const fresh = frames.filter(({ number }) => number > from);
    const [first, last] = [fresh[0], fresh.at(-1)];
    if (first === undefined || last === undefined) return;
    this.#position = last.number;
    this.#keep(fresh);
    // The usual case: everybody wants everything, and gets the same bytes.
    const all = bytesOf(fresh);
    for (const member of this.#members) {
      if (!member.settled) continue;
      const wantsAll = member.position < first.number && wants(member, fresh);
      if (wantsAll) member.subscriber.write(all, fresh);
      else give(member, fresh);
      member.position = Math.max(member.position, last.number);
      member.subscriber.upTo = member.position;
      member.subscriber.requirePace();
    }
  }

  /** Ends everybody, so that they come back. */
  cut(reason: string): void {
    for (const { subscriber } of this.#members) subscriber.cut(reason);
  }

  #keep(frames: readonly Frame[]): void {
    this.#kept.push(...frames);
    for (const { bytes } of frames) this.#keptBytes += bytes.length;
    let drop = 0;
    while (this.#keptBytes > keptMax && drop < this.#kept.length) {
      this.#keptBytes -= this.#kept[drop]?.bytes.length ?? 0;
      drop += 1;
    }
    if (drop > 0) this.#kept = this.#kept.slice(drop);
  }
}

/** Gives a member those of the frames that it has not had and wants. */
export function give(member: Member, frames: readonly Frame[]): void {
  const { subscriber, position } = member;
  const wanted = frames.filter((frame) => frame.number > position && subscriber.wants(frame));
  if (wanted.length > 0) subscriber.write(bytesOf(wanted), wanted);
  member.position = Math.max(position, frames.at(-1)?.number ?? 0);
}

function wants({ subscriber }: Member, frames: readonly Frame[]): boolean {
  return frames.every((frame) => subscriber.wants(frame));
}

function bytesOf(frames: readonly Frame[]): Buffer {
  const [only] = frames;
  if (only !== undefined && frames.length === 1) return only.bytes;
  return Buffer.concat(frames.map(({ bytes }) => bytes));
}
