-- SECURITY DEFINER: nobody may write awards and points directly.
create or replace function codex.backfill_achievement(
  p_workspace_id uuid, p_achievement_id uuid, p_limit integer default 1000,
  out awarded integer, out remaining boolean
)
language plpgsql volatile security definer set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
declare
  -- An award takes some ten milliseconds: more than these has no call time for, whoever asks.
  v_limit integer := least(p_limit, 200);
  v_achievement codex.achievements;
  v_metric text;
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
  v_metric := v_achievement.criteria ->> 'metric';
  v_user_ids := array(
    select reached.user_id
    from (
      select s.user_id, codex.period_key(v_achievement.repeat_period, now(), p.time_zone) as period
      from codex.user_stats s
      join codex.user_workspaces m
        on m.workspace_id = s.workspace_id and m.user_id = s.user_id and m.removed_at is null
      join codex.user_profiles p on p.id = s.user_id
      where s.workspace_id = p_workspace_id
        -- The one figure that counts, and not all those of each member.
        and case
            when codex.is_stat_counter(v_metric) then (to_jsonb(s) ->> v_metric)::numeric
            else (
              select f.total
              from codex.user_metrics f
              where f.workspace_id = p_workspace_id and f.user_id = s.user_id and f.metric = v_metric
            )
          end >= (v_achievement.criteria ->> 'threshold')::numeric
        and not exists (
          select from codex.user_achievements a
          where a.workspace_id = p_workspace_id and a.user_id = s.user_id
            and a.achievement_id = p_achievement_id
            and a.period_key = codex.period_key(v_achievement.repeat_period, now(), p.time_zone)
        )
      -- In the order of the locks, so that two of these take turns.
      order by codex.member_slot(s.user_id), s.user_id
      offset 0
    ) reached
    where codex.may_earn(p_workspace_id, reached.user_id, p_achievement_id,
      v_achievement.prerequisite_id, reached.period)
    limit v_limit + 1);
  remaining := cardinality(v_user_ids) > v_limit;
  foreach v_user_id in array v_user_ids[:v_limit] loop
    perform codex.lock_member(p_workspace_id, v_user_id);
    awarded := awarded + codex.award_achievement(
      p_workspace_id, v_user_id, p_achievement_id, 'backfill', '{}', false)::integer;
    perform codex.award_reached(p_workspace_id, v_user_id, 'backfill', false);
  end loop;
end
$$;
