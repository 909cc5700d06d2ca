import { countRoundTrips } from "@codex/postgres/testing";
import type { RoundTrips } from "@codex/postgres/testing";
import type { Postgres } from "@codex/postgres";
import { canMakeDatabases } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acme, as, globex, leftovers, makeLedger, open, sql } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";

let ledger: Ledger;
beforeAll(async () => {
  if (canMakeDatabases()) ledger = await makeLedger();
});
afterAll(() => ledger?.[Symbol.asyncDispose]());

const forms = [
  ["implicit", true],
  ["implicit", false],
  ["explicit", true],
  ["explicit", false],
] as const;

describe.runIf(canMakeDatabases()).for(forms)("in the %s form, prepared %s", ([form, prepared]) => {
  let trips: RoundTrips;
  let postgres: Postgres;
  beforeAll(async () => {
    trips = countRoundTrips();
    const settings = { stream: trips.stream, max: 1 };
    postgres = open(ledger, { form, preparedStatements: prepared, settings });
    await postgres.facts();
  });
  afterAll(() => postgres.close());

  const count = async (work: () => Promise<unknown>): Promise<number> => {
    trips.reset();
    await work();
    return trips.count;
  };

  it("sends context and statement in one round trip and one write, the first time too", async () => {
    const read = (): Promise<unknown> =>
      as(postgres, acme).run(sql("select id from app.entry where tenant = $1", acme));
    expect(await count(read)).toBe(1);
    expect(trips.writes).toBe(1);
    expect(await count(read)).toBe(1);
  });

  it("sends a Kysely statement in one round trip", async () => {
    const { db } = as(postgres, acme);
    const read = (): Promise<unknown> => db.selectFrom("app.entry").selectAll().execute();
    expect(await count(read)).toBe(1);
  });

  it("sends independent statements together, a write among them", async () => {
    const write = sql("update app.entry set amount = amount where id = 'a'");
    const batch = Array.from({ length: 20 }, () => write);
    expect(await count(() => as(postgres, acme).batch(batch))).toBe(1);
  });

  it("takes n + 1 round trips for n statements that wait for each other, none for none", async () => {
    const one = sql("select 1 as one");
    const scope = as(postgres, acme);
    const three = (): Promise<unknown> =>
      scope.transaction(async (tx) => {
        await tx.run(one);
        await tx.run(one);
        return tx.run(one);
      });
    expect(await count(three)).toBe(4);
    expect(await count(() => scope.transaction(async () => {}))).toBe(0);
    const together = (): Promise<unknown> =>
      scope.transaction(async (tx) => {
        await tx.run(one);
        await tx.batch([one, one], { commit: true });
      });
    expect(await count(together)).toBe(2);
  });

  it("shows each tenant its own rows and leaves nothing behind", async () => {
    const ids = async (tenant: string): Promise<unknown> =>
      (await as(postgres, tenant).run(sql("select id from app.entry order by id"))).rows;
    expect(await ids(acme)).toEqual([{ id: "a" }, { id: "b" }, { id: "c" }]);
    expect(await ids(globex)).toEqual([{ id: "x" }, { id: "y" }]);
    const { rows } = await postgres.scope().run(leftovers);
    expect(rows).toEqual([{ tenant: "", rows: 0 }]);
    expect(await ledger.count()).toBe(5);
  });

  it("leaves nothing of a batch whose third statement fails, and goes on in one round trip", async () => {
    const insert = sql("insert into app.entry (tenant, id) values ($1, 'n')", acme);
    const scope = as(postgres, acme);
    await expect(scope.batch([insert, sql("select 1"), insert])).rejects.toMatchObject({
      kind: "refused",
      code: "23505",
      statement: 2,
      attempts: 1,
    });
    expect(await ledger.count("id = 'n'")).toBe(0);
    expect(await count(() => postgres.scope().run(leftovers))).toBe(1);
    expect((await postgres.scope().run(leftovers)).rows).toEqual([{ tenant: "", rows: 0 }]);
  });

  it("reports what fails only at the commit, and keeps nothing of it", async () => {
    const orphan = sql("insert into app.entry (tenant, id, of) values ($1, 'o', 'nobody')", acme);
    await expect(as(postgres, acme).run(orphan)).rejects.toMatchObject({
      kind: "refused",
      code: "23503",
      statement: undefined,
    });
    expect(await ledger.count("id = 'o'")).toBe(0);
  });

  it("refuses a row stamped with another tenant", async () => {
    const foreign = sql("insert into app.entry (tenant, id) values ($1, 'n')", globex);
    await expect(as(postgres, acme).run(foreign)).rejects.toMatchObject({ code: "42501" });
  });

  it("refuses a write in a read-only call", async () => {
    const write = sql("update app.entry set amount = 7");
    const call = as(postgres, acme).run(write, { readOnly: true });
    await expect(call).rejects.toMatchObject({ kind: "refused", code: "25006" });
    await expect(as(postgres, acme).run(write, { timeoutMs: 5000 })).resolves.toMatchObject({
      command: "UPDATE",
      rowCount: 3,
    });
  });

  it("streams in chunks, and gives the connection back when the reader leaves early", async () => {
    const rows = sql("select n from generate_series(1, $1::integer) as n", 1200);
    const numbers: number[] = [];
    for await (const row of as(postgres, acme).stream<{ n: number }>(rows)) numbers.push(row.n);
    expect([numbers.length, numbers.at(-1)]).toEqual([1200, 1200]);
    for await (const row of as(postgres, acme).stream<{ n: number }>(rows)) if (row.n === 3) break;
    expect((await postgres.scope().run(leftovers)).rows).toEqual([{ tenant: "", rows: 0 }]);
    const kysely = as(postgres, acme).db.selectFrom("app.entry").select("id").stream(2);
    expect((await Array.fromAsync(kysely)).length).toBe(3);
  });
});
