create or replace function codex.text_similarity(p_one text, p_other text) returns numeric
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_one text := '  ' || btrim(lower(regexp_replace(left(p_one, 300), '\W+', ' ', 'g'))) || ' ';
  v_other text := '  ' || btrim(lower(regexp_replace(left(p_other, 300), '\W+', ' ', 'g'))) || ' ';
begin
  -- Subscripts of an array and not a series: of a series the planner knows the end or does not, and plans each call
  -- anew.
  return (
    select round(2.0 * count(*) filter (where piece.in_one and piece.in_other)
      / nullif(count(*) filter (where piece.in_one) + count(*) filter (where piece.in_other), 0), 4)
    from (
      select found.three, bool_or(found.in_one) as in_one, bool_or(not found.in_one) as in_other
      from (
        select true as in_one, substr(v_one, at, 3) as three
        from generate_subscripts(string_to_array(v_one, null), 1) as at
        where at <= char_length(v_one) - 2
        union all
        select false, substr(v_other, at, 3)
        from generate_subscripts(string_to_array(v_other, null), 1) as at
        where at <= char_length(v_other) - 2
      ) found
      group by found.three
    ) piece);
end
$$;
