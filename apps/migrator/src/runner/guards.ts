import type pg from "pg";
import { Failure, sentenceOf } from "../failure.ts";
import { guardsOf } from "./data-loss.ts";
import type { Job, Runner } from "./runner.ts";
import { becomeOwner } from "./session.ts";
import { isRefusal } from "./statement-failure.ts";
import type { Statement } from "./statements.ts";
import { prepareTransaction } from "./transaction.ts";

/**
 * Asks the guards of several ways back before the first is taken, reading only, so that
 * the newest file is not gone already when an older one is refused. What a guard needs of the ways back before
 * it, and whatever has no guard, is asked when its turn comes.
 */
export async function askGuards({ client }: Runner, jobs: readonly Job[]): Promise<void> {
  for (const [at, { file, text }] of jobs.entries()) {
    for (const guard of guardsOf(text, file.name)) {
      const refusal = await refusalOf(client, guard);
      if (refusal === undefined) continue;
      const way =
        at === 0
          ? ""
          : ` Nothing was rolled back; should a newer rollback clear that, go back file by file, first "down --to ${file.version}".`;
      throw new Failure(`${file.name} is not rolled back: ${sentenceOf(refusal)}.${way}`, {
        cause: refusal,
      });
    }
  }
}

// What a guard says, in a transaction that leaves nothing; another error is met again at its turn.
async function refusalOf(client: pg.Client, guard: Statement): Promise<unknown> {
  await becomeOwner(client);
  await client.query("begin read only");
  try {
    await prepareTransaction(client, false);
    await client.query(guard.text);
    return undefined;
  } catch (error) {
    return isRefusal(error) ? error : undefined;
  } finally {
    await client.query("rollback").catch(() => {});
  }
}
