import { createCodex } from "@codex/sdk";
import { worker } from "./env.ts";

// A client that triggers in a loop until it is killed. It prints the number of a trigger before it is sent,
// and once more when it was acknowledged.
const codex = createCodex({ connectionString: worker.url });
const { alerts } = codex.workspace(worker.workspaceId, worker);

for (let n = worker.from; ; n += 1) {
  process.stdout.write(`sent ${n}\n`);
  await alerts.trigger(
    { type: "error", severity: "low", title: "A", dedupKey: `key ${n % 5}` },
    { idempotencyKey: `trigger ${n}` },
  );
  process.stdout.write(`done ${n}\n`);
}
