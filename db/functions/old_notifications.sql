create or replace function codex.old_notifications(
  p_workspace_id uuid, p_before timestamptz,
  out notifications bigint, out announcements bigint, out deliveries bigint
)
language sql stable set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
  select
    (select count(*) from codex.user_notifications n
    where n.workspace_id = p_workspace_id and n.created_at < p_before
      and (n.read_at is not null or n.archived_at is not null or n.expires_at <= now())
      and not exists (
        select from codex.notification_deliveries d
        where d.workspace_id = p_workspace_id and d.user_id = n.user_id and d.notification_id = n.id
          and (d.created_at >= p_before or not codex.is_over(d)))),
    (select count(*) from codex.announcements a
    where a.workspace_id = p_workspace_id and a.created_at < p_before
      and a.number < (
        select max(number) from codex.announcements where workspace_id = p_workspace_id)),
    (select count(*) from codex.notification_deliveries d
    where d.workspace_id = p_workspace_id and d.created_at < p_before
      and codex.is_over(d))
$$;
