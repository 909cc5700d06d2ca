import { metrics, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTelemetry } from "../src/telemetry.ts";
import { makeWorld } from "./world.ts";
import type { World } from "./world.ts";

describe("telemetry", () => {
  const spans = new InMemorySpanExporter();
  const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: measured });
  let world: World;
  beforeAll(async () => {
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
    );
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
    world = await makeWorld();
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await reader.shutdown();
  });

  it("has a span for each call by the stable conventions, without values", async () => {
    spans.reset();
    const secret = `secret ${randomUUID()}`;
    await world.cleo.ws.campaigns.create({ name: secret });
    await world.cleo.ws.campaigns.get(randomUUID()).catch(() => {});
    await world.vic.ws.campaigns.create({ name: secret }).catch(() => {});
    const [made, missing, denied] = spans.getFinishedSpans();
    expect(made?.name).toBe("campaigns.create campaigns");
    expect(made?.attributes).toMatchObject({
      "db.system.name": "postgresql",
      "db.collection.name": "campaigns",
      "db.operation.name": "campaigns.create",
      "server.port": expect.any(Number),
    });
    expect(missing?.attributes).toMatchObject({ "error.type": "NotFound" });
    expect(denied?.attributes).toMatchObject({
      "error.type": "Forbidden",
      "db.response.status_code": "42501",
    });
    const told = JSON.stringify(
      spans.getFinishedSpans().map((span) => [span.name, span.attributes]),
    );
    expect(told).not.toContain(secret);
    expect(told).not.toContain(world.acme);
  });

  it("measures each call in seconds", async () => {
    await reader.forceFlush();
    const found = measured
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .find(({ descriptor }) => descriptor.name === "db.client.operation.duration");
    expect(found?.descriptor.unit).toBe("s");
    expect(found?.dataPoints.length).toBeGreaterThan(0);
  });

  it("begins when somebody sets it up, who may come later than the client", async () => {
    trace.disable();
    metrics.disable();
    const telemetry = startTelemetry({ host: "here", port: 1, database: "db" });
    const operation = { name: "quests.get", table: "quests" };
    spans.reset();
    expect(await telemetry.record(operation, 1, async () => "unheard")).toBe("unheard");
    expect(spans.getFinishedSpans()).toEqual([]);
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
    );
    expect(await telemetry.record(operation, 1, async () => "heard")).toBe("heard");
    expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(["quests.get quests"]);
  });
});
