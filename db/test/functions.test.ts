import { canMakeDatabases, testDatabase } from "@codex/testkit";
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { inRolledBack } from "./support/check.ts";
import { readDbFile } from "./support/files.ts";
import { fingerprint } from "./support/fingerprint.ts";

describe.runIf(canMakeDatabases())("db/functions", async () => {
  const files = (await readdir(new URL("../functions/", import.meta.url))).toSorted();

  it("holds one file for each function of the schema", async () => {
    await using db = await testDatabase({ own: true });
    const { rows } = await db.admin.query<{ file: string }>(
      `select distinct proname || '.sql' as file from pg_proc
       where pronamespace = 'codex'::regnamespace order by 1`,
    );
    expect(files).toEqual(rows.map((row) => row.file).toSorted());
  });

  it("is what the migrations made: running each file again changes nothing", async () => {
    await using db = await testDatabase({ own: true });
    const client = await db.connect();
    await inRolledBack(client, async () => {
      const before = await fingerprint(client);
      await client.query("set local role codex_owner");
      for (const file of files) await client.query(await readDbFile(`functions/${file}`));
      await client.query("reset role");
      expect(await fingerprint(client)).toEqual(before);
    });
  });
});
