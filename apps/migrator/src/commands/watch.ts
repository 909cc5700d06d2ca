import { exitCode } from "../failure.ts";
import { timeOf } from "../flags.ts";
import { duration } from "../report/output.ts";
import type { RowCounts } from "../watch/rows.ts";
import { watchServer } from "../watch/watch.ts";
import type { Context } from "./context.ts";

const usualMs = 600_000;

/** How long to watch, in milliseconds. Fails (2) on a `--for` that is no time. */
export function watchTime({ values }: Context): number {
  return timeOf(values, "for") ?? usualMs;
}

/** Watches the server for a time after a release; ends early with 9 when a limit is passed. */
export async function watch(context: Context): Promise<number> {
  return watchAfter(context, undefined);
}

/** As {@link watch}, knowing the rows of before the release. */
export async function watchAfter(context: Context, before: RowCounts | undefined): Promise<number> {
  const { output } = context;
  const forMs = watchTime(context);
  const start = performance.now();
  const step = (state: "ok" | "failed", detail: string): void => {
    const durationMs = performance.now() - start;
    output.step({ group: "phase", name: "watch", state, durationMs, detail });
  };
  const { looks, reasons } = await watchServer(context, forMs, before).catch((error: unknown) => {
    step("failed", "did not come to its end");
    throw error;
  });
  step(reasons.length === 0 ? "ok" : "failed", `${looks} looks`);
  for (const message of reasons) output.finding({ level: "error", rule: "watch", message });
  output.result({ looks, reasons });
  output.say(
    reasons.length === 0
      ? `Watched for ${duration(performance.now() - start)} in ${looks} looks: nothing passed a limit.`
      : `Stopped after ${duration(performance.now() - start)}: ${reasons.join("; ")}.`,
  );
  return reasons.length === 0 ? exitCode.done : exitCode.unhealthy;
}
