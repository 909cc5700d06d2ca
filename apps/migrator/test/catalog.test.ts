import { canMakeDatabases, startPostgres } from "@codex/testkit";
import type { PostgresServer } from "@codex/testkit";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  compareCatalogs,
  fingerprintOf,
  readCatalog,
  readLedgerSchema,
} from "../src/catalog/catalog.ts";
import type { CatalogObject } from "../src/catalog/catalog.ts";
import { openProject } from "./support/project.ts";
import type { Project } from "./support/project.ts";

// One of each kind.
const scene = `
  set role codex_owner;
  create type codex.mood as enum ('low', 'high');
  create type codex.pair as (a integer, b text);
  create domain codex.positive as integer default 1 constraint positive_check check (value > 0);
  create sequence codex.numbers;
  create table codex.item (id bigint generated always as identity primary key, name text not null,
    note text, mood codex.mood);
  create table codex.child (id bigint primary key, item_id bigint constraint child_item_fkey references codex.item (id));
  create table codex.parts (id integer not null, day date) partition by range (id);
  create table codex.parts_old partition of codex.parts for values from (0) to (9);
  create index idx_item_note on codex.item (note) with (fillfactor = 80);
  create unique index uniq_item_name on codex.item (name);
  create statistics codex.item_stats (dependencies) on name, note from codex.item;
  alter table codex.item enable row level security;
  alter table codex.item force row level security;
  create policy own on codex.item for select to codex_app using (id > 0);
  grant select (id, name), insert on codex.item to codex_app;
  create function codex.touch() returns trigger language plpgsql set search_path = '' as 'begin return new; end';
  create trigger touch before insert on codex.item for each row execute function codex.touch();
  create view codex.names with (security_invoker = true) as select name from codex.item;
  reset role;
  alter table codex.item add column gone text;
  grant update (gone) on codex.item to codex_app;
  alter table codex.item drop column gone;
  grant create on schema codex to codex_definer;
  create schema outside;`;

interface Fault {
  readonly plant: string;
  /** Kind and object of what must be named. */
  readonly named: readonly string[];
  /** Whether the repair is for a person to write. */
  readonly byHand?: true;
}

const faults: readonly Fault[] = [
  {
    plant:
      "revoke select (name) on codex.item from codex_app; grant select (note) on codex.item to codex_app",
    named: [
      "grant select (note) on table codex.item to codex_app",
      "grant select (name) on table codex.item to codex_app",
    ],
  },
  {
    plant: "grant insert on codex.item to codex_app with grant option",
    named: ["grant insert on table codex.item to codex_app"],
  },
  {
    plant: "grant usage on type codex.mood to codex_app",
    named: ["grant usage on type codex.mood to codex_app"],
  },
  {
    plant: "alter sequence codex.numbers increment 5 cycle",
    named: ["sequence codex.numbers"],
  },
  { plant: "drop sequence codex.numbers", named: ["sequence codex.numbers"] },
  {
    plant: "create sequence codex.more; alter sequence codex.more owner to codex_owner",
    named: ["sequence codex.more"],
  },
  {
    plant: "alter sequence codex.numbers owner to codex_definer",
    named: ["owner sequence codex.numbers"],
  },
  {
    plant: "alter sequence codex.numbers owned by codex.item.note",
    named: ["owned sequence codex.numbers"],
  },
  {
    plant: "alter table codex.item alter column id set increment by 7",
    named: ["identity codex.item.id"],
  },
  { plant: "alter type codex.mood add value 'mid'", named: ["type codex.mood"], byHand: true },
  {
    plant: "alter type codex.mood rename value 'low' to 'down'",
    named: ["type codex.mood"],
    byHand: true,
  },
  {
    plant: "alter type codex.pair add attribute c integer",
    named: ["type codex.pair"],
    byHand: true,
  },
  { plant: "drop type codex.pair", named: ["type codex.pair"] },
  {
    plant: "alter domain codex.positive drop constraint positive_check",
    named: ["domain codex.positive"],
    byHand: true,
  },
  { plant: "drop domain codex.positive", named: ["domain codex.positive"] },
  { plant: "drop statistics codex.item_stats", named: ["statistics codex.item_stats"] },
  {
    plant:
      "drop statistics codex.item_stats; create statistics codex.item_stats (ndistinct) on name, note from codex.item",
    named: ["statistics codex.item_stats"],
  },
  {
    plant: "create statistics outside.item_stats on id, note from codex.item",
    named: ["outside object statistics object outside.item_stats"],
    byHand: true,
  },
  {
    plant:
      "alter table codex.item set (autovacuum_enabled = false, toast.autovacuum_enabled = off)",
    named: ["option table codex.item"],
  },
  {
    plant: "alter index codex.item_pkey set (fillfactor = 50)",
    named: ["option index codex.item_pkey"],
  },
  {
    plant: "alter index codex.idx_item_note reset (fillfactor)",
    named: ["index codex.idx_item_note"],
  },
  { plant: "drop view codex.names", named: ["view codex.names"] },
  { plant: "alter view codex.names reset (security_invoker)", named: ["view codex.names"] },
  {
    plant: "alter table codex.item replica identity nothing",
    named: ["replica identity codex.item"],
  },
  {
    plant: "alter table codex.item replica identity using index uniq_item_name",
    named: ["replica identity codex.item"],
  },
  {
    plant: "alter table codex.item alter column note set storage plain",
    named: ["column setting storage of codex.item.note"],
  },
  {
    plant: "alter table codex.item alter column note set statistics 7",
    named: ["column setting statistics target of codex.item.note"],
  },
  {
    plant: "alter table codex.item no force row level security",
    named: ["row security codex.item"],
  },
  {
    plant: "alter table codex.item disable row level security",
    named: ["row security codex.item"],
  },
  { plant: "alter table codex.item disable trigger touch", named: ["trigger touch on codex.item"] },
  {
    plant: "alter table codex.child disable trigger all",
    named: ["constraint child_item_fkey on codex.child"],
  },
  {
    plant: "create rule nothing as on insert to codex.child do instead nothing",
    named: ["rule nothing on codex.child"],
  },
  {
    plant:
      "create table codex.stray () inherits (codex.item); alter table codex.stray owner to codex_owner",
    named: ["table codex.stray"],
  },
  {
    plant: "alter table codex.parts detach partition codex.parts_old",
    named: ["table codex.parts_old"],
    byHand: true,
  },
  {
    plant: "drop table codex.parts",
    named: ["table codex.parts", "table codex.parts_old"],
    byHand: true,
  },
  {
    plant: "create aggregate codex.total (integer) (sfunc = int4pl, stype = integer)",
    named: ["other object aggregate codex.total(integer)"],
  },
  {
    plant: "create operator codex.=== (leftarg = integer, rightarg = integer, function = int4eq)",
    named: ["other object operator codex.===(integer,integer)"],
  },
  { plant: "alter table codex.item owner to codex_definer", named: ["owner table codex.item"] },
  {
    plant: "alter function codex.touch() owner to codex_definer",
    named: ["owner function codex.touch()"],
  },
  { plant: "alter schema codex owner to codex_definer", named: ["owner schema codex"] },
  { plant: "alter role codex_app bypassrls", named: ["role codex_app"] },
  {
    plant:
      "do $$ begin execute format('alter database %I set session_replication_role = replica', current_database()); end $$",
    named: ["role setting session_replication_role of everybody in this database"],
  },
  {
    plant: "alter role codex_service set search_path = outside",
    named: ["role setting search_path of codex_service"],
  },
  { plant: "grant codex_owner to codex_app", named: ["membership codex_app in codex_owner"] },
  { plant: "grant codex_reader to codex_api", named: ["membership codex_api in codex_reader"] },
  {
    plant: "revoke codex_reader from codex_owner",
    named: ["membership codex_owner in codex_reader"],
  },
  {
    plant: "create view outside.items as select * from codex.item",
    named: ["outside object view outside.items"],
    byHand: true,
  },
  {
    plant:
      "create function outside.read() returns bigint language sql security definer as 'select count(*) from codex.item'",
    named: ["outside object function outside.read()"],
    byHand: true,
  },
  {
    plant: "create table outside.moods (mood codex.mood)",
    named: ["outside object table outside.moods"],
    byHand: true,
  },
  {
    plant: "create table outside.notes (item_id bigint references codex.item (id))",
    named: ["outside object table outside.notes"],
    byHand: true,
  },
  {
    plant: "create table outside.more () inherits (codex.item)",
    named: ["outside object table outside.more"],
    byHand: true,
  },
  {
    plant: `create function outside.spy() returns trigger language plpgsql as 'begin return new; end';
      create trigger spy before insert on codex.item for each row execute function outside.spy()`,
    named: ["trigger spy on codex.item"],
  },
  {
    plant: "create publication feed for table codex.item (id)",
    named: ["publication feed of codex.item"],
    byHand: true,
  },
  {
    plant: "create publication feed for all tables",
    named: ["publication feed of all tables"],
    byHand: true,
  },
  {
    plant: "create publication feed for tables in schema codex",
    named: ["publication feed of schema codex"],
    byHand: true,
  },
  {
    plant: `create function outside.hear() returns event_trigger language plpgsql as 'begin end';
      create event trigger hear on ddl_command_end execute function outside.hear()`,
    named: ["event trigger hear"],
    byHand: true,
  },
  {
    plant: "alter default privileges for role codex_owner grant execute on functions to public",
    named: ["default privilege of functions by codex_owner in every schema"],
    byHand: true,
  },
  {
    plant: "alter default privileges in schema codex grant select on tables to codex_app",
    named: ["default privilege of tables by postgres in schema codex"],
    byHand: true,
  },
];

const ledgerFaults: readonly Fault[] = [
  {
    plant: "alter table codex_migrator.ledger disable trigger refuse_change",
    named: ["trigger refuse_change on codex_migrator.ledger"],
  },
  {
    plant: "drop trigger refuse_change on codex_migrator.statements",
    named: ["trigger refuse_change on codex_migrator.statements"],
  },
  {
    plant: `create or replace function codex_migrator.refuse_change() returns trigger language plpgsql
      set search_path = '' as 'begin return null; end'`,
    named: ["function codex_migrator.refuse_change()"],
  },
  {
    plant: "grant update on codex_migrator.ledger to codex_app",
    named: ["grant update on table codex_migrator.ledger to codex_app"],
  },
  {
    plant: "alter table codex_migrator.ledger owner to codex_definer",
    named: ["owner table codex_migrator.ledger"],
  },
  {
    plant: "alter table codex_migrator.ledger drop constraint ledger_direction_check",
    named: ["constraint ledger_direction_check on codex_migrator.ledger"],
  },
  {
    plant: "create rule quiet as on insert to codex_migrator.statements do instead nothing",
    named: ["rule quiet on codex_migrator.statements"],
  },
];

interface Seen {
  readonly found: readonly string[];
  readonly isSame: boolean;
  /** Of the differences that are left, whether they are for a person. */
  readonly left: readonly boolean[];
}

function expected({ named, byHand }: Fault): Seen {
  const left = byHand === true ? [true] : [];
  // Typed as what it stands for by vitest itself.
  return { found: expect.arrayContaining([...named]) as string[], isSame: false, left };
}

type Read = (client: pg.Client) => Promise<CatalogObject[]>;

describe.runIf(canMakeDatabases()).each([15, 18] as const)(
  "the catalog of PostgreSQL %i",
  (major) => {
    let server: PostgresServer;
    let project: Project;
    let client: pg.Client;
    let whole: CatalogObject[];
    let ledger: CatalogObject[];
    beforeAll(async () => {
      server = await startPostgres({ major });
      project = await openProject({ server });
      await project.run(["up"]);
      await project.ask(scene);
      client = await project.database.connect();
      whole = await readCatalog(client);
      ledger = await readLedgerSchema(client);
    });
    afterAll(async () => {
      await project[Symbol.asyncDispose]();
      await server.stop();
    });

    // What is found of a fault, and what is left of it behind the repair: all in one transaction that is
    // rolled back, the changes of roles too.
    async function plant(sql: string, wanted: CatalogObject[], read: Read): Promise<Seen> {
      await client.query("begin");
      try {
        await client.query(sql);
        const is = await read(client);
        const differences = compareCatalogs(wanted, is);
        await client.query("set role codex_owner");
        for (const { repair } of differences) await client.query(repair);
        await client.query("reset role");
        const rest = compareCatalogs(wanted, await read(client));
        return {
          found: differences.map(({ kind, object }) => `${kind} ${object}`),
          isSame: fingerprintOf(is) === fingerprintOf(wanted),
          left: [...new Set(rest.map(({ repair }) => repair.startsWith("-- by hand")))],
        };
      } finally {
        await client.query("rollback");
      }
    }

    it.each(faults)("is not the same after: $plant", async (fault) => {
      const seen = await plant(fault.plant, whole, readCatalog);
      expect(seen).toEqual(expected(fault));
    });

    it.each(ledgerFaults)("of the ledger is not the same after: $plant", async (fault) => {
      const seen = await plant(fault.plant, ledger, readLedgerSchema);
      expect(seen).toEqual(expected(fault));
    });

    it("names no right on a column that is gone", () => {
      expect(whole.filter(({ object }) => object.includes("dropped"))).toEqual([]);
    });

    it("is the same for sessions that write names and times in another way", async () => {
      const before = fingerprintOf(await readCatalog(client));
      await client.query(
        "set search_path = codex, public; set timezone = 'Asia/Tokyo'; set datestyle = 'German'",
      );
      expect(fingerprintOf(await readCatalog(client))).toBe(before);
    });
  },
);
