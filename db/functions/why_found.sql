create or replace function codex.why_found(
  p_signal codex.intelligence_signals, p_words tsquery, p_score numeric, p_similarity numeric,
  p_as_of timestamptz
) returns text[]
language sql stable parallel safe set search_path = '' as $$
  select array_remove(array[
    case
      when to_tsvector('pg_catalog.english', p_signal.title) @@ p_words then 'found in the title'
      when to_tsvector('pg_catalog.english', p_signal.description) @@ p_words then 'found in the body'
      else 'found in title and body together'
    end,
    case when p_similarity is not null then
      format('the title is like the question by %s %%', round(p_similarity * 100))
    end,
    case when p_signal.sighting_count > 1 then
      format('seen %s times', p_signal.sighting_count)
    end,
    case when cardinality(p_signal.sources) > 1 then
      format('from %s sources', cardinality(p_signal.sources))
    end,
    case
      when p_signal.override_score is not null and p_as_of >= p_signal.overridden_at
        and (p_signal.override_until is null or p_as_of < p_signal.override_until)
        then format('score set by hand: %s', p_signal.override_reason)
      -- In the points that are shown: a moment takes nothing of them.
      when round(p_score) < p_signal.confidence then
        format('score decayed from %s, half every %s h', p_signal.confidence, p_signal.half_life_hours)
      else format('score %s, fresh', p_signal.confidence)
    end
  ], null)
$$;
