import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import type { Page } from "../page.ts";
import type { InboxRow } from "./queries.ts";
import type { notificationPriorities, notificationTypes } from "./schemas.ts";

/** Something that stands in a person's inbox. */
export interface InboxItem {
  /** An announcement is told to everybody at once; its recipients mark how far they have read. */
  readonly kind: "notification" | "announcement";
  /** Shared by all recipients of one sending. */
  readonly id: string;
  readonly type: (typeof notificationTypes)[number];
  readonly category: string;
  readonly priority: (typeof notificationPriorities)[number];
  readonly title: string;
  readonly body: string;
  readonly actionUrl: string | null;
  readonly actionLabel: string | null;
  readonly alertId: string | null;
  readonly achievementId: string | null;
  readonly campaignId: string | null;
  readonly isRead: boolean;
  readonly archivedAt: Date | null;
  readonly snoozedUntil: Date | null;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

/** How much is unread. Snoozed, expired and archived ones do not count. */
export interface InboxCounts {
  /** 0 to 1,000. */
  readonly unread: number;
  /** Whether there is more than that. */
  readonly isCapped: boolean;
  readonly byCategory: Readonly<Record<string, number>>;
  /** Stands for what was in the inbox then: `markAllRead({ upTo: asOf })` marks that and no more. */
  readonly asOf: string;
}

/** Counts as the query gives them: `asOf` is the server's snapshot. */
export type CountsRow = InboxCounts;

/** A page of the inbox, and what is unread in all of it. */
export interface InboxPage extends Page<InboxItem> {
  readonly counts: InboxCounts;
}

/** Something that has arrived, with the number of its event: where to go on after a break. */
export interface InboxArrival {
  readonly number: number;
  readonly item: InboxItem;
}

/** Somebody whom a notification did not reach. */
export interface SkippedRecipient {
  readonly userId: string;
  readonly reason: "not_a_member" | "opted_out" | "already_sent";
}

/** The only place where a row becomes an item. */
export function toInboxItem({ cursorAt, rank, ...item }: InboxRow): InboxItem {
  return item;
}

const position = "inbox";

/** Counts whose position tells nothing of other workspaces. */
export function toCounts(ws: Handle, rows: readonly CountsRow[]): InboxCounts {
  const { asOf, ...counts } = only(rows, "notification");
  return { ...counts, asOf: ws.cursors.hide(position, asOf) };
}

/** The snapshot that a position stands for. Throws InvalidInput. */
export function snapshotOf(ws: Handle, asOf: string): string {
  return ws.cursors.reveal(position, asOf);
}
