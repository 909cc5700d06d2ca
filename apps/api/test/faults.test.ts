import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { canMakeDatabases } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFull } from "./support/env.ts";
import { mutate } from "./support/http.ts";
import { ApiProcess } from "./support/process.ts";
import { environmentFor, makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";
import { faultsIn, Follower } from "./support/sse.ts";

const kills = isFull ? 300 : 6;
// Half as many as of requests that are in hand: there every one counts, here each cuts three streams at once.
const streamFaults = isFull ? 150 : 9;
const writers = 8;

// Real processes, killed without warning, and a client that compares what it was given with what there is.
describe.runIf(canMakeDatabases())("faults", () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await makeApiWorld({}, { own: true });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  const startApi = async (): Promise<ApiProcess> => {
    const environment = environmentFor(world.db, world.issuer, { LOG_LEVEL: "warn" });
    const api = await ApiProcess.start(environment);
    // One that is killed does not keep what Node compiled: without this each start takes 1.4 s instead of 1.
    await api.stop();
    await api.start();
    return api;
  };

  it(
    `lose and repeat no event under ${writers} writers: API killed, hub's connection ended, clients cut at any byte`,
    async () => {
      const { acme, db } = world;
      await using api = await startApi();
      const { after } = await acme.members.viewer.ws.events.ticket();
      const stop = new AbortController();
      const cutAfter = (): number =>
        Math.random() < 0.5 ? Math.floor(Math.random() * 20_000) : Number.POSITIVE_INFINITY;
      const followers = Array.from(
        { length: 3 },
        () =>
          new Follower({
            url: api.url,
            token: acme.keys.viewer,
            after,
            cutAfter,
            signal: stop.signal,
          }),
      );
      const over = followers.map((follower) => follower.run());
      const writing = new AbortController();
      const written = Array.from({ length: writers }, () => write(world, writing.signal));
      let killed = 0;
      let ended = 0;
      while (killed + ended < streamFaults) {
        await sleep(60 + Math.random() * 240);
        if ((killed + ended) % 3 === 0) {
          await api.kill();
          await api.start();
          killed += 1;
        } else {
          await db.admin.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where usename = 'codex_worker' and datname = current_database()`,
          );
          ended += 1;
        }
      }
      writing.abort();
      const events = (await Promise.all(written)).reduce((sum, count) => sum + count, 0);
      const { after: last } = await acme.members.viewer.ws.events.ticket();
      for (const follower of followers) await caughtUp(follower, last);
      stop.abort();
      await Promise.all(over);
      const { rows } = await db.admin.query<{ n: number }>(
        "select count(*)::integer as n from codex.outbox_events where workspace_id = $1 and number > $2",
        [acme.id, after],
      );
      const results = followers.map(({ received }) => faultsIn(received, { after, last }));
      const cuts = followers.reduce((sum, follower) => sum + follower.cuts, 0);
      process.stdout.write(
        `events: ${rows[0]?.n} committed, ${followers.map(({ received }) => received.length).join(", ")} delivered, ` +
          `lost ${results.map(({ lost }) => lost).join(", ")}, repeated ${results.map(({ repeated }) => repeated).join(", ")}; ` +
          `${killed} kills of the API, ${ended} of the hub's connections, ${cuts} cuts of clients, ${events} writes\n`,
      );
      expect(rows[0]?.n).toBe(last - after);
      for (const result of results) expect(result).toEqual({ lost: 0, repeated: 0, disordered: 0 });
      expect(events).toBeGreaterThan(streamFaults);
      expect(cuts).toBeGreaterThan(0);
    },
    isFull ? 3_600_000 : 180_000,
  );

  it(
    "do every acknowledged mutation once, when the API is killed in the middle of requests",
    async () => {
      const { acme, db } = world;
      await using api = await startApi();
      const working = new AbortController();
      const done = Array.from({ length: 4 }, () =>
        mutateOn(api.url, acme.keys.creator, working.signal),
      );
      for (let count = 0; count < kills; count += 1) {
        await sleep(30 + Math.random() * 150);
        await api.kill();
        await api.start();
      }
      working.abort();
      const names = (await Promise.all(done)).flat();
      const { rows } = await db.admin.query<{ name: string; n: number }>(
        "select name, count(*)::integer as n from codex.campaigns where workspace_id = $1 and name = any($2) group by 1",
        [acme.id, names.map(({ name }) => name)],
      );
      const found = new Map(rows.map(({ name, n }) => [name, n]));
      const lost = names.filter(({ name }) => !found.has(name));
      const doubled = rows.filter(({ n }) => n > 1);
      const retried = names.filter(({ attempts }) => attempts > 1).length;
      process.stdout.write(
        `mutations: ${names.length} acknowledged, ${retried} of them after a retry, ${lost.length} lost, ${doubled.length} doubled; ${kills} kills\n`,
      );
      expect([lost, doubled]).toEqual([[], []]);
      expect(names.length).toBeGreaterThan(kills);
      expect(retried).toBeGreaterThan(0);
    },
    isFull ? 3_600_000 : 180_000,
  );
});

/** Until a follower has the last event, however many are missing; fails when nothing comes for half a minute. */
async function caughtUp({ received }: Follower, last: number): Promise<void> {
  while (received.at(-1)?.id !== last) {
    const before = received.length;
    await expect.poll(() => received.length).toBeGreaterThan(before);
  }
}

/** Writes in transactions of one to three changes, some of which are taken back; gives how many were committed. */
async function write({ acme, codex }: ApiWorld, signal: AbortSignal): Promise<number> {
  const ws = codex.workspace(acme.id, { userId: acme.members.creator.userId });
  let committed = 0;
  while (!signal.aborted) {
    const isTakenBack = Math.random() < 0.1;
    try {
      await ws.transaction(async (tx) => {
        const { id } = await tx.campaigns.create({ name: "Written" });
        await sleep(Math.random() * 8);
        if (Math.random() < 0.5) await tx.campaigns.update(id, { description: "more" });
        if (isTakenBack) throw new Error("taken back");
      });
      committed += 1;
    } catch (error) {
      if (!isTakenBack) throw error;
    }
    // Eight of them without a rest take both cores, and a killed API three seconds to come back instead of one.
    await sleep(Math.random() * 80);
  }
  return committed;
}

interface Acknowledged {
  readonly name: string;
  readonly attempts: number;
}

/** Makes campaigns one after the other, each under a key of its own, and sends again until there is an answer. */
async function mutateOn(url: string, token: string, signal: AbortSignal): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  while (!signal.aborted) {
    const name = `Killed ${randomUUID()}`;
    const headers = { "idempotency-key": name };
    for (let attempts = 1; ; attempts += 1) {
      const answer = await mutate(url, "campaigns.create", { name }, { token, headers }).catch(
        () => undefined,
      );
      if (answer?.status === 200) {
        acknowledged.push({ name, attempts });
        break;
      }
      await sleep(20);
    }
  }
  return acknowledged;
}
