import type pg from "pg";

/** Settings of a file's transaction: the permission to destroy rows, and what Citus needs. */
export async function prepareTransaction(client: pg.Client, allowDataLoss: boolean): Promise<void> {
  // Names that a server does not know are harmless there.
  await client.query(
    `set local codex_migrator.allow_data_loss = '${allowDataLoss ? "on" : "off"}';
     set local citus.multi_shard_modify_mode = 'sequential';
     set local citus.enable_local_reference_table_foreign_keys = 'off';
     set local citus.enable_unsafe_triggers = 'on'`,
  );
}
