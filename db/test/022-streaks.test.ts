import { testDatabase } from "@codex/testkit";
import type { TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

interface Streak {
  readonly current: number;
  readonly longest: number;
  readonly last: string;
  readonly deadline: Date;
}

describe("streaks in the person's time zone", () => {
  let db: TestDatabase;
  let client: pg.Client;
  let workspace: string;
  let user: string;
  beforeAll(async () => {
    db = await testDatabase();
    client = await db.connect();
  });
  afterAll(() => db[Symbol.asyncDispose]());
  beforeEach(() => freshMember());

  async function freshMember(): Promise<void> {
    workspace = randomUUID();
    const { rows } = await client.query<{ id: string }>(
      "select codex.ensure_person('i', $1, 'Iris') as id",
      [randomUUID()],
    );
    user = rows[0]?.id ?? "";
    await client.query("select codex.create_workspace($1, $2, 'W', $3)", [
      workspace,
      user,
      `w-${workspace}`,
    ]);
    await client.query("select set_config('codex.workspace_id', $1, false)", [workspace]);
    await client.query("insert into codex.user_stats (workspace_id, user_id) values ($1, $2)", [
      workspace,
      user,
    ]);
  }

  /** Active at a moment of the wall clock of a zone, or at an instant. */
  const active = (at: string, zone: string): Promise<unknown> =>
    client.query(
      `select codex.mark_active_day($1, $2, ${at.endsWith("Z") ? "$3::timestamptz" : "$3::timestamp at time zone $4"}, $4)`,
      [workspace, user, at, zone],
    );
  async function streak(): Promise<Streak> {
    const { rows } = await client.query<Streak>(
      `select streak_current as current, streak_longest as longest,
         streak_last_local_date::text as last, streak_deadline_at as deadline
       from codex.user_stats where workspace_id = $1 and user_id = $2`,
      [workspace, user],
    );
    const [row] = rows;
    if (row === undefined) throw new Error("no stats");
    return row;
  }
  async function folded(): Promise<Streak> {
    const { rows } = await client.query<Streak>(
      `select current_days as current, longest_days as longest, last_date::text as last,
         deadline_at as deadline
       from codex.fold_streak($1, $2)`,
      [workspace, user],
    );
    const [row] = rows;
    if (row === undefined) throw new Error("no days");
    return row;
  }

  // The last minute that still counts, the first that does not, and the length of the day between.
  it.each([
    ["America/New_York", "in spring, over a day of 23 hours", "2026-03-07", "2026-03-09T04:00:00Z"],
    ["America/New_York", "in autumn, over a day of 25 hours", "2026-10-31", "2026-11-02T05:00:00Z"],
    ["Australia/Lord_Howe", "back by half an hour", "2026-04-04", "2026-04-05T13:30:00Z"],
    ["Australia/Lord_Howe", "ahead by half an hour", "2026-10-03", "2026-10-04T13:00:00Z"],
    ["Asia/Kathmandu", "a quarter off the hour", "2026-05-01", "2026-05-02T18:15:00Z"],
    ["Pacific/Apia", "over the day that was left out", "2011-12-29", "2011-12-31T10:00:00Z"],
    [
      "America/Sao_Paulo",
      "over a midnight that was left out",
      "2018-11-02",
      "2018-11-04T03:00:00Z",
    ],
  ])("%s %s end with the next day there is", async (zone, _, day, deadline) => {
    await active(`${day} 12:00`, zone);
    expect((await streak()).deadline.toISOString()).toBe(new Date(deadline).toISOString());
    const minuteBefore = new Date(Date.parse(deadline) - 60_000).toISOString();
    await client.query("begin");
    await active(minuteBefore, zone);
    expect((await streak()).current).toBe(2);
    await client.query("rollback");
    await active(new Date(deadline).toISOString(), zone);
    expect(await streak()).toMatchObject({ current: 1, longest: 1 });
  });

  it("go on across 30 December 2011 in Apia, which had none", async () => {
    for (const day of ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"])
      await active(`${day} 20:00`, "Pacific/Apia");
    expect(await streak()).toMatchObject({ current: 4, last: "2012-01-01" });
    expect(await folded()).toEqual(await streak());
  });

  it("count a day once, and survive a flight either way", async () => {
    await active("2026-05-10 23:30", "Asia/Tokyo");
    await active("2026-05-10 09:00", "America/Los_Angeles");
    expect(await streak()).toMatchObject({ current: 1, last: "2026-05-10" });
    await active("2026-05-11 23:00", "America/Los_Angeles");
    // A day later on the clock; there it is the 13th already.
    await active("2026-05-12T23:00:00Z", "Pacific/Auckland");
    expect(await streak()).toMatchObject({ current: 3, last: "2026-05-13" });
    expect(await folded()).toEqual(await streak());
  });

  it("are closed by a day that comes late, and never open again", async () => {
    for (const day of ["01", "02", "04", "05"])
      await active(`2026-05-${day} 12:00`, "Asia/Kathmandu");
    expect(await streak()).toMatchObject({ current: 2, longest: 2 });
    await active("2026-05-03 12:00", "Asia/Kathmandu");
    expect(await streak()).toMatchObject({ current: 5, longest: 5, last: "2026-05-05" });
    await active("2026-04-20 12:00", "Asia/Kathmandu");
    expect(await streak()).toMatchObject({ current: 5, last: "2026-05-05" });
  });

  const zones = [
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "America/New_York",
    "Asia/Kathmandu",
    "UTC",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
  ];
  const moment = (from: string) =>
    fc.record({
      at: fc
        .integer({ min: 0, max: 12 * 24 * 60 })
        .map((minutes) => new Date(Date.parse(from) + minutes * 60_000).toISOString()),
      zone: fc.constantFrom(...zones),
    });

  it.each(["2011-12-24T00:00:00Z", "2026-03-02T00:00:00Z", "2026-10-26T00:00:00Z"])(
    "equal what follows from the days, and deadline and last day never go back: 40 sequences from %s",
    async (from) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(moment(from), { maxLength: 25, minLength: 1 }),
          async (moments) => {
            await client.query("begin");
            try {
              await freshMember();
              let before: Streak | undefined;
              for (const { at, zone } of moments) {
                await active(at, zone);
                const now = await streak();
                if (before !== undefined) {
                  expect(now.deadline.getTime()).toBeGreaterThanOrEqual(before.deadline.getTime());
                  expect(now.last >= before.last).toBe(true);
                  expect(now.longest).toBeGreaterThanOrEqual(before.longest);
                }
                before = now;
              }
              const computed = await folded();
              expect(before).toEqual(computed);
            } finally {
              await client.query("rollback");
            }
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it.each(["2011-12-20T12:00:00Z", "2026-03-01T12:00:00Z", "2026-10-25T12:00:00Z"])(
    "are never broken by a change of zone: 60 journeys of 20 days, active every 24 hours, from %s",
    async (from) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...zones), { minLength: 20, maxLength: 20 }),
          async (journey) => {
            await client.query("begin");
            try {
              await freshMember();
              let longest = 0;
              for (const [day, zone] of journey.entries()) {
                await active(new Date(Date.parse(from) + day * 86_400_000).toISOString(), zone);
                const now = await streak();
                expect(now.current).toBeGreaterThanOrEqual(longest);
                longest = now.current;
              }
              // Each of the 20 days counted at most once.
              expect(longest).toBeLessThanOrEqual(journey.length);
            } finally {
              await client.query("rollback");
            }
          },
        ),
        { numRuns: 60 },
      );
    },
  );
});
