-- The workspace's own rule, or else what every workspace begins with.
create or replace function codex.activity_points(
  p_workspace_id uuid, p_user_id uuid, p_metric text, p_value bigint, p_date date
) returns bigint
language plpgsql stable set search_path = '' as $$
declare
  v_rule codex.activity_rules;
begin
  select * into v_rule
  from codex.activity_rules
  where workspace_id = p_workspace_id and metric = p_metric;
  if v_rule.metric is null then
    return case p_metric when 'quests_completed' then 25 when 'campaigns_completed' then 100 else 0 end
      * least(p_value, 1000000);
  end if;
  -- Without a limit the last is null, and counts for nothing: GREATEST would make 0 of it.
  return least(v_rule.points_each::numeric * p_value, 1000000000,
    case when v_rule.points_per_day is not null then greatest(0, v_rule.points_per_day - (
      select coalesce(sum(delta), 0)
      from codex.points_ledger
      where workspace_id = p_workspace_id and user_id = p_user_id and metric = p_metric
        and local_date = p_date
    )) end);
end
$$;
