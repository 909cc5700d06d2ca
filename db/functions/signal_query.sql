-- Fuzzy: for each word, whatever is one letter away from it, and what begins with it. The index then
-- needs to hold words alone. It holds no stop words, so that they are passed over, unless there is nothing else.
create or replace function codex.signal_query(p_query text, p_mode text) returns tsquery
language sql immutable parallel safe set search_path = '' as $$
  select case p_mode
    when 'text' then websearch_to_tsquery('pg_catalog.english', p_query)
    else (
      select string_agg(one.alternatives, '&')::tsquery
      from (
        select word, char_length(word) as letters
        from (
          select word, place, ts_lexize('pg_catalog.english_stem', word) = '{}' as is_stop,
            bool_and(ts_lexize('pg_catalog.english_stem', word) = '{}') over () as is_all
          from regexp_split_to_table(lower(p_query), '\W+') with ordinality as w (word, place)
          where char_length(word) between 1 and 40
        ) asked
        where is_all or not is_stop
        order by place
        limit 8
      ) given
      cross join lateral (
        select '(' || string_agg(distinct alternative, '|') || ')' as alternatives
        from (
          select format('''%s''', lexeme) as alternative
          from (
            select given.word
            union all
            select left(given.word, at - 1) || substr(given.word, at + 1)
            from generate_series(1, given.letters) as at
            where given.letters >= 4
            union all
            select left(given.word, at - 1) || substr(given.word, at + 1, 1)
              || substr(given.word, at, 1) || substr(given.word, at + 2)
            from generate_series(1, given.letters - 1) as at
            where given.letters >= 4
            union all
            select left(given.word, at) || letter || substr(given.word, at + skipped + 1)
            from generate_series(0, given.letters) as at,
              regexp_split_to_table('abcdefghijklmnopqrstuvwxyz0123456789', '') as letter,
              (values (0), (1)) as skip (skipped)
            where given.letters >= 4
          ) near (form)
          cross join lateral unnest(ts_lexize('pg_catalog.english_stem', form)) as lexeme
          where lexeme <> ''
          union
          select format('''%s'':*', given.word) where given.letters >= 3
        ) found
      ) one
    )
  end
$$;
