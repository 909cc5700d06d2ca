import { z } from "zod";
import { id } from "../input.ts";
import { retentionKinds, workKinds } from "./kinds.ts";

const limit = (preset: number) => z.int().min(1).max(1_000).default(preset);
const fencingToken = z.int().min(1);
const reason = z.string().min(1).max(1_000);
/** Milliseconds; what receivers ask for beyond a day counts as a day. */
const retryAfterMs = z.int().min(0).optional();

export const pageOfWorkspaces = z.strictObject({ after: id.optional(), limit: limit(100) });
export const workKind = z.enum(workKinds);

const without = z
  .array(z.enum(["email", "webhook"]))
  .readonly()
  .default([]);
export const pageOfWork = pageOfWorkspaces.extend({ without });

export const limitInput = (preset: number) => z.strictObject({ limit: limit(preset) });

export const claimInput = z.strictObject({
  /** Who takes it: told in the row while it is held. */
  worker: z.string().min(1).max(200),
  /** How many at most, 1 to 1,000; 10. */
  max: limit(10),
  /** Milliseconds after which another may take it, 1,000 to 3,600,000; 60,000. */
  leaseMs: z.int().min(1_000).max(3_600_000).default(60_000),
});
export type ClaimInput = z.input<typeof claimInput>;

export const claimDeliveriesInput = claimInput.extend({
  /** Channels that the worker has no sender for: their messages wait, and use up no try. */
  without,
});
export type ClaimDeliveriesInput = z.input<typeof claimDeliveriesInput>;

export const held = z.strictObject({ id, fencingToken });

export const failDeliveryInput = z.strictObject({
  /** Shown to members: neither secrets nor addresses. */
  error: reason,
  /** Whether another try may end differently; true. */
  retryable: z.boolean().default(true),
  retryAfterMs,
});
export type FailDeliveryInput = z.input<typeof failDeliveryInput>;

export const disableEndpointInput = z.strictObject({ id, reason: z.string().min(1).max(300) });

export const storeFeedInput = z.strictObject({
  /** Null: the feed says that it has not changed. */
  entries: z
    .array(
      z.strictObject({
        externalId: z.string().min(1).optional(),
        url: z.string().min(1).optional(),
        title: z.string().min(1),
        body: z.string().optional(),
        occurredAt: z.date().optional(),
      }),
    )
    .max(1_000)
    .nullable(),
  etag: z.string().nullable().default(null),
  lastModified: z.string().nullable().default(null),
});
export type StoreFeedInput = z.input<typeof storeFeedInput>;

export const failFeedInput = z.strictObject({ error: reason, retryAfterMs });
export type FailFeedInput = z.input<typeof failFeedInput>;

const policy = {
  kind: z.enum(retentionKinds),
  /** What is older goes, 0 to 36,500. Of keys and tickets, what ended longer ago. */
  days: z.int().min(0).max(36_500),
};
export const retentionInput = z.strictObject(policy);
export type RetentionInput = z.input<typeof retentionInput>;
export const runRetentionInput = z.strictObject({ ...policy, limit: limit(1_000) });
export type RunRetentionInput = z.input<typeof runRetentionInput>;
