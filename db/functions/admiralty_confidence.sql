create or replace function codex.admiralty_confidence(p_reliability text, p_credibility integer)
returns integer
language sql immutable parallel safe as $$
  select (
    case p_reliability
      when 'A' then 100 when 'B' then 75 when 'C' then 50 when 'D' then 25 when 'E' then 0 else 50
    end * case p_credibility
      when 1 then 100 when 2 then 75 when 3 then 50 when 4 then 25 when 5 then 0 else 50
    end) / 100
$$;
