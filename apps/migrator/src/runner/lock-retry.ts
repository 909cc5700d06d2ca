import { setTimeout as sleep } from "node:timers/promises";
import { exitCode, Failure, fieldOf } from "../failure.ts";
import type { Runner } from "./runner.ts";

const lockNotAvailable = "55P03";
const deadlock = "40P01";

/**
 * Tries again while a lock is not free, with exponential backoff and full jitter, up to a number of
 * tries and a time; `once` is told how often it was tried before. Never a last try without a limit: who waits for a lock makes others wait.
 */
export async function withLockRetries<T>(
  runner: Runner,
  name: string,
  once: (waits: number) => Promise<T>,
): Promise<T> {
  const { retriesMax, retryForMs } = runner.settings;
  const deadline = performance.now() + retryForMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(attempt - 1);
    } catch (error) {
      if (!isLockBusy(error)) throw error;
      const who = await blockers(runner);
      if (attempt >= retriesMax || performance.now() > deadline) {
        const text = `${name} could not get its locks in ${attempt} tries. ${who}`;
        throw new Failure(text.trim(), { code: exitCode.lockBusy, cause: error });
      }
      runner.lockWait(`${name} waits for a lock, try ${attempt}. ${who}`.trim());
      await sleep(Math.random() * Math.min(5_000, 100 * 2 ** attempt));
    }
  }
}

/** Whether a lock was not free in time, or two sessions waited for each other. */
export function isLockBusy(error: unknown): boolean {
  const code = fieldOf(error, "code");
  return code === lockNotAvailable || code === deadlock;
}

// Whom the canary saw in the way; else whoever has a transaction open, oldest first.
async function blockers({ client, canary }: Runner): Promise<string> {
  const seen = canary.takeBlockers();
  if (seen.length > 0) return `Blocked by ${seen.join(", ")}.`;
  const { rows } = await client.query<{ who: string }>(
    `select format('pid %s (%s, %s)', pid, coalesce(nullif(application_name, ''), usename), state) as who
     from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
     order by xact_start limit 3`,
  );
  return rows.length === 0 ? "" : `Open transactions: ${rows.map((row) => row.who).join(", ")}.`;
}
