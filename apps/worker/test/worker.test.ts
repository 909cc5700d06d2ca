import { startProxy } from "@codex/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeTestWorkspace } from "@codex/sdk/testing";
import type { TestWorkspace } from "@codex/sdk/testing";
import type { ServerResponse } from "node:http";
import { readSettings } from "../src/env.ts";
import { startWorker } from "../src/worker.ts";
import { receive } from "./support/http.ts";
import { run, variablesFor, WorkerProcess } from "./support/process.ts";
import { addEndpoint, count, makeCampaigns, makeWorkerWorld } from "./support/world.ts";
import type { WorkerWorld } from "./support/world.ts";

let world: WorkerWorld;
let team: TestWorkspace;
beforeAll(async () => {
  world = await makeWorkerWorld();
});
beforeEach(async () => {
  team = await makeTestWorkspace(world.codex);
});
afterAll(() => world[Symbol.asyncDispose]());

const delivered = (): Promise<number> =>
  count(
    world,
    `select count(*) from codex.notification_deliveries where workspace_id = $1 and state = 'delivered'`,
    [team.id],
  );

describe("the settings", () => {
  const good = { DATABASE_URL: "postgres://u:secret@h/d" };
  it.each([
    [{}, "DATABASE_URL is not set"],
    [{ DATABASE_URL: "mysql://u:secret@h" }, "DATABASE_URL is no address"],
    [{ ...good, POLL_MS: "0" }, "POLL_MS"],
    [{ ...good, SMTP_URL: "smtps://m" }, "SMTP_URL and SMTP_FROM belong together"],
    [{ ...good, ALLOW_ADDRESSES: "inside" }, "ALLOW_ADDRESSES"],
    [{ ...good, RETENTION_LEADERBOARDS_DAYS: "90" }, "RETENTION_LEADERBOARDS_DAYS"],
  ])("that are wrong are named: %o", (given, name) => {
    expect(() => readSettings(given)).toThrow(name);
    expect(() => readSettings(given)).not.toThrow("secret");
  });

  it("end the process with a sentence and 1", async () => {
    const { code, said } = await run({ ...variablesFor(world), DATABASE_URL: "nonsense" });
    expect(code).toBe(1);
    expect(said.trim()).toMatch(/^codex-worker: DATABASE_URL is no address [^\n]*$/u);
  });
});

describe("a worker", () => {
  it("waits for a database that is away at the start, and for one that goes away, and then does its work", async () => {
    const target = new URL(world.db.url("codex_worker"));
    await using proxy = await startProxy({ port: Number(target.port), host: target.hostname });
    target.hostname = "127.0.0.1";
    target.port = String(proxy.port);
    proxy.fault = { kind: "cut request" };
    await using receiver = await receive();
    await addEndpoint(world, team, receiver.url);
    await makeCampaigns(team, 1);
    const variables = variablesFor(world, { DATABASE_URL: target.href, LOG_LEVEL: "silent" });
    await using worker = await startWorker(readSettings(variables));
    const readiness = async (): Promise<number> =>
      (await fetch(`${worker.adminUrl}/readyz`)).status;
    expect(await readiness()).toBe(503);
    expect((await fetch(`${worker.adminUrl}/livez`)).status).toBe(200);
    expect(await delivered()).toBe(0);
    proxy.fault = { kind: "none" };
    await expect.poll(delivered).toBe(1);
    await expect.poll(readiness).toBe(200);
    proxy.fault = { kind: "cut request" };
    await makeCampaigns(team, 3);
    await expect
      .poll(async () => (await fetch(`${worker.adminUrl}/metrics`)).text())
      .toMatch(/codex_worker_failures_total\{[^}]*code="(?:Unavailable|OutcomeUnknown)"/u);
    proxy.fault = { kind: "none" };
    await expect.poll(delivered).toBe(4);
  });

  it("finishes and records what it sends when it is asked to stop, and takes nothing more: exit 0", async () => {
    const waiting: ServerResponse[] = [];
    await using receiver = await receive((response) => waiting.push(response));
    await addEndpoint(world, team, receiver.url);
    await makeCampaigns(team, 12);
    await using worker = new WorkerProcess(variablesFor(world, { DELIVERIES_AT_ONCE: "5" }));
    await expect.poll(() => receiver.arrived.length).toBe(5);
    worker.signal("SIGTERM");
    await worker.until(/asked to stop/u);
    for (const response of waiting) response.end();
    expect(await worker.ended()).toBe(0);
    expect(receiver.arrived).toHaveLength(5);
    expect(await delivered()).toBe(5);
    expect(
      await count(
        world,
        "select count(*) from codex.notification_deliveries where workspace_id = $1 and state = 'pending'",
        [team.id],
      ),
    ).toBe(7);
  });

  it("gives up what does not end in time, so that it is tried again, and exits 0", async () => {
    await using receiver = await receive(() => {});
    await addEndpoint(world, team, receiver.url);
    await makeCampaigns(team, 2);
    await using worker = new WorkerProcess(
      variablesFor(world, { SHUTDOWN_MS: "300", LEASE_MS: "60000" }),
    );
    await expect.poll(() => receiver.arrived.length).toBe(2);
    worker.signal("SIGTERM");
    expect(await worker.ended()).toBe(0);
    expect(worker.said).toContain("not everything ended in time");
    const { items } = await team.owner.ws.deliveries.list();
    expect(items.map(({ state }) => state)).toEqual(["failed", "failed"]);
  });

  it("leaves at once when it is asked twice", async () => {
    await using receiver = await receive(() => {});
    await addEndpoint(world, team, receiver.url);
    await makeCampaigns(team, 1);
    await using worker = new WorkerProcess(variablesFor(world, { SHUTDOWN_MS: "600000" }));
    await expect.poll(() => receiver.arrived.length).toBe(1);
    worker.signal("SIGTERM");
    await worker.until(/asked to stop/u);
    worker.signal("SIGTERM");
    expect(await worker.ended()).toBe(1);
    const { items } = await team.owner.ws.deliveries.list();
    expect(items.map(({ state }) => state)).toEqual(["sending"]);
  });

  it("serves a small workspace while a busy one of 60 messages still waits", async () => {
    const order: string[] = [];
    const slowly = (who: string) => (response: ServerResponse) => {
      order.push(who);
      setTimeout(() => response.end(), 20);
    };
    await using busy = await receive(slowly("busy"));
    await using small = await receive(slowly("small"));
    const neighbour = await makeTestWorkspace(world.codex);
    await addEndpoint(world, team, busy.url);
    await addEndpoint(world, neighbour, small.url);
    await makeCampaigns(team, 60);
    await makeCampaigns(neighbour, 1);
    // Everything is there before anything is sent.
    for (const id of [team.id, neighbour.id])
      await world.codex.system({ reason: "test" }).background(id).deliveries.queueEvents();
    const variables = variablesFor(world, { DELIVERIES_AT_ONCE: "2", WORKSPACES_AT_ONCE: "1" });
    await using worker = await startWorker(readSettings({ ...variables, LOG_LEVEL: "silent" }));
    expect(worker.adminUrl).toMatch(/^http:/u);
    await expect.poll(() => order.length).toBe(61);
    expect(order.indexOf("small")).toBeLessThan(8);
  });

  it("leaves one trace of its reason in each workspace that it enters", async () => {
    await using receiver = await receive();
    await addEndpoint(world, team, receiver.url);
    await using worker = await startWorker(
      readSettings(variablesFor(world, { LOG_LEVEL: "silent" })),
    );
    for (let round = 1; round <= 3; round += 1) {
      await makeCampaigns(team, 1);
      await expect.poll(delivered).toBe(round);
    }
    await worker.close();
    expect(
      await count(
        world,
        "select count(*) from codex.audit_events where workspace_id = $1 and reason = 'background work'",
        [team.id],
      ),
    ).toBe(1);
  });
});

describe("--once", () => {
  it("does what there is and says what it did, and a second time there is nothing", async () => {
    await using alone = await makeWorkerWorld();
    await using receiver = await receive();
    await addEndpoint(alone, alone.acme, receiver.url);
    await makeCampaigns(alone.acme, 25);
    const first = await run(variablesFor(alone, { LEASE_MS: "60000" }), "--once");
    expect(first).toMatchObject({ code: 0 });
    expect(first.said).toMatch(/^webhook_events +25 done$/mu);
    expect(first.said).toMatch(/^deliveries +25 done$/mu);
    expect(receiver.arrived).toHaveLength(25);
    const second = await run(variablesFor(alone), "--once");
    expect(second.said).toMatch(/^deliveries +0 done$/mu);
  });
});
