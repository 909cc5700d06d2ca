/** A statement of the corpus, and the tables that it needs. `t` is the case's own table. */
export interface Case {
  readonly name: string;
  readonly setup: string;
  readonly statement: string;
  /** The oldest server that knows the statement. */
  readonly since?: number;
}

const rows = "insert into codex.t select n, n::text, n, now() from generate_series(1, 100) n;";
const plain = `create table codex.t (id integer, name varchar(40), amount numeric(8, 2), at timestamp); ${rows}`;
const keyed = `create table codex.t (id integer primary key, name varchar(40), amount numeric(8, 2), at timestamp); ${rows}`;
const parts = `create table codex.t (id integer not null, day date not null) partition by range (day);
  create table codex.t_new (id integer not null, day date not null);
  insert into codex.t_new values (1, '2026-02-02');`;
const partCheck = "alter table codex.t_new add check (day >= '2026-02-01' and day < '2026-03-01');";

/** Time grows with the rows while writers wait. */
export const heavy: readonly Case[] = [
  {
    name: "a volatile default",
    setup: plain,
    statement: "alter table codex.t add column token uuid default gen_random_uuid()",
  },
  {
    name: "a clock as default",
    setup: plain,
    statement: "alter table codex.t add column seen timestamptz default clock_timestamp()",
  },
  {
    name: "a serial column",
    setup: plain,
    statement: "alter table codex.t add column number bigserial",
  },
  {
    name: "an identity column",
    setup: plain,
    statement: "alter table codex.t add column number bigint generated always as identity",
  },
  {
    name: "a stored generated column",
    setup: plain,
    statement: "alter table codex.t add column twice integer generated always as (id * 2) stored",
  },
  {
    name: "a column with an inline check",
    setup: plain,
    statement: "alter table codex.t add column kind text default 'a' check (kind in ('a', 'b'))",
  },
  {
    name: "a column of a constrained domain",
    setup: `create domain codex.positive as integer check (value > 0); ${plain}`,
    statement: "alter table codex.t add column count codex.positive default 1",
  },
  {
    name: "a shorter varchar",
    setup: plain,
    statement: "alter table codex.t alter column name type varchar(10)",
  },
  {
    name: "text to varchar",
    setup: "create table codex.t (name text); insert into codex.t values ('x');",
    statement: "alter table codex.t alter column name type varchar(10)",
  },
  {
    name: "integer to bigint",
    setup: keyed,
    statement: "alter table codex.t alter column id type bigint",
  },
  {
    name: "another numeric scale",
    setup: plain,
    statement: "alter table codex.t alter column amount type numeric(9, 3)",
  },
  {
    name: "timestamp to timestamptz outside UTC",
    setup: plain,
    statement:
      "set timezone = 'Europe/Berlin'; alter table codex.t alter column at type timestamptz",
  },
  {
    name: "SET NOT NULL",
    setup: plain,
    statement: "alter table codex.t alter column name set not null",
  },
  {
    name: "CHECK",
    setup: plain,
    statement: "alter table codex.t add constraint t_amount_check check (amount >= 0)",
  },
  {
    name: "FOREIGN KEY",
    setup: `create table codex.t_parent (id integer primary key); insert into codex.t_parent select generate_series(1, 100); ${plain}`,
    statement:
      "alter table codex.t add constraint t_id_fkey foreign key (id) references codex.t_parent (id)",
  },
  {
    name: "UNIQUE",
    setup: plain,
    statement: "alter table codex.t add constraint t_name_key unique (name)",
  },
  {
    name: "a primary key over a nullable column",
    setup: `${plain} create unique index t_id on codex.t (id);`,
    statement: "alter table codex.t add constraint t_pkey primary key using index t_id",
  },
  { name: "CREATE INDEX", setup: plain, statement: "create index idx_t_name on codex.t (name)" },
  {
    name: "REINDEX",
    setup: `${plain} create index idx_t_name on codex.t (name);`,
    statement: "reindex index codex.idx_t_name",
  },
  {
    name: "ATTACH PARTITION without a check",
    setup: parts,
    statement:
      "alter table codex.t attach partition codex.t_new for values from ('2026-02-01') to ('2026-03-01')",
  },
  {
    name: "ATTACH PARTITION beside a default partition",
    setup: `${parts} ${partCheck} create table codex.t_rest partition of codex.t default; insert into codex.t_rest values (1, '2025-01-01');`,
    statement:
      "alter table codex.t attach partition codex.t_new for values from ('2026-02-01') to ('2026-03-01')",
  },
  {
    name: "REFRESH MATERIALIZED VIEW",
    setup: `${plain} create materialized view codex.t_names as select name from codex.t;`,
    statement: "refresh materialized view codex.t_names",
  },
  { name: "CLUSTER", setup: keyed, statement: "cluster codex.t using t_pkey" },
  { name: "SET UNLOGGED", setup: plain, statement: "alter table codex.t set unlogged" },
];

/** Over in a moment, however many rows there are. */
export const harmless: readonly Case[] = [
  {
    name: "a longer varchar",
    setup: plain,
    statement: "alter table codex.t alter column name type varchar(80)",
  },
  {
    name: "varchar to text",
    setup: plain,
    statement: "alter table codex.t alter column name type text",
  },
  {
    name: "varchar to text on an indexed column",
    setup: `${plain} create index idx_t_name on codex.t (name);`,
    statement: "alter table codex.t alter column name type text",
  },
  {
    name: "more numeric precision",
    setup: plain,
    statement: "alter table codex.t alter column amount type numeric(12, 2)",
  },
  {
    name: "timestamp to timestamptz in UTC",
    setup: plain,
    statement: "set timezone = 'UTC'; alter table codex.t alter column at type timestamptz",
  },
  {
    name: "SET NOT NULL behind a validated CHECK",
    setup: `${plain} alter table codex.t add constraint t_name_check check (name is not null);`,
    statement: "alter table codex.t alter column name set not null",
  },
  {
    name: "a virtual column",
    setup: plain,
    statement: "alter table codex.t add column twice integer generated always as (id * 2) virtual",
    since: 18,
  },
  {
    name: "now() as default",
    setup: plain,
    statement: "alter table codex.t add column seen timestamptz not null default now()",
  },
  {
    name: "a constant default",
    setup: plain,
    statement: "alter table codex.t add column kind text not null default 'a'",
  },
];

/** The case's SQL with a table of its own: `t` becomes `h7`. */
export function ownTable(sql: string, own: string): string {
  return sql
    .replaceAll(/\bt(_[a-z_]+)?\b(?!')/g, (_, rest: string | undefined) => `${own}${rest ?? ""}`)
    .replaceAll(/\bidx_t_/g, `idx_${own}_`)
    .replaceAll("codex.positive", `codex.positive_${own}`);
}
