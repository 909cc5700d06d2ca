-- { "kind": "manual" }, or { "kind": "threshold", "metric": <what activity counts>, "threshold": n }.
create or replace function codex.is_criteria(p_criteria jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select coalesce(case p_criteria ->> 'kind'
    when 'manual' then true
    when 'threshold' then
      p_criteria ->> 'metric' ~ '^[a-z][a-z0-9_]{0,99}$'
      and jsonb_typeof(p_criteria -> 'threshold') = 'number'
      and (p_criteria ->> 'threshold')::numeric >= 1
  end, false)
$$;
