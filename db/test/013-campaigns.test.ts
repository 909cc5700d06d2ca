import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import fc from "fast-check";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addQuest,
  draftPositioning,
  insertId,
  oneRow,
  outcomes,
  planCampaign,
} from "./support/domain.ts";

describe("positioning, messages, campaigns and quests", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
    await people.service.query(
      people.acme,
      "update codex.workspaces set cohorts_limit = 100 where id = $1",
      [people.acme],
    );
  });
  afterAll(() => db[Symbol.asyncDispose]());

  it("keeps one active positioning per segment when 8 are published at once", async () => {
    const segment = randomUUID();
    const ids = await Promise.all(
      Array.from({ length: 8 }, () => draftPositioning(people.sam, segment)),
    );
    const { done } = await outcomes(
      ids.map((id) =>
        people.sam.query("select codex.publish_positioning($1, $2)", [people.acme, id]),
      ),
    );
    expect(done).toBe(8);
    const states = await people.sam.query<{ status: string; revision: number }>(
      "select status, revision from codex.positioning where segment = $1 order by revision",
      [segment],
    );
    expect(states.map((row) => row.revision)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(states.filter((row) => row.status === "active")).toHaveLength(1);
    expect(states.filter((row) => row.status === "superseded")).toHaveLength(7);
  });

  it("refuses to publish an incomplete positioning, and to edit a published one", async () => {
    const bare = await insertId(
      people.sam,
      "insert into codex.positioning (workspace_id, segment, name) values ($1, 'bare', 'Bare') returning id",
    );
    await expect(
      people.sam.query("select codex.publish_positioning($1, $2)", [people.acme, bare]),
    ).rejects.toMatchObject({ constraint: "positioning_complete_when_published_check" });
    const full = await draftPositioning(people.sam, randomUUID());
    await people.sam.query("update codex.positioning set name = 'Edited' where id = $1", [full]);
    await people.sam.query("select codex.publish_positioning($1, $2)", [people.acme, full]);
    await expect(
      people.sam.query("update codex.positioning set name = 'Again' where id = $1", [full]),
    ).rejects.toMatchObject({ code: "KX004" });
    expect(
      await oneRow(people.vic, "select name, version from codex.positioning where id = $1", [full]),
    ).toEqual({
      name: "Edited",
      version: 3,
    });
  });

  it.each([
    [[{ claim: "C", proofPoints: [{ text: "T" }] }]],
    [[{ claim: "", proofPoints: [] }]],
    [[{ claim: "C" }]],
    [{ claim: "C" }],
  ])("refuses pillars whose proof has no source: %j", async (pillars) => {
    const id = await draftPositioning(people.sam, randomUUID());
    const put = (value: unknown) =>
      people.cleo.query(
        `insert into codex.message_architecture (workspace_id, positioning_id, name, core_message, pillars)
         values ($1, $2, 'M', 'Core', $3)`,
        [people.acme, id, JSON.stringify(value)],
      );
    await expect(put(pillars)).rejects.toMatchObject({
      constraint: "message_architecture_pillars_prove_their_claims_check",
    });
    await put([{ claim: "C", proofPoints: [{ text: "T", source: "S" }] }]);
  });

  it("allows every edge of a campaign's states and refuses every other", async () => {
    const edges: Record<string, string[]> = {
      draft: ["planning", "cancelled"],
      planning: ["active", "cancelled"],
      active: ["paused", "completed", "cancelled"],
      paused: ["active", "completed", "cancelled"],
      completed: ["archived"],
      archived: [],
      cancelled: [],
    };
    const way: Record<string, string[]> = {
      draft: [],
      planning: ["planning"],
      active: ["planning", "active"],
      paused: ["planning", "active", "paused"],
      completed: ["planning", "active", "completed"],
      archived: ["planning", "active", "completed", "archived"],
      cancelled: ["cancelled"],
    };
    const positioningId = await draftPositioning(people.sam, randomUUID());
    await people.sam.query("select codex.publish_positioning($1, $2)", [
      people.acme,
      positioningId,
    ]);
    for (const from of Object.keys(edges)) {
      for (const to of Object.keys(edges).filter((state) => state !== from)) {
        const id = await insertId(
          people.cleo,
          `insert into codex.campaigns (workspace_id, name, positioning_id, start_date)
           values ($1, 'C', $2, '2026-01-01') returning id`,
          [positioningId],
        );
        await addQuest(people.cleo, id);
        const go = (state: string) =>
          people.cleo.query("update codex.campaigns set status = $2 where id = $1", [id, state]);
        for (const state of way[from] ?? []) await go(state);
        const attempt = go(to);
        if (edges[from]?.includes(to)) await attempt;
        else await expect(attempt, `${from} to ${to}`).rejects.toMatchObject({ code: "KX002" });
      }
    }
  });

  it("activates only with an active positioning, a start date and a quest or cohort", async () => {
    const id = await planCampaign(people.sam, randomUUID());
    const activate = () =>
      people.cleo.query("update codex.campaigns set status = 'active' where id = $1", [id]);
    await expect(activate()).rejects.toMatchObject({
      code: "KX007",
      message: expect.stringContaining("quest"),
    });
    await addQuest(people.cleo, id);
    await people.cleo.query("update codex.campaigns set start_date = null where id = $1", [id]);
    await expect(activate()).rejects.toMatchObject({
      message: expect.stringContaining("start date"),
    });
    await people.cleo.query("update codex.campaigns set start_date = '2026-01-01' where id = $1", [
      id,
    ]);
    await people.sam.query(
      "update codex.positioning p set status = 'retracted' from codex.campaigns c where c.id = $1 and p.id = c.positioning_id",
      [id],
    );
    await expect(activate()).rejects.toMatchObject({
      message: expect.stringContaining("positioning"),
    });
  });

  it("deletes no campaign, for whichever writer", async () => {
    const id = await planCampaign(people.sam, randomUUID());
    await expect(
      people.service.query(people.acme, "delete from codex.campaigns where id = $1", [id]),
    ).rejects.toMatchObject({ code: "KX004" });
    expect(
      await people.vic.query("select id from codex.campaigns where id = $1", [id]),
    ).toHaveLength(1);
  });

  it("nests campaigns at most five levels deep", async () => {
    let parentId: string | null = null;
    const add = (parent: string | null): Promise<string> =>
      insertId(
        people.cleo,
        "insert into codex.campaigns (workspace_id, name, parent_id) values ($1, 'C', $2) returning id",
        [parent],
      );
    const ids: string[] = [];
    for (let level = 1; level <= 5; level++) {
      parentId = await add(parentId);
      ids.push(parentId);
    }
    await expect(add(parentId)).rejects.toMatchObject({ code: "KX005" });
    await expect(
      people.cleo.query("update codex.campaigns set parent_id = $2 where id = $1", [
        ids[0],
        ids[3],
      ]),
    ).rejects.toMatchObject({ code: "KX005" });
  });

  it("makes no quest cycle when two are moved below each other at once, 20 times", async () => {
    const campaignId = await planCampaign(people.sam, randomUUID());
    for (let round = 0; round < 20; round++) {
      const [a, b] = [
        await addQuest(people.cleo, campaignId),
        await addQuest(people.cleo, campaignId),
      ];
      const move = (id: string, parentId: string) =>
        people.cleo.query("update codex.campaign_quests set parent_id = $2 where id = $1", [
          id,
          parentId,
        ]);
      const { done, codes } = await outcomes([move(a, b), move(b, a)]);
      expect([done, codes]).toEqual([1, [expect.stringMatching(/^(KX005|40P01)$/)]]);
    }
  });

  it("nests quests at most eight levels deep, in one campaign", async () => {
    const campaignId = await planCampaign(people.sam, randomUUID());
    let parentId = await addQuest(people.cleo, campaignId);
    for (let level = 2; level <= 8; level++)
      parentId = await addQuest(people.cleo, campaignId, { parentId });
    await expect(addQuest(people.cleo, campaignId, { parentId })).rejects.toMatchObject({
      code: "KX005",
    });
    const other = await planCampaign(people.sam, randomUUID());
    await expect(addQuest(people.cleo, other, { parentId })).rejects.toMatchObject({
      code: "23503",
    });
  });

  it("keeps every quest's progress the weighted mean of its children, over random trees", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            parent: fc.nat(),
            weight: fc.integer({ min: 1, max: 9 }),
            progress: fc.integer({ min: 0, max: 100 }),
            skip: fc.boolean(),
          }),
          { minLength: 2, maxLength: 8 },
        ),
        async (nodes) => {
          const campaignId = await planCampaign(people.sam, randomUUID());
          const ids: string[] = [];
          const parents: (number | undefined)[] = [];
          for (const [at, node] of nodes.entries()) {
            const parent = at === 0 ? undefined : node.parent % at;
            parents.push(parent);
            const parentId = parent === undefined ? undefined : ids[parent];
            ids.push(
              await addQuest(people.cleo, campaignId, {
                weight: node.weight,
                ...(parentId === undefined ? {} : { parentId }),
              }),
            );
          }
          for (const [at, node] of nodes.entries()) {
            await people.cleo.query(
              "update codex.campaign_quests set progress = $2, status = case when $3 then 'skipped' else status end where id = $1",
              [ids[at], node.progress, node.skip],
            );
          }
          const rows = await people.vic.query<{
            id: string;
            progress: number;
            weight: number;
            status: string;
          }>(
            "select id, progress, weight, status from codex.campaign_quests where campaign_id = $1",
            [campaignId],
          );
          const byId = new Map(rows.map((row) => [row.id, row]));
          for (const [at, id] of ids.entries()) {
            const children = ids
              .filter((_, child) => parents[child] === at)
              .flatMap((child) => byId.get(child) ?? [])
              .filter((child) => child.status !== "skipped");
            if (children.length === 0) continue;
            const weights = children.reduce((sum, child) => sum + child.weight, 0);
            const mean =
              children.reduce((sum, child) => sum + child.progress * child.weight, 0) / weights;
            expect(byId.get(id)?.progress).toBe(Math.round(mean));
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  it("counts an edit of a quest in its version, and progress not", async () => {
    const campaignId = await planCampaign(people.sam, randomUUID());
    const id = await addQuest(people.cleo, campaignId);
    await people.cleo.query("update codex.campaign_quests set progress = 40 where id = $1", [id]);
    await people.cleo.query("update codex.campaign_quests set name = 'Renamed' where id = $1", [
      id,
    ]);
    expect(
      await oneRow(
        people.vic,
        "select progress, version from codex.campaign_quests where id = $1",
        [id],
      ),
    ).toEqual({
      progress: 40,
      version: 2,
    });
  });

  it("lets the shares of a campaign never pass 100 when 8 are written at once", async () => {
    const campaignId = await planCampaign(people.sam, randomUUID());
    const cohortIds = await Promise.all(
      Array.from({ length: 8 }, () =>
        insertId(
          people.cleo,
          "insert into codex.cohorts (workspace_id, name) values ($1, gen_random_uuid()::text) returning id",
        ),
      ),
    );
    const { done, codes } = await outcomes(
      cohortIds.map((cohortId) =>
        people.cleo.query(
          "insert into codex.campaign_cohorts (workspace_id, campaign_id, cohort_id, allocation_percentage) values ($1, $2, $3, 30)",
          [people.acme, campaignId, cohortId],
        ),
      ),
    );
    expect([done, new Set(codes)]).toEqual([3, new Set(["KX006"])]);
    await expect(
      people.cleo.query("update codex.campaign_cohorts set reached_count = 1, converted_count = 2"),
    ).rejects.toMatchObject({ constraint: "campaign_cohorts_converted_of_reached_check" });
  });

  it("keeps within the plan's number of cohorts when many are made at once", async () => {
    await people.service.query(
      people.globex,
      "update codex.workspaces set cohorts_limit = 3 where id = $1",
      [people.globex],
    );
    const { done, codes } = await outcomes(
      Array.from({ length: 8 }, (_, at) =>
        people.bob.query("insert into codex.cohorts (workspace_id, name) values ($1, $2)", [
          people.globex,
          `c${at}`,
        ]),
      ),
    );
    expect([done, new Set(codes)]).toEqual([3, new Set(["KX006"])]);
  });
});
