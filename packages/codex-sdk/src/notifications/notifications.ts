import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { parse } from "../input.ts";
import type { WriteOptions, Written } from "../options.ts";
import type { SkippedRecipient } from "./inbox-item.ts";
import { InboxClient } from "./inbox.ts";
import { sendNotification } from "./queries.ts";
import { sendNotificationInput } from "./schemas.ts";
import type { SendNotificationInput } from "./schemas.ts";

/** Whom a notification reached. */
export interface SentNotification {
  readonly id: string;
  /** How many have it now. */
  readonly accepted: number;
  /** Whether it is one announcement: to everyone, and more than 10,000. */
  readonly announced: boolean;
  readonly skipped: readonly SkippedRecipient[];
}

/** Notifications of a workspace: sending them, and the inbox of whoever acts. */
export class NotificationClient {
  readonly inbox: InboxClient;
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
    this.inbox = new InboxClient(ws);
  }

  /**
   * Puts a notification into the inbox of each recipient who is a member, in one statement that leaves
   * one event, and queues its e-mails; recipients decide by their preferences. For creators and above.
   * Throws InvalidInput (a channel without a sender too), InvalidReference, Forbidden.
   */
  async send(
    input: SendNotificationInput,
    options: WriteOptions = {},
  ): Promise<Written<SentNotification>> {
    const { to, dedupKey, ...content } = parse(sendNotificationInput, input);
    const id = newId();
    const userIds = to === "everyone" ? null : to;
    return this.#ws.write(
      {
        operation: { name: "notifications.send", table: "user_notifications" },
        queries: [sendNotification(this.#ws, { id, userIds, dedupKey }, content)],
        input,
        settle: ([rows]) => only(rows, "notification"),
      },
      options,
    );
  }
}
