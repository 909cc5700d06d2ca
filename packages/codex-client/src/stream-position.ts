import { CodexError } from "@codex/sdk/errors";

/** How far a stream has come: what the next connection is asked for, and which events are new. */
export class StreamPosition {
  readonly #asked: Readonly<Record<string, unknown>>;
  #after: number | undefined;
  #last: number | undefined;

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

  /** Takes the number of an event; false for one that was given before. */
  take(id: unknown): boolean {
    const number = Number(id);
    if (!Number.isSafeInteger(number))
      throw new CodexError("Internal", "an event came without its number");
    if (number <= (this.#last ?? -1)) return false;
    this.#last = number;
    return true;
  }
}
