import { randomUUID } from "node:crypto";
import type { Codex } from "../codex.ts";
import type { Workspace } from "../workspace.ts";
import { roles } from "../workspaces/schemas.ts";
import type { Role } from "../workspaces/schemas.ts";

/** A member of a test's workspace. */
export interface TestMember {
  readonly userId: string;
  /** The workspace as this member sees it. */
  readonly ws: Workspace;
}

/** A workspace of a test's own, with one member of each role. */
export type TestWorkspace = Readonly<Record<Role, TestMember>> & {
  readonly id: string;
  readonly slug: string;
};

/**
 * Makes a workspace with a member of each role (viewer, analyst, creator, strategist, owner), all under
 * names that nobody else has: any number of tests may share a database. About a dozen round trips.
 */
export async function makeTestWorkspace(codex: Codex, name = "Test"): Promise<TestWorkspace> {
  const run = randomUUID();
  const person = async (role: Role): Promise<string> => {
    const identity = { issuer: "https://identity.test", subject: `${role} ${run}`, name: role };
    return (await codex.people.ensure(identity)).id;
  };
  const ownerId = await person("owner");
  const slug = `test-${run}`;
  const { id } = await codex.workspaces.create({ name, slug, ownerId });
  const join = async (role: Role): Promise<TestMember> => {
    if (role === "owner") return memberOf(codex, id, ownerId);
    const userId = await person(role);
    const email = `${role}@identity.test`;
    const { token } = await codex.workspaces.invite(id, { email, role, userId: ownerId });
    await codex.workspaces.acceptInvitation(token, { userId });
    return memberOf(codex, id, userId);
  };
  const members = await Promise.all(roles.map(async (role) => [role, await join(role)] as const));
  return { ...(Object.fromEntries(members) as Record<Role, TestMember>), id, slug };
}

function memberOf(codex: Codex, workspaceId: string, userId: string): TestMember {
  return { userId, ws: codex.workspace(workspaceId, { userId }) };
}
