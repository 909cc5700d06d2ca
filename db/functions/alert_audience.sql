create or replace function codex.alert_audience(
  p_workspace_id uuid, p_alert_id uuid, p_step integer
) returns setof uuid
language sql stable set search_path = '' as $$
  select m.user_id
  from codex.system_alerts a
  cross join lateral codex.alert_step(a.severity, p_step) s
  join codex.user_workspaces m
    on m.workspace_id = a.workspace_id and m.removed_at is null
  left join codex.campaigns c on c.workspace_id = a.workspace_id and c.id = a.campaign_id
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
    and (codex.role_rank(m.role) >= codex.role_rank(s.least_role) or m.user_id = c.owner_id)
$$;
