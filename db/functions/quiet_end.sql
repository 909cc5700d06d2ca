-- [{ "from": "22:00", "to": "07:00", "days": [1, 5] }]: an interval that ends before it begins ends on
-- the next day; days (1 Monday to 7 Sunday) are those it begins on, all of them when left out.
create or replace function codex.quiet_end(p_quiet_hours jsonb, p_local timestamp) returns timestamp
language plpgsql immutable parallel safe set search_path = '' as $$
begin
  return (
    select max(span.ends)
    from jsonb_array_elements(p_quiet_hours) as item
    -- What began yesterday may last until today.
    cross join (values (0), (1)) as back (days)
    cross join lateral (select p_local::date - back.days as day) began
    cross join lateral (
      select
        began.day + make_interval(mins => codex.minute_of_day(item ->> 'from')) as starts,
        began.day + make_interval(mins => codex.minute_of_day(item ->> 'to')
          + case when item ->> 'to' <= item ->> 'from' then 1440 else 0 end) as ends
    ) span
    where span.starts <= p_local and p_local < span.ends
      and (not item ? 'days' or item -> 'days' @> to_jsonb(extract(isodow from began.day)::integer)));
end
$$;
