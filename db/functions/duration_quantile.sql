create or replace function codex.duration_quantile(p_durations bigint[], p_quantile numeric)
returns numeric
language sql immutable parallel safe set search_path = '' as $$
  with buckets as (
    select at, sum(count) over (order by at) as below, sum(count) over () as total
    from unnest(p_durations) with ordinality as b (count, at)
  )
  select case min(at)
    when 1 then 1
    else round(power(2.0, (min(at) - 1.5) / 4), 3)
  end
  from buckets
  where below >= greatest(1, ceil(p_quantile * total)) and total > 0
$$;
