create or replace function codex.count_metric(
  p_workspace_id uuid, p_user_id uuid, p_metric text, p_value bigint
) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if not codex.is_stat_counter(p_metric) then
    insert into codex.user_metrics as m (workspace_id, user_id, metric, total)
    values (p_workspace_id, p_user_id, p_metric, p_value)
    on conflict (workspace_id, user_id, metric) do update set total = m.total + excluded.total;
    return;
  end if;
  update codex.user_stats
  set campaigns_created = campaigns_created + case p_metric when 'campaigns_created' then p_value else 0 end,
    campaigns_completed =
      campaigns_completed + case p_metric when 'campaigns_completed' then p_value else 0 end,
    quests_completed = quests_completed + case p_metric when 'quests_completed' then p_value else 0 end,
    content_created = content_created + case p_metric when 'content_created' then p_value else 0 end,
    content_published =
      content_published + case p_metric when 'content_published' then p_value else 0 end,
    collaborations_count =
      collaborations_count + case p_metric when 'collaborations_count' then p_value else 0 end,
    login_count = login_count + case p_metric when 'login_count' then p_value else 0 end
  where workspace_id = p_workspace_id and user_id = p_user_id;
end
$$;
