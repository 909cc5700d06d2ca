import { createCodex } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import pg from "pg";
import type { Data } from "./data.ts";
import type { Opened } from "./reads.ts";
import { rowsWriter } from "./same-rows.ts";

/** An insert with context, policies, triggers, event and constraints, one into a bare table, and the same rows bare. */
export function inserts(data: Data, url: string, clients: number): Opened[] {
  const codex = createCodex({ connectionString: url, max: clients });
  const pool = new pg.Pool({ connectionString: url, max: clients });
  const someWorkspace = (): { workspaceId: string; userId: string } =>
    data.workspace(1 + Math.floor(Math.random() * data.size.workspaces));
  return [
    {
      name: "codex",
      run: () => {
        const { workspaceId, userId } = someWorkspace();
        return codex.workspace(workspaceId, { userId }).campaigns.create({ name: "Made" });
      },
      close: () => codex.close(),
    },
    {
      name: "bare pg",
      run: () => {
        const { workspaceId, userId } = someWorkspace();
        return pool.query({
          name: "insert",
          text: `insert into bare.campaigns (workspace_id, id, name, owner_id)
            values ($1, $2, $3, $4) returning *`,
          values: [workspaceId, randomUUID(), "Made", userId],
        });
      },
      close: () => pool.end(),
    },
    {
      ...rowsWriter(pool, campaignAndEvent, () => {
        const { workspaceId, userId } = someWorkspace();
        return [workspaceId, randomUUID(), "Made", userId];
      }),
      close: () => Promise.resolve(),
    },
  ];
}

const campaignAndEvent = `
  with campaign as (
    insert into plain.campaigns (workspace_id, id, name, owner_id, created_by)
    values ($1, $2, $3, $4, $4)
    returning *
  ), event as (
    insert into plain.outbox_events
      (workspace_id, type, entity, entity_id, payload, user_id, agent_id)
    select workspace_id, 'campaign.created', 'campaign', id,
      jsonb_build_object('id', id, 'status', status, 'version', version), $4, null
    from campaign
  )
  select * from campaign`;
