import { asOfAny } from "../builder.ts";
import { only } from "../edit.ts";
import { notFound } from "../errors.ts";
import type { Handle } from "../handle.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import { lookAtMember } from "../workspaces/queries.ts";
import { aroundOf, rankOf, topOf } from "./queries.ts";
import type { PlaceBefore } from "./queries.ts";
import { leaderboardAroundInput, leaderboardRankInput, leaderboardTopInput } from "./schemas.ts";
import type {
  LeaderboardAroundInput,
  LeaderboardRankInput,
  LeaderboardTopInput,
} from "./schemas.ts";

/** A member's place on a board. */
export interface Place {
  /** From 1. */
  readonly rank: number;
  readonly userId: string;
  readonly score: number;
  /** Whether somebody else has the same score. */
  readonly tied: boolean;
}

/** A member's rank among all of a board. */
export interface Rank {
  /** From 1; null for a member without a score there, or who shows it to nobody. */
  readonly rank: number | null;
  /** Members on the board. */
  readonly of: number;
}

type Ranking = "competition" | "dense" | "row";

/** Columns as the queries give them. */
export interface PlaceRow extends Readonly<Record<Ranking, string>> {
  readonly userId: string;
  readonly score: string;
  readonly tied: boolean;
  readonly board: string;
  readonly rankKey: string;
  readonly reachedAt: string;
}
export interface RankRow {
  readonly rank: string | null;
  readonly of: string;
}

const table = "leaderboard_scores";

/**
 * Boards of a workspace: more points first, and of equal ones whoever had them first. Members whose
 * figures are private are on nobody else's board, nor counted there.
 */
export class LeaderboardClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * A board from the top. Competition ranks are exact on every page; dense and row ranks go on from the
   * page before. Throws InvalidInput.
   */
  top(options: LeaderboardTopInput & CallOptions = {}): List<Place> {
    const { signal, timeoutMs, ...input } = options;
    const { first, after, ranking, ...board } = parse(leaderboardTopInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "leaderboards.top", table },
        cursor: {
          name: "leaderboard",
          filter: [board.by, board.window, board.at?.toISOString()],
          sort: ranking,
        },
        page: { first, after },
        query: ({ keys }) => topOf(this.#ws, board, { first, before: toBefore(keys) }),
        keysOf: (row) => [row.board, row.rankKey, row.reachedAt, row.userId, row.row, row.dense],
        keysCount: 6,
        toItem: (row) => toPlace(row, ranking),
      },
      { signal, timeoutMs },
    );
  }

  /**
   * A member with up to `radius` neighbours on each side, in the board's order; empty for a member without
   * a score there, or who shows it to nobody. Throws NotFound, InvalidInput.
   */
  async around(
    userId: string,
    options: LeaderboardAroundInput & CallOptions = {},
  ): Promise<readonly Place[]> {
    const { signal, timeoutMs, ...input } = options;
    const person = parse(idInput, userId);
    const asked = parse(leaderboardAroundInput, input);
    return this.#ws.read(
      {
        operation: { name: "leaderboards.around", table },
        holds: [asOfAny],
        queries: [aroundOf(this.#ws, person, asked), lookAtMember(this.#ws, person)],
        settle: ([rows, found]) => {
          if (found.length === 0) throw notFound("member");
          return rows.map((row) => toPlace(row, "competition"));
        },
      },
      { signal, timeoutMs },
    );
  }

  /** A member's competition rank, in milliseconds at any size. Throws NotFound, InvalidInput. */
  async rankOf(userId: string, options: LeaderboardRankInput & CallOptions = {}): Promise<Rank> {
    const { signal, timeoutMs, ...input } = options;
    const person = parse(idInput, userId);
    const asked = parse(leaderboardRankInput, input);
    return this.#ws.read(
      {
        operation: { name: "leaderboards.rankOf", table },
        queries: [rankOf(this.#ws, person, asked)],
        settle: ([rows]) => {
          const { rank, of } = only(rows, "member");
          return { rank: rank === null ? null : Number(rank), of: Number(of) };
        },
      },
      { signal, timeoutMs },
    );
  }
}

/** The only place where a row becomes a place. */
function toPlace(row: PlaceRow, ranking: Ranking): Place {
  return {
    rank: Number(row[ranking]),
    userId: row.userId,
    score: Number(row.score),
    tied: row.tied,
  };
}

function toBefore(keys: readonly string[] | undefined): PlaceBefore | undefined {
  if (keys === undefined) return undefined;
  const [board = "", rankKey = "", reachedAt = "", userId = "", row = "", dense = ""] = keys;
  return { board, rankKey, reachedAt, userId, row, dense };
}
