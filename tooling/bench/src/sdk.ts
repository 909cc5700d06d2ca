import { createCodex } from "@codex/sdk";
import { countRoundTrips } from "@codex/sdk/testing";
import { startPgBouncer, startProxy } from "@codex/testkit";
import pg from "pg";
import type { Data } from "./data.ts";
import { interleave } from "./measure.ts";
import type { Samples } from "./measure.ts";
import { pageBuffers } from "./pages.ts";
import { generatePrisma } from "./prisma.ts";
import { keyReads } from "./reads.ts";
import type { Opened } from "./reads.ts";
import { compare } from "./report.ts";
import type { BenchRow } from "./report.ts";
import { copyTables } from "./same-rows.ts";
import type { Bench } from "./section.ts";
import { inserts } from "./writes.ts";

/** The SDK against whatever else keeps workspaces apart, and against bare pg. */
export async function sdkRows({ server, data, quick, say }: Bench): Promise<BenchRow[]> {
  await generatePrisma();
  const rounds = quick ? 7 : 25;
  const url = data.database.url("codex_api");
  const rows: BenchRow[] = [];
  const measure = async (parts: Measured): Promise<void> => {
    say(parts.name);
    rows.push(await measureRow({ ...parts, rounds }));
  };
  await measure({
    name: "scoped read by key, one client",
    of: "p50",
    variants: await keyReads(data, url, 1),
    clients: 1,
    bars: { "bare pg": "at most 1.5 ×" },
  });
  await measure({
    name: "scoped read by key, 16 clients",
    of: "throughput",
    variants: await keyReads(data, url, 16),
    clients: 16,
    bars: {
      "bare pg": "at least 0.6 ×",
      "Kysely transaction": "at least 2.5 ×",
      "Drizzle transaction": "at least 3 ×",
      "Prisma RLS extension": "at least 7 ×",
    },
  });
  await throughPooler(server, data, measure);
  await copyTables(data, ["campaigns", "outbox_events"]);
  await measure({
    name: "scoped insert with its event, one client",
    of: "p50",
    variants: inserts(data, url, 1),
    clients: 1,
    bars: { "bare pg": "at most 1.6 ×" },
  });
  rows.push(...(await roundTrips(data)));
  say("page of 20 as the number of workspaces grows");
  rows.push(await pageBuffers(server, quick ? [100, 1_000] : [1_000, 10_000, 100_000]));
  return rows;
}

interface Measured {
  readonly name: string;
  readonly of: "p50" | "throughput";
  readonly variants: Opened[];
  readonly clients: number;
  readonly bars: Readonly<Record<string, string>>;
}

/** Measures the variants in turns and compares the first, codex, with the others. */
export async function measureRow({
  name,
  of,
  variants,
  clients,
  bars,
  rounds,
}: Measured & { rounds: number }): Promise<BenchRow> {
  const samples = await interleave(variants, { rounds, sliceMs: 130, clients });
  await Promise.all(variants.map((variant) => variant.close()));
  const valuesOf = (peer: string): number[] => (samples.get(peer) as Samples)[of];
  const ours = valuesOf("codex");
  const peers = variants.map((variant) => variant.name).filter((peer) => peer !== "codex");
  return compare({
    name,
    unit: of === "p50" ? "ms" : "calls/s",
    codex: ours,
    peers: Object.fromEntries(peers.map((peer) => [peer, valuesOf(peer)])),
    bars,
  });
}

/** 1 ms away, through a pooler with four server connections: where every saved turn shows. */
async function throughPooler(
  server: Parameters<typeof startPgBouncer>[0],
  data: Data,
  measure: (parts: Measured) => Promise<void>,
): Promise<void> {
  await using bouncer = await startPgBouncer(server, { users: ["codex_api"], poolSize: 4 });
  const direct = new URL(bouncer.url(data.database.name));
  await using far = await startProxy({ port: Number(direct.port), delayMs: 0.5 });
  direct.port = String(far.port);
  // The word tells the peers that names of prepared statements do not hold here.
  direct.searchParams.set("application_name", "pgbouncer");
  await measure({
    name: "scoped read by key, 16 clients, PgBouncer at 1 ms",
    of: "throughput",
    variants: await keyReads(data, direct.href, 16),
    clients: 16,
    bars: {
      "Kysely transaction": "at least 3.5 ×",
      "Drizzle transaction": "at least 3.5 ×",
    },
  });
}

/** Turnarounds on the wire, counted for one call each. */
async function roundTrips(data: Data): Promise<BenchRow[]> {
  const trips = countRoundTrips();
  const pool = new pg.Pool({
    connectionString: data.database.url("codex_api"),
    max: 1,
    stream: trips.stream,
  });
  const codex = createCodex({ pool });
  const { workspaceId, userId } = data.workspace(1);
  const ws = codex.workspace(workspaceId, { userId });
  await ws.campaigns.list();
  const count = async (name: string, call: () => Promise<unknown>): Promise<BenchRow> => {
    trips.reset();
    await call();
    const counted = trips.count;
    return {
      name: `round trips: ${name}`,
      unit: "round trips",
      codex: counted,
      against: {},
      ratio: 1,
      ratios: [],
      n: 1,
    };
  };
  const rows = [
    await count("read", () => ws.campaigns.get(data.campaign(1, 1))),
    await count("write", () => ws.campaigns.create({ name: "x" })),
    await count("write with an idempotency key", () =>
      ws.campaigns.create({ name: "x" }, { idempotencyKey: `bench ${Date.now()}` }),
    ),
  ];
  await pool.end();
  return rows;
}
