import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mutate } from "./support/http.ts";
import { makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

interface Arrival {
  readonly number: number;
  readonly item: { readonly title: string };
}

describe("a stream of an inbox", () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await makeApiWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const path = "/v1/notifications.inbox.subscribe";
  const send = (to: string, title: string) =>
    mutate(
      world.server.url,
      "notifications.send",
      { to: [to], type: "message", title },
      { token: world.acme.keys.creator },
    );
  const ticketOf = async (token: string): Promise<{ ticket: string; after: number }> =>
    (await mutate(world.server.url, "events.ticket", undefined, { token })).json.result.data;

  /** Reads until so many have arrived, then goes without a word. */
  async function read(search: string, count: number, token?: string): Promise<Arrival[]> {
    const leave = new AbortController();
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const { signal } = leave;
    const response = await fetch(`${world.server.url}${path}${search}`, { headers, signal });
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "text/event-stream",
    ]);
    const found: Arrival[] = [];
    let text = "";
    for await (const bytes of response.body ?? []) {
      text += Buffer.from(bytes).toString();
      const frames = text.split("\n\n");
      text = frames.pop() ?? "";
      for (const frame of frames) {
        const [, data = "", id = ""] = /^data: (\{"number".*\})\nid: (\d+)$/u.exec(frame) ?? [];
        // What comes after the cut is not had, though it may be in the same bytes.
        if (id === "" || found.length === count) continue;
        const arrival = JSON.parse(data) as Arrival;
        expect(arrival.number).toBe(Number(id));
        found.push(arrival);
      }
      if (found.length === count) break;
    }
    leave.abort();
    return found;
  }

  it("gives its person each of 30 notifications once, over 10 cuts, and nothing of others", async () => {
    const { acme } = world;
    const { after } = await ticketOf(acme.keys.viewer);
    const { userId } = acme.members.owner;
    const sending = (async () => {
      for (let at = 0; at < 30; at += 1) {
        await send(acme.members.viewer.userId, `theirs ${at}`);
        await send(userId, `mine ${at}`);
      }
    })();
    const got: Arrival[] = [];
    while (got.length < 30) {
      const from = got.at(-1)?.number ?? after;
      got.push(...(await read(`?after=${from}`, 3, acme.keys.viewer)));
    }
    await sending;
    expect(got.map(({ item }) => item.title)).toEqual(
      Array.from({ length: 30 }, (_, at) => `mine ${at}`),
    );
    const cut = got[10]?.number ?? 0;
    const again = await read(`?lastEventId=${cut}`, 19, acme.keys.viewer);
    expect(again.map(({ number }) => number)).toEqual(got.slice(11).map(({ number }) => number));
  });

  it("is woken by what arrives, and opened by the ticket of a person", async () => {
    const { acme, issuer } = world;
    const token = await issuer.token("a reader");
    const { userId, ticket, after } = await member(token);
    const reading = read(`?ticket=${ticket}&after=${after}`, 1);
    await send(userId, "for the reader");
    expect((await reading).map(({ item }) => item.title)).toEqual(["for the reader"]);

    async function member(
      bearer: string,
    ): Promise<{ userId: string; ticket: string; after: number }> {
      const made = await world.codex.people.ensure({
        issuer: issuer.name,
        subject: "a reader",
        name: "R",
      });
      const invited = await world.codex.workspaces.invite(acme.id, {
        email: "reader@example.org",
        userId: acme.members.owner.userId,
      });
      await world.codex.workspaces.acceptInvitation(invited.token, { userId: made.id });
      const headers = { "x-codex-workspace": acme.id };
      const answer = await mutate(world.server.url, "events.ticket", undefined, {
        token: bearer,
        headers,
      });
      return { userId: made.id, ...answer.json.result.data };
    }
  });

  it("asks for its own scope, and takes no ticket of a key, whose scopes that does not tell", async () => {
    const { codex, acme, server } = world;
    const { owner } = acme.members;
    const key = async (scopes: string[]): Promise<string> => {
      const input = { name: "K", role: "viewer", scopes, actingAs: owner.userId } as const;
      return (await codex.workspaces.apiKeys.create(acme.id, input)).secret;
    };
    const statusOf = async (search: string, token?: string): Promise<number> => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const leave = new AbortController();
      const { signal } = leave;
      const { status } = await fetch(`${server.url}${path}${search}`, { headers, signal });
      leave.abort();
      return status;
    };
    expect(await statusOf("", await key(["notifications:read", "events:read"]))).toBe(200);
    const events = await key(["events:read"]);
    expect(await statusOf("", events)).toBe(403);
    expect(await statusOf(`?ticket=${(await ticketOf(events)).ticket}`)).toBe(403);
    expect(await statusOf("")).toBe(401);
  });
});
