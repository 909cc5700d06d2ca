create or replace function codex.wilson_lower_bound(p_successes bigint, p_runs bigint)
returns double precision
language sql immutable parallel safe set search_path = '' as $$
  -- z = 1.96: the lower end of the interval of 95 %.
  select case
    when coalesce(p_runs, 0) = 0 then 0
    else greatest(0, (p_successes + 1.9208 - 1.96 * sqrt(
        p_successes::double precision * (p_runs - p_successes) / p_runs + 0.9604))
      / (p_runs + 3.8416))
  end
$$;
