-- Shares that must sum to 1, with the tolerance that two decimals leave; empty passes.
create or replace function codex.sums_to_one(p_shares jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select case
    when jsonb_typeof(p_shares) <> 'object' then false
    when p_shares = '{}' then true
    when exists (select from jsonb_each(p_shares) where jsonb_typeof(value) <> 'number') then false
    else (
      select sum(value::numeric) between 0.99 and 1.01 and min(value::numeric) >= 0
      from jsonb_each_text(p_shares)
    )
  end
$$;
