-- SECURITY DEFINER: nobody may write into another person's inbox directly.
create or replace function codex.send_notification(
  p_workspace_id uuid, p_id uuid, p_user_ids uuid[], p_content jsonb, p_dedup_key text default null,
  out accepted integer, out skipped jsonb, out announced boolean
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_ids uuid[] := p_user_ids;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  announced := false;
  if v_user_ids is null then
    v_user_ids := array(
      select user_id
      from codex.user_workspaces
      where workspace_id = p_workspace_id and removed_at is null
      limit 10001);
    announced := cardinality(v_user_ids) > 10000;
  end if;
  if announced then
    accepted := 0;
    skipped := '[]';
    if codex.announce(p_workspace_id, p_id, p_content, p_dedup_key) then
      select count(*) into accepted
      from codex.user_workspaces
      where workspace_id = p_workspace_id and removed_at is null;
    end if;
    return;
  end if;
  select f.accepted, f.skipped into accepted, skipped
  from codex.fan_out_notification(p_workspace_id, p_id, v_user_ids, p_content, p_dedup_key) f;
end
$$;
