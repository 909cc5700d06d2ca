import { makeTestWorkspace, probeLeaks, startThrowaway } from "@codex/sdk/testing";
import { testDatabase } from "@codex/testkit";
import { createCodex } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import pg from "pg";
import { describe, expect, it } from "vitest";

describe("testing helpers", () => {
  it("start a PostgreSQL that is gone afterwards", async () => {
    let url = "";
    {
      await using throwaway = await startThrowaway();
      url = throwaway.connectionString;
      await throwaway.codex.check();
      const { owner, id } = await makeTestWorkspace(throwaway.codex);
      await owner.ws.campaigns.create({ name: "x" });
      const system = throwaway.codex.system({ reason: "test" });
      expect((await system.workspace(id).campaigns.list()).items.length).toBe(1);
    }
    await using gone = createCodex({ connectionString: url, retriesMax: 0 });
    await expect(gone.check()).rejects.toMatchObject({ code: "Unavailable" });
  });

  it("make a workspace with a member of each role, and find what is left on a connection", async () => {
    await using db = await testDatabase();
    const pool = new pg.Pool({ connectionString: db.url("codex_api"), max: 1 });
    const codex = createCodex({ pool });
    const test = await makeTestWorkspace(codex);
    expect(await codex.workspaces.bySlug(test.slug)).toEqual({ id: test.id });
    await test.creator.ws.campaigns.create({ name: "x" });
    await expect(test.viewer.ws.campaigns.create({ name: "x" })).rejects.toMatchObject({
      code: "Forbidden",
    });
    expect(await probeLeaks(pool)).toEqual([]);
    const workspaceId = randomUUID();
    await pool.query("select set_config('codex.workspace_id', $1, false)", [workspaceId]);
    expect(await probeLeaks(pool)).toEqual([{ workspaceId, userId: "", inTransaction: false }]);
    await pool.query("select set_config('codex.workspace_id', '', false)");
    await pool.query("begin; select pg_sleep(0.01)");
    expect(await probeLeaks(pool)).toEqual([{ workspaceId: "", userId: "", inTransaction: true }]);
    await pool.query("rollback");
    await pool.end();
  });
});
