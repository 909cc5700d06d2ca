import { createCodex } from "@codex/sdk";
import type { Data } from "../data.ts";
import type { Queue } from "./queue.ts";

/** Executions of one assignment, claimed through the SDK: context, policies, lease, token, lane and event. */
export async function codexQueue(
  data: Data,
  clients: number,
): Promise<Queue & { readonly assignment: { workspaceId: string; id: string } }> {
  const codex = createCodex({
    connectionString: data.database.url("codex_api"),
    max: clients,
    service: { connectionString: data.database.url("codex_worker"), max: 1 },
  });
  const { workspaceId, userId } = data.workspace(1);
  const system = codex.system({ reason: "bench" });
  const { id: agentId } = await system.agents.register({
    name: `Bench ${Date.now()}`,
    guild: "matrix",
  });
  await system.agents.publish(agentId);
  const ws = codex.workspace(workspaceId, { userId });
  const { id } = await ws.assignments.assign({ agentId, maxConcurrency: 1_000 });
  const admin = await data.database.connect();
  return {
    name: "codex",
    assignment: { workspaceId, id },
    fill: async (jobs) => {
      await admin.query("begin");
      await admin.query("select codex.set_service_context($1)", [workspaceId]);
      await admin.query(
        `insert into codex.agent_executions (workspace_id, assignment_id)
         select $1, $2 from generate_series(1, $3)`,
        [workspaceId, id, jobs],
      );
      await admin.query("commit");
      await admin.query("vacuum analyze codex.agent_executions");
    },
    claim: async () => {
      const [claimed] = await ws.executions.claim({ agentId });
      return claimed?.execution.id;
    },
    clear: async () => {
      await admin.query("set session_replication_role = replica");
      await admin.query("delete from codex.agent_executions where workspace_id = $1", [
        workspaceId,
      ]);
      await admin.query("delete from codex.outbox_events where entity = 'execution'");
      await admin.query("set session_replication_role = origin");
      await admin.query("vacuum codex.agent_executions");
      await admin.query("vacuum codex.outbox_events");
    },
    close: () => codex.close(),
  };
}
