import { isCodexError } from "@codex/sdk";
import type { IngestInput, Workspace } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld } from "./world.ts";
import type { World } from "./world.ts";

const day = 86_400_000;

describe("insights", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const observe = async (fields: Partial<IngestInput> = {}): Promise<string> => {
    const { signal } = await world.ann.ws.signals.ingest({
      kind: "market",
      title: randomUUID(),
      body: randomUUID(),
      confidence: 60,
      ...fields,
    });
    return signal.id;
  };
  const draft = async (...signalIds: string[]): Promise<string> =>
    (await world.ann.ws.insights.create({ title: "I", type: "trend", signalIds })).id;
  const code = (promise: PromiseLike<unknown>): Promise<unknown> =>
    Promise.resolve(promise).then(
      () => "done",
      (error: unknown) => (isCodexError(error) ? error.code : error),
    );
  const asService = async <Row extends object>(sql: string, values: unknown[] = []) => {
    const client = await world.db.begin("codex_service");
    try {
      await client.query("select codex.set_service_context($1)", [world.acme]);
      const { rows } = await client.query<Row>(sql, [world.acme, ...values]);
      return rows;
    } finally {
      // Of what has failed it is a rollback.
      await client.query("commit");
      client.release();
    }
  };

  it("rest on signals, freeze them when published, and count independent sources once", async () => {
    const { insights, signals } = world.ann.ws;
    const ids = [await observe({ source: "a" }), await observe({ source: "a" }), await observe()];
    const id = await draft(...ids);
    expect(await insights.evidence(id)).toMatchObject({ atPublish: [], freshness: null });
    const published = await insights.publish(id);
    // 1 − 0.4 × 0.4: the two of one source are one.
    expect(published).toMatchObject({
      status: "active",
      confidence: 84,
      signalCount: 3,
      stale: false,
    });
    await signals.override(ids[2] ?? "", { score: 0, reason: "wrong" });
    const { atPublish, now, freshness } = await insights.evidence(id);
    expect(atPublish.map(({ score }) => Math.round(score))).toEqual([60, 60, 60]);
    expect(now.map(({ score }) => Math.round(score)).toSorted((a, b) => a - b)).toEqual([
      0, 60, 60,
    ]);
    expect(freshness).toBeCloseTo(60 / 84, 2);
    expect((await signals.get(ids[0] ?? "")).status).toBe("actioned");
    expect(await code(insights.publish(id))).toBe("IllegalTransition");
  });

  it("count copies of one story once, whichever of them names its source, and a source however it is written", async () => {
    const { insights, signals } = world.ann.ws;
    const confidenceOf = async (...ids: string[]): Promise<number> =>
      (await insights.publish(await draft(...ids))).confidence;
    const [head, copy] = [await observe(), await observe({ source: "wire" })];
    await signals.link(copy, { headId: head });
    expect(await confidenceOf(head, copy)).toBe(60);
    expect(await confidenceOf(copy, await observe({ source: "Wire" }))).toBe(60);
    expect(await confidenceOf(copy, await observe({ source: "other" }))).toBe(84);
  });

  it("are not drawn from nothing, from what is unknown or another's, or from what was dismissed", async () => {
    const { insights, signals } = world.ann.ws;
    expect(await code(insights.create({ title: "I", type: "gap", signalIds: [] }))).toBe(
      "InvalidInput",
    );
    expect(await code(draft(randomUUID()))).toBe("NotFound");
    const seen = { kind: "market", title: "T", body: randomUUID() } as const;
    const theirs = await world.bob.ws.signals.ingest(seen);
    expect(await code(draft(theirs.signal.id))).toBe("NotFound");
    const noise = await observe();
    const id = await draft(noise);
    await signals.transition(noise, "dismissed");
    expect(await code(insights.publish(id))).toBe("Conflict");
    expect((await insights.get(id)).status).toBe("draft");
    const mine = { title: "I", type: "gap" as const, signalIds: [await observe()] };
    expect(await code(world.vic.ws.insights.create(mine))).toBe("Forbidden");
    expect(await code(world.bob.ws.insights.get(id))).toBe("NotFound");
  });

  it("take no bad input, and none for what is unknown or another's", async () => {
    const { insights } = world.ann.ws;
    const seen = await observe();
    const fields = { title: "I", type: "gap" as const, signalIds: [seen] };
    const bad: object[] = [
      { title: "" },
      { type: "rumour" },
      { signalIds: Array.from({ length: 201 }, () => randomUUID()) },
      { relevantFrom: "2026-02-30" },
      { relevantFrom: "2026-05-02", relevantUntil: "2026-05-01" },
      { confidence: 100 },
    ];
    for (const more of bad)
      expect(await code(insights.create({ ...fields, ...more })), JSON.stringify(more)).toBe(
        "InvalidInput",
      );
    const mine = await insights.publish(await draft(seen));
    expect(await code(insights.retract(mine.id, { reason: "" }))).toBe("InvalidInput");
    for (const [ws, id] of [
      [world.ann.ws, randomUUID()],
      [world.bob.ws, mine.id],
    ] as const) {
      expect(await code(ws.insights.publish(id))).toBe("NotFound");
      expect(await code(ws.insights.evidence(id))).toBe("NotFound");
      expect(await code(ws.insights.retract(id, { reason: "x" }))).toBe("NotFound");
      expect(await code(ws.insights.supersede(id, { byId: mine.id }))).toBe("NotFound");
    }
    const theirs = await world.bob.ws.signals.ingest({ kind: "market", title: "T" });
    const other = await world.bob.ws.insights.publish(
      (await world.bob.ws.insights.create({ ...fields, signalIds: [theirs.signal.id] })).id,
    );
    expect(await code(insights.supersede(mine.id, { byId: other.id }))).toBe("Conflict");
    expect(await code(insights.retract(mine.id, { reason: "x" }, { expectedVersion: 9 }))).toBe(
      "StaleVersion",
    );
    expect(await insights.get(mine.id)).toMatchObject({ status: "active", version: mine.version });
  });

  it("are published once, however many of 20 try at once", async () => {
    const id = await draft(await observe());
    const tries = await Promise.all(
      Array.from({ length: 20 }, () => code(world.ann.ws.insights.publish(id))),
    );
    expect(tries.filter((one) => one === "done")).toHaveLength(1);
    expect(tries.filter((one) => one === "IllegalTransition")).toHaveLength(19);
  });

  it("are superseded by another that is active, or retracted with a reason", async () => {
    const { insights } = world.ann.ws;
    const [old, next, unripe] = [
      await draft(await observe()),
      await draft(await observe()),
      await draft(await observe()),
    ];
    await insights.publish(old);
    await insights.publish(next);
    expect(await code(insights.supersede(old, { byId: old }))).toBe("Conflict");
    expect(await code(insights.supersede(old, { byId: unripe }))).toBe("Conflict");
    expect(await insights.supersede(old, { byId: next })).toMatchObject({
      status: "superseded",
      supersededById: next,
    });
    expect(await insights.retract(next, { reason: "was wrong" })).toMatchObject({
      status: "retracted",
      retractionReason: "was wrong",
    });
    expect(await code(insights.retract(randomUUID(), { reason: "x" }))).toBe("NotFound");
  });

  it("end once: neither the successor nor the reason is exchanged afterwards", async () => {
    const { insights } = world.ann.ws;
    const publish = async (): Promise<string> =>
      (await insights.publish(await draft(await observe()))).id;
    const [old, gone, next, other] = [
      await publish(),
      await publish(),
      await publish(),
      await publish(),
    ];
    await insights.supersede(old, { byId: next });
    await insights.retract(gone, { reason: "was wrong" });
    await expect(insights.supersede(old, { byId: other })).rejects.toMatchObject({
      code: "IllegalTransition",
      from: "superseded",
      to: "superseded",
      allowed: ["archived"],
    });
    await expect(insights.retract(gone, { reason: "again" })).rejects.toMatchObject({
      code: "IllegalTransition",
      from: "retracted",
      to: "retracted",
      allowed: [],
    });
    const sql = "update codex.market_insights set retraction_reason = 'x' where id = $2";
    await expect(asService(`${sql} and workspace_id = $1`, [next])).rejects.toMatchObject({
      code: "KX002",
    });
    expect(await insights.get(old)).toMatchObject({ supersededById: next, version: 3 });
    expect(await insights.get(gone)).toMatchObject({ retractionReason: "was wrong", version: 3 });
  });

  it("grow stale with their signals, and raise an alert exactly once, with 10 workers at once", async () => {
    const { insights } = world.ann.ws;
    const signal = await observe();
    const [fading, lasting] = [await draft(signal), await draft(await observe())];
    await insights.publish(fading);
    await insights.publish(lasting);
    // As the clock will do.
    await asService(
      `update codex.intelligence_signals set first_seen_at = now() - interval '30 days',
         last_seen_at = now() - interval '30 days' where workspace_id = $1 and id = $2`,
      [signal],
    );
    const stale = (await insights.list({ stale: true })).items.map(({ id }) => id);
    expect(stale).toContain(fading);
    expect(stale).not.toContain(lasting);
    const raise = () =>
      asService<{ insight_id: string; alert_id: string }>(
        "select insight_id, alert_id from codex.raise_stale_insights($1)",
      );
    const raised = (await Promise.all(Array.from({ length: 10 }, raise))).flat();
    expect(raised.filter(({ insight_id: id }) => id === fading)).toHaveLength(1);
    expect(raised.some(({ insight_id: id }) => id === lasting)).toBe(false);
    expect(await raise()).toEqual([]);
    const alerts = await asService(
      "select occurrence_count from codex.system_alerts where workspace_id = $1 and dedup_key = $2",
      [`insight.stale:${fading}`],
    );
    expect(alerts).toEqual([{ occurrence_count: "1" }]);
    const listed = async (asked: object): Promise<string[]> =>
      Array.fromAsync(insights.list({ first: 1, ...asked }), ({ id }) => id);
    const gone = await draft(signal);
    await insights.retract(gone, { reason: "no" });
    expect(await listed({ active: true })).toEqual(expect.arrayContaining([fading, lasting]));
    expect(await listed({ active: true })).not.toContain(gone);
    expect(await listed({ active: false })).toContain(gone);
    expect(await listed({ active: true, stale: false })).not.toContain(fading);
    // Nobody edited it: whoever read it before may still write.
    expect((await insights.get(fading)).version).toBe(2);
    const told = async (): Promise<unknown[]> =>
      (await world.ann.ws.alerts.list({ filter: { open: true } })).items.filter(({ dataPoints }) =>
        JSON.stringify(dataPoints).includes(fading),
      );
    expect(await told()).toHaveLength(1);
    await insights.retract(fading, { reason: "stale" });
    expect(await told()).toEqual([]);
  });

  it.each(["dismissed", "scored by hand"])(
    "raise their alert at once, in the same transaction, when a signal of theirs is %s",
    async (how) => {
      const { insights, signals, alerts } = world.ann.ws;
      const [signal, beside] = [await observe(), await observe()];
      const ids = [await draft(signal), await draft(signal, beside), await draft(signal)];
      for (const id of ids.slice(0, 2)) await insights.publish(id);
      const raised = async (): Promise<unknown[]> =>
        asService(
          `select dedup_key from codex.system_alerts where workspace_id = $1 and dedup_key = any ($2)`,
          [ids.map((id) => `insight.stale:${id}`)],
        );
      const change = async (ws: Pick<Workspace, "signals">): Promise<unknown> =>
        how === "dismissed"
          ? ws.signals.transition(signal, "dismissed")
          : ws.signals.override(signal, { score: 10, reason: "old news" });
      const stop = new Error("stop");
      await expect(
        world.ann.ws.transaction(async (tx) => {
          await change(tx);
          throw stop;
        }),
      ).rejects.toBe(stop);
      expect(await raised()).toEqual([]);
      await change(world.ann.ws);
      // With the other signal more than half of the second one's confidence is left.
      expect(await raised()).toEqual([{ dedup_key: `insight.stale:${ids[0]}` }]);
      expect((await insights.get(ids[0] ?? "")).stale).toBe(true);
      expect((await signals.get(signal)).id).toBe(signal);
      expect((await alerts.list({ filter: { open: true }, first: 1 })).items).toMatchObject([
        { title: "Stale: I", createdBy: world.ann.userId },
      ]);
    },
  );

  it("keep what they cite when old signals are purged; fingerprints stay", async () => {
    const { insights, signals } = world.ann.ws;
    const occurredAt = new Date(Date.now() - 900 * day);
    const gone = { kind: "market", title: "Old", body: randomUUID(), occurredAt } as const;
    const { signal } = await signals.ingest(gone);
    await signals.override(signal.id, { score: 7, reason: "said by hand" });
    const cited = await observe({ occurredAt });
    await insights.publish(await draft(cited));
    const before = new Date(Date.now() - 800 * day);
    const [preview] = await asService<{ signals: string; kept: string }>(
      "select signals, kept from codex.preview_signal_retention($1, $2)",
      [before],
    );
    expect(preview).toEqual({ signals: "1", kept: "1" });
    const purge = async () =>
      (await asService<{ n: number }>("select codex.purge_signals($1, $2) as n", [before]))[0]?.n;
    expect(await purge()).toBe(1);
    expect(await purge()).toBe(0);
    expect(await signals.ingest(gone)).toMatchObject({
      outcome: "suppressed",
      signal: { id: signal.id, title: "(purged)", body: "", override: null },
    });
    expect((await signals.get(cited)).title).not.toBe("(purged)");
  });
});
