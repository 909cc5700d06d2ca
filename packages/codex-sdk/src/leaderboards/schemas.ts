import { z } from "zod";
import { instant } from "../input.ts";
import { pageInput } from "../page-input.ts";

const board = {
  /** What is compared: points earned. */
  by: z.literal("points").default("points"),
  /** Of all time, or of one month or ISO week of the workspace's calendar. */
  window: z.enum(["all", "month", "week"]).default("all"),
  /** A moment in that month or week; now unless given. */
  at: instant.optional(),
};

export const leaderboardTopInput = z.strictObject({
  ...board,
  /** Equal scores: 1 2 2 4 (`competition`), 1 2 2 3 (`dense`), or 1 2 3 4 by who was first (`row`). */
  ranking: z.enum(["competition", "dense", "row"]).default("competition"),
  ...pageInput,
});
export type LeaderboardTopInput = z.input<typeof leaderboardTopInput>;

export const leaderboardAroundInput = z.strictObject({
  ...board,
  /** Members above, and as many below. */
  radius: z.int().min(0).max(50).default(5),
});
export type LeaderboardAroundInput = z.input<typeof leaderboardAroundInput>;

export const leaderboardRankInput = z.strictObject(board);
export type LeaderboardRankInput = z.input<typeof leaderboardRankInput>;
