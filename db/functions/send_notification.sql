-- SECURITY DEFINER: nobody may write into another person's inbox directly.
create or replace function codex.send_notification(
  p_workspace_id uuid, p_id uuid, p_user_ids uuid[], p_content jsonb, p_dedup_key text default null,
  out accepted integer, out skipped jsonb, out announced boolean
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_ids uuid[] := p_user_ids;
  v_members bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  if (p_content ->> 'expiresAt')::timestamptz <= now() then
    raise exception 'a notification expires in the future'
      using errcode = 'KX011', column = 'expires_at';
  end if;
  announced := false;
  if v_user_ids is null then
    -- Counted already: telling 100,000 looks at none of them.
    select coalesce(sum(members), 0) into v_members
    from codex.member_counts
    where workspace_id = p_workspace_id;
    announced := v_members > 10000;
    if not announced then
      v_user_ids := array(
        select user_id
        from codex.user_workspaces
        where workspace_id = p_workspace_id and removed_at is null
        limit 10001);
      -- Somebody joined between the two statements.
      announced := cardinality(v_user_ids) > 10000;
      v_members := greatest(v_members, cardinality(v_user_ids));
    end if;
  end if;
  if announced then
    skipped := '[]';
    accepted := case when codex.announce(p_workspace_id, p_id, p_content, p_dedup_key)
      then v_members else 0 end;
    return;
  end if;
  select f.accepted, f.skipped into accepted, skipped
  from codex.fan_out_notification(p_workspace_id, p_id, v_user_ids, p_content, p_dedup_key) f;
end
$$;
