import { sql } from "kysely";
import { build } from "../builder.ts";
import type { Query } from "../builder.ts";
import { atVersion } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { beyond, byAge } from "../page.ts";
import type { PageAsked } from "../page.ts";
import type { SignalFeed } from "./feeds.ts";

const columns = [
  "id",
  "url",
  "source",
  "kind",
  "category",
  "every_minutes as everyMinutes",
  "next_poll_at as nextPollAt",
  "polled_at as polledAt",
  "failures",
  "last_error as lastError",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

export function addFeed(
  ws: Handle,
  feed: Pick<SignalFeed, "id" | "url" | "source" | "kind" | "everyMinutes"> & {
    category?: SignalFeed["category"] | undefined;
  },
): Query<SignalFeed> {
  return build
    .insertInto("signal_feeds")
    .values({
      workspace_id: ws.workspaceId,
      id: feed.id,
      url: feed.url,
      source: feed.source,
      kind: feed.kind,
      category: feed.category ?? null,
      every_minutes: feed.everyMinutes,
    })
    .returning(columns);
}

export function listFeeds(ws: Handle, page: PageAsked): Query<SignalFeed & { cursorAt: string }> {
  return build
    .selectFrom("signal_feeds")
    .select(columns)
    .select(sql<string>`created_at::text`.as("cursorAt"))
    .where("workspace_id", "=", ws.workspaceId)
    .$if(page.keys !== undefined, (query) => query.where(beyond(byAge.newest, page.keys ?? [])))
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(page.first + 1);
}

export function removeFeed(
  ws: Handle,
  id: string,
  expectedVersion: number | undefined,
): Query<{ id: string }> {
  return build
    .deleteFrom("signal_feeds")
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning("id");
}
