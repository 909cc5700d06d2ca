import { compareCatalogs, readCatalog } from "../catalog/catalog.ts";
import type { CatalogObject } from "../catalog/catalog.ts";
import { exitCode, Failure, sentenceOf } from "../failure.ts";
import { connect } from "../runner/session.ts";
import type { Context } from "./context.ts";
import { rollBackTo } from "./down.ts";
import { bringTo, NoScratch, replay, withScratch } from "./scratch.ts";

/**
 * Proves the way back from a version to another in a throw-away database: down leads to the catalog of
 * before, and up again to that of after. Fails (4) when it does not. Where no such database may be made
 * and none is named by `--scratch-url`, it warns: a way back is not to be barred on a bad day.
 */
export async function proveBack(
  context: Context,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const isNamed = context.scratch.url !== context.target.url;
  try {
    if (!isNamed && !(await mayMakeScratch(context))) throw new NoScratch("");
    await prove(context, { from, to });
  } catch (error) {
    if (isNamed || !(error instanceof NoScratch)) throw error;
    context.output.warn(
      "The way back was not proven: give --scratch-url an address that may make a throw-away database.",
    );
  }
}

async function prove(context: Context, { from, to }: { from: number; to: number }): Promise<void> {
  context.output.doing(`proving the way back from ${from} to ${to}`);
  await withScratch(context, async (scratch) => {
    const look = async (): Promise<CatalogObject[]> => readCatalog(await scratch.connect());
    await inThrowAway(() => replay(scratch, to));
    const before = await look();
    await inThrowAway(() => bringTo(scratch, from));
    const after = await look();
    await inThrowAway(() => rollBackTo({ ...scratch.context, allowDataLoss: true }, to));
    requireSame("down", before, await look());
    await inThrowAway(() => bringTo(scratch, from));
    requireSame("up after down", after, await look());
  });
  context.output.say(`  the way back from ${from} to ${to} was proven in a throw-away database`);
}

// Its roles are made there as well. Who may not even connect there may not.
async function mayMakeScratch(context: Context): Promise<boolean> {
  const client = await connect(context.scratch, "postgres").catch(() => undefined);
  try {
    const found = await client?.query<{ may: boolean }>(
      "select rolsuper or rolcreatedb and rolcreaterole as may from pg_roles where rolname = session_user",
    );
    return found?.rows[0]?.may === true;
  } finally {
    await client?.end().catch(() => {});
  }
}

async function inThrowAway(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof NoScratch) throw cause;
    throw new Failure(
      `The way back is not proven, and nothing was rolled back: in the throw-away database, whose tables are empty, ${sentenceOf(cause)}`,
      { code: exitCode.drift, cause },
    );
  }
}

const shown = 3;

function requireSame(
  what: string,
  wanted: readonly CatalogObject[],
  is: readonly CatalogObject[],
): void {
  const differences = compareCatalogs(wanted, is);
  if (differences.length === 0) return;
  const names = differences.map((one) => `${one.kind} ${one.object} is ${one.what}`);
  const more = names.length > shown ? ` and ${names.length - shown} more` : "";
  throw new Failure(
    `The way back is not proven: ${what} does not lead to the catalog that it should (${names.slice(0, shown).join(", ")}${more}). Nothing was rolled back: correct the rollback first.`,
    { code: exitCode.drift },
  );
}
