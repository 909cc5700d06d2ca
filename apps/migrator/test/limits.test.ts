import { describe, expect, it } from "vitest";
import { kindOf, needsNoTransaction } from "../src/runner/kinds.ts";
import { createLimiter } from "../src/runner/limits.ts";
import { splitStatements } from "../src/runner/statements.ts";

/** What is sent ahead of the last statement of a file. */
function aheadOfLast(text: string): string[] {
  const limiter = createLimiter({ lockMs: 300, local: true });
  const sent = splitStatements(text, "x.sql").map((statement) => limiter(statement));
  return sent.at(-1) ?? [];
}

const alter = "alter table codex.one add column b integer;";

describe("the limits of a statement", () => {
  it.each([
    ["create index concurrently i on codex.one (n)", "concurrent"],
    ["create unique index /* quickly */ concurrently i on codex.one (n)", "concurrent"],
    ["reindex (verbose, concurrently) table codex.one", "concurrent"],
    ["drop index codex.i -- not concurrently: the table is small", "schema"],
    ['drop index codex."concurrently"', "schema"],
    ["reindex table codex.one /* concurrently needs a file of its own */", "scan"],
    ["vacuum full codex.one", "scan"],
    ["vacuum (analyze, full) codex.one", "scan"],
    ["vacuum codex.one -- full", "concurrent"],
    ["comment on table codex.one is 'validate constraint'", "schema"],
    ["alter table codex.one validate constraint c", "scan"],
    ["/* first */ update codex.one set n = 1", "data"],
  ])("%s: are those of its kind, whatever a comment or a name says", (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });

  it.each([
    ["drop index codex.i -- concurrently", false],
    ["drop index concurrently codex.i", true],
    ["reindex (verbose) table concurrently codex.one", true],
    ["reindex (verbose, concurrently) table codex.one", true],
    ["reindex (verbose) schema codex", true],
    ["reindex (verbose) table codex.one", false],
    ["-- vacuum\nselect 1", false],
  ])("%s: is known to need no transaction", (text, needs) => {
    expect(needsNoTransaction(text)).toBe(needs);
  });

  it.each([
    "0",
    "'0'",
    "0.4",
    "0.5",
    "'0h'",
    "'0.3ms'",
    "'500us'",
    "default",
    "'1h'",
    "10001",
    "'soon'",
  ])("of a lock are ours again behind `set local lock_timeout = %s`", (value) => {
    expect(aheadOfLast(`set local lock_timeout = ${value}; ${alter}`)).toContain(
      "set local lock_timeout = 300",
    );
  });

  it.each(["'100ms'", "2000", "'1.5s'", "'10 s'"])(
    "of a lock are the file's behind `set local lock_timeout = %s`",
    (value) => {
      expect(aheadOfLast(`set local lock_timeout = ${value}; ${alter}`)).not.toContain(
        "set local lock_timeout = 300",
      );
    },
  );
});
