import { z } from "zod";
import { isOfNobody, lengths, namesSomebody, text } from "../input.ts";
import { pageInput } from "../page-input.ts";
import { signalCategories, signalKinds } from "../signals/schemas.ts";

export const addFeedInput = z.strictObject({
  /** Public address by http or https of a feed: RSS, Atom or JSON Feed. */
  url: text(1, 2_000).refine(isOfNobody, namesSomebody),
  /** Source that its signals name; left out, the host of the address. */
  source: text(1, lengths.name).optional(),
  /** Kind of its signals. */
  kind: z.enum(signalKinds),
  /** Category of its signals; left out, the one that fits the kind. */
  category: z.enum(signalCategories).optional(),
  /** Minutes from one look to the next, 5 to 10,080 (a week). */
  everyMinutes: z.int().min(5).max(10_080).default(60),
});
export type AddFeedInput = z.input<typeof addFeedInput>;

export const listFeedsInput = z.strictObject(pageInput);
export type ListFeedsInput = z.input<typeof listFeedsInput>;
