import type pg from "pg";
import { exitCode, Failure } from "../failure.ts";

/** Fails (9) on a server that only repeats what another writes. */
export async function requirePrimary(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ standby: boolean }>(
    "select pg_is_in_recovery() as standby",
  );
  if (rows[0]?.standby !== true) return;
  throw new Failure("This server is a replica: name the primary.", { code: exitCode.unhealthy });
}
