import { makeTestWorkspace } from "@codex/sdk/testing";
import type { TestWorkspace } from "@codex/sdk/testing";
import { cast } from "@codex/testkit";
import type { Service } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeWorld, newAgent } from "./world.ts";
import type { World } from "./world.ts";

interface Claimed {
  readonly id: string;
  readonly fencing_token: string;
  readonly channel: string;
  readonly attempts: number;
  readonly user_id: string | null;
  readonly url: string | null;
  readonly secrets: string[];
  readonly payload: Record<string, unknown> & { notifications?: { id: string; title: string }[] };
}

let world: World;
let service: Service;
let team: TestWorkspace;
beforeAll(async () => {
  world = await makeWorld();
  ({ service } = await cast(world.db));
});
beforeEach(async () => {
  team = await makeTestWorkspace(world.codex);
});
afterAll(() => world[Symbol.asyncDispose]());

const claim = (max = 50, worker = "worker"): Promise<Claimed[]> =>
  service.query<Claimed & Record<string, unknown>>(
    team.id,
    "select * from codex.claim_deliveries($1, $2, $3)",
    [team.id, worker, max],
  );
const complete = (one: Claimed): Promise<unknown> =>
  service.query(team.id, "select codex.complete_delivery($1, $2, $3)", [
    team.id,
    one.id,
    one.fencing_token,
  ]);
const fail = async (one: Claimed, ...more: unknown[]): Promise<{ state: string; in: number }> => {
  const [row] = await service.query<{ state: string; in: number }>(
    team.id,
    `select state, extract(epoch from next_attempt_at - now())::float as in
     from codex.fail_delivery($1, $2, $3, 'HTTP 503'${more.map((_, at) => `, $${at + 4}`).join("")})`,
    [team.id, one.id, one.fencing_token, ...more],
  );
  if (row === undefined) throw new Error("no row");
  return row;
};
const release = async (): Promise<unknown> =>
  (await service.query(team.id, "select * from codex.release_held_deliveries($1)", [team.id]))[0];
const due = (sql = "update codex.notification_deliveries set next_attempt_at = now()") =>
  world.db.admin.query(`${sql} where workspace_id = $1 and state in ('failed', 'sending')`, [
    team.id,
  ]);
const letGo = () =>
  world.db.admin.query(
    `update codex.notification_deliveries set held_until = now() - interval '1 second'
     where workspace_id = $1 and held_until is not null`,
    [team.id],
  );
const mail = async (title = "News", more = {}): Promise<string> => {
  const to = [team.viewer.userId];
  const sent = await team.creator.ws.notifications.send({ to, type: "message", title, ...more });
  return sent.id;
};
const states = async (): Promise<string[]> =>
  (await team.viewer.ws.deliveries.list()).items.map(({ state }) => state).toSorted();
const byMail = { channels: { default: ["email" as const] } };
// Quiet the whole day but for a minute that is long over or far away.
const quietNow = (): { from: string; to: string }[] => {
  const clock = (minutes: number): string =>
    new Date(Date.now() + minutes * 60_000).toISOString().slice(11, 16);
  return [{ from: clock(-60), to: clock(120) }];
};

describe("an e-mail", () => {
  it("is queued for whoever wants it, claimed with what it says, and delivered once", async () => {
    await mail("not wanted");
    await team.viewer.ws.preferences.set(byMail);
    const id = await mail("wanted", { actionUrl: "https://example.org" });
    const [one, ...others] = await claim();
    expect(others).toEqual([]);
    expect(one).toMatchObject({ channel: "email", attempts: 1, user_id: team.viewer.userId });
    expect(one?.payload.notifications).toMatchObject([
      { id, title: "wanted", actionUrl: "https://example.org" },
    ]);
    expect(await claim()).toEqual([]);
    await complete(one as Claimed);
    await expect(complete(one as Claimed)).rejects.toMatchObject({ code: "KX012" });
    expect(await states()).toEqual(["delivered"]);
    expect((await team.owner.ws.deliveries.list()).items).toEqual([]);
  });

  it("is tried again later and later, then dead, and sent again under its id", async () => {
    await team.viewer.ws.preferences.set(byMail);
    await mail();
    const waits: number[] = [];
    let id = "";
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      const [one] = await claim();
      if (one === undefined) throw new Error(`nothing to claim in attempt ${attempt}`);
      id = one.id;
      const { state, in: seconds } = await fail(one);
      expect(state).toBe(attempt < 10 ? "failed" : "dead");
      if (attempt < 10) waits.push(seconds);
      await due();
    }
    const delays = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for (const [at, seconds] of waits.entries()) {
      expect(seconds).toBeGreaterThanOrEqual((delays[at] ?? 0) * 0.8 - 1);
      expect(seconds).toBeLessThanOrEqual((delays[at] ?? 0) * 1.2 + 1);
    }
    const [dead] = (await team.viewer.ws.deliveries.list({ filter: { state: "dead" } })).items;
    expect(dead).toMatchObject({ id, attempts: 10, lastError: "HTTP 503" });
    expect(await team.viewer.ws.deliveries.redeliver(id)).toMatchObject({ id, state: "pending" });
    expect(await team.viewer.ws.deliveries.redeliver(id)).toMatchObject({ id, state: "pending" });
    expect(await claim()).toMatchObject([{ id, attempts: 1 }]);
    for (const other of [team.owner.ws, world.bob.ws])
      await expect(other.deliveries.redeliver(id)).rejects.toMatchObject({ code: "NotFound" });
  });

  it("waits for a worker that has a sender, holds up nothing behind it, and is dropped after a week", async () => {
    const { viewer, analyst, creator } = team;
    for (const { ws } of [viewer, analyst]) await ws.preferences.set(byMail);
    for (const title of ["one", "two", "three"]) await mail(title);
    const to = [analyst.userId];
    await creator.ws.notifications.send({ to, type: "message", title: "behind" });
    await world.codex.workspaces.members.remove(team.id, {
      memberId: analyst.userId,
      userId: team.owner.userId,
    });
    const without = (channels: readonly string[] | null): Promise<Claimed[]> =>
      service.query<Claimed & Record<string, unknown>>(
        team.id,
        "select * from codex.claim_deliveries($1, 'worker', 2, 60000, $2)",
        [team.id, channels],
      );
    expect(await without(["email"])).toEqual([]);
    expect(await states()).toEqual(["pending", "pending", "pending"]);
    const of = async (userId: string): Promise<unknown[]> =>
      service.query(
        team.id,
        `select state, attempts, last_error from codex.notification_deliveries
         where workspace_id = $1 and user_id = $2 order by created_at, id`,
        [team.id, userId],
      );
    // Nobody could have sent it: whoever can, ends it.
    expect(await of(analyst.userId)).toMatchObject([{ state: "pending" }]);
    await world.db.admin.query(
      `update codex.notification_deliveries set next_attempt_at = now() - interval '8 days'
       where workspace_id = $1 and user_id = $2 and id = (
         select id from codex.notification_deliveries
         where workspace_id = $1 and user_id = $2 order by created_at, id limit 1)`,
      [team.id, viewer.userId],
    );
    expect(await without(["email"])).toEqual([]);
    expect((await of(viewer.userId))[0]).toMatchObject({ last_error: "it waited for a week" });
    expect(await without(null)).toHaveLength(2);
    await without(null);
    expect(await of(analyst.userId)).toMatchObject([
      { state: "dropped", last_error: "no longer a member" },
    ]);
    expect(await of(viewer.userId)).toMatchObject([
      { state: "dropped", attempts: 0, last_error: "it waited for a week" },
      { state: "sending", attempts: 1 },
      { state: "sending", attempts: 1 },
    ]);
  });

  it("costs a worker without a sender nothing, however many wait, and is no work for it", async () => {
    const hasWork = async (without: readonly "email"[]): Promise<boolean> => {
      const system = world.codex.system({ reason: "test" });
      const page = { after: idBefore(team.id), limit: 1, without };
      return (await system.workspacesWithWork("deliveries", page)).includes(team.id);
    };
    await team.viewer.ws.preferences.set(byMail);
    await mail("one");
    expect([await hasWork([]), await hasWork(["email"])]).toEqual([true, false]);
    const client = await world.db.connect();
    await client.query("set session_replication_role = replica");
    await client.query(
      `insert into codex.notification_deliveries
         (workspace_id, channel, user_id, notification_id, dedup_key, next_attempt_at)
       select workspace_id, channel, user_id, notification_id, 'copy ' || n, next_attempt_at
       from codex.notification_deliveries, generate_series(1, 3000) as n where workspace_id = $1`,
      [team.id],
    );
    await client.query("set session_replication_role = origin");
    await client.query("analyze codex.notification_deliveries");
    const pagesOf = async (without: readonly string[]): Promise<number> => {
      const [row] = await service.query<{ "QUERY PLAN": [{ Plan: Record<string, number> }] }>(
        team.id,
        `explain (analyze, buffers, format json)
           select * from codex.claim_deliveries($1, 'worker', 5, 60000, $2)`,
        [team.id, without],
      );
      return row?.["QUERY PLAN"][0].Plan["Shared Hit Blocks"] ?? 0;
    };
    await pagesOf(["email"]);
    expect(await pagesOf(["email"])).toBeLessThan(300);
    // One that takes five looks at five.
    await pagesOf([]);
    expect(await pagesOf([])).toBeLessThan(1_500);
    await client.query(
      `update codex.notification_deliveries set next_attempt_at = now() - interval '8 days'
       where workspace_id = $1 and dedup_key = 'copy 2999' and attempts = 0`,
      [team.id],
    );
    expect(await hasWork(["email"])).toBe(true);
    await pagesOf(["email"]);
    expect(await hasWork(["email"])).toBe(false);
  });

  it("waits as long as the receiver asks, and is dead at once when another try is no use", async () => {
    await team.viewer.ws.preferences.set(byMail);
    await mail();
    await mail();
    const [one, two] = (await claim()) as [Claimed, Claimed];
    const { in: seconds } = await fail(one, true, 3_600_000);
    expect(seconds).toBe(3_600);
    expect(await fail(two, false)).toMatchObject({ state: "dead" });
  });

  it("is claimed anew after its worker fell silent, and the old token changes nothing", async () => {
    await team.viewer.ws.preferences.set(byMail);
    await mail();
    const [old] = (await claim()) as [Claimed];
    await due();
    const [again] = (await claim()) as [Claimed];
    expect(again).toMatchObject({ id: old.id, attempts: 2 });
    await expect(complete(old)).rejects.toMatchObject({ code: "KX012" });
    await expect(fail(old)).rejects.toMatchObject({ code: "KX012" });
    expect(await states()).toEqual(["sending"]);
    await complete(again);
    expect(await states()).toEqual(["delivered"]);
  });

  it("is not sent to whoever has left, though it was queued or tried before, nor for ever to silence", async () => {
    const { viewer, analyst } = team;
    for (const { ws } of [viewer, analyst])
      await ws.preferences.set({ ...byMail, quietHours: quietNow(), timeZone: "UTC" });
    for (const title of ["one", "two"]) await mail(title);
    const to = [analyst.userId];
    await team.creator.ws.notifications.send({ to, type: "message", title: "stays" });
    for (const { ws } of [viewer, analyst]) await ws.preferences.set({ quietHours: [] });
    await letGo();
    expect(await release()).toMatchObject({ released: 2, digested: 1 });
    await mail("three");
    const [digest, ...others] = await claim();
    expect(digest?.payload.notifications).toHaveLength(2);
    for (const one of others) await fail(one);
    await world.codex.workspaces.members.remove(team.id, {
      memberId: viewer.userId,
      userId: team.owner.userId,
    });
    await due();
    const [next, ...rest] = await claim();
    expect(rest).toEqual([]);
    expect(next?.payload.notifications).toMatchObject([{ title: "stays" }]);
    const ended = async (userId: string): Promise<unknown[]> =>
      service.query(
        team.id,
        `select state, last_error from codex.notification_deliveries
         where workspace_id = $1 and user_id = $2 order by created_at, id`,
        [team.id, userId],
      );
    const gone = { state: "dropped", last_error: "no longer a member" };
    expect(await ended(viewer.userId)).toEqual([gone, gone, gone]);
    for (let attempt = 3; attempt <= 10; attempt += 1) {
      await due();
      expect(await claim()).toMatchObject([{ attempts: attempt }]);
    }
    await due();
    expect(await claim()).toEqual([]);
    expect(await ended(analyst.userId)).toEqual([
      { state: "dead", last_error: "the worker fell silent" },
    ]);
  });

  it("is claimed by one of 8 workers, each of 400 once", async () => {
    await service.query(
      team.id,
      `insert into codex.notification_deliveries (workspace_id, channel, user_id, dedup_key)
       select $1, 'email', $2, 'test ' || n from generate_series(1, 400) as n`,
      [team.id, team.viewer.userId],
    );
    const claimed = await Promise.all(
      Array.from({ length: 8 }, async (_, worker) => {
        const mine: string[] = [];
        for (;;) {
          const some = await claim(7, `worker ${worker}`);
          if (some.length === 0) return mine;
          mine.push(...some.map(({ id }) => id));
        }
      }),
    );
    expect(claimed.flat()).toHaveLength(400);
    expect(new Set(claimed.flat()).size).toBe(400);
  });
});

describe("quiet hours", () => {
  it("are previewed for as long as what they lead to is a moment of the calendar", async () => {
    const { preferences } = team.viewer.ws;
    const quietHours = [{ from: "00:00", to: "23:59" }];
    await preferences.set({ timeZone: "UTC", quietHours, digest: "daily" });
    const last = { category: "general", at: new Date("9998-12-31T23:58Z") };
    expect((await preferences.preview(last)).deliverAt).toEqual(new Date("9999-01-01T23:59Z"));
    await expect(
      preferences.preview({ ...last, at: new Date("9999-12-31T12:00Z") }),
    ).rejects.toMatchObject({
      code: "InvalidInput",
      issues: [{ path: ["at"], message: "is not before the year 9999" }],
    });
  });

  it("hold e-mail and not the inbox; preview says the same; urgent and critical pass", async () => {
    const { viewer } = team;
    const quietHours = quietNow();
    await viewer.ws.preferences.set({ ...byMail, quietHours, timeZone: "UTC" });
    const at = new Date();
    const preview = await viewer.ws.preferences.preview({ category: "general", at });
    expect(preview.channels).toEqual(["in_app", "email"]);
    expect(preview.deliverAt.toISOString().slice(11, 16)).toBe(quietHours[0]?.to);
    await mail("held");
    expect((await viewer.ws.notifications.inbox.list()).items).toMatchObject([{ title: "held" }]);
    expect(await claim()).toEqual([]);
    const [held] = (await viewer.ws.deliveries.list()).items;
    expect(held?.heldUntil).toEqual(preview.deliverAt);
    for (const [category, priority] of [
      ["general", "urgent"],
      ["critical", "normal"],
    ] as const) {
      const now = await viewer.ws.preferences.preview({ category, at, priority });
      expect(now.deliverAt).toEqual(at);
      await mail(`${category} ${priority}`, { category, priority });
    }
    const passed = await claim();
    expect(passed.flatMap(({ payload }) => payload.notifications?.map((n) => n.title))).toEqual([
      "general urgent",
      "critical normal",
    ]);
  });

  it("are refused where they leave no moment of the week, and for more categories than there are", async () => {
    const { preferences } = team.viewer.ws;
    const halves = [
      { from: "00:00", to: "12:00" },
      { from: "12:00", to: "00:00" },
    ];
    await expect(preferences.set({ quietHours: halves })).rejects.toMatchObject({
      code: "InvalidInput",
      message: "quietHours: leave no moment of the week",
    });
    await expect(
      preferences.set({ quietHours: [{ from: "22:00", to: "22:00" }] }),
    ).rejects.toMatchObject({ message: "quietHours.0.to: is when it begins" });
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`kind_${at}`, []]));
    await expect(preferences.set({ channels: many })).rejects.toMatchObject({
      message: "channels: has more than 100 categories",
    });
  });

  it("let many go as one digest, without what was read, has expired or is not wanted any more", async () => {
    const { viewer, analyst } = team;
    for (const { ws } of [viewer, analyst])
      await ws.preferences.set({ ...byMail, quietHours: quietNow(), timeZone: "UTC" });
    const read = await mail("read");
    await mail("one");
    await mail("expired", { expiresAt: new Date(Date.now() + 50) });
    await mail("two");
    await mail("unwanted", { category: "gossip" });
    await mail("unwanted too", { category: "rumour", channel: "email" });
    await mail("three");
    await team.creator.ws.notifications.send({
      to: [analyst.userId],
      type: "message",
      title: "alone",
    });
    await viewer.ws.notifications.inbox.mark([read], "read");
    await sleep(60);
    expect(await release()).toMatchObject({ released: 0, held_again: 0, dropped: 0 });
    await letGo();
    // Still quiet by the preferences as they are now.
    expect(await release()).toMatchObject({ released: 0, digested: 0, held_again: 6, dropped: 2 });
    await viewer.ws.preferences.set({
      quietHours: [],
      channels: { default: ["email"], gossip: ["in_app"], rumour: [] },
    });
    await analyst.ws.preferences.set({ quietHours: [] });
    await letGo();
    expect(await release()).toEqual({ released: 2, digested: 2, held_again: 0, dropped: 2 });
    const reasons = (await viewer.ws.deliveries.list({ filter: { state: "dropped" } })).items;
    expect(reasons.map(({ lastError }) => lastError ?? "").toSorted()).toEqual([
      "expired",
      "no longer wanted",
      "no longer wanted",
      "read elsewhere",
    ]);
    const claimed = await claim();
    expect(claimed.map(({ payload }) => payload.notifications?.map((n) => n.title))).toEqual([
      ["one", "two", "three"],
      ["alone"],
    ]);
    const [part] = (await viewer.ws.deliveries.list({ filter: { state: "digested" } })).items;
    await expect(viewer.ws.deliveries.redeliver(part?.id ?? "")).rejects.toMatchObject({
      code: "Conflict",
    });
    // What leaves within another stays for as long as that one does.
    const later = [team.id, new Date(Date.now() + 60_000)];
    expect(
      await service.query(
        team.id,
        "select deliveries from codex.prune_notifications($1, $2)",
        later,
      ),
    ).toEqual([{ deliveries: "4" }]);
    for (const one of claimed) await complete(one);
    expect(await states()).toEqual(["delivered", "delivered", "delivered"]);
  });

  it("are refused when they make no sense, and then nothing is set", async () => {
    const { preferences } = team.viewer.ws;
    // Named, and not repeated: what was sent stays with whoever sent it.
    await expect(preferences.set({ timeZone: "Mars/Olympus" })).rejects.toMatchObject({
      code: "InvalidInput",
      issues: [{ path: ["timeZone"], message: "not an IANA time zone, as Europe/Berlin is" }],
    });
    await preferences.set({ digest: "daily", timeZone: "Asia/Kathmandu" });
    const before = await preferences.get();
    for (const nothing of [{}, { digest: undefined }])
      await expect(preferences.set(nothing)).rejects.toMatchObject({
        code: "InvalidInput",
        message: "the input: names nothing to set",
      });
    expect(await preferences.get()).toEqual(before);
    const bad: unknown[] = [
      { timeZone: "Mars/Olympus" },
      { timeZone: "+05:45" },
      { quietHours: [{ from: "24:00", to: "07:00" }] },
      { quietHours: [{ from: "07:00", to: "07:00" }] },
      {
        quietHours: [
          { from: "00:00", to: "12:00" },
          { from: "12:00", to: "00:00" },
        ],
      },
      { channels: { default: ["slack"] } },
      { channels: { default: ["sms", "email"] }, digest: "off" },
      { channels: { news: ["push"] } },
      { channels: { news: ["pigeon"] } },
      { channels: { "Big News": ["email"] } },
      { digest: "weekly" },
      { extra: true },
    ];
    for (const input of bad)
      await expect(preferences.set(input as object), JSON.stringify(input)).rejects.toMatchObject({
        code: "InvalidInput",
      });
    expect(await preferences.get()).toEqual(before);
    expect(before).toMatchObject({ digest: "daily", timeZone: "Asia/Kathmandu", quietHours: [] });
    expect(await preferences.set({ timeZone: null })).toMatchObject({
      timeZone: "UTC",
      hasOwnTimeZone: false,
    });
  });

  it("go with a digest: at the full hour, or at 8 in the morning of the person", async () => {
    const { preferences } = team.viewer.ws;
    const deliverAt = async (at: string): Promise<string> =>
      (
        await preferences.preview({ category: "general", at: new Date(at) })
      ).deliverAt.toISOString();
    await preferences.set({ ...byMail, digest: "hourly" });
    expect(await deliverAt("2026-05-01T10:20:00Z")).toBe("2026-05-01T11:00:00.000Z");
    await preferences.set({ timeZone: "Asia/Kathmandu" });
    expect(await deliverAt("2026-05-01T10:20:00Z")).toBe("2026-05-01T11:15:00.000Z");
    await preferences.set({ digest: "daily", timeZone: "America/New_York" });
    expect(await deliverAt("2026-03-07T12:59:00Z")).toBe("2026-03-07T13:00:00.000Z");
    expect(await deliverAt("2026-03-07T13:00:00Z")).toBe("2026-03-08T12:00:00.000Z");
    await preferences.set({ quietHours: [{ from: "20:00", to: "09:30" }] });
    expect(await deliverAt("2026-03-07T13:00:00Z")).toBe("2026-03-08T13:30:00.000Z");
  });
});

describe("a webhook", () => {
  const url = "https://hooks.example.org/codex?x=1";
  const queue = async (limit = 1_000): Promise<number> => {
    const [row] = await service.query<{ count: number }>(
      team.id,
      "select codex.queue_webhook_deliveries($1, $2) as count",
      [team.id, limit],
    );
    return row?.count ?? -1;
  };

  it("shows its secret once, and nobody reads it afterwards", async () => {
    const { webhooks } = team.owner.ws;
    const idempotencyKey = randomUUID();
    const { secret, ...made } = await webhooks.create({ url }, { idempotencyKey });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/u);
    expect((await webhooks.list()).items).toEqual([made]);
    await expect(webhooks.create({ url }, { idempotencyKey })).rejects.toMatchObject({
      code: "Conflict",
    });
    const rotated = await webhooks.rotateSecret(made.id, { overlapHours: 1 });
    expect(rotated.secret).not.toBe(secret);
    await world.codex.workspace(team.id, team.owner).campaigns.create({ name: "C" });
    await queue();
    const [one] = (await claim()) as [Claimed];
    expect(one.secrets).toEqual([rotated.secret, secret]);
    await webhooks.rotateSecret(made.id, { overlapHours: 0 });
    await fail(one);
    await due();
    const [next] = (await claim(1)) as [Claimed];
    expect(next.secrets).toHaveLength(1);
    expect(next.secrets).not.toContain(secret);
    const client = await world.db.begin("codex_app");
    await client.query("select codex.set_context($1, $2)", [team.id, team.owner.userId]);
    await expect(client.query("select secret from codex.webhook_endpoints")).rejects.toMatchObject({
      code: "42501",
    });
    await client.query("rollback");
    client.release();
    for (const { ws } of [team.strategist, team.creator])
      await expect(ws.webhooks.create({ url })).rejects.toMatchObject({ code: "Forbidden" });
    expect((await team.strategist.ws.webhooks.list()).items).toEqual([]);
    await expect(team.strategist.ws.webhooks.disable(made.id)).rejects.toMatchObject({
      code: "Forbidden",
    });
    await expect(world.bob.ws.webhooks.disable(made.id)).rejects.toMatchObject({
      code: "NotFound",
    });
    await expect(world.bob.ws.webhooks.rotateSecret(made.id)).rejects.toMatchObject({
      code: "NotFound",
    });
    const unknown = randomUUID();
    for (const call of [
      () => webhooks.disable(unknown),
      () => webhooks.rotateSecret(unknown),
      () => team.owner.ws.deliveries.redeliver(unknown),
    ])
      await expect(call()).rejects.toMatchObject({ code: "NotFound" });
    for (const overlapHours of [-1, 721, 0.5])
      await expect(webhooks.rotateSecret(made.id, { overlapHours })).rejects.toMatchObject({
        code: "InvalidInput",
      });
  });

  it.each([
    "http://hooks.example.org/",
    "https://localhost/",
    "https://localhost.localdomain.localhost/",
    "https://printer.local/",
    "https://db.internal:8443/",
    "https://127.0.0.1/",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://192.168.1.1:8080/x",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://012.1.1.1/",
    "https://0177.0.0.1/",
    "https://192.0.0.192/",
    "https://198.51.100.7/",
    "https://[2002:7f00:1::]/",
    "https://[2001::7f00:1]/",
    "https://[2001:db8::1]/",
    "https://224.0.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://127.1/",
    "https://[::1]/",
    "https://[fe80::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://user:password@hooks.example.org/",
    "https://hooks.example.org\\@localhost/",
    "https://hooks.example.org/a b",
    "ftp://hooks.example.org/",
    "hooks.example.org",
    "https://",
    "https://hooks.example.org:99999/",
  ])("is not sent to %s", async (bad) => {
    await expect(team.owner.ws.webhooks.create({ url: bad })).rejects.toMatchObject({
      code: "InvalidInput",
    });
  });

  it.each(["https://hooks.example.org", "https://93.184.216.34:8443/x", "https://[2606:4700::1]/"])(
    "may be sent to %s",
    async (good) => {
      expect(await team.owner.ws.webhooks.create({ url: good })).toMatchObject({ url: good });
    },
  );

  it("may go to a private address where the operator says so", async () => {
    const client = await world.db.connect();
    await client.query("select set_config('codex.workspace_id', $1, false)", [team.id]);
    await client.query("select set_config('codex.allow_private_webhooks', 'on', false)");
    const { rowCount } = await client.query(
      `insert into codex.webhook_endpoints (workspace_id, url, secret)
       values ($1, 'http://127.0.0.1:9999/hook', 'whsec_' || repeat('A', 32))`,
      [team.id],
    );
    expect(rowCount).toBe(1);
  });

  it("is not made for events that there are not; the refusal names near ones", async () => {
    const { webhooks } = team.owner.ws;
    for (const type of ["campaign.activated", "campains.*", "campaign", ""])
      await expect(
        webhooks.create({ url, eventTypes: ["campaign.created", type] }),
        type,
      ).rejects.toMatchObject({ code: "InvalidInput" });
    await expect(webhooks.create({ url, eventTypes: ["campain.created"] })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^eventTypes: no event has such a type; near are campaign\.created, /u,
      ),
      issues: [{ path: ["eventTypes"] }],
    });
    expect((await webhooks.list()).items).toEqual([]);
  });

  it("is told of each event that it wants once, from its making on, though 6 queue at once", async () => {
    const { webhooks, campaigns } = team.owner.ws;
    await campaigns.create({ name: "before" });
    const all = await webhooks.create({ url });
    const some = await webhooks.create({ url, eventTypes: ["campaign.created", "cohort.*"] });
    for (let at = 0; at < 20; at += 1) await campaigns.create({ name: `C ${at}` });
    const { id } = await team.owner.ws.cohorts.create({ name: "H" });
    await campaigns.create({ name: "last" });
    for (let at = 0; at < 4; at += 1) await Promise.all(Array.from({ length: 6 }, () => queue(9)));
    expect(await queue()).toBe(0);
    const claimed = await claim(1_000);
    expect(claimed.map((one) => one.url)).toEqual(Array.from({ length: 46 }, () => url));
    const { items } = await team.owner.ws.deliveries.list({
      filter: { endpointId: some.id },
      first: 200,
    });
    expect(items).toHaveLength(22);
    const numbers = (
      await team.owner.ws.deliveries.list({
        filter: { endpointId: all.id },
        first: 200,
      })
    ).items.map(({ eventNumber }) => eventNumber ?? 0);
    // The endpoints themselves: the second one was made after the first had begun.
    expect(numbers).toHaveLength(24);
    expect(new Set(numbers).size).toBe(24);
    expect(claimed.map(({ payload }) => payload)).toContainEqual({
      type: "cohort.created",
      timestamp: expect.stringMatching(/^\d{4}-/u),
      data: expect.objectContaining({ entity: "cohort", entityId: id }),
    });
  });

  it("ends what is on its way when it is disabled, and is not enabled again", async () => {
    const { webhooks, deliveries, campaigns } = team.owner.ws;
    const { id } = await webhooks.create({ url });
    await campaigns.create({ name: "C" });
    await queue();
    const [sending] = (await claim(1)) as [Claimed];
    const disabled = await webhooks.disable(id);
    expect(disabled).toMatchObject({ status: "disabled", disabledReason: "disabled by a member" });
    expect(await webhooks.disable(id)).toEqual(disabled);
    // What was being sent just then is not tried again.
    expect(await fail(sending)).toMatchObject({ state: "failed" });
    await due();
    expect(await claim()).toEqual([]);
    const { items } = await deliveries.list();
    expect(items.map(({ state, lastError }) => [state, lastError])).toEqual([
      ["dropped", "the endpoint was disabled"],
      ["dropped", "the endpoint was disabled"],
    ]);
    await campaigns.create({ name: "D" });
    expect(await queue()).toBe(0);
    await expect(deliveries.redeliver(items[0]?.id ?? "")).rejects.toMatchObject({
      code: "Conflict",
    });
    await expect(webhooks.rotateSecret(id)).rejects.toMatchObject({ code: "NotFound" });
  });

  it("is sent again for owners, and for nobody else: no agent either, though it knows the id", async () => {
    await team.owner.ws.webhooks.create({ url });
    await team.owner.ws.campaigns.create({ name: "C" });
    await queue();
    const sent = await claim();
    for (const one of sent) await complete(one);
    const id = sent[0]?.id ?? "";
    const agentId = await newAgent(world.codex);
    const agent = async (role: "strategist" | "owner") => {
      const input = { name: role, agentId, actingAs: team.owner.userId, role };
      const { secret } = await world.codex.workspaces.apiKeys.create(team.id, input);
      return world.codex.withApiKey(secret).deliveries;
    };
    const state = async () =>
      (await team.owner.ws.deliveries.list()).items.find((one) => one.id === id)?.state;
    for (const deliveries of [team.strategist.ws.deliveries, await agent("strategist")]) {
      await expect(deliveries.redeliver(id)).rejects.toMatchObject({ code: "NotFound" });
      expect(await state()).toBe("delivered");
    }
    expect(await (await agent("owner")).redeliver(id)).toMatchObject({ id, state: "pending" });
  });

  it("says that it missed events that were no longer kept", async () => {
    const { webhooks, campaigns } = team.owner.ws;
    await webhooks.create({ url });
    for (let at = 0; at < 3; at += 1) await campaigns.create({ name: "C" });
    await service.query(team.id, "select codex.number_events($1)", [team.id]);
    await service.query(team.id, "select codex.prune_events($1, now() + interval '1 hour')", [
      team.id,
    ]);
    expect(await queue()).toBe(0);
    const [endpoint] = (await webhooks.list()).items;
    const { after } = await team.owner.ws.events.ticket();
    expect(endpoint).toMatchObject({ missedThrough: after, lastEventNumber: after });
  });
});

describe("the worker", () => {
  const withWork = async (kind: string): Promise<boolean> => {
    const client = await world.db.begin("codex_service");
    try {
      const { rows } = await client.query<{ id: string }>(
        "select codex.workspaces_with_work($1, null, 1000) as id",
        [kind],
      );
      return rows.some(({ id }) => id === team.id);
    } finally {
      await client.query("rollback");
      client.release();
    }
  };

  it("finds the workspaces that have something to do, and no others", async () => {
    const kinds = ["deliveries", "held_deliveries", "webhook_events"];
    for (const kind of kinds) expect(await withWork(kind), kind).toBe(false);
    await team.viewer.ws.preferences.set(byMail);
    await mail();
    expect(await withWork("deliveries")).toBe(true);
    await claim();
    expect(await withWork("deliveries")).toBe(false);
    await team.viewer.ws.preferences.set({ quietHours: quietNow() });
    await mail();
    expect(await withWork("held_deliveries")).toBe(false);
    await letGo();
    expect(await withWork("held_deliveries")).toBe(true);
    await team.owner.ws.webhooks.create({ url: "https://hooks.example.org" });
    expect(await withWork("webhook_events")).toBe(true);
    await service.query(team.id, "select codex.queue_webhook_deliveries($1)", [team.id]);
    expect(await withWork("webhook_events")).toBe(false);
    await expect(withWork("gardening")).rejects.toMatchObject({ code: "KX011" });
  });

  it("removes what is old and was dealt with, as much as it said before, and nothing unread", async () => {
    await team.viewer.ws.preferences.set(byMail);
    const [read, unread] = [await mail("read"), await mail("unread")];
    await team.viewer.ws.notifications.inbox.mark([read], "read");
    for (const one of await claim()) await complete(one);
    const before = new Date(Date.now() + 60_000);
    const args = [team.id, before];
    const [preview] = await service.query(
      team.id,
      "select * from codex.old_notifications($1, $2)",
      args,
    );
    expect(preview).toEqual({ notifications: "1", announcements: "0", deliveries: "2" });
    expect(
      await service.query(team.id, "select * from codex.prune_notifications($1, $2)", args),
    ).toEqual([preview]);
    const { items } = await team.viewer.ws.notifications.inbox.list();
    expect(items.map(({ id }) => id)).toEqual([unread]);
  });
});

/** The id before that one, in the order of ids. */
function idBefore(id: string): string {
  const hex = (BigInt(`0x${id.replaceAll("-", "")}`) - 1n).toString(16).padStart(32, "0");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
}
