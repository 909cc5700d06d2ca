import {
  canMakeDatabases,
  createDatabase,
  createLogins,
  migrate,
  startPostgres,
} from "@codex/testkit";
import { describe, expect, it } from "vitest";

const workspace = "'00000000-0000-4000-8000-0000000000aa'";
const person = "'00000000-0000-4000-8000-0000000000ab'";
const achievement = "'00000000-0000-4000-8000-0000000000ac'";
const signal = "'00000000-0000-4000-8000-0000000000ad'";
const insight = "'00000000-0000-4000-8000-0000000000ae'";

describe.runIf(canMakeDatabases())("a database that is in use at version 17", () => {
  it.each([15, 18] as const)("is brought to the head, on PostgreSQL %i", async (major) => {
    await using server = await startPostgres({ major });
    await using db = await createDatabase(server);
    await migrate(db.url(), "bootstrap");
    await createLogins(server);
    const deployer = server.url(db.name, "codex_deployer");
    await migrate(deployer, "up", "--to", "17");
    const client = await db.connect();
    await client.query(`begin; set local session_replication_role = replica;
      insert into codex.workspaces (id, name) values (${workspace}, 'W');
      insert into codex.user_profiles (id, issuer, subject) values (${person}, 'i', 's');
      insert into codex.user_workspaces (workspace_id, user_id, role) values (${workspace}, ${person}, 'owner');
      insert into codex.achievements (workspace_id, id, key, name, status, points)
        values (${workspace}, ${achievement}, 'first', 'First', 'active', 100);
      insert into codex.user_achievements (workspace_id, user_id, achievement_id, event_type, points_awarded)
        values (${workspace}, ${person}, ${achievement}, 'manual', 100);
      insert into codex.user_stats (workspace_id, user_id, points_balance, lifetime_points)
        values (${workspace}, ${person}, 140, 140);
      insert into codex.intelligence_signals (workspace_id, id, source_type, category, title, fingerprint)
        values (${workspace}, ${signal}, 'market', 'market_trend', 'S', 'f');
      insert into codex.market_insights (workspace_id, id, insight_type, title, status, evidence)
        values (${workspace}, ${insight}, 'gap', 'I', 'active',
          jsonb_build_array(jsonb_build_object('signalId', ${signal}, 'confidence', 50)));
      commit`);
    await migrate(deployer, "up");
    await migrate(deployer, "verify");
    const { rows } = await client.query(
      `select (select sum(delta)::integer from codex.points_ledger) as points,
         (select count(*)::integer from codex.insight_evidence) as evidence,
         (select version from codex.schema_version()) > 17 as "isNewer"`,
    );
    expect(rows).toEqual([{ points: 140, evidence: 1, isNewer: true }]);
  });
});
