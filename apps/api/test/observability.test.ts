import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { canMakeDatabases } from "@codex/testkit";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mutate, post, query } from "./support/http.ts";
import { makeThings } from "./support/examples.ts";
import { ApiProcess } from "./support/process.ts";
import { environmentFor, makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

describe.runIf(canMakeDatabases())("what operators see", () => {
  let world: ApiWorld;
  const exporter = new InMemorySpanExporter();
  beforeAll(async () => {
    // What a preload does: the server itself only asks for the API.
    const provider = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    trace.setGlobalTracerProvider(provider);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator({
      fields: () => ["traceparent"],
      extract: (into, carrier: Record<string, string>) => {
        const [, traceId = "", spanId = ""] = carrier["traceparent"]?.split("-") ?? [];
        if (traceId === "") return into;
        return trace.setSpanContext(into, { traceId, spanId, traceFlags: 1, isRemote: true });
      },
      inject: (from, carrier: Record<string, string>) => {
        const span = trace.getSpanContext(from);
        if (span !== undefined) carrier["traceparent"] = `00-${span.traceId}-${span.spanId}-01`;
      },
    });
    world = await makeApiWorld();
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    trace.disable();
    context.disable();
    propagation.disable();
  });

  it("is a span for each call of a batch, inside the caller's trace, and the statement inside it", async () => {
    const { server, acme } = world;
    const { id } = await acme.members.creator.ws.campaigns.create({ name: "Traced" });
    exporter.reset();
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const input = encodeURIComponent(JSON.stringify({ 0: { id }, 1: { campaignId: id } }));
    const response = await fetch(
      `${server.url}/trpc/campaigns.get,quests.tree?batch=1&input=${input}`,
      {
        headers: {
          authorization: `Bearer ${acme.keys.viewer}`,
          traceparent: `00-${traceId}-b7ad6b7169203331-01`,
        },
      },
    );
    expect(response.status).toBe(200);
    await expect.poll(() => exporter.getFinishedSpans().length).toBeGreaterThanOrEqual(5);
    const spans = exporter.getFinishedSpans();
    const named = (name: string) => spans.find((span) => span.name === name);
    const request = named("GET /trpc");
    expect(request?.parentSpanContext?.spanId).toBe("b7ad6b7169203331");
    for (const name of ["campaigns.get", "quests.tree"]) {
      const call = named(name);
      expect(call?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
      const statement = spans.find(
        (span) => span.parentSpanContext?.spanId === call?.spanContext().spanId,
      );
      expect(statement?.name).toContain(name);
    }
    expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]));
    expect(response.headers.get("traceparent")).toBe(
      `00-${traceId}-${request?.spanContext().spanId}-01`,
    );
  });

  it("counts each call by procedure and code, under names that the router has and no other", async () => {
    const { server, acme } = world;
    const token = acme.keys.viewer;
    await query(server.url, "cohorts.list", {}, { token });
    await query(server.url, "cohorts.get", { id: randomUUID() }, { token });
    await query(server.url, `made.up.${randomUUID()}`, {}, { token });
    const metrics = await (await fetch(`${server.adminUrl}/metrics`)).text();
    expect(metrics).toContain(
      'codex_api_call_duration_seconds_count{procedure="cohorts.list",type="query",code="ok"} 1',
    );
    expect(metrics).toContain(
      'codex_api_call_duration_seconds_count{procedure="cohorts.get",type="query",code="NotFound"} 1',
    );
    expect(metrics).not.toContain("made.up");
    for (const name of [
      "pool_open",
      "pool_idle",
      "pool_waiting",
      "streams",
      "hub_lag_seconds",
      "in_flight",
    ])
      expect(metrics).toMatch(new RegExp(`^codex_api_${name} [\\d.]+$`, "mu"));
  });

  it("writes a line for each call that tRPC refuses, and one only for what a procedure has told of", async () => {
    const { acme, db, issuer } = world;
    await using api = await ApiProcess.start(environmentFor(db, issuer, { LOG_LEVEL: "info" }));
    const token = acme.keys.viewer;
    const asked: readonly (readonly [path: string, lines: readonly string[]])[] = [
      ["campaigns.nothing", ["refused NotFound"]],
      ["campaigns.create", ["refused InvalidInput"]],
      ["campaigns.list?connectionParams={", ["refused InvalidInput"]],
      ["campaigns.list,campaigns.nothing?batch=1", ["refused NotFound", "call ok"]],
      ["campaigns.get?batch=1", ["call InvalidInput"]],
      ["campaigns.get", ["call InvalidInput"]],
    ];
    for (const [index, [path]] of asked.entries())
      await query(api.url, path, undefined, { token, headers: { "x-request-id": `${index}` } });
    const metrics = await (await fetch(`${api.adminUrl}/metrics`)).text();
    expect(metrics).toContain('codex_api_refused_total{reason="NotFound"} 2');
    await api.stop();
    const lines = api.said
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const found = asked.map(([path], index) => [
      path,
      lines
        .filter((line) => line["requestId"] === `${index}`)
        .map(({ msg, code }) => `${String(msg)} ${String(code)}`),
    ]);
    expect(found).toEqual(asked);
  });

  it("writes a line for each call, and neither a secret nor a word of a row in any", async () => {
    const { acme, codex, db, issuer } = world;
    const things = await makeThings(codex, acme);
    await using api = await ApiProcess.start(environmentFor(db, issuer, { LOG_LEVEL: "trace" }));
    const token = acme.keys.owner;
    await query(api.url, "campaigns.get", { id: things.campaign }, { token });
    await mutate(api.url, "campaigns.create", { name: things.canary }, { token });
    await mutate(
      api.url,
      "campaigns.create",
      { name: things.canary, objective: things.canary },
      { token },
    );
    await mutate(
      api.url,
      "quests.create",
      { campaignId: randomUUID(), name: things.canary },
      { token },
    );
    await post(
      `${api.url}/v1/campaigns.update`,
      { id: things.campaign, change: { name: things.canary } },
      { token },
    );
    await query(
      api.url,
      "campaigns.get",
      { id: things.campaign },
      { token: `${token.slice(0, -1)}x` },
    );
    const { ticket } = (await mutate(api.url, "events.ticket", undefined, { token })).json.result
      .data;
    const stream = await fetch(`${api.url}/v1/events.subscribe?ticket=${ticket}`);
    await stream.body?.cancel();
    await api.stop();
    const lines = api.said
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const calls = lines.filter(({ msg }) => msg === "call");
    expect(calls.length).toBeGreaterThanOrEqual(6);
    expect(calls[0]).toMatchObject({
      path: "campaigns.get",
      code: "ok",
      ms: expect.any(Number),
      requestId: expect.any(String),
      workspaceId: acme.id,
    });
    expect(api.said).not.toContain(things.canary);
    expect(api.said).not.toContain(token.slice(10));
    expect(api.said).not.toContain(ticket as string);
    expect(api.said).not.toMatch(/password|Bearer/iu);
  });
});
