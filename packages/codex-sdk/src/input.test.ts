import { describe, expect, it } from "vitest";
import { z } from "zod";
import { alertFilter } from "./alerts/schemas.ts";
import { createCampaignInput } from "./campaigns/schemas.ts";
import type { CodexError, InputIssue } from "./errors.ts";
import { anyText, instant, jsonObject, parse, text } from "./input.ts";
import { sendNotificationInput } from "./notifications/schemas.ts";
import * as schemas from "./schemas.ts";
import { ingestInput, linkSignalInput } from "./signals/schemas.ts";
import { setPreferencesInput } from "./preferences/schemas.ts";
import { addFeedInput } from "./feeds/schemas.ts";
import { overlapInput } from "./cohorts/schemas.ts";
import { createWebhookInput } from "./webhooks/schemas.ts";

const ada = "0192f0c4-7a1e-7c3d-9b2a-6d1e5f4a3b2c";

function issuesOf(schema: z.ZodType, input: unknown): readonly InputIssue[] {
  try {
    parse(schema, input);
    return [];
  } catch (error) {
    return (error as CodexError).issues ?? [];
  }
}

describe("what is wrong with input", () => {
  it.each<[string, z.ZodType, unknown]>([
    ["name: is missing", createCampaignInput, {}],
    ["the input: is blank", text(1, 9), " \t\u3000\u00a0"],
    ["name: is blank", createCampaignInput, { name: "\u200b" }],
    ["the input: is no moment with an offset, such as 2026-01-31T12:00:00Z", instant, "2026-01-31"],
    ["labels.Team: is no name of a label", alertFilter, { labels: { Team: "x" } }],
    ["labels.type: is what every alert has", alertFilter, { labels: { type: "x" } }],
    [
      "budget.amountMinor: is no whole number; one beyond 2^53 is sent as its digits, in quotes",
      createCampaignInput,
      { name: "x", budget: { amountMinor: 2 ** 53, currency: "EUR" } },
    ],
    [
      'to: is neither a list of 1 to 10,000 members nor "everyone"',
      sendNotificationInput,
      { to: "all", type: "message", title: "x" },
    ],
    ["the input: takes one id: competitorId", linkSignalInput, {}],
    [
      "url: holds a user or a password before its host",
      createWebhookInput,
      { url: "https://user:password@hooks.example.org/" },
    ],
    [
      "url: holds a user or a password before its host",
      addFeedInput,
      { url: "http://user@feeds.example.org/rss", kind: "market" },
    ],
    [
      "url: holds a user or a password before its host",
      ingestInput,
      { kind: "market", title: "t", url: "https://:password@example.org/" },
    ],
    ["the input: names nothing to set", setPreferencesInput, {}],
    ["the input: names a cohort twice", overlapInput, [ada, ada.toUpperCase()]],
  ])("is said: %s", (said, schema, input) => {
    expect(() => parse(schema, input)).toThrow(said);
  });

  it.each([
    ["zero-width spaces", "\u200b\u200b"],
    ["joiners", "\u200c\u200d\u034f"],
    ["a word joiner", "\u2060"],
    ["a byte order mark", "\ufeff"],
    ["marks of direction", "\u200e\u200f\u061c\u202a\u202e\u2066\u2069"],
    ["a soft hyphen", "\u00ad"],
    ["controls", "\u0001\u001b\u0085"],
    ["blank letters", "\u3164\u115f\uffa0\u2800"],
    ["variation selectors and tags", "\ufe0f\u{e0041}"],
    ["several of them between spaces", " \u200b \u2060\n"],
  ])("is that nothing is seen of %s", (_, blank) => {
    expect(() => parse(text(1, 20), blank)).toThrow("the input: is blank");
    expect(parse(text(0, 20), blank)).toBe(blank);
    const around = `${blank}a${blank}`;
    expect(parse(text(1, 50), around)).toBe(around);
  });

  it.each(["👩\u200d🚀", "می\u200cخواهم", "❤\ufe0f", "ᄀ", "·"])("is nothing of %s", (shown) => {
    expect(parse(text(1, 20), shown)).toBe(shown);
  });

  it.each<[string, z.ZodType, unknown]>([
    ["an enum", z.strictObject({ field: z.enum(["a", "b"]) }), {}],
    ["a literal", z.strictObject({ field: z.literal("a") }), {}],
    ["a union", z.strictObject({ field: z.union([z.string(), z.int()]) }), {}],
    ["a moment", z.strictObject({ field: instant }), { field: undefined }],
    [
      "what tells two shapes apart",
      z.discriminatedUnion("field", [
        z.strictObject({ field: z.literal("a") }),
        z.strictObject({ field: z.literal("b") }),
      ]),
      {},
    ],
  ])("is that a field is missing, also of %s", (_, schema, input) => {
    expect(() => parse(schema, input)).toThrow("field: is missing");
  });

  it("is what is taken where a field is there", () => {
    const schema = z.strictObject({
      list: z.array(z.enum(["a", "b"])),
      none: z.enum(["c"]).nullable(),
    });
    expect(() => parse(schema, { list: ["a", "x"], none: null })).toThrow(
      'list.1: Invalid option: expected one of "a"|"b"',
    );
    expect(() => parse(schema, { list: null, none: null })).toThrow("list: Invalid input");
  });

  it("is of each field that is missing in any input that there is", () => {
    const all: [string, unknown][] = Object.entries(schemas);
    const inputs = all.flatMap(([name, one]) =>
      one instanceof z.ZodObject ? [{ name, schema: one }] : [],
    );
    expect(inputs.length).toBeGreaterThan(40);
    for (const { name, schema } of inputs) {
      const missing = issuesOf(schema, {}).filter(({ path }) => path.length > 0);
      expect(
        missing.map(({ message }) => message).filter((said) => said !== "is missing"),
        name,
      ).toEqual([]);
    }
  });

  it("is not that a text is empty or blank where it may be, or is looked for", () => {
    expect([parse(text(0, 9), ""), parse(text(0, 9), " "), parse(anyText(1, 9), " ")]).toEqual([
      "",
      " ",
      " ",
    ]);
  });
});

describe("an object of JSON", () => {
  it("is taken as it is", () => {
    const value = { text: "é", number: -1.5, yes: true, none: null, list: [1, [{ deep: [] }]] };
    expect(parse(jsonObject, value)).toEqual(value);
  });

  it.each([
    ["undefined", [undefined]],
    ["a number that there is not", Number.NaN],
    ["a bigint", 1n],
    ["a moment", new Date()],
    ["a map", new Map()],
    ["a function", { call: () => 1 }],
    ["a NUL", [{ deep: "\0" }]],
    ["half of a surrogate pair", { deep: "\ud800" }],
    ["name that cannot be stored", { deep: { "\0": 1 } }],
  ])("holds no %s", (_, value) => {
    expect(() => parse(jsonObject, { field: value })).toThrow(
      expect.objectContaining({ code: "InvalidInput" }),
    );
  });

  it("is a hundred levels deep and no deeper, also where it holds itself", () => {
    const nested = (levels: number): unknown => {
      let value: unknown = 1;
      for (let level = 0; level < levels; level += 1) value = [value];
      return value;
    };
    expect(parse(jsonObject, { field: nested(100) })).toEqual({ field: nested(100) });
    const itself: Record<string, unknown> = {};
    itself["self"] = itself;
    for (const field of [nested(101), nested(20_000), itself])
      expect(() => parse(jsonObject, { field })).toThrow(
        "field: is no JSON, nested deeper than 100 levels",
      );
  });
});
