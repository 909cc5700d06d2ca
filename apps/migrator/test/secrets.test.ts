import { canMakeDatabases } from "@codex/testkit";
import fc from "fast-check";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSecrets, passwordsIn } from "../src/report/secrets.ts";
import { openProject } from "./support/project.ts";

const none = createSecrets([]);

describe("hiding passwords", () => {
  it.each([
    ["postgres://me:hunter2@host/db", "postgres://me:***@host/db"],
    ["postgres://me:hun@ter2@host/db", "postgres://me:***@host/db"],
    ["host=h password=hunter2 user=u", "host=h password=*** user=u"],
    ["password = 'hun ter\\'2' user=u", "password = *** user=u"],
    ['PGPASSWORD="hunter2"', "PGPASSWORD=***"],
    ["?password=hunter2&sslmode=require", "?password=***&sslmode=require"],
    ["alter role r password 'hunter''2'; select 1", "alter role r password ***; select 1"],
    ["create role r PASSWORD $x$hunter2$x$;", "create role r PASSWORD ***;"],
    ["create role r password 'hunter2 and mor…", "create role r password ***"],
  ])("takes it out of %s", (text, hidden) => {
    expect(none.hide(text)).toBe(hidden);
  });

  it.each([
    "password policy",
    "the password is wrong",
    'password authentication failed for user "u"',
    "see http://host:8080/path?mail=ada@acme.test",
    "003_three.sql:12:5: no password",
  ])("leaves %s as it is", (text) => {
    expect(none.hide(text)).toBe(text);
  });

  it("leaves no spelling of a known one in any text, and the JSON whole", () => {
    const strange = fc.string({
      unit: fc.constantFrom(...Array.from(`"'\\\n$&.*+?^(){}[]|/@:%#; é`)),
    });
    fc.assert(
      fc.property(strange, fc.string(), (odd, around) => {
        const password = `q9${odd}z7`;
        const url = `postgres://u:${encodeURIComponent(password)}@h/db`;
        const secrets = createSecrets(passwordsIn([`--database-url=${url}`]));
        const said = [password, url, encodeURIComponent(password)].map((one) => around + one);
        const text = JSON.stringify(secrets.hideIn({ said, deep: [{ also: said.join() }] }));
        JSON.parse(text);
        for (const spelling of [password, encodeURIComponent(password)]) {
          expect(text).not.toContain(JSON.stringify(spelling).slice(1, -1));
        }
      }),
    );
  });

  it("finds the passwords of an address, written strangely too", () => {
    expect(passwordsIn(["postgres://u:a%22b@h/db"])).toContain('a"b');
    expect(passwordsIn(["--scratch-url=postgresql://u:a\\b@c@h/db"])).toContain("a\\b@c");
    expect(passwordsIn(["postgres://h/db?password=hunter2"])).toContain("hunter2");
    expect(passwordsIn(["up", "postgres://u@h/db", "postgres://u:%@h/db"])).toContain("%");
  });
});

describe.runIf(canMakeDatabases())("a run whose password is hostile", () => {
  it("never prints or writes it, and every format stays whole", async () => {
    await using project = await openProject();
    const at = (name: string): string => join(project.dir, name);
    const formats = ["md", "html", "junit", "sarif", "json"];
    const reports = formats.flatMap((format) => ["--report", `${format}=${at(format)}`]);
    for (const password of [
      'q9"\\z7',
      "q9\nz7'x",
      "q9.*+?^${}()|[]z7",
      "q9%41z7&;",
      "q9'; -- z7",
    ]) {
      const spellings = [password, encodeURIComponent(password)];
      const quoted = spellings.map((one) => one.replaceAll("'", "''").replaceAll("%", "%%"));
      await project.write(
        "003_bad",
        `do $x$ begin raise exception '${quoted.join(" and ")} of the password policy'; end $x$;`,
      );
      const environment = { PGPASSWORD: password };
      const outcome = await project.run(["up", "--json", "--verbose", ...reports], { environment });
      const { summary } = JSON.parse(outcome.stdout) as { summary: string };
      expect(summary).toContain("*** and *** of the password policy");
      const written = await Promise.all(formats.map((format) => readFile(at(format), "utf8")));
      for (const text of [outcome.output, ...written]) {
        expect(text).toContain("of the password policy");
        expect(text).not.toMatch(/q9|z7/);
      }
      for (const name of ["json", "sarif"]) JSON.parse(await readFile(at(name), "utf8"));
    }
  });

  it("hides what a statement of a plan says, in its file too", async () => {
    await using project = await openProject();
    await project.write(
      "003_role",
      "create role r login password 'hunter2 is long enough to be cut off here';",
    );
    const file = join(project.dir, "plan.json");
    const { output } = await project.run(["plan", "--out", file]);
    expect(output).toContain("create role r login password ***");
    expect(await readFile(file, "utf8")).not.toContain("hunter2");
  });
});
