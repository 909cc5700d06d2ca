import { constraints } from "@codex/db";
import { PostgresFailure } from "@codex/postgres";
import type { FailureKind } from "@codex/postgres";
import { entities } from "./entities.ts";
import { CodexError } from "./errors.ts";
import type { CodexErrorCode, CodexErrorDetail } from "./errors.ts";

/** What is read of the server's error; its values are never passed on. */
interface ServerError {
  readonly code?: string | undefined;
  readonly message: string;
  readonly constraint?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly detail?: string | undefined;
}

type Translation = readonly [
  code: CodexErrorCode,
  message: string | ((error: ServerError) => string),
  detail?: (error: ServerError) => CodexErrorDetail,
];

/** The database's own sentence, which it writes for readers and without values. */
const itsOwn = ({ message }: ServerError): string => message;
/** The same, where it names a field as input that is not parsed does. */
const atItsField = ({ column, message }: ServerError): string =>
  column === undefined ? message : `${camel(column) ?? ""}: ${message}`;
const entity = ({ table }: ServerError): CodexErrorDetail => ({ entity: entities[table ?? ""] });
const entityAndField = (error: ServerError): CodexErrorDetail => ({
  ...entity(error),
  field: camel(error.column),
});
/** What "no such execution" is about; nothing when it may be one of two. */
const subject = ({ message }: ServerError): CodexErrorDetail => {
  const [, word] = /^no such (?:active )?([a-z]+)(?:$|, or (?:it|their) )/u.exec(message) ?? [];
  return { entity: word === "endpoint" ? entities["webhook_endpoints"] : word };
};
const issue = (error: ServerError): CodexErrorDetail => ({
  issues: [
    { path: error.column === undefined ? [] : [camel(error.column) ?? ""], message: error.message },
  ],
});

const overlooked: Translation = [
  "Internal",
  "a failed call was overlooked inside a transaction, or it was used after its end",
];

/** What each SQLSTATE means to a caller. Constraints have a table of their own, by name. */
const bySqlState: Readonly<Record<string, Translation>> = {
  KX001: ["MissingContext", "the call has no workspace"],
  KX002: ["IllegalTransition", whatFollows, transition],
  KX003: ["Forbidden", "not a member of this workspace, or no such workspace"],
  KX004: ["Conflict", itsOwn, entity],
  KX005: ["InvalidInput", itsOwn, issue],
  KX006: ["Conflict", itsOwn, entityAndField],
  KX007: ["Conflict", itsOwn, entity],
  KX008: ["NotFound", itsOwn, subject],
  KX010: ["Forbidden", itsOwn],
  KX011: ["InvalidInput", atItsField, issue],
  KX012: ["LeaseLost", "this token holds the lease no longer, or never did"],
  KX013: [
    "NotFound",
    "these events are no longer kept: read the current state, then follow",
    () => ({ entity: "event" }),
  ],
  KX014: ["InProgress", "a request with this idempotency key is under way"],
  KX015: ["IdempotencyConflict", "this idempotency key belongs to another request"],
  KX017: [
    "StaleVersion",
    ({ table }) => `the ${entities[table ?? ""] ?? "entity"} has changed meanwhile`,
    (error) => ({ ...entity(error), currentVersion: Number(error.detail) }),
  ],
  "22001": ["InvalidInput", "a text is too long"],
  "22003": ["InvalidInput", "a number is out of range"],
  "22007": ["InvalidInput", "a date is malformed"],
  "22008": ["InvalidInput", "a date is out of range"],
  "22021": ["InvalidInput", "a text holds a character that cannot be stored"],
  "22P02": ["InvalidInput", "a value is malformed"],
  "22P05": ["InvalidInput", "a text holds a character that cannot be stored"],
  "22023": ["InvalidInput", "a value is not one of those allowed"],
  "23502": [
    "InvalidInput",
    "a field is missing",
    () => ({ issues: [{ path: [], message: "a field is missing" }] }),
  ],
  "25P02": overlooked,
  "25006": ["Unavailable", "the database takes no writes at the moment"],
  "3F000": ["SchemaMismatch", "the database has no schema codex: run codex-migrate"],
  "40001": ["Unavailable", "concurrent changes were in the way"],
  "40P01": ["Unavailable", "concurrent changes were in the way"],
  "42501": ["Forbidden", "the role of this member does not allow it"],
  "42703": ["SchemaMismatch", "the database has another schema than this SDK expects"],
  "42883": ["SchemaMismatch", "the database has another schema than this SDK expects"],
  "42P01": ["SchemaMismatch", "the database has another schema than this SDK expects"],
  // Of an index, of a question for words, of nesting.
  "54000": ["InvalidInput", "the input is larger than the database can take"],
  "54001": ["InvalidInput", "the input is nested deeper than the database can take"],
  "55P03": ["Unavailable", "another change holds what this call needs"],
  "53100": ["Unavailable", "the database has no room left"],
  "53200": ["Unavailable", "the database has no memory left"],
};

const byKind: Readonly<Record<Exclude<FailureKind, "refused">, Translation>> = {
  unavailable: ["Unavailable", "the database is not available"],
  unknown: [
    "OutcomeUnknown",
    "the connection broke before the answer: the change may have been made",
  ],
  timeout: ["Timeout", "the call took longer than it may"],
  aborted: ["Aborted", "the call was aborted"],
  unreadable: ["Internal", "the answer of the database cannot be read"],
  misuse: overlooked,
};

const writingRead: Translation = ["Internal", "a read tried to write"];
const badKey: Translation = ["Unauthenticated", "this API key is unknown, revoked or expired"];

/** What is to be known of whoever called. */
interface Caller {
  /** They came with an API key. */
  readonly byKey?: boolean | undefined;
  /** They asked for a transaction that only reads. */
  readonly readOnly?: boolean | undefined;
}

/** Turns a failure of the database into a CodexError; whatever else was thrown stays as it is. */
export function translate(error: unknown, requestId: string, caller: Caller = {}): unknown {
  if (!(error instanceof PostgresFailure)) return error;
  const { kind, attempts, cause } = error;
  if (kind !== "refused")
    return make(byKind[kind], { message: "" }, { requestId, attempts, cause });
  const server = error.cause as ServerError;
  return make(translationFor(server, caller), server, { requestId, attempts, cause });
}

function translationFor(server: ServerError, { byKey, readOnly }: Caller): Translation {
  if (byKey === true && server.code === "KX003") return badKey;
  if (readOnly === true && server.code === "25006") return writingRead;
  return translationOf(server);
}

interface Circumstances {
  readonly requestId: string;
  readonly attempts: number;
  readonly cause: unknown;
}

function make(
  [code, message, detail]: Translation,
  error: ServerError,
  at: Circumstances,
): CodexError {
  const text = typeof message === "string" ? message : message(error);
  return new CodexError(code, text, { ...detail?.(error), ...at });
}

function translationOf(error: ServerError): Translation {
  const { code = "", constraint = "" } = error;
  // Of class 23 alone: what is too large for an index names it as well.
  const known = code.startsWith("23")
    ? (byConstraint[constraint] ?? ofConstraint(constraint))
    : undefined;
  return known ?? bySqlState[code] ?? ["Internal", "the database refused the call"];
}

/** Constraints that say more than their kind does. */
const byConstraint: Readonly<Record<string, Translation>> = {
  // Rows of other members are not seen: that such a key is theirs shows here only.
  idempotency_keys_pkey: ["IdempotencyConflict", "this idempotency key belongs to another request"],
  workspace_invitations_accepted_or_revoked_check: [
    "Conflict",
    "this invitation was accepted: whoever came is a member",
    () => ({ entity: entities["workspace_invitations"] }),
  ],
  // Each interval by itself is judged before.
  notification_preferences_quiet_hours_check: [
    "InvalidInput",
    "quietHours: leave no moment of the week",
    () => ({
      entity: entities["notification_preferences"],
      issues: [{ path: ["quietHours"], message: "leave no moment of the week" }],
    }),
  ],
};

/** What the violation of a constraint means; undefined for one that the schema does not have. */
export function ofConstraint(name: string): Translation | undefined {
  const constraint = constraints[name];
  if (constraint === undefined) return undefined;
  const about = entities[constraint.table] ?? constraint.table;
  const fields = constraint.columns.filter((column) => column !== "workspace_id");
  const field = camel(fields.at(-1) ?? "workspace_id");
  const { kind, table } = constraint;
  if (kind === "primary key" || kind === "unique")
    return ["Conflict", `this ${about} exists already`, () => ({ entity: about, field })];
  if (kind === "foreign key") {
    const message = `${field ?? ""} of the ${about} names nothing that is there`;
    return ["InvalidReference", message, () => ({ entity: about, field })];
  }
  const together =
    fields.length > 1 ? ` (${fields.map((column) => camel(column)).join(", ")})` : "";
  const message = `the ${about} breaks the rule: ${ruleOf(name, table)}${together}`;
  const path = fields.length === 1 && field !== undefined ? [field] : [];
  return ["InvalidInput", message, () => ({ entity: about, issues: [{ path, message }] })];
}

/** The middle of a check's name is its rule in words. */
function ruleOf(name: string, table: string): string {
  return name
    .slice(table.length + 1)
    .replace(/_check$/u, "")
    .replaceAll("_", " ");
}

/** What was asked for and what is possible: states are words of the schema, not of anybody. */
function whatFollows(error: ServerError): string {
  const { from, to, allowed = [] } = transition(error);
  if (from === undefined || to === undefined) return "this state cannot follow";
  const possible = allowed.length === 0 ? "nothing follows" : `${allowed.join(" or ")} can follow`;
  return `${from} cannot become ${to}: ${possible}`;
}

function transition({ message, detail, table }: ServerError): CodexErrorDetail {
  const [, from, to] = / from (.+) to (.+)$/u.exec(message) ?? [];
  const states = detail?.replace(/^allowed: /u, "") ?? "";
  const allowed = states.startsWith("none") ? [] : states.split(", ").filter(Boolean);
  return { entity: entities[table ?? ""], from, to, allowed };
}

/** Columns that callers know by another name. */
const fieldNames: Readonly<Record<string, string>> = {
  allocation_percentage: "allocation",
  converted_count: "converted",
  depends_on_id: "otherId",
  message_architecture_id: "messageId",
  reached_count: "reached",
  snoozed_until: "until",
  target_count: "target",
  "lower(email)": "email",
};

/** The field that callers know for a column. */
function camel(column: string | undefined): string | undefined {
  return (
    fieldNames[column ?? ""] ??
    column?.replaceAll(/_(\w)/gu, (_, letter: string) => letter.toUpperCase())
  );
}
