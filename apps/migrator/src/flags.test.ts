import { describe, expect, it } from "vitest";
import { numberOf, parseFlags, textOf } from "./flags.ts";

describe("flags", () => {
  it("say in one sentence what is wrong with a value that begins with a dash", () => {
    const to = (...args: string[]): unknown => numberOf(parseFlags(args).values, "to");
    expect(() => to("up", "--to", "-1")).toThrow(
      /^--to takes a whole number, not "-1"\. See codex-migrate --help\.$/,
    );
    expect(() => to("up", "--to", "--json")).toThrow(
      /^--to needs a value; one that begins with a dash is written --to=VALUE\. See codex-migrate --help\.$/,
    );
    expect(to("up", "--to", "1")).toBe(1);
  });

  it("take no value that is empty, as a variable that a pipeline has not set gives it", () => {
    for (const args of [["--backup", ""], ["--author", " "], ["--database-url="]]) {
      const name = args[0]?.replace("=", "");
      expect(() => parseFlags(["release", ...args])).toThrow(
        `${name} needs a value, and this one is empty. See codex-migrate --help.`,
      );
    }
  });

  it("take a text that begins with a number below zero, and leave words alone", () => {
    const { values, words } = parseFlags(["repair", "--reason", "-5 rows", "--", "--to", "-1"]);
    expect(textOf(values, "reason")).toBe("-5 rows");
    expect(words).toEqual(["repair", "--to", "-1"]);
  });
});
