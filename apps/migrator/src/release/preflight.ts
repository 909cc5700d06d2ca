import type pg from "pg";
import type { Context } from "../commands/context.ts";
import { exitCode, Failure } from "../failure.ts";
import { connect } from "../runner/session.ts";
import { passedLimits, takeSample } from "../watch/sample.ts";
import { requireSight } from "../watch/watch.ts";

/** Fails (9) when the server is in no state to be changed, with every reason. */
export async function preflight(context: Context): Promise<void> {
  const client = await connect(context.target);
  try {
    await requireSight(client);
    const reasons = [
      ...(await notPrimary(client)),
      ...passedLimits(await takeSample(client, context.settings), context.settings),
    ];
    for (const message of reasons) {
      context.output.finding({ level: "error", rule: "preflight", message });
    }
    if (reasons.length === 0) return;
    throw new Failure(`The server is in no state for a release: ${reasons.join("; ")}.`, {
      code: exitCode.unhealthy,
    });
  } finally {
    await client.end().catch(() => {});
  }
}

async function notPrimary(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ standby: boolean }>(
    "select pg_is_in_recovery() as standby",
  );
  if (rows[0]?.standby !== true) return [];
  throw new Failure("This server is a replica: name the primary.", { code: exitCode.unhealthy });
}
