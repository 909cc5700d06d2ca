create or replace function codex.is_quiet_hours(p_quiet_hours jsonb) returns boolean
language plpgsql immutable parallel safe set search_path = '' as $$
begin
  if jsonb_typeof(p_quiet_hours) is distinct from 'array' or jsonb_array_length(p_quiet_hours) > 20 then
    return false;
  elsif jsonb_array_length(p_quiet_hours) = 0 then
    return true;
  elsif exists (
    select
    from jsonb_array_elements(p_quiet_hours) as item
    where jsonb_typeof(item) <> 'object'
      or coalesce(item ->> 'from', '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
      or coalesce(item ->> 'to', '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
      or item ->> 'from' = item ->> 'to'
      or item ? 'days'
        and (jsonb_typeof(item -> 'days') <> 'array'
          or item -> 'days' = '[]'
          or not item -> 'days' <@ '[1, 2, 3, 4, 5, 6, 7]')
  ) then
    return false;
  end if;
  -- Some moment of the week is free: then one of the intervals ends into a free one.
  return exists (
    select
    from jsonb_array_elements(p_quiet_hours) as item
    cross join generate_series(0, 7) as day
    where codex.quiet_end(p_quiet_hours,
      timestamp '2024-01-01' + make_interval(days => day,
        mins => codex.minute_of_day(item ->> 'to'))) is null
  );
end
$$;
