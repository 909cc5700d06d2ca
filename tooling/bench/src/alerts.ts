import { createCodex } from "@codex/sdk";
import { startPostgres } from "@codex/testkit";
import pg from "pg";
import { analyze, makeData } from "./data.ts";
import type { Data } from "./data.ts";
import type { Opened } from "./reads.ts";
import { copyTables, rowsWriter } from "./same-rows.ts";
import { measureRow } from "./sdk.ts";
import type { BenchRow } from "./report.ts";
import type { Bench } from "./section.ts";

const made = { type: "error", severity: "medium", title: "Made" } as const;
const clients = 20;
const workspaces = 20;
const keysPerWorkspace = 20;

// As in production, where a commit waits for the disk.
const durable = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" };

/**
 * Alerts that are open and happen again, with policies, triggers, timeline and context, against a counter in a
 * bare table and against the same rows; where commits are free, and where they wait for the disk. Opening them is
 * done before.
 */
export async function alertRows({ data, quick, say }: Bench): Promise<BenchRow[]> {
  const name = `alert trigger, ${clients} clients`;
  say(name);
  const free = await alertRow(`${name}, fsync off`, data, quick);
  await using server = await startPostgres({ settings: durable });
  await using own = await makeData(server, { workspaces, campaigns: 1 });
  say(`${name}, fsync on`);
  return [free, await alertRow(`${name}, fsync on`, own, quick)];
}

async function alertRow(name: string, data: Data, quick: boolean): Promise<BenchRow> {
  const client = await data.database.connect();
  await client.query(`create table if not exists bare.alerts (workspace_id uuid, dedup_key text,
    title text, severity text, occurrence_count bigint not null default 1,
    last_occurred_at timestamptz not null default now(), primary key (workspace_id, dedup_key))`);
  await client.query("grant all on bare.alerts to codex_app");
  await openAll(data);
  await copyTables(data, ["system_alerts", "alert_events"]);
  const variants = triggers(data);
  await analyze(data.database, [
    "codex.system_alerts",
    "codex.alert_events",
    "codex.outbox_events",
  ]);
  return measureRow({
    name,
    of: "throughput",
    variants,
    clients,
    bars: { "bare upsert": "at least 0.5 ×" },
    rounds: quick ? 7 : 25,
  });
}

async function openAll(data: Data): Promise<void> {
  await using codex = createCodex({ connectionString: data.database.url("codex_api"), max: 4 });
  for (let n = 1; n <= workspaces; n += 1) {
    const { workspaceId, userId } = data.workspace(n);
    const { alerts } = codex.workspace(workspaceId, { userId });
    const keys = Array.from({ length: keysPerWorkspace }, (_, key) => `key ${key}`);
    await Promise.all(keys.map((dedupKey) => alerts.trigger({ ...made, dedupKey })));
  }
}

function triggers(data: Data): Opened[] {
  const url = data.database.url("codex_api");
  const codex = createCodex({ connectionString: url, max: clients });
  const pool = new pg.Pool({ connectionString: url, max: clients });
  const some = (): { workspaceId: string; userId: string; dedupKey: string } => ({
    ...data.workspace(1 + Math.floor(Math.random() * workspaces)),
    dedupKey: `key ${Math.floor(Math.random() * keysPerWorkspace)}`,
  });
  return [
    {
      name: "codex",
      run: () => {
        const { workspaceId, userId, dedupKey } = some();
        const { alerts } = codex.workspace(workspaceId, { userId });
        return alerts.trigger({ ...made, dedupKey });
      },
      close: () => codex.close(),
    },
    {
      name: "bare upsert",
      run: () => {
        const { workspaceId, dedupKey } = some();
        return pool.query({
          name: "upsert",
          text: `insert into bare.alerts as a (workspace_id, dedup_key, title, severity)
            values ($1, $2, 'Made', 'medium')
            on conflict (workspace_id, dedup_key) do update set
              occurrence_count = a.occurrence_count + 1, last_occurred_at = now()
            returning *`,
          values: [workspaceId, dedupKey],
        });
      },
      close: () => pool.end(),
    },
    {
      ...rowsWriter(pool, occurrence, () => {
        const { workspaceId, dedupKey, userId } = some();
        return [workspaceId, dedupKey, userId];
      }),
      close: () => Promise.resolve(),
    },
  ];
}

const occurrence = `
  with alert as (
    update plain.system_alerts
    set occurrence_count = occurrence_count + 1, last_occurred_at = now(), updated_at = now()
    where workspace_id = $1 and dedup_key = $2 and status in ('active', 'acknowledged')
    returning *
  ), event as (
    insert into plain.alert_events (workspace_id, alert_id, number, kind, amount, user_id, agent_id)
    select workspace_id, id, occurrence_count + 1, 'occurrence', 1, $3, null from alert
  )
  select * from alert`;
