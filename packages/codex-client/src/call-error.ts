import { CodexError, isCodexError } from "@codex/sdk/errors";
import type { CodexErrorCode, CodexErrorDetail } from "@codex/sdk/errors";
import { TRPCClientError } from "@trpc/client";
import type { TRPCClientErrorLike } from "@trpc/client";
import type { ErrorBody, RouterErrorShape } from "./error-shape.ts";
import { GatewayError } from "./gateway.ts";
import type { AppRouter } from "./generated/router.ts";
import { randomId } from "./random.ts";

/** What links found out about a call that failed; kept at tRPC's error on its way up. */
export interface Outcome {
  readonly attempts: number;
  /** It may have happened, and the same call with a new key would do it twice. */
  readonly isUncertain: boolean;
}

interface CallErrorParts extends CodexErrorDetail {
  readonly code: CodexErrorCode;
  readonly message: string;
  readonly retryable?: boolean | undefined;
  readonly requestId?: string | undefined;
  readonly attempts?: number | undefined;
  readonly cause?: unknown;
  readonly shape?: RouterErrorShape | undefined;
}

/** A CodexError with what tRPC's own bindings look for, so that their types hold as well. */
export class CallError extends CodexError implements TRPCClientErrorLike<AppRouter> {
  readonly shape: RouterErrorShape | undefined;
  readonly data: RouterErrorShape["data"] | undefined;

  constructor({ code, message, shape, requestId, ...rest }: CallErrorParts) {
    super(code, message, { ...rest, requestId: requestId ?? randomId() });
    this.shape = shape;
    this.data = shape?.data;
  }
}

/** What the server said; undefined for a failure on the way. */
export function bodyOf(failure: unknown): ErrorBody | undefined {
  if (!(failure instanceof TRPCClientError)) return undefined;
  const data: unknown = failure.data;
  const isOurs = typeof data === "object" && data !== null && "code" in data && "requestId" in data;
  return isOurs ? (data as ErrorBody) : undefined; // what the API sends, by its contract
}

/** Whatever made a call fail, as the one error there is. */
export function toCallError(failure: unknown, outcome?: Partial<Outcome>): CallError {
  if (failure instanceof CallError) return failure;
  const { attempts = 1, isUncertain = false } = { ...outcomeOf(failure), ...outcome };
  if (isUncertain)
    return new CallError({
      code: "OutcomeUnknown",
      message: "the connection failed, and whether it happened is not known",
      attempts,
      cause: failure,
    });
  const body = bodyOf(failure);
  if (body !== undefined) return ofServer(body, failure, attempts);
  const cause = causeOf(failure);
  if (isCodexError(cause)) return ofCodex(cause, attempts);
  return new CallError({ ...onTheWay(cause), attempts, cause: failure });
}

function ofServer({ details, ...body }: ErrorBody, failure: unknown, attempts: number): CallError {
  const { code, message, requestId, retryable } = body;
  const { shape } = failure as TRPCClientError<AppRouter>; // has a body, so it is one
  return new CallError({
    ...details,
    code,
    message,
    requestId,
    retryable,
    attempts,
    cause: failure,
    shape: shape ?? undefined,
  });
}

function ofCodex(error: CodexError, attempts: number): CallError {
  const { code, message, retryable, requestId, entity, field, issues, cause } = error;
  return new CallError({
    code,
    message,
    retryable,
    requestId,
    attempts,
    entity,
    field,
    issues,
    cause,
  });
}

function onTheWay(cause: unknown): Pick<CallErrorParts, "code" | "message"> {
  if (cause instanceof GatewayError) {
    if (cause.isPassing) return { code: "Unavailable", message: "the API is not reached" };
    return { code: "NotFound", message: "there is no Codex API at this address" };
  }
  const name = cause instanceof Error ? cause.name : "";
  if (name === "AbortError") return { code: "Aborted", message: "the call was aborted" };
  if (name === "TimeoutError")
    return { code: "Timeout", message: "the API did not answer in time" };
  return { code: "Unavailable", message: "the API is not reached" };
}

/** What a link's failure comes from. */
export function causeOf(failure: unknown): unknown {
  return failure instanceof TRPCClientError ? failure.cause : failure;
}

/** Keeps what a link found out. */
export function withOutcome(
  failure: TRPCClientError<AppRouter>,
  outcome: Outcome,
): TRPCClientError<AppRouter> {
  return TRPCClientError.from(failure, { meta: { outcome } });
}

function outcomeOf(failure: unknown): Partial<Outcome> {
  if (!(failure instanceof TRPCClientError)) return {};
  return (failure.meta?.["outcome"] as Outcome | undefined) ?? {}; // put there by withOutcome
}
