-- SECURITY DEFINER: nobody may write awards and points directly.
create or replace function codex.backfill_achievement(
  p_workspace_id uuid, p_achievement_id uuid, p_limit integer default 1000,
  out awarded integer, out remaining boolean
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_achievement codex.achievements;
  v_user_ids uuid[];
  v_user_id uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('strategist');
  select * into v_achievement
  from codex.achievements
  where workspace_id = p_workspace_id and id = p_achievement_id;
  awarded := 0;
  remaining := false;
  if v_achievement.id is null then
    raise exception 'no such achievement' using errcode = 'KX008';
  elsif v_achievement.status <> 'active' or v_achievement.criteria ->> 'kind' <> 'threshold' then
    return;
  end if;
  v_user_ids := array(
    select s.user_id
    from codex.user_stats s
    join codex.user_workspaces m
      on m.workspace_id = s.workspace_id and m.user_id = s.user_id and m.removed_at is null
    join codex.user_profiles p on p.id = s.user_id
    where s.workspace_id = p_workspace_id
      and (codex.member_figures(p_workspace_id, s.user_id)
        ->> (v_achievement.criteria ->> 'metric'))::numeric
        >= (v_achievement.criteria ->> 'threshold')::numeric
      and codex.may_earn(p_workspace_id, s.user_id, p_achievement_id,
        v_achievement.prerequisite_id,
        codex.period_key(v_achievement.repeat_period, now(), p.time_zone))
    -- In the order of the locks, so that two of these take turns.
    order by codex.member_slot(s.user_id), s.user_id
    limit p_limit + 1);
  remaining := cardinality(v_user_ids) > p_limit;
  foreach v_user_id in array v_user_ids[:p_limit] loop
    perform codex.lock_member(p_workspace_id, v_user_id);
    awarded := awarded + codex.award_achievement(
      p_workspace_id, v_user_id, p_achievement_id, 'backfill', '{}', false)::integer;
    perform codex.award_reached(p_workspace_id, v_user_id, 'backfill', false);
  end loop;
end
$$;
