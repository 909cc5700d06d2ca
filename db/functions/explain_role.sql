create or replace function codex.explain_role(
  p_workspace_id uuid, p_alert_id uuid, p_user_id uuid, out decision text, out reason text
)
language sql stable set search_path = '' as $$
  select
    case when told.reached then 'pass' else 'stop' end,
    case
      when c.owner_id = p_user_id then 'owns the campaign that the alert is about'
      when s.least_role is null then format('severity %s is for the owner of the campaign alone', a.severity)
      else format('severity %s is for the role %s and above; this is %s', a.severity, s.least_role,
        case when m.role = 'owner' then 'an owner' when m.role = 'analyst' then 'an analyst'
          else 'a ' || m.role end)
    end
  from codex.system_alerts a
  join codex.user_workspaces m on m.workspace_id = a.workspace_id and m.user_id = p_user_id
  left join codex.campaigns c on c.workspace_id = a.workspace_id and c.id = a.campaign_id
  cross join lateral codex.alert_step(a.severity, 0) s
  cross join lateral (
    select p_user_id in (select codex.alert_audience(p_workspace_id, p_alert_id, 0)) as reached
  ) told
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
$$;
