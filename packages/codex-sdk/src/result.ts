import { z } from "zod";

/** A moment as JSON has it: ISO 8601 in UTC, milliseconds. */
export const instantJson = z
  .date()
  .transform((date) => date.toISOString())
  .pipe(z.iso.datetime());

/** An amount as JSON has it: minor units as digits, since a number is exact up to 2⁵³ only. */
export const moneyJson = z
  .object({
    amountMinor: z
      .bigint()
      .transform(String)
      .pipe(z.string().regex(/^-?\d+$/u)),
    currency: z.string(),
  })
  .meta({ id: "Money", description: "An amount in minor units of an ISO 4217 currency." });

/** A list that only its maker may change, as the clients give it. */
export function listOf<Item extends z.ZodType>(
  item: Item,
): z.ZodType<z.output<Item>[], readonly z.input<Item>[]> {
  // The same check at run time; zod's own `readonly` would freeze a copy of every list.
  return z.array(item);
}

/** A page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: listOf(item),
    /** Where the next page begins; absent on the last one. */
    nextCursor: z.string().optional(),
  });
}

/** The result of a write, which may be one that was stored before under the same idempotency key. */
export function writtenOf<Shape extends z.ZodRawShape>(result: z.ZodObject<Shape>) {
  return result.extend({ replayed: z.literal(true).optional() }).meta({});
}
