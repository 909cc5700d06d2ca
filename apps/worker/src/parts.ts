import { describeCodexError, openLog } from "@codex/process";
import type { Logger } from "@codex/process";
import { CodexError, createCodex, isCodexError } from "@codex/sdk";
import type { Codex, System } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { createChannels } from "./channels/channels.ts";
import type { Channels } from "./channels/channels.ts";
import { policiesOf } from "./env.ts";
import type { Settings } from "./env.ts";
import { jobsOf } from "./jobs/jobs.ts";
import type { Job, JobObserver } from "./loop/job.ts";
import { Metrics } from "./metrics.ts";
import { Outbound } from "./outbound/outbound.ts";

/** What a worker is made of; nothing is connected yet. */
export interface Parts {
  readonly codex: Codex;
  readonly system: System;
  readonly channels: Channels;
  readonly jobs: readonly Job[];
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly observer: JobObserver;
}

const entriesMax = 500;

export function makeParts(settings: Settings): Parts {
  const log = openLog(settings.LOG_LEVEL);
  const codex = openCodex(settings);
  const system = codex.system({ reason: "background work" });
  const metrics = new Metrics(() => system.usage());
  const outbound = new Outbound(settings.ALLOW_ADDRESSES);
  const channels = channelsOf(settings, outbound);
  const worker = `${hostname().slice(0, 100)}/${process.pid}/${randomUUID().slice(0, 8)}`;
  const claim = { system, worker, leaseMs: settings.LEASE_MS };
  const { FEED_TIMEOUT_MS: timeoutMs, FEED_BYTES_MAX: bytesMax } = settings;
  const jobs = jobsOf({
    system,
    pollMs: settings.POLL_MS,
    slowPollMs: settings.SLOW_POLL_MS,
    retentionPollMs: settings.RETENTION_POLL_MS,
    deliveries: {
      ...claim,
      channels,
      atOnce: settings.DELIVERIES_AT_ONCE,
      ended: (channel, outcome) => metrics.delivered(channel, outcome),
    },
    feeds: { ...claim, outbound, limits: { timeoutMs, bytesMax, entriesMax } },
    policies: policiesOf(settings),
  });
  return { codex, system, channels, jobs, log, metrics, observer: observerOf(log, metrics) };
}

/** What the log may know of whatever was thrown. */
export function describeError(error: unknown): Record<string, unknown> {
  const known = isCodexError(error)
    ? error
    : new CodexError("Internal", "something went wrong here", { cause: error });
  return describeCodexError(known);
}

// There is one login: the worker asks for nothing that only people may.
function openCodex({ DATABASE_URL, POOL_SIZE, CALL_TIMEOUT_MS }: Settings): Codex {
  return createCodex({
    connectionString: DATABASE_URL,
    service: { connectionString: DATABASE_URL, max: POOL_SIZE },
    timeoutMs: CALL_TIMEOUT_MS,
  });
}

function channelsOf(settings: Settings, outbound: Outbound): Channels {
  const { SMTP_URL: url, SMTP_FROM: from } = settings;
  const mail =
    url === undefined || from === undefined
      ? undefined
      : {
          url,
          from,
          allowPlain: settings.SMTP_ALLOW_PLAIN === "yes",
          timeoutMs: settings.SMTP_TIMEOUT_MS,
        };
  return createChannels({ outbound, mail, webhookTimeoutMs: settings.WEBHOOK_TIMEOUT_MS });
}

function observerOf(log: Logger, metrics: Metrics): JobObserver {
  return {
    visited: (job, outcome) => {
      metrics.visited(job, outcome);
      if (outcome.done > 0) log.info({ job, ...outcome }, "done");
    },
    failed: (job, error, workspaceId) => {
      const described = describeError(error);
      metrics.failed(job, String(described["code"]));
      const level = described["code"] === "Internal" ? "error" : "warn";
      log[level]({ job, workspaceId, ...described }, "failed");
    },
    passed: (job) => metrics.passed(job),
  };
}
