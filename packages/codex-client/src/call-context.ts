import type { Operation, OperationContext, TRPCRequestOptions } from "@trpc/client";
import { mutationsWithoutKey } from "./generated/router.ts";
import { randomId } from "./random.ts";

/** What one call may be given: `mutate(input, { context: { idempotencyKey } })`. */
export interface CallContext extends OperationContext {
  /** The same key with the same input happens once, whoever sends it again, for 24 hours. Made for each call unless given. */
  readonly idempotencyKey?: string;
}

const madeHere = "idempotencyKeyIsMadeHere";

/** Options of a mutation with its key, which all its tries share. */
export function withKey(path: string, options: TRPCRequestOptions = {}): TRPCRequestOptions {
  const context = options.context ?? {};
  if (mutationsWithoutKey.has(path) || typeof context["idempotencyKey"] === "string")
    return options;
  return { ...options, context: { ...context, idempotencyKey: randomId(), [madeHere]: true } };
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
