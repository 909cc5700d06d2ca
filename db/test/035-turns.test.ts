import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Row, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

let db: TestDatabase;
let people: Cast;
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  people = await cast(db);
});
afterAll(() => db[Symbol.asyncDispose]());

describe("those who come and go", () => {
  const leave =
    "update codex.user_workspaces set removed_at = now() where workspace_id = $1 and user_id = $2";
  const counts = async (): Promise<Row | undefined> => {
    const { rows } = await db.admin.query<Row>(
      `select (select coalesce(sum(members), 0)::integer from codex.member_counts where workspace_id = $1) as counted,
         (select count(*)::integer from codex.user_workspaces
           where workspace_id = $1 and removed_at is null) as there`,
      [people.acme],
    );
    return rows[0];
  };
  /** Whether `count` sessions of this database wait for a lock. */
  const wait = (count: number): Promise<void> =>
    expect
      .poll(async () => {
        const { rows } = await db.admin.query(
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        return rows.length;
      })
      .toBe(count);

  it("hold no row while they wait for their turn, so that two who remove the same do not hold each other", async () => {
    const other: { ends?: Promise<unknown> } = {};
    await people.ada.tx(async (client) => {
      await client.query(leave, [people.acme, people.vic.userId]);
      other.ends = people.service.query(people.acme, leave, [people.acme, people.ann.userId]);
      other.ends.catch(() => {});
      await wait(1);
      await client.query(leave, [people.acme, people.ann.userId]);
    });
    await other.ends;
    expect(await counts()).toEqual({ counted: 3, there: 3 });
  });

  it("do not hold each other where owners go, one of them after another was demoted", async () => {
    const role =
      "update codex.user_workspaces set role = $3 where workspace_id = $1 and user_id = $2";
    for (const { userId } of [people.sam, people.cleo])
      await people.ada.query(role, [people.acme, userId, "owner"]);
    const other: { ends?: Promise<unknown> } = {};
    await people.ada.tx(async (client) => {
      await client.query(role, [people.acme, people.sam.userId, "viewer"]);
      other.ends = people.ada.query(leave, [people.acme, people.cleo.userId]);
      other.ends.catch(() => {});
      await wait(1);
      await client.query(leave, [people.acme, people.vic.userId]);
    });
    await other.ends;
    expect(await counts()).toEqual({ counted: 3, there: 3 });
  });

  it("hold up a purge and are held up by none", async () => {
    const others: Promise<unknown>[] = [];
    await people.ada.tx(async (client) => {
      await client.query(leave, [people.acme, people.vic.userId]);
      for (const { userId } of [people.ann, people.cleo])
        others.push(people.service.query(people.acme, leave, [people.acme, userId]));
      await wait(2);
      others.push(
        people.service.query(people.acme, "select codex.purge_workspace($1)", [people.acme]),
      );
      await wait(3);
    });
    await Promise.all(others);
    expect(await counts()).toEqual({ counted: 0, there: 0 });
  });

  it("are counted where a member becomes another person", async () => {
    const [from, to] = ["00", "01"].map((end) => `${randomUUID().slice(0, -2)}${end}`);
    for (const id of [from, to])
      await people.service.query(
        people.acme,
        "insert into codex.user_profiles (id, issuer, subject) values ($1::uuid, 'turns', $1::text)",
        [id],
      );
    await people.service.query(
      people.acme,
      "insert into codex.user_workspaces (workspace_id, user_id, role) values ($1, $2, 'viewer')",
      [people.acme, from],
    );
    await people.service.query(
      people.acme,
      "update codex.user_workspaces set user_id = $3 where workspace_id = $1 and user_id = $2",
      [people.acme, from, to],
    );
    expect(await counts()).toEqual({ counted: 6, there: 6 });
    await people.service.query(people.acme, leave, [people.acme, to]);
    expect(await counts()).toEqual({ counted: 5, there: 5 });
  });
});

describe("e-mails that waited for a week", () => {
  const queue = async (
    count: number,
    { age, state = "pending", attempts = 0 }: { age: string; state?: string; attempts?: number },
  ): Promise<void> => {
    const id = randomUUID();
    await people.cleo.query(
      `select codex.send_notification($1, $2, array[$3]::uuid[], '{"type": "message", "title": "N"}')`,
      [people.acme, id, people.vic.userId],
    );
    const client = await db.connect();
    await client.query("set session_replication_role = replica");
    await client.query(
      `insert into codex.notification_deliveries
         (workspace_id, channel, user_id, notification_id, dedup_key, next_attempt_at, state, attempts)
       select $1, 'email', $2, $3::uuid, 'copy ' || $3::uuid || n, now() - $5::interval, $6, $7
       from generate_series(1, $4::integer) as n`,
      [people.acme, people.vic.userId, id, count, age, state, attempts],
    );
    await client.end();
  };
  const claim = (max: number, without: readonly string[]): Promise<Row[]> =>
    people.service.query(
      people.acme,
      "select channel from codex.claim_deliveries($1, 'worker', $2, 60000, $3)",
      [people.acme, max, without],
    );
  const states = async (): Promise<Row[]> =>
    people.service.query(
      people.acme,
      `select state, count(*)::integer from codex.notification_deliveries
       where workspace_id = $1 group by state order by state`,
      [people.acme],
    );

  it("are ended a thousand at a time, and then what waits behind them is taken", async () => {
    await queue(2_500, { age: "8 days" });
    await queue(1, { age: "1 minute" });
    expect(await claim(10, [])).toEqual([]);
    expect(await states()).toEqual([
      { state: "dropped", count: 1_000 },
      { state: "pending", count: 1_501 },
    ]);
    expect(await claim(10, [])).toEqual([]);
    expect(await claim(10, [])).toEqual([{ channel: "email" }]);
    expect(await states()).toEqual([
      { state: "dropped", count: 2_500 },
      { state: "sending", count: 1 },
    ]);
  });

  it("are ended though they were tried, and are no work any more", async () => {
    const isWork = async (): Promise<boolean> => {
      const found = await people.service.query(
        people.acme,
        "select id from codex.workspaces_with_work('deliveries', null, 1000, '{email}') as id",
      );
      return found.some(({ id }) => id === people.acme);
    };
    await queue(3, { age: "8 days", state: "failed", attempts: 2 });
    await queue(2, { age: "6 days", state: "failed", attempts: 2 });
    expect(await isWork()).toBe(true);
    expect(await claim(10, ["email"])).toEqual([]);
    expect(await isWork()).toBe(false);
    expect(await states()).toEqual([
      { state: "dropped", count: 3 },
      { state: "failed", count: 2 },
    ]);
    expect(await claim(10, [])).toHaveLength(2);
  });
});
