import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Validator } from "@seriousme/openapi-schema-validator";
import { initTRPC } from "@trpc/server";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { breakingChanges } from "../src/contract/compare.ts";
import { contractOf } from "../src/contract/contract.ts";
import type { Contract } from "../src/contract/contract.ts";
import { appRouter } from "../src/root.ts";
import { post } from "./support/http.ts";
import { makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

const contract = contractOf(appRouter);

describe("the contract", () => {
  it("is the one in git", async () => {
    const file = new URL("../contract.json", import.meta.url);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(contract)));
  });

  it("does not let a procedure be without a declaration", () => {
    const t = initTRPC.create();
    const router = t.router({
      open: t.procedure.query(() => 1),
      also: t.procedure.mutation(() => 2),
    });
    expect(() => contractOf(router)).toThrow("these do not: also, open");
  });

  it("names a shape for what comes up again, and repeats it nowhere", () => {
    const get = contract.procedures.find(({ name }) => name === "campaigns.get");
    expect(get?.output).toEqual({ $ref: "#/shapes/Campaign" });
    expect(contract.shapes["CampaignNode"]?.properties?.["children"]).toEqual({
      type: "array",
      items: { $ref: "#/shapes/CampaignNode" },
    });
  });

  const changed = (change: (copy: Contract) => void): string[] => {
    const copy = structuredClone(contract);
    change(copy);
    return breakingChanges(contract, copy);
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- a copy that is broken on purpose
  const find = (copy: Contract, name: string): any =>
    copy.procedures.find((procedure) => procedure.name === name);

  // oxlint-disable-next-line typescript/no-explicit-any -- a copy that is broken on purpose
  const shape = (copy: Contract, name: string): any => copy.shapes[name];

  it.each<[string, (copy: Contract) => void, RegExp]>([
    [
      "a procedure goes",
      (copy) => {
        (copy.procedures as unknown[]).shift();
      },
      /is gone/,
    ],
    [
      "a query becomes a mutation",
      (copy) => {
        find(copy, "campaigns.get").type = "mutation";
      },
      /is a mutation by now/,
    ],
    [
      "a role rises",
      (copy) => {
        find(copy, "campaigns.get").role = "owner";
      },
      /needs the role owner/,
    ],
    [
      "a scope changes",
      (copy) => {
        find(copy, "campaigns.get").scope = "x:read";
      },
      /another scope/,
    ],
    [
      "another kind of caller",
      (copy) => {
        find(copy, "campaigns.get").auth = "person";
      },
      /another kind of caller/,
    ],
    [
      "a field of the answer goes",
      (copy) => {
        delete shape(copy, "Campaign").properties.name;
      },
      /no longer has name/,
    ],
    [
      "a field of the answer may be missing",
      (copy) => {
        shape(copy, "Campaign").required = [];
      },
      /may lack/,
    ],
    [
      "a field of the answer changes its type",
      (copy) => {
        shape(copy, "Campaign").properties.version = { type: "string" };
      },
      /is string by now/,
    ],
    [
      "the answer may be more",
      (copy) => {
        shape(copy, "Campaign").properties.status.enum.push("lost");
      },
      /may be lost by now/,
    ],
    [
      "a field of a nested answer goes",
      (copy) => {
        delete shape(copy, "Money").properties.currency;
      },
      /no longer has .*currency/,
    ],
    [
      "an input is needed",
      (copy) => {
        find(copy, "campaigns.create").input.required.push("objective");
      },
      /needs objective/,
    ],
    [
      "an input goes",
      (copy) => {
        delete find(copy, "campaigns.create").input.properties.objective;
      },
      /no longer has objective/,
    ],
    [
      "an input takes less",
      (copy) => {
        find(copy, "campaigns.create").input.properties.objective.enum.pop();
      },
      /no longer takes advocacy/,
    ],
    [
      "an input gets shorter",
      (copy) => {
        find(copy, "campaigns.create").input.properties.name.maxLength = 10;
      },
      /tighter maxLength/,
    ],
    [
      "an input changes its type",
      (copy) => {
        find(copy, "campaigns.create").input.properties.name = { type: "integer" };
      },
      /is integer by now/,
    ],
  ])("is broken when %s", (_, change, sentence) => {
    expect(changed(change).join("; ")).toMatch(sentence);
  });

  it.each<[string, (copy: Contract) => void]>([
    ["nothing", () => {}],
    [
      "a procedure is added",
      (copy) => {
        (copy.procedures as unknown[]).push({ ...find(copy, "campaigns.get"), name: "new.get" });
      },
    ],
    [
      "a field of the answer is added",
      (copy) => {
        shape(copy, "Campaign").properties.extra = { type: "string" };
      },
    ],
    [
      "an input may be left out",
      (copy) => {
        find(copy, "campaigns.create").input.required = [];
      },
    ],
    [
      "an optional input is added",
      (copy) => {
        find(copy, "campaigns.create").input.properties.extra = { type: "string" };
      },
    ],
    [
      "a role falls",
      (copy) => {
        find(copy, "campaigns.create").role = "viewer";
      },
    ],
    [
      "a sentence changes",
      (copy) => {
        find(copy, "campaigns.create").doc = "x";
      },
    ],
  ])("is whole when %s", (_, change) => {
    expect(changed(change)).toEqual([]);
  });
});

describe("the contract as others read it", () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await makeApiWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("is OpenAPI 3.1: every reference is there, and every procedure", async () => {
    const text = await (await fetch(`${world.server.url}/openapi.json`)).text();
    const api = JSON.parse(text) as {
      openapi: string;
      paths: Record<string, unknown>;
      components: Record<string, Record<string, unknown>>;
    };
    expect(api.openapi).toBe("3.1.0");
    expect(await new Validator().validate(JSON.parse(text))).toMatchObject({ valid: true });
    expect(Object.keys(api.paths).toSorted()).toEqual(
      contract.procedures.map(({ name }) => `/v1/${name}`).toSorted(),
    );
    for (const [, kind = "", name = ""] of text.matchAll(/"#\/components\/(\w+)\/([\w-]+)"/gu))
      expect(api.components[kind]?.[name], `${kind} ${name}`).toBeDefined();
    expect(text).not.toContain("#/shapes/");
  });

  it("names in OpenAPI what each stream takes, and refuses nothing of it", async () => {
    const { server, acme } = world;
    const api = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
      paths: Record<
        string,
        { get: { parameters: { name: string; in: string; required?: boolean }[] } }
      >;
    };
    const values: Record<string, string> = { after: "0", types: "campaign.created", id: acme.id };
    for (const { name, type, input } of contract.procedures) {
      if (type !== "subscription") continue;
      const asked =
        api.paths[`/v1/${name}`]?.get.parameters.filter((one) => one.in === "query") ?? [];
      expect(asked.filter(({ required }) => required === true).map((one) => one.name)).toEqual(
        input.required ?? [],
      );
      const search = new URLSearchParams(
        asked
          .filter((one) => one.name !== "ticket")
          .map((one): [string, string] => [one.name, values[one.name] ?? ""]),
      );
      const leave = new AbortController();
      const answer = await fetch(`${server.url}/v1/${name}?${search.toString()}`, {
        headers: { authorization: `Bearer ${acme.keys.viewer}` },
        signal: leave.signal,
      });
      const { value } = (await answer.body?.getReader().read()) ?? {};
      leave.abort();
      expect([name, Buffer.from(value ?? []).toString()]).toEqual([
        name,
        expect.stringMatching(/^event: connected|"code":"NotFound"/u),
      ]);
    }
  });

  it("answers HTTP and JSON with the same, and refuses with the same codes", async () => {
    const { server, acme } = world;
    const token = acme.keys.creator;
    const made = await post(`${server.url}/v1/campaigns.create`, { name: "Plain" }, { token });
    expect(made.json).toMatchObject({ name: "Plain", budget: { amountMinor: "0" } });
    const missing = await post(`${server.url}/v1/campaigns.get`, { id: acme.id }, { token });
    expect(missing.headers.get("content-type")).toBe("application/problem+json");
    expect(missing.json).toMatchObject({
      type: "urn:codex:error:NotFound",
      title: "NotFound",
      status: 404,
      code: "NotFound",
      retryable: false,
      details: { entity: "campaign" },
    });
    const edge = await post(
      `${server.url}/v1/campaigns.transition`,
      { id: made.json.id, to: "archived" },
      { token },
    );
    expect(edge.json).toMatchObject({
      code: "IllegalTransition",
      details: { from: "draft", to: "archived", allowed: expect.arrayContaining(["planning"]) },
    });
    const stale = await post(
      `${server.url}/v1/campaigns.update`,
      { id: made.json.id, change: { name: "x" }, expectedVersion: 9 },
      { token },
    );
    expect([stale.status, stale.json.details]).toEqual([
      412,
      { entity: "campaign", currentVersion: 1 },
    ]);
  });

  it("is tools to a client of the Model Context Protocol, with the same rights", async () => {
    const { server, acme } = world;
    const connect = async (key: string): Promise<Client> => {
      const client = new Client({ name: "test", version: "1" });
      const requestInit = { headers: { authorization: `Bearer ${key}` } };
      await client.connect(
        new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit }),
      );
      return client;
    };
    const creator = await connect(acme.keys.creator);
    // A key that is none is told so at the beginning.
    const madeUp = acme.keys.creator.replace(/[\w-]{43}$/u, "a".repeat(43));
    await expect(connect(madeUp)).rejects.toThrow("unknown, revoked or expired");
    const { tools } = await creator.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual(
      contract.procedures
        .filter(({ type }) => type !== "subscription")
        .map(({ name }) => name.replaceAll(".", "_"))
        .toSorted(),
    );
    const made = await creator.callTool({
      name: "campaigns_create",
      arguments: { name: "By tool" },
    });
    expect(made.structuredContent).toMatchObject({ name: "By tool", status: "draft" });
    const listed = await creator.callTool({
      name: "quests_tree",
      arguments: { campaignId: (made.structuredContent as { id: string }).id },
    });
    expect(listed.structuredContent).toEqual({ result: [] });
    const tree = await creator.callTool({
      name: "campaigns_tree",
      arguments: { id: (made.structuredContent as { id: string }).id },
    });
    expect(tree.structuredContent).toMatchObject({ name: "By tool", children: [] });
    const bad = await creator.callTool({ name: "campaigns_create", arguments: { name: "" } });
    expect([bad.isError, JSON.stringify(bad.content)]).toEqual([
      true,
      expect.stringContaining("InvalidInput"),
    ]);
    const viewer = await connect(acme.keys.viewer);
    const refused = await viewer.callTool({ name: "campaigns_create", arguments: { name: "x" } });
    expect([refused.isError, JSON.stringify(refused.content)]).toEqual([
      true,
      expect.stringContaining("Forbidden"),
    ]);
    await expect((await connect(acme.keys.viewer)).callTool({ name: "nothing" })).rejects.toThrow(
      "no such tool",
    );
    const out = await connect("cdx_nobody").catch((error: unknown) => error);
    if (out instanceof Client) await expect(out.listTools()).rejects.toThrow(/401|Unauth|revoked/u);
  });

  it.each([
    [[{ jsonrpc: "2.0", id: 1, method: "ping" }], 400],
    [{ id: 1, method: "ping" }, 400],
    [{ jsonrpc: "2.0", id: 1 }, 400],
    [{ jsonrpc: "2.0", id: null, method: "ping" }, 400],
    [{ jsonrpc: "2.0", id: {}, method: "ping" }, 400],
    [{ jsonrpc: "2.0", method: "tools/call", params: { name: "campaigns_list" } }, 400],
    [null, 400],
    [{ jsonrpc: "2.0", method: "notifications/initialized" }, 202],
    [{ jsonrpc: "2.0", id: 1, method: "ping" }, 200],
    [{ jsonrpc: "2.0", id: 1, method: "nothing" }, 200],
  ])("answers the message %j with %i, and signed out with 401", async (message, status) => {
    const { server, acme } = world;
    const token = acme.keys.viewer;
    expect((await post(`${server.url}/mcp`, message, { token })).status).toBe(status);
    expect((await post(`${server.url}/mcp`, message)).status).toBe(401);
  });

  it("keeps to the transport of the protocol: POST, versions that both know, pages of known origins", async () => {
    const { server, acme } = world;
    const ping = { jsonrpc: "2.0", id: 7, method: "ping" };
    const send = (headers: Record<string, string>) =>
      post(`${server.url}/mcp`, ping, { token: acme.keys.viewer, headers });
    expect((await send({ "mcp-protocol-version": "2025-06-18" })).status).toBe(200);
    expect((await send({ "mcp-protocol-version": "2024-11-05" })).status).toBe(400);
    expect((await send({ origin: "https://evil.example" })).status).toBe(403);
    const get = await fetch(`${server.url}/mcp`);
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
    const unknown = {
      jsonrpc: "2.0",
      id: 7,
      method: "tools/call",
      params: { name: "campaigns_list" },
    };
    const refused = await post(`${server.url}/mcp`, unknown, { token: "cdx_x" });
    expect([refused.status, refused.json.error.data.code]).toEqual([401, "Unauthenticated"]);
  });
});
