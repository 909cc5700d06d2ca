import type { IncomingMessage } from "node:http";
import { Webhook } from "standardwebhooks";
import { RefusedAddress, whyUnanswered } from "../outbound/outbound.ts";
import type { Outbound } from "../outbound/outbound.ts";
import { retryAfterMs } from "../outbound/retry-after.ts";
import { delivered, giveUp, retry } from "./channel.ts";
import type { Message, Outcome, Send } from "./channel.ts";

/**
 * Sends to endpoints, signed by the Standard Webhooks scheme with every secret that is valid now. Only an
 * answer of 2xx is success, and 410 ends the endpoint; of the answer nothing but status and Retry-After is
 * read. A redirect is a failure: the endpoint's owner gave this address and no other.
 */
export function webhookSender(outbound: Outbound, timeoutMs: number): Send {
  return async (message, signal) => {
    const { url, secrets } = message;
    if (url === null || secrets.length === 0) return giveUp("the endpoint is no longer there");
    const body = JSON.stringify(message.payload);
    try {
      const answer = await outbound.send(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...signatures(message, body) },
        body,
        httpsOnly: true,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      answer.destroy();
      return outcomeOf(answer);
    } catch (error) {
      const reason = whyUnanswered(error);
      return error instanceof RefusedAddress ? giveUp(reason) : retry(reason);
    }
  };
}

function signatures({ id, secrets }: Message, body: string): Record<string, string> {
  const now = new Date();
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(" "),
  };
}

function outcomeOf({ statusCode = 0, headers }: IncomingMessage): Outcome {
  const reason = `HTTP ${statusCode}`;
  if (statusCode >= 200 && statusCode < 300) return delivered;
  if (statusCode === 410) return giveUp(`${reason}: the endpoint is gone`, true);
  if (statusCode >= 300 && statusCode < 400) return retry(`${reason}: redirects are not followed`);
  return retry(reason, retryAfterMs(headers["retry-after"]));
}
