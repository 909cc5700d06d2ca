import { canMakeDatabases, cast, testDatabase } from "@codex/testkit";
import type { Cast } from "@codex/testkit";
import { describe, expect, it } from "vitest";
import { insertId, oneRow } from "./support/domain.ts";
import { migrationFiles } from "./support/files.ts";

const observe = (people: Cast, confidence: number): Promise<string> =>
  insertId(
    people.ann,
    `insert into codex.intelligence_signals
       (workspace_id, fingerprint, source_type, category, title, confidence, data_source)
     values ($1, gen_random_uuid()::text, 'market', 'market_trend', 'S', $2, gen_random_uuid()::text)
     returning id`,
    [confidence],
  );

const conclude = async (people: Cast, ids: string[]): Promise<string> => {
  const { id } = await oneRow<{ id: string }>(
    people.ann,
    "select codex.create_insight_from_signals($1, $2, 'I', 'trend', '{}') as id",
    [people.acme, ids],
  );
  return id;
};

/** The evidence of an insight as its column has it, and as the table has it. */
const evidence = (people: Cast, id: string): Promise<{ frozen: unknown[]; kept: unknown[] }> =>
  oneRow(
    people.vic,
    `select i.evidence as frozen, (
       select jsonb_agg(jsonb_build_object('signalId', e.signal_id,
         'confidence', round(e.score_micros / 10000.0, 4)) order by e.signal_id)
       from codex.insight_evidence e
       where e.workspace_id = i.workspace_id and e.insight_id = i.id
     ) as kept
     from codex.market_insights i where i.workspace_id = $1 and i.id = $2`,
    [people.acme, id],
  );

describe.runIf(canMakeDatabases())("the step to evidence in a table", () => {
  it("keeps what was published, once, also when it is run again or back and forth", async () => {
    await using db = await testDatabase({ own: true });
    const file = (await migrationFiles()).find(({ name }) => name.includes("signal_links"));
    const owner = await db.connect();
    const run = (sql: string | undefined): Promise<unknown> =>
      owner.query(`begin; set local role codex_owner; ${sql ?? ""}; commit`);
    await run(file?.down);
    const people = await cast(db);
    const signals = [await observe(people, 80), await observe(people, 33)];
    const id = await conclude(people, signals);
    await run(file?.up);
    const { frozen, kept } = await evidence(people, id);
    expect(kept).toHaveLength(2);
    expect(kept).toEqual(frozen);
    await run(file?.up);
    expect(await evidence(people, id)).toEqual({ frozen, kept });
    // Back, with the table gone: the column has it all.
    await run(`set local codex_migrator.allow_data_loss = on; ${file?.down ?? ""}`);
    await run(file?.up);
    expect(await evidence(people, id)).toEqual({ frozen, kept });
  });

  it("fills the table for whoever still writes the column alone, and lets nobody change it", async () => {
    await using db = await testDatabase();
    const people = await cast(db);
    const signal = await observe(people, 80);
    const id = await insertId(
      people.ann,
      `insert into codex.market_insights (workspace_id, title, insight_type, evidence, status)
       values ($1, 'I', 'trend',
         jsonb_build_array(jsonb_build_object('signalId', $2::text, 'confidence', 71.25)), 'active')
       returning id`,
      [signal],
    );
    const { kept } = await evidence(people, id);
    expect(kept).toEqual([{ signalId: signal, confidence: 71.25 }]);
    const other = await observe(people, 10);
    for (const sql of [
      "update codex.insight_evidence set score_micros = 1 where insight_id = $1",
      `insert into codex.insight_evidence (workspace_id, insight_id, signal_id)
       select workspace_id, $1, id from codex.intelligence_signals where id = '${other}'`,
    ])
      await expect(people.ann.query(sql, [id]), sql).rejects.toMatchObject({ code: "KX004" });
    expect((await evidence(people, id)).kept).toEqual(kept);
  });

  it("keeps clusters flat, whoever writes: no member leads, and no head is a member", async () => {
    await using db = await testDatabase();
    const people = await cast(db);
    const [head, member, other, loner] = [
      await observe(people, 1),
      await observe(people, 2),
      await observe(people, 3),
      await observe(people, 4),
    ];
    const link = (signal: string, to: string): Promise<unknown> =>
      people.ann.query(
        "insert into codex.signal_links (workspace_id, signal_id, head_id) values ($1, $2, $3)",
        [people.acme, signal, to],
      );
    await link(member, head);
    await link(other, loner);
    await expect(link(head, loner)).rejects.toMatchObject({ code: "KX005" });
    for (const to of [member, other])
      await expect(
        people.ann.query("update codex.signal_links set head_id = $2 where signal_id = $1", [
          other,
          to,
        ]),
      ).rejects.toMatchObject({ code: "KX005" });
    expect(
      await people.vic.query("select head_id from codex.signal_links where signal_id = $1", [
        other,
      ]),
    ).toEqual([{ head_id: loner }]);
  });

  it("reads a page of signals beside what a search gives, not all of the workspace's", async () => {
    await using db = await testDatabase();
    const people = await cast(db);
    await people.ann.query(
      `insert into codex.intelligence_signals
         (workspace_id, fingerprint, source_type, category, title, description)
       select $1, n::text, 'market', 'market_trend', 'Word ' || n, repeat('and ', 400)
       from generate_series(1, 5000) as n`,
      [people.acme],
    );
    await db.admin.query("analyze codex.intelligence_signals");
    for (const found of ["search_signals($1, 'word')", "top_signals($1)"]) {
      const plan = await people.ann.query(
        `explain select s.title from codex.${found} h
         join codex.intelligence_signals s on s.workspace_id = $1 and s.id = h.id`,
        [people.acme],
      );
      expect(JSON.stringify(plan), found).toContain("Index Scan using intelligence_signals_pkey");
    }
  });

  it("takes addresses that lead to one page for one, and others for others", async () => {
    await using db = await testDatabase();
    const people = await cast(db);
    const canonical = async (url: string): Promise<string> =>
      (await oneRow<{ url: string }>(people.vic, "select codex.canonical_url($1) as url", [url]))
        .url;
    const one = "https://example.org/A/b?x=1&y=2";
    for (const same of [
      "HTTPS://Example.ORG/A/b/?x=1&y=2",
      "https://example.org:443/A/b?x=1&utm_source=z&y=2#part",
      " https://example.org/A/b?fbclid=1&x=1&y=2 ",
    ])
      expect(await canonical(same)).toBe(one);
    for (const other of [
      "https://example.org/a/b?x=1&y=2",
      "http://example.org/A/b?x=1&y=2",
      "https://example.org:8443/A/b?x=1&y=2",
      "https://example.org/A/b?x=2&y=2",
      "no address",
    ])
      expect(await canonical(other)).not.toBe(one);
  });
});
