import { requireTool } from "@codex/testkit";
import { Failure } from "../failure.ts";
import { run } from "../run.ts";

/** What pg_dump says of schema codex, without what changes from run to run. */
export async function schemaDump(url: string): Promise<string> {
  const program = requireTool("pg_dump");
  const { code, stdout, stderr } = await run(program, [
    url,
    "--schema-only",
    "--schema=codex",
    "--restrict-key=codex",
  ]);
  if (code !== 0) throw new Failure(`pg_dump failed: ${stderr.trim()}`);
  return stdout
    .replace(/^-- Dumped (from|by) .*\n/gm, "")
    .replace(/^\\(un)?restrict .*\n/gm, "")
    .replace(/\n{3,}/g, "\n\n");
}
