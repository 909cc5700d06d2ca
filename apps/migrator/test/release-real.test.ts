import { canMakeDatabases } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openProject, realDb } from "./support/project.ts";

describe.runIf(canMakeDatabases())("release of the real files", () => {
  it("misses no counter of a board that 047 packs with others into one row", async () => {
    await using project = await openProject();
    const url = project.database.url();
    const run = (...args: string[]): ReturnType<typeof project.run> =>
      project.run([...args, "--dir", realDb], { url });
    expect(await run("up", "--to", "46")).toMatchObject({ code: 0 });
    // Without triggers, as they would have counted.
    await project.ask(`
      set session_replication_role = replica;
      insert into codex.workspaces (id, name) values ('${randomUUID()}', 'Acme');
      insert into codex.leaderboard_scores (workspace_id, board, user_id, score, reached_at)
      select id, 'all', gen_random_uuid(), 1 + n * 7, now()
      from codex.workspaces, generate_series(1, 3000) as n;
      insert into codex.leaderboard_buckets (workspace_id, board, level, band, slot, members)
      select workspace_id, board, level, score >> (6 * level), codex.member_slot(user_id), count(*)
      from codex.leaderboard_scores
      cross join generate_series(0, 7) as level
      where level = 0 or score >> (6 * level) > 0
      group by 1, 2, 3, 4, 5`);
    const counters = async (): Promise<number> => {
      const [row] = await project.ask<{ n: number }>(
        "select count(*)::integer as n from codex.leaderboard_buckets",
      );
      return row?.n ?? 0;
    };
    const before = await counters();
    const release = ["release", "--skip-backup", "a test", "--for", "1s", "--every", "1"];
    expect(await run(...release)).toMatchObject({ code: 0 });
    expect(await counters()).toBeLessThan(before * 0.7);
    expect(await run("down", "--to", "46")).toMatchObject({ code: 0 });
    expect(await counters()).toBe(before);
  });
});
