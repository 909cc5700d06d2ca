import { retentionKinds } from "@codex/sdk";
import type { Settings } from "./env.ts";
import { policiesOf } from "./env.ts";
import { previewRetention } from "./jobs/retention.ts";
import { JobLoop } from "./loop/job-loop.ts";
import { makeParts } from "./parts.ts";

/** Does what there is to do now, job by job; gives whether nothing failed. */
export async function workOnce(settings: Settings, say: (line: string) => void): Promise<boolean> {
  const { system, codex, channels, jobs, observer } = makeParts(settings);
  try {
    await system.check();
    const { signal } = new AbortController();
    const atOnce = settings.WORKSPACES_AT_ONCE;
    let isWell = true;
    for (const job of jobs) {
      const loop = new JobLoop(job, { observer, atOnce, ending: signal });
      const { done, failed } = await loop.untilDone(signal);
      isWell &&= failed === 0;
      const failures = failed === 0 ? "" : `, ${failed} failed`;
      say(`${job.name.padEnd(26)} ${done} done${failures}`);
    }
    return isWell;
  } finally {
    channels.close();
    await codex.close();
  }
}

/** Says what retention would remove; removes nothing. */
export async function preview(settings: Settings, say: (line: string) => void): Promise<void> {
  const { system, codex, channels } = makeParts(settings);
  try {
    await system.check();
    const policies = policiesOf(settings);
    let rowsTotal = 0;
    for await (const { workspaceId, kind, days, table, rows } of previewRetention(
      policies,
      system,
    )) {
      say(`${workspaceId}  ${kind.padEnd(16)} ${String(days).padStart(5)} days  ${table}: ${rows}`);
      rowsTotal += rows;
    }
    say(`${rowsTotal} rows would go. Kept for good: ${keptOf(policies)}.`);
  } finally {
    channels.close();
    await codex.close();
  }
}

function keptOf(policies: readonly { kind: string }[]): string {
  const kept = retentionKinds.filter((kind) => policies.every((policy) => policy.kind !== kind));
  return kept.length === 0 ? "nothing that has a policy" : kept.join(", ");
}
