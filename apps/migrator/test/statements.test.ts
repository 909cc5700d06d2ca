import { parse } from "libpg-query";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { splitStatements } from "../src/runner/statements.ts";
import { realDb } from "./support/project.ts";

/** Where PostgreSQL's own parser sees each statement end, in bytes. */
async function endsByParser(text: string): Promise<number[]> {
  const { stmts = [] } = await parse(text);
  const size = Buffer.byteLength(text);
  return stmts.map(({ stmt_location: from = 0, stmt_len: length }) =>
    length === undefined || length === 0 ? size : from + length,
  );
}

/** The same by our own scanner: without the semicolon. */
function ends(text: string): number[] {
  let from = 0;
  return splitStatements(text, "x.sql").map((statement) => {
    const start = text.indexOf(statement.text, from);
    from = start + statement.text.length;
    const isClosed = statement.text.endsWith(";");
    return Buffer.byteLength(text.slice(0, isClosed ? from - 1 : text.length));
  });
}

const body = (inside: string): string =>
  `select 1; create or replace function codex.f(a integer) returns integer language sql begin atomic ${inside} end; select 2;`;

describe("the statements of a file", () => {
  it.each([
    body("select 1; select 2;"),
    body("select case when a > 0 then 1 else 2 end; select 2;"),
    body("select case when case a when 1 then true end then 1 end; select 2;"),
    body("select (case when true then 1 end), case a when 1 then 2 end as x; select 2;"),
    body("select a as case; select a as end; select 3;"),
    body("select t.end from (select 1 as end) t; select 3;"),
    body('select \'end;\'; select "end" from (select 1 as "end") t; select $q$ end; $q$;'),
    body("-- end;\n select 1; /* end; /* case */ end; */ select 2;"),
    body("insert into codex.t values (1); return a;"),
    body(""),
    body(
      "create function codex.g() returns integer begin atomic select case when true then 1 end; end; select 3;",
    ),
    "create procedure codex.p() language sql BEGIN\n/* x */ ATOMIC update codex.t set a = 1; END; select 2",
    "create function codex.f() returns integer return case when true then 1 end; select 2;",
    "create function codex.f(integer default (case when true then 1 end)) returns integer begin atomic select 1; end; select 2;",
    "create function codex.f() returns integer language plpgsql as $$ begin atomic; end $$; select 2;",
    "select begin atomic from (select 1 as begin) t; select 2;",
    "create table codex.t (a integer); select 1 as begin; select 2 as end; select 3",
    "create rule r as on insert to codex.t do also (insert into codex.u values (1); delete from codex.u); select 2;",
    "/* a /* ; */ ; */ select 1; -- ;\n/* b */ select 2 /* ; */; ;; select 3 -- c",
    "-- a carriage return ends a comment, too\rselect 1; select 2;",
    "select 1;\r\nselect 2;\r\n-- three\r\nselect 3;\r\n",
    "select e'it\\'s ;', E'\\\\', 'a\\'; select U&'\\003b;', b'1', x'f', n';'; select 3;",
    "select 1 as a$b$; select 2 as c$b$; select 3;",
    "select $ä$ ; $ä$; select $_1$ ; $_1$; select 3;",
    "select 'ä;ö', \"ü;\" from (select 1 as \"ü;\") t; select '😀;'; select 3;",
  ])("end where the parser of PostgreSQL sees them end: %s", async (text) => {
    const found = ends(text);
    expect(found).toEqual(await endsByParser(text));
    expect(found.length).toBeGreaterThan(1);
  });

  it("end where the parser sees them end, in every file of ours", async () => {
    let files = 0;
    for (const folder of [
      "migrations",
      "rollbacks",
      "functions",
      "checks/audit",
      "checks/sixteen",
    ]) {
      for (const name of await readdir(join(realDb, folder))) {
        const text = await readFile(join(realDb, folder, name), "utf8");
        expect(ends(text), name).toEqual(await endsByParser(text));
        files += 1;
      }
    }
    expect(files).toBeGreaterThan(100);
  });

  it("know their line and column, whatever ends a line", () => {
    const text = "-- one\r\nselect 1;\r\n\r\n  select 'ä\r\n;'; /* x\r\n*/ select 3;";
    expect(splitStatements(text, "x.sql")).toEqual([
      { text: "select 1;", line: 2, column: 1 },
      { text: "select 'ä\r\n;';", line: 4, column: 3 },
      { text: "select 3;", line: 6, column: 4 },
    ]);
  });
});
