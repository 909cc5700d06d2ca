import { sql } from "kysely";
import { build, statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import { atVersion } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { beyond, byAge } from "../page.ts";
import type { Keyset, PageAsked } from "../page.ts";
import type {
  ApiKey,
  ListedInvitation,
  Member,
  Workspace,
  WorkspaceOfPerson,
} from "./workspaces.ts";
import type { Role } from "./schemas.ts";

/** The workspace of the handle, with its newest slug. */
export function getWorkspace(workspaceId: string): Query<Workspace> {
  return build
    .selectFrom("workspaces")
    .select([
      "workspaces.id",
      "workspaces.name",
      "workspaces.plan",
      "workspaces.time_zone as timeZone",
      "workspaces.cohorts_limit as cohortsLimit",
      "workspaces.moves_per_sprint_limit as movesPerSprintLimit",
      "workspaces.archived_at as archivedAt",
      "workspaces.version",
      "workspaces.created_at as createdAt",
      "workspaces.updated_at as updatedAt",
    ])
    .where("workspaces.id", "=", workspaceId);
}

export function createWorkspace(input: {
  id: string;
  ownerId: string;
  name: string;
  slug: string;
  timeZone: string;
}): Query {
  return statement(sql`select codex.create_workspace(${input.id}::uuid, ${input.ownerId}::uuid,
    ${input.name}, ${input.slug}, ${input.timeZone})`);
}

export function resolveSlug(slug: string): Query<{ id: string | null }> {
  return statement(sql<{ id: string | null }>`select codex.resolve_slug(${slug}) as id`);
}

export function workspacesOf(userId: string): Query<WorkspaceOfPerson> {
  return statement(sql<WorkspaceOfPerson>`
    select workspace_id as "workspaceId", name, slug, role
    from codex.workspaces_of(${userId}::uuid)`);
}

export function acceptInvitation(workspaceId: string, secret: string, userId: string): Query {
  return statement(
    sql`select codex.accept_invitation(${workspaceId}::uuid, ${secret}, ${userId}::uuid)`,
  );
}

/** An invitation that nobody accepted in time makes room for another to the same address. */
export function revokeExpired(ws: Handle, email: string): Query {
  return build
    .updateTable("workspace_invitations")
    .set({ revoked_at: sql`now()` })
    .where("workspace_id", "=", ws.workspaceId)
    .where(sql`lower(email)`, "=", sql`lower(${email})`)
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .where("expires_at", "<=", sql<Date>`now()`);
}

export function invite(
  ws: Handle,
  invitation: {
    id: string;
    email: string;
    role: Role;
    tokenHash: Buffer;
    expiresAt?: Date | undefined;
  },
): Query<{ id: string; expiresAt: Date }> {
  const { id, email, role, tokenHash, expiresAt } = invitation;
  return build
    .insertInto("workspace_invitations")
    .values({
      workspace_id: ws.workspaceId,
      id,
      email,
      role,
      token_hash: tokenHash,
      ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    })
    .returning(["id", "expires_at as expiresAt"]);
}

const invitationColumns = [
  "id",
  "email",
  "role",
  "expires_at as expiresAt",
  "revoked_at as revokedAt",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
] as const;

/** Those that can be accepted, in the order of the index that has one for each address. */
export function listInvitations(
  ws: Handle,
  page: PageAsked,
): Query<ListedInvitation & { cursorEmail: string }> {
  const address = sql<string>`lower(email)`;
  return build
    .selectFrom("workspace_invitations")
    .select(invitationColumns)
    .select(address.as("cursorEmail"))
    .where("workspace_id", "=", ws.workspaceId)
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", sql<Date>`now()`)
    .$if(page.keys !== undefined, (query) => query.where(address, ">", page.keys?.[0] ?? ""))
    .orderBy(address)
    .limit(page.first + 1);
}

export function revokeInvitation(
  ws: Handle,
  id: string,
  expectedVersion: number | undefined,
): Query<ListedInvitation> {
  return build
    .updateTable("workspace_invitations")
    .set({ revoked_at: sql`coalesce(revoked_at, now())` })
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning(invitationColumns);
}

const memberKeyset: Keyset = { columns: ["user_id"], direction: "asc" };

const memberColumns = [
  "user_id as userId",
  "role",
  "display_name as displayName",
  "avatar_url as avatarUrl",
  "version",
  "created_at as joinedAt",
] as const;

export function listMembers(ws: Handle, page: PageAsked): Query<Member> {
  return build
    .selectFrom("user_workspaces")
    .select(memberColumns)
    .where("workspace_id", "=", ws.workspaceId)
    .where("removed_at", "is", null)
    .$if(page.keys !== undefined, (query) => query.where(beyond(memberKeyset, page.keys ?? [])))
    .orderBy("user_id")
    .limit(page.first + 1);
}

export function changeRole(
  ws: Handle,
  userId: string,
  change: { role: Role; expectedVersion: number | undefined },
): Query<Member> {
  return build
    .updateTable("user_workspaces")
    .set({ role: change.role })
    .where("workspace_id", "=", ws.workspaceId)
    .where("user_id", "=", userId)
    .where("removed_at", "is", null)
    .$call(atVersion(change.expectedVersion))
    .returning(memberColumns);
}

export function removeMember(
  ws: Handle,
  userId: string,
  expectedVersion: number | undefined,
): Query<Member> {
  return build
    .updateTable("user_workspaces")
    .set({ removed_at: sql`now()` })
    .where("workspace_id", "=", ws.workspaceId)
    .where("user_id", "=", userId)
    .where("removed_at", "is", null)
    .$call(atVersion(expectedVersion))
    .returning(memberColumns);
}

export function lookAtMember(ws: Handle, userId: string): Query<{ version: number }> {
  return build
    .selectFrom("user_workspaces")
    .select("version")
    .where("workspace_id", "=", ws.workspaceId)
    .where("user_id", "=", userId)
    .where("removed_at", "is", null);
}

const apiKeyColumns = [
  "id",
  "name",
  "prefix",
  "role",
  "scopes",
  "user_id as userId",
  "agent_id as agentId",
  "expires_at as expiresAt",
  "revoked_at as revokedAt",
  "last_used_at as lastUsedAt",
  "version",
  "created_at as createdAt",
] as const;

export function createApiKey(
  ws: Handle,
  key: {
    id: string;
    name: string;
    prefix: string;
    keyHash: Buffer;
    role: Role;
    scopes: string[];
    userId: string | undefined;
    agentId: string | undefined;
    expiresAt: Date | undefined;
  },
): Query<ApiKey> {
  return build
    .insertInto("api_keys")
    .values({
      workspace_id: ws.workspaceId,
      id: key.id,
      name: key.name,
      prefix: key.prefix,
      key_hash: key.keyHash,
      role: key.role,
      scopes: key.scopes,
      // Its holder is whoever makes it, unless another or an agent is named.
      user_id: key.userId ?? (key.agentId === undefined ? sql`codex.acting_user_id()` : null),
      agent_id: key.agentId ?? null,
      expires_at: key.expiresAt ?? null,
    })
    .returning(apiKeyColumns);
}

export function listApiKeys(ws: Handle, page: PageAsked): Query<ApiKey & { cursorAt: string }> {
  return build
    .selectFrom("api_keys")
    .select(apiKeyColumns)
    .select(sql<string>`created_at::text`.as("cursorAt"))
    .where("workspace_id", "=", ws.workspaceId)
    .$if(page.keys !== undefined, (query) => query.where(beyond(byAge.newest, page.keys ?? [])))
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(page.first + 1);
}

export function revokeApiKey(
  ws: Handle,
  id: string,
  expectedVersion: number | undefined,
): Query<ApiKey> {
  return build
    .updateTable("api_keys")
    .set({ revoked_at: sql`coalesce(revoked_at, now())` })
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning(apiKeyColumns);
}

export function purge(workspaceId: string): Query {
  return statement(sql`select codex.purge_workspace(${workspaceId}::uuid)`);
}
