import { CodexError, isCodexError } from "@codex/sdk/errors";
import type { CodexErrorCode, InputIssue } from "@codex/sdk/errors";
import { TRPCError } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import type { TRPC_ERROR_CODE_KEY, TRPC_ERROR_CODE_NUMBER } from "@trpc/server/rpc";

/** What an error says to whoever called, whatever the door. */
export interface ErrorBody {
  readonly code: CodexErrorCode;
  readonly message: string;
  readonly requestId: string;
  readonly retryable: boolean;
  readonly details?: ErrorDetails;
}

/** What a code brings along; see `CodexErrorDetail` of the SDK. */
export interface ErrorDetails {
  readonly entity?: string;
  readonly field?: string;
  readonly issues?: readonly InputIssue[];
  readonly from?: string;
  readonly to?: string;
  readonly allowed?: readonly string[];
  readonly currentVersion?: number;
}

/** The code that tRPC and HTTP have for each of ours. */
const wire: Readonly<Record<CodexErrorCode, readonly [trpc: TRPC_ERROR_CODE_KEY, status: number]>> =
  {
    NotFound: ["NOT_FOUND", 404],
    Conflict: ["CONFLICT", 409],
    InvalidReference: ["UNPROCESSABLE_CONTENT", 422],
    InvalidInput: ["BAD_REQUEST", 400],
    IllegalTransition: ["CONFLICT", 409],
    StaleVersion: ["PRECONDITION_FAILED", 412],
    IdempotencyConflict: ["UNPROCESSABLE_CONTENT", 422],
    InProgress: ["CONFLICT", 409],
    Unauthenticated: ["UNAUTHORIZED", 401],
    Forbidden: ["FORBIDDEN", 403],
    MissingContext: ["BAD_REQUEST", 400],
    LeaseLost: ["CONFLICT", 409],
    RateLimited: ["TOO_MANY_REQUESTS", 429],
    Timeout: ["GATEWAY_TIMEOUT", 504],
    Aborted: ["CLIENT_CLOSED_REQUEST", 499],
    Unavailable: ["SERVICE_UNAVAILABLE", 503],
    OutcomeUnknown: ["BAD_GATEWAY", 502],
    SchemaMismatch: ["SERVICE_UNAVAILABLE", 503],
    Internal: ["INTERNAL_SERVER_ERROR", 500],
  };

/** What tRPC itself refuses, in our words: its own may repeat what was sent. */
const ofTrpc: Partial<Record<TRPC_ERROR_CODE_KEY, Refused>> = {
  PARSE_ERROR: { code: "InvalidInput", status: 400, message: "the request is no JSON" },
  BAD_REQUEST: { code: "InvalidInput", status: 400, message: "the request is malformed" },
  NOT_FOUND: { code: "NotFound", status: 404, message: "no such procedure" },
  METHOD_NOT_SUPPORTED: {
    code: "InvalidInput",
    status: 405,
    message: "queries are sent by GET, mutations by POST",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    code: "InvalidInput",
    status: 415,
    message: "the body must be application/json",
  },
};

interface Refused {
  readonly code: CodexErrorCode;
  readonly message: string;
  /** Where HTTP says it more exactly than the code does. */
  readonly status?: number;
  /** Seconds after which it is worth another try. */
  readonly retryAfterS?: number;
  /** The limit that was met, where it is the caller's own. */
  readonly limit?: number;
}

/** A refusal of the server itself, before or beside the SDK. */
export class Refusal extends CodexError {
  readonly status: number | undefined;
  readonly retryAfterS: number | undefined;
  readonly limit: number | undefined;

  constructor({ code, message, status, retryAfterS, limit }: Refused) {
    super(code, message);
    this.status = status;
    this.retryAfterS = retryAfterS;
    this.limit = limit;
  }
}

/** Whatever was thrown, as one of ours. What nobody foresaw becomes Internal and says nothing. */
export function toCodexError(error: unknown): CodexError {
  if (isCodexError(error)) return error;
  if (error instanceof TRPCError) {
    const { cause, code } = error;
    if (isCodexError(cause)) return cause;
    const known = ofTrpc[code];
    if (known !== undefined) return new Refusal(known);
  }
  return new CodexError("Internal", "something went wrong here", { cause: error });
}

/** What is told to the caller. */
export function bodyOf(error: CodexError, requestId: string): ErrorBody {
  const { code, message, retryable } = error;
  const details = detailsOf(error);
  return {
    code,
    // The SDK's own words for these speak of the database.
    message: code === "Internal" || code === "SchemaMismatch" ? quiet[code] : message,
    requestId,
    retryable,
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

const quiet = {
  Internal: "something went wrong here",
  SchemaMismatch: "the service is being updated",
};

/** An error as tRPC carries it; see `RouterErrorShape` of the client. */
export function trpcShapeOf(error: CodexError, requestId: string): TrpcShape {
  const body = bodyOf(error, requestId);
  const data = { ...body, httpStatus: statusOf(error) };
  return { code: TRPC_ERROR_CODES_BY_KEY[wire[error.code][0]], message: body.message, data };
}

interface TrpcShape {
  readonly code: TRPC_ERROR_CODE_NUMBER;
  readonly message: string;
  readonly data: ErrorBody & { readonly httpStatus: number };
}

/** What a code brings along. */
export function detailsOf(error: CodexError): ErrorDetails {
  if (error.code === "Internal" || error.code === "SchemaMismatch") return {};
  const { entity, field, issues, from, to, allowed, currentVersion } = error;
  const all = { entity, field, issues, from, to, allowed, currentVersion };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as ErrorDetails;
}

/** HTTP status of an error. */
export function statusOf(error: CodexError): number {
  return (error instanceof Refusal ? error.status : undefined) ?? wire[error.code][1];
}

/** Seconds after which the same call is worth another try; undefined when it is not. */
export function retryAfterOf(error: CodexError): number | undefined {
  if (error instanceof Refusal && error.retryAfterS !== undefined) return error.retryAfterS;
  const status = statusOf(error);
  return status === 429 || status === 503 ? 1 : undefined;
}
