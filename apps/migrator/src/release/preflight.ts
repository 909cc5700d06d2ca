import { statfs } from "node:fs/promises";
import type pg from "pg";
import type { Context } from "../commands/context.ts";
import { exitCode, Failure } from "../failure.ts";
import { connect } from "../runner/session.ts";
import { passedLimits, takeSample } from "../watch/sample.ts";
import { requireSight } from "../watch/watch.ts";
import { requirePrimary } from "./primary.ts";

/** Fails (9) when the server is in no state to be changed, with every reason. */
export async function preflight(context: Context): Promise<void> {
  const client = await connect(context.target);
  try {
    await requirePrimary(client);
    await requireSight(client);
    const reasons = [
      ...passedLimits(await takeSample(client, context.settings), context.settings),
      ...(await fullDisk(context, client)),
      ...(await readOnly(client)),
    ];
    for (const message of reasons) {
      context.output.finding({ level: "error", rule: "preflight", message });
    }
    if (reasons.length === 0) return;
    throw new Failure(`The server is in no state for a release: ${reasons.join("; ")}.`, {
      code: exitCode.unhealthy,
    });
  } finally {
    await client.end().catch(() => {});
  }
}

// As for every transaction of the run: its sessions begin with the same settings as this one.
async function readOnly(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ setting: string; source: string }>(
    "select setting, source from pg_settings where name = 'default_transaction_read_only'",
  );
  const [{ setting, source } = { setting: "off", source: "" }] = rows;
  if (setting === "off") return [];
  return [`transactions are read-only (default_transaction_read_only, set by: ${source})`];
}

const localHosts = new Set(["localhost", "127.0.0.1", "::1"]);

// PostgreSQL tells nobody how full its disk is; on this machine the file system does.
async function fullDisk({ output, settings }: Context, client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ folder: string | null; size: string }>(
    `select (select setting from pg_settings where name = 'data_directory') as folder,
       pg_size_pretty(pg_database_size(current_database())) as size`,
  );
  const [{ folder, size } = { folder: null, size: "" }] = rows;
  const isHere = client.host.startsWith("/") || localHosts.has(client.host);
  const found = isHere ? await statfs(folder ?? "").catch(() => undefined) : undefined;
  if (found === undefined) {
    const message = `how full the server's disk is cannot be seen from here; the database has ${size}`;
    output.finding({ level: "note", rule: "disk-not-seen", message });
    return [];
  }
  const free = found.bavail * found.bsize;
  output.figure("free on the server's disk, bytes", free);
  if (free >= settings.diskMin) return [];
  return [`the server's disk has ${free} bytes free, and --disk-min asks for ${settings.diskMin}`];
}
