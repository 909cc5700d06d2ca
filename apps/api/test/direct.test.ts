import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { procedures } from "./support/call.ts";
import { examples, idPaths, makeThings, withValue } from "./support/examples.ts";
import type { Things } from "./support/examples.ts";
import { mutate, post, query, read } from "./support/http.ts";
import type { Answer } from "./support/http.ts";
import { makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

interface Sent {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

const requestId = { "x-request-id": "the-same" };

// One call is answered by the door itself, a batch of one by tRPC.
describe("a call by itself is answered as tRPC answers it", () => {
  let world: ApiWorld;
  let things: Things;
  beforeAll(async () => {
    world = await makeApiWorld();
    things = await makeThings(world.codex, world.acme);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const calls = procedures.filter(({ type }) => type !== "subscription");
  it.each(calls)("to the byte: $name", async ({ name, type, auth }) => {
    const { acme, globex, issuer } = world;
    const good = examples[name]?.(things);
    const token = auth === "member" ? acme.keys.owner : await issuer.token(`one of ${name}`);
    const headers = { "x-codex-workspace": acme.id };
    const elsewhere = idPaths(good).map((path) => withValue(good, path, crypto.randomUUID()));
    const asked: readonly (readonly [input: unknown, sent: Sent])[] = [
      [good, {}],
      [good, { token: await issuer.token("a stranger"), headers }],
      [good, { token: globex.keys.owner, headers }],
      [good, { token: acme.keys.viewer }],
      ...[undefined, null, 5, "text", { ...(good as object), another: 1 }, ...elsewhere].map(
        (input) => [input, { token }] as const,
      ),
      [good, { token }],
    ];
    for (const [input, sent] of asked) {
      const [alone, batched] = await both({ name, type }, input, sent);
      // What was done once is another thing to do again: of that the frame alone is the same.
      const isDone = type === "mutation" && alone.status === 200;
      if (isDone) expect(alone.text).toBe(JSON.stringify({ result: { data: dataOf(alone) } }));
      else
        expect([alone.status, maskOf(alone.text)], JSON.stringify(input)).toEqual([
          batched.status,
          maskOf(batched.text),
        ]);
    }
  });

  it("and the others go on to tRPC", async () => {
    const { acme, server } = world;
    const headers = { ...requestId, authorization: `Bearer ${acme.keys.viewer}` };
    const get = async (path: string, more = {}): Promise<unknown> => {
      const { status, json } = await read(
        await fetch(`${server.url}/trpc/${path}`, { headers: { ...headers, ...more } }),
      );
      return [status, json.error?.data?.code ?? "ok"];
    };
    expect(await get("campaigns.list")).toEqual([200, "ok"]);
    expect(await get("campaigns.list?input=")).toEqual([200, "ok"]);
    expect(await get("campaigns.list?input=&connectionParams={}")).toEqual([200, "ok"]);
    expect(await get("campaigns.create")).toEqual([405, "InvalidInput"]);
    expect(await get("campaigns.nothing")).toEqual([404, "NotFound"]);
    expect(await get("campaigns.list?connectionParams={")).toEqual([400, "InvalidInput"]);
    const form = { "content-type": "multipart/form-data" };
    expect(await get("campaigns.list", form)).toEqual([405, "InvalidInput"]);
    const sent = await post(`${server.url}/trpc/campaigns.list`, {}, { headers });
    expect([sent.status, sent.headers.get("allow")]).toEqual([405, "GET, POST"]);
  });

  /** The same call by itself, and as a batch of one without its brackets. */
  async function both(
    { name, type }: { name: string; type: string },
    input: unknown,
    { token, headers = {} }: Sent,
  ): Promise<[Answer, Answer]> {
    const { url } = world.server;
    const sent = { token, headers: { ...headers, ...requestId } };
    const batch = `${name}?batch=1`;
    const inputs = { 0: input };
    const search = `&input=${encodeURIComponent(JSON.stringify(inputs))}`;
    const [alone, batched] =
      type === "query"
        ? [
            await query(url, name, input, sent),
            await query(url, `${batch}${search}`, undefined, sent),
          ]
        : [
            // As text, so that a text is one too.
            await mutate(url, name, JSON.stringify(input), sent),
            await mutate(url, batch, inputs, sent),
          ];
    return [alone, { ...batched, text: batched.text.replace(/^\[(.*)\]$/su, "$1") }];
  }
});

function dataOf({ json }: Answer): unknown {
  return (json as { result: { data: unknown } }).result.data;
}

/** Without what is another each time that it is made: moments, and cursors, which are sealed anew. */
function maskOf(text: string): string {
  return text
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/gu, "moment")
    .replaceAll(/[\w-]{40,}(?:\.[\w-]+)?/gu, "sealed");
}
