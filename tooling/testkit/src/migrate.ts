import { join } from "node:path";
import { childEnvironment } from "./env.ts";
import { checkout } from "./home.ts";
import { run } from "./run.ts";

/**
 * Runs `codex-migrate` on a database as the pipeline does, as a command of its own:
 * `migrate(url, 'up')`. Throws with the command's output when it does not exit with 0.
 */
export async function migrate(url: string, ...args: readonly string[]): Promise<void> {
  const script = join(checkout, "apps", "migrator", "src", "main.ts");
  // By the environment: a process list shows arguments, and the URL holds a password.
  const env = childEnvironment({ DATABASE_URL: url });
  const outcome = await run(process.execPath, [script, ...args], { cwd: checkout, env });
  if (outcome.code === 0) return;
  const end = outcome.code === null ? "was killed" : `exited with ${outcome.code}`;
  throw new Error(`codex-migrate ${args.join(" ")} ${end}:\n${outcome.output.trim()}`);
}
