import { z } from "zod";

const notification = z.object({
  title: z.string(),
  body: z.string(),
  priority: z.string(),
  actionUrl: z.string().nullable(),
  actionLabel: z.string().nullable(),
});
type Notification = z.output<typeof notification>;

/** What an e-mail tells: one notification, or all those of a digest. */
export const letterContent = z.object({ notifications: z.array(notification).min(1) });

/** An e-mail before it has an address. */
export interface Letter {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly isUrgent: boolean;
}

/** Writes the e-mail; in the HTML all that users wrote is text. */
export function writeLetter({ notifications }: z.output<typeof letterContent>): Letter {
  const [first, ...others] = notifications.map(({ title }) => oneLine(title));
  return {
    subject:
      others.length === 0 ? (first ?? "") : `${notifications.length} notifications: ${first}`,
    text: notifications.map(asText).join("\n\n----\n\n"),
    html: `<!doctype html><html><body>${notifications.map(asHtml).join("<hr>")}</body></html>`,
    isUrgent: notifications.some(({ priority }) => priority === "urgent"),
  };
}

function asText({ title, body, actionUrl, actionLabel }: Notification): string {
  const link = actionUrl === null ? "" : `${actionLabel ?? "Open"}: ${actionUrl}`;
  return [oneLine(title), body, link].filter((part) => part !== "").join("\n\n");
}

function asHtml({ title, body, actionUrl, actionLabel }: Notification): string {
  const text = body === "" ? "" : `<p>${escapeHtml(body).replaceAll("\n", "<br>")}</p>`;
  // javascript: and the like are no links.
  const link =
    actionUrl !== null && /^https?:\/\//iu.test(actionUrl)
      ? `<p><a href="${escapeHtml(actionUrl)}">${escapeHtml(actionLabel ?? "Open")}</a></p>`
      : "";
  return `<h2>${escapeHtml(oneLine(title))}</h2>${text}${link}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => entities[character] ?? character);
}
