import { findPostgres, requireTool } from "@codex/testkit";
import { actorUrls, cluster } from "./database.ts";
import { databaseUrl } from "./env.ts";
import { command, Failure } from "./failure.ts";
import { run } from "./run.ts";

// pnpm db:psql [admin|deployer|api|worker] [psql's own arguments]
await command("db:psql", async () => {
  const [actor = "admin", ...args] = process.argv.slice(2).filter((arg) => arg !== "--");
  const program = requireTool("psql");
  // Ctrl-C is psql's: it cancels a query there.
  process.on("SIGINT", () => {});
  const { code } = await run(program, [await addressOf(actor), ...args], { inherit: true });
  return code;
});

async function addressOf(actor: string): Promise<string> {
  const url = databaseUrl();
  if (url !== undefined) return url;
  const server = await findPostgres(cluster);
  if (server === undefined) {
    throw new Failure('The embedded server is not running: start it with "npx -y pnpm@12 start".');
  }
  const known = Object.entries(actorUrls(server)).find(([name]) => name === actor);
  if (known === undefined) {
    throw new Failure(`There is no actor "${actor}": use admin, deployer, api or worker.`, 2);
  }
  return known[1];
}
