import { z } from "zod";

/** Where a stream goes on. */
export const position = {
  /** Number of the last event that was handled; left out, from now on. */
  after: z.int().min(0).optional(),
  /** Where a client that was cut goes on; sent by it, not by people. */
  lastEventId: z
    .string()
    .regex(/^\d{1,15}$/u)
    .optional(),
};

/** What was said of it. */
export interface Position {
  readonly after?: number | undefined;
  readonly lastEventId?: string | undefined;
}

/** The later of where a client was when it was cut and where it began. */
export function resumeAfter({ after, lastEventId }: Position = {}): number | undefined {
  return lastEventId === undefined ? after : Math.max(after ?? 0, Number(lastEventId));
}
