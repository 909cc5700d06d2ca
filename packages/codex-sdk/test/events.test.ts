import type { Event } from "@codex/sdk";
import { canMakeDatabases } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld } from "./world.ts";
import type { World } from "./world.ts";

// More than the database numbers in one call.
const line = 15_000;

describe.runIf(canMakeDatabases())("whoever follows from now on", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** Committed events that nobody has read, made without the triggers that would make them one by one. */
  const happen = async (type: string, entityId?: string): Promise<void> => {
    const client = await world.db.connect();
    await client.query("set session_replication_role = replica");
    await client.query(
      `insert into codex.outbox_events (workspace_id, type, entity, entity_id)
       select $1, $2, split_part($2, '.', 1), $3 from generate_series(1, $4::integer)`,
      [world.acme, type, entityId ?? null, line],
    );
    await client.end();
  };
  const unnumbered = async (): Promise<number> => {
    const { rows } = await world.db.admin.query<{ count: number }>(
      "select count(*)::integer from codex.outbox_events where workspace_id = $1 and number is null",
      [world.acme],
    );
    return rows[0]?.count ?? 0;
  };
  const head = async (): Promise<number> => {
    const { rows } = await world.db.admin.query<{ last: number }>(
      "select last_number::integer as last from codex.event_counters where workspace_id = $1",
      [world.acme],
    );
    return rows[0]?.last ?? 0;
  };
  /** A transaction that has left an event and waits; and what commits it. */
  const slow = async (): Promise<() => Promise<void>> => {
    const client = await world.db.connect();
    await client.query("begin");
    await client.query("select codex.set_service_context($1)", [world.acme]);
    await client.query("insert into codex.campaigns (workspace_id, name) values ($1, 'slow')", [
      world.acme,
    ]);
    return async () => {
      await client.query("commit");
      await client.end();
    };
  };
  const create = (name: string): Promise<unknown> => world.ada.ws.campaigns.create({ name });
  /** Whether the subscription has come to its first look, which leaves the rest of the line for later ones. */
  const opened = (): Promise<void> => expect.poll(unnumbered).toBeLessThan(line);

  it("is told of nothing that was there, and of all that comes meanwhile, however long the line", async () => {
    const commit = await slow();
    await happen("campaign.archived");
    const told: Event[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const event of world.ada.ws.events.subscribe({ pollMs: 10, signal: stop.signal }))
        told.push(event);
    })();
    await opened();
    // The one has its place in the midst of the line, the other behind it.
    await commit();
    await create("meanwhile");
    await expect.poll(() => told.length).toBe(2);
    await expect.poll(unnumbered).toBe(0);
    await create("afterwards");
    await expect.poll(() => told.length).toBe(3);
    stop.abort();
    await following;
    expect(told.map(({ type }) => type)).toEqual(
      Array.from({ length: 3 }, () => "campaign.created"),
    );
    expect(new Set(told.map(({ number }) => number)).size).toBe(3);
  });

  it("and goes on after a number is told of all behind it, as before", async () => {
    const after = await head();
    await happen("campaign.archived");
    let count = 0;
    for await (const { number } of world.ada.ws.events.subscribe({ after, pollMs: 10 })) {
      count += 1;
      expect(number).toBe(after + count);
      if (count === line) break;
    }
    expect(count).toBe(line);
  });

  it("in an inbox is told of what arrives, and of nothing that had arrived", async () => {
    const note = { to: [world.vic.userId], type: "message" as const, title: "old" };
    const { id } = await world.ada.ws.notifications.send(note);
    const after = await head();
    await happen("notification.created", id);
    const { inbox } = world.vic.ws.notifications;
    const arriving = inbox.subscribe({ pollMs: 10 }).next();
    await opened();
    await world.ada.ws.notifications.send({ ...note, title: "new" });
    expect((await arriving).value).toMatchObject({ item: { title: "new" } });
    const all = await inbox.subscribe({ after, pollMs: 10 }).next();
    expect(all.value).toMatchObject({ item: { title: "old" } });
  });

  it("with a ticket goes on behind the line", async () => {
    await happen("campaign.archived");
    const { after } = await world.ada.ws.events.ticket();
    expect(after).toBe(await head());
    expect(await unnumbered()).toBe(0);
    await create("after the ticket");
    const next = await world.ada.ws.events.subscribe({ after, pollMs: 10 }).next();
    expect(next.value).toMatchObject({ number: after + 1, type: "campaign.created" });
  });

  it("through a server begins behind the line, in as many steps as it takes", async () => {
    await happen("campaign.archived");
    const { feed } = world.codex;
    let position = await feed.now(world.acme, undefined);
    expect(position.isNumbered).toBe(false);
    await create("meanwhile");
    while (!position.isNumbered) position = await feed.now(world.acme, position);
    expect(position.last).toBeGreaterThanOrEqual((await head()) - 1);
  });

  it("is told when the database was restored before the line had its numbers", async () => {
    await happen("campaign.archived");
    const { feed } = world.codex;
    const position = await feed.now(world.acme, undefined);
    expect(position.isNumbered).toBe(false);
    // What was numbered since the backup has no number any more.
    await world.db.admin.query(
      `with taken as (
         update codex.outbox_events set number = null where workspace_id = $1 and number > $2
       )
       update codex.event_counters set last_number = $2 where workspace_id = $1`,
      [world.acme, position.last - 10_000],
    );
    await world.db.admin.query(
      "delete from codex.outbox_events where workspace_id = $1 and number is null",
      [world.acme],
    );
    await create("after the backup");
    await expect(feed.now(world.acme, position)).rejects.toMatchObject({
      code: "InvalidInput",
      issues: [{ path: ["after"] }],
    });
    expect(await feed.now(world.acme, undefined)).toMatchObject({ isNumbered: true });
  });
});
