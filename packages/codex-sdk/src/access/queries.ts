import { sql } from "kysely";
import { statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { StreamHolder } from "./access.ts";

export function takeTicket(
  workspaceId: string,
  hash: Buffer,
): Query<{ userId: string | null; apiKeyId: string | null }> {
  return statement(sql<{ userId: string | null; apiKeyId: string | null }>`
    select user_id as "userId", api_key_id as "apiKeyId"
    from codex.take_stream_ticket(${workspaceId}::uuid, ${hash}::bytea)`);
}

/** Places, from 1, of those whose access has ended. */
export function endedPlaces(holders: readonly StreamHolder[]): Query<{ place: number }> {
  return statement(sql<{ place: number }>`
    select place from codex.access_ended(${holders.map(({ workspaceId }) => workspaceId)}::uuid[],
      ${holders.map(({ userId }) => userId)}::uuid[],
      ${holders.map(({ apiKeyId }) => apiKeyId)}::uuid[]) as place`);
}

export function noteKeyUse(workspaceId: string, hash: Buffer, usedAt: Date): Query {
  return statement(sql`
    update codex.api_keys set last_used_at = greatest(last_used_at, ${usedAt}::timestamptz)
    where workspace_id = ${workspaceId}::uuid and key_hash = ${hash}::bytea`);
}
