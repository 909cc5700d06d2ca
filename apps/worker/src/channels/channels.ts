import type { Outbound } from "../outbound/outbound.ts";
import { giveUp, retry } from "./channel.ts";
import type { Message, Outcome } from "./channel.ts";
import { mailSender } from "./email.ts";
import type { MailSettings } from "./email.ts";
import { webhookSender } from "./webhook.ts";

/** What the channels need. */
export interface ChannelSettings {
  readonly outbound: Outbound;
  /** Undefined: there is no mail server, and e-mails wait for one. */
  readonly mail: MailSettings | undefined;
  /** How long an endpoint has to answer; connecting included. */
  readonly webhookTimeoutMs: number;
}

/** Everything that messages leave by. The inbox needs no channel: what is committed is there, and its stream tells. */
export interface Channels {
  /** Those whose messages are left for a worker that has a sender. */
  readonly without: readonly "email"[];
  /** Sends a message by its channel. Does not throw for what receivers and networks do. */
  send(message: Message, signal: AbortSignal): Promise<Outcome>;
  /** Ends the connections that are kept open; what is being sent is sent first. */
  close(): void;
}

export function createChannels({ outbound, mail, webhookTimeoutMs }: ChannelSettings): Channels {
  const mails = mail === undefined ? undefined : mailSender(mail);
  const webhook = webhookSender(outbound, webhookTimeoutMs);
  return {
    without: mails === undefined ? ["email"] : [],
    async send(message, signal) {
      if (message.channel === "webhook") return webhook(message, signal);
      // slack, sms and push are channels of the schema.
      if (message.channel !== "email")
        return giveUp(`there is no sender for the channel ${message.channel}`);
      return mails?.send(message, signal) ?? retry("no mail server is set");
    },
    close: () => mails?.close(),
  };
}
