import { createPostgres } from "@codex/postgres";
import type { Postgres, PostgresFailure } from "@codex/postgres";
import { canMakeDatabases, startProxy } from "@codex/testkit";
import type { Proxy } from "@codex/testkit";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { acme, as, leftovers, makeLedger, open, sql } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";

let ledger: Ledger;
beforeAll(async () => {
  if (canMakeDatabases()) ledger = await makeLedger();
});
afterAll(() => ledger?.[Symbol.asyncDispose]());

const insert = (id: string): ReturnType<typeof sql> =>
  sql("insert into app.entry (tenant, id) values ($1, $2)", acme, id);
const sleepSql = (seconds: number): ReturnType<typeof sql> => sql("select pg_sleep($1)", seconds);

describe.runIf(canMakeDatabases()).for(["implicit", "explicit"] as const)(
  "a call that goes wrong, in the %s form",
  (form) => {
    let postgres: Postgres;
    beforeAll(() => {
      postgres = open(ledger, { form, settings: { max: 2 } });
    });
    afterAll(() => postgres.close());
    // Whatever happened, every connection can be lent again and none holds a tenant.
    // oxlint-disable vitest/no-standalone-expect -- each test above it is held to this
    afterEach(async () => {
      const probes = await Promise.all([1, 2].map(() => postgres.scope().run(leftovers)));
      expect(probes.map(({ rows }) => rows)).toEqual([
        [{ tenant: "", rows: 0 }],
        [{ tenant: "", rows: 0 }],
      ]);
      const { rows } = await ledger.database.admin.query(
        "select count(*)::integer as n from pg_stat_activity where usename = $1 and datname = current_database() and state <> 'idle'",
        [ledger.login],
      );
      expect(rows).toEqual([{ n: 0 }]);
    });
    // oxlint-enable vitest/no-standalone-expect

    it("is aborted by its signal, also on the server", async () => {
      const stop = new AbortController();
      const call = as(postgres, acme).run(sleepSql(60), { signal: stop.signal });
      setTimeout(() => stop.abort(), 100);
      await expect(call).rejects.toMatchObject({ kind: "aborted" });
    });

    it("is refused before it begins when its signal is aborted already", async () => {
      const call = as(postgres, acme).run(insert("early"), { signal: AbortSignal.abort() });
      await expect(call).rejects.toMatchObject({ kind: "aborted" });
      expect(await ledger.count("id = 'early'")).toBe(0);
    });

    it("sends nothing when its signal is aborted while a connection is found", async () => {
      const scope = as(postgres, acme);
      for (let ticks = 0; ticks < 12; ticks += 1) {
        const stop = new AbortController();
        const call = scope.run(insert(`left ${ticks}`), { signal: stop.signal });
        for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
        stop.abort();
        const kind = await call.then(
          () => "done",
          (error: PostgresFailure) => error.kind,
        );
        // Aborted or done, and the database agrees.
        expect(await ledger.count(`id = 'left ${ticks}'`)).toBe(kind === "done" ? 1 : 0);
        expect(["done", "aborted"]).toContain(kind);
      }
      await scope.run(sql("delete from app.entry where id like 'left%'"));
    });

    it("ends at its deadline, which the server keeps", async () => {
      const call = as(postgres, acme).run(sleepSql(60), { timeoutMs: 150 });
      await expect(call).rejects.toMatchObject({ kind: "timeout" });
      await expect(as(postgres, acme).run(sleepSql(0.2))).resolves.toBeDefined();
    });

    it("counts the wait for a connection towards the deadline", async () => {
      const scope = as(postgres, acme);
      const busy = [1, 2].map(() => scope.run(sleepSql(1)));
      await expect(scope.run(sql("select 1"), { timeoutMs: 100 })).rejects.toMatchObject({
        kind: "timeout",
      });
      await Promise.all(busy);
    });

    it("is undone when the caller throws inside a transaction", async () => {
      const boom = new Error("boom");
      const work = as(postgres, acme).transaction(async (tx) => {
        await tx.run(insert("thrown"));
        throw boom;
      });
      await expect(work).rejects.toBe(boom);
      expect(await ledger.count("id = 'thrown'")).toBe(0);
    });

    it("does not commit a transaction whose failed statement the caller overlooked", async () => {
      const work = as(postgres, acme).transaction(async (tx) => {
        await tx.run(insert("overlooked"));
        await tx.run(sql("select 1 / 0")).catch(() => {});
      });
      await expect(work).rejects.toMatchObject({ kind: "misuse" });
      expect(await ledger.count("id = 'overlooked'")).toBe(0);
    });

    it("stops a transaction in the middle by its signal, and undoes it", async () => {
      const stop = new AbortController();
      const work = as(postgres, acme).transaction(
        async (tx) => {
          await tx.run(insert("stopped"));
          stop.abort();
          await tx.run(sql("select 1"));
        },
        { signal: stop.signal },
      );
      await expect(work).rejects.toMatchObject({ kind: "aborted" });
      expect(await ledger.count("id = 'stopped'")).toBe(0);
    });

    it("ends inside a transaction by limits of its own, and with it the transaction", async () => {
      for (const [limits, kind] of [
        [{ timeoutMs: 50 }, "timeout"],
        [{ signal: AbortSignal.timeout(50) }, "aborted"],
      ] as const) {
        const work = as(postgres, acme).transaction(async (tx) => {
          await tx.run(insert("limited"));
          await tx.run(sleepSql(2), limits);
        });
        await expect(work).rejects.toMatchObject({ kind });
      }
      expect(await ledger.count("id = 'limited'")).toBe(0);
    });

    it("refuses a transaction that is over", async () => {
      let kept: { run(statement: { sql: string; parameters: unknown[] }): unknown } | undefined;
      await as(postgres, acme).transaction(async (tx) => {
        kept = tx;
      });
      await expect(kept?.run(sql("select 1"))).rejects.toMatchObject({ kind: "misuse" });
    });

    it("refuses COPY, several statements in one, and a batch too long", async () => {
      const scope = as(postgres, acme);
      const copyIn = scope.run(sql("copy app.entry from stdin"));
      await expect(copyIn).rejects.toMatchObject({ kind: "refused" });
      const copyOut = scope.run(sql("copy (select 1) to stdout"));
      await expect(copyOut).rejects.toMatchObject({ kind: "unreadable" });
      await expect(scope.run(sql("select 1; select 2"))).rejects.toMatchObject({ code: "42601" });
      const tooLong = Array.from({ length: 1001 }, () => sql("select 1"));
      await expect(scope.batch(tooLong)).rejects.toMatchObject({ kind: "misuse" });
    });

    it("carries a megabyte, and refuses what PostgreSQL cannot hold", async () => {
      const text = "ä".repeat(500_000);
      const { rows } = await as(postgres, acme).run(sql("select $1::text as text", text));
      expect(rows[0]?.["text"] === text).toBe(true);
      const nul = as(postgres, acme).run(sql("select $1::text", "a\0b"));
      await expect(nul).rejects.toMatchObject({ kind: "refused", code: "22021" });
    });

    it("refuses a value that cannot be sent, and goes on with the connection", async () => {
      const statement = sql("select $1::jsonb as value", { amount: 1n });
      for (let call = 0; call < 3; call += 1)
        await expect(as(postgres, acme).run(statement)).rejects.toMatchObject({ kind: "misuse" });
      const work = as(postgres, acme).transaction(async (tx) => {
        await tx.run(insert("unsent"));
        await tx.run(statement);
      });
      await expect(work).rejects.toMatchObject({ kind: "misuse" });
      expect(await ledger.count("id = 'unsent'")).toBe(0);
    });

    it("may take as long as it takes", async () => {
      for (const timeoutMs of [2 ** 31 - 1, 2 ** 31, Number.POSITIVE_INFINITY])
        await expect(as(postgres, acme).run(sleepSql(0.1), { timeoutMs })).resolves.toMatchObject({
          rowCount: 1,
        });
    });

    it("goes on after the schema changed under a prepared statement", async () => {
      const scope = as(postgres, acme);
      const all = sql("select * from app.entry order by id limit 1");
      await Promise.all([scope.run(all), scope.run(all)]);
      await ledger.database.admin.query("alter table app.entry add column note text");
      try {
        await expect(scope.run(all)).resolves.toMatchObject({ rows: [{ id: "a", note: null }] });
      } finally {
        await ledger.database.admin.query("alter table app.entry drop column note");
      }
      await expect(scope.run(all)).resolves.toMatchObject({ rows: [{ id: "a" }] });
    });

    it("keeps no more prepared statements than it may", async () => {
      await using one = open(ledger, { form, settings: { max: 1 } });
      const texts = Array.from({ length: 300 }, (_, i) => sql(`select ${i} as n`));
      for (const statement of texts) await as(one, acme).run(statement);
      await expect(as(one, acme).run(texts[0] ?? leftovers)).resolves.toMatchObject({
        rows: [{ n: 0 }],
      });
      const held = await one
        .scope()
        .run<{ n: number }>(sql("select count(*)::integer as n from pg_prepared_statements"));
      expect(held.rows[0]?.n).toBeLessThanOrEqual(256);
      expect(held.rows[0]?.n).toBeGreaterThan(200);
    });

    it("is done again after its backend was ended, since nothing was done", async () => {
      const call = as(postgres, acme).batch([insert("ended"), sleepSql(0.4)]);
      await sleep(150);
      const { rowCount } = await ledger.database.admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and datname = current_database() and state = 'active'",
        [ledger.login],
      );
      expect(rowCount).toBe(1);
      await expect(call).resolves.toHaveLength(2);
      expect(await ledger.count("id = 'ended'")).toBe(1);
      await as(postgres, acme).run(sql("delete from app.entry where id = 'ended'"));
    });

    it("does conflicting transactions again until each has counted", async () => {
      await as(postgres, acme).run(insert("counter"));
      const count = (): Promise<void> =>
        as(postgres, acme).transaction(
          async (tx) => {
            const read = sql("select amount from app.entry where id = 'counter'");
            const { rows } = await tx.run<{ amount: number }>(read);
            const next = (rows[0]?.amount ?? 0) + 1;
            await tx.run(sql("update app.entry set amount = $1 where id = 'counter'", next));
          },
          { isolation: "repeatable read" },
        );
      for (let round = 0; round < 20; round += 1) await Promise.all([count(), count()]);
      expect(await ledger.count("id = 'counter' and amount = 40")).toBe(1);
      await as(postgres, acme).run(sql("delete from app.entry where id = 'counter'"));
    });
  },
);

describe.runIf(canMakeDatabases())("a network that breaks", () => {
  let proxy: Proxy;
  let postgres: Postgres;
  beforeEach(async () => {
    proxy = await startProxy({ port: ledger.server.port });
    postgres = open(ledger, { settings: { port: proxy.port, connectionString: through(proxy) } });
    await as(postgres, acme).run(sql("select 1"));
  });
  afterEach(async () => {
    await postgres.close();
    await proxy[Symbol.asyncDispose]();
  });

  const through = ({ port }: Proxy): string => {
    const url = new URL(ledger.url);
    url.host = `127.0.0.1:${port}`;
    return url.href;
  };

  it("that is ended by the server as soon as it is open fails alone: the process goes on", async () => {
    const fields =
      "SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0";
    const bytes = Buffer.from(
      `E\0\0\0${String.fromCharCode(fields.length + 4)}${fields}`,
      "latin1",
    );
    proxy.fault = { kind: "last word", bytes };
    const settings = { port: proxy.port, connectionString: through(proxy) };
    await using other = open(ledger, { settings, retriesMax: 1 });
    const call = as(other, acme).run(insert("last word"));
    await expect(call).rejects.toMatchObject({ kind: "unavailable" });
    proxy.fault = { kind: "none" };
    await as(other, acme).run(insert("last word"));
    expect(await ledger.count("id = 'last word'")).toBe(1);
  });

  it("is looked at for all, and the end of one call ends no other", async () => {
    const look = sql("select 1 as one");
    for (const limits of [{ timeoutMs: 0.01 }, { signal: AbortSignal.timeout(1) }]) {
      await using fresh = open(ledger);
      const hasty = as(fresh, acme).run(look, limits);
      const patient = as(fresh, acme).run(look);
      await expect(hasty).rejects.toMatchObject({
        kind: expect.stringMatching(/timeout|aborted/u),
      });
      await expect(patient).resolves.toMatchObject({ rows: [{ one: 1 }] });
    }
  });

  it("is hung up on where there is no password to answer with", async () => {
    await using other = open(ledger, {
      settings: { connectionString: through(proxy).replace(/:[^:@/]+@/u, "@"), max: 1 },
    });
    const before = proxy.open;
    await expect(as(other, acme).run(sql("select 1"))).rejects.toMatchObject({
      cause: expect.objectContaining({ message: expect.stringContaining("SASL") }),
    });
    await expect.poll(() => proxy.open).toBe(before);
  });

  it("leaves open what became of a write whose answer was lost, and does not repeat it", async () => {
    proxy.fault = { kind: "cut answer", afterBytes: 0 };
    await expect(as(postgres, acme).run(insert("lost"))).rejects.toMatchObject({
      kind: "unknown",
      attempts: 1,
    });
    expect(await ledger.count("id = 'lost'")).toBe(1);
  });

  it("asks again for a read whose answer was cut at any byte", async () => {
    for (const afterBytes of [1, 5, 30, 60]) {
      proxy.fault = { kind: "cut answer", afterBytes };
      const read = as(postgres, acme).run(sql("select count(*)::integer as n from app.entry"), {
        readOnly: true,
      });
      setTimeout(() => {
        proxy.fault = { kind: "none" };
      }, 20);
      await expect(read).resolves.toMatchObject({ rows: [{ n: expect.any(Number) }] });
    }
  });

  it("gives up a server that hangs, and says whether the change is certain", async () => {
    proxy.fault = { kind: "hang" };
    const limits = { timeoutMs: 200 };
    const read = as(postgres, acme).run(sql("select 1"), { ...limits, readOnly: true });
    const write = as(postgres, acme).run(insert("hung"), limits);
    await Promise.all([
      expect(read).rejects.toMatchObject({ kind: "timeout" }),
      // Sent on the open connection it may have arrived; on a new one it never was.
      expect(write).rejects.toMatchObject({ kind: expect.stringMatching("unknown|timeout") }),
    ]);
    proxy.fault = { kind: "none" };
    await expect(as(postgres, acme).run(sql("select 1 as one"))).resolves.toMatchObject({
      rows: [{ one: 1 }],
    });
  });

  it("says that nothing answers", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    await using nowhere = createPostgres({
      connection: `postgres://nobody@127.0.0.1:${port}/none`,
      retriesMax: 1,
    });
    await expect(nowhere.scope().run(sql("select 1"))).rejects.toMatchObject({
      kind: "unavailable",
      attempts: 2,
    });
  });

  it("says that the server refused the login", async () => {
    const url = new URL(ledger.url);
    url.password = "wrong";
    await using stranger = createPostgres({ connection: url.href });
    await expect(stranger.scope().run(sql("select 1"))).rejects.toMatchObject({
      kind: "refused",
      code: "28P01",
    });
  });
});
