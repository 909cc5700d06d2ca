import { createCodex } from "@codex/sdk";
import type { Codex, CodexOptions, Role, Workspace } from "@codex/sdk";
import { testDatabase } from "@codex/testkit";
import type { TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";

/** Somebody who acts in a workspace through the SDK. */
export interface Actor {
  readonly userId: string;
  readonly ws: Workspace;
}

/** Two workspaces of this test's own, and their people. */
export interface World extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly codex: Codex;
  readonly acme: string;
  readonly globex: string;
  readonly ada: Actor;
  readonly sam: Actor;
  readonly cleo: Actor;
  readonly ann: Actor;
  readonly vic: Actor;
  /** Owner of globex. */
  readonly bob: Actor;
}

/** A client as the application's and the worker's logins. */
export function open(db: TestDatabase, options: Partial<CodexOptions> = {}): Codex {
  return createCodex({
    connectionString: db.url("codex_api"),
    service: { connectionString: db.url("codex_worker"), max: 4 },
    ...options,
  } as CodexOptions);
}

/** Everything is made through the SDK itself, with names that nobody else has; in a test database unless one is given. */
export async function makeWorld(given?: TestDatabase): Promise<World> {
  const db = given ?? (await testDatabase());
  const codex = open(db);
  const run = randomUUID();
  const person = async (name: string): Promise<string> =>
    (
      await codex.people.ensure({
        issuer: "https://identity.test",
        subject: `${name} ${run}`,
        name,
      })
    ).id;
  const workspace = async (name: string, ownerId: string): Promise<string> =>
    (await codex.workspaces.create({ name, slug: `${name.toLowerCase()}-${run}`, ownerId })).id;
  const [adaId, bobId] = [await person("Ada"), await person("Bob")];
  const [acme, globex] = [await workspace("Acme", adaId), await workspace("Globex", bobId)];
  const join = async (name: string, role: Role): Promise<Actor> => {
    const userId = await person(name);
    const email = `${name.toLowerCase()}@example.org`;
    const { token } = await codex.workspaces.invite(acme, { email, role, userId: adaId });
    await codex.workspaces.acceptInvitation(token, { userId });
    return { userId, ws: codex.workspace(acme, { userId }) };
  };
  return {
    db,
    codex,
    acme,
    globex,
    ada: { userId: adaId, ws: codex.workspace(acme, { userId: adaId }) },
    sam: await join("Sam", "strategist"),
    cleo: await join("Cleo", "creator"),
    ann: await join("Ann", "analyst"),
    vic: await join("Vic", "viewer"),
    bob: { userId: bobId, ws: codex.workspace(globex, { userId: bobId }) },
    [Symbol.asyncDispose]: async () => {
      await codex.close();
      await db[Symbol.asyncDispose]();
    },
  };
}

/** A positioning that is active in a segment of its own. */
export async function activePositioning(
  { ws }: Actor,
  segment: string = randomUUID(),
): Promise<string> {
  const draft = await ws.positioning.create({
    segment,
    name: "For developers",
    competitiveAlternatives: ["spreadsheets"],
    uniqueAttributes: ["one round trip"],
    valueThemes: ["speed"],
    bestFitCustomers: "teams of ten",
    marketCategory: "data platforms",
  });
  await ws.positioning.publish(draft.id);
  return draft.id;
}

/** An agent that is released, with a name that nobody else has. */
export async function newAgent(codex: Codex, name: string = randomUUID()): Promise<string> {
  const system = codex.system({ reason: "an agent for a test" });
  const { id } = await system.agents.register({ name, guild: "research" });
  await system.agents.publish(id);
  return id;
}
