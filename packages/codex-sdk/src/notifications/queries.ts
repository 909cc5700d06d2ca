import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { statement, template } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import type { PageAsked } from "../page.ts";
import type { CountsRow, InboxItem, SkippedRecipient } from "./inbox-item.ts";
import type { NotificationMark } from "./schemas.ts";

/** What is sent, as the database takes it. */
export interface NotificationContent {
  readonly type: string;
  readonly title: string;
  readonly [field: string]: string | Date | undefined;
}

interface Sent {
  readonly id: string;
  readonly accepted: number;
  readonly announced: boolean;
  readonly skipped: readonly SkippedRecipient[];
}

interface Sending {
  readonly workspaceId: string;
  readonly id: string;
  readonly userIds: readonly string[] | null;
  readonly content: string;
  readonly dedupKey: string | null;
}

const sendToMembers = template(({ workspaceId, id, userIds, content, dedupKey }: Sending) =>
  statement(sql<Sent>`
    select ${id}::text as id, accepted, announced, skipped
    from codex.send_notification(${workspaceId}::uuid, ${id}::uuid, ${userIds}::uuid[],
      ${content}::jsonb, ${dedupKey})`),
);

export function sendNotification(
  { workspaceId }: Handle,
  recipients: { id: string; userIds: readonly string[] | null; dedupKey: string | undefined },
  content: NotificationContent,
): Query<Sent> {
  const { id, userIds, dedupKey = null } = recipients;
  return sendToMembers({ workspaceId, id, userIds, content: JSON.stringify(content), dedupKey });
}

/** What is unread, read from the rows. */
export function inboxCounts(ws: Handle): Query<CountsRow> {
  return statement(sql<CountsRow>`
    select unread, is_capped as "isCapped", by_category as "byCategory", as_of as "asOf"
    from codex.inbox_counts(${ws.workspaceId}::uuid)`);
}

/** A row of the inbox, with what its cursor holds. */
export type InboxRow = InboxItem & { readonly cursorAt: string; readonly rank: number };

interface InboxAsked extends PageAsked {
  readonly sort: "newest" | "priority";
}

interface InboxFilter {
  readonly status: "inbox" | "unread" | "archived" | "snoozed";
  readonly category?: string | undefined;
}

const statuses: Readonly<Record<InboxFilter["status"], RawBuilder<boolean>>> = {
  inbox: sql`archived_at is null and (expires_at is null or expires_at > now())
    and (snoozed_until is null or snoozed_until <= now())`,
  unread: sql`read_at is null and archived_at is null and (expires_at is null or expires_at > now())
    and (snoozed_until is null or snoozed_until <= now())`,
  archived: sql`archived_at is not null`,
  snoozed: sql`archived_at is null and snoozed_until > now()`,
};

const notificationColumns = sql`'notification' as kind, id, notification_type as "type", category,
  priority, title, body, action_url as "actionUrl", action_label as "actionLabel",
  alert_id as "alertId", achievement_id as "achievementId", campaign_id as "campaignId",
  read_at is not null as "isRead", archived_at as "archivedAt", snoozed_until as "snoozedUntil",
  expires_at as "expiresAt", created_at as "createdAt", created_at::text as "cursorAt",
  priority_rank as "rank"`;

/** Up to which announcement the person has read. */
function readMark(ws: Handle): RawBuilder<string> {
  return sql`coalesce((
    select p.announcements_read from codex.notification_preferences p
    where p.workspace_id = ${ws.workspaceId} and p.user_id = (select codex.current_user_id())), 0)`;
}

function sinceJoined(ws: Handle): RawBuilder<boolean> {
  return sql`created_at >= (select codex.joined_at(${ws.workspaceId}::uuid))`;
}

function announcementColumns(ws: Handle): RawBuilder<unknown> {
  return sql`'announcement' as kind, id, notification_type as "type", category, priority, title, body,
    action_url as "actionUrl", action_label as "actionLabel", null::uuid as "alertId",
    null::uuid as "achievementId", null::uuid as "campaignId",
    number <= ${readMark(ws)} as "isRead", null::timestamptz as "archivedAt",
    null::timestamptz as "snoozedUntil", expires_at as "expiresAt", created_at as "createdAt",
    created_at::text as "cursorAt", priority_rank as "rank"`;
}

/** The person's notifications, and announcements since they joined. */
export function listInbox(
  ws: Handle,
  { status, category }: InboxFilter,
  { first, keys, sort }: InboxAsked,
): Query<InboxRow> {
  const isUnread = status === "unread";
  const ofCategory = category === undefined ? sql`true` : sql`category = ${category}`;
  const order = orderOf(sort);
  const page = sql`${ofCategory} and ${beyondOf(sort, keys)} order by ${order} limit ${first + 1}`;
  const announcements = sql`union all (
    select ${announcementColumns(ws)}, created_at, priority_rank
    from codex.announcements
    where workspace_id = ${ws.workspaceId} and (expires_at is null or expires_at > now())
      and ${sinceJoined(ws)} and ${isUnread ? sql`number > ${readMark(ws)}` : sql`true`} and ${page})`;
  return statement(sql<InboxRow>`
    select kind, id, "type", category, priority, title, body, "actionUrl", "actionLabel", "alertId",
      "achievementId", "campaignId", "isRead", "archivedAt", "snoozedUntil", "expiresAt",
      "createdAt", "cursorAt", "rank"
    from ((
      select ${notificationColumns}, created_at, priority_rank
      from codex.user_notifications
      where workspace_id = ${ws.workspaceId} and user_id = (select codex.current_user_id())
        and ${statuses[status]} and ${page})
      ${status === "archived" || status === "snoozed" ? sql`` : announcements}) item
    order by ${order}
    limit ${first + 1}`);
}

function orderOf(sort: InboxAsked["sort"]): RawBuilder<unknown> {
  return sort === "newest"
    ? sql`created_at desc, id desc`
    : sql`priority_rank desc, created_at desc, id desc`;
}

function beyondOf(
  sort: InboxAsked["sort"],
  keys: readonly string[] | undefined,
): RawBuilder<boolean> {
  if (keys === undefined) return sql`true`;
  const [at, id, rank] = keys;
  return sort === "newest"
    ? sql`(created_at, id) < (${at}::timestamptz, ${id}::uuid)`
    : sql`(priority_rank, created_at, id) < (${rank}::integer, ${at}::timestamptz, ${id}::uuid)`;
}

export function markNotifications(
  ws: Handle,
  ids: readonly string[],
  mark: NotificationMark,
): Query<{ changed: number }> {
  return statement(sql<{ changed: number }>`
    select codex.mark_notifications(${ws.workspaceId}::uuid, ${ids}::uuid[], ${mark}) as changed`);
}

export function markAllRead(ws: Handle, asOf: string): Query<{ changed: number }> {
  return statement(sql<{ changed: number }>`
    select codex.mark_all_read(${ws.workspaceId}::uuid, ${asOf}) as changed`);
}

export function snoozeNotification(ws: Handle, id: string, until: Date | null): Query {
  return statement(sql`
    select codex.snooze_notification(${ws.workspaceId}::uuid, ${id}::uuid, ${until}::timestamptz)`);
}

export function getNotification(ws: Handle, id: string): Query<InboxRow> {
  return statement(sql<InboxRow>`
    select ${notificationColumns}
    from codex.user_notifications
    where workspace_id = ${ws.workspaceId} and user_id = (select codex.current_user_id()) and id = ${id}`);
}

/** What the next events brought to the person, in their order; the window is bounded, not its yield. */
export function inboxArrivals(
  ws: Handle,
  after: number,
  { window, asOf }: { window: number; asOf?: string | undefined },
): Query<InboxRow & { number: string }> {
  const isLater =
    asOf === undefined ? sql`true` : sql`not codex.was_there(e.xid, ${asOf}::pg_snapshot)`;
  const arrived = (entity: string): RawBuilder<unknown> => sql`
    e.workspace_id = ${ws.workspaceId} and e.number > ${after} and e.number <= ${after + window}
      and e.entity = ${entity} and e.type = ${`${entity}.created`} and ${isLater}`;
  return statement(sql<InboxRow & { number: string }>`
    select item.*
    from (
      select e.number::text as "number", n.*
      from codex.outbox_events e
      cross join lateral (
        select ${notificationColumns}
        from codex.user_notifications
        where workspace_id = ${ws.workspaceId} and user_id = (select codex.current_user_id())
          and id = e.entity_id
      ) n
      where ${arrived("notification")}
      union all
      select e.number::text as "number", a.*
      from codex.outbox_events e
      cross join lateral (
        select ${announcementColumns(ws)}
        from codex.announcements
        where workspace_id = ${ws.workspaceId} and id = e.entity_id and ${sinceJoined(ws)}
      ) a
      where ${arrived("announcement")}
    ) item
    order by item."number"::bigint`);
}
