import { createCodex, isCodexError } from "@codex/sdk";
import { setTimeout as sleep } from "node:timers/promises";

/** What the test gives a worker, as JSON in its first argument. */
export interface WorkerOrders {
  readonly url: string;
  readonly workspaceId: string;
  readonly userId: string;
  readonly agentId: string;
  readonly instance: string;
  readonly leaseMs: number;
  /** Milliseconds of work for each execution, at most. */
  readonly workMs: number;
}

// A worker as a process of its own, which can be stopped and killed: claims, works, completes. Says a line
// for each execution: `claimed <id> <token>`, then `completed` or the code of the error.
const orders = JSON.parse(process.argv[2] ?? "{}") as WorkerOrders;
const codex = createCodex({ connectionString: orders.url, max: 1 });
const ws = codex.workspace(orders.workspaceId, { userId: orders.userId });
const { agentId, instance, leaseMs, workMs } = orders;

for (;;) {
  const claimed = await ws.executions.claim({ agentId, max: 3, leaseMs, instance });
  for (const { execution, fencingToken } of claimed) {
    process.stdout.write(`claimed ${execution.id} ${fencingToken}\n`);
    await sleep(workMs * Math.random());
    const said = await ws.executions
      .complete(execution.id, fencingToken, {
        output: { by: instance },
        usage: { inputTokens: 1, outputTokens: 2, costMicros: 3 },
      })
      .then(
        () => "completed",
        (error: unknown) => (isCodexError(error) ? error.code : String(error)),
      );
    process.stdout.write(`${said} ${execution.id} ${fencingToken}\n`);
  }
  if (claimed.length === 0) await sleep(10);
}
