-- SECURITY DEFINER: the search it stands on is granted to codex_definer alone.
create or replace function codex.compare_signals(p_workspace_id uuid, p_signal_ids uuid[])
returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id uuid;
  v_near record;
  v_count integer := 0;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  foreach v_id in array p_signal_ids loop
    select n.id, n.similarity into v_near
    from codex.search_near_duplicates(p_workspace_id, v_id) n
    where not exists (
      select from codex.signal_links l
      where l.workspace_id = p_workspace_id and l.head_id is not null
        and (l.signal_id = v_id or l.signal_id = n.id and l.head_id = v_id)
    )
    limit 1;
    if v_near.id is not null then
      perform codex.cluster_signal(p_workspace_id, v_id, v_near.id, v_near.similarity);
      v_count := v_count + 1;
    end if;
  end loop;
  update codex.intelligence_signals
  set compared_at = now()
  where workspace_id = p_workspace_id and id = any (p_signal_ids) and compared_at is null;
  return v_count;
end
$$;
