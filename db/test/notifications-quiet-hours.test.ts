import { testDatabase } from "@codex/testkit";
import type { TestDatabase } from "@codex/testkit";
import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

interface Interval {
  readonly from: string;
  readonly to: string;
  readonly days?: readonly number[];
}

// Each with its changes of the clock in 2026; Kathmandu has none, and 45 minutes instead.
const zones = {
  "America/New_York": ["2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"],
  "Australia/Lord_Howe": ["2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z"],
  "Asia/Kathmandu": ["2026-06-01T18:15:00Z"],
  "Europe/London": ["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"],
} as const;
type Zone = keyof typeof zones;
const minuteMs = 60_000;

describe("quiet hours", () => {
  let db: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    db = await testDatabase();
    client = await db.connect();
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const until = async (quiet: readonly Interval[], zone: string, at: string): Promise<string> => {
    const { rows } = await client.query<{ at: Date }>(
      "select codex.quiet_until($1, $2, $3) as at",
      [JSON.stringify(quiet), zone, at],
    );
    return rows[0]?.at.toISOString() ?? "";
  };
  const isValid = async (quiet: unknown): Promise<boolean> => {
    const { rows } = await client.query<{ valid: boolean }>(
      "select codex.is_quiet_hours($1) as valid",
      [JSON.stringify(quiet)],
    );
    return rows[0]?.valid === true;
  };

  const night = [{ from: "22:00", to: "07:00" }];
  it.each([
    ["before they begin", "America/New_York", "2026-01-15T02:59:59Z", "2026-01-15T02:59:59.000Z"],
    ["over midnight", "America/New_York", "2026-01-15T03:00:00Z", "2026-01-15T12:00:00.000Z"],
    ["after midnight", "America/New_York", "2026-01-15T09:00:00Z", "2026-01-15T12:00:00.000Z"],
    ["at their end", "America/New_York", "2026-01-15T12:00:00Z", "2026-01-15T12:00:00.000Z"],
    [
      "as clocks go forward",
      "America/New_York",
      "2026-03-08T05:00:00Z",
      "2026-03-08T11:00:00.000Z",
    ],
    ["as clocks go back", "America/New_York", "2026-11-01T04:00:00Z", "2026-11-01T12:00:00.000Z"],
    [
      "by half an hour back",
      "Australia/Lord_Howe",
      "2026-04-04T13:00:00Z",
      "2026-04-04T20:30:00.000Z",
    ],
    [
      "by half an hour on",
      "Australia/Lord_Howe",
      "2026-10-03T13:00:00Z",
      "2026-10-03T20:00:00.000Z",
    ],
    ["at a quarter", "Asia/Kathmandu", "2026-06-01T16:15:00Z", "2026-06-02T01:15:00.000Z"],
  ])("end at seven, %s", async (_, zone, at, expected) => {
    expect(await until(night, zone, at)).toBe(expected);
  });

  it("whose end the clock leaps over end with the leap; whose hour comes twice are kept twice", async () => {
    const gap = [{ from: "01:30", to: "02:30" }];
    expect(await until(gap, "America/New_York", "2026-03-08T06:45:00Z")).toBe(
      "2026-03-08T07:00:00.000Z",
    );
    const twice = [{ from: "01:15", to: "01:45" }];
    expect(await until(twice, "America/New_York", "2026-11-01T05:20:00Z")).toBe(
      "2026-11-01T05:45:00.000Z",
    );
    expect(await until(twice, "America/New_York", "2026-11-01T06:20:00Z")).toBe(
      "2026-11-01T06:45:00.000Z",
    );
  });

  it("follow each other, and begin on their days alone", async () => {
    const chain = [
      { from: "20:00", to: "22:00" },
      { from: "21:30", to: "06:00" },
      { from: "06:00", to: "06:30", days: [6] },
    ];
    // A Friday evening, and a Saturday one.
    expect(await until(chain, "UTC", "2026-05-29T20:30:00Z")).toBe("2026-05-30T06:30:00.000Z");
    expect(await until(chain, "UTC", "2026-05-30T20:30:00Z")).toBe("2026-05-31T06:00:00.000Z");
    const fridays = [{ from: "22:00", to: "02:00", days: [5] }];
    expect(await until(fridays, "UTC", "2026-05-30T01:00:00Z")).toBe("2026-05-30T02:00:00.000Z");
    expect(await until(fridays, "UTC", "2026-05-29T01:00:00Z")).toBe("2026-05-29T01:00:00.000Z");
  });

  const clock = fc
    .integer({ min: 0, max: 95 })
    .map((quarter) => new Date(quarter * 15 * minuteMs).toISOString().slice(11, 16));
  const interval = fc
    .record(
      {
        from: clock,
        to: clock,
        days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      },
      { requiredKeys: ["from", "to"] },
    )
    .filter(({ from, to }) => from !== to);
  const moment = fc.constantFrom(...(Object.keys(zones) as Zone[])).chain((zone) =>
    fc.record({
      zone: fc.constant(zone),
      change: fc.constantFrom(...zones[zone]),
      minutes: fc.integer({ min: -1_800, max: 1_800 }),
    }),
  );

  it("end at the first free minute on the wall, whatever they are, around 400 changes of the clock", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(interval, { maxLength: 3 }), moment, async (quiet, asked) => {
        fc.pre(await isValid(quiet));
        const at = new Date(Date.parse(asked.change) + asked.minutes * minuteMs).toISOString();
        expect(await until(quiet, asked.zone, at)).toBe(firstFree(quiet, asked.zone, at));
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    [[{ from: "25:00", to: "07:00" }]],
    [[{ from: "7:00", to: "08:00" }]],
    [[{ from: "07:00", to: "07:00" }]],
    [[{ from: "07:00" }]],
    [[{ from: "07:00", to: "08:00", days: [] }]],
    [[{ from: "07:00", to: "08:00", days: [0] }]],
    [[{ from: "07:00", to: "08:00", days: "1" }]],
    [["07:00"]],
    [{ from: "07:00", to: "08:00" }],
    [null],
    // Nothing of the week would be left.
    [
      [
        { from: "00:00", to: "12:00" },
        { from: "12:00", to: "00:00" },
      ],
    ],
    [
      [
        { from: "00:00", to: "12:30" },
        { from: "12:00", to: "00:00", days: [1, 2, 3, 4, 5, 6, 7] },
      ],
    ],
    [Array.from({ length: 21 }, () => ({ from: "01:00", to: "02:00" }))],
  ])("are refused as %j", async (quiet) => {
    expect(await isValid(quiet)).toBe(false);
  });

  it("may leave a minute of the week", async () => {
    const tight = [
      { from: "00:00", to: "12:00" },
      { from: "12:00", to: "00:00", days: [1, 2, 3, 4, 5, 6] },
      { from: "12:01", to: "00:00", days: [7] },
    ];
    expect(await isValid(tight)).toBe(true);
    expect(await until(tight, "UTC", "2026-06-01T00:00:00Z")).toBe("2026-06-07T12:00:00.000Z");
  });
});

/** Looks at the clock on the wall minute by minute; another way to the same answer. */
function firstFree(quiet: readonly Interval[], zone: string, at: string): string {
  const wall = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "short",
  });
  let ms = Date.parse(at);
  const isQuiet = (): boolean => {
    const [day = "", time = ""] = wall.format(ms).split(" ");
    const today = ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
    const yesterday = ((today + 5) % 7) + 1;
    return quiet.some(({ from, to, days = [1, 2, 3, 4, 5, 6, 7] }) =>
      from < to
        ? days.includes(today) && from <= time && time < to
        : (days.includes(today) && from <= time) || (days.includes(yesterday) && time < to),
    );
  };
  while (isQuiet()) ms += minuteMs;
  return new Date(ms).toISOString();
}
