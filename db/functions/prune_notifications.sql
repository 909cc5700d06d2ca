create or replace function codex.prune_notifications(
  p_workspace_id uuid, p_before timestamptz, p_limit integer default 5000,
  out notifications bigint, out announcements bigint, out deliveries bigint
)
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  perform codex.require_workspace(p_workspace_id);
  -- First, since removing a notification takes its deliveries along.
  delete from codex.notification_deliveries d
  using (
    select old.id
    from codex.notification_deliveries old
    where old.workspace_id = p_workspace_id and old.created_at < p_before
      and codex.is_over(old)
    limit p_limit
    -- What somebody marks or sends at this moment goes another time.
    for update skip locked
  ) chunk
  where d.workspace_id = p_workspace_id and d.id = chunk.id;
  get diagnostics deliveries = row_count;
  delete from codex.user_notifications n
  using (
    select old.user_id, old.id
    from codex.user_notifications old
    where old.workspace_id = p_workspace_id and old.created_at < p_before
      and (old.read_at is not null or old.archived_at is not null or old.expires_at <= now())
      -- What is on its way, or is kept, keeps it.
      and not exists (
        select from codex.notification_deliveries d
        where d.workspace_id = p_workspace_id and d.user_id = old.user_id
          and d.notification_id = old.id
      )
    limit p_limit
    for update skip locked
  ) chunk
  where n.workspace_id = p_workspace_id and n.user_id = chunk.user_id and n.id = chunk.id;
  get diagnostics notifications = row_count;
  -- The newest stays: its number is the one that the next is counted from.
  delete from codex.announcements a
  using (
    select old.id
    from codex.announcements old
    where old.workspace_id = p_workspace_id and old.created_at < p_before
      and old.number < (
        select max(number) from codex.announcements where workspace_id = p_workspace_id)
    limit p_limit
  ) chunk
  where a.workspace_id = p_workspace_id and a.id = chunk.id;
  get diagnostics announcements = row_count;
end
$$;
