create or replace function codex.streak_deadline(p_date date, p_time_zone text) returns timestamptz
language plpgsql stable set search_path = '' as $$
begin
  return codex.next_local_day(codex.next_local_day(p_date, p_time_zone), p_time_zone)::timestamp
    at time zone p_time_zone;
end
$$;
