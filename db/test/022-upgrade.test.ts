import { canMakeDatabases, cast, testDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { expect, describe, it } from "vitest";
import { insertId, oneRow } from "./support/domain.ts";
import { migrationFiles } from "./support/files.ts";

describe.runIf(canMakeDatabases())("the step to the ledger of points", () => {
  it("enters what was earned before, so that figures and boards follow from it", async () => {
    await using db = await testDatabase({ own: true });
    const files = await migrationFiles();
    const file = files.find(({ name }) => name.includes("points_ledger"));
    // Members are counted by what the ledger's file made.
    const later = files.find(({ name }) => name.includes("member_counts"));
    const owner = await db.connect();
    await owner.query(`begin; set local role codex_owner; ${later?.down ?? ""}; commit`);
    await owner.query(`begin; set local role codex_owner; ${file?.down ?? ""}; commit`);
    const people = await cast(db);
    const award = async (points: number): Promise<void> => {
      const id = await insertId(
        people.sam,
        "insert into codex.achievements (workspace_id, key, name, status, points) values ($1, $2, 'A', 'active', $3) returning id",
        [`key_${randomUUID().replaceAll("-", "_")}`, points],
      );
      await people.sam.query("select codex.unlock_achievement($1, $2, $3)", [
        people.acme,
        people.vic.userId,
        id,
      ]);
    };
    await award(700);
    await award(500);
    // Points that no award explains.
    await owner.query("select set_config('codex.workspace_id', $1, false)", [people.acme]);
    await owner.query(
      "insert into codex.user_stats (workspace_id, user_id, points_balance, lifetime_points) values ($1, $2, 40, 40)",
      [people.acme, people.ann.userId],
    );
    await people.ann.query("select codex.set_visibility($1, 'private')", [people.acme]);
    await owner.query(`begin; set local role codex_owner; ${file?.up ?? ""}; commit`);
    const reconciled = await oneRow(people.ada, "select * from codex.reconcile_points($1)", [
      people.acme,
    ]);
    expect(reconciled).toEqual({ checked: "2", drift: [] });
    const entries = await people.service.query(
      people.acme,
      "select source, delta from codex.points_ledger where workspace_id = $1 order by delta",
      [people.acme],
    );
    expect(entries).toEqual([
      { source: "opening", delta: "40" },
      { source: "award", delta: "500" },
      { source: "award", delta: "700" },
    ]);
    const above = "select codex.members_above($1, 'all', 0) as n";
    expect(await oneRow(people.ada, above, [people.acme])).toEqual({ n: "1" });
    // Run again, it enters nothing twice.
    await owner.query(`begin; set local role codex_owner; ${file?.up ?? ""}; commit`);
    expect(
      await oneRow(people.ada, "select * from codex.reconcile_points($1)", [people.acme]),
    ).toEqual({ checked: "2", drift: [] });
  });
});
