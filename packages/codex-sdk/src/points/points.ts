import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import { adjustPoints, pointsHistory, reconcilePoints } from "./queries.ts";
import { adjustPointsInput, pointsDelta, pointsHistoryInput } from "./schemas.ts";
import type { AdjustPointsInput, PointsHistoryInput } from "./schemas.ts";

/** One entry of the ledger. */
export interface PointsEntry {
  readonly id: string;
  /** `opening`: what was there before the ledger. */
  readonly source: "activity" | "award" | "adjustment" | "reversal" | "opening";
  /** Points given, or taken when below 0. */
  readonly delta: number;
  readonly reason: string;
  /** Of an activity: what was counted, and how much of it. */
  readonly metric: string | null;
  readonly value: number | null;
  readonly achievementId: string | null;
  /** The entry that this one takes back. */
  readonly reversesId: string | null;
  readonly occurredAt: Date;
  /** `YYYY-MM-DD` in the member's time zone of the moment. */
  readonly localDate: string;
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

/** Columns as the queries give them. */
export interface PointsEntryRow extends Omit<PointsEntry, "delta" | "value"> {
  readonly delta: string;
  readonly value: string | null;
  readonly cursorAt: string;
}

/** A stored number that does not follow from the ledger. */
export interface PointsDrift {
  /** Null for a counter of a board. */
  readonly userId: string | null;
  /** `points`, `level`, `board all` … */
  readonly figure: string;
  readonly stored: number;
  readonly computed: number;
}

/** What `reconcile()` found. */
export interface Reconciliation {
  /** Members whose figures were compared. */
  readonly checked: number;
  /** Empty, or else at most 1,000 numbers that are wrong. */
  readonly drift: readonly PointsDrift[];
}

const table = "points_ledger";
const entity = "points";

/** Points of a workspace's members: the ledger is the truth, figures and boards follow it. */
export class PointsClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Gives points to another member, or takes some that they have: lifetime points, and with them the
   * level, do not fall. The idempotency key is kept with the entry, for good. Throws NotFound, Forbidden,
   * and InvalidInput when more would be taken than there are.
   */
  async adjust(
    userId: string,
    delta: number,
    input: AdjustPointsInput & WriteOptions,
  ): Promise<Written<{ entryId: string }>> {
    const { signal, timeoutMs, idempotencyKey, ...fields } = input;
    const person = parse(idInput, userId);
    const change = { delta: parse(pointsDelta, delta), ...parse(adjustPointsInput, fields) };
    return this.#ws.write(
      {
        operation: { name: "points.adjust", table },
        queries: [adjustPoints(this.#ws, person, { ...change, key: idempotencyKey })],
        input: [person, change],
        settle: ([rows]): Written<{ entryId: string }> => {
          const { entryId, replayed } = only(rows, entity);
          return replayed ? { entryId, replayed } : { entryId };
        },
      },
      { signal, timeoutMs, idempotencyKey },
    );
  }

  /**
   * What gave or took points of a member, newest first: one's own, or as a strategist those of whoever is
   * not private. Throws NotFound, Forbidden, InvalidInput.
   */
  history(userId: string, options: PointsHistoryInput & CallOptions = {}): List<PointsEntry> {
    const { signal, timeoutMs, ...input } = options;
    const person = parse(idInput, userId);
    return paged(
      this.#ws,
      {
        operation: { name: "points.history", table },
        cursor: { name: "points", filter: person, sort: "newest" },
        page: parse(pointsHistoryInput, input),
        query: (asked) => pointsHistory(this.#ws, person, asked),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: toEntry,
      },
      { signal, timeoutMs },
    );
  }

  /** Compares every figure and board of the workspace with the ledger. For owners. Throws Forbidden. */
  async reconcile(options: CallOptions = {}): Promise<Reconciliation> {
    return this.#ws.read(
      {
        operation: { name: "points.reconcile", table },
        queries: [reconcilePoints(this.#ws)],
        settle: ([rows]) => {
          const { checked, drift } = only(rows, entity);
          return { checked: Number(checked), drift };
        },
      },
      options,
    );
  }
}

/** The only place where a row becomes an entry. */
function toEntry({ cursorAt, delta, value, ...row }: PointsEntryRow): PointsEntry {
  return { ...row, delta: Number(delta), value: value === null ? null : Number(value) };
}
