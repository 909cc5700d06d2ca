import fc from "fast-check";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contractOf } from "../src/contract/contract.ts";
import type { JsonSchema } from "../src/contract/contract.ts";
import { appRouter } from "../src/root.ts";
import { call, procedures } from "./support/call.ts";
import { isFull } from "./support/env.ts";
import { makeThings } from "./support/examples.ts";
import type { Things } from "./support/examples.ts";
import { makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

const validRuns = isFull ? 100 : 4;
const hostileRuns = isFull ? 300 : 6;
const rawRuns = isFull ? 5_000 : 300;
const { shapes } = contractOf(appRouter);
// An answer may repeat what was sent: of 33,000 inputs of a full run, some name a key "…pg_…".
const inside = /codex\.\w|pg_|node_modules|\bat .*\.ts:\d/u;

describe("fuzz", () => {
  let world: ApiWorld;
  let things: Things;
  beforeAll(async () => {
    world = await makeApiWorld();
    things = await makeThings(world.codex, world.acme);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const ids = (): string[] => [
    things.campaign,
    things.quest,
    things.otherQuest,
    things.cohort,
    things.draft,
    things.active,
    things.message,
    things.memberId,
  ];
  // Who takes members, keys or themselves away would leave the others of this file without.
  const tried = procedures.filter(
    ({ name, type }) =>
      type !== "subscription" && !/members\.remove|apiKeys\.revoke|changeRole/u.test(name),
  );

  it.each(tried)(
    "$name: input that its schema allows is answered, never by a 500",
    async (procedure) => {
      await fc.assert(
        fc.asyncProperty(arbitraryOf(procedure.input, ids()), async (input) => {
          const token = await tokenFor(procedure.auth);
          const { status, text } = await call(world.server.url, procedure, input, { token });
          expect([status < 500, text]).toEqual([true, expect.any(String)]);
        }),
        { numRuns: validRuns, endOnFailure: true },
      );
    },
  );

  it.each(tried)("$name: hostile input is refused or harmless", async (procedure) => {
    const before = Object.getOwnPropertyNames(Object.prototype).join(",");
    await fc.assert(
      fc.asyncProperty(mutated(arbitraryOf(procedure.input, ids())), async (input) => {
        const token = await tokenFor(procedure.auth);
        const { status, text } = await call(world.server.url, procedure, input, { token });
        expect([status < 500, text]).toEqual([true, expect.any(String)]);
        // What was stored comes back as it is; what is refused says nothing of the inside.
        if (status >= 400 && !inside.test(JSON.stringify(input))) expect(text).not.toMatch(inside);
      }),
      { numRuns: hostileRuns, endOnFailure: true },
    );
    expect(Object.getOwnPropertyNames(Object.prototype).join(",")).toBe(before);
  });

  it("bytes of any kind leave the server alive", async () => {
    const { port } = new URL(world.server.url);
    const token = world.acme.keys.viewer;
    const line = fc.oneof(
      fc.constantFrom(
        "GET / HTTP/1.1",
        "POST /trpc/campaigns.create HTTP/1.1",
        "GET /trpc/campaigns.list?batch=1&input=%7B%7D HTTP/1.1",
        "POST /mcp HTTP/1.1",
        "host: x",
        "content-type: application/json",
        "content-length: 7",
        "transfer-encoding: chunked",
        "connection: upgrade",
        "upgrade: websocket",
        "expect: 100-continue",
        `authorization: Bearer ${token}`,
        "last-event-id: 999999999999999999999",
        "x-codex-workspace: x",
        "",
        "5\r\nhello\r\n0\r\n",
      ),
      fc.string({ maxLength: 60 }),
      fc.string({ unit: "binary", maxLength: 60 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
        const raw = await send(Number(port), `${lines.join("\r\n")}\r\n\r\n`);
        expect(raw).not.toMatch(/^HTTP\/1\.1 5(?!05)/u);
      }),
      { numRuns: rawRuns, endOnFailure: true },
    );
    expect((await fetch(`${world.server.url}/livez`)).status).toBe(200);
  });

  async function tokenFor(auth: "member" | "person"): Promise<string> {
    return auth === "member" ? world.acme.keys.owner : world.issuer.token("fuzz");
  }
});

/** Values that a schema allows; ids are those given or made up. */
function arbitraryOf(schema: JsonSchema, ids: readonly string[], depth = 0): fc.Arbitrary<unknown> {
  const { $ref, anyOf, enum: values, const: value, type, format } = schema;
  if ($ref !== undefined) {
    const shape = shapes[$ref.slice("#/shapes/".length)];
    if (shape === undefined || depth > 3) return fc.constantFrom(null, 1, "x");
    return arbitraryOf(shape, ids, depth + 1);
  }
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((one) => arbitraryOf(one, ids, depth)));
  if (value !== undefined) return fc.constant(value);
  if (values !== undefined) return fc.constantFrom(...values);
  switch (type) {
    case "object":
      return objectOf(schema, ids, depth);
    case "array":
      return fc.array(arbitraryOf(schema.items ?? {}, ids, depth + 1), {
        minLength: Number(schema["minItems"] ?? 0),
        maxLength: Math.min(Number(schema["maxItems"] ?? 4), Number(schema["minItems"] ?? 0) + 3),
      });
    case "integer":
      return fc.integer({
        min: Number(schema["minimum"] ?? -1_000),
        max: Math.min(Number(schema["maximum"] ?? 1_000_000), 2_000_000_000),
      });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "string":
      return textOf(schema, ids, format);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

function objectOf(
  schema: JsonSchema,
  ids: readonly string[],
  depth: number,
): fc.Arbitrary<unknown> {
  const entries = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => [name, arbitraryOf(field, ids, depth)] as const,
  );
  if (entries.length === 0)
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 9 }), fc.jsonValue({ maxDepth: 2 }), {
      maxKeys: 4,
      noNullPrototype: true,
    });
  return fc.record(Object.fromEntries(entries), {
    requiredKeys: [...(schema.required ?? [])],
    noNullPrototype: true,
  });
}

function textOf(schema: JsonSchema, ids: readonly string[], format: unknown): fc.Arbitrary<string> {
  if (format === "uuid") return fc.oneof(fc.constantFrom(...ids), fc.uuid());
  if (format === "date")
    return fc
      .date({ noInvalidDate: true, min: new Date("1900-01-01"), max: new Date("2900-01-01") })
      .map((at) => at.toISOString().slice(0, 10));
  if (format === "date-time")
    return fc
      .date({ noInvalidDate: true, min: new Date("1900-01-01"), max: new Date("2900-01-01") })
      .map((at) => at.toISOString());
  if (format === "email") return fc.emailAddress();
  const { pattern } = schema;
  if (typeof pattern === "string")
    return fc.stringMatching(new RegExp(pattern, "u"), { maxLength: 80 });
  return fc.string({
    unit: "grapheme",
    minLength: Number(schema["minLength"] ?? 0),
    maxLength: Math.min(Number(schema["maxLength"] ?? 60), 60),
  });
}

const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null, true, -1, 0, 1.5, 2 ** 53, -(2 ** 53), 1e308, "", "\0", "\ud800", "'; drop table campaigns; --",
    "${7*7}", "../../etc/passwd", "x".repeat(20_001), [], {}, [[[[]]]], { $ne: null }, { toString: "x" },
    { constructor: { prototype: { x: 1 } } }, "00000000-0000-0000-0000-000000000000", "%", "\\", "NaN", "Infinity",
    "9999999999999999999999", "0000-00-00", "infinity", "2026-02-30", "epoch",
  ), // prettier-ignore
  fc.jsonValue({ maxDepth: 4 }),
);

/** A value in which something, somewhere, is not what it should be. */
function mutated(arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(arbitrary, hostile, fc.nat(), fc.string({ maxLength: 12 }))
    .map(([value, evil, at, name]) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return evil;
      const keys = Object.keys(value);
      const key = at % 3 === 0 || keys.length === 0 ? name : (keys[at % keys.length] ?? name);
      return { ...value, [key === "__proto__" ? "proto" : key]: evil };
    });
}

function send(port: number, bytes: string): Promise<string> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => socket.end(bytes, "latin1"));
    let text = "";
    const end = (): void => {
      socket.destroy();
      done(text);
    };
    socket.setTimeout(250, end);
    socket.on("data", (part) => (text += part.toString("latin1")));
    socket.on("end", end);
    socket.on("error", end);
  });
}
