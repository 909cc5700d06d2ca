import type { Event } from "@codex/client";
import { useCodex, useSubscription } from "@codex/client/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

/** How the stream is doing. */
export type Connection = "live" | "connecting" | "ended";

export interface Live {
  readonly connection: Connection;
  readonly error: unknown;
  /** The last events, newest first. */
  readonly events: readonly Event[];
}

const shownMax = 30;

/** Follows the workspace: keeps the last events, and has shown again what they changed. */
export function useLive(): Live {
  const codex = useCodex();
  const queryClient = useQueryClient();
  const [events, setEvents] = useState<readonly Event[]>([]);
  const onData = ({ data: event }: { data: Event }): void => {
    setEvents((before) => [event, ...before].slice(0, shownMax));
    void queryClient.invalidateQueries(codex.campaigns.pathFilter());
    if (event.entity.includes("quest"))
      void queryClient.invalidateQueries(codex.quests.pathFilter());
  };
  const { status, error } = useSubscription(
    codex.events.subscribe.subscriptionOptions(undefined, { onData }),
  );
  const connection =
    status === "pending" ? "live" : status === "connecting" ? "connecting" : "ended";
  return { connection, error, events };
}
