import { isCodexError } from "@codex/sdk";
import type { ClaimedDelivery, System } from "@codex/sdk";
import type { Channels } from "../channels/channels.ts";
import type { Outcome } from "../channels/channel.ts";
import { backoffMs, pause } from "../loop/backoff.ts";
import { isAway } from "../loop/job-loop.ts";
import { withinLease, workOn } from "./claimed.ts";

/** What sending needs. */
export interface DeliverSettings {
  readonly system: System;
  readonly channels: Channels;
  /** Who claims. */
  readonly worker: string;
  readonly atOnce: number;
  readonly leaseMs: number;
  /** Told how each delivery ended: `lost` when another worker had it by then. */
  readonly ended: (channel: string, outcome: Outcome["kind"] | "lost") => void;
}

/** Takes some messages of a workspace, and sends them at the same time; gives how many. */
export async function deliver(
  workspaceId: string,
  settings: DeliverSettings,
  ending: AbortSignal,
): Promise<number> {
  const { system, worker, atOnce, leaseMs } = settings;
  const lease = AbortSignal.timeout(leaseMs);
  const queue = system.background(workspaceId).deliveries;
  const claimed = await queue.claim({
    worker,
    max: atOnce,
    leaseMs,
    without: settings.channels.without,
  });
  const sending = withinLease(leaseMs, ending);
  const deliverOne = async (delivery: ClaimedDelivery): Promise<void> => {
    const outcome = await settings.channels.send(delivery, sending);
    const record = () => recordOutcome(queue, delivery, outcome);
    const isKept = await untilAnswered(record, AbortSignal.any([ending, lease]));
    settings.ended(delivery.channel, isKept ? outcome.kind : "lost");
  };
  return workOn(claimed, deliverOne);
}

async function recordOutcome(
  queue: ReturnType<System["background"]>["deliveries"],
  delivery: ClaimedDelivery,
  outcome: Outcome,
): Promise<void> {
  if (outcome.kind === "delivered") return queue.complete(delivery);
  const { reason: error } = outcome;
  if (outcome.kind === "retry") {
    await queue.fail(delivery, { error, retryAfterMs: outcome.retryAfterMs });
    return;
  }
  const { endpointId } = delivery;
  // First, since a second time it is done already, and what has failed is no longer held.
  if (outcome.isGone && endpointId !== null)
    await queue.disableEndpoint({ id: endpointId, reason: error });
  await queue.fail(delivery, { error, retryable: false });
}

/**
 * What was sent is recorded as soon as the database is there again, or it would be sent once more. Gives
 * whether it was: false when another worker has taken it.
 */
async function untilAnswered(record: () => Promise<void>, signal: AbortSignal): Promise<boolean> {
  for (let failures = 1; ; failures += 1) {
    try {
      await record();
      return true;
    } catch (error) {
      if (isCodexError(error, "LeaseLost")) return false;
      if (!isAway(error) || signal.aborted) throw error;
      await pause(backoffMs(failures), signal);
    }
  }
}
