import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { Refusal } from "../errors.ts";
import { askForBody } from "./expect.ts";

/** Longest body, in bytes. */
export const bodyMax = 1024 * 1024;
/** Most levels that JSON may be nested. */
export const depthMax = 32;

/** Reads a body of JSON; undefined for an empty one. Throws InvalidInput for what is too long, no JSON, nested too deep or of another type. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  requireJson(request);
  const text = await readText(request);
  return text === "" ? undefined : parseJson(text);
}

/** Parses JSON that came from outside. Throws InvalidInput. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal({ code: "InvalidInput", message: "the request is no JSON" });
  }
  requireHarmless(value, 1);
  return value;
}

/**
 * Only JSON is taken: a form, which a browser sends from any page without asking first, must not run a
 * mutation.
 */
function requireJson({ headers }: IncomingMessage): void {
  const [type, ...parameters] = (headers["content-type"] ?? "").toLowerCase().split(";");
  if (type?.trim() !== "application/json") throw unsupported("the body must be application/json");
  const charset = parameters.find((parameter) => parameter.trim().startsWith("charset="));
  if (charset !== undefined && !/^\s*charset="?utf-?8"?\s*$/u.test(charset))
    throw unsupported("the body must be UTF-8");
  if (!/^(?:identity)?$/iu.test(headers["content-encoding"] ?? ""))
    throw unsupported("the body must not be compressed");
}

async function readText(request: IncomingMessage): Promise<string> {
  if (Number(request.headers["content-length"] ?? 0) > bodyMax) throw tooLarge();
  askForBody(request);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    const bytes = part as Buffer; // no encoding is set
    length += bytes.length;
    if (length > bodyMax) throw tooLarge();
    parts.push(bytes);
  }
  const bytes = Buffer.concat(parts);
  // What is no UTF-8 would be stored as signs that nobody wrote.
  if (!isUtf8(bytes)) throw new Refusal({ code: "InvalidInput", message: "the body is no UTF-8" });
  return bytes.toString("utf8");
}

function unsupported(message: string): Refusal {
  return new Refusal({ code: "InvalidInput", status: 415, message });
}

function tooLarge(): Refusal {
  return new Refusal({
    code: "InvalidInput",
    status: 413,
    message: "the body is larger than 1 MB",
  });
}

/** No nesting without end, and no key that would change an object's prototype when it is copied. */
function requireHarmless(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > depthMax)
    throw new Refusal({
      code: "InvalidInput",
      message: `the request is nested deeper than ${depthMax} levels`,
    });
  if (Object.hasOwn(value, "__proto__"))
    throw new Refusal({ code: "InvalidInput", message: "no field may be called __proto__" });
  for (const part of Object.values(value)) requireHarmless(part, depth + 1);
}
