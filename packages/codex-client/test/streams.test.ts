import { CodexError } from "@codex/sdk/errors";
import { startProxy } from "@codex/testkit";
import { EventSource } from "eventsource";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { CodexClient, Event, EventSourceConstructor } from "../src/index.ts";
import { addressOf, clientAt, makeWorld } from "./world.ts";
import type { World } from "./world.ts";

/** What a subscriber was told. */
interface Heard {
  readonly events: Event[];
  readonly errors: unknown[];
  readonly states: string[];
  /** Errors that a connection was lost by. */
  readonly losses: unknown[];
  readonly ends: string[];
  stop(): void;
}

type Input = Parameters<CodexClient["events"]["subscribe"]["subscribe"]>[0];

function listen(client: CodexClient, input: Input = {}, signal?: AbortSignal): Heard {
  const heard = { events: [] as Event[], errors: [], states: [], losses: [], ends: [] } as Omit<
    { -readonly [Field in keyof Heard]: Heard[Field] },
    "stop"
  >;
  const subscription = client.events.subscribe.subscribe(input, {
    ...(signal === undefined ? {} : { signal }),
    onData: ({ data }) => heard.events.push(data),
    onError: (error) => heard.errors.push(error),
    onConnectionStateChange: (state) => {
      heard.states.push(state.state);
      if (state.state === "connecting" && state.error !== null) heard.losses.push(state.error);
    },
    onStopped: () => heard.ends.push("stopped"),
    onComplete: () => heard.ends.push("complete"),
  });
  return { ...heard, stop: () => subscription.unsubscribe() };
}

const until = (expectation: () => unknown): Promise<unknown> =>
  vi.waitFor(expectation, { timeout: 60_000, interval: 10 });
const isOpen = (heard: Heard): unknown => expect(heard.states.at(-1)).toBe("pending");

describe("streams", () => {
  let world: World;
  let apiKey: string;
  let port: number;
  beforeAll(async () => {
    world = await makeWorld();
    apiKey = (await world.key("viewer")).secret;
    ({ port } = world.api);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const write = async (name: string): Promise<string> =>
    (await world.members.creator.ws.campaigns.create({ name })).id;
  /** Streams that the API holds open. */
  const openStreams = async (): Promise<number> => {
    const page = await (await fetch(`${world.api.url}/`)).text();
    return Number(/Open streams<\/dt><dd>(\d+)/u.exec(page)?.[1]);
  };

  it("give what happens from the subscription on, in order", async () => {
    const heard = listen(clientAt(port, { apiKey }));
    await until(() => isOpen(heard));
    await write("One");
    await write("Two");
    await until(() => expect(heard.events).toHaveLength(2));
    expect(heard.events.map(({ type }) => type)).toEqual(["campaign.created", "campaign.created"]);
    expect(heard.states).toEqual(["connecting", "pending"]);
    heard.stop();
  });

  it("miss nothing between the ticket and the first connection", async () => {
    const between: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (addressOf(input).includes("events.ticket")) await write("In between");
      return answer;
    };
    const heard = listen(clientAt(port, { apiKey, fetch: between }));
    await until(() => expect(heard.events).toHaveLength(1));
    heard.stop();
  });

  it("have no credential in an address, and a ticket of its own for each connection", async () => {
    const addresses: string[] = [];
    class Noted extends EventSource {
      constructor(url: string) {
        super(url);
        addresses.push(url);
      }
    }
    await using proxy = await startProxy({ port });
    const heard = listen(clientAt(proxy.port, { apiKey, EventSource: Noted }));
    await until(() => isOpen(heard));
    proxy.fault = { kind: "cut answer", afterBytes: 0 };
    await write("Cut");
    await until(() => expect(heard.losses.length).toBeGreaterThan(0));
    proxy.fault = { kind: "none" };
    await until(() => expect(heard.events).toHaveLength(1));
    expect(addresses.length).toBeGreaterThan(1);
    expect(addresses.join()).not.toContain("cdx_");
    const tickets = addresses.map((url) => new URL(url).searchParams.get("connectionParams"));
    expect(new Set(tickets).size).toBe(addresses.length);
    heard.stop();
  });

  it(
    "lose and repeat nothing while connections are cut and the API is killed",
    { timeout: 600_000 },
    async () => {
      await using proxy = await startProxy({ port });
      const heard = listen(clientAt(proxy.port, { apiKey }), { types: ["campaign.created"] });
      await until(() => isOpen(heard));
      const committed: string[] = [];
      const writing = new AbortController();
      const writer = async (which: number): Promise<void> => {
        for (let count = 0; !writing.signal.aborted; count += 1) {
          committed.push(await write(`Writer ${which}, ${count}`));
          await sleep(15);
        }
      };
      const writers = [writer(1), writer(2), writer(3), writer(4)];
      let cuts = 0;
      let kills = 0;
      for (let round = 0; round < 40; round += 1) {
        const { length } = heard.losses;
        const kind = round % 10;
        if (kind === 4) await world.api.stop("SIGTERM");
        else if (kind === 9) await world.api.stop("SIGKILL");
        else proxy.fault = { kind: "cut answer", afterBytes: Math.floor(Math.random() * 4_000) };
        await until(() => expect(heard.losses.length).toBeGreaterThan(length));
        if (kind === 4 || kind === 9) {
          kills += 1;
          await world.api.start();
        } else cuts += 1;
        proxy.fault = { kind: "none" };
        await until(() => isOpen(heard));
      }
      writing.abort();
      await Promise.all(writers);
      await until(() => expect(heard.events.length).toBeGreaterThanOrEqual(committed.length));
      const last = await write("The last");
      await until(() => expect(heard.events.at(-1)?.entityId).toBe(last));
      const delivered = heard.events.map(({ entityId }) => String(entityId)).slice(0, -1);
      const lost = committed.filter((id) => !delivered.includes(id)).length;
      const repeated = delivered.length - new Set(delivered).size;
      console.log(
        `cuts ${cuts}, restarts ${kills}, committed ${committed.length}, delivered ${delivered.length}, lost ${lost}, repeated ${repeated}`,
      );
      expect({ lost, repeated }).toEqual({ lost: 0, repeated: 0 });
      const numbers = heard.events.map(({ number }) => number);
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
      expect(heard.errors).toEqual([]);
      heard.stop();
    },
  );

  it("go on from a number, and end when no event has it", async () => {
    const first = listen(clientAt(port, { apiKey }), { after: 0 });
    await until(() => expect(first.events.length).toBeGreaterThan(3));
    expect(first.events[0]?.number).toBe(1);
    first.stop();
    const ahead = listen(clientAt(port, { apiKey }), { after: 999_999_999 });
    await until(() => expect(ahead.errors).toHaveLength(1));
    expect(ahead.errors[0]).toBeInstanceOf(CodexError);
    expect(ahead.errors[0]).toMatchObject({ code: "InvalidInput" });
  });

  it("end with the error when the key is revoked", async () => {
    const { id, secret } = await world.key("viewer");
    const heard = listen(clientAt(port, { apiKey: secret }));
    await until(() => isOpen(heard));
    const { owner, id: workspaceId } = world.members;
    await world.codex.workspaces.apiKeys.revoke(workspaceId, { keyId: id, userId: owner.userId });
    await until(() => expect(heard.errors).toHaveLength(1));
    expect(heard.errors[0]).toBeInstanceOf(CodexError);
    expect(heard.errors[0]).toMatchObject({ code: "Unauthenticated" });
  });

  it("end with the error of the ticket, and go on when it is one that passes", async () => {
    const { secret } = await world.key("viewer", ["campaigns:read"]);
    const refused = listen(clientAt(port, { apiKey: secret }));
    await until(() => expect(refused.errors).toHaveLength(1));
    expect(refused.errors[0]).toMatchObject({ code: "Forbidden" });
    expect(refused.states).toEqual(["connecting"]);
    let asked = 0;
    const failing: typeof fetch = async (input, init) => {
      asked += 1;
      return asked <= 3 ? new Response("", { status: 503 }) : fetch(input, init);
    };
    const heard = listen(clientAt(port, { apiKey, fetch: failing }));
    await until(() => isOpen(heard));
    expect(heard.losses).toMatchObject([
      { code: "Unavailable" },
      { code: "Unavailable" },
      { code: "Unavailable" },
    ]);
    heard.stop();
  });

  it("need no more of a key than to read events", async () => {
    const { secret } = await world.key("viewer", ["events:read"]);
    const heard = listen(clientAt(port, { apiKey: secret }));
    await until(() => isOpen(heard));
    expect([heard.errors, heard.losses]).toEqual([[], []]);
    heard.stop();
  });

  it("end with the error when the API will not have them, which is no lost connection", async () => {
    const errors: unknown[] = [];
    const inbox = clientAt(port, { apiKey }).notifications.inbox.subscribe.subscribe(
      {},
      { onError: (error) => errors.push(error) },
    );
    await until(() => expect(errors).toHaveLength(1));
    expect(errors[0]).toMatchObject({ code: "Forbidden", retryable: false });
    inbox.unsubscribe();
  });

  it("go on when a deploy answers the request for a ticket with a page of its own", async () => {
    await using proxy = await startProxy({ port });
    let pages = 0;
    const deploying: typeof fetch = async (input, init) => {
      if (heard.states.at(-1) !== "connecting" || !heard.states.includes("pending") || pages >= 2)
        return fetch(input, init);
      pages += 1;
      return new Response("<h1>no such service</h1>", { status: 404 });
    };
    const heard = listen(clientAt(proxy.port, { apiKey, fetch: deploying }));
    await until(() => isOpen(heard));
    proxy.fault = { kind: "cut answer", afterBytes: 0 };
    await write("Cut");
    await until(() => expect(heard.losses.length).toBeGreaterThan(0));
    proxy.fault = { kind: "none" };
    await until(() => expect(heard.events).toHaveLength(1));
    expect([pages, heard.errors]).toEqual([2, []]);
    heard.stop();
  });

  it("recover from a ticket that was used by somebody else", async () => {
    let stolen = 0;
    const thief: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (addressOf(input).includes("events.ticket") && stolen === 0) {
        stolen += 1;
        const { result } = (await answer.clone().json()) as {
          result: { data: { ticket: string } };
        };
        const url = `http://127.0.0.1:${port}/v1/events.subscribe?ticket=${result.data.ticket}`;
        const controller = new AbortController();
        expect((await fetch(url, { signal: controller.signal })).status).toBe(200);
        controller.abort();
      }
      return answer;
    };
    const heard = listen(clientAt(port, { apiKey, fetch: thief }));
    await until(() => isOpen(heard));
    expect(stolen).toBe(1);
    expect(heard.losses).toHaveLength(1);
    heard.stop();
  });

  it("go on from where they were told that they are, long after their last event too", async () => {
    const asked: unknown[] = [];
    const frame = (event: string, id: number): string => `${event}\nid: ${id}\n\n`;
    const other = createServer(({ url = "" }, response) => {
      asked.push(JSON.parse(new URL(url, "http://x").searchParams.get("input") ?? ""));
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(frame("event: connected\ndata: {}", 1));
      const later = frame('data: {"number":40}', 40) + frame("event: ping\ndata: ", 50);
      setTimeout(() => response.write(later), 100);
      setTimeout(() => response.destroy(), 300);
    });
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const { port: elsewhere } = other.address() as AddressInfo;
    class Elsewhere extends EventSource {
      constructor(url: string) {
        super(url.replace(String(port), String(elsewhere)));
      }
    }
    const heard = listen(clientAt(port, { apiKey, EventSource: Elsewhere }), { after: 7 });
    await until(() => expect(asked.length).toBeGreaterThan(1));
    heard.stop();
    other.closeAllConnections();
    await new Promise((done) => other.close(done));
    expect(asked.slice(0, 2)).toEqual([{ after: 7 }, { after: 7, lastEventId: "50" }]);
    expect(heard.events).toMatchObject([{ number: 40 }]);
  });

  it("of one execution end with its last state, which came while the connection was cut", async () => {
    const { ws } = world.members.owner;
    const { agents } = world.codex.system({ reason: "an agent for a test" });
    const { id: agentId } = await agents.register({ name: crypto.randomUUID(), guild: "matrix" });
    await agents.publish(agentId);
    const { id: assignmentId } = await ws.assignments.assign({ agentId });
    const { execution } = await ws.executions.start({ assignmentId });
    await using proxy = await startProxy({ port });
    const states: string[] = [];
    const seen: string[] = [];
    let ended = "";
    clientAt(proxy.port, { apiKey }).executions.watch.subscribe(
      { id: execution.id },
      {
        onData: ({ data }) => seen.push(data.status),
        onConnectionStateChange: ({ state }) => states.push(state),
        onComplete: () => (ended = "complete"),
        onError: (error) => (ended = error.message),
      },
    );
    await until(() => expect(seen).toEqual(["queued"]));
    proxy.fault = { kind: "cut answer", afterBytes: 0 };
    const [claimed] = await ws.executions.claim({ agentId });
    await until(() => expect(states.slice(2)).toContain("connecting"));
    await ws.executions.complete(execution.id, claimed?.fencingToken ?? 0);
    proxy.fault = { kind: "none" };
    await until(() => expect(ended).toBe("complete"));
    expect(seen).toEqual(["queued", "succeeded"]);
  });

  it("close their connection when nobody listens, or when the signal aborts", async () => {
    const controller = new AbortController();
    const before = await openStreams();
    const heard = listen(clientAt(port, { apiKey }));
    const other = listen(clientAt(port, { apiKey }), {}, controller.signal);
    await until(() => isOpen(heard));
    await until(() => isOpen(other));
    expect(await openStreams()).toBe(before + 2);
    heard.stop();
    await until(async () => expect(await openStreams()).toBe(before + 1));
    controller.abort();
    await until(() => expect(other.ends).toEqual(["stopped", "complete"]));
    await until(async () => expect(await openStreams()).toBe(before));
    expect([...heard.errors, ...other.errors]).toEqual([]);
  });

  /** An EventSource whose first two connections meet something else than the API. */
  const misled = async (
    answer: RequestListener,
  ): Promise<
    { EventSource: EventSourceConstructor; connections: () => number } & AsyncDisposable
  > => {
    const other = createServer(answer);
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const { port: elsewhere } = other.address() as AddressInfo;
    let count = 0;
    class Misled extends EventSource {
      constructor(url: string) {
        count += 1;
        super(count <= 2 ? `http://127.0.0.1:${elsewhere}/` : url);
      }
    }
    const close = async (): Promise<void> => {
      other.closeAllConnections();
      await new Promise((done) => other.close(done));
    };
    return { EventSource: Misled, connections: () => count, [Symbol.asyncDispose]: close };
  };

  it.each([204, 301, 400, 401, 403, 404, 429, 500, 502, 503, 504])(
    "come back when something in front of the API answers %i",
    async (status) => {
      await using elsewhere = await misled((_, response) => {
        response.writeHead(status, { "content-type": "text/html" }).end();
      });
      const heard = listen(clientAt(port, { apiKey, EventSource: elsewhere.EventSource }));
      await until(() => isOpen(heard));
      expect([elsewhere.connections(), heard.errors]).toEqual([3, []]);
      expect(heard.losses).toMatchObject([{ code: "Unavailable" }, { code: "Unavailable" }]);
      const id = await write("Afterwards");
      await until(() => expect(heard.events.map(({ entityId }) => entityId)).toEqual([id]));
      heard.stop();
    },
  );

  it("come back when a page is answered instead, and when nothing is", async () => {
    await using page = await misled((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<h1>Maintenance</h1>");
    });
    const heard = listen(clientAt(port, { apiKey, EventSource: page.EventSource }));
    await until(() => isOpen(heard));
    expect([page.connections(), heard.errors]).toEqual([3, []]);
    heard.stop();
    await using silence = await misled(() => {});
    const waiting = { apiKey, EventSource: silence.EventSource, timeoutMs: 300 };
    const other = listen(clientAt(port, waiting));
    await until(() => isOpen(other));
    expect([silence.connections(), other.errors]).toEqual([3, []]);
    expect(other.losses).toMatchObject([{ code: "Timeout" }, { code: "Timeout" }]);
    other.stop();
  });

  it("say what to install where there is no EventSource", async () => {
    const heard = listen(clientAt(port, { apiKey, EventSource: undefined }));
    await until(() => expect(heard.errors).toHaveLength(1));
    expect(String(heard.errors[0])).toContain('install the package "eventsource"');
  });
});
