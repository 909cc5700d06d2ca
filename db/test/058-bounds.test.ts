import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Row, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertId } from "./support/domain.ts";

let db: TestDatabase;
let people: Cast;
beforeAll(async () => {
  db = await testDatabase();
  people = await cast(db);
});
afterAll(() => db[Symbol.asyncDispose]());

const future = {
  code: "KX005",
  message: "what was seen lies in the future",
  table: "intelligence_signals",
};

describe("what was seen", () => {
  const add = (seen: string): Promise<string> =>
    insertId(
      people.ann,
      `insert into codex.intelligence_signals (workspace_id, fingerprint, source_type, category,
         title, confidence, first_seen_at, last_seen_at)
       values ($1, $2, 'market', 'market_trend', 'T', 50, ${seen}, ${seen}) returning id`,
      [randomUUID()],
    );
  const move = (id: string, seen: string): Promise<Row[]> =>
    people.ann.query(
      `update codex.intelligence_signals set last_seen_at = ${seen} where id = $1
       returning 1 as n`,
      [id],
    );

  it("was seen a day from now at the latest, whoever writes it", async () => {
    const id = await add("now() + interval '23 hours'");
    for (const seen of ["now() + interval '25 hours'", "'9999-01-01'", "'infinity'"]) {
      await expect(add(seen), seen).rejects.toMatchObject({ ...future, column: "occurred_at" });
      await expect(move(id, seen), seen).rejects.toMatchObject({
        ...future,
        column: "occurred_at",
      });
    }
    expect(await move(id, "now() + interval '23 hours'")).toEqual([{ n: 1 }]);
  });

  it("may lie further ahead where it did so before, and is written otherwise", async () => {
    const id = await add("now()");
    const admin = await db.connect();
    await admin.query("begin; set local session_replication_role = replica");
    await admin.query(
      "update codex.intelligence_signals set last_seen_at = '9000-01-01' where id = $1",
      [id],
    );
    await admin.query("commit");
    await admin.end();
    expect(await move(id, "last_seen_at")).toEqual([{ n: 1 }]);
    await expect(move(id, "'9001-01-01'")).rejects.toMatchObject(future);
    expect(await move(id, "now()")).toEqual([{ n: 1 }]);
  });

  it("is named as the caller names it: by the observation, and by its sighting", async () => {
    const id = await add("now()");
    const at = new Date(Date.now() + 3_600_000);
    const item = { title: "T", kind: "market", occurredAt: at };
    await expect(
      people.ann.query("select codex.ingest_signals($1, array[$2::jsonb])", [people.acme, item]),
    ).rejects.toMatchObject({ ...future, column: "occurred_at" });
    await expect(
      people.ann.query("select codex.merge_signals($1, array[$2::jsonb])", [
        people.acme,
        { signalId: id, occurredAt: at },
      ]),
    ).rejects.toMatchObject({ ...future, column: "at" });
  });
});

describe("an achievement", () => {
  it("is worth what one entry of the ledger may give at most, whoever defines it", async () => {
    const define = (points: number): Promise<string> =>
      insertId(
        people.sam,
        `insert into codex.achievements (workspace_id, key, name, points)
         values ($1, 'worth_' || left($2, 8), 'Worth', $3) returning id`,
        [randomUUID(), points],
      );
    const id = await define(1_000_000_000);
    const refused = { code: "23514", constraint: "achievements_points_in_range_check" };
    await expect(define(1_000_000_001)).rejects.toMatchObject(refused);
    await expect(
      people.sam.query("update codex.achievements set points = points + 1 where id = $1", [id]),
    ).rejects.toMatchObject(refused);
  });
});

describe("executions", () => {
  const start = (assignment: string, availableAt: string): Promise<Row[]> =>
    people.cleo.query(
      "select id, available_at from codex.start_execution($1, $2, $3, '{}', 'enqueue', $4)",
      [people.acme, randomUUID(), assignment, { availableAt }],
    );

  it("wait for a moment of the years 1 to 9999, and after a failure for a week at most", async () => {
    const [agent] = await people.service.query<{ id: string }>(
      people.acme,
      `insert into codex.agent_registry (name, guild, agent_type, status)
       values ('Waits', 'research', 'researcher', 'active') returning id`,
    );
    const assignment = await insertId(
      people.sam,
      "insert into codex.agent_assignments (workspace_id, agent_id) values ($1, $2) returning id",
      [agent?.id],
    );
    const unreadable = {
      code: "KX011",
      message: "is not within the years 1 to 9999",
      table: "agent_executions",
      column: "available_at",
    };
    for (const moment of [
      "10000-01-01 00:00:00Z",
      "infinity",
      "-infinity",
      "0001-12-31 23:59:59Z BC",
    ])
      await expect(start(assignment, moment), moment).rejects.toMatchObject(unreadable);
    expect(await start(assignment, "9999-12-31 23:59:59.999Z")).toHaveLength(1);
    await start(assignment, "0001-01-01 00:00:00Z");
    const [claimed] = await people.cleo.query<{ id: string; token: string }>(
      `select id, fencing_token as token
       from codex.claim_executions($1, $2, 1, 60000)`,
      [people.acme, agent?.id],
    );
    const fail = (wait: number): Promise<Row[]> =>
      people.cleo.query("select status from codex.fail_execution($1, $2, $3, 'no', true, $4)", [
        people.acme,
        claimed?.id,
        claimed?.token,
        wait,
      ]);
    for (const wait of [-1, 604_800_001, Number.MAX_SAFE_INTEGER])
      await expect(fail(wait), String(wait)).rejects.toMatchObject({
        code: "KX011",
        column: "retry_after_ms",
      });
    expect(await fail(604_800_000)).toEqual([{ status: "queued" }]);
  });
});
