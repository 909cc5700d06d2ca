import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Alert, AlertEvent, TriggerAlertInput } from "../src/index.ts";
import { makeWorld } from "./world.ts";
import type { Actor, World } from "./world.ts";

describe("alerts and silences", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const trigger = (input: Partial<TriggerAlertInput> = {}, by: Actor = world.ann) =>
    by.ws.alerts.trigger({ type: "error", severity: "medium", title: "A", ...input });
  const inAnHour = (): Date => new Date(Date.now() + 3_600_000);
  const timeline = async (id: string): Promise<AlertEvent[]> =>
    Array.fromAsync(world.vic.ws.alerts.timeline(id, { first: 2 }));
  const team = (value: string, op: "is" | "starts_with" = "is") =>
    ({ label: "team", op, value }) as const;

  it("are opened, counted and raised in severity under one key", async () => {
    const dedupKey = randomUUID();
    const labels = { team: "ads", region: "eu" };
    const first = await trigger({ dedupKey, labels, source: "pixel", dataPoints: { clicks: 3 } });
    expect(first).toMatchObject({
      outcome: "opened",
      alert: {
        dedupKey,
        status: "active",
        severity: "medium",
        labels,
        source: "pixel",
        occurrences: 1,
        dataPoints: { clicks: 3 },
        suppressedBy: null,
        previousId: null,
        createdBy: world.ann.userId,
        version: 1,
      },
    });
    expect(first).not.toHaveProperty("suppressedBy");
    const again = await trigger({ dedupKey, severity: "low", dataPoints: { clicks: 4 } });
    expect(again).toMatchObject({
      outcome: "updated",
      alert: { id: first.alert.id, severity: "medium", occurrences: 2, version: 1, labels },
    });
    expect(again.alert.dataPoints).toEqual({ clicks: 4 });
    expect((await trigger({ dedupKey, severity: "critical" })).alert).toMatchObject({
      severity: "critical",
      occurrences: 3,
      version: 2,
    });
    expect((await trigger()).alert.dedupKey).toBeNull();
  });

  it("go from active to acknowledged to resolved or dismissed, and no further", async () => {
    const { alerts } = world.ann.ws;
    const dedupKey = randomUUID();
    const { alert } = await trigger({ dedupKey });
    const taken = await alerts.acknowledge(alert.id);
    expect(taken).toMatchObject({
      status: "acknowledged",
      acknowledgedBy: world.ann.userId,
      escalateAt: null,
    });
    expect((await alerts.acknowledge(alert.id)).version).toBe(taken.version);
    const done = await alerts.resolve(alert.id, { note: "Fixed" });
    expect(done).toMatchObject({
      status: "resolved",
      actionTaken: "Fixed",
      endedBy: world.ann.userId,
      endedAt: expect.any(Date),
    });
    const attempts: Record<string, () => Promise<Alert>> = {
      acknowledged: () => alerts.acknowledge(alert.id),
      resolved: () => alerts.resolve(alert.id),
      dismissed: () => alerts.dismiss(alert.id),
      snoozed: () => alerts.snooze(alert.id, { until: inAnHour() }),
    };
    for (const [to, attempt] of Object.entries(attempts))
      await expect(attempt(), to).rejects.toMatchObject({
        code: "IllegalTransition",
        entity: "alert",
        from: "resolved",
        to,
        allowed: [],
      });
    const next = await trigger({ dedupKey });
    expect(next).toMatchObject({ outcome: "opened", alert: { previousId: alert.id } });
    expect(await alerts.dismiss(next.alert.id)).toMatchObject({ status: "dismissed" });
  });

  it("are edited by those who know the version, and by analysts at least", async () => {
    const { alert } = await trigger();
    await expect(
      world.ann.ws.alerts.acknowledge(alert.id, { expectedVersion: 7 }),
    ).rejects.toMatchObject({ code: "StaleVersion", currentVersion: 1 });
    const denied: (() => Promise<unknown>)[] = [
      () => trigger({}, world.vic),
      () => world.vic.ws.alerts.resolve(alert.id),
      () => world.vic.ws.alerts.explain(alert.id, world.vic.userId),
      () =>
        world.ann.ws.silences.create({
          matchers: [team("x")],
          endsAt: inAnHour(),
          comment: "c",
        }),
    ];
    for (const attempt of denied)
      await expect(attempt()).rejects.toMatchObject({ code: "Forbidden" });
    expect(await world.vic.ws.alerts.get(alert.id)).toMatchObject({ status: "active" });
  });

  it("of another workspace are not there, and point at nothing of one", async () => {
    const { alert } = await trigger();
    const { alerts } = world.bob.ws;
    for (const id of [alert.id, randomUUID()]) {
      const attempts: (() => PromiseLike<unknown>)[] = [
        () => alerts.get(id),
        () => alerts.acknowledge(id),
        () => alerts.resolve(id),
        () => alerts.snooze(id, { until: null }),
        async () => alerts.timeline(id),
        () => alerts.explain(id, world.bob.userId),
        () => world.bob.ws.silences.expire(id),
      ];
      for (const attempt of attempts)
        await expect(Promise.resolve().then(attempt)).rejects.toMatchObject({ code: "NotFound" });
    }
    const campaign = await world.cleo.ws.campaigns.create({ name: "C" });
    await expect(trigger({ campaignId: campaign.id }, world.bob)).rejects.toMatchObject({
      code: "InvalidReference",
      field: "campaignId",
    });
    expect(await world.vic.ws.alerts.get(alert.id)).toMatchObject({ id: alert.id });
  });

  it("take no bad input", async () => {
    const { alert } = await trigger();
    const { ann, sam } = world;
    const past = new Date(Date.now() - 60_000);
    const silence = { matchers: [team("x")], endsAt: inAnHour(), comment: "c" };
    const attempts: (() => PromiseLike<unknown>)[] = [
      () => trigger({ title: "" }),
      () => trigger({ severity: "urgent" as "low" }),
      () => trigger({ dedupKey: "" }),
      () => trigger({ expiresAt: past }),
      () => trigger({ expiresAt: new Date(8.64e15) }),
      () => trigger({ labels: { severity: "x" } }),
      () => trigger({ labels: { Team: "x" } }),
      () => trigger({ actionUrl: "javascript:alert(1)" }),
      () => trigger({ actionUrl: "//elsewhere.test" }),
      () => trigger({ actionUrl: "/\\elsewhere.test" }),
      () => ann.ws.alerts.snooze(alert.id, { until: past }),
      () => ann.ws.alerts.snooze(alert.id, { until: new Date("2999-01-01") }),
      () => ann.ws.alerts.groups({ by: [] }),
      () => ann.ws.alerts.groups({ by: ["title"] }),
      async () => ann.ws.alerts.list({ first: 0 }),
      async () => ann.ws.alerts.timeline(alert.id, { after: "forged" }),
      () => sam.ws.silences.create({ ...silence, matchers: [] }),
      () => sam.ws.silences.create({ ...silence, matchers: [{ label: "Team", value: "ads" }] }),
      () => sam.ws.silences.create({ ...silence, endsAt: past }),
      () => sam.ws.silences.create({ ...silence, startsAt: inAnHour(), endsAt: past }),
      () => sam.ws.silences.create({ ...silence, endsAt: new Date("2999-01-01") }),
      () => sam.ws.silences.create({ ...silence, comment: "" }),
    ];
    for (const [at, attempt] of attempts.entries())
      await expect(Promise.resolve().then(attempt), String(at)).rejects.toMatchObject({
        code: "InvalidInput",
      });
    expect((await timeline(alert.id)).map(({ kind }) => kind)).toEqual(["opened", "notified"]);
    // By the name of the input, and not of the column.
    await expect(ann.ws.alerts.snooze(alert.id, { until: past })).rejects.toMatchObject({
      issues: [{ path: ["until"] }],
    });
  });

  it("are told once under an idempotency key, however often it is sent", async () => {
    const dedupKey = randomUUID();
    const idempotencyKey = randomUUID();
    const send = () =>
      world.ann.ws.alerts.trigger(
        { type: "error", severity: "medium", title: "A", dedupKey },
        { idempotencyKey },
      );
    const first = await send();
    const second = await send();
    expect(second).toEqual({ ...first, replayed: true });
    expect(await world.vic.ws.alerts.get(first.alert.id)).toMatchObject({ occurrences: 1 });
  });

  it("are raised by an agent and by background work, without borrowing a person", async () => {
    const { codex, acme, vic } = world;
    const { alert } = await codex
      .system({ reason: "watching" })
      .workspace(acme)
      .alerts.trigger({ type: "anomaly", severity: "high", title: "From below" });
    expect(alert).toMatchObject({ createdBy: null, agentId: null });
    expect((await timeline(alert.id))[0]).toMatchObject({ kind: "opened", userId: null });
    expect(await vic.ws.alerts.get(alert.id)).toMatchObject({ title: "From below" });
  });

  it("are silenced as an overlay, listed as such, and resolved all the same", async () => {
    const { sam, ann, vic } = world;
    const name = randomUUID();
    const before = await trigger({ labels: { team: `${name} a` } });
    const silence = await sam.ws.silences.create({
      matchers: [team(name, "starts_with")],
      endsAt: inAnHour(),
      comment: "Known",
    });
    expect(silence).toMatchObject({ state: "active", matchesNow: 1, createdBy: sam.userId });
    const quiet = await trigger({ labels: { team: `${name} b` }, dedupKey: name });
    expect(quiet).toMatchObject({
      outcome: "opened",
      suppressedBy: "silenced",
      alert: { status: "active", suppressedBy: "silenced" },
    });
    expect((await timeline(quiet.alert.id)).map(({ kind, reason }) => reason ?? kind)).toEqual([
      "opened",
      "silenced",
      "silenced",
    ]);
    const { steps } = await ann.ws.alerts.explain(quiet.alert.id, sam.userId);
    expect(steps.find(({ stage }) => stage === "silence")).toMatchObject({ decision: "hold" });
    expect(steps.at(-1)).toMatchObject({ stage: "notification", decision: "not_told" });
    expect(await ann.ws.alerts.resolve(before.alert.id)).toMatchObject({
      status: "resolved",
      suppressedBy: null,
    });
    const ended = await sam.ws.silences.expire(silence.id);
    expect(ended).toMatchObject({ state: "expired" });
    expect(await sam.ws.silences.expire(silence.id)).toEqual(ended);
    expect(await trigger({ dedupKey: name })).not.toHaveProperty("suppressedBy");
    expect((await timeline(quiet.alert.id)).at(-1)).toMatchObject({ kind: "notified", amount: 2 });
    const states = await Array.fromAsync(
      vic.ws.silences.list({ first: 1, filter: { state: "expired" } }),
      ({ id }) => id,
    );
    expect(states).toContain(silence.id);
  });

  it("are explained by the preferences as sending works them out", async () => {
    const { sam, ann } = world;
    const { preferences } = sam.ws;
    const told = async (severity: "medium" | "critical"): Promise<string[]> => {
      const { alert } = await trigger({ severity });
      const { steps } = await ann.ws.alerts.explain(alert.id, sam.userId);
      return steps.slice(-2).map(({ decision, reason }) => `${decision}: ${reason}`);
    };
    const atOnce = ["pass: inbox, at once", "told: 1 written to the inbox"];
    expect(await told("medium")).toEqual(atOnce);
    await preferences.set({ channels: { alert: ["email"] }, digest: "daily" });
    const { deliverAt } = await preferences.preview({ category: "alert", at: new Date() });
    expect(await told("medium")).toEqual([
      `hold: the inbox has it at once, e-mail waits until ${deliverAt.toISOString().slice(0, 19)}Z`,
      "told: 1 written to the inbox",
    ]);
    await preferences.set({ channels: { alert: [] } });
    expect(await told("medium")).toEqual([
      "stop: their preferences want no alerts but critical ones",
      "not_told: none was written",
    ]);
    expect(await told("critical")).toEqual(atOnce);
    const { alert } = await trigger();
    expect((await timeline(alert.id)).at(-1)).toMatchObject({
      kind: "skipped",
      reason: "not_accepted",
      memberId: sam.userId,
    });
    await preferences.set({ channels: {}, digest: "off" });
  });

  it("are snoozed and shown again, with their timeline", async () => {
    const { alerts } = world.ann.ws;
    const { alert } = await trigger();
    const until = inAnHour();
    expect(await alerts.snooze(alert.id, { until })).toMatchObject({
      status: "active",
      suppressedBy: "snoozed",
      snoozedUntil: until,
    });
    expect(await alerts.snooze(alert.id, { until: null })).toMatchObject({
      suppressedBy: null,
      snoozedUntil: null,
    });
    await alerts.acknowledge(alert.id);
    const events = await timeline(alert.id);
    expect(events.map(({ number, kind }) => [number, kind])).toEqual([
      [1, "opened"],
      [2, "notified"],
      [3, "snoozed"],
      [4, "unsnoozed"],
      [5, "acknowledged"],
    ]);
    expect(events[1]).toMatchObject({ amount: 2, step: 0, userId: world.ann.userId });
  });

  it("are listed by state, severity, type, source, campaign and labels, page by page", async () => {
    const { vic, cleo } = world;
    const { id: campaignId } = await cleo.ws.campaigns.create({ name: "C" });
    const source = randomUUID();
    const make = async (input: Partial<TriggerAlertInput>): Promise<string> =>
      (await trigger({ source, ...input })).alert.id;
    const ads = await make({ labels: { team: "ads" }, severity: "high", campaignId });
    const both = await make({ labels: { team: "ads", region: "eu" }, type: "anomaly" });
    const bare = await make({});
    await world.ann.ws.alerts.resolve(bare);
    const ids = async (filter: object): Promise<string[]> =>
      Array.fromAsync(
        vic.ws.alerts.list({ first: 1, filter: { source, ...filter } }),
        ({ id }) => id,
      );
    expect(await ids({})).toEqual([bare, both, ads]);
    expect(await ids({ labels: { team: "ads" } })).toEqual([both, ads]);
    expect(await ids({ labels: { team: "ads", region: "eu" } })).toEqual([both]);
    expect(await ids({ severity: "high" })).toEqual([ads]);
    expect(await ids({ type: "anomaly" })).toEqual([both]);
    expect(await ids({ campaignId })).toEqual([ads]);
    expect(await ids({ open: true })).toEqual([both, ads]);
    expect(await ids({ open: false })).toEqual([bare]);
    expect(await ids({ status: "resolved" })).toEqual([bare]);
    const groups = await vic.ws.alerts.groups({ by: ["label:team", "type"], filter: { source } });
    expect(groups).toEqual([
      {
        key: { "label:team": "ads", type: "error" },
        alerts: 1,
        occurrences: 1,
        severity: "high",
        lastOccurredAt: expect.any(Date),
      },
      expect.objectContaining({ key: { "label:team": null, type: "error" }, alerts: 1 }),
      expect.objectContaining({ key: { "label:team": "ads", type: "anomaly" } }),
    ]);
    expect(await vic.ws.alerts.groups({ by: ["source"] })).toContainEqual(
      expect.objectContaining({ key: { source }, alerts: 2, severity: "high" }),
    );
  });

  it("are followed by their events alone", async () => {
    const { after } = await world.vic.ws.events.ticket();
    const controller = new AbortController();
    const { alert } = await trigger();
    await world.cleo.ws.campaigns.create({ name: "Beside" });
    await world.ann.ws.alerts.resolve(alert.id);
    const seen: string[] = [];
    for await (const event of world.vic.ws.alerts.subscribe({
      after,
      signal: controller.signal,
    })) {
      seen.push(event.type);
      if (event.type === "alert.status_changed") controller.abort();
    }
    expect(seen).toEqual(["alert.created", "alert.status_changed"]);
  });
});
