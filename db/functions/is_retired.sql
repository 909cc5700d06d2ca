create or replace function codex.is_retired(p_agent_id uuid) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from codex.agent_registry where id = p_agent_id and status = 'retired')
$$;
