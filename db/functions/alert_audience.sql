create or replace function codex.alert_audience(
  p_workspace_id uuid, p_alert_id uuid, p_step integer
) returns setof uuid
language plpgsql stable set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
begin
  return query
    -- Role by role, each by idx_user_workspaces_role: most members of a large workspace are of none of them.
    select m.user_id
    from codex.system_alerts a
    cross join lateral codex.alert_step(a.severity, p_step) s
    cross join unnest(array['viewer', 'analyst', 'creator', 'strategist', 'owner']) as r (role)
    cross join lateral (
      select user_id
      from codex.user_workspaces
      where workspace_id = p_workspace_id and role = r.role and removed_at is null
      offset 0
    ) m
    where a.workspace_id = p_workspace_id and a.id = p_alert_id
      and codex.role_rank(r.role) >= codex.role_rank(s.least_role)
    union
    select m.user_id
    from codex.system_alerts a
    cross join lateral codex.alert_step(a.severity, p_step) s
    join codex.campaigns c on c.workspace_id = a.workspace_id and c.id = a.campaign_id
    join codex.user_workspaces m
      on m.workspace_id = a.workspace_id and m.user_id = c.owner_id and m.removed_at is null
    where a.workspace_id = p_workspace_id and a.id = p_alert_id;
end
$$;
