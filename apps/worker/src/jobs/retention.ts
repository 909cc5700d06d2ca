import type { RetentionKind, System } from "@codex/sdk";
import type { Job } from "../loop/job.ts";
import { pagesOf } from "../loop/pages.ts";

/** What is older than so many days goes. */
export interface Policy {
  readonly kind: RetentionKind;
  readonly days: number;
}

const rowsAtATime = 1_000;

/** Removes what is old, some rows at a time. */
export function retentionJob(policy: Policy, system: System, everyMs: number): Job {
  return {
    name: `retention_${policy.kind}`,
    everyMs,
    find: (page) => system.workspacesWithRetention(policy, page),
    visit: async (workspaceId) => {
      const background = system.background(workspaceId);
      const removed = await background.runRetention({ ...policy, limit: rowsAtATime });
      return removed.reduce((sum, { rows }) => sum + rows, 0);
    },
  };
}

/** What retention would remove. */
export interface Preview extends Policy {
  readonly workspaceId: string;
  readonly table: string;
  readonly rows: number;
}

/** What each policy would remove, workspace by workspace and table by table; nothing is changed. */
export async function* previewRetention(
  policies: readonly Policy[],
  system: System,
): AsyncGenerator<Preview> {
  for (const policy of policies) yield* previewOf(policy, system);
}

async function* previewOf(policy: Policy, system: System): AsyncGenerator<Preview> {
  for await (const page of pagesOf((where) => system.workspacesWithRetention(policy, where)))
    for (const workspaceId of page) {
      const counts = await system.background(workspaceId).previewRetention(policy);
      yield* counts
        .filter(({ rows }) => rows > 0)
        .map((count) => ({ ...policy, workspaceId, ...count }));
    }
}
