import { createCodex } from "@codex/sdk";
import type { Codex } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";
import type { TestWorkspace } from "@codex/sdk/testing";
import { testDatabase } from "@codex/testkit";
import type { TestDatabase } from "@codex/testkit";

/** A database of this test's own, since a worker does what there is to do in every workspace. */
export interface WorkerWorld extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly codex: Codex;
  readonly acme: TestWorkspace;
  readonly globex: TestWorkspace;
}

export async function makeWorkerWorld(): Promise<WorkerWorld> {
  const db = await testDatabase({ own: true });
  const codex = createCodex({
    connectionString: db.url("codex_api"),
    service: { connectionString: db.url("codex_worker"), max: 4 },
  });
  return {
    db,
    codex,
    acme: await makeTestWorkspace(codex, "Acme"),
    globex: await makeTestWorkspace(codex, "Globex"),
    [Symbol.asyncDispose]: async () => {
      await codex.close();
      await db[Symbol.asyncDispose]();
    },
  };
}

/** An endpoint on this host, which only an operator could allow. Events of campaigns go there. */
export async function addEndpoint(
  { db }: WorkerWorld,
  { id }: TestWorkspace,
  url: string,
): Promise<void> {
  const client = await db.connect();
  await client.query("select set_config('codex.workspace_id', $1, false)", [id]);
  await client.query("select set_config('codex.allow_private_webhooks', 'on', false)");
  await client.query(
    `insert into codex.webhook_endpoints (workspace_id, url, secret, event_types)
     values ($1, $2, 'whsec_' || repeat('A', 32), '{campaign.created}')`,
    [id, url],
  );
  await client.end();
}

/** Makes campaigns, each of which is one event. */
export async function makeCampaigns({ owner }: TestWorkspace, wanted: number): Promise<void> {
  for (let made = 0; made < wanted; made += 1)
    await owner.ws.campaigns.create({ name: `Campaign ${made}` });
}

/** One number that a question about the whole database gives. */
export async function count(
  { db }: WorkerWorld,
  question: string,
  values: readonly unknown[] = [],
): Promise<number> {
  const { rows } = await db.admin.query<{ n: number }>(`select (${question})::integer as n`, [
    ...values,
  ]);
  return rows[0]?.n ?? 0;
}
