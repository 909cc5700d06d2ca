create or replace function codex.require_worker(p_agent_id uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
  if codex.acting_agent_id() is null then
    perform codex.require_role('creator');
  elsif codex.acting_agent_id() <> p_agent_id then
    raise exception 'an agent works for itself and for no other' using errcode = 'KX010';
  end if;
end
$$;
