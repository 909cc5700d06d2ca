import { createTransport } from "nodemailer";
import type { NodemailerError, SendMailOptions } from "nodemailer";
import { delivered, giveUp, retry } from "./channel.ts";
import type { Message, Outcome, Send } from "./channel.ts";
import { letterContent, writeLetter } from "./letter.ts";

/** The mail server and who writes. */
export interface MailSettings {
  /** smtps://user:password@host:465, or smtp:// with STARTTLS. Options of nodemailer may follow as a query. */
  readonly url: string;
  /** Address of the sender, with or without a name: Codex <codex@example.org>. */
  readonly from: string;
  /** Whether mail leaves over a connection without TLS if the server offers none. */
  readonly allowPlain: boolean;
  /** For one message, waiting for a connection included. */
  readonly timeoutMs: number;
}

/** Sends e-mails over connections that are kept open. */
export interface MailSender {
  readonly send: Send;
  /** Ends the connections; what is being sent is sent first. */
  close(): void;
}

// One address, and nothing that could make two of it or a header.
const oneAddress = /^[^\s\p{Cc}<>()[\]\\,;:"@]+@[^\s\p{Cc}<>()[\]\\,;:"@]+$/u;

/**
 * Sends over SMTP. A message is given up when the server refuses its recipient or its content for good; what
 * it says of the sender, the login or itself is the operator's to mend, so that the message waits.
 */
export function mailSender(settings: MailSettings): MailSender {
  const transport = createTransport({
    url: settings.url,
    pool: true,
    // The database decides about other tries.
    maxRequeues: 0,
    requireTLS: !settings.allowPlain,
    connectionTimeout: settings.timeoutMs,
    greetingTimeout: settings.timeoutMs,
    socketTimeout: settings.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const send: Send = async (message, signal) => {
    const mail = toMail(message, settings.from);
    if ("kind" in mail) return mail;
    try {
      const limit = AbortSignal.timeout(settings.timeoutMs);
      await transport.sendMail({ ...mail, signal: AbortSignal.any([signal, limit]) });
      return delivered;
    } catch (error) {
      return outcomeOf(error);
    }
  };
  return { send, close: () => transport.close() };
}

/** What the transport sends; an outcome when there is nothing that it could send. */
function toMail(message: Message, from: string): SendMailOptions | Outcome {
  const { email, id } = message;
  const content = letterContent.safeParse(message.payload);
  if (!content.success) return giveUp("the notification is no longer there");
  if (email === null) return giveUp("the person has no e-mail address");
  if (!oneAddress.test(email)) return giveUp("the person's e-mail address is not valid");
  const { subject, text, html, isUrgent } = writeLetter(content.data);
  return {
    from,
    to: { name: "", address: email },
    // The same at every try: whoever gets it twice can tell.
    messageId: `<${id}@${/@([^\s<>@]+)>?\s*$/u.exec(from)?.[1] ?? "codex"}>`,
    subject,
    text,
    html,
    priority: isUrgent ? "high" : "normal",
    // RFC 3834: no absence notices, please. There is no List-Unsubscribe: what a person wants to be told
    // is theirs to say in the preferences, behind their login.
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

function outcomeOf(error: unknown): Outcome {
  const { name, cause, code, command, responseCode, permanent } = error as NodemailerError;
  if (name === "AbortError")
    return retry(
      (cause as Error | undefined)?.name === "TimeoutError"
        ? "no answer from the mail server in time"
        : "the worker was stopped",
    );
  // Neither the text of the answer nor the error's: they hold addresses and names.
  if (responseCode === undefined)
    return retry(`no mail server: ${code ?? "its connections were closed"}`);
  const reason = `the mail server answered ${responseCode} to ${command ?? "the message"}`;
  const isOfMessage = command === "RCPT TO" || command === "DATA";
  return permanent === true && isOfMessage ? giveUp(reason) : retry(reason);
}
