import { z } from "zod";
import { instantJson } from "../result.ts";
import { role } from "./schemas.ts";

export const workspaceResult = z
  .object({
    id: z.guid(),
    name: z.string(),
    plan: z.enum(["ascent", "glide", "soar"]),
    timeZone: z.string(),
    cohortsLimit: z.int(),
    movesPerSprintLimit: z.int(),
    archivedAt: instantJson.nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Workspace", description: "A tenant." });

export const workspaceOfPersonResult = z
  .object({
    workspaceId: z.guid(),
    name: z.string(),
    slug: z.string().nullable(),
    role,
  })
  .meta({ id: "WorkspaceOfPerson", description: "A workspace as one of its members sees it." });

export const memberResult = z
  .object({
    userId: z.guid(),
    role,
    displayName: z.string(),
    avatarUrl: z.string().nullable(),
    version: z.int(),
    joinedAt: instantJson,
  })
  .meta({ id: "Member", description: "A member of a workspace, as the others see them." });

export const apiKeyResult = z
  .object({
    id: z.guid(),
    name: z.string(),
    prefix: z.string(),
    role,
    scopes: z.array(z.string()),
    userId: z.guid().nullable(),
    agentId: z.guid().nullable(),
    expiresAt: instantJson.nullable(),
    revokedAt: instantJson.nullable(),
    lastUsedAt: instantJson.nullable(),
    version: z.int(),
    createdAt: instantJson,
  })
  .meta({ id: "ApiKey", description: "An API key without its secret." });

export const invitationResult = z
  .object({ id: z.guid(), token: z.string(), expiresAt: instantJson })
  .meta({ id: "Invitation", description: "An invitation; its token is shown here only." });

export const listedInvitationResult = z
  .object({
    id: z.guid(),
    email: z.string(),
    role,
    expiresAt: instantJson,
    revokedAt: instantJson.nullable(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
  })
  .meta({ id: "ListedInvitation", description: "An invitation without its token." });

export const personResult = z
  .object({ id: z.guid() })
  .meta({ id: "Person", description: "Somebody whom an identity provider vouches for." });
