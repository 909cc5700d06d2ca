import { readFile } from "node:fs/promises";
import pg from "pg";
import { readAgents, seedAgents } from "./agents.ts";
import { seedDemo } from "./demo.ts";
import { databaseUrl } from "./env.ts";

// Seeds the database of DATABASE_URL: reference data, the registry's agents, the demo workspace.
// One transaction: everything or nothing. Run again, it changes nothing.
//   node tooling/seed/src/main.ts [agents.json]
const agentsFile = process.argv[2];

try {
  const agents = await readAgents(
    agentsFile === undefined
      ? new URL("../data/agents.json", import.meta.url)
      : new URL(agentsFile, `file://${process.cwd()}/`),
  );
  const client = new pg.Client(databaseUrl());
  await client.connect();
  try {
    await client.query("begin");
    await becomeService(client);
    await client.query(
      await readFile(new URL("../../../db/seeds/reference.sql", import.meta.url), "utf8"),
    );
    const changed = await seedAgents(client, agents);
    say(`${agents.length} agents, ${changed} rows changed`);
    say((await seedDemo(client)) ? "demo workspace acme-demo made" : "demo workspace is there");
    await client.query("commit");
  } finally {
    await client.end();
  }
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`seed: ${text}\n`);
  process.exitCode = 1;
}

async function becomeService(client: pg.Client): Promise<void> {
  try {
    await client.query("set local role codex_service");
  } catch (error) {
    throw new Error(
      "The login of DATABASE_URL cannot become codex_service: grant that role to it, or seed as the worker.",
      { cause: error },
    );
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
