-- Check 3.1 of the plan: the whole contract of codex.agent_registry.
-- Global; the service alone writes it and reads the prompts.
-- Each line that is missing, changed or beside the contract is one row.
-- Since migration 015.
with contract (name, object, detail) as (values
  ('codex.agent_registry', 'table', 'owner codex_owner, row security enabled and forced'),
  ('codex.agent_registry', 'column id', 'uuid not null default gen_random_uuid()'),
  ('codex.agent_registry', 'column name', 'text not null'),
  ('codex.agent_registry', 'column version', 'text not null default ''1.0''::text'),
  ('codex.agent_registry', 'column guild', 'text not null'),
  ('codex.agent_registry', 'column agent_type', 'text not null'),
  ('codex.agent_registry', 'column code', 'text'),
  ('codex.agent_registry', 'column description', 'text not null default ''''::text'),
  ('codex.agent_registry', 'column purpose', 'text not null default ''''::text'),
  ('codex.agent_registry', 'column domain_expertise', 'text[] not null default ''{}''::text[]'),
  ('codex.agent_registry', 'column personality_traits', 'text[] not null default ''{}''::text[]'),
  ('codex.agent_registry', 'column tags', 'text[] not null default ''{}''::text[]'),
  ('codex.agent_registry', 'column tool_access', 'text[] not null default ''{}''::text[]'),
  ('codex.agent_registry', 'column model_config', 'jsonb not null default ''{}''::jsonb'),
  ('codex.agent_registry', 'column system_prompt', 'text not null default ''''::text'),
  ('codex.agent_registry', 'column status', 'text not null default ''draft''::text'),
  ('codex.agent_registry', 'column replaced_by_id', 'uuid'),
  ('codex.agent_registry', 'column released_at', 'timestamp with time zone'),
  ('codex.agent_registry', 'column deprecated_at', 'timestamp with time zone'),
  ('codex.agent_registry', 'column created_at', 'timestamp with time zone not null default now()'),
  ('codex.agent_registry', 'column updated_at', 'timestamp with time zone not null default now()'),
  ('codex.agent_registry', 'constraint agent_registry_agent_type_check', 'CHECK ((agent_type = ANY (ARRAY[''lord''::text, ''researcher''::text, ''creative''::text, ''intelligence''::text, ''guardian''::text])))'),
  ('codex.agent_registry', 'constraint agent_registry_guild_check', 'CHECK ((guild = ANY (ARRAY[''council_of_lords''::text, ''research''::text, ''muse''::text, ''matrix''::text, ''guardians''::text])))'),
  ('codex.agent_registry', 'constraint agent_registry_model_config_is_object_check', 'CHECK ((jsonb_typeof(model_config) = ''object''::text))'),
  ('codex.agent_registry', 'constraint agent_registry_name_length_check', 'CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100)))'),
  ('codex.agent_registry', 'constraint agent_registry_pkey', 'PRIMARY KEY (id)'),
  ('codex.agent_registry', 'constraint agent_registry_replaced_by_id_fkey', 'FOREIGN KEY (replaced_by_id) REFERENCES codex.agent_registry(id)'),
  ('codex.agent_registry', 'constraint agent_registry_status_check', 'CHECK ((status = ANY (ARRAY[''draft''::text, ''active''::text, ''deprecated''::text, ''retired''::text])))'),
  ('codex.agent_registry', 'constraint agent_registry_type_of_guild_check', 'CHECK ((agent_type = CASE guild WHEN ''council_of_lords''::text THEN ''lord''::text WHEN ''research''::text THEN ''researcher''::text WHEN ''muse''::text THEN ''creative''::text WHEN ''matrix''::text THEN ''intelligence''::text ELSE ''guardian''::text END))'),
  ('codex.agent_registry', 'constraint agent_registry_version_format_check', E'CHECK ((version ~ ''^[0-9]+(\\.[0-9]+)*$''::text))'),
  ('codex.agent_registry', 'constraint uniq_agent_registry_name_version', 'UNIQUE (name, version)'),
  ('codex.agent_registry', 'index codex.idx_agent_registry_guild', 'CREATE INDEX idx_agent_registry_guild ON codex.agent_registry USING btree (guild, status, name)'),
  ('codex.agent_registry', 'index codex.idx_agent_registry_replaced_by', 'CREATE INDEX idx_agent_registry_replaced_by ON codex.agent_registry USING btree (replaced_by_id)'),
  ('codex.agent_registry', 'index codex.idx_agent_registry_status', 'CREATE INDEX idx_agent_registry_status ON codex.agent_registry USING btree (status, name)'),
  ('codex.agent_registry', 'index codex.idx_agent_registry_type', 'CREATE INDEX idx_agent_registry_type ON codex.agent_registry USING btree (agent_type, status)'),
  ('codex.agent_registry', 'index codex.uniq_agent_registry_code', 'CREATE UNIQUE INDEX uniq_agent_registry_code ON codex.agent_registry USING btree (code, version) WHERE (code IS NOT NULL)'),
  ('codex.agent_registry', 'policy all_service', 'permissive for all to codex_service using true check true'),
  ('codex.agent_registry', 'policy select_definer', 'permissive for select to codex_definer using true'),
  ('codex.agent_registry', 'policy select_everyone', 'permissive for select to codex_app using true'),
  ('codex.agent_registry', 'trigger _100_check_transition', 'CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.agent_registry FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition(''status'', ''draft, active'', ''draft > active, retired'', ''active > deprecated'', ''deprecated > active, retired'')'),
  ('codex.agent_registry', 'grant to codex_app', case
    when to_regclass('codex.agent_executions') is null
      then 'select (agent_type, code, created_at, deprecated_at, description, domain_expertise, guild, id, name, personality_traits, purpose, released_at, replaced_by_id, status, tags, tool_access, updated_at, version)'
    else 'select (agent_type, card, code, created_at, deprecated_at, description, domain_expertise, guild, id, name, personality_traits, purpose, released_at, replaced_by_id, status, tags, tool_access, updated_at, version)'
  end),
  ('codex.agent_registry', 'grant to codex_definer', 'select (agent_type, code, created_at, deprecated_at, description, domain_expertise, guild, id, name, personality_traits, purpose, released_at, replaced_by_id, status, tags, tool_access, updated_at, version)'),
  ('codex.agent_registry', 'grant to codex_service', 'delete, insert, select, update')
  union all
  -- Added by a later migration, and part of the contract from then on.
  select *
  from (values
    ('codex.agent_registry', 'column card', 'jsonb not null default ''{}''::jsonb'),
    ('codex.agent_registry', 'constraint agent_registry_card_is_object_check', 'CHECK ((jsonb_typeof(card) = ''object''::text))'),
    ('codex.agent_registry', 'trigger _200_check_version', 'CREATE TRIGGER _200_check_version BEFORE UPDATE OF name, version ON codex.agent_registry FOR EACH ROW EXECUTE FUNCTION codex.tg_agent_registry__check_version()')
  ) as later
  where to_regclass('codex.agent_executions') is not null
  union all
  select 'codex.agent_registry', 'grant to codex_reader', 'select (id, status)'
  where to_regprocedure('codex.is_retired(uuid)') is not null
), actual as (
  select t.name, d.object, d.detail
  from (values ('codex.agent_registry')) as t (name)
  cross join lateral codex.describe_table(to_regclass(t.name)) d
  where d.object !~ '^comment'
)
select format('%s: %s', name, object) as object,
  case
    when a.detail is null then format('missing, expected: %s', c.detail)
    when c.detail is null then format('unexpected: %s', a.detail)
    else format('is: %s; expected: %s', a.detail, c.detail)
  end as detail
from contract c
full join actual a using (name, object)
where a.detail is distinct from c.detail
order by 1;
