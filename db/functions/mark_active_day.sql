create or replace function codex.mark_active_day(
  p_workspace_id uuid, p_user_id uuid, p_at timestamptz, p_time_zone text
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_date date := (p_at at time zone p_time_zone)::date;
  v_deadline timestamptz := codex.streak_deadline(v_date, p_time_zone);
  v_stats codex.user_stats;
  v_first timestamptz;
  v_current integer;
  v_longest integer;
begin
  select * into v_stats
  from codex.user_stats
  where workspace_id = p_workspace_id and user_id = p_user_id;
  select d.first_at into v_first
  from codex.activity_days d
  where d.workspace_id = p_workspace_id and d.user_id = p_user_id and d.local_date = v_date;
  insert into codex.activity_days as d
    (workspace_id, user_id, local_date, time_zone, first_at, deadline_at)
  values (p_workspace_id, p_user_id, v_date, p_time_zone, p_at, v_deadline)
  on conflict (workspace_id, user_id, local_date) do update set
    time_zone = case when excluded.first_at < d.first_at then excluded.time_zone else d.time_zone end,
    first_at = least(d.first_at, excluded.first_at),
    deadline_at = greatest(d.deadline_at, excluded.deadline_at);
  if v_date > v_stats.streak_last_local_date or v_stats.streak_last_local_date is null then
    -- Travelling east skips a date, west repeats one: the moment counts, and not the calendar.
    v_current := case
      when p_at < greatest(v_stats.streak_deadline_at,
          codex.streak_deadline(v_stats.streak_last_local_date, p_time_zone))
        then v_stats.streak_current + 1
      else 1
    end;
  elsif v_date = v_stats.streak_last_local_date and p_at >= v_first then
    v_current := v_stats.streak_current;
  else
    -- It came late: the day may close a gap.
    select current_days, longest_days into v_current, v_longest
    from codex.fold_streak(p_workspace_id, p_user_id);
  end if;
  update codex.user_stats
  set streak_current = v_current,
    streak_longest = greatest(streak_longest, v_current, v_longest),
    streak_last_local_date = greatest(streak_last_local_date, v_date),
    streak_deadline_at = greatest(streak_deadline_at, v_deadline)
  where workspace_id = p_workspace_id and user_id = p_user_id;
end
$$;
