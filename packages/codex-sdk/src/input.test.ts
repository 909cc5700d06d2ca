import { describe, expect, it } from "vitest";
import { jsonObject, parse } from "./input.ts";

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
        "field: is no JSON, or nested deeper than 100 levels",
      );
  });
});
