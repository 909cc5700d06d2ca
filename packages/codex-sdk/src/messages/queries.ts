import { sql } from "kysely";
import { build, statement, template } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import type { Message } from "./messages.ts";

const columns = [
  "id",
  "positioning_id as positioningId",
  "name",
  "channel",
  "persona",
  "core_message as coreMessage",
  "pillars",
  "brand_voice as brandVoice",
  "tone_guidelines as toneGuidelines",
  "status",
  "published_at as publishedAt",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

interface Content {
  readonly name?: string | undefined;
  readonly coreMessage: string;
  readonly pillars: Message["pillars"];
  readonly brandVoice?: string | undefined;
  readonly toneGuidelines?: string | undefined;
}

/** Before a draft that is expected to have a version: whoever writes or publishes drafts of the positioning waits. */
export function holdDrafts(ws: Handle, positioningId: string): Query {
  return statement(sql`
    select codex.hold_drafts(${ws.workspaceId}::uuid, ${positioningId}::uuid)`);
}

/** Writes over the draft for that place, or makes it; with a version over one that has it, or nothing. */
export function putMessage(
  ws: Handle,
  place: {
    id: string;
    positioningId: string;
    channel?: string | undefined;
    persona?: string | undefined;
  },
  { expectedVersion, ...content }: Content & { expectedVersion?: number | undefined },
): Query<{ id: string }> {
  const isExpected = sql`
    where exists (
      select from codex.message_architecture
      where workspace_id = ${ws.workspaceId} and positioning_id = ${place.positioningId}
        and status = 'draft' and channel is not distinct from ${place.channel ?? null}
        and persona is not distinct from ${place.persona ?? null}
        and version = ${expectedVersion ?? null}
    )`;
  return statement(sql<{ id: string }>`
    select codex.put_message(${ws.workspaceId}::uuid, ${place.id}::uuid,
      ${place.positioningId}::uuid, ${place.channel ?? null}, ${place.persona ?? null},
      ${JSON.stringify(content)}::jsonb) as id
    ${expectedVersion === undefined ? sql`` : isExpected}`);
}

/** The draft for that place, which the statement before has just written. */
export function getDraft(
  ws: Handle,
  place: {
    positioningId: string;
    channel?: string | undefined;
    persona?: string | undefined;
  },
): Query<Message> {
  return build
    .selectFrom("message_architecture")
    .select(columns)
    .where("workspace_id", "=", ws.workspaceId)
    .where("positioning_id", "=", place.positioningId)
    .where("status", "=", "draft")
    .where("channel", "is not distinct from", place.channel ?? null)
    .where("persona", "is not distinct from", place.persona ?? null)
    .orderBy("updated_at", "desc")
    .limit(1);
}

const messageById = template((key: { workspaceId: string; id: string }) =>
  build
    .selectFrom("message_architecture")
    .select(columns)
    .where("workspace_id", "=", key.workspaceId)
    .where("id", "=", key.id),
);

export function getMessage(ws: Handle, id: string): Query<Message> {
  return messageById({ workspaceId: ws.workspaceId, id });
}

export function publishMessage(
  ws: Handle,
  id: string,
): Query<{ published: string; superseded: string | null }> {
  return statement(sql<{ published: string; superseded: string | null }>`
    select published, superseded from codex.publish_message(${ws.workspaceId}::uuid, ${id}::uuid)`);
}

/** Published messages of the segment's active positioning that fit, the most specific first. */
export function fittingMessages(
  ws: Handle,
  place: { segment: string; channel?: string | undefined; persona?: string | undefined },
): Query<Message> {
  return build
    .selectFrom("positioning as p")
    .innerJoin("message_architecture as m", (join) =>
      join
        .onRef("m.workspace_id", "=", "p.workspace_id")
        .onRef("m.positioning_id", "=", "p.id")
        .on("m.workspace_id", "=", ws.workspaceId),
    )
    .select([
      "m.id",
      "m.positioning_id as positioningId",
      "m.name",
      "m.channel",
      "m.persona",
      "m.core_message as coreMessage",
      "m.pillars",
      "m.brand_voice as brandVoice",
      "m.tone_guidelines as toneGuidelines",
      "m.status",
      "m.published_at as publishedAt",
      "m.created_by as createdBy",
      "m.version",
      "m.created_at as createdAt",
      "m.updated_at as updatedAt",
    ])
    .where("p.workspace_id", "=", ws.workspaceId)
    .where("p.segment", "=", place.segment)
    .where("p.status", "=", "active")
    .where("m.status", "=", "published")
    .where((fit) =>
      fit.or([fit("m.channel", "is", null), fit("m.channel", "=", place.channel ?? "")]),
    )
    .where((fit) =>
      fit.or([fit("m.persona", "is", null), fit("m.persona", "=", place.persona ?? "")]),
    )
    .orderBy(sql`m.persona is not null`, "desc")
    .orderBy(sql`m.channel is not null`, "desc");
}
