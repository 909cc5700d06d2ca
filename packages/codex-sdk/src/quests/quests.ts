import { asOfAny } from "../builder.ts";
import { toTree } from "../campaigns/campaign.ts";
import type { Tree } from "../campaigns/campaign.ts";
import { edited, holdVersion, look, only, versionOf } from "../edit.ts";
import { CodexError, notFound } from "../errors.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import {
  addDependency,
  completeQuest,
  createQuest,
  dependenciesOf,
  getQuest,
  holdTree,
  lookAtQuest,
  moveQuest,
  questsAbove,
  questTree,
  reportProgress,
  updateQuest,
} from "./queries.ts";
import {
  completeQuestInput,
  createQuestInput,
  moveQuestInput,
  questStatus,
  questTreeInput,
  reportInput,
  updateQuestInput,
} from "./schemas.ts";
import type {
  CompleteQuestInput,
  CreateQuestInput,
  MoveQuestInput,
  QuestTreeInput,
  ReportInput,
  UpdateQuestInput,
} from "./schemas.ts";

/** Where a quest stands. */
export type QuestStatus =
  | "pending"
  | "in_progress"
  | "completed"
  | "blocked"
  | "on_hold"
  | "skipped";

/** One node of the work tree of a campaign. */
export interface Quest {
  readonly id: string;
  readonly campaignId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly description: string;
  readonly objective: string;
  readonly status: QuestStatus;
  /** Orders siblings; the numbers themselves mean nothing. */
  readonly position: number;
  readonly weight: number;
  /** 0 to 100; of a parent, the weighted mean of its parts that are not skipped. */
  readonly progress: number;
  readonly assignedTo: string | null;
  /** `YYYY-MM-DD`. */
  readonly startDate: string | null;
  /** `YYYY-MM-DD`. */
  readonly dueDate: string | null;
  readonly expectedOutput: string;
  readonly actualOutput: string;
  readonly completedAt: Date | null;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A quest with its parts. */
export type QuestNode = Tree<Quest>;

/** A quest above the one reported on, with its new progress. */
export interface QuestProgress {
  readonly id: string;
  readonly progress: number;
}

const entity = "quest";
const table = "campaign_quests";

/** Quests of a workspace's campaigns. Written by creators and above. */
export class QuestClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Makes a quest, behind its siblings. Throws InvalidReference for a campaign or parent that is not
   * there, InvalidInput for a tree too deep, Conflict for a campaign that has ended, Forbidden.
   */
  async create(
    campaignId: string,
    input: CreateQuestInput,
    options: WriteOptions = {},
  ): Promise<Written<Quest>> {
    const campaign = parse(idInput, campaignId);
    const parsed = parse(createQuestInput, input);
    return this.#ws.write(
      {
        operation: { name: "quests.create", table },
        queries: [createQuest(this.#ws, { id: newId(), campaignId: campaign, ...parsed })],
        input: [campaign, input],
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /** Throws NotFound. */
  async get(id: string, options: CallOptions = {}): Promise<Quest> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "quests.get", table },
        queries: [getQuest(this.#ws, target)],
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /** Changes the fields given. Throws NotFound, StaleVersion, InvalidInput, InvalidReference, Forbidden. */
  async update(
    id: string,
    change: UpdateQuestInput,
    options: EditOptions = {},
  ): Promise<Written<Quest>> {
    const parsed = parse(updateQuestInput, change);
    return this.#edit("quests.update", { id, input: change, fields: parsed }, options);
  }

  /** Moves it to another state. Throws IllegalTransition, Conflict while it waits for others, and as `update`. */
  async transition(
    id: string,
    to: QuestStatus,
    options: EditOptions = {},
  ): Promise<Written<Quest>> {
    const status = parse(questStatus, to);
    return this.#edit("quests.transition", { id, input: to, fields: { status } }, options);
  }

  /**
   * Puts it under another parent of its campaign, or none, and at a place among its siblings. Throws
   * InvalidInput for a circle, a tree too deep or a sibling that is not there, NotFound, StaleVersion, Forbidden.
   */
  async move(id: string, to: MoveQuestInput, options: EditOptions = {}): Promise<Written<Quest>> {
    const target = parse(idInput, id);
    const { parentId, after } = parse(moveQuestInput, to);
    const place = after === undefined ? "last" : after === null ? "first" : "after";
    const move = moveQuest(this.#ws, target, { parentId, place, afterId: after ?? null });
    return this.#ws.write(
      {
        operation: { name: "quests.move", table },
        holds: holdVersion(this.#ws, { table, id: target }, options),
        queries: [move, getQuest(this.#ws, target)],
        input: [target, to],
        settle: ([, rows]) => only(rows, entity),
      },
      options,
    );
  }

  /**
   * Completes it. `children` says what becomes of parts that are not done: `require` (default) throws Conflict,
   * `cascade` completes them too, `detach` hands them to the quest above. `affected` are the ids that changed.
   * Throws InvalidInput, NotFound, StaleVersion, IllegalTransition, Conflict while it waits for others, Forbidden.
   */
  async complete(
    id: string,
    input: CompleteQuestInput = {},
    options: EditOptions = {},
  ): Promise<Written<{ quest: Quest; affected: readonly string[] }>> {
    const target = parse(idInput, id);
    const { children } = parse(completeQuestInput, input);
    return this.#ws.write(
      {
        operation: { name: "quests.complete", table },
        holds: holdVersion(this.#ws, { table, id: target }, options),
        queries: [completeQuest(this.#ws, target, children), getQuest(this.#ws, target)],
        input: [target, children],
        settle: ([affected, rows]) => ({
          quest: only(rows, entity),
          affected: affected.map((row) => row.id),
        }),
      },
      options,
    );
  }

  /**
   * The quests of a campaign as trees, in the order of their places, `depth` levels of them. With a `status`,
   * those in it; one whose parent is not in it stands at the top. None for a campaign that is not there. Throws
   * InvalidInput.
   */
  async tree(
    campaignId: string,
    input: QuestTreeInput = {},
    options: CallOptions = {},
  ): Promise<readonly QuestNode[]> {
    const campaign = parse(idInput, campaignId);
    const { depth, status } = parse(questTreeInput, input);
    return this.#ws.read(
      {
        operation: { name: "quests.tree", table },
        holds: [asOfAny],
        queries: [questTree(this.#ws, campaign, { depth, status })],
        settle: ([rows]) => toTree(rows),
      },
      options,
    );
  }

  /**
   * Says how far a quest without parts is, 0 to 100. `rolledUp` are the quests above with their new progress,
   * nearest first. It is no edit: the version stays. Throws InvalidInput, NotFound, StaleVersion, Conflict for a
   * quest with parts, Forbidden.
   */
  async report(
    id: string,
    input: ReportInput,
    options: EditOptions = {},
  ): Promise<Written<{ quest: Quest; rolledUp: readonly QuestProgress[] }>> {
    const target = parse(idInput, id);
    const { current, note } = parse(reportInput, input);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "quests.report", table },
        holds: [holdTree(this.#ws, target)],
        queries: [
          reportProgress(this.#ws, target, { current, note, expectedVersion }),
          lookAtQuest(this.#ws, target),
          questsAbove(this.#ws, target),
        ],
        input: [target, input],
        settle: ([rows, found, rolledUp]) => {
          if (rows.length === 0 && found[0]?.hasParts === true)
            throw new CodexError(
              "Conflict",
              "a quest with parts has their progress: report on them",
              {
                entity,
                field: "progress",
              },
            );
          return { quest: edited(rows, found, { entity, expectedVersion }), rolledUp };
        },
      },
      options,
    );
  }

  /**
   * Lets a quest wait for another of its campaign: it is not completed before. Doing it again changes
   * nothing. Gives the ids it waits for. Two round trips. Throws NotFound, InvalidReference for a quest
   * of another campaign, InvalidInput for a circle, Forbidden.
   */
  async dependsOn(
    id: string,
    otherId: string,
    options: WriteOptions = {},
  ): Promise<Written<{ dependsOn: readonly string[] }>> {
    const dependsOnId = parse(idInput, otherId);
    const { id: questId, campaignId } = await this.get(id, options);
    return this.#ws.write(
      {
        operation: { name: "quests.dependsOn", table: "quest_dependencies" },
        queries: [
          addDependency(this.#ws, { campaignId, questId, dependsOnId }),
          dependenciesOf(this.#ws, questId),
        ],
        input: [questId, dependsOnId],
        settle: ([, rows]) => {
          if (rows.length === 0) throw notFound(entity);
          return { dependsOn: rows.map((row) => row.id) };
        },
      },
      options,
    );
  }

  async #edit(
    name: string,
    edit: {
      id: string;
      input: unknown;
      fields: Omit<Parameters<typeof updateQuest>[2], "expectedVersion">;
    },
    options: EditOptions,
  ): Promise<Written<Quest>> {
    const target = parse(idInput, edit.id);
    const expectedVersion = versionOf(options.expectedVersion);
    const { status, weight } = edit.fields;
    // The other fields leave the tree as it is.
    const isOfTree = status !== undefined || weight !== undefined;
    return this.#ws.write(
      {
        operation: { name, table },
        holds: isOfTree ? [holdTree(this.#ws, target)] : [],
        queries: [
          updateQuest(this.#ws, target, { ...edit.fields, expectedVersion }),
          look(this.#ws, table, target),
        ],
        input: [target, edit.input],
        settle: ([rows, found]) => edited(rows, found, { entity, expectedVersion }),
      },
      options,
    );
  }
}
