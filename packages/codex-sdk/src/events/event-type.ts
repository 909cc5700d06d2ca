import { eventTypes } from "@codex/db";
import type { EventType } from "@codex/db";
import { text } from "../input.ts";

const known: ReadonlySet<string> = new Set(eventTypes);
const nearMax = 3;

/**
 * The type of an event, as the database lists them. As a rule of its own, which the contract of the API does not
 * show: a type that is none was never told to anybody, so that nothing is taken away.
 */
export const eventType = text(1, 100).refine((type): type is EventType => known.has(type), {
  error: ({ input }) => `no event has such a type; near are ${near(String(input)).join(", ")}`,
});

/** The types that look most like a text: those that share most pieces of three letters, as the database judges. */
function near(asked: string): readonly EventType[] {
  const pieces = piecesOf(asked);
  const likeness = (type: EventType): number => {
    const own = piecesOf(type);
    return (2 * own.intersection(pieces).size) / (own.size + pieces.size);
  };
  return eventTypes.toSorted((one, other) => likeness(other) - likeness(one)).slice(0, nearMax);
}

function piecesOf(type: string): Set<string> {
  const padded = `  ${type.toLowerCase().replaceAll(/\W+/gu, " ")} `;
  return new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)));
}
