import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { findBinaries } from "./binaries.ts";
import { childEnvironment } from "./env.ts";
import { failure } from "./failure.ts";
import { makeFolder, openHome } from "./home.ts";
import { run } from "./run.ts";
import { serve } from "./server.ts";
import type { PostgresHost, PostgresServer } from "./server.ts";
import { requireTool } from "./tools.ts";

/**
 * Starts a streaming replica of a server, made by Debian's pg_basebackup (of 15, so of a 15 only). It is
 * removed on dispose; dispose of it before its primary.
 */
export async function startReplica(primary: PostgresHost): Promise<PostgresServer> {
  const program = requireTool("pg_basebackup");
  const home = await openHome();
  const folder = join(home.folder, "temporary", randomUUID());
  await makeFolder(home, folder);
  const target = ["--pgdata", join(folder, "data"), "--write-recovery-conf", "--checkpoint=fast"];
  const source = ["--host=127.0.0.1", `--port=${primary.port}`, "--username=postgres"];
  const identity =
    home.account === undefined ? {} : { uid: home.account.uid, gid: home.account.gid };
  const env = childEnvironment({ PGPASSWORD: primary.address.password });
  const made = await run(program, [...target, ...source], { env, cwd: folder, ...identity });
  if (made.code !== 0) {
    await rm(folder, { recursive: true, force: true });
    throw failure("pg_basebackup failed", made.output, home.folder);
  }
  const binaries = await findBinaries(home, primary.major);
  const { password } = primary.address;
  return serve({ home, binaries, folder, kept: undefined, password }, {});
}
