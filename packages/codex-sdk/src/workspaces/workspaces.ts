import { splitActing } from "../actor.ts";
import type { Acting } from "../actor.ts";
import { CodexError, notFound } from "../errors.ts";
import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { anyText, id, parse } from "../input.ts";
import type { CallOptions, WriteOptions } from "../options.ts";
import { ApiKeys } from "./api-keys.ts";
import { Members } from "./members.ts";
import {
  acceptInvitation,
  createWorkspace,
  getWorkspace,
  invite,
  resolveSlug,
  revokeExpired,
  workspacesOf,
} from "./queries.ts";
import { createWorkspaceInput, inviteInput } from "./schemas.ts";
import type { CreateWorkspaceInput, InviteInput, Role } from "./schemas.ts";
import { newInvitation, readInvitation } from "./secrets.ts";

/** A tenant. */
export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly plan: "ascent" | "glide" | "soar";
  /** IANA time zone. */
  readonly timeZone: string;
  readonly cohortsLimit: number;
  readonly movesPerSprintLimit: number;
  readonly archivedAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A workspace as one of its members sees it in a list. */
export interface WorkspaceOfPerson {
  readonly workspaceId: string;
  readonly name: string;
  readonly slug: string | null;
  readonly role: Role;
}

/** A member of a workspace, as the others see them. */
export interface Member {
  readonly userId: string;
  readonly role: Role;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly version: number;
  readonly joinedAt: Date;
}

/** An API key without its secret. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** First characters, to recognise it by. */
  readonly prefix: string;
  readonly role: Role;
  readonly scopes: string[];
  readonly userId: string | null;
  readonly agentId: string | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
}

/** An invitation as it is made; the token is shown once and stored nowhere. */
export interface Invitation {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/** An invitation without its token. */
export interface ListedInvitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
}

/** What workspaces need of the client they belong to. */
export interface WorkspaceDoors {
  /** Without a workspace: what is possible before one is a member. */
  readonly outside: Handle;
  /** As a member. */
  inside(workspaceId: string, acting: Acting): Handle;
}

const table = "workspaces";

/** Workspaces, their members, invitations and keys. What happens inside one names who acts. */
export class Workspaces {
  readonly members: Members;
  readonly apiKeys: ApiKeys;
  readonly #doors: WorkspaceDoors;

  constructor(doors: WorkspaceDoors) {
    this.#doors = doors;
    this.members = new Members(doors);
    this.apiKeys = new ApiKeys(doors);
  }

  /** Makes a workspace whose owner is `ownerId`. Throws InvalidInput, Conflict (slug), NotFound (person). */
  async create(input: CreateWorkspaceInput, options: CallOptions = {}): Promise<Workspace> {
    const parsed = parse(createWorkspaceInput, input);
    const workspaceId = newId();
    return this.#doors.outside.write(
      {
        operation: { name: "workspaces.create", table },
        // The function leaves the owner's context behind for the statement that follows.
        queries: [createWorkspace({ id: workspaceId, ...parsed }), getWorkspace(workspaceId)],
        input,
        settle: ([, rows]) => only(rows, "workspace"),
      },
      options,
    );
  }

  /** Throws Forbidden for a workspace that is not there, or whose member one is not. */
  async get(workspaceId: string, acting: Acting, options: CallOptions = {}): Promise<Workspace> {
    return this.#doors.inside(workspaceId, acting).read(
      {
        operation: { name: "workspaces.get", table },
        queries: [getWorkspace(workspaceId)],
        settle: ([rows]) => only(rows, "workspace"),
      },
      options,
    );
  }

  /** The id of the workspace with that slug. Throws InvalidInput, NotFound. */
  async bySlug(slug: string, options: CallOptions = {}): Promise<{ id: string }> {
    const parsed = parse(anyText(1, 63), slug);
    return this.#doors.outside.read(
      {
        operation: { name: "workspaces.bySlug", table: "workspace_slugs" },
        queries: [resolveSlug(parsed)],
        settle: ([[row]]) => {
          if (typeof row?.id !== "string") throw notFound("workspace");
          return { id: row.id };
        },
      },
      options,
    );
  }

  /** The workspaces of a person, by name: the one read across workspaces. */
  async forUser(userId: string, options: CallOptions = {}): Promise<readonly WorkspaceOfPerson[]> {
    const person = parse(id, userId);
    return this.#doors.outside.read(
      {
        operation: { name: "workspaces.forUser", table: "user_workspaces" },
        queries: [workspacesOf(person)],
        settle: ([rows]) => rows,
      },
      options,
    );
  }

  /**
   * Invites by e-mail; for owners. The token is for the one who is invited, and shown here only. Throws
   * Forbidden, InvalidInput, and Conflict while another invitation to this address is open (`members.revokeInvitation`
   * takes it back), or for an idempotency key whose invitation is made already.
   */
  async invite(
    workspaceId: string,
    input: InviteInput & Acting,
    options: WriteOptions = {},
  ): Promise<Invitation> {
    const { acting, rest: invitation } = splitActing(input);
    const parsed = parse(inviteInput, invitation);
    const { hash, token } = newInvitation(workspaceId);
    const ws = this.#doors.inside(workspaceId, acting);
    const query = invite(ws, { id: newId(), tokenHash: hash, ...parsed });
    return ws.write(
      {
        operation: { name: "workspaces.invite", table: "workspace_invitations" },
        holds: [revokeExpired(ws, parsed.email)],
        queries: [query],
        input: invitation,
        settle: ([rows], { replayed }) => ({
          ...only(rows, "invitation"),
          token: fresh(token, replayed),
        }),
      },
      options,
    );
  }

  /**
   * Makes the person a member; once more changes nothing. Throws InvalidInput, NotFound for a token that is
   * unknown, used by another, revoked or expired.
   */
  async acceptInvitation(
    token: string,
    acting: { readonly userId: string },
    options: CallOptions = {},
  ): Promise<Workspace> {
    const { workspaceId, secret } = readInvitation(parse(anyText(1, 200), token));
    const userId = parse(id, acting.userId);
    return this.#doors.outside.write(
      {
        operation: { name: "workspaces.acceptInvitation", table: "workspace_invitations" },
        queries: [acceptInvitation(workspaceId, secret, userId), getWorkspace(workspaceId)],
        input: token,
        settle: ([, rows]) => only(rows, "workspace"),
      },
      options,
    );
  }
}

/** A secret that has just been made; one of a call that is replayed was shown to the first caller alone. */
export function fresh(secret: string, replayed: boolean): string {
  if (!replayed) return secret;
  throw new CodexError(
    "Conflict",
    "it is made already, and its secret was shown once: make another",
  );
}
