import { eventTypes } from "@codex/db";
import type { EventType } from "@codex/db";
import { z } from "zod";
import { text } from "../input.ts";

const known: ReadonlySet<string> = new Set(eventTypes);
const isKnown = (type: string): type is EventType => known.has(type);
const nearMax = 3;

/** The type of an event, as the database lists them. */
export const eventType = text(1, 100).refine(isKnown, {
  error: ({ input }) => sentence(input),
});

/**
 * Types that a program of another version asks for: it may know some that are not there yet, so that one of them
 * is enough and the others are passed over. As a rule of its own, which the contract of the API does not show: nobody was ever told of the others.
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
  `no event has such a type; near are ${near(String(asked)).join(", ")}`;

/** The types that look most like a text: those that share most pieces of three letters, as the database judges. */
function near(asked: string): readonly EventType[] {
  const pieces = piecesOf(asked);
  return eventTypes
    .map((type) => ({ type, likeness: likenessOf(piecesOf(type), pieces) }))
    .toSorted((one, other) => other.likeness - one.likeness)
    .slice(0, nearMax)
    .map(({ type }) => type);
}

function likenessOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return (2 * one.intersection(other).size) / (one.size + other.size);
}

function piecesOf(type: string): ReadonlySet<string> {
  const padded = `  ${type.slice(0, 100).toLowerCase().replaceAll(/\W+/gu, " ")} `;
  return new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)));
}
