-- As of now: the deadline follows the zone that the person has by now, and a streak that missed it is
-- broken without anybody writing so.
create or replace function codex.figures_of(
  p_workspace_id uuid, p_user_id uuid,
  out points bigint, out lifetime_points bigint, out level integer, out streak_current integer,
  out streak_longest integer, out streak_deadline_at timestamptz, out streak_state text,
  out shown boolean
)
language plpgsql stable set search_path = '' as $$
declare
  v_zone text;
  v_last date;
begin
  select p.time_zone, coalesce(s.points_balance, 0), coalesce(s.lifetime_points, 0),
    coalesce(s.level, 1), coalesce(s.streak_current, 0), coalesce(s.streak_longest, 0),
    s.streak_last_local_date, s.streak_deadline_at,
    -- Figures are shown to members as far as their person says; background work sees them.
    coalesce(s.visibility, 'members') = 'members' or codex.acting_user_id() = p_user_id
      or codex.acting_user_id() is null and codex.acting_agent_id() is null
  into v_zone, points, lifetime_points, level, streak_current, streak_longest, v_last,
    streak_deadline_at, shown
  from codex.user_workspaces m
  join codex.user_profiles p on p.id = m.user_id
  left join codex.user_stats s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
  where m.workspace_id = p_workspace_id and m.user_id = p_user_id;
  streak_deadline_at := greatest(streak_deadline_at, codex.streak_deadline(v_last, v_zone));
  streak_state := case
    when v_last is null then 'none'
    when now() >= streak_deadline_at then 'broken'
    when v_last >= (now() at time zone v_zone)::date then 'active'
    else 'at_risk'
  end;
  if streak_state = 'broken' then
    streak_current := 0;
  end if;
end
$$;
