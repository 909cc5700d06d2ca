import { CodexError } from "@codex/sdk/errors";

/** How far a stream has come: what the next connection is asked for, and which events are new. */
export class StreamPosition {
  readonly #asked: Readonly<Record<string, unknown>>;
  #after: number | undefined;
  #last: number | undefined;
  /** What came last, under that number. */
  #given: unknown;

  constructor(input: unknown) {
    this.#asked = typeof input === "object" && input !== null ? { ...input } : {};
    const { after, lastEventId } = this.#asked;
    if (typeof after === "number") this.#after = after;
    if (typeof lastEventId === "string") this.#last = Number(lastEventId);
  }

  /** With the first ticket: where a stream begins that nobody gave a beginning. What happens while it opens is in it. */
  begin(after: number): void {
    this.#after ??= after;
  }

  /** What the next connection is asked for. */
  get input(): Record<string, unknown> {
    const last = this.#last === undefined ? {} : { lastEventId: String(this.#last) };
    return { ...this.#asked, after: this.#after, ...last };
  }

  /**
   * Takes what came under a number; false for what was given before. An execution is told as it is under the
   * number that its stream goes on from, and may have changed since it was told under the same one.
   */
  take(id: unknown, data: unknown): boolean {
    const number = Number(id);
    if (!Number.isSafeInteger(number))
      throw new CodexError("Internal", "an event came without its number");
    const last = this.#last ?? -1;
    if (number < last || (number === last && isSame(data, this.#given))) return false;
    this.#last = number;
    this.#given = data;
    return true;
  }

  /** There was nothing else up to that number. */
  reach(id: unknown): void {
    const number = Number(id === "" ? undefined : id);
    if (number > (this.#last ?? -1)) this.#last = number;
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
