/** A delivery as its worker claimed it; the rest of what the claim gives is not for sending. */
export interface Message {
  /** Id of the delivery, the same at every try: the receiver tells a repeat by it. */
  readonly id: string;
  readonly channel: string;
  /** Address of the person; null without one, or for an endpoint. */
  readonly email: string | null;
  /** Address of the endpoint; null for a person. */
  readonly url: string | null;
  /** All secrets that sign for the endpoint now, `whsec_…`. */
  readonly secrets: readonly string[];
  /** Body of a webhook, or `{ notifications: […] }` for a person. */
  readonly payload: unknown;
}

/**
 * What became of a message. A reason is safe to show: it holds no secret and no address. `isGone`: the
 * receiver says that it will never take one again.
 */
export type Outcome =
  | { readonly kind: "delivered" }
  | { readonly kind: "retry"; readonly reason: string; readonly retryAfterMs?: number | undefined }
  | { readonly kind: "given_up"; readonly reason: string; readonly isGone: boolean };

/** Sends a message. It does not throw for what receivers and networks do. */
export type Send = (message: Message, signal: AbortSignal) => Promise<Outcome>;

export const delivered: Outcome = { kind: "delivered" };

/** It is worth another try, not before `retryAfterMs` if the receiver says so. */
export function retry(reason: string, retryAfterMs?: number): Outcome {
  return { kind: "retry", reason, retryAfterMs };
}

/** Another try would end the same. */
export function giveUp(reason: string, isGone = false): Outcome {
  return { kind: "given_up", reason, isGone };
}
