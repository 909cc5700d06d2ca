-- A zone may leave a day out: Pacific/Apia had no 30 December 2011.
create or replace function codex.next_local_day(p_date date, p_time_zone text) returns date
language plpgsql stable set search_path = '' as $$
begin
  return case
    when ((p_date + 1)::timestamp at time zone p_time_zone at time zone p_time_zone)::date = p_date + 1
      then p_date + 1
    else p_date + 2
  end;
end
$$;
