import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertId, outcomes, planCampaign } from "./support/domain.ts";

describe("quests that wait for each other", () => {
  let db: TestDatabase;
  let people: Cast;
  let campaign: string;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
    campaign = await planCampaign(people.sam, "developers");
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const quest = (parent: string | null = null): Promise<string> =>
    insertId(
      people.cleo,
      `insert into codex.campaign_quests (workspace_id, campaign_id, parent_id, name)
       values ($1, $2, $3, 'Quest') returning id`,
      [campaign, parent],
    );
  const wait = (one: string, other: string): Promise<unknown> =>
    people.cleo.query(
      `insert into codex.quest_dependencies (workspace_id, campaign_id, quest_id, depends_on_id)
       values ($1, $2, $3, $4)`,
      [people.acme, campaign, one, other],
    );
  const complete = async (id: string, children = "require"): Promise<string[]> => {
    const rows = await people.cleo.query<{ id: string }>(
      "select id from codex.complete_quest($1, $2, $3) as id",
      [people.acme, id, children],
    );
    return rows.map((row) => row.id);
  };
  const statuses = async (...ids: string[]): Promise<string[]> => {
    const rows = await people.vic.query<{ id: string; status: string }>(
      "select id, status from codex.campaign_quests where id = any ($1)",
      [ids],
    );
    return ids.map((id) => rows.find((row) => row.id === id)?.status ?? "");
  };
  const order = async (parent: string | null): Promise<string[]> => {
    const rows = await people.vic.query<{ id: string }>(
      `select id from codex.campaign_quests
       where campaign_id = $1 and parent_id is not distinct from $2 order by position, id`,
      [campaign, parent],
    );
    return rows.map((row) => row.id);
  };
  const move = (id: string, parent: string | null, ...place: (string | null)[]): Promise<unknown> =>
    people.cleo.query(
      `select codex.move_quest($1, $2, $3${place.map((_, at) => `, $${at + 4}`).join("")})`,
      [people.acme, id, parent, ...place],
    );

  it("form no circle, also when both ends are tied at once", async () => {
    const [a, b, c] = [await quest(), await quest(), await quest()];
    await wait(a, b);
    await wait(b, c);
    await expect(wait(c, a)).rejects.toMatchObject({ code: "KX005" });
    await expect(wait(a, a)).rejects.toMatchObject({ code: "KX005" });
    for (let round = 0; round < 10; round += 1) {
      const [x, y] = [await quest(), await quest()];
      expect(await outcomes([wait(x, y), wait(y, x)])).toEqual({ done: 1, codes: ["KX005"] });
    }
  });

  it("do not wait for their own whole or part, nor for a quest of another workspace", async () => {
    const whole = await quest();
    const part = await quest(await quest(whole));
    await expect(wait(part, whole)).rejects.toMatchObject({ code: "KX005" });
    await expect(wait(whole, part)).rejects.toMatchObject({ code: "KX005" });
    const foreign = await insertId(
      people.bob,
      "insert into codex.campaigns (workspace_id, name) values ($1, 'Theirs') returning id",
    );
    const theirs = await insertId(
      people.bob,
      "insert into codex.campaign_quests (workspace_id, campaign_id, name) values ($1, $2, 'Q') returning id",
      [foreign],
    );
    await expect(wait(whole, theirs)).rejects.toMatchObject({ code: "23503" });
  });

  it("are completed after what they wait for", async () => {
    const [late, early] = [await quest(), await quest()];
    await wait(late, early);
    await expect(complete(late)).rejects.toMatchObject({ code: "KX007" });
    await expect(
      people.cleo.query("update codex.campaign_quests set status = 'completed' where id = $1", [
        late,
      ]),
    ).rejects.toMatchObject({ code: "KX007" });
    expect(await complete(early)).toEqual([early]);
    expect(await complete(late)).toEqual([late]);
  });

  it("with open parts are refused, completed with them, or let them go", async () => {
    const whole = await quest();
    const [one, two] = [await quest(whole), await quest(whole)];
    await wait(one, two);
    const blocked = await quest(one);
    await people.cleo.query("update codex.campaign_quests set status = 'blocked' where id = $1", [
      blocked,
    ]);
    await expect(complete(whole)).rejects.toMatchObject({ code: "KX007" });
    expect(new Set(await complete(whole, "cascade"))).toEqual(new Set([whole, one, two, blocked]));
    expect(await statuses(whole, one, two, blocked)).toEqual(Array(4).fill("completed"));
    const root = await quest();
    const middle = await quest(root);
    const leaf = await quest(middle);
    expect(new Set(await complete(middle, "detach"))).toEqual(new Set([middle, leaf]));
    expect(await order(root)).toEqual(expect.arrayContaining([middle, leaf]));
    expect(await statuses(leaf)).toEqual(["pending"]);
  });

  it("are completed by a creator, in the own workspace, by a word that is known", async () => {
    const id = await quest();
    const call = "select codex.complete_quest($1, $2, $3)";
    await expect(people.vic.query(call, [people.acme, id, "require"])).rejects.toMatchObject({
      code: "KX010",
    });
    await expect(people.bob.query(call, [people.globex, id, "require"])).rejects.toMatchObject({
      code: "KX008",
    });
    await expect(people.bob.query(call, [people.acme, id, "require"])).rejects.toMatchObject({
      code: "KX003",
    });
    await expect(complete(id, "abandon")).rejects.toMatchObject({ code: "KX011" });
    expect(await statuses(id)).toEqual(["pending"]);
  });

  it("stand where they are put, also when there is no room between", async () => {
    const root = await quest();
    const [a, b, c] = [await quest(root), await quest(root), await quest(root)];
    expect(await order(root)).toEqual([a, b, c]);
    await move(c, root, "first");
    expect(await order(root)).toEqual([c, a, b]);
    await move(c, root);
    expect(await order(root)).toEqual([a, b, c]);
    const others: string[] = [];
    for (let n = 0; n < 15; n += 1) {
      const id = await quest(root);
      await move(id, root, "after", a);
      others.unshift(id);
    }
    expect(await order(root)).toEqual([a, ...others, b, c]);
    await expect(move(a, root, "after", root)).rejects.toMatchObject({ code: "KX011" });
    await expect(move(root, a)).rejects.toMatchObject({ code: "KX005" });
  });
});
