import { serverNotes } from "@codex/db";
import type { Postgres, Scope } from "@codex/postgres";
import { sql } from "kysely";
import { statement } from "./builder.ts";
import type { Query } from "./builder.ts";
import { CodexError } from "./errors.ts";
import { newId } from "./ids.ts";
import type { CallOptions } from "./options.ts";
import { translate } from "./translate.ts";

/** The last migration that this SDK knows; it needs no older one. */
export const schemaVersion = 60;

/** What `check()` found. */
export interface CheckReport {
  /** Number of the database's last migration. */
  readonly schemaVersion: number;
  /** Such as 18.4. */
  readonly serverVersion: string;
  /** Version of Citus; null on plain PostgreSQL. */
  readonly citusVersion: string | null;
  /** Whether a pooler stands in front of the server. */
  readonly pooled: boolean;
  /** Role that the calls run as. */
  readonly role: string;
  /** What works, and should be changed all the same. */
  readonly warnings: readonly string[];
}

interface Facts {
  readonly role: string;
  readonly superuser: boolean;
  readonly bypasses: boolean;
  readonly owns: boolean;
  readonly has_role: boolean;
  readonly version: number;
  readonly has_schema: boolean;
  readonly has_version: boolean;
  readonly open_tables: string[];
}

/** Role whose rights a connection of each kind needs. */
export type NeededRole = "codex_app" | "codex_service";

/** Throws SchemaMismatch with every reason why the database or the role is unfit; Unavailable, Timeout. */
export async function checkDatabase(
  postgres: Postgres,
  needed: NeededRole,
  options: CallOptions,
): Promise<CheckReport> {
  try {
    const scope = postgres.scope();
    const server = await postgres.facts(options);
    const facts = await ask(scope, factsQuery(needed), options);
    const schema = facts.has_version
      ? await ask(scope, versionQuery, options)
      : { version: 0, serves_from: 0 };
    const notes = serverNotes(facts.version);
    const reasons = [
      ...(notes.refusal === undefined ? [] : [notes.refusal]),
      ...roleReasons(facts, needed),
      ...schemaReasons(facts, schema),
    ];
    if (reasons.length > 0)
      throw new CodexError(
        "SchemaMismatch",
        `this database cannot be used: ${reasons.join("; ")}`,
        {
          reasons,
          requestId: newId(),
        },
      );
    return {
      schemaVersion: schema.version,
      serverVersion: `${Math.floor(facts.version / 10_000)}.${facts.version % 10_000}`,
      citusVersion: server.citusVersion,
      pooled: server.pooled,
      role: facts.role,
      warnings: notes.warnings,
    };
  } catch (error) {
    throw translate(error, newId());
  }
}

function roleReasons(facts: Facts, needed: NeededRole): string[] {
  const { role } = facts;
  // A superuser is everything else as well.
  if (facts.superuser) return [`${role} is a superuser, whom row-level security does not bind`];
  return [
    ...(facts.bypasses ? [`${role} may bypass row-level security`] : []),
    ...(facts.owns ? [`${role} is a member of codex_owner, the owner of the tables`] : []),
    ...(facts.has_role ? [] : [`${role} is not a member of ${needed}: grant ${needed} to ${role}`]),
  ];
}

function schemaReasons(facts: Facts, schema: { version: number; serves_from: number }): string[] {
  if (!facts.has_schema) return ["there is no schema codex: run codex-migrate up"];
  const open = facts.open_tables.map((name) => `row-level security is not forced on ${name}`);
  if (schema.version < schemaVersion)
    return [
      ...open,
      `the schema is too old (${facts.has_version ? schema.version : "before 19"}; needed is ${schemaVersion}): run codex-migrate up`,
    ];
  if (schema.serves_from > schemaVersion)
    return [
      ...open,
      `the schema is too new (it serves clients from ${schema.serves_from}, this is ${schemaVersion}): upgrade @codex/sdk`,
    ];
  return open;
}

function factsQuery(needed: NeededRole): Query<Facts> {
  return statement(sql<Facts>`
    select current_user::text as role, me.rolsuper as superuser, me.rolbypassrls as bypasses,
      exists (
        select from pg_catalog.pg_roles r
        where r.rolname = 'codex_owner' and pg_has_role(current_user, r.oid, 'member')
      ) as owns,
      exists (
        select from pg_catalog.pg_roles r
        where r.rolname = ${needed} and pg_has_role(current_user, r.oid, 'usage')
      ) as has_role,
      current_setting('server_version_num')::integer as version,
      exists (select from pg_catalog.pg_namespace where nspname = 'codex') as has_schema,
      exists (
        select
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'codex' and p.proname = 'schema_version'
          and has_function_privilege(p.oid, 'execute')
          and has_schema_privilege(n.oid, 'usage')
      ) as has_version,
      array(
        select c.relname::text
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'codex' and c.relkind in ('r', 'p')
          and not (c.relrowsecurity and c.relforcerowsecurity)
        order by 1
      ) as open_tables
    from pg_catalog.pg_roles me
    where me.rolname = current_user`);
}

const versionQuery: Query<{ version: number; serves_from: number }> = statement(
  sql<{ version: number; serves_from: number }>`
    select version, serves_from from codex.schema_version()`,
);

async function ask<Row>(
  scope: Scope<unknown>,
  query: Query<Row>,
  options: CallOptions,
): Promise<Row> {
  const { rows } = await scope.run(query.compile(), { ...options, readOnly: true });
  return rows[0] as Row; // both questions give one row
}
