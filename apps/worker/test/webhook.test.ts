import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import type { Message, Outcome } from "../src/channels/channel.ts";
import { createChannels } from "../src/channels/channels.ts";
import { isPublicAddress } from "../src/outbound/addresses.ts";
import { Outbound } from "../src/outbound/outbound.ts";
import { receive } from "./support/http.ts";

const secret = (): string => `whsec_${randomBytes(24).toString("base64")}`;
const to = (url: string, more: Partial<Message> = {}): Message => ({
  id: randomUUID(),
  channel: "webhook",
  email: null,
  url,
  secrets: [secret()],
  payload: { type: "campaign.created", timestamp: "2026-05-01T10:00:00Z", data: { number: 7 } },
  ...more,
});
const here = new Outbound(["127.0.0.0/8", "::1"]);
const send = (
  message: Message,
  { outbound = here, timeoutMs = 5_000, signal = new AbortController().signal } = {},
): Promise<Outcome> =>
  createChannels({ outbound, mail: undefined, webhookTimeoutMs: timeoutMs }).send(message, signal);

describe("a webhook", () => {
  it("arrives signed by the secret of now and, while it is valid, the one before", async () => {
    await using receiver = await receive();
    const secrets = [secret(), secret()];
    const message = to(receiver.url, { secrets });
    expect(await send(message)).toEqual({ kind: "delivered" });
    const [{ body, headers } = { body: "", headers: {} }] = receiver.arrived;
    expect(headers).toMatchObject({ "webhook-id": message.id, "content-type": "application/json" });
    for (const one of secrets)
      expect(new Webhook(one).verify(body, headers)).toEqual(message.payload);
    expect(() => new Webhook(secret()).verify(body, headers)).toThrow("No matching signature");
    expect(() => new Webhook(secrets[0] ?? "").verify(`${body} `, headers)).toThrow(
      "No matching signature",
    );
  });

  it("keeps its id when it is tried again", async () => {
    let tries = 0;
    await using receiver = await receive((response) => {
      tries += 1;
      response.writeHead(tries === 1 ? 500 : 204).end();
    });
    const message = to(receiver.url);
    expect(await send(message)).toEqual({ kind: "retry", reason: "HTTP 500" });
    expect(await send(message)).toEqual({ kind: "delivered" });
    expect(receiver.arrived.map(({ headers }) => headers["webhook-id"])).toEqual([
      message.id,
      message.id,
    ]);
  });

  it("waits as long as the receiver asks, and is given up when it is gone", async () => {
    const answers: [number, Record<string, string>][] = [
      [429, { "retry-after": "120" }],
      [503, { "retry-after": new Date(Date.now() + 3_600_000).toUTCString() }],
      [503, { "retry-after": "soon" }],
      [503, { "retry-after": "-5" }],
      [410, {}],
      [404, {}],
    ];
    await using receiver = await receive((response, { path }) => {
      const [status, headers] = answers[Number(path.slice(1))] ?? [599, {}];
      response.writeHead(status, headers).end();
    });
    const base = new URL(receiver.url).origin;
    const outcomes = await Promise.all(answers.map((_, at) => send(to(`${base}/${at}`))));
    expect(outcomes[0]).toEqual({ kind: "retry", reason: "HTTP 429", retryAfterMs: 120_000 });
    const [, hour] = outcomes;
    expect(hour?.kind === "retry" && hour.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(outcomes.slice(2)).toEqual([
      { kind: "retry", reason: "HTTP 503" },
      { kind: "retry", reason: "HTTP 503" },
      { kind: "given_up", reason: "HTTP 410: the endpoint is gone", isGone: true },
      { kind: "retry", reason: "HTTP 404" },
    ]);
  });

  it("does not follow a redirect inward", async () => {
    await using inside = await receive();
    await using receiver = await receive((response) => {
      response.writeHead(307, { location: inside.url }).end();
    });
    expect(await send(to(receiver.url))).toEqual({
      kind: "retry",
      reason: "HTTP 307: redirects are not followed",
    });
    expect(inside.connections()).toBe(0);
  });

  it("does not wait for a receiver that says nothing, nor for a stop to be over", async () => {
    await using receiver = await receive(() => {});
    expect(await send(to(receiver.url), { timeoutMs: 50 })).toEqual({
      kind: "retry",
      reason: "no answer in time",
    });
    const stop = new AbortController();
    const sending = send(to(receiver.url), { signal: stop.signal });
    await expect.poll(() => receiver.arrived.length).toBe(2);
    stop.abort();
    expect(await sending).toEqual({ kind: "retry", reason: "the worker was stopped" });
  });

  it("reads nothing of an answer without end", async () => {
    const closed: Promise<unknown>[] = [];
    await using receiver = await receive((response) => {
      closed.push(once(response, "close"));
      pour(response);
    });
    expect(await send(to(receiver.url), { timeoutMs: 600_000 })).toEqual({ kind: "delivered" });
    await Promise.all(closed);
  });

  it("is tried again when the receiver is down or cuts the line", async () => {
    const receiver = await receive((response) => response.destroy());
    expect(await send(to(receiver.url))).toEqual({
      kind: "retry",
      reason: "no answer: ECONNRESET",
    });
    await receiver[Symbol.asyncDispose]();
    expect(await send(to(receiver.url))).toEqual({
      kind: "retry",
      reason: "no answer: ECONNREFUSED",
    });
    expect(await send(to("https://no-such-name.invalid/"))).toMatchObject({
      kind: "retry",
      reason: expect.stringMatching(/^no answer: (?:ENOTFOUND|EAI_AGAIN)$/u) as unknown,
    });
  });

  it("shares the look for its host with others on their way, and holds up none to another host", async () => {
    await using receiver = await receive();
    const asked: string[] = [];
    const silent: (() => void)[] = [];
    const outbound = new Outbound(["127.0.0.1"], (name, _, done) => {
      asked.push(name);
      const answer = (): void => done(null, [{ address: "127.0.0.1", family: 4 }]);
      if (name === "silent.test" && silent.length === 0) silent.push(answer);
      else answer();
    });
    const sendTo = (host: string): Promise<Outcome> =>
      send(to(`http://${host}:${receiver.port}/`), { outbound });
    const waiting = Array.from({ length: 5 }, () => sendTo("silent.test"));
    expect(await sendTo("other.test")).toEqual({ kind: "delivered" });
    expect(asked).toEqual(["silent.test", "other.test"]);
    for (const answer of silent) answer();
    expect(new Set((await Promise.all(waiting)).map(({ kind }) => kind))).toEqual(
      new Set(["delivered"]),
    );
    expect(await sendTo("silent.test")).toEqual({ kind: "delivered" });
    expect(asked).toEqual(["silent.test", "other.test", "silent.test"]);
  });

  it("is given up without an endpoint, and by a channel that has no sender", async () => {
    for (const message of [to("", { url: null }), to("https://example.org", { secrets: [] })])
      expect(await send(message)).toEqual({
        kind: "given_up",
        reason: "the endpoint is no longer there",
        isGone: false,
      });
    for (const channel of ["slack", "sms", "push"])
      expect(await send(to("https://example.org", { channel }))).toEqual({
        kind: "given_up",
        reason: `there is no sender for the channel ${channel}`,
        isGone: false,
      });
  });
});

describe("an address inside the network", () => {
  const forms = [
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "0177.0.0.1",
    "2130706433",
    "017700000001",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fd00::1]",
    "10.0.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
  ];

  it("is refused in every spelling, and nothing connects to it", async () => {
    await using inside = await receive();
    for (const host of forms)
      for (const scheme of ["http", "https"])
        expect(
          await send(to(`${scheme}://${host}:${inside.port}/`), { outbound: new Outbound([]) }),
          `${scheme} ${host}`,
        ).toMatchObject({
          kind: "given_up",
          reason: "the address is refused: it leads to an address that is not public",
        });
    expect(inside.connections()).toBe(0);
    // It is there, and found by those spellings when the operator allows it.
    for (const host of ["127.0.0.1", "0x7f.1", "2130706433", "localhost", "[::ffff:127.0.0.1]"])
      expect(await send(to(`http://${host}:${inside.port}/`)), host).toEqual({ kind: "delivered" });
  });

  it("is told from an address of the internet", () => {
    const inward = `
      0.1.2.3 10.9.8.7 100.64.0.1 100.127.255.255 127.255.255.255 172.16.0.1 169.254.0.1
      192.0.0.8 192.168.0.1 198.19.255.255 224.0.0.1 239.1.1.1 255.255.255.255 240.0.0.1
      :: ::1 ::7f00:1 ::ffff:10.0.0.1 fe80::1 fe80::1%lo fc00::1 fdff::1 ff02::1
      64:ff9b::10.0.0.1 64:ff9b:1::8.8.8.8 2002:a00:1::1 2001::1 2001:db8::1 fec0::1
      100::1 localhost`;
    const outward = `
      1.1.1.1 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.0.0.1 172.15.255.255
      172.32.0.1 192.167.1.1 198.17.1.1 198.20.0.1 223.1.1.1 2606:4700::1111
      ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2a00:1450::1`;
    const words = (text: string): string[] => text.trim().split(/\s+/u);
    expect([...words(inward), ""].filter(isPublicAddress)).toEqual([]);
    expect(words(outward).filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  it("is never reached by plain HTTP, a password, or another scheme", async () => {
    const refused = async (url: string): Promise<string> => {
      const outcome = await send(to(url));
      return outcome.kind === "given_up" ? outcome.reason : outcome.kind;
    };
    expect(await refused("http://1.1.1.1/")).toBe("the address is refused: it is not https");
    expect(await refused("https://user:password@example.org/")).toBe(
      "the address is refused: it holds a name or a password",
    );
    for (const url of ["file:///etc/passwd", "ftp://example.org/", "gopher://1.1.1.1/", "nonsense"])
      expect(await refused(url)).toBe("the address is refused: it is no http address");
  });

  it("is allowed by ranges, and anything else there is a mistake that is named", () => {
    for (const range of [
      "10.0.0.0/33",
      "10.0.0.0/",
      "10.0.0/8",
      "example.org",
      "::/129",
      "1.1.1.1/-1",
    ])
      expect(() => new Outbound([range]), range).toThrow(`${range} is no range`);
  });
});

function pour(response: ServerResponse): void {
  while (response.writable && response.write(Buffer.alloc(65_536)));
  response.once("drain", () => {
    pour(response);
  });
}
