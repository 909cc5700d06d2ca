import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import fc from "fast-check";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertId, oneRow } from "./support/domain.ts";

describe("signals and insights", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const observe = (confidence: number, source: string | null = null, extra = "now()") =>
    insertId(
      people.ann,
      `insert into codex.intelligence_signals (workspace_id, fingerprint, source_type, category, title, confidence, data_source, first_seen_at, last_seen_at)
       values ($1, gen_random_uuid()::text, 'market', 'market_trend', 'S', $2, $3, ${extra}, ${extra}) returning id`,
      [confidence, source],
    );
  const conclude = async (ids: string[]): Promise<string> => {
    const { id } = await oneRow<{ id: string }>(
      people.ann,
      "select codex.create_insight_from_signals($1, $2, 'I', 'trend', '{}') as id",
      [people.acme, ids],
    );
    return id;
  };
  const confidenceOf = async (ids: string[]): Promise<number> => {
    const { confidence } = await oneRow<{ confidence: number }>(
      people.vic,
      "select confidence from codex.market_insights where id = $1",
      [await conclude(ids)],
    );
    return confidence;
  };

  it("draws no insight from no signals, unknown ones, dismissed ones or another workspace's", async () => {
    await expect(conclude([])).rejects.toMatchObject({ code: "KX011" });
    await expect(conclude([randomUUID()])).rejects.toMatchObject({ code: "KX008" });
    const foreign = await insertId(
      people.bob,
      `insert into codex.intelligence_signals (workspace_id, fingerprint, source_type, category, title)
       values ($1, 'f', 'market', 'market_trend', 'S') returning id`,
    );
    await expect(conclude([foreign])).rejects.toMatchObject({ code: "KX008" });
    expect(
      await people.bob.query("select id from codex.intelligence_signals where id = $1", [foreign]),
    ).toHaveLength(1);
    const dismissed = await observe(90);
    await people.ann.query(
      "update codex.intelligence_signals set status = 'dismissed' where id = $1",
      [dismissed],
    );
    await expect(conclude([dismissed])).rejects.toMatchObject({ code: "KX007" });
  });

  it("is as sure as 1 − Π(1 − cᵢ), not as its number of signals", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 95 }), { minLength: 1, maxLength: 5 }),
        async (levels) => {
          const ids = [];
          for (const level of levels) ids.push(await observe(level));
          const expected = 100 * (1 - levels.reduce((rest, level) => rest * (1 - level / 100), 1));
          expect(Math.abs((await confidenceOf(ids)) - expected)).toBeLessThanOrEqual(0.51);
        },
      ),
      { numRuns: 12 },
    );
  });

  it("counts signals of one source once, and a signal named twice once", async () => {
    const [a, b] = [await observe(60, "newsapi"), await observe(50, "newsapi")];
    expect(await confidenceOf([a, b, a])).toBe(60);
  });

  it("freezes its evidence, marks the signals actioned, and no longer changes", async () => {
    const signal = await observe(80);
    const insight = await conclude([signal]);
    await people.ann.query("update codex.intelligence_signals set confidence = 1 where id = $1", [
      signal,
    ]);
    const { evidence } = await oneRow<{ evidence: { signalId: string; confidence: number }[] }>(
      people.vic,
      "select evidence from codex.market_insights where id = $1",
      [insight],
    );
    expect(evidence).toEqual([{ signalId: signal, confidence: expect.closeTo(80, 1) }]);
    expect(
      await people.vic.query("select status from codex.intelligence_signals where id = $1", [
        signal,
      ]),
    ).toEqual([{ status: "actioned" }]);
    await expect(
      people.ann.query("update codex.market_insights set evidence = '[]' where id = $1", [insight]),
    ).rejects.toMatchObject({ code: "KX004" });
  });

  it("halves with each half-life, as an oracle says", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: -10, max: 1_000_000 }),
        async (confidence, halfLife, hours) => {
          const { left } = await oneRow<{ left: string }>(
            people.vic,
            "select codex.decayed_confidence($1, '2020-01-01Z', $2, '2020-01-01Z'::timestamptz + make_interval(hours => $3)) as left",
            [confidence, halfLife, hours],
          );
          expect(Number(left)).toBeCloseTo(confidence * 2 ** -(Math.max(0, hours) / halfLife), 3);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("lists what is still sure enough, and neither faded nor expired nor handled", async () => {
    const fresh = await cast(db);
    const add = (title: string, columns: string, values: string) =>
      fresh.ann.query(
        `insert into codex.intelligence_signals (workspace_id, fingerprint, source_type, category, title, confidence, relevance, first_seen_at, ${columns})
         values ($1, $2, 'market', 'market_trend', $2, 90, 90, now() - interval '99 days', ${values})`,
        [fresh.acme, title],
      );
    await add("sure", "last_seen_at", "now()");
    await add("faded", "last_seen_at", "now() - interval '7 days'");
    await add("expired", "last_seen_at, expires_at", "now(), now() - interval '1 hour'");
    await add("irrelevant", "last_seen_at, source_url", "now(), null");
    await fresh.ann.query(
      "update codex.intelligence_signals set relevance = 10 where title = 'irrelevant'",
    );
    const rows = await fresh.vic.query("select title from codex.get_priority_signals($1)", [
      fresh.acme,
    ]);
    expect(rows).toEqual([{ title: "sure" }, { title: "irrelevant" }]);
  });

  it("keeps a fingerprint once, also of a dismissed signal", async () => {
    const put = () =>
      people.ann.query(
        `insert into codex.intelligence_signals (workspace_id, fingerprint, source_type, category, title)
         values ($1, 'same', 'market', 'market_trend', 'S')`,
        [people.acme],
      );
    await put();
    await people.ann.query(
      "update codex.intelligence_signals set status = 'dismissed' where fingerprint = 'same'",
    );
    await expect(put()).rejects.toMatchObject({
      constraint: "uniq_intelligence_signals_fingerprint",
    });
  });

  it("lists insights that matter today, surest first", async () => {
    const fresh = await cast(db);
    const add = (title: string, confidence: number, from: string, until: string) =>
      fresh.ann.query(
        `insert into codex.market_insights (workspace_id, title, insight_type, evidence, confidence, status, relevant_from, relevant_until)
         values ($1, $2, 'trend', '[{"signalId": "x", "confidence": 1}]', $3, 'active', current_date + $4::integer, current_date + $5::integer)`,
        [fresh.acme, title, confidence, from, until],
      );
    await add("later", 99, "5", "9");
    await add("over", 99, "-9", "-5");
    await add("weak", 10, "-2", "2");
    await add("strong", 90, "-2", "2");
    expect(
      await fresh.vic.query("select title from codex.get_active_insights($1)", [fresh.acme]),
    ).toEqual([{ title: "strong" }, { title: "weak" }]);
  });
});
