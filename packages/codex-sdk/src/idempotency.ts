import { createHash } from "node:crypto";
import type { Database, Json } from "@codex/db";
import { sql } from "kysely";
import type { Compilable } from "kysely";
import { build } from "./builder.ts";
import { canonical } from "./canonical.ts";
import { invalidInput } from "./errors.ts";
import type { WriteOptions } from "./options.ts";

/** A write that happens once: its key, and the hash that tells it from another. */
export interface Claim {
  readonly workspaceId: string;
  readonly key: string;
  readonly hash: Buffer;
}

export function claimOf(
  workspaceId: string,
  key: string,
  request: { operation: string; input: unknown; expectedVersion: number | undefined },
): Claim {
  requireKey(key);
  const { operation, input, expectedVersion } = request;
  // Without a version it is the hash that keys of earlier releases have.
  const version = expectedVersion === undefined ? [] : [expectedVersion];
  const hash = createHash("sha256")
    .update(canonical([operation, input, ...version]))
    .digest();
  return { workspaceId, key, hash };
}

const keyMax = 255;

/** Whatever callers without types give: null is no key either. */
function requireKey(key: unknown): void {
  if (typeof key !== "string")
    throw invalidInput(`an idempotency key is a text of 1 to ${keyMax} characters`, [
      "idempotencyKey",
    ]);
  if (key.length === 0 || key.length > keyMax || key.includes("\0") || !key.isWellFormed())
    throw invalidInput(`an idempotency key has 1 to ${keyMax} characters`, ["idempotencyKey"]);
}

/** Options for each of the writes that one call makes: its key has a part for each. Throws InvalidInput. */
export function optionsOfParts({
  idempotencyKey: key,
  ...limits
}: WriteOptions): (part: string) => WriteOptions {
  if (key === undefined) return () => limits;
  requireKey(key);
  return (part) => {
    const whole = `${key} ${part}`;
    // One that leaves no room has its hash stand for it.
    const idempotencyKey =
      whole.length <= keyMax ? whole : `${createHash("sha256").update(key).digest("hex")} ${part}`;
    return { ...limits, idempotencyKey };
  };
}

/** KX014 in flight, KX015 another request, KX016 done already. */
export function claimKey({ workspaceId, key, hash }: Claim): Compilable {
  const claimed = sql`codex.claim_idempotency_key(${workspaceId}::uuid, ${key}, ${hash}::bytea)`;
  return { compile: () => sql`select ${claimed}`.compile(build) };
}

/** Stores the rows of the effect, in its own transaction. */
export function storeResponse({ workspaceId, key }: Claim, rows: unknown): Compilable {
  return build
    .updateTable("idempotency_keys")
    .set({
      state: "completed",
      response: encode(rows) as Database["idempotency_keys"]["response"] & string,
    })
    .where("workspace_id", "=", workspaceId)
    .where("key", "=", key);
}

export function readResponse({ workspaceId, key }: Claim): Compilable<{ response: Json | null }> {
  return build
    .selectFrom("idempotency_keys")
    .select("response")
    .where("workspace_id", "=", workspaceId)
    .where("key", "=", key)
    .where("state", "=", "completed");
}

// Rows hold what pg makes of values: texts, numbers, booleans, JSON, and instants as Date.
function encode(rows: unknown): string {
  return JSON.stringify(storable(rows));
}

function storable(value: unknown): unknown {
  if (value instanceof Date) return { $instant: value.toISOString() };
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== "object" || value === null) return value;
  const fields = eachField(value, storable);
  // JSON that somebody stores may use our words.
  return "$instant" in fields || "$plain" in fields ? { $plain: fields } : fields;
}

/** Rows as they were when they were stored. */
export function decode(response: unknown): unknown {
  if (Array.isArray(response)) return response.map(decode);
  if (typeof response !== "object" || response === null) return response;
  const { $instant, $plain } = response as { $instant?: unknown; $plain?: unknown };
  if (typeof $plain === "object" && $plain !== null) return eachField($plain, decode);
  if (typeof $instant === "string") return new Date($instant);
  return eachField(response, decode);
}

function eachField(fields: object, made: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, made(value)]));
}
