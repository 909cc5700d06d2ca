import { expect, it } from "vitest";
import { barOf } from "./bar.ts";

it.each([
  ["at least 0.5 ×", 0.5, 0.49],
  ["above 1 ×", 1.01, 1],
  ["at most 1.5 ×", 1.5, 1.51],
  ["under 5,000 ms", 4_999, 5_000],
  ["within 10 %", 0.91, 1.11],
  ["0", 0, 1],
])("a figure meets '%s', or misses it", (asked, good, bad) => {
  expect(barOf(asked, good)).toEqual({ asked, met: true });
  expect(barOf(asked, bad)).toEqual({ asked, met: false });
  expect(barOf(asked, Number.NaN).met).toBe(false);
});

it("takes no words that ask nothing", () => {
  expect(() => barOf("as fast as can be", 1)).toThrow("no bar");
});
