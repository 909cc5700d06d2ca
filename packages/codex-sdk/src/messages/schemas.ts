import { z } from "zod";
import { lengths, text } from "../input.ts";

export const pillar = z.strictObject({
  claim: text(1, lengths.line),
  proofPoints: z
    .array(
      z.strictObject({
        text: text(1, lengths.line),
        /** Where the proof comes from: an address, a study, a customer. */
        source: text(1, lengths.line),
      }),
    )
    .max(50),
});

export const putMessageInput = z.strictObject({
  /** The core message's first 200 characters unless given. */
  name: text(1, lengths.name).optional(),
  /** For one channel or persona only; left out, for all. */
  channel: text(1, 100).optional(),
  persona: text(1, 100).optional(),
  coreMessage: text(1, lengths.line),
  pillars: z.array(pillar).max(20),
  brandVoice: text(0, lengths.prose).optional(),
  toneGuidelines: text(0, lengths.prose).optional(),
});
export type PutMessageInput = z.input<typeof putMessageInput>;

export const resolveMessageInput = z.strictObject({
  segment: text(1, 100),
  channel: text(1, 100).optional(),
  persona: text(1, 100).optional(),
});
export type ResolveMessageInput = z.input<typeof resolveMessageInput>;
