import { CodexError } from "@codex/sdk/errors";
import { startProxy } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf, clientAt, makeWorld } from "./world.ts";
import type { World } from "./world.ts";

const missing = "01890000-0000-7000-8000-000000000000";

describe("calls", () => {
  let world: World;
  let apiKey: string;
  let port: number;
  beforeAll(async () => {
    world = await makeWorld();
    apiKey = (await world.key("owner")).secret;
    ({ port } = world.api);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const named = async (name: string): Promise<number> => {
    let count = 0;
    for await (const campaign of world.members.viewer.ws.campaigns.list())
      if (campaign.name === name) count += 1;
    return count;
  };

  /** The global fetch, with every request noted. */
  const noted = (
    before: (attempt: number) => Response | undefined = () => undefined,
  ): { fetch: typeof fetch; requests: { url: URL; headers: Headers }[] } => {
    const requests: { url: URL; headers: Headers }[] = [];
    return {
      requests,
      fetch: async (input, init) => {
        requests.push({ url: new URL(addressOf(input)), headers: new Headers(init?.headers) });
        return before(requests.length) ?? fetch(input, init);
      },
    };
  };

  it("give what the API gives", async () => {
    const client = clientAt(port, { apiKey });
    const made = await client.campaigns.create.mutate({ name: "Launch" });
    expect(await client.campaigns.get.query({ id: made.id })).toMatchObject({ name: "Launch" });
    expect(await client.workspaces.get.query()).toMatchObject({ id: world.members.id });
  });

  it("throw CodexErrors, with what the code brings along", async () => {
    const client = clientAt(port, { apiKey });
    const error = await client.campaigns.get.query({ id: missing }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(CodexError);
    expect(error).toMatchObject({ code: "NotFound", entity: "campaign", retryable: false });
    expect(error.data).toMatchObject({ code: "NotFound", httpStatus: 404 });
    await expect(client.campaigns.create.mutate({ name: "" })).rejects.toMatchObject({
      code: "InvalidInput",
      issues: [{ path: ["name"] }],
    });
    const { secret } = await world.key("viewer");
    await expect(
      clientAt(port, { apiKey: secret }).campaigns.create.mutate({ name: "No" }),
    ).rejects.toMatchObject({ code: "Forbidden", attempts: 1 });
    await expect(clientAt(port, {}).campaigns.list.query({})).rejects.toMatchObject({
      code: "Unauthenticated",
    });
  });

  it("read in batches of at most 20", async () => {
    const { fetch, requests } = noted();
    const client = clientAt(port, { apiKey, fetch });
    await Promise.all(Array.from({ length: 45 }, () => client.campaigns.list.query({ first: 1 })));
    expect(requests.map(({ url }) => url.pathname.split(",").length)).toEqual([20, 20, 5]);
  });

  it("read in addresses that the API takes", async () => {
    const { fetch, requests } = noted();
    const client = clientAt(port, { apiKey, fetch });
    const after = "x".repeat(1_500);
    const calls = Array.from({ length: 12 }, () =>
      client.campaigns.list.query({ after }).catch((error) => error.code),
    );
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 12 }, () => "InvalidInput"));
    expect(requests.length).toBeGreaterThan(1);
    for (const { url } of requests) expect(url.href.length).toBeLessThanOrEqual(8_000);
    await expect(client.campaigns.list.query({ after: "x".repeat(9_000) })).rejects.toMatchObject({
      code: "InvalidInput",
      message: "the input is too long for a query",
    });
  });

  it("write once when every answer is cut, at whatever byte", async () => {
    const cuts = Array.from({ length: 25 }, (_, index) => index * 60);
    const keys = new Set<string>();
    let replays = 0;
    for (const afterBytes of cuts) {
      await using proxy = await startProxy({ port });
      const { fetch, requests } = noted((attempt) => {
        proxy.fault = attempt === 1 ? { kind: "cut answer", afterBytes } : { kind: "none" };
        return undefined;
      });
      const client = clientAt(proxy.port, { apiKey, fetch });
      const name = `Cut at ${afterBytes}`;
      const made = await client.campaigns.create.mutate({ name });
      expect(await named(name), name).toBe(1);
      const sent = new Set(requests.map(({ headers }) => headers.get("idempotency-key")));
      expect(sent.size, name).toBe(1);
      for (const key of sent) keys.add(String(key));
      if (requests.length === 2) expect(made.replayed, name).toBe(true);
      if (made.replayed === true) replays += 1;
    }
    // The last ones come after the answer's end.
    expect(replays).toBeGreaterThan(10);
    console.log(`answers cut: ${replays} of ${cuts.length}; campaigns made twice or not at all: 0`);
    expect(keys.size).toBe(cuts.length);
  });

  it("write once when the request never arrives", async () => {
    await using proxy = await startProxy({ port });
    const { fetch, requests } = noted((attempt) => {
      proxy.fault = attempt === 1 ? { kind: "cut request" } : { kind: "none" };
      return undefined;
    });
    const client = clientAt(proxy.port, { apiKey, fetch });
    expect((await client.campaigns.create.mutate({ name: "Again" })).replayed).toBeUndefined();
    expect([requests.length, await named("Again")]).toEqual([2, 1]);
  });

  it.each<[string, unknown]>([
    ["nothing", ""],
    ["spaces alone", "  "],
    ["a space at its end, which fetch takes off", "launch "],
    ["a line break", "launch\r\nx-codex-workspace: other"],
    ["NUL", "a\0b"],
    ["a tab", "a\tb"],
    ["DEL", "a\u007fb"],
    ["a control character of Latin-1", "a\u0085b"],
    ["letters beyond Latin-1", "запуск"],
    ["half of a surrogate pair", "\ud800"],
    ["more than 200 characters", "k".repeat(201)],
    ["a number", 7],
    ["null", null],
  ])("send no key that is %s, and say so", async (_, key) => {
    const { fetch, requests } = noted();
    const client = clientAt(port, { apiKey, fetch });
    const context = { idempotencyKey: key as string };
    await expect(
      client.campaigns.create.mutate({ name: "No key" }, { context }),
    ).rejects.toMatchObject({
      code: "InvalidInput",
      message: expect.stringContaining("that a header can carry"),
      issues: [{ path: ["idempotencyKey"] }],
    });
    expect(requests).toEqual([]);
  });

  it("take any key that a header carries", async () => {
    for (const idempotencyKey of ["k", `é ÿ ~! ${Date.now()}`, `${Date.now()}`.padEnd(200, "k")]) {
      const options = { context: { idempotencyKey } };
      const input = { name: "Carried" };
      const first = await clientAt(port, { apiKey }).campaigns.create.mutate(input, options);
      const again = await clientAt(port, { apiKey }).campaigns.create.mutate(input, options);
      expect([again.id, again.replayed]).toEqual([first.id, true]);
    }
  });

  it("take a key of the caller's, which outlives the client", async () => {
    const idempotencyKey = `launch ${Date.now()}`;
    const input = { name: "Keyed" };
    const options = { context: { idempotencyKey } };
    const first = await clientAt(port, { apiKey }).campaigns.create.mutate(input, options);
    const again = await clientAt(port, { apiKey }).campaigns.create.mutate(input, options);
    expect([again.id, again.replayed]).toEqual([first.id, true]);
    await expect(
      clientAt(port, { apiKey }).campaigns.create.mutate({ name: "Other" }, options),
    ).rejects.toMatchObject({ code: "IdempotencyConflict" });
  });

  it("say when a mutation may have happened, and do not repeat one that takes no key", async () => {
    const token = await world.token("grace");
    await clientAt(port, { token }).people.ensure.mutate({});
    await using proxy = await startProxy({ port });
    proxy.fault = { kind: "cut answer", afterBytes: 0 };
    const slug = `cut-${Date.now()}`;
    await expect(
      clientAt(proxy.port, { token }).workspaces.create.mutate({ name: "Cut", slug }),
    ).rejects.toMatchObject({ code: "OutcomeUnknown", retryable: false, attempts: 1 });
    // It did happen; nobody could know.
    expect(await clientAt(port, { token }).workspaces.bySlug.query({ slug })).toHaveProperty("id");
    // With a key the same holds once every try has failed; a caller's own key makes the call repeatable.
    const client = clientAt(proxy.port, { apiKey, retriesMax: 2 });
    await expect(client.campaigns.create.mutate({ name: "Gone" })).rejects.toMatchObject({
      code: "OutcomeUnknown",
      attempts: 3,
    });
    await expect(
      client.campaigns.create.mutate(
        { name: "Own" },
        { context: { idempotencyKey: `own ${slug}` } },
      ),
    ).rejects.toMatchObject({ code: "Unavailable", retryable: true });
  });

  it("may have happened even when the last try is turned away at the door", async () => {
    await using proxy = await startProxy({ port });
    const token = await world.token("ida");
    const person = clientAt(port, { token });
    const { id } = await person.workspaces.create.mutate({
      name: "Ida",
      slug: `ida-${Date.now()}`,
    });
    let asked = 0;
    const client = clientAt(proxy.port, {
      workspaceId: id,
      token: () => {
        asked += 1;
        proxy.fault = asked === 1 ? { kind: "cut answer", afterBytes: 0 } : { kind: "none" };
        return asked === 1 ? token : "expired";
      },
    });
    await expect(client.campaigns.create.mutate({ name: "Cut" })).rejects.toMatchObject({
      code: "OutcomeUnknown",
      attempts: 2,
    });
    const there = clientAt(port, { token, workspaceId: id });
    expect((await there.campaigns.list.query({})).items).toHaveLength(1);
  });

  it("are Unavailable when nothing listens, after every try", async () => {
    const gone = await startProxy({ port });
    await gone[Symbol.asyncDispose]();
    const client = clientAt(gone.port, { apiKey });
    await expect(client.campaigns.list.query({})).rejects.toMatchObject({
      code: "Unavailable",
      attempts: 5,
    });
    // Refused: it was never sent, so nothing can have happened.
    await expect(client.campaigns.create.mutate({ name: "No" })).rejects.toMatchObject({
      code: "Unavailable",
      retryable: true,
    });
  });

  it("wait as long as the server asks", async () => {
    const at: number[] = [];
    const { fetch } = noted((attempt) => {
      at.push(performance.now());
      if (attempt > 1) return undefined;
      return new Response("busy", { status: 503, headers: { "retry-after": "1" } });
    });
    await clientAt(port, { apiKey, fetch }).campaigns.list.query({});
    expect(at).toHaveLength(2);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it("fail at once when the server asks for longer than anybody would wait", async () => {
    await using own = await makeWorld({ RATE_PER_KEY: "40" });
    const { secret } = await own.key("viewer");
    const { fetch, requests } = noted();
    const client = clientAt(own.api.port, { apiKey: secret, fetch });
    const codes: string[] = [];
    for (let call = 0; call < 60 && codes.length === 0; call += 1)
      await client.campaigns.list.query({}).catch((error) => codes.push(error.code));
    expect(codes).toEqual(["RateLimited"]);
    expect(requests.length).toBeLessThan(60);
  });

  it("try again what a balancer says for the API, and no other page", async () => {
    const { fetch, requests } = noted((attempt) =>
      attempt === 1 ? new Response("<h1>Bad Gateway</h1>", { status: 502 }) : undefined,
    );
    const client = clientAt(port, { apiKey, fetch });
    expect((await client.campaigns.create.mutate({ name: "Behind" })).name).toBe("Behind");
    expect(requests).toHaveLength(2);
    const wrong = noted(() => new Response("<h1>Not Found</h1>", { status: 404 }));
    await expect(
      clientAt(port, { fetch: wrong.fetch }).campaigns.list.query({}),
    ).rejects.toMatchObject({ code: "NotFound", message: /no Codex API/u, attempts: 1 });
  });

  it("know the API's refusals from those of others that speak JSON", async () => {
    const json = (status: number) => Response.json({ message: "not ours" }, { status });
    const { fetch, requests } = noted((attempt) => (attempt === 1 ? json(502) : undefined));
    const client = clientAt(port, { apiKey, fetch });
    expect((await client.campaigns.create.mutate({ name: "In JSON" })).name).toBe("In JSON");
    expect(requests).toHaveLength(2);
    const wrong = noted(() => json(404));
    await expect(
      clientAt(port, { fetch: wrong.fetch }).campaigns.list.query({}),
    ).rejects.toMatchObject({ code: "NotFound", message: /no Codex API/u, attempts: 1 });
    expect(wrong.requests).toHaveLength(1);
  });

  it("end when they take too long", async () => {
    await using proxy = await startProxy({ port });
    proxy.fault = { kind: "hang" };
    const client = clientAt(proxy.port, { apiKey, timeoutMs: 100, retriesMax: 1 });
    await expect(client.campaigns.list.query({})).rejects.toMatchObject({
      code: "Timeout",
      attempts: 2,
    });
  });

  it("are Aborted, under way and while they wait", async () => {
    await using proxy = await startProxy({ port });
    proxy.fault = { kind: "hang" };
    const controller = new AbortController();
    const call = clientAt(proxy.port, { apiKey }).campaigns.list.query(
      {},
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 20);
    await expect(call).rejects.toMatchObject({ code: "Aborted" });
    const waiting = new AbortController();
    const { fetch, requests } = noted(() => {
      setTimeout(() => waiting.abort(), 5);
      return new Response("", { status: 503, headers: { "retry-after": "2" } });
    });
    await expect(
      clientAt(port, { fetch }).campaigns.list.query({}, { signal: waiting.signal }),
    ).rejects.toMatchObject({ code: "Aborted" });
    expect(requests).toHaveLength(1);
    await expect(
      clientAt(port, { fetch }).campaigns.list.query({}, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "Aborted" });
  });

  it("ask for the token before each request", async () => {
    const token = await world.token("mary");
    let asked = 0;
    const client = clientAt(port, {
      token: async () => {
        asked += 1;
        return token;
      },
    });
    await client.people.ensure.mutate({});
    await client.workspaces.forUser.query();
    expect(asked).toBe(2);
    const broken = clientAt(port, {
      token: () => {
        throw new Error("signed out");
      },
    });
    await expect(broken.workspaces.forUser.query()).rejects.toMatchObject({
      code: "Unauthenticated",
      attempts: 1,
    });
    expect(() => clientAt(port, { token, apiKey })).toThrow(/not both/u);
    expect(() => clientAt(port, { url: "api" })).toThrow(/no address/u);
    for (const timeoutMs of [Number.NaN, -1, 0, 1.5, Infinity, 2 ** 31, null, "1000"])
      expect(() => clientAt(port, { timeoutMs: timeoutMs as number }), `${timeoutMs}`).toThrow(
        "timeoutMs is a whole number of milliseconds, 1 to 2147483647",
      );
  });

  it("name the workspace of a person's call", async () => {
    const token = await world.token("lin");
    const person = clientAt(port, { token });
    const { id } = await person.workspaces.create.mutate({
      name: "Lin",
      slug: `lin-${Date.now()}`,
    });
    await expect(person.campaigns.list.query({})).rejects.toMatchObject({ code: "MissingContext" });
    const there = clientAt(port, { token, workspaceId: id });
    expect((await there.campaigns.list.query({})).items).toEqual([]);
  });
});
