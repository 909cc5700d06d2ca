import type { Query, RowsOf } from "./builder.ts";
import type { CallOptions, EditOptions, Written } from "./options.ts";

/** What a call is, for telemetry and for idempotency keys. */
export interface Operation {
  /** `campaigns.create`. */
  readonly name: string;
  /** The table it is about. */
  readonly table: string;
}

/** How the rows of a call came about. */
export interface Outcome {
  /** They were stored when the call was made before, under the same idempotency key. */
  readonly replayed: boolean;
}

/** The statements of one call, and what they mean. They do not depend on each other's results. */
export interface Call<Queries extends readonly Query[], T> {
  readonly operation: Operation;
  /**
   * What the statements need before they look for any row: locks, or the place of what has expired. Their rows tell
   * nothing and are not kept.
   */
  readonly holds?: readonly Query[] | undefined;
  readonly queries: Queries;
  /** Makes the result of the rows, or throws; a write is then undone. */
  readonly settle: (rows: RowsOf<Queries>, outcome: Outcome) => T;
}

/** A call that writes; `input` and the expected version tell one request from another under the same idempotency key. */
export interface WriteCall<Queries extends readonly Query[], T> extends Call<Queries, T> {
  readonly input: unknown;
}

/**
 * The only way to the database that a domain client has: one workspace, somebody who acts in it, and
 * their transaction if they are in one. Throws CodexError.
 */
export interface Handle {
  readonly workspaceId: string;
  /** Whether each call is a transaction of its own, so that one that is refused undoes no other. */
  readonly isAlone: boolean;
  /** Runs in a read-only transaction of its own, or in the one that is open. */
  read<const Queries extends readonly Query[], T>(
    call: Call<Queries, T>,
    options: CallOptions,
  ): Promise<T>;
  write<const Queries extends readonly Query[], T>(
    call: WriteCall<Queries, T>,
    options: EditOptions,
  ): Promise<Written<T>>;
  /** Signs and reads cursors of lists. */
  readonly cursors: Cursors;
}

/** Reads and writes the cursors of one workspace. */
export interface Cursors {
  seal(list: CursorOf, keys: readonly string[]): string;
  /** Throws InvalidInput for a cursor that is malformed, forged, expired, foreign or of another list. */
  open(list: CursorOf, cursor: string): readonly string[];
  /** A text that nobody but us can read, for a position that says something of other workspaces. */
  hide(name: string, text: string): string;
  /** Throws InvalidInput for what was not hidden under that name in this workspace. */
  reveal(name: string, hidden: string): string;
}

/** What a cursor belongs to besides its workspace. */
export interface CursorOf {
  readonly name: string;
  readonly filter: unknown;
  readonly sort: string;
}
