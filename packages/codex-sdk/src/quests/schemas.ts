import { z } from "zod";
import { day, id, lengths, notEmpty, text } from "../input.ts";

export const questStatuses = [
  "pending",
  "in_progress",
  "completed",
  "blocked",
  "on_hold",
  "skipped",
] as const;
export const questStatus = z.enum(questStatuses);

const fields = {
  description: text(0, lengths.prose),
  objective: text(0, lengths.prose),
  /** Share in the parent's progress, against its siblings; 1 to 1,000. */
  weight: z.int().min(1).max(1_000),
  assignedTo: id.nullable(),
  startDate: day.nullable(),
  dueDate: day.nullable(),
  expectedOutput: text(0, lengths.prose),
  actualOutput: text(0, lengths.prose),
};
const optional = z.strictObject(fields).partial().shape;

export const createQuestInput = z.strictObject({
  name: text(1, lengths.name),
  /** Quest that it is part of, in the same campaign; at most 8 levels. */
  parentId: id.nullable().optional(),
  ...optional,
});
export type CreateQuestInput = z.input<typeof createQuestInput>;

export const updateQuestInput = z
  .strictObject({ name: text(1, lengths.name).optional(), ...optional })
  .refine(notEmpty, { error: "names no field to change" });
export type UpdateQuestInput = z.input<typeof updateQuestInput>;

export const moveQuestInput = z.strictObject({
  parentId: id.nullable(),
  /** Sibling to stand behind; null for the first place, left out for the last. */
  after: id.nullable().optional(),
});
export type MoveQuestInput = z.input<typeof moveQuestInput>;

export const reportInput = z.strictObject({
  /** How far it is, 0 to 100. */
  current: z.int().min(0).max(100),
  /** What came out so far; kept as the quest's actual output. */
  note: text(0, lengths.prose).optional(),
});
export type ReportInput = z.input<typeof reportInput>;

export const completeQuestInput = z.strictObject({
  /** What becomes of parts that are not done. */
  children: z.enum(["require", "cascade", "detach"]).default("require"),
});
export type CompleteQuestInput = z.input<typeof completeQuestInput>;

export const questTreeInput = z.strictObject({
  /** Levels to show, 1 to 8; all of them. */
  depth: z.int().min(1).max(8).default(8),
  status: questStatus.optional(),
});
export type QuestTreeInput = z.input<typeof questTreeInput>;
