import type { CodexError, Workspace } from "@codex/sdk";
import { canMakeDatabases } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { versionCases } from "./version-cases.ts";
import type { VersionCase } from "./version-cases.ts";
import { activePositioning, makeWorld, newAgent, open } from "./world.ts";
import type { World } from "./world.ts";

const src = join(import.meta.dirname, "../src");

/** Methods that take the options of an edit, as the clients write them. */
async function methodsWithVersion(): Promise<string[]> {
  const files = (await readdir(src, { recursive: true })).filter((name) => /\/.*\.ts$/u.test(name));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(src, file), "utf8");
      return [...text.matchAll(/^ {2}async (\w+)\(([\s\S]*?)\): Promise</gmu)]
        .filter(([, , parameters]) => parameters?.includes("EditOptions"))
        .map(([, method]) => `${clientOf(file)}.${method ?? ""}`);
    }),
  );
  return found.flat();
}

function clientOf(file: string): string {
  const nested: Record<string, string> = {
    "feeds/feeds.ts": "signals.feeds",
    "workspaces/members.ts": "workspaces.members",
    "workspaces/api-keys.ts": "workspaces.apiKeys",
  };
  return nested[file] ?? file.slice(0, file.indexOf("/"));
}

const errorOf = (call: Promise<unknown>): Promise<CodexError | undefined> =>
  call.then(
    () => undefined,
    (error: unknown) => error as CodexError,
  );

describe.runIf(canMakeDatabases())("writes that expect a version", () => {
  let world: World;
  let cases: [string, VersionCase][];
  beforeAll(async () => {
    world = await makeWorld();
    cases = Object.entries(await versionCases(world));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** The whole row, undefined once it is gone. */
  const rowOf = async (
    { table, key }: VersionCase,
    value: string,
  ): Promise<{ version: number } | undefined> => {
    const { rows } = await world.db.admin.query<{ row: { version: number } }>(
      `select to_jsonb(t) as row from codex.${table} t where ${key} = $1 and workspace_id = $2`,
      [value, world.acme],
    );
    return rows[0]?.row;
  };
  const versionOf = async (one: VersionCase, key: string): Promise<number> =>
    (await rowOf(one, key))?.version ?? 0;
  const events = async (): Promise<number> => {
    const { rows } = await world.db.admin.query<{ count: number }>(
      "select count(*)::integer as count from codex.outbox_events",
    );
    return rows[0]?.count ?? 0;
  };
  const each = async (
    check: (one: VersionCase, key: string, name: string) => Promise<void>,
  ): Promise<void> => {
    for (const [name, one] of cases) await check(one, await one.make(), name);
  };

  const caseOf = (name: string): VersionCase => {
    const found = cases.find(([known]) => known === name)?.[1];
    if (found === undefined) throw new Error(`no case of ${name}`);
    return found;
  };

  it("are all of those that the clients have", async () => {
    expect(cases.map(([name]) => name).toSorted()).toEqual((await methodsWithVersion()).toSorted());
  });

  it("are made where it still has that version", async () => {
    await each(async (one, key, name) => {
      const before = await rowOf(one, key);
      const error = await errorOf(
        one.call(world.ada, key, { expectedVersion: before?.version ?? 0 }),
      );
      expect(error, name).toBeUndefined();
      expect(await rowOf(one, key), name).not.toEqual(before);
    });
  });

  it("are StaleVersion with the one it has otherwise, and change nothing and tell nobody", async () => {
    await each(async (one, key, name) => {
      const [row, told] = [await rowOf(one, key), await events()];
      const currentVersion = row?.version ?? 0;
      for (const expectedVersion of [currentVersion - 1, currentVersion + 1]) {
        const error = await errorOf(one.call(world.ada, key, { expectedVersion }));
        expect(error, name).toMatchObject({
          code: "StaleVersion",
          message: `the ${error?.entity} has changed meanwhile`,
          entity: expect.any(String),
          currentVersion,
          retryable: false,
        });
      }
      expect(await rowOf(one, key), name).toEqual(row);
      expect(await events(), name).toBe(told);
    });
  });

  it("are InvalidInput by its name where it is what no version can be", async () => {
    await each(async (one, key, name) => {
      const row = await rowOf(one, key);
      for (const [expectedVersion, said] of [
        [2 ** 31, "is larger than versions become"],
        [2 ** 40, "is larger than versions become"],
        [1.5, expect.any(String)],
        [-1, expect.any(String)],
      ] as const) {
        const error = await errorOf(one.call(world.ada, key, { expectedVersion }));
        expect(error, `${name} ${expectedVersion}`).toMatchObject({
          code: "InvalidInput",
          issues: [{ path: ["expectedVersion"], message: said }],
        });
      }
      const largest = await errorOf(one.call(world.ada, key, { expectedVersion: 2 ** 31 - 1 }));
      expect(largest?.code, name).toBe("StaleVersion");
      expect(await rowOf(one, key), name).toEqual(row);
    });
  });

  it("undo the other calls of their batch where it has another version, or is not there", async () => {
    const { ada, acme } = world;
    const counted = async (): Promise<number> => {
      const sql = "select count(*)::integer as n from codex.campaigns where workspace_id = $1";
      return (await world.db.admin.query<{ n: number }>(sql, [acme])).rows[0]?.n ?? 0;
    };
    for (const [name, one] of cases.filter(([known]) => !known.startsWith("workspaces."))) {
      const key = await one.make();
      const [row, before] = [await rowOf(one, key), await counted()];
      const currentVersion = row?.version ?? 0;
      const batch = (id: string, expectedVersion: number) =>
        ada.ws.batch((b) => [
          b.campaigns.create({ name: "Beside" }),
          one.call({ userId: ada.userId, ws: b as Workspace }, id, { expectedVersion }),
        ]);
      const stale = await errorOf(batch(key, currentVersion + 1));
      expect(stale, name).toMatchObject({ code: "StaleVersion", currentVersion });
      const missing = await errorOf(batch(randomUUID(), 1));
      expect(missing, name).toMatchObject({ code: "NotFound" });
      expect(await counted(), name).toBe(before);
      expect(await rowOf(one, key), name).toEqual(row);
      expect(await errorOf(batch(key, currentVersion)), name).toBeUndefined();
      expect(await counted(), name).toBe(before + 1);
    }
  });

  it("are NotFound where there is nothing, or another workspace's, and make nothing there", async () => {
    await each(async (one, key, name) => {
      const [row, told] = [await rowOf(one, key), await events()];
      const options = { expectedVersion: row?.version ?? 0 };
      const unknown = await errorOf(one.call(world.ada, randomUUID(), options));
      expect(unknown, name).toMatchObject({ code: "NotFound" });
      const foreign = await errorOf(one.call(world.bob, key, options));
      expect(foreign, name).toMatchObject({ code: "NotFound", entity: unknown?.entity });
      expect(await rowOf(one, key), name).toEqual(row);
      expect(await events(), name).toBe(told);
    });
  });

  it("are Forbidden for a viewer who knows the version", async () => {
    await each(async (one, key, name) => {
      const row = await rowOf(one, key);
      const error = await errorOf(one.call(world.vic, key, { expectedVersion: row?.version ?? 0 }));
      expect(error?.code, name).toBe(one.viewer ?? "Forbidden");
      expect(await rowOf(one, key), name).toEqual(row);
    });
  });

  it.each([
    "executions.cancel",
    "insights.publish",
    "messages.publish",
    "positioning.publish",
    "quests.complete",
    "quests.move",
    "signals.sight",
    "webhooks.disable",
    "webhooks.rotateSecret",
  ])("%s is Forbidden for a viewer who does not, and tells no version", async (name) => {
    const one = caseOf(name);
    const error = await errorOf(one.call(world.vic, await one.make(), { expectedVersion: 9 }));
    expect(error).toMatchObject({ code: "Forbidden", currentVersion: undefined });
  });

  it("give their stored result under an idempotency key, whatever version it has by then", async () => {
    await each(async (one, key, name) => {
      const options = { expectedVersion: await versionOf(one, key), idempotencyKey: randomUUID() };
      const first = await one.call(world.ada, key, options);
      const row = await rowOf(one, key);
      const again = one.call(world.ada, key, options);
      if (one.isShownOnce === true)
        expect(await errorOf(again), name).toMatchObject({ code: "Conflict" });
      else expect(await again, name).toEqual({ ...(first as object), replayed: true });
      expect(await rowOf(one, key), name).toEqual(row);
    });
  });

  it("are another request under the same idempotency key where they expect another version, or none", async () => {
    await each(async (one, key, name) => {
      const expectedVersion = await versionOf(one, key);
      const idempotencyKey = randomUUID();
      await one.call(world.ada, key, { expectedVersion, idempotencyKey });
      const row = await rowOf(one, key);
      for (const other of [{ expectedVersion: expectedVersion + 1 }, {}]) {
        const error = await errorOf(one.call(world.ada, key, { ...other, idempotencyKey }));
        expect(error?.code, name).toBe("IdempotencyConflict");
      }
      expect(await rowOf(one, key), name).toEqual(row);
    });
  });

  it("give what was stored while nothing followed the change", async () => {
    for (const name of ["cohorts.detach", "workspaces.members.remove"]) {
      const one = caseOf(name);
      const key = await one.make();
      const idempotencyKey = randomUUID();
      const first = await one.call(world.ada, key, { idempotencyKey });
      const { rowCount } = await world.db.admin.query(
        "update codex.idempotency_keys set response = response - 2 where key = $1",
        [idempotencyKey],
      );
      expect(rowCount, name).toBe(1);
      expect(await one.call(world.ada, key, { idempotencyKey }), name).toEqual({
        ...(first as object),
        replayed: true,
      });
    }
  });

  it("leave an idempotency key free where they are stale", async () => {
    await each(async (one, key, name) => {
      const expectedVersion = await versionOf(one, key);
      const idempotencyKey = randomUUID();
      const stale = { expectedVersion: expectedVersion + 1, idempotencyKey };
      const error = await errorOf(one.call(world.ada, key, stale));
      expect(error, name).toMatchObject({ code: "StaleVersion" });
      const done = one.call(world.ada, key, { expectedVersion, idempotencyKey });
      expect(await errorOf(done), name).toBeUndefined();
    });
  });

  it("make no link, rule or draft where there is none", async () => {
    const { ada, acme, db } = world;
    const options = { expectedVersion: 1 };
    const { id: campaignId } = await ada.ws.campaigns.create({ name: "C" });
    const { id: cohortId } = await ada.ws.cohorts.create({ name: "H" });
    const positioningId = await activePositioning(ada);
    for (const call of [
      () => ada.ws.cohorts.attach(campaignId, cohortId, { allocation: 5, ...options }),
      () => ada.ws.activity.setRule({ metric: "unheard_of", pointsEach: 1 }, options),
      () => ada.ws.messages.put(positioningId, { coreMessage: "m", pillars: [] }, options),
    ])
      await expect(call()).rejects.toMatchObject({ code: "NotFound" });
    const { rows } = await db.admin.query(
      `select from codex.campaign_cohorts where workspace_id = $1 and campaign_id = $2
       union all select from codex.activity_rules where workspace_id = $1 and metric = 'unheard_of'
       union all select from codex.message_architecture where workspace_id = $1 and positioning_id = $3`,
      [acme, campaignId, positioningId],
    );
    expect(rows).toHaveLength(0);
  });

  it("undo the batch and the transaction that they are part of", async () => {
    const { ws } = world.ada;
    const id = await caseOf("quests.move").make();
    const stale = { expectedVersion: 9 };
    const name = randomUUID();
    await expect(
      ws.batch((b) => [b.campaigns.create({ name }), b.quests.move(id, { parentId: null }, stale)]),
    ).rejects.toMatchObject({ code: "StaleVersion", currentVersion: 1 });
    await expect(
      ws.transaction(async (tx) => {
        await tx.campaigns.create({ name });
        await tx.quests.complete(id, {}, stale);
      }),
    ).rejects.toMatchObject({ code: "StaleVersion", currentVersion: 1 });
    const { items } = await ws.campaigns.list({ first: 200 });
    expect(items.filter((campaign) => campaign.name === name)).toEqual([]);
  });

  const callers = 8;
  it.each([
    "activity.setRule",
    "cohorts.attach",
    "cohorts.detach",
    "executions.cancel",
    "insights.publish",
    "messages.publish",
    "messages.put",
    "positioning.publish",
    "quests.complete",
    "quests.move",
    "signals.feeds.remove",
    "webhooks.disable",
    "webhooks.rotateSecret",
    "workspaces.members.remove",
  ])(`%s is done by one of ${callers} who saw the same version`, async (name) => {
    const one = caseOf(name);
    const key = await one.make();
    const expectedVersion = await versionOf(one, key);
    const all = Array.from({ length: callers }, () =>
      errorOf(one.call(world.ada, key, { expectedVersion })),
    );
    const refused = (await Promise.all(all)).filter((error) => error !== undefined);
    expect(refused).toHaveLength(callers - 1);
    const after = await rowOf(one, key);
    const isGone = after === undefined || name === "workspaces.members.remove";
    const expected = isGone
      ? { code: "NotFound" }
      : { code: "StaleVersion", currentVersion: after.version };
    for (const error of refused) expect(error).toMatchObject(expected);
  });

  it("meet each other and those that expect none without a deadlock", async () => {
    await using codex = open(world.db, { retriesMax: 0, max: callers });
    const ws = codex.workspace(world.acme, world.ada);
    const calls = await meetingCalls(ws, await newAgent(codex));
    const refusals: CodexError[] = [];
    const work = async (at: number): Promise<void> => {
      for (let step = 0; step < 30; step += 1) {
        const call = calls[(at + step * 7) % calls.length];
        const error = await errorOf(call?.() ?? Promise.resolve());
        if (error !== undefined) refusals.push(error);
      }
    };
    await Promise.all(Array.from({ length: callers }, (_, at) => work(at)));
    const expected = new Set(["StaleVersion", "Conflict", "IllegalTransition", "NotFound"]);
    expect(refusals.filter(({ code }) => !expected.has(code))).toEqual([]);
  });
});

/** Calls about the same few things, with a version and without. */
async function meetingCalls(ws: Workspace, agentId: string): Promise<(() => Promise<unknown>)[]> {
  const { id: campaignId } = await ws.campaigns.create({ name: "C" });
  const { id: cohortId } = await ws.cohorts.create({ name: "H" });
  await ws.cohorts.attach(campaignId, cohortId, { allocation: 1 });
  const whole = (await ws.quests.create(campaignId, { name: "W" })).id;
  const part = (await ws.quests.create(campaignId, { name: "P", parentId: whole })).id;
  const other = (await ws.quests.create(campaignId, { name: "O" })).id;
  const segment = randomUUID();
  await Promise.all([0, 1].map(async () => activePositioning({ userId: "", ws }, segment)));
  const [positioning] = await ws.positioning.history(segment);
  const draftOf = async (): Promise<string> =>
    (await ws.positioning.fork(positioning?.id ?? "")).id;
  const versionOf = async (id: string): Promise<{ expectedVersion: number }> => ({
    expectedVersion: (await ws.quests.get(id)).version,
  });
  const { id: assignmentId } = await ws.assignments.assign({ agentId, maxConcurrency: 20 });
  const share = Math.random;
  return [
    async () => ws.quests.move(part, { parentId: whole, after: null }, await versionOf(part)),
    async () => ws.quests.move(other, { parentId: null, after: null }, await versionOf(other)),
    () => ws.quests.move(whole, { parentId: null, after: other }),
    async () => ws.quests.complete(whole, { children: "cascade" }, await versionOf(whole)),
    () => ws.quests.complete(part),
    async () => ws.quests.report(part, { current: 4 }, await versionOf(part)),
    async () => ws.quests.update(other, { weight: 2 + Math.floor(share() * 9) }),
    async () => ws.positioning.publish(await draftOf(), { expectedVersion: 1 }),
    async () => ws.positioning.publish(await draftOf()),
    () => ws.cohorts.attach(campaignId, cohortId, { allocation: Math.ceil(share() * 50) }),
    () =>
      ws.cohorts.attach(campaignId, cohortId, {
        allocation: Math.ceil(share() * 50),
        expectedVersion: 1 + Math.floor(share() * 20),
      }),
    async () => {
      const { execution } = await ws.executions.start({ assignmentId });
      await ws.executions.cancel(execution.id, { expectedVersion: execution.version });
    },
  ];
}
