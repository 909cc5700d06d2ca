-- SECURITY DEFINER as codex_reader: under row security a text search cannot use its index.
create or replace function codex.search_near_duplicates(p_workspace_id uuid, p_signal_id uuid)
returns table (id uuid, similarity numeric)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_signal codex.intelligence_signals;
  v_query tsquery;
begin
  perform codex.require_workspace(p_workspace_id);
  select * into v_signal
  from codex.intelligence_signals s
  where s.workspace_id = p_workspace_id and s.id = p_signal_id and s.purged_at is null;
  -- Where one word differs, two thirds of the words are there as they are.
  with third as (
    select place % 3 as n, string_agg(format('''%s''',
      replace(replace(lexeme, '\', '\\'), '''', '''''')), '&') as words
    from unnest(tsvector_to_array(to_tsvector('pg_catalog.english', v_signal.title)))
      with ordinality as w (lexeme, place)
    group by 1
  )
  select string_agg(format('(%s&%s)', one.words, other.words), '|')::tsquery into v_query
  from third one
  join third other on other.n > one.n
  having (select count(*) from third) = 3;
  if v_query is null then
    return;
  end if;
  v_query := v_query && format('''%s''', p_workspace_id)::tsquery;
  return query
    select near.id, near.similarity
    from (
      select s.id, s.first_seen_at, codex.text_similarity(s.title, v_signal.title) as similarity
      from codex.intelligence_signals s
      where s.workspace_id = p_workspace_id and s.id <> p_signal_id
        and codex.signal_words(s.workspace_id, s.title, s.description) @@ v_query
        and s.status <> 'dismissed' and s.purged_at is null
        and s.last_seen_at between v_signal.last_seen_at - interval '30 days'
          and v_signal.last_seen_at + interval '30 days'
      limit 100
    ) near
    where near.similarity >= 0.8
    order by near.similarity desc, near.first_seen_at, near.id
    limit 50;
end
$$;
