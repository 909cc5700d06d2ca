import { only } from "../edit.ts";
import { EventClient } from "../events/events.ts";
import { patiently } from "../events/following.ts";
import { numberEvents } from "../events/queries.ts";
import type { Handle } from "../handle.ts";
import { isOver, toExecution } from "./execution.ts";
import type { Execution } from "./execution.ts";
import { getExecution } from "./queries.ts";

/** How a watch looks. */
interface Looking {
  readonly pollMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Events after which an execution is read anew. */
const types = ["execution.status_changed", "execution.updated"];

/** The execution as it is, then after each change of it, until it is over or the signal aborts. */
export async function* watchExecution(
  ws: Handle,
  id: string,
  { pollMs, signal }: Looking,
): AsyncGenerator<Execution, void, undefined> {
  const first = await patiently(() => readWithPosition(ws, id, signal), signal);
  if (first === undefined) return;
  let { execution } = first;
  yield execution;
  if (isOver(execution)) return;
  const events = new EventClient(ws).subscribe({ after: first.last, types, pollMs, signal });
  for await (const event of events) {
    if (event.entityId !== id) continue;
    const next = await patiently(() => readWithPosition(ws, id, signal), signal);
    if (next === undefined) return;
    // Several changes at once are told as the last of them.
    if (next.execution.version === execution.version) continue;
    execution = next.execution;
    yield execution;
    if (isOver(execution)) return;
  }
}

// The number first: what happens after the look has a higher one.
function readWithPosition(
  ws: Handle,
  id: string,
  signal: AbortSignal | undefined,
): Promise<{ execution: Execution; last: number }> {
  return ws.write(
    {
      operation: { name: "executions.watch", table: "agent_executions" },
      queries: [numberEvents(ws), getExecution(ws, id)],
      input: undefined,
      settle: ([[counter], rows]) => ({
        execution: toExecution(only(rows, "execution")),
        last: Number(counter?.last ?? 0),
      }),
    },
    { signal },
  );
}
