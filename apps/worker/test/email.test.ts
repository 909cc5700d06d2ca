import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import type { SMTPServerOptions } from "smtp-server";
import { describe, expect, it } from "vitest";
import type { Message, Outcome } from "../src/channels/channel.ts";
import { createChannels } from "../src/channels/channels.ts";
import type { Channels } from "../src/channels/channels.ts";
import type { MailSettings } from "../src/channels/email.ts";
import { Outbound } from "../src/outbound/outbound.ts";

interface MailServer extends AsyncDisposable {
  readonly url: string;
  readonly received: { readonly from: string; readonly to: string[]; readonly text: string }[];
  readonly connections: Set<unknown>;
}

// Its certificate is its own, so that the client is told not to ask who vouches for it.
async function mailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const received: MailServer["received"] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}?tls.rejectUnauthorized=false`,
    received,
    connections: server.connections,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
      }),
  };
}

const channels = (url: string, more: Partial<MailSettings> = {}): Channels & Disposable => {
  const from = "Codex <codex@example.org>";
  const made = createChannels({
    outbound: new Outbound([]),
    mail: { url, from, allowPlain: false, timeoutMs: 5_000, ...more },
    webhookTimeoutMs: 1_000,
  });
  return { ...made, [Symbol.dispose]: () => made.close() };
};
const news = (more: object = {}): object => ({
  id: randomUUID(),
  title: "News",
  body: "Something happened.",
  priority: "normal",
  actionUrl: null,
  actionLabel: null,
  ...more,
});
const to = (email: string | null, ...notifications: object[]): Message => ({
  id: randomUUID(),
  channel: "email",
  email,
  url: null,
  secrets: [],
  payload: { notifications: notifications.length === 0 ? [news()] : notifications },
});
const sendTo = async (url: string, message: Message, more = {}): Promise<Outcome> => {
  using made = channels(url, more);
  return await made.send(message, new AbortController().signal);
};
const refusal = (code: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode: code });

describe("an e-mail", () => {
  it("arrives over TLS with what it tells, as text and as HTML that holds no HTML of others", async () => {
    let isSecure = false;
    await using server = await mailServer({
      onRcptTo(_address, session, done) {
        isSecure = session.secure;
        done();
      },
    });
    const message = to(
      "vic@example.org",
      news({
        title: "<b>5 & 6</b>",
        body: "First line\n<script>alert(1)</script>",
        priority: "urgent",
        actionUrl: 'https://example.org/?a=1&b="2"',
        actionLabel: "Look <here>",
      }),
    );
    expect(await sendTo(server.url, message)).toEqual({ kind: "delivered" });
    expect(isSecure).toBe(true);
    const [mail] = server.received;
    expect(mail).toMatchObject({ from: "codex@example.org", to: ["vic@example.org"] });
    const text = unfold(mail?.text ?? "");
    expect(text).toContain(`Message-ID: <${message.id}@example.org>`);
    expect(text).toContain("From: Codex <codex@example.org>");
    expect(text).toContain("To: vic@example.org");
    expect(text).toContain("Subject: <b>5 & 6</b>");
    expect(text).toContain("Auto-Submitted: auto-generated");
    expect(text).toContain("X-Priority: 1");
    expect(text).toContain('Look <here>: https://example.org/?a=1&b="2"');
    expect(text).toContain("<h2>&lt;b&gt;5 &amp; 6&lt;/b&gt;</h2>");
    expect(text).toContain("First line<br>&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(text).toContain(
      '<a href="https://example.org/?a=1&amp;b=&quot;2&quot;">Look &lt;here&gt;',
    );
    expect(text.split("<html>")[1]).not.toMatch(/<(?:script|b|here)>/u);
  });

  it("tells all of a digest at once, and links nowhere but to the web", async () => {
    await using server = await mailServer();
    const link = "javascript:alert(1)";
    const message = to("vic@example.org", news(), news({ title: "Ünïcödé 🎉", actionUrl: link }));
    expect(await sendTo(server.url, message)).toEqual({ kind: "delivered" });
    const text = unfold(server.received[0]?.text ?? "");
    expect(text).toContain("Subject: 2 notifications: News");
    expect(text).toContain("Ünïcödé 🎉");
    expect(text.split("<html>")[1]).not.toContain("javascript:");
  });

  it("is recognised when it is sent again, and is one of many over few connections", async () => {
    await using server = await mailServer();
    using made = channels(server.url);
    const message = to("vic@example.org");
    const { signal } = new AbortController();
    const all = [message, message, ...Array.from({ length: 40 }, () => to("vic@example.org"))];
    const outcomes = await Promise.all(all.map((one) => made.send(one, signal)));
    expect(outcomes).toEqual(all.map(() => ({ kind: "delivered" })));
    const ids = server.received.map(({ text }) => /^Message-ID: (.*)$/mu.exec(text)?.[1]);
    expect(ids).toHaveLength(42);
    expect(new Set(ids).size).toBe(41);
    expect(server.connections.size).toBeLessThanOrEqual(5);
    made.close();
    await expect.poll(() => server.connections.size).toBe(0);
  });

  it("makes no header and no recipient of what users wrote", async () => {
    await using server = await mailServer();
    const title = "Hello\r\nBcc: eve@example.org\r\n\r\n<p>body</p>";
    const body = "Text\r\n.\r\nRCPT TO:<eve@example.org>\r\n";
    expect(await sendTo(server.url, to("vic@example.org", news({ title, body })))).toEqual({
      kind: "delivered",
    });
    const [mail] = server.received;
    expect(mail?.to).toEqual(["vic@example.org"]);
    const [headers = ""] = (mail?.text ?? "").split("\r\n\r\n");
    expect(headers).not.toMatch(/^bcc:/imu);
    expect(unfold(headers)).toContain("Subject: Hello Bcc: eve@example.org <p>body</p>");
    const bad = [
      "vic@example.org\r\nBcc: eve@example.org",
      "vic@example.org, eve@example.org",
      "vic@example.org;eve@example.org",
      "Vic <vic@example.org>",
      '"vic@example.org"@evil.org',
      "vic@example.org> RCPT TO:<eve@example.org",
      "vic",
      "@example.org",
      "",
    ];
    for (const email of bad)
      expect(await sendTo(server.url, to(email)), email).toMatchObject({
        kind: "given_up",
        reason: "the person's e-mail address is not valid",
      });
    expect(await sendTo(server.url, to(null))).toMatchObject({ kind: "given_up" });
    expect(
      await sendTo(server.url, { ...to("vic@example.org"), payload: { notifications: null } }),
    ).toMatchObject({ kind: "given_up", reason: "the notification is no longer there" });
    expect(server.received).toHaveLength(1);
  });

  it("does not leave without TLS, unless the operator says so", async () => {
    await using server = await mailServer({ hideSTARTTLS: true, disabledCommands: ["STARTTLS"] });
    expect(await sendTo(server.url, to("vic@example.org"))).toMatchObject({ kind: "retry" });
    expect(server.received).toEqual([]);
    const plain = await sendTo(server.url, to("vic@example.org"), { allowPlain: true });
    expect(plain).toEqual({ kind: "delivered" });
    expect(server.received).toHaveLength(1);
  });

  it("is not handed to a server whose certificate nobody vouches for", async () => {
    await using server = await mailServer();
    const strict = server.url.split("?")[0] ?? "";
    expect(await sendTo(strict, to("vic@example.org"))).toMatchObject({ kind: "retry" });
    expect(server.received).toEqual([]);
  });
});

describe("a mail server that", () => {
  const atRecipient = (code: number): SMTPServerOptions => ({
    onRcptTo: (_address, _session, done) => {
      done(refusal(code, "no"));
    },
  });
  const atData = (code: number): SMTPServerOptions => ({
    onData: (stream, _session, done) => {
      stream.resume();
      stream.on("end", () => {
        done(refusal(code, "<vic@example.org> password=secret"));
      });
    },
  });

  it("refuses for now has the message again later, one that refuses for good has not", async () => {
    const fates: [SMTPServerOptions, object][] = [
      [atRecipient(451), { kind: "retry", reason: "the mail server answered 451 to RCPT TO" }],
      [atRecipient(550), { kind: "given_up", reason: "the mail server answered 550 to RCPT TO" }],
      [atData(452), { kind: "retry", reason: "the mail server answered 452 to DATA" }],
      [atData(554), { kind: "given_up", reason: "the mail server answered 554 to DATA" }],
      // The sender and the login are the operator's.
      [
        {
          onMailFrom: (_address, _session, done) => {
            done(refusal(550, "not you"));
          },
        },
        { kind: "retry", reason: "the mail server answered 550 to MAIL FROM" },
      ],
    ];
    for (const [options, outcome] of fates) {
      await using server = await mailServer(options);
      expect(await sendTo(server.url, to("vic@example.org"))).toMatchObject(outcome);
    }
  });

  it("refuses the login has the message again later", async () => {
    await using server = await mailServer({
      onAuth: (_auth, _session, done) => {
        done(refusal(535, "wrong"));
      },
    });
    const url = server.url.replace("smtp://", "smtp://codex:password@");
    const outcome = await sendTo(url, to("vic@example.org"));
    expect(outcome).toMatchObject({ kind: "retry" });
    expect(JSON.stringify(outcome)).not.toContain("password");
    expect(server.received).toEqual([]);
  });

  it("takes one message after it refused another over the same connection", async () => {
    await using server = await mailServer({
      onRcptTo: ({ address }, _session, done) => {
        done(address.startsWith("nobody") ? refusal(550, "unknown") : null);
      },
    });
    using made = channels(server.url);
    const { signal } = new AbortController();
    const first = await made.send(to("nobody@example.org"), signal);
    expect(first).toMatchObject({ kind: "given_up" });
    expect(await made.send(to("vic@example.org"), signal)).toEqual({ kind: "delivered" });
  });

  it("cuts the line within a message has it again later", async () => {
    await using server = await mailServer({
      onData(stream, session) {
        stream.resume();
        const { id } = session;
        for (const one of server.connections as Set<{ id: string; _socket: { destroy(): void } }>)
          if (one.id === id) one._socket.destroy();
      },
    });
    const outcome = await sendTo(server.url, to("vic@example.org"));
    expect(outcome).toMatchObject({ kind: "retry" });
  });

  it("is down, silent or no mail server at all has the message again later", async () => {
    const down = await mailServer();
    await down[Symbol.asyncDispose]();
    expect(await sendTo(down.url, to("vic@example.org"))).toMatchObject({
      kind: "retry",
      reason: expect.stringContaining("no mail server: E") as unknown,
    });
    for (const greeting of ["", "HTTP/1.1 400 Bad Request\r\n\r\n"]) {
      const odd = createServer((socket) => void socket.on("error", () => {}).write(greeting));
      odd.listen(0, "127.0.0.1");
      await once(odd, "listening");
      const { port } = odd.address() as AddressInfo;
      const outcome = await sendTo(`smtp://127.0.0.1:${port}`, to("vic@example.org"), {
        timeoutMs: 100,
      });
      expect(outcome, greeting).toMatchObject({ kind: "retry" });
      odd.close();
    }
  });

  it("hangs within a message is left when the worker stops", async () => {
    let isReached = false;
    await using server = await mailServer({
      onRcptTo() {
        isReached = true;
      },
    });
    using made = channels(server.url);
    const stop = new AbortController();
    const sending = made.send(to("vic@example.org"), stop.signal);
    await expect.poll(() => isReached).toBe(true);
    stop.abort();
    expect(await sending).toEqual({ kind: "retry", reason: "the worker was stopped" });
  });

  it("is not set has the messages once it is", async () => {
    const made = createChannels({
      outbound: new Outbound([]),
      mail: undefined,
      webhookTimeoutMs: 1_000,
    });
    expect(await made.send(to("vic@example.org"), new AbortController().signal)).toEqual({
      kind: "retry",
      reason: "no mail server is set",
    });
    made.close();
  });
});

// Headers and text as they were before they were folded and encoded for the way.
function unfold(text: string): string {
  return text
    .replaceAll(/\r\n[ \t]/gu, " ")
    .replaceAll("=\r\n", "")
    .replaceAll(/(?:=[0-9A-F]{2})+/gu, (bytes) =>
      Buffer.from(bytes.replaceAll("=", ""), "hex").toString(),
    );
}
