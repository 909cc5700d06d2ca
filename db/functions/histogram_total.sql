create or replace function codex.histogram_total(p_durations bigint[]) returns bigint
language plpgsql immutable parallel safe set search_path = '' as $$
begin
  return case
    when cardinality(p_durations) = 97 and 0 <= all (p_durations)
      then (select sum(count)::bigint from unnest(p_durations) as b (count))
  end;
end
$$;
