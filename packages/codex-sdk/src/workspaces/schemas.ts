import { z } from "zod";
import { id, instant, lengths, text } from "../input.ts";

/** Roles of a member, lowest first. */
export const roles = ["viewer", "analyst", "creator", "strategist", "owner"] as const;
export type Role = (typeof roles)[number];
export const role = z.enum(roles);

export const createWorkspaceInput = z.strictObject({
  name: text(1, lengths.name),
  /** 1 to 63 of a-z, 0-9 and inner hyphens; taken by one workspace only. */
  slug: z
    .string()
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u,
      "is not 1 to 63 small letters, digits and - within",
    ),
  /** Person who becomes the owner. */
  ownerId: id,
  timeZone: text(1, 100).default("UTC"),
});
export type CreateWorkspaceInput = z.input<typeof createWorkspaceInput>;

export const inviteInput = z.strictObject({
  email: z.email().max(320),
  role: role.default("viewer"),
  /** Until when it can be accepted, still to come; in 7 days unless said otherwise. */
  expiresAt: instant.optional(),
});
export type InviteInput = z.input<typeof inviteInput>;

/** An area of the API and what is done in it; `*` stands for every area, or for both. */
const scope = z
  .string()
  .max(100)
  .regex(/^(?:\*|[a-zA-Z]+):(?:\*|read|write)$/u, "is not a scope such as campaigns:read");

export const createApiKeyInput = z.strictObject({
  name: text(1, lengths.name),
  role: role.default("viewer"),
  /** What the key may be used for: `campaigns:read`, `quests:*`, `*:read`; none means all that its role may. */
  scopes: z.array(scope).max(50).default([]),
  /** Until when it opens anything, still to come; for good unless said otherwise. */
  expiresAt: instant.optional(),
  /** Member the key acts as; whoever makes it, unless an agent is named. */
  userId: id.optional(),
  agentId: id.optional(),
});
export type CreateApiKeyInput = z.input<typeof createApiKeyInput>;
