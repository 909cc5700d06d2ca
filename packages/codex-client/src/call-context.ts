import { invalidInput } from "@codex/sdk/errors";
import type { Operation, OperationContext, TRPCRequestOptions } from "@trpc/client";
import { mutationsWithoutKey } from "./generated/router.ts";
import { randomId } from "./random.ts";

/** What one call may be given: `mutate(input, { context: { idempotencyKey } })`. */
export interface CallContext extends OperationContext {
  /**
   * The same key with the same input happens once, whoever sends it again, for 24 hours. Made for each call unless given.
   * 1 to 200 characters of Latin-1, no control characters, no space at its ends: it is sent as a header.
   */
  readonly idempotencyKey?: string;
}

const madeHere = "idempotencyKeyIsMadeHere";

/** Options of a mutation with its key, which all its tries share. Throws InvalidInput for a key that cannot be sent. */
export function withKey(path: string, options: TRPCRequestOptions = {}): TRPCRequestOptions {
  const context = options.context ?? {};
  if (mutationsWithoutKey.has(path)) return options;
  const key = context["idempotencyKey"];
  if (key === undefined)
    return { ...options, context: { ...context, idempotencyKey: randomId(), [madeHere]: true } };
  if (!isSendable(key))
    throw invalidInput(
      `an idempotency key is a text of 1 to ${keyMax} characters that a header can carry: Latin-1, ` +
        "no control characters, no space at its ends",
      ["idempotencyKey"],
    );
  return options;
}

// As much as the API takes.
const keyMax = 200;

/** Whether it arrives as it is: `fetch` throws for some characters and takes spaces off the ends, and proxies refuse others. */
function isSendable(key: unknown): key is string {
  return (
    typeof key === "string" &&
    key.length <= keyMax &&
    /^[!-~\xa0-\xff](?:[ -~\xa0-\xff]*[!-~\xa0-\xff])?$/u.test(key)
  );
}

/** Whether a call can be sent again, and whether only this client knows its key. */
export function keyOf({ type, context, path }: Operation): {
  key: string | undefined;
  isSafe: boolean;
  isOurs: boolean;
} {
  const { idempotencyKey } = context;
  const key = typeof idempotencyKey === "string" ? idempotencyKey : undefined;
  const takesKey = type === "mutation" && key !== undefined && !mutationsWithoutKey.has(path);
  return {
    key: takesKey ? key : undefined,
    isSafe: type === "query" || takesKey,
    isOurs: !takesKey || context[madeHere] === true,
  };
}
