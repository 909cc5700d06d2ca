import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { Project } from "./project.ts";
import type { Point, StatementProxy } from "./statement-proxy.ts";

/** A project whose runs go through the proxy. */
export interface Stage {
  readonly project: Project;
  readonly proxy: StatementProxy;
}

/** Starts codex-migrate through the proxy. */
export function startThrough(
  { project, proxy }: Stage,
  args: readonly string[],
): ReturnType<Project["start"]> {
  const url = new URL(project.server.url(project.database.name, "codex_deployer"));
  url.port = String(proxy.port);
  return project.start([...args, "--lock-wait", "10"], { url: url.href });
}

/** Runs codex-migrate through the proxy, to a good end. Gives the statements of the session that works. */
export async function goThrough(stage: Stage, args: readonly string[]): Promise<number> {
  stage.proxy.stopAt(undefined, () => {});
  const { code, output } = await startThrough(stage, args).ended;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${output}`);
  return stage.proxy.statements;
}

/** Runs codex-migrate and kills it at that point; waits until the server has noticed. */
export async function killAt(stage: Stage, point: Point, args: readonly string[]): Promise<void> {
  const reached = Promise.withResolvers<void>();
  stage.proxy.stopAt(point, reached.resolve);
  const victim = startThrough(stage, args);
  const early = await Promise.race([reached.promise, victim.ended]);
  if (early === undefined) process.kill(victim.pid, "SIGKILL");
  const { code, output } = await victim.ended;
  // The first run of all makes the ledger, so that the last points of its count are never reached again.
  expect({ point, code, output }).toMatchObject({ code: early === undefined ? null : 0 });
  stage.proxy.stopAt(undefined, () => {});
  await untilAlone(stage);
}

// The server ends the transaction of a dead client; until then nothing can be said of the catalog.
async function untilAlone({ project }: Stage): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const sessions = await project.ask(
      `select from pg_stat_activity where datname = current_database()
         and application_name = 'codex-migrate'`,
    );
    if (sessions.length === 0) return;
    await sleep(10);
  }
  throw new Error("sessions of a killed codex-migrate are still there after 5 s");
}
