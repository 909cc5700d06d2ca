create or replace function codex.explain_preferences(
  p_workspace_id uuid, p_user_id uuid, p_alert_id uuid, out decision text, out reason text
)
language sql stable set search_path = '' as $$
  select
    case
      when plan.channels = '{}' then 'stop'
      when plan.waits then 'hold'
      else 'pass'
    end,
    case
      when plan.channels = '{}' then 'their preferences want no alerts but critical ones'
      when plan.waits then format('the inbox has it at once, e-mail waits until %s', to_char(
        plan.deliver_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
      when 'email' = any (plan.channels) then 'inbox and e-mail, at once'
      else 'inbox, at once'
    end
  from codex.system_alerts a
  cross join lateral (
    select p.channels, p.deliver_at, 'email' = any (p.channels) and p.deliver_at > now() as waits
    from codex.plan_for(p_workspace_id, p_user_id, 'alert', codex.alert_priority(a.severity), now()) p
  ) plan
  where a.workspace_id = p_workspace_id and a.id = p_alert_id
$$;
