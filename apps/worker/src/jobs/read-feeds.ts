import { isCodexError } from "@codex/sdk";
import type { ClaimedFeed, System } from "@codex/sdk";
import { pollFeed } from "../feeds/poll.ts";
import type { PollSettings } from "../feeds/poll.ts";
import { withinLease, workOn } from "./claimed.ts";

/** What reading feeds needs. */
export interface ReadFeedsSettings extends PollSettings {
  readonly system: System;
  /** Who claims. */
  readonly worker: string;
  readonly leaseMs: number;
}

const feedsAtOnce = 3;

/** Takes some feeds of a workspace that are due, and reads them at the same time; gives how many. */
export async function readFeeds(
  workspaceId: string,
  settings: ReadFeedsSettings,
  ending: AbortSignal,
): Promise<number> {
  const { system, worker, leaseMs } = settings;
  const { feeds } = system.background(workspaceId);
  const claimed = await feeds.claim({ worker, max: feedsAtOnce, leaseMs });
  const signal = withinLease(leaseMs, ending);
  const readOne = async (feed: ClaimedFeed): Promise<void> => {
    try {
      await pollFeed(feeds, feed, { ...settings, signal });
    } catch (error) {
      // Another worker has it by now.
      if (!isCodexError(error, "LeaseLost")) throw error;
    }
  };
  return workOn(claimed, readOne);
}
