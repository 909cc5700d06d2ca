-- Removes the counts of members. They are counted anew whenever the file runs: refuses only where they say
-- something that the members do not.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on' and exists (
    select
    from codex.member_counts c
    where members <> (
      select count(*)
      from codex.user_workspaces m
      where m.workspace_id = c.workspace_id and codex.member_slot(m.user_id) = c.slot
        and m.removed_at is null
    )
  ) then
    raise exception 'this rollback would destroy rows of member_counts'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

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

drop trigger if exists _940_count on codex.user_workspaces;
drop function if exists codex.tg_user_workspaces__count();
drop table if exists codex.member_counts;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 30, 19 $$;
