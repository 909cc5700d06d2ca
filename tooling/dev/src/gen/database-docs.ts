import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@codex/testkit";

/** The pages of `codex-migrate docs`, by their path in the checkout. */
export async function databaseDocs(url: string): Promise<[path: string, text: string][]> {
  const folder = await mkdtemp(join(tmpdir(), "codex-docs-"));
  try {
    await migrate(url, "docs", "--out", folder);
    const names = (await readdir(folder)).toSorted();
    return await Promise.all(
      names.map(async (name): Promise<[string, string]> => [
        `docs/database/${name}`,
        await readFile(join(folder, name), "utf8"),
      ]),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
