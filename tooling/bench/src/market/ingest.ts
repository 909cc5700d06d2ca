import { createCodex } from "@codex/sdk";
import type { IngestInput, Workspace } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import postgres from "postgres";
import type { Sql } from "postgres";
import { analyze } from "../data.ts";
import { interleave } from "../measure.ts";
import type { Variant } from "../measure.ts";
import { compare } from "../report.ts";
import type { BenchRow } from "../report.ts";
import type { Bench } from "../section.ts";

/** Ingest of new signals in batches against COPY of the same into a table without tenants, rules and events. */
export async function ingestRows(
  { data, quick, say }: Bench,
  batch: number = 1_000,
): Promise<BenchRow[]> {
  say(`ingest of signals, batches of ${batch}`);
  const { workspaceId, userId } = data.workspace(4);
  const url = data.database.url("codex_api");
  await data.database.admin.query(`
    create table if not exists bare.signals
      (like codex.intelligence_signals including defaults including generated);
    grant all on bare.signals to codex_app`);
  const codex = createCodex({ connectionString: url, max: 1 });
  const sql = postgres(url, { max: 1 });
  const variants = [
    ingests(codex.workspace(workspaceId, { userId }), batch),
    copies(sql, { workspaceId, userId }, batch),
  ];
  await variants[0]?.run();
  await analyze(data.database, ["codex.intelligence_signals"]);
  const plan = { rounds: quick ? 5 : 25, sliceMs: quick ? 300 : 1_000, clients: 1 };
  const samples = await interleave(variants, plan);
  const row = compare({
    name: `ingest of signals, batches of ${batch.toLocaleString("en")}`,
    unit: "batches a second",
    codex: samples.get("codex")?.throughput ?? [],
    peers: { "bare COPY": samples.get("bare COPY")?.throughput ?? [] },
    bars: { "bare COPY": "at least 0.2 ×" },
  });
  await sql.end();
  await codex.close();
  return [row];
}

const words = "price launch browser market team growth partner region quarter release".split(" ");
let made = 0;

/** Text as feeds have it: few words are new. */
function observations(count: number): (IngestInput & { url: string; body: string })[] {
  return Array.from({ length: count }, () => {
    made += 1;
    const word = (step: number): string => words[Math.floor(made / step) % words.length] ?? "";
    const text = `The ${word(1)} and the ${word(10)} of a ${word(100)}, after the ${word(1_000)}`;
    return {
      kind: "market",
      source: "bench",
      title: text,
      body: `${text}: what was seen in a sentence or two, number ${made}`,
      url: `https://example.org/news/${randomUUID()}`,
    };
  });
}

function ingests(ws: Workspace, batch: number): Variant {
  return {
    name: "codex",
    run: async () => {
      const outcomes = await ws.signals.ingestMany(observations(batch));
      if (!outcomes.every((one) => one.ok && one.value.outcome === "created"))
        throw new Error("a signal was not created");
    },
  };
}

function copies(
  sql: Sql,
  { workspaceId, userId }: { workspaceId: string; userId: string },
  batch: number,
): Variant {
  return {
    name: "bare COPY",
    run: async () => {
      const lines = observations(batch).map(({ source, title, body, url }) =>
        [workspaceId, url, "market", "market_trend", source, url, title, body, userId].join("\t"),
      );
      const into = await sql`
        copy bare.signals (workspace_id, fingerprint, source_type, category, data_source, source_url,
          title, description, created_by) from stdin`.writable();
      await pipeline(Readable.from([`${lines.join("\n")}\n`]), into);
    },
  };
}
