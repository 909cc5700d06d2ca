import { canMakeDatabases, cast, testDatabase } from "@codex/testkit";
import type { Cast, Person, Row, TestDatabase } from "@codex/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addQuest, insertId, oneRow } from "./support/domain.ts";
import { migrationFiles } from "./support/files.ts";

let db: TestDatabase;
let people: Cast;
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  people = await cast(db);
});
afterAll(() => db[Symbol.asyncDispose]());

/** Changes rows as no writer may: without triggers. */
async function bend(...statements: readonly string[]): Promise<void> {
  const client = await db.connect();
  await client.query("set session_replication_role = replica");
  for (const sql of statements) await client.query(sql, [people.acme]);
  await client.end();
}
const service = (sql: string, params: readonly unknown[] = []): Promise<Row[]> =>
  people.service.query(people.acme, sql, [people.acme, ...params]);

describe("boards that retention removes", () => {
  const earn = ({ userId }: Person): Promise<unknown> =>
    people.sam.query("select codex.adjust_points($1, $2, 70, 'because')", [people.acme, userId]);
  /** What was earned so far was earned in January 2024. */
  const age = (): Promise<void> =>
    bend(
      "update codex.points_ledger set board_date = '2024-01-10' where workspace_id = $1",
      ...["scores", "buckets"].map(
        (table) =>
          `update codex.leaderboard_${table}
           set board = case split_part(board, ':', 1) when 'month' then 'month:2024-01' else 'week:2024-W02' end
           where workspace_id = $1 and board <> 'all'`,
      ),
    );
  const prune = (limit: number): Promise<Row[]> =>
    service("select * from codex.run_retention($1, 'leaderboards', 400, $2)", [limit]);
  const drift = async (): Promise<string[]> => {
    const { drift: lines } = await oneRow<{ drift: { figure: string }[] }>(
      people.ada,
      "select drift from codex.reconcile_points($1)",
      [people.acme],
    );
    return lines.map(({ figure }) => figure);
  };

  it("are no drift of the points, in part or whole; what is left of them is compared", async () => {
    for (const person of [people.ann, people.cleo, people.vic]) await earn(person);
    await age();
    expect(await drift()).toEqual([]);
    const old = "where workspace_id = $1 and board = 'month:2024-01'";
    await bend(`update codex.leaderboard_scores set score = score + 1 ${old}`);
    expect(await drift()).toContain("board month:2024-01");
    await bend(`update codex.leaderboard_scores set score = score - 1 ${old}`);
    expect(await prune(1)).toContainEqual({ relation: "leaderboard_scores", amount: "1" });
    expect(await drift()).toEqual([]);
    expect(await prune(1_000)).toContainEqual({ relation: "leaderboard_scores", amount: "5" });
    expect(await drift()).toEqual([]);
    // A board that stays is to be there.
    await earn(people.ann);
    await bend(
      "delete from codex.leaderboard_scores where workspace_id = $1 and board like 'month:%'",
    );
    expect(await drift()).toContainEqual(expect.stringMatching(/^board month:/u));
  });

  it("go beside somebody who hides their figures", async () => {
    await earn(people.ann);
    await age();
    const holder = await db.connect();
    const waiting = (count: number): Promise<void> =>
      expect
        .poll(async () => {
          const { rows } = await db.admin.query(
            "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
          );
          return rows.length;
        })
        .toBe(count);
    await holder.query("begin");
    await holder.query(
      "select pg_advisory_xact_lock(hashtextextended(format('codex.points:%s:%s', $1::uuid, codex.member_slot($2)), 0))",
      [people.acme, people.ann.userId],
    );
    const calls = [people.ann.query("select codex.set_visibility($1, 'private')", [people.acme])];
    await waiting(1);
    calls.push(prune(1_000));
    await waiting(2);
    await holder.query("rollback");
    await holder.end();
    const ends = await Promise.allSettled(calls);
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  });
});

describe("a run that is recorded", () => {
  it("takes no longer than can be summed up with the others of the hour", async () => {
    const [row] = await people.service.query<{ id: string }>(
      people.acme,
      `insert into codex.agent_registry (name, guild, agent_type, status)
       values (gen_random_uuid(), 'research', 'researcher', 'active') returning id`,
    );
    const agent = row?.id ?? "";
    await insertId(
      people.sam,
      "insert into codex.agent_assignments (workspace_id, agent_id) values ($1, $2) returning id",
      [agent],
    );
    const record = (ms: string | null, success: boolean | null = true): Promise<Row[]> =>
      people.sam.query("select codex.record_agent_execution($1, $2, $3, 0, 0, 0, $4)", [
        people.acme,
        agent,
        ms,
        success,
      ]);
    for (const ms of ["9223372036854775807", "1000000000001", "-1", null])
      await expect(record(ms), String(ms)).rejects.toMatchObject({
        code: "KX011",
        message: "a run takes 0 to 10^12 milliseconds, and its success is true or false",
      });
    await expect(record("1", null)).rejects.toMatchObject({ code: "KX011" });
    for (const ms of ["1000000000000", "1"]) await record(ms);
    expect(
      await people.vic.query(
        "select total_duration_ms as total from codex.agent_performance where agent_id = $1",
        [agent],
      ),
    ).toEqual([{ total: "1000000000001" }]);
  });
});

describe("a quest that waits for another", () => {
  it("is moved neither into it nor above it, alone or with what stands between", async () => {
    const campaign = await insertId(
      people.cleo,
      "insert into codex.campaigns (workspace_id, name) values ($1, 'C') returning id",
    );
    const quest = (parentId?: string): Promise<string> =>
      addQuest(people.cleo, campaign, parentId === undefined ? {} : { parentId });
    const wait = (one: string, other: string): Promise<unknown> =>
      people.cleo.query(
        `insert into codex.quest_dependencies (workspace_id, campaign_id, quest_id, depends_on_id)
         values ($1, $2, $3, $4)`,
        [people.acme, campaign, one, other],
      );
    const move = (id: string, to: string | null): Promise<unknown> =>
      people.cleo.query("select codex.move_quest($1, $2, $3)", [people.acme, id, to]);
    const [late, early] = [await quest(), await quest()];
    await wait(late, early);
    const [above, below] = [await quest(late), await quest(early)];
    for (const [id, to] of [
      [late, early],
      [early, late],
      [late, below],
      [early, above],
    ] as const)
      await expect(move(id, to)).rejects.toMatchObject({
        code: "KX005",
        message: "a quest does not wait for its own part, nor a part for its whole",
      });
    await expect(
      people.cleo.query("update codex.campaign_quests set parent_id = $2 where id = $1", [
        late,
        below,
      ]),
    ).rejects.toMatchObject({ code: "KX005" });
    // Beside each other under one whole they may wait, and each part goes where nobody waits.
    const whole = await quest();
    await move(late, whole);
    await move(early, whole);
    await move(above, below);
    await people.cleo.query("select codex.complete_quest($1, $2, 'cascade')", [people.acme, whole]);
    expect(
      await people.vic.query(
        "select distinct status from codex.campaign_quests where campaign_id = $1",
        [campaign],
      ),
    ).toEqual([{ status: "completed" }]);
  });

  it("stays where it is, and is put among others, if it came there before", async () => {
    const campaign = await insertId(
      people.cleo,
      "insert into codex.campaigns (workspace_id, name) values ($1, 'C') returning id",
    );
    const whole = await addQuest(people.cleo, campaign);
    const part = await addQuest(people.cleo, campaign, { parentId: whole });
    await bend(
      `insert into codex.quest_dependencies (workspace_id, campaign_id, quest_id, depends_on_id)
       values ($1, '${campaign}', '${part}', '${whole}')`,
    );
    const move = (to: string | null): Promise<unknown> =>
      people.cleo.query("select codex.move_quest($1, $2, $3, 'first')", [people.acme, part, to]);
    await move(whole);
    await move(null);
    await expect(move(whole)).rejects.toMatchObject({ code: "KX005" });
  });
});

describe("a time zone that there is not", () => {
  const unknown = "Mars/Olympus";
  const refusal = { code: "KX011", column: "time_zone" };

  it("is written into no profile and no workspace, whoever writes", async () => {
    const { userId } = people.vic;
    const ofProfile = "update codex.user_profiles set time_zone = $2 where id = $1";
    const ofWorkspace = "update codex.workspaces set time_zone = $2 where id = $1";
    for (const zone of [unknown, "+05:45", ""]) {
      await expect(people.vic.query(ofProfile, [userId, zone]), zone).rejects.toMatchObject(
        refusal,
      );
      await expect(people.ada.query(ofWorkspace, [people.acme, zone]), zone).rejects.toMatchObject(
        refusal,
      );
      await expect(
        people.service.query(people.acme, ofProfile, [userId, zone]),
        zone,
      ).rejects.toMatchObject(refusal);
    }
    await expect(
      people.service.query(
        people.acme,
        "insert into codex.user_profiles (issuer, subject, time_zone) values ('i', gen_random_uuid(), $1)",
        [unknown],
      ),
    ).rejects.toMatchObject(refusal);
    await people.vic.query(ofProfile, [userId, "Asia/Kathmandu"]);
    await people.ada.query(ofWorkspace, [people.acme, "Europe/Berlin"]);
  });

  it("keeps a person from nothing else, if it came there before", async () => {
    const { userId } = people.vic;
    await bend(
      `update codex.user_profiles set time_zone = '${unknown}'
       where id = '${userId}' and exists (select from codex.workspaces where id = $1)`,
    );
    await people.vic.query("update codex.user_profiles set display_name = 'V' where id = $1", [
      userId,
    ]);
    await people.vic.query("update codex.user_profiles set time_zone = 'UTC' where id = $1", [
      userId,
    ]);
    expect(
      await people.vic.query("select display_name, time_zone from codex.user_profiles"),
    ).toEqual([{ display_name: "V", time_zone: "UTC" }]);
  });
});

describe("a silence that is put off", () => {
  it("lets go at once what it had kept", async () => {
    const silence = await insertId(
      people.sam,
      `insert into codex.alert_silences (workspace_id, matchers, starts_at, ends_at, comment)
       values ($1, $2, now(), now() + interval '2 hours', 'C') returning id`,
      [JSON.stringify([{ label: "type", op: "is", value: "error" }])],
    );
    const alert = await oneRow(
      people.ann,
      `select alert_id as id, suppressed_by as why from codex.trigger_alert($1, null,
         '{"type": "error", "severity": "high", "title": "A"}')`,
      [people.acme],
    );
    expect(alert).toMatchObject({ why: "silenced" });
    await people.sam.query(
      "update codex.alert_silences set starts_at = now() + interval '1 hour' where id = $1",
      [silence],
    );
    expect(await service("select codex.escalate_alerts($1) as done")).toEqual([{ done: 1 }]);
    expect(
      await service(
        "select kind from codex.alert_events where workspace_id = $1 and alert_id = $2 order by number",
        [alert["id"]],
      ),
    ).toEqual([
      { kind: "opened" },
      { kind: "silenced" },
      { kind: "skipped" },
      { kind: "notified" },
    ]);
  });
});

describe.runIf(canMakeDatabases())(
  "an insight that had ended before its alert ended with it",
  () => {
    it("has its alert resolved by the migration; one that is active, or that somebody made, has not", async () => {
      const insight = async (): Promise<string> => {
        const signal = await insertId(
          people.ann,
          `insert into codex.intelligence_signals (workspace_id, fingerprint, source_type, category, title,
           confidence, relevance, first_seen_at, last_seen_at)
         values ($1, gen_random_uuid(), 'market', 'market_trend', 'S', 80, 80, now(), now()) returning id`,
        );
        return insertId(
          people.ann,
          "select codex.create_insight_from_signals($1, array[$2::uuid], 'I', 'trend') as id",
          [signal],
        );
      };
      const [ended, active] = [await insight(), await insight()];
      await bend(
        `update codex.intelligence_signals set first_seen_at = now() - interval '300 days',
         last_seen_at = now() - interval '300 days' where workspace_id = $1`,
      );
      await service("select codex.raise_stale_insights($1)");
      await people.ann.query(
        `select codex.trigger_alert($1, null,
         '{"type": "error", "severity": "low", "title": "A", "dedupKey": "insight.stale:none"}')`,
        [people.acme],
      );
      await bend(
        `update codex.market_insights set status = 'archived' where workspace_id = $1 and id = '${ended}'`,
      );
      const alerts = async (): Promise<Record<string, unknown>> =>
        Object.fromEntries(
          (
            await people.vic.query("select dedup_key, status, ended_by from codex.system_alerts")
          ).map(({ dedup_key: key, status, ended_by: by }) => [String(key), [status, by]]),
        );
      const open = ["active", null];
      const before = {
        [`insight.stale:${ended}`]: open,
        [`insight.stale:${active}`]: open,
        "insight.stale:none": open,
      };
      expect(await alerts()).toEqual(before);
      const file = (await migrationFiles()).find(({ version }) => version === 46);
      const owner = await db.connect();
      for (let time = 0; time < 2; time += 1)
        await owner.query(`begin; set local role codex_owner; ${file?.up ?? ""}; commit`);
      await owner.end();
      expect(await alerts()).toEqual({ ...before, [`insight.stale:${ended}`]: ["resolved", null] });
      expect(
        await service(
          `select e.kind from codex.alert_events e
         join codex.system_alerts a on a.workspace_id = e.workspace_id and a.id = e.alert_id
         where e.workspace_id = $1 and a.dedup_key = $2 order by e.number`,
          [`insight.stale:${ended}`],
        ),
      ).toEqual([{ kind: "opened" }, { kind: "notified" }, { kind: "resolved" }]);
    });
  },
);
