import { isCodexError } from "@codex/sdk";
import type { AgentCard, System } from "@codex/sdk";
import { agentCard } from "@codex/sdk/schemas";
import fc from "fast-check";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld, newAgent } from "./world.ts";
import type { World } from "./world.ts";

describe("agents", () => {
  let world: World;
  let system: System;
  beforeAll(async () => {
    world = await makeWorld();
    system = world.codex.system({ reason: "the registry" });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** A card as A2A 1.0 describes it, with everything that it can hold. */
  const fullCard = (name = randomUUID()): AgentCard => ({
    name,
    description: "Finds out what competitors charge.",
    version: "2.1.0",
    supportedInterfaces: [
      {
        url: "https://agents.example.org/a2a/v1",
        protocolBinding: "JSONRPC",
        protocolVersion: "1.0",
        tenant: "acme",
      },
    ],
    provider: { url: "https://example.org", organization: "Example" },
    documentationUrl: "https://example.org/docs",
    iconUrl: "https://example.org/icon.png",
    capabilities: {
      streaming: true,
      pushNotifications: false,
      extensions: [{ uri: "https://example.org/ext", required: true, params: { a: [1, null] } }],
    },
    securitySchemes: { key: { apiKeySecurityScheme: { location: "header", name: "x-key" } } },
    securityRequirements: [{ schemes: { key: { list: [] } } }],
    defaultInputModes: ["text/plain"],
    defaultOutputModes: ["application/json"],
    skills: [
      {
        id: "price-watch",
        name: "Price watch",
        description: "Watches prices.",
        tags: ["monitoring", "prices"],
        examples: ["What does Acme charge?"],
        inputModes: ["text/plain"],
        addedLater: { by: "a minor version" },
      },
      { id: "compare", name: "Compare", description: "Compares.", tags: [] },
    ],
    signatures: [{ protected: "e30", signature: "c2ln", header: { kid: "1" } }],
  });

  it("are registered, published, deprecated and retired, and seen once they are released", async () => {
    const { ws } = world.vic;
    const name = randomUUID();
    const draft = await system.agents.register({
      name,
      guild: "muse",
      tags: ["copy"],
      systemPrompt: "secret",
    });
    expect(draft).toMatchObject({ status: "draft", type: "creative", version: "1.0" });
    expect(JSON.stringify(draft)).not.toContain("secret");
    await expect(ws.agents.get(draft.id)).rejects.toMatchObject({ code: "NotFound" });
    await expect(ws.agents.card(draft.id)).rejects.toMatchObject({ code: "NotFound" });
    await system.agents.publish(draft.id);
    expect(await ws.agents.get(draft.id)).toMatchObject({ name, status: "active" });
    const refused = await system.agents.retire(draft.id).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "IllegalTransition", allowed: ["deprecated"] });
    const successor = await newAgent(world.codex);
    const old = await system.agents.deprecate(draft.id, { replacedBy: successor });
    expect(old).toMatchObject({ status: "deprecated", replacedById: successor });
    const again = await system.agents.publish(draft.id);
    expect(again).toMatchObject({ status: "active", replacedById: null, deprecatedAt: null });
    expect(await system.agents.deprecate(draft.id)).toMatchObject({ replacedById: null });
    expect(await system.agents.retire(draft.id)).toMatchObject({ status: "retired" });
    const calls: [() => Promise<unknown>, string][] = [
      [() => system.agents.register({ name, guild: "muse" }), "Conflict"],
      [() => system.agents.register({ name, version: "one", guild: "muse" }), "InvalidInput"],
      [() => system.agents.publish(randomUUID()), "NotFound"],
      [() => system.agents.publish(draft.id), "IllegalTransition"],
      [() => system.agents.deprecate(successor, { replacedBy: successor }), "InvalidInput"],
      [() => system.agents.deprecate(successor, { replacedBy: randomUUID() }), "InvalidReference"],
    ];
    for (const [call, code] of calls) await expect(call(), code).rejects.toMatchObject({ code });
    expect(await ws.agents.get(successor)).toMatchObject({ status: "active" });
  });

  it("say as drafts what they can do, and keep it once they are released", async () => {
    const { id } = await system.agents.register({ name: randomUUID(), guild: "matrix" });
    const watch = { name: "watch", category: "monitoring" } as const;
    await system.capabilities.set(id, [watch, { name: "sum_up", category: "analysis" }]);
    const inputSchema = { type: "object" };
    const set = await system.capabilities.set(id, [{ ...watch, inputSchema }]);
    expect(set).toMatchObject([{ name: "watch", inputSchema, isEnabled: true }]);
    await expect(system.capabilities.set(id, [watch, watch])).rejects.toMatchObject({
      code: "InvalidInput",
    });
    await system.agents.publish(id);
    await expect(system.capabilities.set(id, [])).rejects.toMatchObject({ code: "Conflict" });
    await expect(system.capabilities.set(randomUUID(), [])).rejects.toMatchObject({
      code: "NotFound",
    });
    expect(await world.vic.ws.capabilities.list({ agentId: id })).toEqual(set);
    await expect(world.vic.ws.capabilities.list({ agentId: randomUUID() })).rejects.toMatchObject({
      code: "NotFound",
    });
  });

  it("are listed by name, page by page, and by guild", async () => {
    const names = ["a", "b", "c"].map((letter) => `${letter} ${randomUUID()}`);
    for (const name of names) await newAgent(world.codex, name);
    const all = await Array.fromAsync(world.vic.ws.agents.list({ first: 2 }));
    const found = all.map(({ name }) => name).filter((name) => names.includes(name));
    expect(found).toEqual(names);
    expect(all.every(({ status }) => (status as string) !== "draft")).toBe(true);
    const guardians = await world.vic.ws.agents.list({ filter: { guild: "guardians" } });
    expect(guardians.items.every(({ guild }) => guild === "guardians")).toBe(true);
  });

  it("are found by what they achieved in this workspace, and not in another", async () => {
    const [steady, lucky, poor, fresh] = [
      await newAgent(world.codex),
      await newAgent(world.codex),
      await newAgent(world.codex),
      await newAgent(world.codex),
    ];
    const record = (agent: string, runs: number, successes: number): Promise<unknown> =>
      world.db.admin.query(
        `select codex.set_service_context('${world.acme}');
         select codex.add_performance('${world.acme}', '${agent}', null,
           case when n <= ${successes} then 'succeeded' else 'failed' end, 1000, 1, 1, 1)
         from generate_series(1, ${runs}) as n`,
      );
    await record(steady, 100, 95);
    await record(lucky, 1, 1);
    await record(poor, 10, 2);
    const ours = new Set([steady, lucky, poor, fresh]);
    const find = async (input = {}): Promise<string[]> =>
      (await world.vic.ws.agents.find({ limit: 100, ...input }))
        .map(({ agent }) => agent.id)
        .filter((id) => ours.has(id));
    // One lucky run says less than ninety-five good ones of a hundred.
    expect(await find()).toEqual([steady, lucky, poor, fresh]);
    expect(await find({ minSuccessRate: 0.9 })).toEqual([steady, lucky]);
    expect(await find({ minSuccessRate: 1 })).toEqual([lucky]);
    await record(fresh, 100, 7);
    expect(await find({ minSuccessRate: 0.07 })).toEqual([steady, lucky, poor, fresh]);
    const [first] = await world.vic.ws.agents.find({ limit: 1 });
    expect(first).toMatchObject({ runs: 100, successRate: 0.95, health: "offline" });
    expect(first?.score).toBeCloseTo(0.8882, 3);
    const theirs = await world.bob.ws.agents.find({ limit: 100 });
    expect(new Set(theirs.map(({ runs }) => runs))).toEqual(new Set([0]));
  });

  it("are found by capability, tags, words, and whether a worker is there", async () => {
    const word = randomUUID();
    const { id } = await system.agents.register({
      name: randomUUID(),
      guild: "research",
      purpose: `Does ${word} All Day`,
      tags: [word, "prices"],
    });
    await system.capabilities.set(id, [
      { name: `watch ${word}`, category: "monitoring" },
      { name: "other", category: "analysis" },
    ]);
    await system.agents.publish(id);
    const { ws } = world.cleo;
    const find = async (input: object): Promise<string[]> =>
      (await ws.agents.find(input)).map(({ agent }) => agent.id);
    expect(await find({ capability: `watch ${word}` })).toEqual([id]);
    expect(await find({ tags: [word, "prices"] })).toEqual([id]);
    expect(await find({ tags: [word, "none"] })).toEqual([]);
    expect(await find({ q: `${word} all` })).toEqual([id]);
    expect(await find({ q: word, online: true })).toEqual([]);
    const before = await world.db.admin.query("select * from codex.agent_registry where id = $1", [
      id,
    ]);
    const beat = await ws.agents.heartbeat(id, { instance: "w1", slots: 3 });
    expect(beat).toMatchObject({ running: [], cancel: [] });
    // The registry is not touched by a heartbeat.
    expect(
      (await world.db.admin.query("select * from codex.agent_registry where id = $1", [id])).rows,
    ).toEqual(before.rows);
    const [found] = await ws.agents.find({ q: word, online: true });
    expect(found).toMatchObject({ health: "online", matched: ["other", `watch ${word}`] });
    expect(await find({ q: word, online: false })).toEqual([]);
    expect(
      (await world.bob.ws.agents.find({ q: word, online: true })).map(({ agent }) => agent.id),
    ).toEqual([]);
    await expect(world.ann.ws.agents.heartbeat(id, { instance: "w" })).rejects.toMatchObject({
      code: "Forbidden",
    });
    await expect(ws.agents.heartbeat(randomUUID(), { instance: "w" })).rejects.toMatchObject({
      code: "NotFound",
    });
    await expect(ws.agents.heartbeat(id, { instance: "" })).rejects.toMatchObject({
      code: "InvalidInput",
    });
  });

  it("tell a worker what it holds and which of it to stop", async () => {
    const agentId = await newAgent(world.codex);
    const { id } = await world.sam.ws.assignments.assign({ agentId, maxConcurrency: 5 });
    const { ws } = world.cleo;
    for (let n = 0; n < 3; n += 1) await ws.executions.start({ assignmentId: id });
    await ws.agents.heartbeat(agentId, { instance: "w1", slots: 2 });
    const claimed = await ws.executions.claim({ agentId, max: 5, instance: "w1" });
    expect(claimed).toHaveLength(2);
    const ids = claimed.map(({ execution }) => execution.id);
    await ws.executions.cancel(ids[0] ?? "");
    const beat = await ws.agents.heartbeat(agentId, { instance: "w1", slots: 2 });
    expect([new Set(beat.running), beat.cancel]).toEqual([new Set(ids), [ids[0]]]);
  });

  it("come back from a card as they went in: import, then card", async () => {
    const card = fullCard();
    const { agent, capabilities } = await system.agents.importCard(card);
    expect(agent).toMatchObject({ name: card.name, version: "2.1.0", status: "draft" });
    expect(capabilities).toMatchObject([
      { name: "compare", category: "analysis" },
      { name: "price-watch", category: "monitoring" },
    ]);
    await system.agents.publish(agent.id);
    expect(await world.vic.ws.agents.card(agent.id)).toEqual(card);
    await expect(system.agents.importCard(card)).rejects.toMatchObject({ code: "Conflict" });
  });

  it("lose the signatures of a card that is no longer what was signed", async () => {
    const { signatures, ...card } = fullCard();
    const { agent } = await system.agents.importCard({ ...card, signatures });
    await system.capabilities.set(agent.id, [
      { name: "compare", category: "analysis", description: "Compares more." },
    ]);
    await system.agents.publish(agent.id);
    const given = await world.vic.ws.agents.card(agent.id);
    expect(given.signatures).toBeUndefined();
    expect(given.skills).toEqual([
      { id: "compare", name: "Compare", description: "Compares more.", tags: [] },
    ]);
  });

  it("come back as agents: card, then import under another version", async () => {
    const made = await system.agents.register({
      name: randomUUID(),
      guild: "guardians",
      code: `GRD-${randomUUID().slice(0, 8)}`,
      description: "Guards.",
      purpose: "To guard.",
      expertise: ["law"],
      traits: ["strict"],
      tags: ["safety"],
      tools: ["search"],
    });
    const capabilities = await system.capabilities.set(made.id, [
      {
        name: "check_claims",
        category: "analysis",
        description: "Checks claims.",
        inputSchema: { type: "object", required: ["text"] },
        requiresContext: true,
      },
    ]);
    await system.agents.publish(made.id);
    const card = await world.vic.ws.agents.card(made.id);
    expect(agentCard.parse(card)).toEqual(card);
    const back = await system.agents.importCard({ ...card, version: "2.0" });
    const { guild, type, code, description, purpose, expertise, traits, tags, tools } = made;
    expect(back.agent).toMatchObject({ guild, type, code, description, purpose });
    expect(back.agent).toMatchObject({ expertise, traits, tags, tools, version: "2.0" });
    expect(back.capabilities).toEqual([{ ...capabilities[0], agentId: back.agent.id }]);
    await system.agents.publish(back.agent.id);
    expect(await world.vic.ws.agents.card(back.agent.id)).toEqual({ ...card, version: "2.0" });
  });

  it("are not made of a bad card: every issue is told, and nothing is kept", async () => {
    const card = fullCard();
    const { supportedInterfaces, ...without } = card;
    const bad: [unknown, string][] = [
      [undefined, ""],
      ["{}", ""],
      // As it was before 1.0.
      [{ ...without, url: "https://example.org", protocolVersion: "0.3.0" }, "supportedInterfaces"],
      [{ ...card, name: "" }, "name"],
      [{ ...card, version: "1.0.0-beta" }, "version"],
      [{ ...card, skills: [...card.skills, ...card.skills] }, "skills"],
      [{ ...card, supportedInterfaces: [{ url: "nowhere" }] }, "supportedInterfaces.0.url"],
      [{ ...card, defaultInputModes: [] }, "defaultInputModes"],
      [{ ...card, securitySchemes: { key: {} } }, "securitySchemes.key"],
      [{ ...card, description: "x".repeat(30_000) }, "description"],
      [{ ...card, later: "x".repeat(300_000) }, ""],
      [
        {
          ...card,
          capabilities: { extensions: [{ uri: "urn:codex:agent:1", params: { agent: {} } }] },
        },
        "capabilities.extensions.0.params.agent.guild",
      ],
    ];
    for (const [json, path] of bad) {
      const error = await system.agents.importCard(json).catch((thrown: unknown) => thrown);
      if (!isCodexError(error, "InvalidInput")) throw new Error(`taken: ${path}`);
      expect(error.issues?.map((issue) => issue.path.join("."))).toContain(path);
    }
    const { rows } = await world.db.admin.query(
      "select id from codex.agent_registry where name = $1",
      [card.name],
    );
    expect(rows).toEqual([]);
  });

  it("take any card that the schema takes, and give it back: 30 made at random", async () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/u);
    const cards = fc.record({
      description: word,
      version: fc.constantFrom("1", "1.0", "10.2.3"),
      tags: fc.array(word, { maxLength: 3 }),
      skills: fc.uniqueArray(word, { maxLength: 4 }),
      streaming: fc.option(fc.boolean(), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(cards, async ({ description, version, tags, skills, streaming }) => {
        const { iconUrl, ...card } = fullCard();
        const sent = {
          ...card,
          description,
          version,
          capabilities: streaming === undefined ? {} : { streaming },
          skills: skills.map((id) => ({ id, name: id, description: id, tags })),
        };
        const { agent } = await system.agents.importCard(sent);
        await system.agents.publish(agent.id);
        expect(await world.vic.ws.agents.card(agent.id)).toEqual(sent);
      }),
      { numRuns: 30 },
    );
  });

  it("are written through system alone: no member has the methods, nor a client without service", () => {
    for (const name of ["register", "publish", "deprecate", "retire", "importCard"])
      expect(name in world.ada.ws.agents, name).toBe(false);
    expect("set" in world.ada.ws.capabilities).toBe(false);
  });

  it("are assigned once to a campaign and once to none, by a strategist", async () => {
    const agentId = await newAgent(world.codex);
    const { assignments } = world.sam.ws;
    const campaign = await world.cleo.ws.campaigns.create({ name: "C" });
    const general = await assignments.assign({ agentId, priority: "high", config: { a: [1] } });
    expect(general).toMatchObject({ campaignId: null, priority: "high", config: { a: [1] } });
    const special = await assignments.assign({ agentId, campaignId: campaign.id });
    const foreign = await world.bob.ws.campaigns.create({ name: "C" });
    const { id: draft } = await system.agents.register({ name: randomUUID(), guild: "muse" });
    const calls: [() => Promise<unknown>, string][] = [
      [() => assignments.assign({ agentId }), "Conflict"],
      [() => assignments.assign({ agentId, campaignId: campaign.id }), "Conflict"],
      [() => assignments.assign({ agentId: draft }), "Conflict"],
      [() => assignments.assign({ agentId: randomUUID() }), "InvalidReference"],
      [() => assignments.assign({ agentId, campaignId: foreign.id }), "InvalidReference"],
      [() => assignments.assign({ agentId, maxConcurrency: 1_001 }), "InvalidInput"],
      [() => world.cleo.ws.assignments.assign({ agentId }), "Forbidden"],
      [() => assignments.get(randomUUID()), "NotFound"],
      [() => world.bob.ws.assignments.get(general.id), "NotFound"],
      [() => assignments.pause(randomUUID()), "NotFound"],
      [() => assignments.resume(special.id).then(() => assignments.pause("x")), "InvalidInput"],
    ];
    for (const [call, code] of calls) await expect(call(), code).rejects.toMatchObject({ code });
    const list = async (filter: object): Promise<string[]> =>
      (await world.vic.ws.assignments.list({ filter: { agentId, ...filter } })).items.map(
        ({ id }) => id,
      );
    expect(await list({})).toEqual([special.id, general.id]);
    expect(await list({ campaignId: null })).toEqual([general.id]);
    expect(await list({ campaignId: campaign.id, status: "active" })).toEqual([special.id]);
    await assignments.end(general.id);
    // The place is free again.
    await assignments.assign({ agentId });
  });

  it("are measured over a window, in all or by agent, hour and day", async () => {
    const agentId = await newAgent(world.codex);
    const insert = (hour: string, ms: number[]): Promise<unknown> =>
      world.db.admin.query(
        `insert into codex.agent_performance (workspace_id, agent_id, hour, execution_count,
           success_count, failure_count, input_tokens_count, cost_micros, durations)
         select $1, $2, $3, count(*), count(*) - 1, 1, 10, 5, (
           select array_agg((select count(*) from unnest($4::bigint[]) d where codex.duration_bucket(d) = b) order by b)
           from generate_series(1, 97) as b)
         from unnest($4::bigint[])`,
        [world.acme, agentId, hour, ms],
      );
    const client = world.vic.ws.performance;
    await insert("2026-03-01T22:00:00Z", [100, 100]);
    await insert("2026-03-01T23:00:00Z", [100, 100, 10_000]);
    await insert("2026-03-02T00:00:00Z", [50]);
    const window = { from: new Date("2026-03-01T00:00:00Z"), to: new Date("2026-03-03T00:00:00Z") };
    const [all] = await client.summary({ agentId, window });
    expect(all).toMatchObject({ agentId: null, startsAt: null, runs: 6, successRate: 0.5 });
    expect(all).toMatchObject({ tokens: { input: 30, output: 0 }, costMicros: 15 });
    expect(Math.abs((all?.p50 ?? 0) / 100 - 1)).toBeLessThan(0.1);
    expect(Math.abs((all?.p99 ?? 0) / 10_000 - 1)).toBeLessThan(0.1);
    const days = await client.summary({ agentId, window, by: "day" });
    expect(days.map(({ startsAt, runs }) => [startsAt?.toISOString(), runs])).toEqual([
      ["2026-03-01T00:00:00.000Z", 5],
      ["2026-03-02T00:00:00.000Z", 1],
    ]);
    expect(await client.summary({ agentId, window, by: "hour" })).toHaveLength(3);
    expect(await client.summary({ agentId, window, by: "agent" })).toMatchObject([
      { agentId, runs: 6 },
    ]);
    expect(await world.bob.ws.performance.summary({ agentId, window })).toEqual([]);
    await expect(client.summary({ agentId: randomUUID(), window })).rejects.toMatchObject({
      code: "NotFound",
      entity: "agent",
    });
    for (const bad of [
      { from: window.to, to: window.from },
      { from: new Date("2020-01-01"), to: window.to },
      { from: new Date(Number.NaN) },
    ])
      await expect(client.summary({ window: bad })).rejects.toMatchObject({ code: "InvalidInput" });
  });
});
