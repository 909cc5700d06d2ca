-- All agents of a workspace are one again. Refuses while an agent's request is kept, whose answer another would get.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and exists (select from codex.idempotency_keys where agent_id is not null)
  then
    raise exception 'this rollback would destroy who sent a request, in rows of idempotency_keys'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

alter policy all_requester on codex.idempotency_keys
  using (workspace_id = codex.current_workspace_id()
    and user_id is not distinct from codex.acting_user_id())
  with check (workspace_id = codex.current_workspace_id()
    and user_id is not distinct from codex.acting_user_id());
alter table codex.idempotency_keys drop constraint if exists idempotency_keys_agent_id_fkey;
drop index if exists codex.idx_idempotency_keys_agent;
alter table codex.idempotency_keys drop column if exists agent_id;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 38, 19 $$;
