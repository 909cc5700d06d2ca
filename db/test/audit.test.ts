import { canMakeDatabases, testDatabase } from "@codex/testkit";
import type { TestDatabase } from "@codex/testkit";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkNames, inRolledBack, runCheck } from "./support/check.ts";

/** A change that breaks a rule, and the line that the rule's check must then give. */
interface Violation {
  readonly sql: string;
  readonly object: string;
  readonly detail: string | RegExp;
}

const looseTable = `create table codex.loose (id uuid primary key, note text);
  alter table codex.loose owner to codex_owner;`;

const violations: Record<string, Violation[]> = {
  "tenant-keys": [
    { sql: looseTable, object: "loose", detail: "has no column workspace_id uuid not null" },
    {
      sql: looseTable,
      object: "loose",
      detail: "its primary key does not start with workspace_id",
    },
    {
      sql: "alter table codex.api_keys drop constraint api_keys_workspace_id_fkey",
      object: "api_keys",
      detail: "workspace_id does not reference codex.workspaces on delete cascade",
    },
  ],
  "unique-rules": [
    {
      sql: "create unique index uniq_api_keys_name on codex.api_keys (name)",
      object: "codex.uniq_api_keys_name",
      detail: "does not start with workspace_id",
    },
    {
      sql: "create unique index uniq_api_keys_agent on codex.api_keys (workspace_id, agent_id, name)",
      object: "codex.uniq_api_keys_agent",
      detail: "is void where agent_id is null",
    },
  ],
  "foreign-keys": [
    {
      sql: `create unique index on codex.api_keys (id);
        alter table codex.audit_events add column key_id uuid
          constraint audit_events_key_id_fkey references codex.api_keys (id)`,
      object: "audit_events_key_id_fkey",
      detail: /does not pair workspace_id/,
    },
    {
      sql: `alter table codex.user_profiles add column home uuid
        constraint user_profiles_home_fkey references codex.workspaces (id)`,
      object: "user_profiles_home_fkey",
      detail: /global table references a tenant table/,
    },
    {
      sql: `alter table codex.api_keys drop constraint api_keys_created_by_fkey,
        add constraint api_keys_created_by_fkey foreign key (workspace_id, created_by)
          references codex.user_workspaces (workspace_id, user_id) on delete set null`,
      object: "api_keys_created_by_fkey",
      detail: /neither cascade nor no action/,
    },
    {
      sql: `alter table codex.api_keys add constraint api_keys_person_fkey
        foreign key (user_id) references codex.user_profiles (id)`,
      object: "api_keys_person_fkey",
      detail: /references user_profiles/,
    },
    {
      sql: `alter table codex.api_keys alter constraint api_keys_user_id_fkey deferrable`,
      object: "api_keys_user_id_fkey",
      detail: /is deferrable/,
    },
    {
      sql: `alter table codex.api_keys drop constraint api_keys_user_id_fkey,
        add constraint api_keys_user_id_fkey foreign key (workspace_id, user_id)
          references codex.user_workspaces (workspace_id, user_id) not valid`,
      object: "api_keys_user_id_fkey",
      detail: /is not validated/,
    },
  ],
  "constraints-immediate": [
    {
      sql: `alter table codex.api_keys
        add constraint api_keys_name_key unique (workspace_id, name) deferrable`,
      object: "api_keys_name_key",
      detail: /is deferrable/,
    },
    {
      sql: `alter table codex.api_keys
        add constraint api_keys_short_check check (char_length(name) < 100) not valid`,
      object: "api_keys_short_check",
      detail: /is not validated/,
    },
  ],
  "global-tables": [
    {
      sql: "grant insert on codex.workspace_slugs to codex_app",
      object: "workspace_slugs",
      detail: "codex_app may insert",
    },
    {
      sql: "grant update (slug) on codex.workspace_slugs to codex_app",
      object: "workspace_slugs",
      detail: "codex_app may update",
    },
    {
      sql: `create trigger _100_touch before update on codex.user_profiles
        for each row execute function codex.tg__touch()`,
      object: "user_profiles",
      detail: /_100_touch runs before the row/,
    },
  ],
  "column-types": [
    {
      sql: "alter table codex.api_keys add column used_at timestamp",
      object: "api_keys.used_at",
      detail: "has type timestamp without time zone",
    },
    {
      sql: "create type codex.mood as enum ('good'); alter table codex.api_keys add column mood codex.mood",
      object: "api_keys.mood",
      detail: "has type codex.mood",
    },
    {
      sql: "alter table codex.api_keys add column limits jsonb",
      object: "api_keys.limits",
      detail: "is jsonb without a CHECK on it",
    },
  ],
  "bounded-numbers": [
    {
      sql: "alter table codex.api_keys add column trust_score integer not null default 0",
      object: "api_keys.trust_score",
      detail: /without a CHECK/,
    },
  ],
  "timestamps-and-version": [
    {
      sql: "alter table codex.api_keys alter column updated_at drop not null",
      object: "api_keys",
      detail: "has no updated_at timestamptz not null default now()",
    },
    {
      sql: "alter table codex.api_keys drop column version",
      object: "api_keys",
      detail: "has no version integer not null default 1",
    },
    {
      sql: "drop trigger _900_touch on codex.api_keys",
      object: "api_keys",
      detail: /no enabled trigger calls codex.tg__touch/,
    },
    {
      sql: "alter table codex.api_keys disable trigger _900_touch",
      object: "api_keys",
      detail: /no enabled trigger calls codex.tg__touch/,
    },
  ],
  comments: [
    {
      sql: "comment on table codex.api_keys is null",
      object: "api_keys",
      detail: "has no comment",
    },
    {
      sql: "comment on column codex.api_keys.role is ''",
      object: "api_keys.role",
      detail: "has no comment",
    },
    {
      sql: "comment on index codex.idx_api_keys_user is null",
      object: "codex.idx_api_keys_user",
      detail: "has no comment",
    },
    {
      sql: "comment on function codex.role_rank(text) is null",
      object: "codex.role_rank(text)",
      detail: "has no comment",
    },
  ],
  "row-security": [
    {
      sql: "alter table codex.api_keys disable row level security",
      object: "api_keys",
      detail: "row security is not enabled",
    },
    {
      sql: "alter table codex.api_keys no force row level security",
      object: "api_keys",
      detail: "row security is not forced",
    },
    {
      sql: "drop policy workspace_isolation on codex.api_keys",
      object: "api_keys",
      detail: /no restrictive policy/,
    },
    {
      sql: "alter policy workspace_isolation on codex.api_keys to codex_app",
      object: "api_keys",
      detail: /no restrictive policy/,
    },
    {
      sql: "alter policy workspace_isolation on codex.api_keys using (true)",
      object: "api_keys",
      detail: /no restrictive policy/,
    },
  ],
  "policies-carry-tenant": [
    {
      sql: "create policy select_all on codex.api_keys for select to codex_app using (true)",
      object: "api_keys.select_all",
      detail: /USING does not start with the tenant: true/,
    },
    {
      sql: `create policy select_any on codex.api_keys for select to codex_app
        using (workspace_id = codex.current_workspace_id() or role = 'viewer')`,
      object: "api_keys.select_any",
      detail: /USING does not start with the tenant/,
    },
    {
      sql: `create policy update_any on codex.api_keys for update to codex_app
        using (workspace_id = codex.current_workspace_id()) with check (true)`,
      object: "api_keys.update_any",
      detail: /WITH CHECK does not start with the tenant/,
    },
  ],
  "policies-plain": [
    {
      sql: `create policy select_sub on codex.api_keys for select to codex_app
        using (workspace_id = codex.current_workspace_id()
          and exists (select from codex.user_workspaces))`,
      object: "api_keys.select_sub",
      detail: "has a subquery",
    },
    {
      sql: `create policy select_public on codex.api_keys for select
        using (workspace_id = codex.current_workspace_id())`,
      object: "api_keys.select_public",
      detail: "is for PUBLIC",
    },
  ],
  "own-rows": [
    {
      sql: `create policy select_team on codex.user_notifications for select to codex_app
        using (workspace_id = codex.current_workspace_id())`,
      object: "user_notifications.select_team",
      detail: "does not ask whose row it is",
    },
  ],
  roles: [
    { sql: "alter role codex_app bypassrls", object: "codex_app", detail: "has BYPASSRLS" },
    {
      sql: "alter role codex_owner nobypassrls",
      object: "codex_owner",
      detail: "has no BYPASSRLS",
    },
    { sql: "alter role codex_service login", object: "codex_service", detail: "may log in" },
    {
      sql: "alter role codex_definer createrole",
      object: "codex_definer",
      detail: "has an attribute of administrators",
    },
    {
      sql: "grant codex_service to codex_app",
      object: "codex_app",
      detail: "is a member of codex_service",
    },
    {
      sql: "grant codex_reader to codex_app",
      object: "codex_reader",
      detail: "has the member codex_app",
    },
  ],
  references: [
    {
      sql: "alter table codex.moves drop constraint moves_campaign_id_fkey",
      object: "moves.campaign_id",
      detail: "is an id without a foreign key",
    },
  ],
  "rights-have-policies": [
    {
      sql: "drop policy select_viewer on codex.campaigns",
      object: "campaigns",
      detail: "codex_app may select and no policy is for that",
    },
    {
      sql: "grant delete on codex.audit_events to codex_app",
      object: "audit_events",
      detail: "codex_app may delete and no policy is for that",
    },
  ],
  "public-has-nothing": [
    {
      sql: "alter default privileges for role codex_owner grant select on tables to public",
      object: "what is made later by codex_owner",
      detail: "PUBLIC may select",
    },
    {
      sql: "alter default privileges for role codex_owner grant execute on functions to public",
      object: "a function that is made later",
      detail: "PUBLIC may execute",
    },
    {
      sql: "grant select on codex.api_keys to public",
      object: "api_keys",
      detail: "PUBLIC may select",
    },
    {
      sql: "grant execute on function codex.purge_workspace(uuid) to public",
      object: "codex.purge_workspace(uuid)",
      detail: "PUBLIC may execute",
    },
    {
      sql: "grant usage on schema codex to public",
      object: "schema codex",
      detail: "PUBLIC may usage",
    },
    {
      sql: "grant create on schema public to public",
      object: "schema public",
      detail: "PUBLIC may create",
    },
    {
      sql: "grant execute on function pg_catalog.lo_create(oid) to public",
      object: "lo_create",
      detail: "PUBLIC may execute",
    },
  ],
  "functions-guarded": [
    {
      sql: "alter function codex.set_context(uuid, uuid) reset search_path",
      object: "codex.set_context(uuid,uuid)",
      detail: /search_path/,
    },
    {
      sql: "alter function codex.set_context(uuid, uuid) owner to codex_owner",
      object: "codex.set_context(uuid,uuid)",
      detail: "is SECURITY DEFINER and owned by codex_owner",
    },
    {
      sql: "alter function codex.tg__touch() owner to postgres",
      object: "codex.tg__touch()",
      detail: "is not SECURITY DEFINER, and owned by postgres",
    },
  ],
  "reader-functions": [
    {
      sql: "alter function codex.resolve_slug(text) owner to codex_reader",
      object: "codex.resolve_slug(text)",
      detail: "is not one of the guarded reads",
    },
    {
      sql: "alter function codex.workspaces_of(uuid) volatile",
      object: "codex.workspaces_of(uuid)",
      detail: "is volatile",
    },
    {
      sql: "grant execute on function codex.workspaces_of(uuid) to codex_service",
      object: "codex.workspaces_of(uuid)",
      detail: "may be called by 2 roles",
    },
    {
      sql: "grant update on codex.workspaces to codex_reader",
      object: "workspaces",
      detail: "codex_reader may update",
    },
  ],
  "write-functions-take-workspace": [
    {
      sql: `create function codex.close_all(p_reason text) returns void language plpgsql volatile
          set search_path = '' as 'begin end';
        grant execute on function codex.close_all(text) to codex_app`,
      object: "codex.close_all(text)",
      detail: /first parameter is not p_workspace_id/,
    },
  ],
  "triggers-quiet": [
    {
      sql: `create function codex.tg__shout() returns trigger language plpgsql
        as 'begin perform pg_notify(''x'', ''''); return new; end'`,
      object: "codex.tg__shout()",
      detail: /pg_notify/,
    },
    {
      sql: `create function codex.stamp() returns void language sql
        as 'update codex.workspaces set updated_at = clock_timestamp()'`,
      object: "codex.stamp()",
      detail: /clock_timestamp/,
    },
    {
      sql: `create function codex.blend() returns void language sql as
        'merge into codex.workspaces w using codex.workspaces v on false when matched then do nothing'`,
      object: "codex.blend()",
      detail: "uses MERGE",
    },
  ],
  "no-rules-or-views": [
    {
      sql: "create view codex.everything as select * from codex.workspaces",
      object: "everything",
      detail: "is a view",
    },
    {
      sql: "create rule quiet as on delete to codex.api_keys do instead nothing",
      object: "quiet",
      detail: /is a rule on codex.api_keys/,
    },
  ],
  "indexes-used": [
    {
      sql: "drop index codex.idx_api_keys_user",
      object: "api_keys_user_id_fkey",
      detail: /no index of codex.api_keys starts with its columns/,
    },
    {
      sql: "create index idx_api_keys_workspace on codex.api_keys (workspace_id)",
      object: "codex.idx_api_keys_workspace",
      detail: /is the beginning of/,
    },
    {
      sql: `update pg_catalog.pg_index set indisvalid = false
        where indexrelid = 'codex.idx_api_keys_user'::regclass`,
      object: "codex.idx_api_keys_user",
      detail: "is invalid",
    },
  ],
  grants: [
    {
      sql: "grant update (workspace_id) on codex.api_keys to codex_app",
      object: "api_keys.workspace_id",
      detail: "codex_app may update it",
    },
    {
      sql: "grant update (lifetime_points) on codex.user_stats to codex_app",
      object: "user_stats",
      detail: "codex_app may write it",
    },
    {
      sql: "grant insert on codex.user_achievements to codex_service",
      object: "user_achievements",
      detail: "codex_service may write it",
    },
    {
      sql: "grant delete on codex.api_keys to codex_app",
      object: "api_keys",
      detail: "codex_app may delete or truncate it",
    },
  ],
  names: [
    {
      sql: "alter table codex.api_keys rename constraint api_keys_role_check to role_list",
      object: "role_list",
      detail: /is not named by its rule/,
    },
    {
      sql: "alter index codex.idx_api_keys_user rename to api_keys_by_user",
      object: "api_keys_by_user",
      detail: /is not named by its query/,
    },
    {
      sql: "alter trigger _900_touch on codex.api_keys rename to touch",
      object: "touch",
      detail: /does not start with its place/,
    },
  ],
  "own-rows-by-key": [
    {
      sql: `create function codex.mine() returns bigint language sql
        as 'select count(*) from codex.user_notifications where user_id = codex.current_user_id()'`,
      object: "codex.mine()",
      detail: /no subquery/,
    },
  ],
  owners: [
    {
      sql: "alter table codex.api_keys owner to codex_definer",
      object: "api_keys",
      detail: "is owned by codex_definer",
    },
    {
      sql: "grant create on schema codex to codex_app",
      object: "schema codex",
      detail: "codex_app may create in it",
    },
  ],
};

describe.runIf(canMakeDatabases())("the audit", async () => {
  let db: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    db = await testDatabase({ own: true });
    client = await db.connect();
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const rules = await checkNames("audit");

  it("has a violation for each rule, and no violation without a rule", () => {
    expect(Object.keys(violations).toSorted()).toEqual(rules);
  });

  describe.each(rules)("%s", (rule) => {
    it("finds nothing in the migrated database", async () => {
      expect(await inRolledBack(client, () => runCheck(client, `audit/${rule}`))).toEqual([]);
    });

    it.each(violations[rule] ?? [])(
      "finds $object after: $sql",
      async ({ sql, object, detail }) => {
        const findings = await inRolledBack(client, async () => {
          // Rights over pg_catalog are checked at planning; the superuser has them.
          await client.query("set local allow_system_table_mods = on");
          await client.query(sql);
          return runCheck(client, `audit/${rule}`);
        });
        const found = findings.filter((finding) => finding.object === object);
        expect(found.map((finding) => finding.detail)).toContainEqual(
          typeof detail === "string" ? detail : expect.stringMatching(detail),
        );
      },
    );
  });
});
