create or replace function codex.plan_for(
  p_workspace_id uuid, p_user_id uuid, p_category text, p_priority text, p_at timestamptz,
  out channels text[], out deliver_at timestamptz
)
language plpgsql stable set search_path = '' as $$
begin
  select plan.channels, plan.deliver_at into channels, deliver_at
  from codex.user_profiles u
  left join codex.notification_preferences p
    on p.workspace_id = p_workspace_id and p.user_id = u.id
  cross join lateral codex.plan_delivery(coalesce(p.channels, '{}'), coalesce(p.quiet_hours, '[]'),
    coalesce(p.digest, 'off'), coalesce(p.time_zone, u.time_zone), p_category, p_priority, p_at) plan
  where u.id = p_user_id;
end
$$;
