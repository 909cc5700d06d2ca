import { z } from "zod";
import { lengths, lines, notEmpty, text } from "../input.ts";
import { pageInput } from "../page-input.ts";

export const positioningStatuses = ["draft", "active", "superseded", "retracted"] as const;

const components = {
  competitiveAlternatives: lines,
  uniqueAttributes: lines,
  valueThemes: lines,
  bestFitCustomers: text(0, lengths.prose),
  marketCategory: text(0, lengths.line),
};

export const createPositioningInput = z.strictObject({
  /** Market segment that it is for; one positioning of a segment is active at a time. */
  segment: text(1, 100),
  name: text(1, lengths.name),
  ...z.strictObject(components).partial().shape,
});
export type CreatePositioningInput = z.input<typeof createPositioningInput>;

export const updatePositioningInput = z
  .strictObject({ name: text(1, lengths.name), ...components })
  .partial()
  .refine(notEmpty, { error: "names no field to change" });
export type UpdatePositioningInput = z.input<typeof updatePositioningInput>;

export const forkPositioningInput = z.strictObject({
  /** Another segment than the original's. */
  segment: text(1, 100).optional(),
  name: text(1, lengths.name).optional(),
});
export type ForkPositioningInput = z.input<typeof forkPositioningInput>;

export const listPositioningsInput = z.strictObject({
  ...pageInput,
  filter: z
    .strictObject({ status: z.enum(positioningStatuses), segment: text(1, 100) })
    .partial()
    .default({}),
  sort: z.enum(["newest", "oldest"]).default("newest"),
});
export type ListPositioningsInput = z.input<typeof listPositioningsInput>;
