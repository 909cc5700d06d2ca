import type pg from "pg";
import { Failure } from "../failure.ts";

/**
 * Settings of a file's transaction: the permission to destroy rows, and what Citus needs. Gives the
 * time that the transaction began, by which it is known.
 */
export async function prepareTransaction(
  client: pg.Client,
  allowDataLoss: boolean,
): Promise<string> {
  // Names that a server does not know are harmless there.
  await client.query(
    `set local codex_migrator.allow_data_loss = '${allowDataLoss ? "on" : "off"}';
     set local citus.multi_shard_modify_mode = 'sequential';
     set local citus.enable_local_reference_table_foreign_keys = 'off';
     set local citus.enable_unsafe_triggers = 'on'`,
  );
  return beginningOf(client);
}

/** Fails when the transaction that began then was ended by what ran in it. */
export async function requireSameTransaction(
  client: pg.Client,
  began: string,
  name: string,
): Promise<void> {
  if ((await beginningOf(client)) === began) return;
  throw new Failure(
    `${name} ended the transaction that it ran in: what it did until then stays, and it is not recorded as applied. Look at what is there, and mend the file.`,
  );
}

async function beginningOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ began: string }>("select now()::text as began");
  return rows[0]?.began ?? "";
}
