import { Failure } from "../failure.ts";
import { runScript } from "../run.ts";

/** Flags and variables of codex-migrate, by itself: nobody imports an app. */
export async function migratorReference(): Promise<string> {
  const { code, stdout, stderr } = await runScript("apps/migrator/src/docs/reference.ts", []);
  if (code !== 0) throw new Failure(stderr.trim());
  return stdout;
}
