import { canMakeDatabases } from "@codex/testkit";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readMigrations } from "../src/runner/files.ts";
import { decodeText } from "../src/runner/text.ts";
import { openProject } from "./support/project.ts";

describe("the text of a file", () => {
  it.each([
    ["latin 1", "select 1;\n-- caf\xe9\n", "x.sql:2: byte 17 of the file (0xe9) is no UTF-8"],
    ["a cut character", "select 'a\xe2\x82';", "x.sql:1: byte 10 of the file (0xe2) is no UTF-8"],
    ["a cut end", "select 1; -- \xe2\x82", "byte 14 of the file (0xe2) is no UTF-8"],
    ["UTF-16", "\xff\xfes\0e\0", "byte 1 of the file (0xff) is no UTF-8"],
    ["a character encoded too long", "\xc0\x80", "byte 1 of the file (0xc0) is no UTF-8"],
    ["a surrogate", "a\xed\xa0\x80", "byte 2 of the file (0xed) is no UTF-8"],
    ["NUL", "select 1;\n\0drop table x;", "x.sql:2: byte 11 of the file (0x00) holds a NUL"],
  ])("is refused with the place when it holds %s", (_, bytes, problem) => {
    expect(() => decodeText(Buffer.from(bytes, "latin1"), "x.sql")).toThrow(problem);
  });

  it("is what UTF-8 says, without a byte order mark", () => {
    expect(decodeText(Buffer.from("\uFEFFselect 'ä😀\uFEFF\uFFFD';"), "x.sql")).toBe(
      "select 'ä😀\uFEFF\uFFFD';",
    );
  });
});

describe.runIf(canMakeDatabases())("files that are not what they seem", () => {
  it.each(["migrations", "rollbacks", "checks/sixteen"])(
    "are refused in %s before anything is done, and leave nothing",
    async (folder) => {
      await using project = await openProject();
      const path = join(project.dir, folder, "002_two.sql");
      await writeFile(path, Buffer.from("select 'caf\xe9' as object, '' as detail;\n", "latin1"));
      if (folder === "rollbacks") await project.run(["up"]);
      const args = folder === "rollbacks" ? ["down", "--to", "1"] : ["up"];
      expect(await project.run(args)).toMatchObject({
        code: 1,
        output: expect.stringMatching(/002_two\.sql:1: byte 12 of the file \(0xe9\) is no UTF-8/),
      });
      const tables = await project.ask<{ name: string }>(
        "select relname as name from pg_class where relname in ('one', 'two') order by 1",
      );
      const left = { migrations: [], rollbacks: ["one", "two"], "checks/sixteen": ["one"] };
      expect(tables.map(({ name }) => name)).toEqual(left[folder as keyof typeof left]);
    },
  );

  it("run with a byte order mark and with CRLF: headers hold, hashes and places are those of the file", async () => {
    await using project = await openProject();
    await project.write(
      "003_three",
      "\uFEFF-- codex: no-transaction\r\ncreate index concurrently if not exists idx_two on codex.two (id);\r\n",
    );
    expect(await project.run(["up"])).toMatchObject({ code: 0 });
    const [file] = (await readMigrations(project.dir)).slice(-1);
    expect(await project.ask("select sha256 from codex_migrator.ledger where version = 3")).toEqual(
      [{ sha256: file?.sha256 }],
    );
    await project.write(
      "003_three",
      "-- codex: no-transaction\r\ncreate index concurrently if not exists idx_two on codex.two (id);\r\n",
    );
    expect(await project.run(["up"])).toMatchObject({
      code: 4,
      output: expect.stringContaining("003_three.sql was edited"),
    });
    await project.run(["repair", "--to", "3", "--as", "current", "--reason", "x", "--author", "a"]);
    await project.write("004_four", "select 1;\r\n\r\n  select 'ä' || nothing;\r\n");
    expect(await project.run(["up"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("004_four.sql:3:17: column"),
    });
  });
});
