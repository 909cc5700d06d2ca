create or replace function codex.text_similarity(p_one text, p_other text) returns numeric
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_one text := '  ' || btrim(lower(regexp_replace(left(p_one, 300), '\W+', ' ', 'g'))) || ' ';
  v_other text := '  ' || btrim(lower(regexp_replace(left(p_other, 300), '\W+', ' ', 'g'))) || ' ';
  v_ones text[];
  v_others text[];
  v_both integer;
begin
  v_ones := array(
    select distinct substr(v_one, at, 3) from generate_series(1, char_length(v_one) - 2) as at);
  v_others := array(
    select distinct substr(v_other, at, 3) from generate_series(1, char_length(v_other) - 2) as at);
  select count(*) into v_both from unnest(v_ones) as piece where piece = any (v_others);
  return round(2.0 * v_both / nullif(cardinality(v_ones) + cardinality(v_others), 0), 4);
end
$$;
