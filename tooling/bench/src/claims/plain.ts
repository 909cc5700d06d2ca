import pg from "pg";
import type { Data } from "../data.ts";
import { copyTables, sameRows } from "../same-rows.ts";
import type { Queue } from "./queue.ts";

/** Executions that are claimed in one statement with their event, in copies of Codex's tables. */
export async function plainQueue(
  data: Data,
  clients: number,
  assignment: { workspaceId: string; id: string },
): Promise<Queue> {
  await copyTables(data, ["agent_executions", "outbox_events"]);
  const pool = new pg.Pool({ connectionString: data.database.url("codex_api"), max: clients });
  const { admin } = data.database;
  let lane = 0;
  return {
    name: sameRows,
    fill: async (jobs) => {
      lane = 0;
      await admin.query(
        `insert into plain.agent_executions (workspace_id, assignment_id, created_by)
         select $1, $2, null from generate_series(1, $3)`,
        [assignment.workspaceId, assignment.id, jobs],
      );
      await admin.query("vacuum analyze plain.agent_executions");
    },
    claim: async () => {
      lane += 1;
      const { workspaceId, id } = assignment;
      const { rows } = await pool.query({
        name: "claim",
        text: claimWithEvent,
        values: [workspaceId, id, lane],
      });
      return (rows as { id: string }[])[0]?.id;
    },
    clear: async () => {
      for (const table of ["plain.agent_executions", "plain.outbox_events"]) {
        await admin.query(`delete from ${table}`);
        await admin.query(`vacuum ${table}`);
      }
    },
    close: () => pool.end(),
  };
}

const claimWithEvent = `
  with claimed as (
    update plain.agent_executions
    set status = 'running', lane = $3, fencing_token = fencing_token + 1, lease_ms = 60000,
      attempts_count = attempts_count + 1, started_at = now(), heartbeat_at = now(),
      deadline_at = now() + timeout_ms * interval '1 ms',
      lease_expires_at = now() + interval '60 s', version = version + 1, updated_at = now()
    where workspace_id = $1 and id = (
      select id from plain.agent_executions
      where workspace_id = $1 and assignment_id = $2 and status = 'queued' and available_at <= now()
      order by priority_rank desc, created_at, id
      limit 1
      for update skip locked
    )
    returning *
  ), event as (
    insert into plain.outbox_events
      (workspace_id, type, entity, entity_id, payload, user_id, agent_id)
    select workspace_id, 'execution.status_changed', 'execution', id,
      jsonb_build_object('id', id, 'status', status, 'previousStatus', 'queued',
        'version', version), null, null
    from claimed
  )
  select * from claimed`;
