import { constraints } from "@codex/db";
import type { Database, Pillar } from "@codex/db";
import type { Insertable, Selectable, Updateable } from "kysely";
import { expect, expectTypeOf, it } from "vitest";

type Campaign = Selectable<Database["campaigns"]>;

it("types CHECK lists as unions, days as strings and instants as dates", () => {
  expectTypeOf<Campaign["status"]>().toEqualTypeOf<
    "draft" | "planning" | "active" | "paused" | "completed" | "archived" | "cancelled"
  >();
  expectTypeOf<Campaign["start_date"]>().toEqualTypeOf<string | null>();
  expectTypeOf<Campaign["created_at"]>().toEqualTypeOf<Date>();
});

it("types jsonb by what its CHECK says", () => {
  expectTypeOf<Selectable<Database["message_architecture"]>["pillars"]>().toEqualTypeOf<
    readonly Pillar[]
  >();
});

it("lets nobody write a generated column", () => {
  expectTypeOf<Insertable<Database["system_alerts"]>>().not.toHaveProperty("severity_rank");
  expectTypeOf<Updateable<Database["system_alerts"]>>().not.toHaveProperty("severity_rank");
  expectTypeOf<Selectable<Database["system_alerts"]>["severity_rank"]>().toEqualTypeOf<number>();
});

it("lists every constraint with its table, kind and columns", () => {
  expect(constraints["uniq_positioning_active"]).toEqual({
    table: "positioning",
    kind: "unique",
    columns: ["workspace_id", "segment"],
  });
  expect(constraints["campaign_quests_parent_id_fkey"]).toEqual({
    table: "campaign_quests",
    kind: "foreign key",
    columns: ["workspace_id", "campaign_id", "parent_id"],
  });
});
