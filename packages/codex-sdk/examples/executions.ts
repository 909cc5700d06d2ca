import { createCodex, isCodexError } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";

const { APP_URL: connectionString = "", SERVICE_URL = "" } = process.env;
await using codex = createCodex({
  connectionString,
  service: { connectionString: SERVICE_URL }, // a login that is a member of codex_service
});
const { strategist, creator, viewer } = await makeTestWorkspace(codex);

// The registry is of all workspaces, and written by background work alone.
const { agents } = codex.system({ reason: "a new agent" });
const { id: agentId } = await agents.register({ name: `Scout ${Date.now()}`, guild: "research" });
await agents.publish(agentId);

const { id: assignmentId } = await strategist.ws.assignments.assign({ agentId });
const input = { topic: "pricing" };
const { execution } = await creator.ws.executions.start({ assignmentId, input });

// A worker takes what is most urgent, then oldest. Its token is shown with every write.
const [claimed] = await creator.ws.executions.claim({ agentId, leaseMs: 30_000 });
if (claimed === undefined) throw new Error("nothing to do");
const { fencingToken } = claimed;
await creator.ws.executions.heartbeat(execution.id, fencingToken); // a third of the lease is often enough
try {
  await creator.ws.executions.complete(execution.id, fencingToken + 1);
} catch (error) {
  if (!isCodexError(error, "LeaseLost")) throw error; // somebody else has it: stop, nothing was written
}
const usage = { inputTokens: 900, outputTokens: 120, costMicros: 450 };
await creator.ws.executions.complete(execution.id, fencingToken, { output: { price: 9 }, usage });

for await (const { status } of viewer.ws.executions.watch(execution.id)) console.log(status);

// Ranked by what this workspace has measured.
const [best] = await viewer.ws.agents.find();
console.log(best?.agent.id === agentId, best?.successRate);
