import { splitActing } from "../actor.ts";
import type { Acting } from "../actor.ts";
import { edited, look, versionOf } from "../edit.ts";
import { id, parse } from "../input.ts";
import type { EditOptions, Written } from "../options.ts";
import { pageInput } from "../page-input.ts";
import { paged } from "../page.ts";
import type { List, ListOptions } from "../page.ts";
import { z } from "zod";
import {
  changeRole,
  listInvitations,
  listMembers,
  lookAtMember,
  removeMember,
  revokeInvitation,
} from "./queries.ts";
import { role } from "./schemas.ts";
import type { Role } from "./schemas.ts";
import type { ListedInvitation, Member, WorkspaceDoors } from "./workspaces.ts";

const table = "user_workspaces";
const invitations = "workspace_invitations";
const listInput = z.strictObject(pageInput);

/** Members of a workspace, and whom `workspaces.invite` asked to become one. */
export class Members {
  readonly #doors: WorkspaceDoors;

  constructor(doors: WorkspaceDoors) {
    this.#doors = doors;
  }

  /** Members, in the order of their ids. Throws InvalidInput. */
  list(workspaceId: string, options: ListOptions & Acting): List<Member> {
    const { acting, rest } = splitActing(options);
    const { first, after, ...call } = rest;
    const ws = this.#doors.inside(workspaceId, acting);
    const page = parse(listInput, { first, after });
    return paged(
      ws,
      {
        operation: { name: "workspaces.members.list", table },
        cursor: { name: "members", filter: null, sort: "id" },
        page,
        query: (asked) => listMembers(ws, asked),
        keysOf: (row) => [row.userId],
        keysCount: 1,
        toItem: (row) => row,
      },
      call,
    );
  }

  /**
   * For owners. Throws InvalidInput, Forbidden, NotFound, StaleVersion, and Conflict for the last owner.
   */
  async changeRole(
    workspaceId: string,
    change: { memberId: string; role: Role } & Acting,
    options: EditOptions = {},
  ): Promise<Written<Member>> {
    const memberId = parse(id, change.memberId);
    const to = parse(role, change.role);
    const ws = this.#doors.inside(workspaceId, splitActing(change).acting);
    const expectedVersion = versionOf(options.expectedVersion);
    return ws.write(
      {
        operation: { name: "workspaces.members.changeRole", table },
        queries: [
          changeRole(ws, memberId, { role: to, expectedVersion }),
          lookAtMember(ws, memberId),
        ],
        input: { memberId, to },
        settle: ([rows, found]) => edited(rows, found, { entity: "member", expectedVersion }),
      },
      options,
    );
  }

  /**
   * Takes a member out; rows keep their author. For owners, and for oneself. Throws Forbidden, NotFound,
   * StaleVersion, and Conflict for the last owner.
   */
  async remove(
    workspaceId: string,
    member: { memberId: string } & Acting,
    options: EditOptions = {},
  ): Promise<Written<Member>> {
    const memberId = parse(id, member.memberId);
    const ws = this.#doors.inside(workspaceId, splitActing(member).acting);
    const expectedVersion = versionOf(options.expectedVersion);
    return ws.write(
      {
        operation: { name: "workspaces.members.remove", table },
        // The change stands second, as in results that were stored while nothing followed it.
        queries: [
          lookAtMember(ws, memberId),
          removeMember(ws, memberId, expectedVersion),
          lookAtMember(ws, memberId),
        ],
        input: memberId,
        settle: ([, rows, found]) => edited(rows, found, { entity: "member", expectedVersion }),
      },
      options,
    );
  }

  /**
   * Invitations that can still be accepted, in the order of their addresses, without their tokens. For owners; others
   * see none. Throws InvalidInput.
   */
  listInvitations(workspaceId: string, options: ListOptions & Acting): List<ListedInvitation> {
    const { acting, rest } = splitActing(options);
    const { first, after, ...call } = rest;
    const ws = this.#doors.inside(workspaceId, acting);
    const page = parse(listInput, { first, after });
    return paged(
      ws,
      {
        operation: { name: "workspaces.members.listInvitations", table: invitations },
        cursor: { name: "invitations", filter: null, sort: "email" },
        page,
        query: (asked) => listInvitations(ws, asked),
        keysOf: (row) => [row.cursorEmail],
        keysCount: 1,
        toItem: ({ cursorEmail, ...invitation }): ListedInvitation => invitation,
      },
      call,
    );
  }

  /**
   * Takes an invitation back, which makes room for another to its address; once more changes nothing. For owners, as
   * others see none. Throws InvalidInput, NotFound, StaleVersion, and Conflict for one that was accepted.
   */
  async revokeInvitation(
    workspaceId: string,
    invitation: { invitationId: string } & Acting,
    options: EditOptions = {},
  ): Promise<Written<ListedInvitation>> {
    const invitationId = parse(id, invitation.invitationId);
    const ws = this.#doors.inside(workspaceId, splitActing(invitation).acting);
    const expectedVersion = versionOf(options.expectedVersion);
    return ws.write(
      {
        operation: { name: "workspaces.members.revokeInvitation", table: invitations },
        queries: [
          revokeInvitation(ws, invitationId, expectedVersion),
          look(ws, invitations, invitationId),
        ],
        input: invitationId,
        settle: ([rows, found]) => edited(rows, found, { entity: "invitation", expectedVersion }),
      },
      options,
    );
  }
}
