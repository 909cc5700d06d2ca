create or replace function codex.member_figures(p_workspace_id uuid, p_user_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_object_agg(figure.key, figure.value), '{}')
    from (
      select counter.key, counter.value
      from codex.user_stats s
      cross join lateral jsonb_each(to_jsonb(s)) as counter
      where s.workspace_id = p_workspace_id and s.user_id = p_user_id
        and codex.is_stat_counter(counter.key)
      union all
      select m.metric, to_jsonb(m.total)
      from codex.user_metrics m
      where m.workspace_id = p_workspace_id and m.user_id = p_user_id
    ) figure);
end
$$;
