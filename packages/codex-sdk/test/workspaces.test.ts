import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Workspace } from "@codex/sdk";
import { makeWorld } from "./world.ts";
import type { World } from "./world.ts";

describe("people and workspaces", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (name: string): Promise<{ id: string }> =>
    world.codex.people.ensure({
      issuer: "https://identity.test",
      subject: `${name} ${randomUUID()}`,
      name,
    });

  /** As time does it. */
  const expire = async (table: "api_keys" | "workspace_invitations", id: string): Promise<void> => {
    await world.db.admin.query(
      `select codex.set_service_context('${world.acme}');
      update codex.${table} set expires_at = now() where id = '${id}'`,
    );
  };

  it("know a person again by issuer and subject", async () => {
    const identity = { issuer: "https://identity.test", subject: randomUUID(), name: "Eve" };
    const { id } = await world.codex.people.ensure(identity);
    expect(await world.codex.people.ensure({ ...identity, name: "Evelyn" })).toEqual({ id });
    await expect(
      world.codex.people.ensure({ ...identity, subject: randomUUID(), timeZone: "Mars/Olympus" }),
    ).rejects.toMatchObject({ code: "InvalidInput" });
  });

  it("make a workspace, found by its slug and by its member", async () => {
    const { codex, ada, bob } = world;
    const owner = await person("Olga");
    const slug = `w-${randomUUID()}`;
    const made = await codex.workspaces.create({ name: "Wonder", slug, ownerId: owner.id });
    expect(made).toMatchObject({ name: "Wonder", plan: "ascent", timeZone: "UTC", version: 1 });
    expect(await codex.workspaces.bySlug(slug)).toEqual({ id: made.id });
    expect(await codex.workspaces.get(made.id, { userId: owner.id })).toEqual(made);
    expect(await codex.workspaces.forUser(owner.id)).toEqual([
      { workspaceId: made.id, name: "Wonder", slug, role: "owner" },
    ]);
    await expect(codex.workspaces.get(made.id, bob)).rejects.toMatchObject({ code: "Forbidden" });
    for (const none of ["no-such-slug-at-all", " "])
      await expect(codex.workspaces.bySlug(none)).rejects.toMatchObject({ code: "NotFound" });
    await expect(
      codex.workspaces.create({ name: "X", slug: "Big Slug", ownerId: owner.id }),
    ).rejects.toMatchObject({ message: "slug: is not 1 to 63 small letters, digits and - within" });
    await expect(
      codex.workspaces.create({ name: "Again", slug, ownerId: ada.userId }),
    ).rejects.toMatchObject({ code: "Conflict", entity: "slug", field: "slug" });
    await expect(
      codex.workspaces.create({ name: "X", slug: `x-${randomUUID()}`, ownerId: randomUUID() }),
    ).rejects.toMatchObject({ code: "NotFound" });
  });

  it("invite a member, once", async () => {
    const { codex, acme, ada, cleo } = world;
    const guest = await person("Gus");
    const input = { email: "gus@example.org", role: "analyst" } as const;
    await expect(
      codex.workspaces.invite(acme, { ...input, userId: cleo.userId }),
    ).rejects.toMatchObject({ code: "Forbidden" });
    const { token } = await codex.workspaces.invite(acme, { ...input, userId: ada.userId });
    expect(await codex.workspaces.acceptInvitation(token, { userId: guest.id })).toMatchObject({
      id: acme,
    });
    // Sent again, it is done; for somebody else it is used.
    expect(await codex.workspaces.acceptInvitation(token, { userId: guest.id })).toMatchObject({
      id: acme,
    });
    const other = await person("Other");
    await expect(
      codex.workspaces.acceptInvitation(token, { userId: other.id }),
    ).rejects.toMatchObject({ code: "NotFound" });
    for (const bad of ["", "x", `${acme}.${"a".repeat(42)}`, `${randomUUID()}.${"a".repeat(43)}`])
      await expect(
        codex.workspaces.acceptInvitation(bad, { userId: guest.id }),
      ).rejects.toMatchObject({ code: expect.stringMatching("InvalidInput|NotFound") });
    const past = { ...input, expiresAt: new Date(Date.now() - 1000), userId: ada.userId };
    await expect(codex.workspaces.invite(acme, past)).rejects.toMatchObject({
      code: "InvalidInput",
      message: "expiresAt: is past",
    });
    const late = await codex.workspaces.invite(acme, { ...input, userId: ada.userId });
    const again = (email: string) =>
      codex.workspaces.invite(acme, { ...input, email, userId: ada.userId });
    await expect(again(input.email)).rejects.toMatchObject({ code: "Conflict", field: "email" });
    await expire("workspace_invitations", late.id);
    await expect(
      codex.workspaces.acceptInvitation(late.token, { userId: (await person("Late")).id }),
    ).rejects.toMatchObject({ code: "NotFound" });
    // Nobody came in time: the address is free for another, however it is written.
    const { token: fresh } = await again(input.email.toUpperCase());
    await codex.workspaces.acceptInvitation(fresh, { userId: (await person("Late")).id });
  });

  it("list the invitations that are open, page by page, and take one back", async () => {
    const { codex, acme, ada, bob, globex, cleo } = world;
    const { members } = codex.workspaces;
    const domain = `${randomUUID()}.example.org`;
    const invite = (name: string) =>
      codex.workspaces.invite(acme, {
        email: `${name}@${domain}`,
        role: "analyst",
        userId: ada.userId,
      });
    const [anna, bert, carl, dora] = [
      await invite("Anna"),
      await invite("bert"),
      await invite("Carl"),
      await invite("dora"),
    ];
    const open = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const { email } of members.listInvitations(acme, { ...ada, first: 1 }))
        if (email.endsWith(domain)) found.push(email.slice(0, email.indexOf("@")));
      return found;
    };
    expect(await open()).toEqual(["Anna", "bert", "Carl", "dora"]);
    const [first] = (await members.listInvitations(acme, ada)).items;
    expect(Object.keys(first ?? {}).toSorted()).toEqual(
      "createdAt createdBy email expiresAt id revokedAt role version".split(" "),
    );
    expect((await members.listInvitations(acme, cleo)).items).toEqual([]);
    const foreign = await members.listInvitations(globex, bob);
    expect(foreign.items.filter(({ email }) => email.endsWith(domain))).toEqual([]);
    const guest = await person("Bert");
    await codex.workspaces.acceptInvitation(bert.token, { userId: guest.id });
    await expire("workspace_invitations", dora.id);
    expect(await open()).toEqual(["Anna", "Carl"]);

    const revoke = (invitationId: string, actor = ada, workspaceId = acme) =>
      members.revokeInvitation(workspaceId, { invitationId, userId: actor.userId });
    await expect(revoke(anna.id, cleo)).rejects.toMatchObject({
      code: "NotFound",
      entity: "invitation",
    });
    await expect(revoke(anna.id, bob, globex)).rejects.toMatchObject({ code: "NotFound" });
    await expect(revoke(bert.id)).rejects.toMatchObject({
      code: "Conflict",
      entity: "invitation",
      message: "this invitation was accepted: whoever came is a member",
    });
    expect(await open()).toEqual(["Anna", "Carl"]);
    const revoked = await revoke(anna.id);
    expect(revoked).toMatchObject({ id: anna.id, role: "analyst", version: 2 });
    expect(revoked.revokedAt).toBeInstanceOf(Date);
    expect(await revoke(anna.id)).toEqual(revoked);
    await expect(
      codex.workspaces.acceptInvitation(anna.token, { userId: (await person("Anna")).id }),
    ).rejects.toMatchObject({ code: "NotFound" });
    expect(await open()).toEqual(["Carl"]);
    // The address is free for another.
    await invite("anna");
    // Nobody can accept what has expired, and taking it back is no error.
    await revoke(dora.id);
    await revoke(carl.id);
  });

  it("accept an invitation or take it back, whoever comes first, and never both", async () => {
    const { codex, acme, ada } = world;
    const guests = await Promise.all(Array.from({ length: 10 }, async () => person("Racer")));
    for (const guest of guests) {
      const sent = await codex.workspaces.invite(acme, {
        email: `${guest.id}@example.org`,
        userId: ada.userId,
      });
      const [accepted, revoked] = await Promise.allSettled([
        codex.workspaces.acceptInvitation(sent.token, { userId: guest.id }),
        codex.workspaces.members.revokeInvitation(acme, { invitationId: sent.id, ...ada }),
      ]);
      const lost = accepted.status === "rejected" ? accepted : revoked;
      expect([accepted.status, revoked.status].toSorted()).toEqual(["fulfilled", "rejected"]);
      expect(lost).toMatchObject({
        reason: { code: lost === accepted ? "NotFound" : "Conflict" },
      });
      const spaces = await codex.workspaces.forUser(guest.id);
      expect(spaces).toHaveLength(accepted.status === "fulfilled" ? 1 : 0);
    }
  });

  it("list members, change their roles and take them out, but keep an owner", async () => {
    const { codex, acme, ada, vic, cleo } = world;
    const names: string[] = [];
    for await (const { displayName } of codex.workspaces.members.list(acme, { ...vic, first: 2 }))
      names.push(displayName);
    expect(names).toEqual(expect.arrayContaining(["Ada", "Sam", "Cleo", "Vic"]));
    const { members } = codex.workspaces;
    const change = { memberId: vic.userId, role: "analyst" } as const;
    await expect(
      members.changeRole(acme, { ...change, userId: cleo.userId }),
    ).rejects.toMatchObject({ code: "Forbidden" });
    const changed = await members.changeRole(acme, { ...change, userId: ada.userId });
    expect(changed).toMatchObject({ role: "analyst", version: 2 });
    await expect(
      members.changeRole(
        acme,
        { ...change, role: "viewer", userId: ada.userId },
        { expectedVersion: 1 },
      ),
    ).rejects.toMatchObject({ code: "StaleVersion", currentVersion: 2 });
    await expect(
      members.changeRole(acme, { memberId: ada.userId, role: "viewer", userId: ada.userId }),
    ).rejects.toMatchObject({ code: "Conflict" });
    const leaver = await person("Leo");
    const { token } = await codex.workspaces.invite(acme, {
      email: "l@example.org",
      userId: ada.userId,
    });
    await codex.workspaces.acceptInvitation(token, { userId: leaver.id });
    await members.remove(acme, { memberId: leaver.id, userId: ada.userId });
    await expect(
      members.remove(acme, { memberId: leaver.id, userId: ada.userId }),
    ).rejects.toMatchObject({ code: "NotFound" });
  });

  it("that have left keep what is theirs, and are given nothing anew", async () => {
    const { codex, acme, ada } = world;
    const leaver = await person("Lea");
    const invitation = { email: "lea@example.org", role: "creator", userId: ada.userId } as const;
    const join = async (): Promise<void> => {
      const { token } = await codex.workspaces.invite(acme, invitation);
      await codex.workspaces.acceptInvitation(token, { userId: leaver.id });
    };
    await join();
    const theirs = await ada.ws.campaigns.create({ name: "Hers", ownerId: leaver.id });
    const quest = await ada.ws.quests.create(theirs.id, { name: "Hers", assignedTo: leaver.id });
    const other = await ada.ws.campaigns.create({ name: "Another's" });
    // Made by them, and given away.
    const own = await codex
      .workspace(acme, { userId: leaver.id })
      .campaigns.create({ name: "Own" });
    await ada.ws.campaigns.update(own.id, { ownerId: ada.userId });
    await codex.workspaces.members.remove(acme, { memberId: leaver.id, userId: ada.userId });
    const refused = async (work: Promise<unknown>, field: string): Promise<void> => {
      await expect(work).rejects.toMatchObject({ code: "InvalidReference", field });
    };
    await refused(ada.ws.campaigns.create({ name: "New", ownerId: leaver.id }), "ownerId");
    await refused(ada.ws.campaigns.update(other.id, { ownerId: leaver.id }), "ownerId");
    await refused(
      ada.ws.quests.create(theirs.id, { name: "New", assignedTo: leaver.id }),
      "assignedTo",
    );
    const key = { name: "Hers", userId: leaver.id, actingAs: ada.userId };
    await refused(codex.workspaces.apiKeys.create(acme, key), "userId");
    await refused(ada.ws.campaigns.update(own.id, { ownerId: leaver.id }), "ownerId");
    const [made, notMade] = await ada.ws.campaigns.createMany([
      { name: "Mine" },
      { name: "Hers", ownerId: leaver.id },
    ]);
    expect([made?.ok, notMade?.ok]).toEqual([true, false]);
    // What was theirs goes on, and can be saved with them.
    const kept = { name: "Hers still", ownerId: leaver.id };
    expect(await ada.ws.campaigns.update(theirs.id, kept)).toMatchObject(kept);
    const assigned = { name: "Hers still", assignedTo: leaver.id };
    expect(await ada.ws.quests.update(quest.id, assigned)).toMatchObject(assigned);
    await ada.ws.quests.complete(quest.id);
    await join();
    const again = { name: "Hers again", ownerId: leaver.id };
    expect(await ada.ws.campaigns.create(again)).toMatchObject(again);
  });

  it("make API keys, shown once, that act with the lower of both roles until they are revoked", async () => {
    const { codex, acme, ada, cleo } = world;
    const key = await codex.workspaces.apiKeys.create(acme, {
      name: "CI",
      role: "viewer",
      actingAs: ada.userId,
    });
    expect(key.secret).toMatch(/^cdx_[\w-]{22}_[\w-]{43}$/u);
    const { secret, ...stored } = key;
    const listed = await codex.workspaces.apiKeys.list(acme, ada);
    expect(listed.items).toEqual([stored]);
    expect(JSON.stringify(listed)).not.toContain(secret.slice(-43));
    const robot = codex.withApiKey(secret);
    expect(robot.id).toBe(acme);
    await expect(robot.campaigns.list()).resolves.toBeDefined();
    await expect(robot.campaigns.create({ name: "x" })).rejects.toMatchObject({
      code: "Forbidden",
    });
    await expect(
      codex.workspaces.apiKeys.create(acme, { name: "No", actingAs: cleo.userId }),
    ).rejects.toMatchObject({ code: "Forbidden" });
    await codex.workspaces.apiKeys.revoke(acme, { keyId: key.id, ...ada });
    await codex.workspaces.apiKeys.revoke(acme, { keyId: key.id, ...ada });
    await expect(robot.campaigns.list()).rejects.toMatchObject({ code: "Unauthenticated" });
    const past = { name: "Late", expiresAt: new Date(Date.now() - 1000), actingAs: ada.userId };
    await expect(codex.workspaces.apiKeys.create(acme, past)).rejects.toMatchObject({
      code: "InvalidInput",
      message: "expiresAt: is past",
    });
    const scoped = await codex.workspaces.apiKeys.create(acme, {
      name: "Scoped",
      scopes: ["quests:read", "campaigns:*", "quests:read"],
      actingAs: ada.userId,
    });
    expect(scoped.scopes).toEqual(["quests:read", "campaigns:*"]);
    const late = await codex.workspaces.apiKeys.create(acme, {
      name: "Late",
      actingAs: ada.userId,
    });
    await expire("api_keys", late.id);
    await expect(codex.withApiKey(late.secret).campaigns.list()).rejects.toMatchObject({
      code: "Unauthenticated",
    });
    expect(() => codex.withApiKey("cdx_short")).toThrow("unknown, revoked or expired");
    const forged = `${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`;
    await expect(codex.withApiKey(forged).campaigns.list()).rejects.toMatchObject({
      code: "Unauthenticated",
    });
  });

  it("that have left leave no key behind", async () => {
    const { codex, acme, ada } = world;
    const leaver = await person("Leo");
    const invitation = { email: "leo@example.org", role: "creator", userId: ada.userId } as const;
    const join = async (): Promise<void> => {
      const { token } = await codex.workspaces.invite(acme, invitation);
      await codex.workspaces.acceptInvitation(token, { userId: leaver.id });
    };
    await join();
    const mine = { name: "Theirs", userId: leaver.id, actingAs: ada.userId };
    const key = await codex.workspaces.apiKeys.create(acme, mine);
    const robot = codex.withApiKey(key.secret);
    await expect(robot.campaigns.list()).resolves.toBeDefined();
    await codex.workspaces.members.remove(acme, { memberId: leaver.id, userId: ada.userId });
    await join();
    await expect(robot.campaigns.list()).rejects.toMatchObject({ code: "Unauthenticated" });
    const { items } = await codex.workspaces.apiKeys.list(acme, ada);
    expect(items.find(({ id }) => id === key.id)?.revokedAt).toBeInstanceOf(Date);
    // A key that is made from then on is theirs again.
    const anew = await codex.workspaces.apiKeys.create(acme, mine);
    await expect(codex.withApiKey(anew.secret).campaigns.list()).resolves.toBeDefined();
  });

  it("keep the reason of system's work, also where its first transaction was undone, or it read together", async () => {
    const { codex, acme } = world;
    // Whoever shares a server does not see what is kept.
    if (world.db.shared) return;
    const kept = async (reason: string): Promise<number> => {
      const { rows } = await world.db.admin.query<{ n: number }>(
        "select count(*)::integer as n from codex.audit_events where workspace_id = $1 and reason = $2",
        [acme, reason],
      );
      return rows[0]?.n ?? -1;
    };
    const into = (): { reason: string; ws: Workspace } => {
      const reason = randomUUID();
      return { reason, ws: codex.system({ reason }).workspace(acme) };
    };
    const undone = into();
    const boom = new Error("boom");
    const work = undone.ws.transaction(async (tx) => {
      await tx.campaigns.list();
      throw boom;
    });
    await expect(work).rejects.toBe(boom);
    expect(await kept(undone.reason)).toBe(0);
    const options = { idempotencyKey: randomUUID() };
    const missing = undone.ws.campaigns.update(randomUUID(), { name: "x" }, options);
    await expect(missing).rejects.toMatchObject({ code: "NotFound" });
    await undone.ws.transaction(async (tx) => {
      await tx.campaigns.create({ name: "By the system" });
      await tx.campaigns.list();
    });
    await undone.ws.campaigns.create({ name: "Once" }, options);
    await undone.ws.campaigns.list();
    expect(await kept(undone.reason)).toBe(1);
    const together = into();
    await together.ws.together()().campaigns.list();
    await together.ws.campaigns.list();
    expect(await kept(together.reason)).toBe(1);
  });

  it("let system work in with a reason, which is kept, and purge a workspace", async () => {
    const { codex, ada } = world;
    const owner = await person("Pat");
    const slug = `p-${randomUUID()}`;
    const { id } = await codex.workspaces.create({ name: "Purge", slug, ownerId: owner.id });
    const system = codex.system({ reason: "nightly retention" });
    const ws = system.workspace(id);
    await ws.campaigns.create({ name: "By the system" });
    const page = await ws.campaigns.list();
    expect(page.items.map(({ createdBy }) => createdBy)).toEqual([null]);
    if (!world.db.shared) {
      const { rows } = await world.db.admin.query(
        "select action, reason, user_id, database_role from codex.audit_events where workspace_id = $1 and action = 'system'",
        [id],
      );
      expect(rows).toEqual([
        {
          action: "system",
          reason: "nightly retention",
          user_id: null,
          database_role: "codex_worker",
        },
      ]);
    }
    expect(await system.workspaces.purge(id)).toEqual({ id });
    await expect(codex.workspaces.bySlug(slug)).rejects.toMatchObject({ code: "NotFound" });
    await expect(codex.workspace(id, { userId: owner.id }).campaigns.list()).rejects.toMatchObject({
      code: "Forbidden",
    });
    await expect(system.workspaces.purge(id)).rejects.toMatchObject({ code: "Forbidden" });
    expect(() => codex.system({ reason: "" })).toThrow("the input");
    await expect(ada.ws.campaigns.list()).resolves.toBeDefined();
  });
});
