import { edited, holdVersion, look, only, versionOf } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import { lookAtMember } from "../workspaces/queries.ts";
import { toUnlocked } from "./achievement.ts";
import type { Achievement, Award, ListedAchievement, Unlocked } from "./achievement.ts";
import { toBadge } from "./badge.ts";
import type { OpenBadge } from "./badge.ts";
import {
  awardsOf,
  backfillAchievement,
  badgeOf,
  defineAchievement,
  listAchievements,
  revokeAward,
  setAchievementStatus,
  unlockAchievement,
} from "./queries.ts";
import {
  achievementKey,
  activateAchievementInput,
  defineAchievementInput,
  listAchievementsInput,
  listAwardsInput,
  revokeAwardInput,
  unlockAchievementInput,
} from "./schemas.ts";
import type {
  ActivateAchievementInput,
  DefineAchievementInput,
  ListAchievementsInput,
  ListAwardsInput,
  RevokeAwardInput,
  UnlockAchievementInput,
} from "./schemas.ts";

/** What an activation gives. */
export interface ActivatedAchievement {
  readonly achievement: Achievement;
  readonly backfill: {
    /** Members who got it, having reached it before. */
    readonly awarded: number;
    /** Whether some are left: activate it again, with `backfill`, to go on. */
    readonly remaining: boolean;
  };
}

/** What a revocation took back. */
export interface RevokedAward {
  readonly userId: string;
  readonly achievementId: string;
  readonly pointsReversed: number;
}

const entity = "achievement";
const table = "achievements";
const awardEntity = "award";
const awardTable = "user_achievements";

/** Achievements of a workspace, and who holds them. Defined and given by strategists and above. */
export class AchievementClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Makes one, inactive. Throws Conflict for a key that is taken, InvalidReference for a prerequisite
   * that is not there, InvalidInput, Forbidden.
   */
  async define(
    input: DefineAchievementInput,
    options: WriteOptions = {},
  ): Promise<Written<Achievement>> {
    const parsed = parse(defineAchievementInput, input);
    return this.#ws.write(
      {
        operation: { name: "achievements.define", table },
        queries: [defineAchievement(this.#ws, { id: newId(), ...parsed })],
        input,
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /**
   * Makes it one that can be earned. With `backfill`, at most 200 of those who had reached it get it, without
   * being told; again goes on. Throws InvalidInput, NotFound, IllegalTransition, StaleVersion, Forbidden.
   */
  async activate(
    id: string,
    input: ActivateAchievementInput = {},
    options: EditOptions = {},
  ): Promise<Written<ActivatedAchievement>> {
    const target = parse(idInput, id);
    const { backfill } = parse(activateAchievementInput, input);
    return this.#ws.write(
      {
        operation: { name: "achievements.activate", table },
        // In front: whoever is stale awards nothing either.
        holds: holdVersion(this.#ws, { table, id: target }, options),
        queries: [
          setAchievementStatus(this.#ws, target, { to: "active" }),
          look(this.#ws, table, target),
          backfillAchievement(this.#ws, target, backfill),
        ],
        input: [target, backfill],
        settle: ([rows, found, [filled]]) => ({
          achievement: edited(rows, found, { entity }),
          backfill: filled ?? { awarded: 0, remaining: false },
        }),
      },
      options,
    );
  }

  /** Ends it: nobody earns it any more, and whoever holds it keeps it. Throws as `activate`. */
  async retire(id: string, options: EditOptions = {}): Promise<Written<Achievement>> {
    const target = parse(idInput, id);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "achievements.retire", table },
        queries: [
          setAchievementStatus(this.#ws, target, { to: "retired", expectedVersion }),
          look(this.#ws, table, target),
        ],
        input: target,
        settle: ([rows, found]) => edited(rows, found, { entity, expectedVersion }),
      },
      options,
    );
  }

  /**
   * Achievements, newest first, with how many hold each. Secret ones are among them for strategists, and
   * for whoever has earned them. Throws InvalidInput.
   */
  list(options: ListAchievementsInput & CallOptions = {}): List<ListedAchievement> {
    const { signal, timeoutMs, ...input } = options;
    const { userId, includeLocked, ...page } = parse(listAchievementsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "achievements.list", table },
        cursor: { name: "achievements", filter: [userId, includeLocked], sort: "newest" },
        page,
        query: (asked) => listAchievements(this.#ws, { userId, includeLocked }, asked),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...row }) => row,
      },
      { signal, timeoutMs },
    );
  }

  /**
   * Awards it, with its points and whatever follows from them, and tells the member. `awarded` is true
   * exactly once per period, whoever calls at once. A member may claim what a threshold earned them; all
   * else needs a strategist, and another member than oneself. Throws NotFound, InvalidInput, Forbidden.
   */
  async unlock(
    userId: string,
    key: string,
    input: UnlockAchievementInput & WriteOptions = {},
  ): Promise<Written<Unlocked>> {
    const { signal, timeoutMs, idempotencyKey, ...fields } = input;
    const person = parse(idInput, userId);
    const word = parse(achievementKey, key);
    const { evidence } = parse(unlockAchievementInput, fields);
    return this.#ws.write(
      {
        operation: { name: "achievements.unlock", table: awardTable },
        queries: [unlockAchievement(this.#ws, person, { key: word, evidence })],
        input: [person, word, evidence],
        settle: ([rows]) => toUnlocked(only(rows, entity)),
      },
      { signal, timeoutMs, idempotencyKey },
    );
  }

  /**
   * Takes an award back, and its points if asked: the entry that gave them is answered by one that takes them,
   * on the boards too. It is not earned again by itself; a strategist may give it again. Throws InvalidInput,
   * NotFound, Forbidden, and Conflict when the points are spent.
   */
  async revoke(
    id: string,
    input: RevokeAwardInput,
    options: WriteOptions = {},
  ): Promise<Written<RevokedAward>> {
    const target = parse(idInput, id);
    const parsed = parse(revokeAwardInput, input);
    return this.#ws.write(
      {
        operation: { name: "achievements.revoke", table: awardTable },
        queries: [revokeAward(this.#ws, target, parsed)],
        input: [target, parsed],
        settle: ([rows]) => {
          const row = only(rows, awardEntity);
          return { ...row, pointsReversed: Number(row.pointsReversed) };
        },
      },
      options,
    );
  }

  /**
   * Awards of a member, newest first, as far as they show them. Throws NotFound for somebody who is no member, and
   * InvalidInput.
   */
  forUser(userId: string, options: ListAwardsInput & CallOptions = {}): List<Award> {
    const { signal, timeoutMs, ...input } = options;
    const person = parse(idInput, userId);
    return paged(
      this.#ws,
      {
        operation: { name: "achievements.forUser", table: awardTable },
        cursor: { name: "awards", filter: person, sort: "newest" },
        page: parse(listAwardsInput, input),
        query: (asked) => awardsOf(this.#ws, person, asked),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...row }) => row,
        of: { entity: "member", query: lookAtMember(this.#ws, person) },
      },
      { signal, timeoutMs },
    );
  }

  /** An award as an AchievementCredential of Open Badges 3.0, unsigned. Throws NotFound. */
  async exportBadge(id: string, options: CallOptions = {}): Promise<OpenBadge> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "achievements.exportBadge", table: awardTable },
        queries: [badgeOf(this.#ws, target)],
        settle: ([rows]) => toBadge(only(rows, awardEntity)),
      },
      options,
    );
  }
}
