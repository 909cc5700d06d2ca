import { z } from "zod";
import { CodexError } from "./errors.ts";

// As much as anybody reads: fields that there are not may be as many, and as long, as a body has room for.
const issuesMax = 100;
const wordsMax = 300;

/** Parses input, or throws InvalidInput with the first hundred issues; no issue repeats the value. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input, { reportInput: false });
  if (result.success) return result.data;
  throw invalidBy(result.error, input);
}

function invalidBy({ issues: found }: z.ZodError, input: unknown): CodexError {
  const issues = found.slice(0, issuesMax).map((issue) => ({
    path: issue.path.map((part) => (typeof part === "number" ? part : cut(String(part)))),
    message: cut(wordsOf(issue, input)),
  }));
  const [first] = issues;
  const where = first === undefined || first.path.length === 0 ? "the input" : first.path.join(".");
  return new CodexError("InvalidInput", `${where}: ${first?.message ?? "is invalid"}`, { issues });
}

/** What an issue says to whoever sent the input, who may know no JavaScript. */
function wordsOf(issue: z.core.$ZodIssue, input: unknown): string {
  const { code, message, path } = issue;
  // Of a field that was left out zod says what it takes. A check of ours that is about one says why it is needed.
  if (isOfKind(code) && valueAt(input, path) === undefined) return "is missing";
  // Of a name that a record does not take, zod says no more than that; why not stands inside.
  if (code === "invalid_key") return issue.issues[0]?.message ?? message;
  return message;
}

/** That the value is none of the kind: for enums and literals, for unions, for all else. */
function isOfKind(code: string | undefined): boolean {
  return code === "invalid_value" || code === "invalid_union" || code === "invalid_type";
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

function cut(words: string): string {
  return words.length <= wordsMax ? words : `${words.slice(0, wordsMax).toWellFormed()}…`;
}

const unstorable = "holds a character that cannot be stored";

/** PostgreSQL has no NUL and no half of a surrogate pair. */
function isStorable(value: string): boolean {
  return !value.includes("\0") && value.isWellFormed();
}

// What is no space and shows nothing all the same: zero-width ones, marks of direction, soft hyphens, controls, blank letters.
const seen = /^$|[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** The empty one is too short, and told so already. */
function isSeen(value: string): boolean {
  return seen.test(value);
}

/** Text that PostgreSQL can store, and with something to be seen in it unless it may be empty. */
export function text(min: number, max: number): z.ZodString {
  const any = anyText(min, max);
  return min === 0 ? any : any.refine(isSeen, { error: "is blank", abort: true });
}

/** Text that PostgreSQL can store, blank or not: what is looked for or looked up, and names in JSON. */
export function anyText(min: number, max: number): z.ZodString {
  return z.string().min(min).max(max).refine(isStorable, { error: unstorable });
}

/** What JSON has. */
type Json = z.core.util.JSONType;

const jsonLevelsMax = 100;

/**
 * Any JSON, at most 100 levels deep. Looked through by our own hand: `z.json()` takes 2 µs a value, a second for what a
 * body has room for, and fails by the stack where it is nested deep.
 */
const json: z.ZodType<Json, Json> = z
  .custom<Json>((value) => isJson(value, jsonLevelsMax), {
    error: `is no JSON, nested deeper than ${jsonLevelsMax} levels, or ${unstorable}`,
  })
  .meta({
    id: "Json",
    anyOf: [
      { type: "string" },
      { type: "number" },
      { type: "boolean" },
      { type: "null" },
      { type: "array", items: { $ref: "#/$defs/Json" } },
      {
        type: "object",
        propertyNames: { type: "string" },
        additionalProperties: { $ref: "#/$defs/Json" },
      },
    ],
  });

function isJson(value: unknown, levels: number): boolean {
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "string") return isStorable(value);
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || levels === 0) return false;
  if (Array.isArray(value)) return value.every((part) => isJson(part, levels - 1));
  if (!isPlain(value)) return false;
  // By its names: `Object.entries` takes three times as long of an object of many.
  const isGood = (name: string): boolean => isStorable(name) && isJson(value[name], levels - 1);
  return Object.keys(value).every(isGood);
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** An object of JSON whose fields have names of 1 to 200 characters. */
export const jsonObject: z.ZodType<Record<string, Json>, Record<string, Json>> = z.record(
  anyText(1, 200),
  json,
);

/** Longest text of a name, a line and a paragraph, in characters. */
export const lengths = { name: 200, line: 1_000, prose: 20_000 } as const;

/** Whether an address names nobody: whoever reads what is stored would see the password. */
export function isOfNobody(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === "" && password === "";
}

/** What is said of one that does. */
export const namesSomebody = { error: "holds a user or a password before its host" };

/** A page of the app, or an address of the web: where somebody is led who acts; no other scheme is followed. */
export const actionUrl: z.ZodString = text(1, 2_000).regex(
  /^(?:https?:\/\/|\/(?:[^/\\]|$))/u,
  "is no address of a page",
);

/** As PostgreSQL takes it: ids of other makers need not be of RFC 9562. As it gives it: two of them are compared here too. */
export const id: z.ZodGUID = z.guid().toLowerCase();

/** A version as its column takes it: one beyond would be a number out of range, and nobody told which. */
export const version: z.ZodInt = z
  .int()
  .min(0)
  .refine((value) => value < 2 ** 31, { error: "is larger than versions become" });

/** A day of the calendar, `YYYY-MM-DD`, years 1 to 9999. */
export const day: z.ZodType<string, string> = z.iso
  .date()
  .refine((value) => value >= "0001-01-01", { error: "is before the year 1" });

/** A list of short texts, at most 100. */
export const lines: z.ZodType<string[], string[]> = z.array(text(1, lengths.line)).max(100);

/** Minor units that a bigint column holds: a bigint, or what JSON has for one, a whole number or its digits. */
const amountMinor = z
  .union(
    [
      z.bigint(),
      z.int().transform(BigInt),
      z
        .string()
        .regex(/^\d{1,19}$/u, "is not a whole number")
        .transform(BigInt),
    ],
    { error: "is no whole number; one beyond 2^53 is sent as its digits, in quotes" },
  )
  .pipe(z.bigint().min(0n).max(9_223_372_036_854_775_807n));

export const money: z.ZodType<
  { amountMinor: bigint; currency: string },
  { amountMinor: bigint | number | string; currency: string }
> = z.strictObject({
  amountMinor,
  currency: z.string().regex(/^[A-Z]{3}$/u, "is not an ISO 4217 code"),
});

// Beyond these JSON writes years that PostgreSQL does not read.
const [earliest, latest] = [new Date("0001-01-01T00:00Z"), new Date("9999-12-31T23:59:59.999Z")];

/** A moment of the years 1 to 9999: a Date, or its text in ISO 8601 with an offset, as JSON has it. */
export const instant: z.ZodType<Date, Date | string> = z
  .union([z.date(), z.iso.datetime({ offset: true }).transform((moment) => new Date(moment))], {
    error: "is no moment with an offset, such as 2026-01-31T12:00:00Z",
  })
  .refine((moment) => moment >= earliest && moment <= latest, {
    error: "is not within the years 1 to 9999",
  });

/** The input of an update: undefined leaves a field, and one field at least is given. */
export const notEmpty = (value: object): boolean =>
  Object.values(value).some((field) => field !== undefined);
