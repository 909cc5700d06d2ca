import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const src = join(import.meta.dirname, "../src");
const allowed = new Map([
  // Names of columns of a keyset, which the clients write themselves.
  ["page.ts", ["sql.ref", "sql.join", "sql.val"]],
]);

async function sources(): Promise<[string, string][]> {
  const names = (await readdir(src, { recursive: true })).filter((name) => name.endsWith(".ts"));
  return Promise.all(
    names.map(async (name) => [name, await readFile(join(src, name), "utf8")] as [string, string]),
  );
}

describe("the source of the SDK", () => {
  it("makes no SQL of input: no raw text, no literal, no name from outside", async () => {
    for (const [name, text] of await sources()) {
      const found = text.match(/\bsql\.(?:raw|lit|id|table|ref|join|val)\b/gu) ?? [];
      const known = allowed.get(name) ?? [];
      expect(
        found.filter((use) => !known.includes(use)),
        name,
      ).toEqual([]);
    }
  });

  it("sets the context in two places and nowhere else", async () => {
    const setters = (await sources())
      .filter(([, text]) =>
        /set_(?:service_)?context|codex\.(?:workspace_id|user_id|member_rank)/u.test(text),
      )
      .map(([name]) => name)
      .toSorted();
    expect(setters).toEqual(["actor.ts", "service.ts", "testing/leak-probe.ts"]);
  });

  it("says InvalidInput of every method that reads more of its input than an id", async () => {
    const method =
      /\n  \/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n  (?:async )?\*?([a-z]\w*)(?:<[^>\n]*>)?\(([\s\S]*?)\n  \}\n/gu;
    const methods = (await sources()).flatMap(([name, text]) =>
      /^[a-z-]+\/(?!queries|schemas)/u.test(name)
        ? [...text.matchAll(method)].map(([, doc = "", called = "", body = ""]) => ({
            called: `${name} ${called}`,
            says: /InvalidInput|[Aa]s `/u.test(doc),
            reads: /\bparse\((?!id\b|idInput\b)/u.test(body),
          }))
        : [],
    );
    expect(methods.length).toBeGreaterThan(150);
    const silent = methods.filter(({ says, reads }) => reads && !says);
    expect(silent.map(({ called }) => called)).toEqual([]);
  });

  it("gives no client a pool, a scope or a connection", async () => {
    for (const [name, text] of await sources()) {
      if (!name.includes("/") || name.startsWith("testing/")) continue;
      expect(text, name).not.toMatch(/from "(?:pg|@codex\/postgres)"/u);
    }
  });
});
