-- SECURITY DEFINER as codex_reader: background work has to know where there is any.
create or replace function codex.workspaces_with_work(
  p_kind text, p_after uuid default null, p_limit integer default 100
) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  case p_kind
    when 'executions' then
      return query
        select distinct e.workspace_id
        from codex.agent_executions e
        where e.status = 'running' and e.lease_expires_at < now()
          and (p_after is null or e.workspace_id > p_after)
        order by e.workspace_id
        limit p_limit;
    else
      raise exception 'there is no such kind of work' using errcode = 'KX011';
  end case;
end
$$;
