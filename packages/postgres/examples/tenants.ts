import { createPostgres, PostgresFailure } from "@codex/postgres";

interface Tables {
  "app.entry": { tenant: string; id: string; amount: number };
}

const { DATABASE_URL: connection = "", TENANT: tenant = "" } = process.env;
await using postgres = createPostgres({ connection });

// A scope costs nothing to make. What it sets lasts for one transaction and goes with each statement.
const scope = postgres.scope<Tables>({
  context: { sql: "set_config('app.tenant', $1, true)", parameters: [tenant] },
});

// Kysely, one round trip a statement.
const entries = await scope.db.selectFrom("app.entry").select(["id", "amount"]).execute();

// Statements that do not wait for each other: one round trip, one transaction.
const [sum] = await scope.batch([
  { sql: "select sum(amount)::integer as sum from app.entry", parameters: [] },
  { sql: "update app.entry set amount = amount + $1", parameters: [1] },
]);

// Statements that do: BEGIN and context travel with the first one.
await scope.transaction(async (tx) => {
  const { rows } = await tx.run<{ id: string }>({
    sql: "select id from app.entry order by id limit 1 for update",
    parameters: [],
  });
  await tx.run({ sql: "update app.entry set amount = 0 where id = $1", parameters: [rows[0]?.id] });
});

// A read cannot write, a call ends at its deadline, and a failure says what became of it.
try {
  const statement = { sql: "delete from app.entry", parameters: [] };
  await scope.run(statement, { readOnly: true, timeoutMs: 500 });
} catch (error) {
  if (!(error instanceof PostgresFailure)) throw error;
  console.log(entries.length, sum?.rows[0], error.kind, error.code);
}
