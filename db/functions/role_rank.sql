create or replace function codex.role_rank(p_role text) returns integer
language sql immutable parallel safe as $$
  select case p_role
    when 'viewer' then 1
    when 'analyst' then 2
    when 'creator' then 3
    when 'strategist' then 4
    when 'owner' then 5
  end
$$;
