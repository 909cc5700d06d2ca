import type { Section } from "../section.ts";
import { boardRows } from "./boards.ts";
import { unlockRows } from "./unlocks.ts";

/** The parts of the bench about what members earn. */
export const gamificationSections: readonly Section[] = [
  { name: "gamification.leaderboard", rows: (bench) => boardRows(bench) },
  { name: "gamification.unlock", rows: (bench) => unlockRows(bench) },
];
