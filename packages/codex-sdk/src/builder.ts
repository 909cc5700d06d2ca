import type { Database } from "@codex/db";
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from "kysely";
import type { CompiledQuery, RawBuilder } from "kysely";

/** Builds statements and can run none: they run through a Handle, inside a workspace. */
export const build: Kysely<Database> = new Kysely<Database>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
}).withSchema("codex");

/** A statement with the type of its rows. */
export interface Query<Row = unknown> {
  compile(): CompiledQuery<Row>;
}

/** Rows of several statements, in their order. */
export type RowsOf<Queries extends readonly Query[]> = {
  readonly [K in keyof Queries]: Queries[K] extends Query<infer Row> ? readonly Row[] : never;
};

/** A statement written as SQL, for what Kysely has no words for: calls of the schema's functions. */
export function statement<Row>(raw: RawBuilder<Row>): Query<Row> {
  return { compile: () => raw.compile(build) };
}
