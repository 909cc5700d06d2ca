import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, codeOf, procedures } from "./support/call.ts";
import { examples, idPaths, makeThings, withValue } from "./support/examples.ts";
import type { Things } from "./support/examples.ts";
import { post } from "./support/http.ts";
import { makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

const roles = ["viewer", "analyst", "creator", "strategist", "owner"] as const;

describe("every procedure answers the same five", () => {
  let world: ApiWorld;
  let things: Things;
  let areTouched = false;
  let foreign: Things;
  const narrow = new Map<string, string>();
  beforeAll(async () => {
    world = await makeApiWorld();
    things = await makeThings(world.codex, world.acme);
    foreign = await makeThings(world.codex, world.globex);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("has an example for each, and none for what is gone", () => {
    expect(Object.keys(examples).toSorted()).toEqual(procedures.map(({ name }) => name).toSorted());
  });

  const members = procedures.filter(({ auth }) => auth === "member");
  const persons = procedures.filter(({ auth }) => auth === "person");
  const inputOf = (name: string, from: Things): unknown => examples[name]?.(from);
  const leastKey = (role: string | null): string =>
    world.acme.keys[roles.find((known) => known === role) ?? "owner"];

  it.each(members)("allowed: $name, for its least role $role", async (procedure) => {
    const { name, role } = procedure;
    await refresh();
    // Everybody may leave; taking somebody else out is for owners.
    const token = name === "workspaces.members.remove" ? world.acme.keys.owner : leastKey(role);
    const answer = await call(world.server.url, procedure, inputOf(name, things), { token });
    areTouched = procedure.type === "mutation";
    if (name === "workspaces.members.remove") await rejoin();
    expect([answer.status, answer.text]).toEqual([200, expect.not.stringMatching(/^\{"error"/u)]);
  });

  it.each(persons)("allowed: $name, for a person with a token", async (procedure) => {
    const token = await world.issuer.token(`person of ${procedure.name}`);
    const input = inputOf(procedure.name, things);
    const answer = await call(world.server.url, procedure, input, { token });
    if (procedure.name === "workspaces.bySlug") expect(codeOf(answer)).toBe("NotFound");
    else expect([answer.status, answer.text]).toEqual([200, expect.not.stringContaining("error")]);
  });

  it.each(procedures)("signed out: $name", async (procedure) => {
    const answer = await call(world.server.url, procedure, inputOf(procedure.name, things));
    expect([answer.status, codeOf(answer)]).toEqual([401, "Unauthenticated"]);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  });

  it.each(members)("other workspace: $name", async (procedure) => {
    const { name } = procedure;
    const token = await world.issuer.token("a stranger");
    const headers = { "x-codex-workspace": world.acme.id };
    const sent = { token, headers };
    const answer = await call(world.server.url, procedure, inputOf(name, things), sent);
    expect([answer.status, codeOf(answer)]).toEqual([403, "Forbidden"]);
    // A key is of one workspace, and of no other.
    const key = { token: world.globex.keys.owner, headers };
    const keyed = await call(world.server.url, procedure, inputOf(name, things), key);
    expect([keyed.status, codeOf(keyed)]).toEqual([403, "Forbidden"]);
    // Whatever is named of the other workspace is not there.
    const theirs = inputOf(name, foreign);
    if (idPaths(theirs).length === 0) return;
    const crossed = await call(world.server.url, procedure, theirs, {
      token: world.acme.keys.owner,
    });
    areTouched ||= crossed.status === 200;
    if (crossed.status === 200) expect(crossed.text).not.toContain(foreign.canary);
    else expect(codeOf(crossed)).toMatch(/^(?:NotFound|InvalidReference|InvalidInput)$/u);
  });

  it.each(persons)("other workspace: $name takes no key", async (procedure) => {
    const input = inputOf(procedure.name, things);
    const sent = { token: world.acme.keys.owner };
    const answer = await call(world.server.url, procedure, input, sent);
    expect([answer.status, codeOf(answer)]).toEqual([403, "Forbidden"]);
  });

  const guarded = members.filter(({ role }) => role !== "viewer");
  it.each(guarded)("role too low: $name, which needs $role", async (procedure) => {
    const { name, role } = procedure;
    await refresh();
    const lower = roles.slice(0, roles.indexOf(role as (typeof roles)[number]));
    for (const one of lower) {
      const sent = { token: world.acme.keys[one] };
      const answer = await call(world.server.url, procedure, inputOf(name, things), sent);
      expect([one, answer.status, codeOf(answer)]).toEqual([one, 403, "Forbidden"]);
    }
  });

  it.each(members)(
    "scope too narrow: $name, which needs $scope, by every door",
    async (procedure) => {
      const { name, type, scope } = procedure;
      // As much as there is but that: the other area's, and of its own area the other kind.
      const [area = "", kind] = String(scope).split(":");
      const token = await keyWith(`${area}:${kind === "read" ? "write" : "read"}`);
      const input = inputOf(name, things);
      const answer = await call(world.server.url, procedure, input, { token });
      expect([answer.status, codeOf(answer)]).toEqual([403, "Forbidden"]);
      if (type === "subscription") return;
      const plain = await post(`${world.server.url}/v1/${name}`, input, { token });
      expect([plain.status, plain.json.code]).toEqual([403, "Forbidden"]);
      const params = { name: name.replaceAll(".", "_"), arguments: input };
      const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
      const tool = await post(`${world.server.url}/mcp`, message, { token });
      expect(tool.json.result.isError).toBe(true);
      expect(JSON.parse(tool.json.result.content[0].text)).toMatchObject({ code: "Forbidden" });
    },
  );

  const versioned = members.filter(({ input }) =>
    JSON.stringify(input).includes('"expectedVersion"'),
  );
  it.each(versioned)("another version: $name", async (procedure) => {
    await refresh();
    const input = { ...(inputOf(procedure.name, things) as object), expectedVersion: 99 };
    const token = world.acme.keys.owner;
    const answer = await call(world.server.url, procedure, input, { token });
    areTouched = answer.status === 200;
    // Or there is nothing yet that could have one: without it, the call would make it.
    expect(codeOf(answer)).toMatch(/^(?:StaleVersion|NotFound)$/u);
  });

  it.each(procedures)("bad input: $name", async (procedure) => {
    const { name, auth } = procedure;
    const good = inputOf(name, things);
    const token =
      auth === "member" ? world.acme.keys.owner : await world.issuer.token("somebody else");
    const bad: unknown[] = [
      5,
      [],
      "text",
      { ...(good as object), another: 1 },
      ...idPaths(good).map((path) => withValue(good, path, "not an id")),
      ...idPaths(good).map((path) => withValue(good, path, 5)),
    ];
    for (const input of bad) {
      const answer = await call(world.server.url, procedure, input, { token });
      // One bad campaign among many is that one's outcome.
      if (name === "campaigns.createMany" && answer.status === 200) {
        expect(answer.json.result.data[0]).toMatchObject({ ok: false });
        continue;
      }
      expect([JSON.stringify(input), answer.status, codeOf(answer)]).toEqual([
        JSON.stringify(input),
        400,
        "InvalidInput",
      ]);
    }
  });

  /** The owner's key with every scope of other areas, and that one. */
  async function keyWith(scope: string): Promise<string> {
    const [own] = scope.split(":");
    const areas = new Set(members.map(({ name }) => name.split(".")[0] ?? ""));
    const others = [...areas].filter((area) => area !== own).map((area) => `${area}:*`);
    const known = narrow.get(scope);
    if (known !== undefined) return known;
    const { owner } = world.acme.members;
    const input = { name: scope, scopes: [...others, scope], actingAs: owner.userId };
    const { secret } = await world.codex.workspaces.apiKeys.create(world.acme.id, input);
    narrow.set(scope, secret);
    return secret;
  }

  /** Other things, once a call may have changed those that are there: making them takes seventy calls. */
  async function refresh(): Promise<void> {
    if (areTouched) things = await makeThings(world.codex, world.acme);
    areTouched = false;
  }

  /** The viewer who was taken out comes back. */
  async function rejoin(): Promise<void> {
    const { codex, acme } = world;
    const { owner, viewer } = acme.members;
    const { token } = await codex.workspaces.invite(acme.id, {
      email: "v@example.org",
      userId: owner.userId,
    });
    await codex.workspaces.acceptInvitation(token, { userId: viewer.userId });
  }
});
