import type { Background, System, WorkKind } from "@codex/sdk";
import type { Job } from "../loop/job.ts";
import { deliver } from "./deliver.ts";
import type { DeliverSettings } from "./deliver.ts";
import { readFeeds } from "./read-feeds.ts";
import type { ReadFeedsSettings } from "./read-feeds.ts";
import { retentionJob } from "./retention.ts";
import type { Policy } from "./retention.ts";

/** What the jobs need. */
export interface JobSettings {
  readonly system: System;
  readonly pollMs: number;
  readonly slowPollMs: number;
  readonly retentionPollMs: number;
  readonly deliveries: DeliverSettings;
  readonly feeds: ReadFeedsSettings;
  readonly policies: readonly Policy[];
}

/** Everything that is done, in an order in which one makes work for the next. */
export function jobsOf(settings: JobSettings): readonly Job[] {
  const { system, pollMs, slowPollMs } = settings;
  const job = (kind: WorkKind, visit: Job["visit"], everyMs = pollMs): Job => ({
    name: kind,
    everyMs,
    find: (page) => system.workspacesWithWork(kind, page),
    visit,
  });
  const inside =
    (work: (background: Background) => Promise<number>): Job["visit"] =>
    (workspaceId) =>
      work(system.background(workspaceId));
  return [
    job("feeds", (id, ending) => readFeeds(id, settings.feeds, ending)),
    job(
      "executions",
      inside(async (work) => (await work.reapExecutions()).length),
    ),
    job(
      "signals",
      inside(async (work) => (await work.compareSignals()).count),
    ),
    job(
      "insights",
      inside(async (work) => (await work.raiseStaleInsights()).length),
      slowPollMs,
    ),
    job(
      "alerts",
      inside(async (work) => (await work.escalateAlerts()).count),
    ),
    job("held_deliveries", inside(release)),
    job(
      "webhook_events",
      inside(async (work) => (await work.deliveries.queueEvents()).count),
    ),
    {
      ...job("deliveries", (id, ending) => deliver(id, settings.deliveries, ending)),
      find: (page) =>
        system.workspacesWithWork("deliveries", {
          ...page,
          without: settings.deliveries.channels.without,
        }),
    },
    ...settings.policies.map((policy) => retentionJob(policy, system, settings.retentionPollMs)),
  ];
}

async function release({ deliveries }: Background): Promise<number> {
  const { released, digested, heldAgain, dropped } = await deliveries.release();
  return released + digested + heldAgain + dropped;
}
