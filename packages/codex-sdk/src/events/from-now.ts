import { only } from "../edit.ts";
import { patiently, requireThere } from "./following.ts";
import type { PositionRow } from "./queries.ts";

/** Where somebody stands who follows from now on. */
export interface EventPosition {
  /** They know every event up to this number, or it was there before they came. */
  readonly last: number;
  /** The moment when they came, as the server names it. */
  readonly asOf: string;
  /** Whether all that was committed then has a number. */
  readonly isNumbered: boolean;
}

/** What a look of theirs finds; it is over once only later events are left. */
export interface Step<T> {
  readonly told: readonly T[];
  readonly position: EventPosition;
  readonly isOver: boolean;
}

/**
 * What happens after the first look, while events that were there by then still wait for their numbers, which may
 * come on either side; then gives the number after which there is nothing else. Undefined when it was aborted.
 */
export async function* fromNow<T>(
  look: (before: EventPosition | undefined) => Promise<Step<T>>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, number | undefined, undefined> {
  let position: EventPosition | undefined;
  for (;;) {
    if (signal?.aborted === true) return undefined;
    const before = position;
    const found = await patiently(() => look(before), signal);
    if (found === undefined) return undefined;
    yield* found.told;
    ({ position } = found);
    if (found.isOver) return position.last;
  }
}

/**
 * The only place where a row becomes a position. Throws InvalidInput when it is behind the one before, as in a
 * database that was restored meanwhile.
 */
export function toPosition(
  rows: readonly PositionRow[],
  before: EventPosition | undefined,
): EventPosition {
  const row = only(rows, "event position");
  const last = Number(row.last);
  requireThere(last, before?.last ?? 0);
  return { ...row, last };
}
