import { createTRPCClient, httpSubscriptionLink, retryLink } from "@trpc/client";
import { EventSource } from "eventsource";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppRouter } from "../src/root.ts";
import { codeOf } from "./support/call.ts";
import { mutate, query } from "./support/http.ts";
import { keyedWorkspace, makeApiWorld } from "./support/server.ts";
import type { ApiWorld, KeyedWorkspace } from "./support/server.ts";
import { faultsIn, Follower } from "./support/sse.ts";

interface Refused {
  readonly error: { readonly data: { readonly code: string; readonly httpStatus: number } };
}

interface Ticket {
  readonly ticket: string;
  readonly after: number;
}

describe("streams of events", () => {
  let world: ApiWorld;
  let acme: KeyedWorkspace;
  beforeAll(async () => {
    world = await makeApiWorld({ STREAMS_PER_WORKSPACE: "40" });
    acme = world.acme;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const url = (): string => world.server.url;
  const ticketOf = async (token: string): Promise<Ticket> =>
    (await mutate(url(), "events.ticket", undefined, { token })).json.result.data;
  const create = (name = "C") =>
    mutate(url(), "campaigns.create", { name }, { token: acme.keys.creator });
  const streams = async (): Promise<number> => {
    const metrics = await (await fetch(`${world.server.adminUrl}/metrics`)).text();
    return Number(/^codex_api_streams (\d+)$/mu.exec(metrics)?.[1]);
  };
  const follow = (after: number, token: string, at = url()) => {
    const stop = new AbortController();
    const follower = new Follower({ url: at, token, after, signal: stop.signal });
    const over = follower.run();
    return { follower, end: () => (stop.abort(), over) };
  };
  const head = async (): Promise<number> => (await ticketOf(acme.keys.viewer)).after;

  it("are read by the stock client of tRPC, which a ticket lets in", async () => {
    const { ticket, after } = await ticketOf(acme.keys.viewer);
    const client = createTRPCClient<AppRouter>({
      links: [
        httpSubscriptionLink({
          url: `${url()}/trpc`,
          EventSource,
          connectionParams: async () => ({ ticket }),
        }),
      ],
    });
    const seen: { id: string; type: string; at: number }[] = [];
    const { promise: started, resolve } = Promise.withResolvers<void>();
    const subscription = client.events.subscribe.subscribe(
      { after },
      {
        onStarted: () => resolve(),
        onData: ({ id, data }) => seen.push({ id, type: data.type, at: data.number }),
      },
    );
    await started;
    await create();
    await expect.poll(() => seen).toHaveLength(1);
    expect(seen).toEqual([{ id: String(after + 1), type: "campaign.created", at: after + 1 }]);
    subscription.unsubscribe();
    await expect.poll(streams).toBe(0);
  });

  it("of alerts show the events of alerts alone, and need the scope of alerts", async () => {
    const { ticket, after } = await ticketOf(acme.keys.viewer);
    const stop = new AbortController();
    const response = await fetch(`${url()}/v1/alerts.subscribe?ticket=${ticket}&after=${after}`, {
      signal: stop.signal,
    });
    await create();
    const raised = { type: "error", severity: "low", title: "A" };
    await mutate(url(), "alerts.trigger", raised, { token: acme.keys.analyst });
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes("alert.created")) break;
    }
    expect(text).not.toContain("campaign.created");
    stop.abort();
    const { workspaces } = world.codex;
    const open = async (scope: string): Promise<number> => {
      const acting = { actingAs: acme.members.owner.userId, scopes: [scope] };
      const { secret } = await workspaces.apiKeys.create(acme.id, { name: "S", ...acting });
      const one = new AbortController();
      const { status } = await fetch(`${url()}/v1/alerts.subscribe`, {
        headers: { authorization: `Bearer ${secret}` },
        signal: one.signal,
      });
      one.abort();
      return status;
    };
    expect(await open("alerts:read")).toBe(200);
    expect(await open("campaigns:read")).toBe(403);
    await expect.poll(streams).toBe(0);
  });

  it("go on after a cut where they were, with the stock client and its retry link", async () => {
    const first = await ticketOf(acme.keys.viewer);
    let connections = 0;
    const client = createTRPCClient<AppRouter>({
      links: [
        retryLink({ retry: ({ attempts }) => attempts < 20, retryDelayMs: () => 50 }),
        httpSubscriptionLink({
          url: `${url()}/trpc`,
          EventSource,
          connectionParams: async () => {
            connections += 1;
            return { ticket: (await ticketOf(acme.keys.viewer)).ticket };
          },
        }),
      ],
    });
    const seen: number[] = [];
    const subscription = client.events.subscribe.subscribe(
      { after: first.after },
      { onData: ({ data }) => seen.push(data.number) },
    );
    for (let round = 0; round < 3; round += 1) {
      await create();
      await expect.poll(() => seen.length).toBe(2 * round + 1);
      // Everybody is cut, as when a process dies.
      cutEverybody(world);
      await create();
      await expect.poll(() => seen.length).toBe(2 * round + 2);
    }
    expect(seen).toEqual(seen.map((_, at) => first.after + at + 1));
    expect(connections).toBeGreaterThan(3);
    subscription.unsubscribe();
  });

  it("begin now unless told where, and say at once where that is", async () => {
    const { ticket, after } = await ticketOf(acme.keys.viewer);
    const response = await fetch(`${url()}/v1/events.subscribe?ticket=${ticket}`);
    const reader = response.body?.getReader();
    const text = Buffer.from((await reader?.read())?.value ?? []).toString();
    // Its turn to be pinged may come with it.
    expect(text.replace("event: ping\ndata: \n\n", "")).toBe(
      `event: connected\ndata: {"reconnectAfterInactivityMs":45000}\nid: ${after}\nretry: 3000\n\n`,
    );
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    });
    await reader?.cancel();
  });

  it.each([
    ["", "now"],
    ["0", "0"],
    ["%203", "refused"],
    ["0x3", "refused"],
    ["3e0", "refused"],
    ["3.0", "refused"],
    ["-1", "refused"],
  ])("go on after a number of digits only: after=%s is %s", async (text, begins) => {
    const { after } = await ticketOf(acme.keys.viewer);
    const response = await fetch(`${url()}/v1/events.subscribe?after=${text}`, {
      headers: { authorization: `Bearer ${acme.keys.viewer}` },
    });
    const reader = response.body?.getReader();
    const first = Buffer.from((await reader?.read())?.value ?? []).toString();
    const [, id = "refused"] = /^id: (\d+)$/mu.exec(first) ?? [];
    expect(id).toBe(begins === "now" ? String(after) : begins);
    expect(first.includes('"message":"after: is not the number of an event"')).toBe(
      begins === "refused",
    );
    await reader?.cancel();
  });

  it("take a ticket once, for half a minute, and no other credential in the address", async () => {
    const { ticket } = await ticketOf(acme.keys.viewer);
    const open = (search: string) => fetch(`${url()}/trpc/events.subscribe?${search}`);
    const good = await open(`ticket=${ticket}`);
    expect(good.status).toBe(200);
    await good.body?.cancel();
    const late = await ticketOf(acme.keys.viewer);
    await world.db.admin.query(
      "update codex.stream_tickets set expires_at = now() where workspace_id = $1",
      [acme.id],
    );
    for (const bad of [
      `ticket=${ticket}`,
      `ticket=${late.ticket}`,
      "ticket=x",
      "ticket=",
      `ticket=${acme.keys.viewer}`,
      `token=${acme.keys.viewer}`,
      `authorization=Bearer%20${acme.keys.viewer}`,
      `connectionParams=${encodeURIComponent(JSON.stringify({ token: acme.keys.viewer }))}`,
      "",
    ]) {
      const refused = await open(bad);
      expect([bad, refused.status]).toEqual([bad, 401]);
      const { error } = (await refused.json()) as { error: { message: string } };
      if (bad.startsWith("ticket="))
        expect(error.message).toBe("this ticket is unknown, used or expired");
    }
  });

  it("show the events of their own workspace, and of no other", async () => {
    const other = await keyedWorkspace(world.codex);
    const after = await head();
    const mine = follow(after, acme.keys.viewer);
    const theirs = follow(0, other.keys.viewer);
    await expect.poll(streams).toBe(2);
    const made = await mutate(
      url(),
      "campaigns.create",
      { name: "x" },
      { token: other.keys.owner },
    );
    await create();
    await expect.poll(() => mine.follower.received.length).toBe(1);
    const id = made.json.result.data.id as string;
    await expect.poll(() => JSON.stringify(theirs.follower.received)).toContain(id);
    expect(JSON.stringify(mine.follower.received)).not.toContain(id);
    expect(mine.follower.received[0]?.id).toBe(after + 1);
    await Promise.all([mine.end(), theirs.end()]);
  });

  it("end when the database is restored, and do not go on from a number that is none any more", async () => {
    const other = await keyedWorkspace(world.codex);
    const token = other.keys.creator;
    const open = (search = "") =>
      fetch(`${url()}/v1/events.subscribe?${search}`, {
        headers: { authorization: `Bearer ${token}` },
      });
    await mutate(url(), "campaigns.create", { name: "lost" }, { token });
    const { after } = await ticketOf(token);
    const reader = (await open()).body?.getReader();
    await reader?.read();
    const restore = [
      "delete from codex.outbox_events where workspace_id = $1 and number > 1",
      "update codex.event_counters set last_number = 1 where workspace_id = $1",
    ];
    for (const statement of restore) await world.db.admin.query(statement, [other.id]);
    await mutate(url(), "campaigns.create", { name: "after the backup" }, { token });
    // One that was still catching up is told why before its end; and its turn to be pinged may come.
    while ((await reader?.read())?.done === false);
    expect(await (await open(`after=${after}`)).text()).toContain("no event has that number");
  });

  it("tell of the types asked for only", async () => {
    const after = await head();
    const { ticket } = await ticketOf(acme.keys.viewer);
    const input = encodeURIComponent(JSON.stringify({ after, types: ["cohort.created"] }));
    const response = await fetch(`${url()}/trpc/events.subscribe?ticket=${ticket}&input=${input}`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    await create();
    await mutate(url(), "cohorts.create", { name: "H" }, { token: acme.keys.creator });
    let text = "";
    while (!text.includes("cohort.created")) text += (await reader?.read())?.value ?? "";
    expect(text).not.toContain("campaign.created");
    await reader?.cancel();
  });

  it("open with each ticket of a repeated call, which the same idempotency key makes anew", async () => {
    const headers = { "idempotency-key": "a ticket" };
    const asked = () =>
      mutate(url(), "events.ticket", undefined, { token: acme.keys.viewer, headers });
    for (const { status, json } of [await asked(), await asked()]) {
      expect(status).toBe(200);
      const stream = await fetch(`${url()}/v1/events.subscribe?ticket=${json.result.data.ticket}`);
      expect([stream.status, stream.headers.get("content-type")]).toEqual([
        200,
        "text/event-stream",
      ]);
      const reader = stream.body?.getReader();
      const { value } = (await reader?.read()) ?? {};
      expect(new TextDecoder().decode(value)).toContain("event: connected");
      await reader?.cancel();
    }
  });

  it("of types that there are not are refused, with near ones; one that there is is enough", async () => {
    const asked = async (types: readonly string[]): Promise<Response> => {
      const { ticket } = await ticketOf(acme.keys.viewer);
      const search = new URLSearchParams({ ticket });
      for (const type of types) search.append("types", type);
      return fetch(`${url()}/v1/events.subscribe?${search.toString()}`);
    };
    expect(await (await asked(["campain.created", "x"])).text()).toContain(
      "no event has such a type; near are campaign.created, campaign_cohort.created",
    );
    // A client that is newer than the server goes on with what there is.
    const { body, status } = await asked(["cohort.created", "cohort.imagined"]);
    expect(status).toBe(200);
    const reader = body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(new TextDecoder().decode(value)).toContain("event: connected");
    await reader?.cancel();
  });

  it("end within a second when the key is revoked or the member leaves", async () => {
    const { codex } = world;
    const { owner, analyst } = acme.members;
    const acting = { actingAs: owner.userId };
    const revoked = await codex.workspaces.apiKeys.create(acme.id, { name: "r", ...acting });
    const left = await codex.workspaces.apiKeys.create(acme.id, {
      name: "l",
      userId: analyst.userId,
      ...acting,
    });
    const open = async (token: string): Promise<{ ended: Promise<number> }> => {
      const { ticket } = await ticketOf(token);
      const response = await fetch(`${url()}/trpc/events.subscribe?ticket=${ticket}`);
      expect(response.status).toBe(200);
      const reader = response.body?.getReader();
      const untilOver = async (): Promise<number> => {
        for (;;) {
          const part = await reader?.read().catch(() => ({ done: true }));
          if (part?.done !== false) return Date.now();
        }
      };
      return { ended: untilOver() };
    };
    const [ofRevoked, ofLeaver] = [await open(revoked.secret), await open(left.secret)];
    const stays = follow(await head(), acme.keys.viewer);
    const cutsBefore = stays.follower.connects;
    await expect.poll(streams).toBe(3);
    const revokedAt = Date.now();
    await codex.workspaces.apiKeys.revoke(acme.id, { keyId: revoked.id, userId: owner.userId });
    expect((await ofRevoked.ended) - revokedAt).toBeLessThan(1_000);
    const leftAt = Date.now();
    await codex.workspaces.members.remove(acme.id, {
      memberId: analyst.userId,
      userId: owner.userId,
    });
    expect((await ofLeaver.ended) - leftAt).toBeLessThan(1_000);
    expect(stays.follower.connects).toBeLessThanOrEqual(cutsBefore + 1);
    await stays.end();
  });

  it("catch up from far behind, and join what is published meanwhile, without a gap", async () => {
    const { ws } = acme.members.creator;
    const inputs = Array.from({ length: 1_000 }, (_, n) => ({ name: `Far ${n}` }));
    await ws.campaigns.createMany(inputs);
    await ws.campaigns.createMany(inputs);
    const behind = Array.from({ length: 5 }, () => follow(0, acme.keys.viewer));
    for (let n = 0; n < 40; n += 1) await ws.campaigns.create({ name: "Meanwhile" });
    const last = await head();
    for (const { follower } of behind)
      await expect.poll(() => follower.received.at(-1)?.id).toBe(last);
    for (const { follower, end } of behind) {
      expect(faultsIn(follower.received, { after: 0, last })).toEqual({
        lost: 0,
        repeated: 0,
        disordered: 0,
      });
      await end();
    }
  });

  it("say so when what came after a number is gone, or never was", async () => {
    const other = await keyedWorkspace(world.codex);
    await mutate(url(), "campaigns.create", { name: "x" }, { token: other.keys.owner });
    const { after } = await ticketOf(other.keys.viewer);
    await world.db.admin.query(
      `begin; select codex.set_service_context('${other.id}');
       select codex.prune_events('${other.id}', now() + interval '1 hour'); commit`,
    );
    const ask = async (from: number) => {
      const { ticket } = await ticketOf(other.keys.viewer);
      return (await fetch(`${url()}/v1/events.subscribe?ticket=${ticket}&after=${from}`)).text();
    };
    for (const [from, code] of [
      [0, "NotFound"],
      [after + 1_000, "InvalidInput"],
    ] as const) {
      const text = await ask(from);
      expect(text).toContain("event: serialized-error");
      expect(text).toContain(`"code":"${code}"`);
    }
  });

  it("cut a subscriber that stops reading, who misses nothing when it comes back", async () => {
    const other = await keyedWorkspace(world.codex);
    const { port } = new URL(url());
    const stalled = connect(Number(port), "127.0.0.1");
    stalled.on("error", () => {});
    stalled.write(
      `GET /trpc/events.subscribe?after=0 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${other.keys.viewer}\r\n\r\n`,
    );
    stalled.pause();
    const reading = follow(0, other.keys.viewer);
    await expect.poll(streams).toBe(2);
    // 20 MB of events: more than the sockets and the server hold for one.
    for (let round = 0; round < 10; round += 1)
      await world.db.admin.query(
        `insert into codex.outbox_events (workspace_id, type, entity, payload)
         select $1, 'test.created', 'test', jsonb_build_object('text', repeat('x', 2000))
         from generate_series(1, 1000)`,
        [other.id],
      );
    await expect.poll(streams).toBe(1);
    const metrics = await (await fetch(`${world.server.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/codex_api_streams_cut_total\{reason="too slow"\} [1-9]/u);
    stalled.destroy();
    const { after: last } = await ticketOf(other.keys.viewer);
    await expect.poll(() => reading.follower.received.at(-1)?.id).toBe(last);
    expect(faultsIn(reading.follower.received, { after: 0, last }).lost).toBe(0);
    await reading.end();
    const back = follow(0, other.keys.viewer);
    await expect.poll(() => back.follower.received.at(-1)?.id).toBe(last);
    expect(faultsIn(back.follower.received, { after: 0, last })).toEqual({
      lost: 0,
      repeated: 0,
      disordered: 0,
    });
    await back.end();
  });

  it("are as many as a workspace may have", async () => {
    await expect.poll(streams).toBe(0);
    const after = await head();
    const open = Array.from({ length: 40 }, () => follow(after, acme.keys.viewer));
    await expect.poll(streams).toBe(40);
    const refused = await fetch(`${url()}/trpc/events.subscribe`, {
      headers: { authorization: `Bearer ${acme.keys.viewer}` },
    });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("5");
    await Promise.all(open.map(({ end }) => end()));
    await expect.poll(streams).toBe(0);
  });

  it("are refused to whoever may not read events", async () => {
    const { owner } = acme.members;
    const key = await world.codex.workspaces.apiKeys.create(acme.id, {
      name: "no events",
      scopes: ["campaigns:read"],
      actingAs: owner.userId,
    });
    const ticket = await mutate(url(), "events.ticket", undefined, { token: key.secret });
    expect([ticket.status, codeOf(ticket)]).toEqual([403, "Forbidden"]);
    const direct = await query(url(), "events.subscribe", undefined, { token: key.secret });
    expect(direct.status).toBe(403);
  });

  it("are refused to an EventSource by an error of the same code, which is no lost connection", async () => {
    const { ticket: used } = await ticketOf(acme.keys.viewer);
    await (await fetch(`${url()}/v1/events.subscribe?ticket=${used}`)).body?.cancel();
    const inbox = async (): Promise<string> =>
      `/trpc/notifications.inbox.subscribe?ticket=${(await ticketOf(acme.keys.viewer)).ticket}`;
    const bearer = { authorization: `Bearer ${acme.keys.viewer}` };
    const asked: readonly (readonly [
      () => Promise<string>,
      Record<string, string>,
      string,
      number,
    ])[] = [
      [async () => "/trpc/events.subscribe", {}, "Unauthenticated", 401],
      [async () => "/trpc/events.subscribe?ticket=x", {}, "Unauthenticated", 401],
      [async () => `/v1/events.subscribe?ticket=${used}`, {}, "Unauthenticated", 401],
      [inbox, {}, "Forbidden", 403],
      [
        async () => "/trpc/events.subscribe",
        { ...bearer, "x-codex-workspace": world.globex.id },
        "Forbidden",
        403,
      ],
    ];
    for (const [path, headers, code, status] of asked) {
      const plain = await fetch(`${url()}${await path()}`, { headers });
      expect([plain.status, ((await plain.json()) as Refused).error.data.code]).toEqual([
        status,
        code,
      ]);
      const accept = "text/event-stream";
      const told = await fetch(`${url()}${await path()}`, { headers: { ...headers, accept } });
      // By its status it knows that its ticket, which it would come back with, is of no use.
      if (status === 401) {
        expect([told.status, ((await told.json()) as Refused).error.data.code]).toEqual([
          401,
          code,
        ]);
        continue;
      }
      expect([told.status, told.headers.get("content-type")]).toEqual([200, accept]);
      const [, data = "", retry] =
        /^event: serialized-error\ndata: (.*)\nretry: (\d+)\n\n$/u.exec(await told.text()) ?? [];
      expect((JSON.parse(data) as Refused["error"]).data).toMatchObject({
        code,
        httpStatus: status,
      });
      expect(Number(retry)).toBe(30_000);
    }
    await expect.poll(streams).toBe(0);
  });

  it("are held by a hub that looks for nobody when nobody listens", async () => {
    await expect.poll(streams).toBe(0);
    await sleep(1_500);
    const { rows } = await world.db.admin.query<{ idle: number }>(
      `select extract(epoch from now() - max(query_start))::float8 as idle
       from pg_stat_activity where usename = 'codex_worker' and datname = current_database()`,
    );
    expect(rows[0]?.idle).toBeGreaterThan(1);
  });

  it.each([
    ["in the process", { STREAMS_MAX: "1" }, "Unavailable"],
    ["for the address", { STREAMS_PER_ADDRESS: "1" }, "RateLimited"],
  ] as const)(
    "are refused while there is no room %s so that an EventSource comes back with the same ticket",
    async (_, limit, code) => {
      await using small = await makeApiWorld(limit);
      const { viewer } = small.acme.keys;
      const at = small.server.url;
      const taken = follow(0, viewer, at);
      await expect.poll(() => taken.follower.received.length).toBeGreaterThan(0);
      const { json } = await mutate(at, "events.ticket", undefined, { token: viewer });
      const { ticket } = json.result.data as Ticket;
      const events = new EventSource(`${at}/v1/events.subscribe?ticket=${ticket}`);
      const codes: string[] = [];
      let isOpen = false;
      events.addEventListener("serialized-error", ({ data }) =>
        codes.push((JSON.parse(data) as Refused["error"]).data.code),
      );
      events.addEventListener("connected", () => (isOpen = true));
      await expect.poll(() => codes.length).toBeGreaterThan(0);
      expect(codes[0]).toBe(code);
      await taken.end();
      await expect.poll(() => isOpen).toBe(true);
      // With the ticket used up it is closed, and an app opens another.
      small.server.cutStreams("test");
      await expect.poll(() => events.readyState).toBe(events.CLOSED);
      expect(codes).not.toContain("Unauthenticated");
    },
  );

  it.each([
    ["a key", { STREAMS_PER_KEY: "2" }, "viewer", "1.1.1.1", 429],
    ["a key (another has its own)", { STREAMS_PER_KEY: "2" }, "owner", "1.1.1.1", 200],
    ["an address", { STREAMS_PER_ADDRESS: "2" }, "owner", "1.1.1.1", 429],
    ["an address (another has its own)", { STREAMS_PER_ADDRESS: "2" }, "viewer", "2.2.2.2", 200],
  ] as const)("are as many as %s may have", async (_, limit, who, address, status) => {
    await using small = await makeApiWorld({ TRUSTED_PROXIES: "1", ...limit });
    const leave = new AbortController();
    const open = async (key: string, from: string): Promise<Response> =>
      fetch(`${small.server.url}/v1/events.subscribe`, {
        headers: { authorization: `Bearer ${key}`, "x-forwarded-for": from },
        signal: leave.signal,
      });
    const { keys } = small.acme;
    for (let count = 0; count < 2; count += 1)
      expect((await open(keys.viewer, "1.1.1.1")).status).toBe(200);
    const third = await open(keys[who], address);
    expect(third.status).toBe(status);
    if (status === 429) expect(third.headers.get("retry-after")).toBe("5");
    leave.abort();
    // The places are given back.
    const again = new AbortController();
    await expect
      .poll(async () => {
        const response = await fetch(`${small.server.url}/v1/events.subscribe`, {
          headers: { authorization: `Bearer ${keys[who]}`, "x-forwarded-for": address },
          signal: again.signal,
        });
        return response.status;
      })
      .toBe(200);
    again.abort();
  });
});

function cutEverybody(world: ApiWorld): void {
  world.server.cutStreams("test");
}
