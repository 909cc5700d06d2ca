import { isCodexError } from "@codex/sdk";
import type { ClaimedFeed, System } from "@codex/sdk";
import { pollFeed } from "../feeds/poll.ts";
import type { PollSettings } from "../feeds/poll.ts";

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
  const signal = AbortSignal.any([ending, AbortSignal.timeout(leaseMs * 0.8)]);
  const readOne = async (feed: ClaimedFeed): Promise<void> => {
    try {
      await pollFeed(feeds, feed, { ...settings, signal });
    } catch (error) {
      // Another worker has it by now.
      if (!isCodexError(error, "LeaseLost")) throw error;
    }
  };
  const ends = await Promise.allSettled(claimed.map((feed) => readOne(feed)));
  const failure = ends.find((end) => end.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  return claimed.length;
}
