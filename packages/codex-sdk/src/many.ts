import { CodexError, isCodexError } from "./errors.ts";

/** What became of one of many. */
export type ItemOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: CodexError };

interface ManyParts<Input, Item, T> {
  /** Whether each write is a transaction of its own. Else the first that is refused undoes all, and is thrown. */
  readonly isAlone: boolean;
  /** Checks one input; what it throws is that input's outcome. */
  readonly prepare: (input: Input) => Item;
  /**
   * Writes a chunk in one statement and gives its results in the same order; all or none. `part` names
   * the chunk among those of the same inputs.
   */
  readonly write: (items: readonly Item[], part: string) => Promise<readonly T[]>;
  /**
   * Keeps under the key of a chunk that it was refused: its items have keys of their own from then on, and are not
   * written again when the chunk would be taken later. `write` gives nothing for it then; so does this, unless the chunk
   * was written meanwhile.
   */
  readonly keepRefused?:
    | ((items: readonly Item[], part: string) => Promise<readonly T[]>)
    | undefined;
  /**
   * For a statement whose text is the same for any number of items: chunks of up to so many, then of the
   * smaller sizes, down to 1. Left out, chunks of exactly 100, 10 and 1.
   */
  readonly upTo?: readonly number[] | undefined;
}

// Few sizes, so that few statements are prepared: each size has a text of its own.
const chunkSizes: readonly number[] = [100, 10, 1];

// Errors that are one item's own. Any other ends the whole call.
const ofOneItem = new Set(["InvalidInput", "InvalidReference", "Conflict", "NotFound"]);

/**
 * Writes in chunks of a few sizes. A chunk that is refused because of one of its items is written
 * again in smaller ones, so that the good ones get through and the bad one gets its own error.
 */
export async function manyOutcomes<Input, Item, T>(
  inputs: readonly Input[],
  parts: ManyParts<Input, Item, T>,
): Promise<readonly ItemOutcome<T>[]> {
  const { upTo, isAlone } = parts;
  const outcomes: ItemOutcome<T>[] = [];
  const ready: { at: number; item: Item }[] = [];
  for (const [at, input] of inputs.entries()) {
    try {
      ready.push({ at, item: parts.prepare(input) });
    } catch (error) {
      outcomes[at] = failure(error);
    }
  }
  const keep = ({ items }: Chunk<Item>, values: readonly T[]): void => {
    for (const [place, { at }] of items.entries())
      outcomes[at] = { ok: true, value: values[place] as T };
  };
  const chunks = split(ready, upTo ?? chunkSizes, upTo !== undefined);
  if (!isAlone) {
    const writes = chunks.map(async (chunk) => keep(chunk, await parts.write(...named(chunk))));
    await Promise.all(writes);
    return outcomes;
  }
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
    const [only, ...others] = chunk.items;
    let values: readonly T[];
    try {
      values = await parts.write(...named(chunk));
    } catch (error) {
      if (!(isCodexError(error) && ofOneItem.has(error.code))) throw error;
      if (only !== undefined && others.length === 0) {
        outcomes[only.at] = failure(error);
        continue;
      }
      values = (await parts.keepRefused?.(...named(chunk))) ?? [];
    }
    if (values.length > 0) keep(chunk, values);
    else chunks.unshift(...split(chunk.items, chunk.smaller, upTo !== undefined));
  }
  return outcomes;
}

/** The items of a chunk, and its name. */
function named<Item>({ items }: Chunk<Item>): [items: Item[], part: string] {
  return [items.map(({ item }) => item), `${items[0]?.at ?? 0}+${items.length}`];
}

interface Chunk<Item> {
  readonly items: readonly { at: number; item: Item }[];
  /** The sizes that are left if it is refused. */
  readonly smaller: readonly number[];
}

function split<Item>(
  items: readonly { at: number; item: Item }[],
  sizes: readonly number[],
  mayBeSmaller: boolean,
): Chunk<Item>[] {
  const chunks: Chunk<Item>[] = [];
  let rest = items;
  for (const [level, size] of sizes.entries()) {
    const fewest = mayBeSmaller ? 1 : size;
    while (rest.length >= fewest) {
      chunks.push({ items: rest.slice(0, size), smaller: sizes.slice(level + 1) });
      rest = rest.slice(size);
    }
  }
  return chunks;
}

function failure(error: unknown): { ok: false; error: CodexError } {
  if (!isCodexError(error)) throw error;
  return { ok: false, error };
}
