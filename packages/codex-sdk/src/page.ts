import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { invalidInput, notFound } from "./errors.ts";
import type { Query } from "./builder.ts";
import type { CursorOf, Handle, Operation } from "./handle.ts";
import type { CallOptions } from "./options.ts";

/** Part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; undefined on the last one. */
  readonly nextCursor: string | undefined;
}

/**
 * A list: `await` gives its first page, `for await` walks every entry, page by page, with the next page
 * under way while the last is read.
 */
export class List<T, P extends Page<T> = Page<T>> implements PromiseLike<P>, AsyncIterable<T> {
  readonly #fetch: (after: string | undefined) => Promise<P>;
  readonly #after: string | undefined;

  constructor(fetch: (after: string | undefined) => Promise<P>, after: string | undefined) {
    this.#fetch = fetch;
    this.#after = after;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a list is awaited for its first page
  then<A = P, B = never>(
    done?: ((page: P) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#fetch(this.#after).then(done, failed);
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    let page = await this.#fetch(this.#after);
    for (;;) {
      const next = page.nextCursor === undefined ? undefined : this.#fetch(page.nextCursor);
      // Read only after this page: until then its failure is nobody's yet.
      next?.catch(() => {});
      yield* page.items;
      if (next === undefined) return;
      page = await next;
    }
  }
}

/** Options of every list. */
export interface ListOptions extends CallOptions {
  /** Entries of a page, 1 to 200; 50. */
  readonly first?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly after?: string | undefined;
}

/** A keyset: the columns that order a list, ending with one that is unique. */
export interface Keyset {
  readonly columns: readonly string[];
  readonly direction: "asc" | "desc";
}

/** `(a, b) < ($1, $2)`: what follows the last row of the page before. */
export function beyond(keyset: Keyset, keys: readonly string[]): RawBuilder<boolean> {
  const columns = sql.join(keyset.columns.map((column) => sql.ref(column)));
  const values = sql.join(keys.map((key) => sql.val(key)));
  return keyset.direction === "asc"
    ? sql<boolean>`(${columns}) > (${values})`
    : sql<boolean>`(${columns}) < (${values})`;
}

/** What a query of one page is given. */
export interface PageAsked {
  readonly first: number;
  /** Keys of the last row of the page before. */
  readonly keys: readonly string[] | undefined;
}

/** A page in one of the orders by age. */
export interface PageByAge extends PageAsked {
  readonly sort: "newest" | "oldest";
}

interface ListParts<Row, T> {
  readonly operation: Operation;
  /** What a cursor of this list is good for. */
  readonly cursor: CursorOf;
  readonly page: { readonly first: number; readonly after?: string | undefined };
  /** Reads one row more than the page shows. */
  readonly query: (asked: PageAsked) => Query<Row>;
  readonly keysOf: (row: Row) => readonly string[];
  readonly keysCount: number;
  readonly toItem: (row: Row) => T;
  /** What it is a list of; NotFound when that is not there. */
  readonly of?: { readonly entity: string; readonly query: Query } | undefined;
}

/** A list in one workspace, page by page. */
export function paged<Row, T>(ws: Handle, list: ListParts<Row, T>, call: CallOptions): List<T> {
  const { operation, cursor, page, keysCount } = list;
  const open = (after: string): readonly string[] => {
    const keys = ws.cursors.open(cursor, after);
    if (keys.length !== keysCount)
      throw invalidInput("the cursor does not belong to this list", ["after"]);
    return keys;
  };
  const owner = list.of === undefined ? [] : [list.of.query];
  const fetch = async (after: string | undefined): Promise<Page<T>> => {
    const keys = after === undefined ? undefined : open(after);
    return ws.read(
      {
        operation,
        queries: [list.query({ first: page.first, keys }), ...owner],
        settle: ([rows, found]) => {
          if (list.of !== undefined && found?.length === 0) throw notFound(list.of.entity);
          const last = rows.length > page.first ? rows[page.first - 1] : undefined;
          return {
            items: rows.slice(0, page.first).map(list.toItem),
            nextCursor: last === undefined ? undefined : ws.cursors.seal(cursor, list.keysOf(last)),
          };
        },
      },
      call,
    );
  };
  return new List(fetch, page.after);
}

/** Orders of most lists, by name. Instants have microseconds, which a Date has not: cursors hold their text. */
export const byAge: Readonly<Record<"newest" | "oldest", Keyset>> = {
  newest: { columns: ["created_at", "id"], direction: "desc" },
  oldest: { columns: ["created_at", "id"], direction: "asc" },
};
