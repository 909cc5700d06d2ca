import { PostgresFailure } from "@codex/postgres";
import type { Postgres, Scope } from "@codex/postgres";
import { canMakeDatabases, startPgBouncer } from "@codex/testkit";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acme, as, globex, leftovers, makeLedger, open, sql } from "./ledger.ts";
import type { Ledger, LedgerTables } from "./ledger.ts";

let ledger: Ledger;
beforeAll(async () => {
  if (canMakeDatabases()) ledger = await makeLedger();
});
afterAll(() => ledger?.[Symbol.asyncDispose]());

/** What a pool was seen to do wrong. */
interface Report {
  done: number;
  foreignRows: number;
  leftovers: number;
  unexpected: unknown[];
}

const ids = sql("select id, tenant from app.entry");

/**
 * `total` uses of the pool by `workers` borrowers at once: reads of either tenant, batches that fail,
 * transactions that throw or are abandoned, calls that are aborted at a random moment. Before each a
 * bare call, without a context, looks for what the last borrower may have left.
 */
async function borrow(postgres: Postgres, total: number, workers: number): Promise<Report> {
  const report: Report = { done: 0, foreignRows: 0, leftovers: 0, unexpected: [] };
  const worker = async (): Promise<void> => {
    while (report.done < total) {
      report.done += 2;
      const left = await postgres.scope().run<{ tenant: string; rows: number }>(leftovers);
      if (left.rows[0]?.tenant !== "" || left.rows[0].rows !== 0) report.leftovers += 1;
      const tenant = Math.random() < 0.5 ? acme : globex;
      await use(as(postgres, tenant), tenant, report).catch((error: unknown) => {
        if (!(error instanceof PostgresFailure) && !(error instanceof Expected))
          report.unexpected.push(error);
        else if (error instanceof PostgresFailure && !expectedKinds.has(error.kind))
          report.unexpected.push(error);
      });
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return report;
}

class Expected extends Error {}
const expectedKinds = new Set(["refused", "aborted", "misuse"]);

async function use(scope: Scope<LedgerTables>, tenant: string, report: Report): Promise<void> {
  const check = (rows: Record<string, unknown>[]): void => {
    if (rows.length === 0 || rows.some((row) => row["tenant"] !== tenant)) report.foreignRows += 1;
  };
  const dice = Math.random();
  if (dice < 0.5) check((await scope.run(ids)).rows);
  else if (dice < 0.65) await scope.batch([ids, sql("select 1 / 0")]);
  else if (dice < 0.75) await throwInside(scope);
  else if (dice < 0.85)
    await scope.transaction(async (tx) => {
      check((await tx.run(ids)).rows);
      await tx.run(sql("select 1 / 0")).catch(() => {});
    });
  else {
    const stop = new AbortController();
    const call = scope.run(sql("select pg_sleep(0.005)"), { signal: stop.signal });
    const timer = sleep(Math.random() * 8).then(() => stop.abort());
    await Promise.allSettled([call, timer]);
    await call;
  }
}

async function throwInside(scope: Scope<LedgerTables>): Promise<void> {
  await scope.transaction(async (tx) => {
    await tx.run(sql("update app.entry set amount = amount + 1"));
    throw new Expected();
  });
}

describe.runIf(canMakeDatabases())("10,000 uses of a pool", () => {
  it.for(["implicit", "explicit"] as const)(
    "leave no context and no transaction to the next, in the %s form",
    async (form) => {
      await using postgres = open(ledger, { form, settings: { max: 8 } });
      const report = await borrow(postgres, 10_000, 24);
      expect(report).toMatchObject({ foreignRows: 0, leftovers: 0, unexpected: [] });
      expect(report.done).toBeGreaterThanOrEqual(10_000);
      expect(await ledger.count("amount > 0")).toBe(5);
    },
  );

  it("would show a tenant that somebody set for the session", async () => {
    await using postgres = open(ledger, { settings: { max: 1 } });
    await postgres.scope().run(sql("select set_config('app.tenant', $1, false)", acme));
    const report = await borrow(postgres, 20, 1);
    expect(report.leftovers).toBeGreaterThan(0);
  });
});

describe.runIf(canMakeDatabases())("behind PgBouncer in transaction mode", () => {
  it.for(["implicit", "explicit"] as const)(
    "keeps tenants apart and gives up names that the pooler loses, in the %s form",
    async (form) => {
      await using bouncer = await startPgBouncer(ledger.server, { users: [ledger.login] });
      const connectionString = bouncer.url(ledger.database.name);
      await using postgres = open(ledger, { form, settings: { connectionString, max: 16 } });
      await expect(postgres.facts()).resolves.toMatchObject({ pooled: true, role: ledger.login });
      const report = await borrow(postgres, 4_000, 24);
      expect(report).toMatchObject({ foreignRows: 0, leftovers: 0, unexpected: [] });
    },
  );

  it("stops the statement itself when the caller aborts", async () => {
    await using bouncer = await startPgBouncer(ledger.server, {
      users: [ledger.login],
      poolSize: 1,
    });
    const connectionString = bouncer.url(ledger.database.name);
    await using postgres = open(ledger, { settings: { connectionString, max: 2 } });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const call = as(postgres, acme).run(sql("select pg_sleep(60)"), { signal: stop.signal });
    await expect(call).rejects.toMatchObject({ kind: "aborted" });
    await expect(as(postgres, acme).run(sql("select 1 as one"))).resolves.toMatchObject({
      rows: [{ one: 1 }],
    });
  });

  it("recovers by itself when names were promised that the pooler does not keep", async () => {
    await using bouncer = await startPgBouncer(ledger.server, { users: [ledger.login] });
    const connectionString = bouncer.url(ledger.database.name);
    await using direct = open(ledger, { settings: { max: 1 } });
    expect(await direct.facts()).toMatchObject({ pooled: false, keepsNames: true });
    await using postgres = open(ledger, { settings: { connectionString, max: 16 } });
    expect(await postgres.facts()).toMatchObject({ pooled: true });
    const reads = Array.from({ length: 200 }, () => as(postgres, acme).run(ids));
    const results = await Promise.all(reads);
    expect(results.every(({ rows }) => rows.length === 3)).toBe(true);
  });
});
