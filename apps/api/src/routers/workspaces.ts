import {
  apiKeyResult,
  createApiKeyInput,
  createWorkspaceInput,
  id,
  invitationResult,
  inviteInput,
  listOf,
  listedInvitationResult,
  memberResult,
  pageInput,
  pageOf,
  role,
  workspaceOfPersonResult,
  workspaceResult,
  writtenOf,
} from "@codex/sdk/schemas";
import { CodexError, isCodexError } from "@codex/sdk/errors";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { noSuchScope } from "../scopes.ts";
import { mutation, personMutation, personQuery, query } from "../trpc.ts";
import { byId, expectedVersion, nothing } from "./inputs.ts";

const members = {
  list: query(
    {
      doc: "Members, in the order of their ids.",
      role: "viewer",
      input: z.strictObject(pageInput),
      output: pageOf(memberResult),
    },
    ({ workspaces: client, workspaceId, acting, input, options }) =>
      client.members.list(workspaceId, { ...input, ...options, ...acting }),
  ),
  changeRole: mutation(
    {
      doc: "Gives a member another role. The last owner stays one.",
      role: "owner",
      input: z.strictObject({ memberId: id, role, expectedVersion }),
      output: writtenOf(memberResult),
    },
    ({ workspaces: client, workspaceId, acting, input, options }) =>
      client.members.changeRole(
        workspaceId,
        { memberId: input.memberId, role: input.role, ...acting },
        { ...options, expectedVersion: input.expectedVersion },
      ),
  ),
  remove: mutation(
    {
      doc: "Takes a member out, for owners, or leaves. What they wrote stays; their streams end.",
      role: "viewer",
      input: z.strictObject({ memberId: id, expectedVersion }),
      output: writtenOf(memberResult),
    },
    ({ workspaces: client, workspaceId, acting, input, options }) =>
      client.members.remove(
        workspaceId,
        { memberId: input.memberId, ...acting },
        { ...options, expectedVersion: input.expectedVersion },
      ),
  ),
  listInvitations: query(
    {
      doc: "Invitations that can still be accepted, by address, without their tokens.",
      role: "owner",
      input: z.strictObject(pageInput),
      output: pageOf(listedInvitationResult),
    },
    ({ workspaces: client, workspaceId, acting, input, options }) =>
      client.members.listInvitations(workspaceId, { ...input, ...options, ...acting }),
  ),
  revokeInvitation: mutation(
    {
      doc: "Takes an invitation back that nobody accepted.",
      role: "owner",
      input: z.strictObject({ invitationId: id, expectedVersion }),
      output: writtenOf(listedInvitationResult),
    },
    ({ workspaces: client, workspaceId, acting, input, options }) =>
      client.members.revokeInvitation(
        workspaceId,
        { invitationId: input.invitationId, ...acting },
        { ...options, expectedVersion: input.expectedVersion },
      ),
  ),
} satisfies TRPCRouterRecord;

const createApiKey = (scopes: () => ReadonlySet<string>) =>
  mutation(
    {
      doc: "Makes an API key; its secret is shown here and never again.",
      role: "owner",
      // A scope that opens nothing is a slip of the pen, which its owner would look for elsewhere.
      input: createApiKeyInput.superRefine((input, context) => {
        for (const [at, scope] of input.scopes.entries())
          if (!scopes().has(scope))
            context.addIssue({
              code: "custom",
              path: ["scopes", at],
              message: noSuchScope(scope, scopes()),
            });
      }),
      output: writtenOf(apiKeyResult.extend({ secret: z.string() })),
    },
    ({ workspaces: client, workspaceId, acting, input, options }) =>
      client.apiKeys.create(workspaceId, { ...input, actingAs: acting }, options),
  );

const apiKeys = {
  list: query(
    {
      doc: "API keys without their secrets, newest first, revoked ones included.",
      role: "owner",
      input: z.strictObject(pageInput),
      output: pageOf(apiKeyResult),
    },
    ({ workspaces: client, workspaceId, acting, input, options }) =>
      client.apiKeys.list(workspaceId, { ...input, ...options, ...acting }),
  ),
  revoke: mutation(
    {
      doc: "Ends an API key for good, and its streams within a second.",
      role: "owner",
      input: z.strictObject({ keyId: id, expectedVersion }),
      output: writtenOf(apiKeyResult),
    },
    ({ workspaces: client, workspaceId, acting, input, options }) =>
      client.apiKeys.revoke(
        workspaceId,
        { keyId: input.keyId, ...acting },
        { ...options, expectedVersion: input.expectedVersion },
      ),
  ),
} satisfies TRPCRouterRecord;

const workspaces = {
  create: personMutation(
    {
      doc: "Makes a workspace whose owner is whoever calls.",
      input: createWorkspaceInput.omit({ ownerId: true }),
      output: workspaceResult,
    },
    async ({ workspaces: client, userId, input, options }) =>
      client.create({ ...input, ownerId: await userId() }, options),
  ),
  get: query(
    { doc: "The workspace of the call.", role: "viewer", input: nothing, output: workspaceResult },
    ({ workspaces: client, workspaceId, acting, options }) =>
      client.get(workspaceId, acting, options),
  ),
  bySlug: personQuery(
    {
      doc: "The id of the workspace with that slug, for its members.",
      input: z.strictObject({ slug: z.string().min(1).max(63) }),
      output: byId,
    },
    async ({ workspaces: client, identity, input, options }) => {
      const { id: workspaceId } = await client.bySlug(input.slug, options);
      const { issuer, subject } = identity;
      // Which slugs are taken is nobody else's business.
      await client.get(workspaceId, { issuer, subject }, options).catch(asNotFound);
      return { id: workspaceId };
    },
  ),
  forUser: personQuery(
    {
      doc: "The workspaces of whoever calls, by name.",
      input: nothing,
      output: listOf(workspaceOfPersonResult),
    },
    async ({ workspaces: client, userId, options }) => client.forUser(await userId(), options),
  ),
  invite: mutation(
    {
      doc: "Invites somebody; the token is for them, and shown here only.",
      role: "owner",
      input: inviteInput,
      output: writtenOf(invitationResult),
    },
    ({ workspaces: client, workspaceId, acting, input, options }) =>
      client.invite(workspaceId, { ...input, ...acting }, options),
  ),
  acceptInvitation: personMutation(
    {
      doc: "Makes whoever calls a member, by the token of an invitation.",
      input: z.strictObject({ token: z.string().min(1).max(200) }),
      output: workspaceResult,
    },
    async ({ workspaces: client, userId, input, options }) =>
      client.acceptInvitation(input.token, { userId: await userId() }, options),
  ),
  members,
} satisfies TRPCRouterRecord;

/** Given the scopes that a key may have, which are known once all procedures are. */
export function workspacesOf(scopes: () => ReadonlySet<string>) {
  return {
    ...workspaces,
    apiKeys: { create: createApiKey(scopes), ...apiKeys },
  } satisfies TRPCRouterRecord;
}

function asNotFound(error: unknown): never {
  if (isCodexError(error, "Forbidden"))
    throw new CodexError("NotFound", "no such workspace", { entity: "workspace" });
  throw error;
}
