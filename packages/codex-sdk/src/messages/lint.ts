import type { Message } from "./messages.ts";

/** What is wrong with a message, and what might be. */
export interface MessageLint {
  /** It says something that it does not prove, or says nothing. */
  readonly errors: readonly string[];
  /** It can be published, and would be better without. */
  readonly warnings: readonly string[];
}

const pillarsMax = 4;
const coreMessageWordsMax = 30;

/** Looks at the text of a message. Pure: what must hold in any case is refused by the database. */
export function lintMessage({ coreMessage, pillars }: Message): MessageLint {
  const claims = pillars.map(({ claim }) => claim.trim().toLowerCase());
  const doubled = claims.some((claim, at) => claims.indexOf(claim) !== at);
  const words = coreMessage.trim().split(/\s+/u).length;
  return {
    errors: [
      ...(pillars.length === 0 ? ["no pillar carries the core message"] : []),
      ...pillars
        .map((pillar, at) => (pillar.proofPoints.length === 0 ? at + 1 : 0))
        .filter((place) => place > 0)
        .map((place) => `pillar ${place} has no proof point`),
      ...(doubled ? ["two pillars make the same claim"] : []),
    ],
    warnings: [
      ...(pillars.length > pillarsMax
        ? [`more than ${pillarsMax} pillars are hard to remember`]
        : []),
      ...(words > coreMessageWordsMax
        ? [`the core message has ${words} words; ${coreMessageWordsMax} are enough`]
        : []),
      ...pillars
        .map((pillar, at) => (pillar.proofPoints.length === 1 ? at + 1 : 0))
        .filter((place) => place > 0)
        .map((place) => `pillar ${place} rests on one proof point alone`),
    ],
  };
}
