/** Every way in which a call can fail; the list is closed. */
export type CodexErrorCode =
  | "NotFound"
  | "Conflict"
  | "InvalidReference"
  | "InvalidInput"
  | "IllegalTransition"
  | "StaleVersion"
  | "IdempotencyConflict"
  | "InProgress"
  | "Unauthenticated"
  | "Forbidden"
  | "MissingContext"
  | "LeaseLost"
  | "RateLimited"
  | "Timeout"
  | "Aborted"
  | "Unavailable"
  | "OutcomeUnknown"
  | "SchemaMismatch"
  | "Internal";

/** One thing that is wrong with the input, and where. */
export interface InputIssue {
  /** Way to the field: `["pillars", 0, "claim"]`. Empty for the input as a whole. */
  readonly path: readonly (string | number)[];
  /** What is wrong, without the value. */
  readonly message: string;
}

/** What a code brings along; each field belongs to the codes named. */
export interface CodexErrorDetail {
  /** NotFound, Conflict, InvalidReference, IllegalTransition, StaleVersion: what it is about. */
  readonly entity?: string | undefined;
  /** Conflict, InvalidReference: the field that clashes or points nowhere. */
  readonly field?: string | undefined;
  /** InvalidInput. */
  readonly issues?: readonly InputIssue[] | undefined;
  /** IllegalTransition: the state it is in. */
  readonly from?: string | undefined;
  /** IllegalTransition: the state that was asked for. */
  readonly to?: string | undefined;
  /** IllegalTransition: the states that can follow. */
  readonly allowed?: readonly string[] | undefined;
  /** StaleVersion: the version as it is now. */
  readonly currentVersion?: number | undefined;
  /** SchemaMismatch: every reason. */
  readonly reasons?: readonly string[] | undefined;
}

interface CodexErrorOptions extends CodexErrorDetail {
  readonly requestId?: string | undefined;
  readonly attempts?: number | undefined;
  readonly retryable?: boolean | undefined;
  readonly cause?: unknown;
}

// Nothing was done, and the same call may succeed later.
const retryableCodes: ReadonlySet<CodexErrorCode> = new Set([
  "InProgress",
  "RateLimited",
  "Timeout",
  "Unavailable",
]);

/**
 * The one error of the SDK. The message may be shown to anybody: it holds no value, no SQL and nothing
 * of another row. `cause` is for logs only.
 */
export class CodexError extends Error {
  override readonly name = "CodexError";
  readonly code: CodexErrorCode;
  /** Whether the same call may succeed when it is made again; nothing was done. */
  readonly retryable: boolean;
  /** Identifies the call in logs and traces. */
  readonly requestId: string;
  /** How many times the call was tried. */
  readonly attempts: number;
  readonly entity: string | undefined;
  readonly field: string | undefined;
  readonly issues: readonly InputIssue[] | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly allowed: readonly string[] | undefined;
  readonly currentVersion: number | undefined;
  readonly reasons: readonly string[] | undefined;

  constructor(code: CodexErrorCode, message: string, options: CodexErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? retryableCodes.has(code);
    this.requestId = options.requestId ?? globalThis.crypto.randomUUID();
    this.attempts = options.attempts ?? 1;
    this.entity = options.entity;
    this.field = options.field;
    this.issues = options.issues;
    this.from = options.from;
    this.to = options.to;
    this.allowed = options.allowed;
    this.currentVersion = options.currentVersion;
    this.reasons = options.reasons;
  }
}

/** Whether it is an error of the SDK, of that code if one is given; also across two copies of the package. */
export function isCodexError(error: unknown, code?: CodexErrorCode): error is CodexError {
  return (
    error instanceof Error &&
    error.name === "CodexError" &&
    (code === undefined || (error as CodexError).code === code)
  );
}

/** The entity is not there, or not in this workspace: the two cannot be told apart. */
export function notFound(entity: string): CodexError {
  return new CodexError("NotFound", `no such ${entity}`, { entity });
}

/** The input is wrong in one place. */
export function invalidInput(
  message: string,
  path: readonly (string | number)[] = [],
  options: { cause?: unknown } = {},
): CodexError {
  return new CodexError("InvalidInput", message, { issues: [{ path, message }], ...options });
}
