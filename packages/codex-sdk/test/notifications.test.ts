import type { InboxArrival, SendNotificationInput, Workspace } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";
import type { TestWorkspace } from "@codex/sdk/testing";
import fc from "fast-check";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld, open } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
let team: TestWorkspace;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const note = (more: Partial<SendNotificationInput> = {}): SendNotificationInput => ({
  to: [team.viewer.userId],
  type: "message",
  title: "News",
  ...more,
});
const send = async (more: Partial<SendNotificationInput> = {}): Promise<string> =>
  (await team.creator.ws.notifications.send(note(more))).id;
/** Lets the time of a notification pass. */
const expire = async (id: string): Promise<void> => {
  const { rowCount } = await world.db.admin.query(
    "update codex.user_notifications set expires_at = now() - interval '1 second' where id = $1",
    [id],
  );
  expect(rowCount).toBe(1);
};
const titles = async (ws: Workspace, options = {}): Promise<string[]> => {
  const found: string[] = [];
  for await (const { title } of ws.notifications.inbox.list(options)) found.push(title);
  return found;
};

describe("a notification", () => {
  beforeAll(async () => {
    team = await makeTestWorkspace(world.codex);
  });

  it("reaches each member once, says who was skipped and why, and leaves one event", async () => {
    const { viewer, analyst, creator, owner } = team;
    await analyst.ws.preferences.set({ channels: { gossip: [] } });
    const [before] = await eventsOf(owner.ws);
    const sent = await creator.ws.notifications.send(
      note({
        to: [viewer.userId, analyst.userId, viewer.userId, world.bob.userId],
        category: "gossip",
        body: "B",
        actionUrl: "https://example.org/x",
      }),
    );
    expect(sent).toMatchObject({ accepted: 1, announced: false });
    expect(sent.skipped.toSorted((a, b) => a.reason.localeCompare(b.reason))).toEqual([
      { userId: world.bob.userId, reason: "not_a_member" },
      { userId: analyst.userId, reason: "opted_out" },
    ]);
    const { items } = await viewer.ws.notifications.inbox.list();
    expect(items[0]).toMatchObject({
      kind: "notification",
      id: sent.id,
      category: "gossip",
      priority: "normal",
      body: "B",
      isRead: false,
      actionUrl: "https://example.org/x",
    });
    const events = await eventsOf(owner.ws, before?.number ?? 0);
    expect(events.map(({ type, entityId }) => [type, entityId])).toEqual([
      ["notification.created", sent.id],
    ]);
    expect(events[0]?.payload).toMatchObject({ recipients: 1 });
  });

  it("is refused where it has expired already, to one and to all, and nobody is told", async () => {
    const expiresAt = new Date(Date.now() - 1_000);
    const everyone = "everyone" as const;
    for (const to of [[team.viewer.userId], everyone])
      await expect(
        team.creator.ws.notifications.send(note({ title: "late", to, expiresAt })),
      ).rejects.toMatchObject({ code: "InvalidInput", issues: [{ path: ["expiresAt"] }] });
    expect(await titles(team.viewer.ws)).not.toContain("late");
  });

  it("is seen by its person alone", async () => {
    const id = await send();
    expect(await titles(team.owner.ws)).not.toContain("News");
    const { inbox } = team.owner.ws.notifications;
    await expect(inbox.mark([id], "read")).rejects.toMatchObject({ code: "NotFound" });
    await expect(inbox.snooze(id, { until: null })).rejects.toMatchObject({ code: "NotFound" });
    const { asOf } = await team.viewer.ws.notifications.inbox.counts();
    expect(await inbox.markAllRead({ upTo: asOf })).toMatchObject({ changed: 0 });
    expect(await titles(team.viewer.ws, { filter: { status: "unread" } })).toContain("News");
  });

  it("is for people: an agent has no inbox, and is told so", async () => {
    const { rows } = await world.db.admin.query<{ id: string }>(
      `insert into codex.agent_registry (name, guild, agent_type)
       values ($1, 'council_of_lords', 'lord') returning id`,
      [randomUUID()],
    );
    const agentId = rows[0]?.id ?? "";
    const input = { name: "Agent", agentId, actingAs: team.owner.userId, role: "creator" } as const;
    const { secret } = await world.codex.workspaces.apiKeys.create(team.id, input);
    const ws = world.codex.withApiKey(secret);
    for (const call of [
      async () => ws.notifications.inbox.list(),
      () => ws.notifications.inbox.counts(),
      () => ws.notifications.inbox.mark([randomUUID()], "read"),
      () => ws.notifications.inbox.subscribe({ after: 0 }).next(),
      () => ws.preferences.get(),
      () => ws.preferences.set({ digest: "off" }),
    ])
      await expect(call()).rejects.toMatchObject({ code: "Forbidden" });
    expect(await ws.notifications.send(note())).toMatchObject({ accepted: 1 });
  });

  it("is refused when it makes no sense, and then nobody has it", async () => {
    const before = await team.viewer.ws.notifications.inbox.counts();
    const bad: [Partial<SendNotificationInput> | { to: unknown }, string][] = [
      [{ to: [] }, "InvalidInput"],
      [{ to: ["x"] }, "InvalidInput"],
      [{ to: "nobody" }, "InvalidInput"],
      [{ to: Array.from({ length: 10_001 }, () => randomUUID()) }, "InvalidInput"],
      [{ title: "" }, "InvalidInput"],
      [{ category: "Big News" }, "InvalidInput"],
      [{ actionUrl: "javascript:alert(1)" }, "InvalidInput"],
      [{ actionUrl: "//elsewhere.test" }, "InvalidInput"],
      [{ channel: "slack" }, "InvalidInput"],
      [{ channel: "sms" }, "InvalidInput"],
      [{ channel: "push" }, "InvalidInput"],
      [{ campaignId: randomUUID() }, "InvalidReference"],
      [{ alertId: randomUUID() }, "InvalidReference"],
    ];
    for (const [more, code] of bad)
      await expect(
        team.creator.ws.notifications.send(note(more as Partial<SendNotificationInput>)),
        JSON.stringify(more).slice(0, 80),
      ).rejects.toMatchObject({ code });
    await expect(team.analyst.ws.notifications.send(note())).rejects.toMatchObject({
      code: "Forbidden",
    });
    await expect(
      team.creator.ws.notifications.send(note({ channel: "slack" })),
    ).rejects.toMatchObject({
      message: "channel: the channel slack has no sender yet: use in_app or email",
      issues: [{ path: ["channel"] }],
    });
    const channels = { default: ["email", "push"] as const };
    await expect(
      team.viewer.ws.preferences.set({ channels: { default: [...channels.default] } }),
    ).rejects.toMatchObject({
      message: "channels: the channel push has no sender yet: use in_app or email",
      issues: [{ path: ["channels"] }],
    });
    expect((await team.viewer.ws.notifications.inbox.counts()).unread).toBe(before.unread);
  });

  it("is there once when 20 clients send it with the same idempotency key", async () => {
    const idempotencyKey = randomUUID();
    const title = `Once ${idempotencyKey}`;
    const sendOnce = async (): Promise<string> => {
      for (;;) {
        try {
          return (await team.creator.ws.notifications.send(note({ title }), { idempotencyKey })).id;
        } catch (error) {
          expect(error).toMatchObject({ code: "InProgress" });
          await sleep(10);
        }
      }
    };
    const ids = await Promise.all(Array.from({ length: 20 }, sendOnce));
    expect(new Set(ids).size).toBe(1);
    expect((await titles(team.viewer.ws)).filter((one) => one === title)).toHaveLength(1);
  });

  it("is there once when 20 clients send it under the same dedup key", async () => {
    const dedupKey = randomUUID();
    const sent = await Promise.all(
      Array.from({ length: 20 }, () =>
        team.creator.ws.notifications.send(note({ title: dedupKey, dedupKey })),
      ),
    );
    expect(sent.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1);
    expect(sent.flatMap(({ skipped }) => skipped.map(({ reason }) => reason))).toEqual(
      Array.from({ length: 19 }, () => "already_sent"),
    );
    expect((await titles(team.viewer.ws)).filter((title) => title === dedupKey)).toHaveLength(1);
  });
});

describe("the inbox", () => {
  beforeAll(async () => {
    team = await makeTestWorkspace(world.codex);
  });

  it("is listed newest first or most pressing first, page by page, with its counts", async () => {
    const { inbox } = team.viewer.ws.notifications;
    for (const priority of ["low", "urgent", "normal", "high"] as const)
      await send({ title: priority, priority, category: priority === "low" ? "gossip" : "work" });
    expect(await titles(team.viewer.ws, { first: 1 })).toEqual(["high", "normal", "urgent", "low"]);
    const unread = { filter: { status: "unread" }, sort: "priority", first: 2 } as const;
    expect(await titles(team.viewer.ws, unread)).toEqual(["urgent", "high", "normal", "low"]);
    expect((await inbox.list({ first: 1 })).counts).toMatchObject({
      unread: 4,
      isCapped: false,
      byCategory: { gossip: 1, work: 3 },
    });
    expect(await titles(team.viewer.ws, { filter: { category: "gossip" } })).toEqual(["low"]);
    expect(() => inbox.list({ sort: "priority" })).toThrow("sort");
    const { nextCursor } = await inbox.list({ first: 1 });
    await expect(
      (async () => inbox.list({ ...unread, after: nextCursor }))(),
    ).rejects.toMatchObject({ code: "InvalidInput" });
  });

  it("leaves out what is archived, snoozed or expired", async () => {
    const { inbox } = team.viewer.ws.notifications;
    const [kept, put, late, over] = [
      await send({ title: "kept" }),
      await send({ title: "put away" }),
      await send({ title: "later" }),
      await send({ title: "over", expiresAt: new Date(Date.now() + 60_000) }),
    ];
    await expire(over);
    await inbox.mark([put], "archived");
    const snoozed = await inbox.snooze(late, { until: new Date(Date.now() + 60_000) });
    expect(snoozed.item).toMatchObject({ id: late, isRead: false });
    const shown = (await inbox.list()).items.map(({ id }) => id);
    expect(shown).toContain(kept);
    for (const id of [put, late, over]) expect(shown).not.toContain(id);
    expect(await titles(team.viewer.ws, { filter: { status: "archived" } })).toEqual(["put away"]);
    expect(await titles(team.viewer.ws, { filter: { status: "snoozed" } })).toEqual(["later"]);
    const back = await inbox.snooze(late, { until: null });
    expect(back.counts.unread).toBe(snoozed.counts.unread + 1);
    await expect(inbox.snooze(put, { until: null })).rejects.toMatchObject({ code: "NotFound" });
    for (const until of [new Date(Date.now() - 1_000), new Date("2999-01-01")])
      await expect(inbox.snooze(kept, { until })).rejects.toMatchObject({ code: "InvalidInput" });
  });

  it("shows what was snoozed as unread when its time has come, also what was read before", async () => {
    const { inbox } = team.viewer.ws.notifications;
    const id = await send({ title: "again" });
    await inbox.mark([id], "read");
    const { counts } = await inbox.snooze(id, { until: new Date(Date.now() + 300) });
    await expect.poll(async () => (await inbox.counts()).unread).toBe(counts.unread + 1);
  });

  it("marks all of them or none, and counts what changed", async () => {
    const { inbox } = team.viewer.ws.notifications;
    const [one, two] = [await send(), await send()];
    const { unread } = await inbox.counts();
    await expect(inbox.mark([one, randomUUID()], "read")).rejects.toMatchObject({
      code: "NotFound",
    });
    expect((await inbox.counts()).unread).toBe(unread);
    expect(await inbox.mark([one, two, one], "read")).toMatchObject({
      changed: 2,
      counts: { unread: unread - 2 },
    });
    expect(await inbox.mark([one], "read")).toMatchObject({ changed: 0 });
    expect(await inbox.mark([one], "unread")).toMatchObject({
      changed: 1,
      counts: { unread: unread - 1 },
    });
    await expect(inbox.mark([], "read")).rejects.toMatchObject({ code: "InvalidInput" });
    await expect(inbox.mark([one], "seen" as "read")).rejects.toMatchObject({
      code: "InvalidInput",
    });
  });

  it("marks all read up to what was seen; what commits later stays, though it began before", async () => {
    const { inbox } = team.viewer.ws.notifications;
    const slow = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const late = team.creator.ws.transaction(async (tx) => {
      await tx.notifications.send(note({ title: "begun before" }));
      begun.resolve();
      await slow.promise;
    });
    await begun.promise;
    await send({ title: "seen" });
    const { asOf: upTo, unread } = (await inbox.list()).counts;
    slow.resolve();
    await late;
    await send({ title: "after" });
    const { changed, counts } = await inbox.markAllRead({ upTo });
    expect(changed).toBe(unread);
    expect(counts.unread).toBe(2);
    expect(await titles(team.viewer.ws, { filter: { status: "unread" } })).toEqual([
      "after",
      "begun before",
    ]);
    expect(await inbox.markAllRead({ upTo })).toMatchObject({ changed: 0 });
    const foreign = (await world.bob.ws.notifications.inbox.counts()).asOf;
    for (const forged of ["x", randomUUID(), foreign, `${upTo.slice(0, -4)}AAAA`])
      await expect(inbox.markAllRead({ upTo: forged })).rejects.toMatchObject({
        code: "InvalidInput",
      });
  });

  const step = fc.oneof(
    fc.record({ do: fc.constant("send" as const), category: fc.constantFrom("a", "b") }),
    fc.record({
      do: fc.constantFrom("read", "unread", "archived", "snooze", "show", "all", "expired"),
      at: fc.nat({ max: 20 }),
    }),
  );
  it("counts what a recomputation counts, after each of up to 15 operations, in 40 histories", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const own = await makeTestWorkspace(world.codex);
        const { inbox } = own.viewer.ws.notifications;
        const ids: string[] = [];
        for (const one of steps) {
          const target = "at" in one ? ids[one.at % Math.max(1, ids.length)] : undefined;
          const to = [own.viewer.userId];
          const expiresAt = one.do === "expired" ? new Date(Date.now() + 60_000) : undefined;
          const fields = { to, type: "message", title: "N", expiresAt } as const;
          let counts;
          if (one.do === "send" || one.do === "expired") {
            const category = "category" in one ? one.category : "c";
            const { id } = await own.creator.ws.notifications.send({ ...fields, category });
            if (one.do === "expired") await expire(id);
            ids.push(id);
          } else if (target !== undefined) {
            const until = one.do === "snooze" ? new Date(Date.now() + 60_000) : null;
            if (one.do === "all") {
              const before = await inbox.counts();
              const marked = await inbox.markAllRead({ upTo: before.asOf });
              expect(marked.changed).toBe(before.unread);
              ({ counts } = marked);
            }
            if (one.do === "snooze" || one.do === "show")
              counts = (await inbox.snooze(target, { until }).catch(() => undefined))?.counts;
            else if (one.do !== "all") ({ counts } = await inbox.mark([target], one.do));
          }
          const expected = await recount(own);
          expect(counts ?? (await inbox.counts())).toMatchObject(expected);
          expect((await inbox.list({ first: 1 })).counts).toMatchObject(expected);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the mark of two who read announcements at once where the further one is", async () => {
    const own = await makeTestWorkspace(world.codex);
    const { inbox } = own.viewer.ws.notifications;
    const client = await world.db.connect();
    await client.query("select set_config('codex.workspace_id', $1, false)", [own.id]);
    await client.query(
      `insert into codex.announcements (workspace_id, number, title, created_at)
       select $1, n, 'N', now() + make_interval(days => case n when 1 then -1 else 0 end, secs => n)
       from generate_series(1, 4) as n`,
      [own.id],
    );
    const [fourth, third, second] = (await inbox.list()).items;
    const begun = Promise.withResolvers<void>();
    const slow = Promise.withResolvers<void>();
    const further = own.viewer.ws.transaction(async (tx) => {
      await tx.notifications.inbox.mark([fourth?.id ?? ""], "read");
      begun.resolve();
      await slow.promise;
    });
    await begun.promise;
    const nearer = inbox.mark([third?.id ?? ""], "read");
    await Promise.race([nearer, sleep(300)]);
    slow.resolve();
    await Promise.all([further, nearer]);
    expect((await inbox.counts()).unread).toBe(0);
    // The first was there before they joined.
    expect(await inbox.mark([second?.id ?? ""], "unread")).toMatchObject({
      changed: 3,
      counts: { unread: 3 },
    });
    expect(await inbox.mark([fourth?.id ?? ""], "archived")).toMatchObject({ changed: 3 });
  });

  it("is capped at 1,000 in its counts", async () => {
    const own = await makeTestWorkspace(world.codex);
    await world.db.admin.query(
      `insert into codex.user_notifications (workspace_id, user_id, notification_type, title)
       select $1, $2, 'message', 'N' from generate_series(1, 1001)`,
      [own.id, own.viewer.userId],
    );
    expect(await own.viewer.ws.notifications.inbox.counts()).toMatchObject({
      unread: 1_000,
      isCapped: true,
      byCategory: { general: 1_000 },
    });
  });
});

describe("a subscription to an inbox", () => {
  beforeAll(async () => {
    team = await makeTestWorkspace(world.codex);
  });

  it("gives each of 60 notifications once and in the order of the commits, over breaks and another client", async () => {
    const { viewer, analyst, creator } = team;
    const start = (await viewer.ws.events.ticket()).after;
    const sending = Promise.all(
      Array.from({ length: 6 }, async (_, sender) => {
        for (let at = 0; at < 10; at += 1) {
          await creator.ws.notifications.send(note({ title: `${sender} ${at}` }));
          // Others have arrivals too, and there are other events.
          await creator.ws.notifications.send(note({ to: [analyst.userId], title: "theirs" }));
          await creator.ws.campaigns.create({ name: "C" });
        }
      }),
    );
    const got: InboxArrival[] = [];
    while (got.length < 60) {
      // As after a restart: nothing is known but the number.
      await using codex = open(world.db);
      const { inbox } = codex.workspace(team.id, viewer).notifications;
      const after = got.at(-1)?.number ?? start;
      let taken = 0;
      for await (const arrival of inbox.subscribe({ after, pollMs: 10 })) {
        got.push(arrival);
        taken += 1;
        if (taken === 7 || got.length === 60) break;
      }
    }
    await sending;
    expect(got.map(({ number }) => number)).toEqual(
      got.map(({ number }) => number).toSorted((a, b) => a - b),
    );
    const seen = got.map(({ item }) => item.title);
    expect(new Set(seen).size).toBe(60);
    for (let sender = 0; sender < 6; sender += 1)
      expect(seen.filter((title) => title.startsWith(`${sender} `))).toEqual(
        Array.from({ length: 10 }, (_, at) => `${sender} ${at}`),
      );
    const stopping = new AbortController();
    const last = got.at(-1)?.number ?? 0;
    const rest = viewer.ws.notifications.inbox.subscribe({
      after: last,
      pollMs: 10,
      signal: stopping.signal,
    });
    const next = rest.next();
    await sleep(100);
    stopping.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("begins with what comes, and tells whoever comes too late", async () => {
    const { viewer } = team;
    const arriving = viewer.ws.notifications.inbox.subscribe({ pollMs: 10 }).next();
    await sleep(100);
    const id = await send({ title: "fresh" });
    expect((await arriving).value).toMatchObject({ item: { id, title: "fresh" } });
    await world.db.admin.query(
      "update codex.event_counters set pruned_through = last_number where workspace_id = $1",
      [team.id],
    );
    await expect(
      viewer.ws.notifications.inbox.subscribe({ after: 0 }).next(),
    ).rejects.toMatchObject({ code: "NotFound", entity: "event" });
    // In a database that was restored it would wait, and what has lower numbers would be left out.
    await expect(
      viewer.ws.notifications.inbox.subscribe({ after: 1_000_000 }).next(),
    ).rejects.toMatchObject({ code: "InvalidInput", issues: [{ path: ["after"] }] });
  });
});

describe("an announcement to 10,001 members", () => {
  beforeAll(async () => {
    team = await makeTestWorkspace(world.codex);
    const client = await world.db.connect();
    await client.query("select set_config('codex.workspace_id', $1, false)", [team.id]);
    await client.query(
      `with people as (
         insert into codex.user_profiles (issuer, subject)
         select 'https://many.test', $1 || n from generate_series(1, 9996) as n returning id
       )
       insert into codex.user_workspaces (workspace_id, user_id, role)
       select $1::uuid, id, 'viewer' from people`,
      [team.id],
    );
  });

  it("is one row, and each has a mark of their own", async () => {
    const { viewer, analyst, creator } = team;
    const everyone = (title: string): ReturnType<typeof creator.ws.notifications.send> =>
      creator.ws.notifications.send(note({ to: "everyone", title }));
    const first = await everyone("first");
    expect(first).toMatchObject({ accepted: 10_001, announced: true, skipped: [] });
    const second = await everyone("second");
    await send({ title: "mine" });
    const third = await everyone("third");
    const { inbox } = viewer.ws.notifications;
    expect(await titles(viewer.ws, { first: 1 })).toEqual(["third", "mine", "second", "first"]);
    expect((await inbox.counts()).unread).toBe(4);
    expect((await inbox.mark([second.id], "read")).counts.unread).toBe(2);
    expect(await titles(viewer.ws, { filter: { status: "unread" } })).toEqual(["third", "mine"]);
    expect((await inbox.mark([first.id], "unread")).counts.unread).toBe(4);
    const { asOf } = await inbox.counts();
    await everyone("fourth");
    expect((await inbox.markAllRead({ upTo: asOf })).counts.unread).toBe(1);
    expect(await titles(viewer.ws, { filter: { status: "unread" } })).toEqual(["fourth"]);
    expect(third.announced).toBe(true);
    const { id: campaignId } = await creator.ws.campaigns.create({ name: "C" });
    for (const more of [{ channel: "email" }, { campaignId }] as const)
      await expect(
        creator.ws.notifications.send(note({ to: "everyone", ...more })),
      ).rejects.toMatchObject({ code: "InvalidInput" });
    expect((await analyst.ws.notifications.inbox.counts()).unread).toBe(4);
    const { rows } = await world.db.admin.query(
      `select (select count(*)::integer from codex.announcements where workspace_id = $1) as one,
         (select count(*)::integer from codex.user_notifications where workspace_id = $1) as other`,
      [team.id],
    );
    expect(rows).toEqual([{ one: 4, other: 1 }]);
    await expect(inbox.snooze(first.id, { until: null })).rejects.toMatchObject({
      code: "NotFound",
    });
    const stream = analyst.ws.notifications.inbox.subscribe({ after: 0 });
    const kinds = [await stream.next(), await stream.next(), await stream.next()];
    expect(kinds.map(({ value }) => (value as InboxArrival).item.title)).toEqual([
      "first",
      "second",
      "third",
    ]);
  });

  it("adds nothing under a key that was announced, also when 8 clients send it", async () => {
    const sent = await Promise.all(
      Array.from({ length: 8 }, () =>
        team.creator.ws.notifications.send(note({ to: "everyone", dedupKey: "once" })),
      ),
    );
    expect(sent.map(({ accepted }) => accepted).toSorted((a, b) => a - b)).toEqual([
      ...Array.from({ length: 7 }, () => 0),
      10_001,
    ]);
  });

  it("reaches 10,000 by rows in one statement that leaves one event", async () => {
    const { rows } = await world.db.admin.query<{ id: string }>(
      "select user_id as id from codex.user_workspaces where workspace_id = $1 limit 10000",
      [team.id],
    );
    const [before] = await eventsOf(team.owner.ws);
    const to = rows.map(({ id }) => id);
    expect(await team.creator.ws.notifications.send(note({ to }))).toMatchObject({
      accepted: 10_000,
    });
    expect(await eventsOf(team.owner.ws, before?.number ?? 0)).toHaveLength(1);
  });
});

/** Events after a number; without one, the last there is. */
async function eventsOf(
  ws: Workspace,
  after?: number,
): Promise<{ number: number; type: string; entityId: string | null; payload: object }[]> {
  const { after: head } = await ws.events.ticket();
  if (after === undefined) return [{ number: head, type: "", entityId: null, payload: {} }];
  const found = [];
  if (after === head) return [];
  for await (const event of ws.events.subscribe({ after })) {
    found.push(event);
    if (event.number === head) break;
  }
  return found;
}

/** The counts, in another way: row by row, outside the database's own function. */
async function recount(own: TestWorkspace): Promise<object> {
  const { rows } = await world.db.admin.query<{
    category: string;
    read_at: Date | null;
    archived_at: Date | null;
    snoozed_until: Date | null;
    expires_at: Date | null;
  }>("select * from codex.user_notifications where workspace_id = $1 and user_id = $2", [
    own.id,
    own.viewer.userId,
  ]);
  const shown = rows.filter(
    (row) =>
      row.read_at === null &&
      row.archived_at === null &&
      (row.snoozed_until === null || row.snoozed_until.getTime() <= Date.now()) &&
      (row.expires_at === null || row.expires_at.getTime() > Date.now()),
  );
  const byCategory: Record<string, number> = {};
  for (const { category } of shown) byCategory[category] = (byCategory[category] ?? 0) + 1;
  return { unread: shown.length, isCapped: false, byCategory };
}
