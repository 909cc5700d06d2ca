import { eventTypes } from "@codex/db";
import type { EventType } from "@codex/db";
import { z } from "zod";
import { text } from "../input.ts";
import { near } from "../near.ts";

const known: ReadonlySet<string> = new Set(eventTypes);
const isKnown = (type: string): type is EventType => known.has(type);

/** The type of an event, as the database lists them. */
export const eventType = text(1, 100).refine(isKnown, {
  error: ({ input }) => sentence(input),
});

/**
 * Types that a program of another version asks for: it may know some that are not there yet, so that one of them
 * is enough and the others are passed over. As a rule of its own, which the contract of the API does not show: nobody
 * was ever told of the others.
 */
export const typesAsked = z
  .array(z.string().min(1).max(100))
  .min(1)
  .max(100)
  .refine((types) => types.some(isKnown), {
    error: ({ input }) => sentence(Array.isArray(input) ? input[0] : undefined),
  })
  .transform((types) => types.filter(isKnown));

const sentence = (asked: unknown): string =>
  `no event has such a type; near are ${near(String(asked), eventTypes).join(", ")}`;
