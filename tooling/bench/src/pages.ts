import { createCodex } from "@codex/sdk";
import type { PostgresHost } from "@codex/testkit";
import pg from "pg";
import { barOf } from "./bar.ts";
import { makeData } from "./data.ts";
import type { BenchRow } from "./report.ts";

const calls = 300;
const campaigns = 25;

/** Pages of memory that one page of a list costs, as the number of workspaces grows. */
export async function pageBuffers(
  server: PostgresHost,
  workspaces: readonly number[],
): Promise<BenchRow> {
  const buffers: [string, number][] = [];
  for (const count of workspaces)
    buffers.push([`${count.toLocaleString("en")} workspaces`, await buffersOf(server, count)]);
  const [smallest, ...larger] = buffers;
  const last = larger.at(-1) ?? smallest;
  const largest = last?.[1] ?? Number.NaN;
  return {
    name: `page of 20, newest first, at ${last?.[0] ?? ""}`,
    unit: "buffers a call",
    codex: largest,
    against: Object.fromEntries(buffers.slice(0, -1)),
    ratio: largest / (smallest?.[1] ?? Number.NaN),
    ratios: buffers.slice(0, -1).map(([peer, value]) => ({
      peer,
      ratio: largest / value,
      low: largest / value,
      high: largest / value,
      bar: barOf("within 10 %", largest / value),
    })),
    n: calls,
  };
}

async function buffersOf(server: PostgresHost, workspaces: number): Promise<number> {
  await using data = await makeData(server, { workspaces, campaigns });
  const pool = new pg.Pool({ connectionString: data.database.url("codex_api"), max: 1 });
  const codex = createCodex({ pool });
  const list = async (): Promise<void> => {
    const n = 1 + Math.floor(Math.random() * workspaces);
    const { workspaceId, userId } = data.workspace(n);
    const page = await codex.workspace(workspaceId, { userId }).campaigns.list({ first: 20 });
    if (page.items.length !== 20) throw new Error("no page");
  };
  for (let call = 0; call < 20; call += 1) await list();
  const before = await blocks(pool, data.database.admin);
  for (let call = 0; call < calls; call += 1) await list();
  const after = await blocks(pool, data.database.admin);
  await pool.end();
  return (after - before) / calls;
}

/** Blocks of the campaigns and their indexes that were looked at so far. */
async function blocks(pool: pg.Pool, admin: pg.Pool): Promise<number> {
  // The backend that did the work tells its counts at its next idle moment.
  await pool.query("select pg_stat_force_next_flush()");
  await pool.query("select 1");
  const { rows } = await admin.query<{ n: string }>(
    `select heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read as n
     from pg_statio_user_tables where schemaname = 'codex' and relname = 'campaigns'`,
  );
  return Number(rows[0]?.n);
}
