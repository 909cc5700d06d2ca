-- The streak as it follows from the days alone: for a day that came late, and to prove what is stored.
create or replace function codex.fold_streak(
  p_workspace_id uuid, p_user_id uuid,
  out current_days integer, out longest_days integer, out last_date date, out deadline_at timestamptz
)
language plpgsql stable set search_path = '' as $$
declare
  v_day record;
begin
  current_days := 0;
  longest_days := 0;
  for v_day in
    select d.local_date, d.time_zone, d.first_at, d.deadline_at
    from codex.activity_days d
    where d.workspace_id = p_workspace_id and d.user_id = p_user_id
    order by d.local_date
  loop
    current_days := case
      when v_day.first_at < greatest(deadline_at, codex.streak_deadline(last_date, v_day.time_zone))
        then current_days + 1
      else 1
    end;
    longest_days := greatest(longest_days, current_days);
    last_date := v_day.local_date;
    deadline_at := greatest(deadline_at, v_day.deadline_at);
  end loop;
end
$$;
