-- Signals that are recognised when they come again, clusters of the same story, evidence that is frozen
-- in a table, insights that grow stale, and what may be forgotten.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 26, 19 $$;

----------------------------------------------------------------------------------------------------
-- intelligence_signals: more columns
----------------------------------------------------------------------------------------------------

alter table codex.intelligence_signals
  add column if not exists external_id text,
  add column if not exists url_fingerprint text,
  add column if not exists content_fingerprint text,
  add column if not exists sources text[] not null default '{}',
  add column if not exists override_score integer,
  add column if not exists override_reason text,
  add column if not exists override_until timestamptz,
  add column if not exists overridden_at timestamptz,
  add column if not exists compared_at timestamptz,
  add column if not exists purged_at timestamptz;
alter table codex.intelligence_signals
  drop constraint if exists intelligence_signals_override_score_in_range_check,
  drop constraint if exists intelligence_signals_override_whole_check,
  drop constraint if exists intelligence_signals_override_until_later_check;
alter table codex.intelligence_signals
  add constraint intelligence_signals_override_score_in_range_check
    check (override_score between 0 and 100),
  -- Absent, or all there but for its end.
  add constraint intelligence_signals_override_whole_check
    check (num_nonnulls(override_score, override_reason, overridden_at) in (0, 3)
      and (override_reason <> '' or override_score is null)
      and (override_score is not null or override_until is null)),
  add constraint intelligence_signals_override_until_later_check
    check (override_until > overridden_at);
comment on column codex.intelligence_signals.external_id is 'What the source itself calls it.';
comment on column codex.intelligence_signals.url_fingerprint is 'Fingerprint of its address; null without one.';
comment on column codex.intelligence_signals.content_fingerprint is 'Fingerprint of title and body, or of source and title when there is nothing else; null when id or address say it.';
comment on column codex.intelligence_signals.sources is 'Sources that brought it, at most 100.';
comment on column codex.intelligence_signals.override_score is 'Score set by hand, 0 to 100; it wins over the decayed one.';
comment on column codex.intelligence_signals.override_reason is 'Why it was set by hand.';
comment on column codex.intelligence_signals.override_until is 'From when on the decayed score counts again; null for never.';
comment on column codex.intelligence_signals.overridden_at is 'When it was set by hand.';
comment on column codex.intelligence_signals.compared_at is 'When near-duplicates of it were looked for; null before that.';
comment on column codex.intelligence_signals.purged_at is 'When its contents were removed; its fingerprints stay.';

create unique index if not exists uniq_intelligence_signals_url
  on codex.intelligence_signals (workspace_id, fingerprint_version, url_fingerprint)
  where url_fingerprint is not null;
comment on index codex.uniq_intelligence_signals_url is 'ingest_signals finds a signal by its address.';
create unique index if not exists uniq_intelligence_signals_content
  on codex.intelligence_signals (workspace_id, fingerprint_version, content_fingerprint)
  where content_fingerprint is not null;
comment on index codex.uniq_intelligence_signals_content is 'ingest_signals finds a signal by what it says.';
create index if not exists idx_intelligence_signals_decay
  on codex.intelligence_signals
    (workspace_id, source_type, half_life_hours, fades_at_epoch desc, id desc)
  where override_score is null and purged_at is null
    and status in ('new', 'acknowledged', 'actioned');
comment on index codex.idx_intelligence_signals_decay is 'top_signals reads the first of each stream of one half-life.';
create index if not exists idx_intelligence_signals_override
  on codex.intelligence_signals (workspace_id, override_score) where override_score is not null;
comment on index codex.idx_intelligence_signals_override is 'top_signals reads those that were set by hand.';
create index if not exists idx_intelligence_signals_compare
  on codex.intelligence_signals (workspace_id, id) where compared_at is null;
comment on index codex.idx_intelligence_signals_compare is 'compare_new_signals finds what was not compared yet.';

grant insert (external_id, url_fingerprint, content_fingerprint, sources),
  update (first_seen_at, sources, override_score, override_reason, override_until, overridden_at)
  on codex.intelligence_signals to codex_app;
grant select, update (compared_at) on codex.intelligence_signals to codex_definer;
grant select on codex.intelligence_signals to codex_reader;

create or replace trigger _900_touch before update on codex.intelligence_signals
  for each row execute function codex.tg__touch('sighting_count', 'first_seen_at', 'last_seen_at',
    'fades_at_epoch', 'sources', 'compared_at');
create or replace trigger _950_record_event
  after insert or update or delete on codex.intelligence_signals
  for each row execute function codex.tg__record_event('signal', 'id',
    'sighting_count,first_seen_at,last_seen_at,fades_at_epoch,sources,compared_at');

----------------------------------------------------------------------------------------------------
-- Fingerprints and scores
----------------------------------------------------------------------------------------------------

-- Which of these say the same page is judged by the address alone: nothing is fetched.
create or replace function codex.canonical_url(p_url text) returns text
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_url text := btrim(p_url);
  -- Scheme, host, path, query.
  v_parts text[] := regexp_match(v_url, '^([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)\??([^#]*)');
  v_scheme text := lower(v_parts[1]);
  v_host text := lower(v_parts[2]);
  v_query text;
begin
  if v_parts is null then
    return nullif(v_url, '');
  end if;
  if v_scheme = 'http' and right(v_host, 3) = ':80' then
    v_host := left(v_host, -3);
  elsif v_scheme = 'https' and right(v_host, 4) = ':443' then
    v_host := left(v_host, -4);
  end if;
  if v_parts[4] <> '' then
    select '?' || string_agg(parameter, '&' order by place) into v_query
    from regexp_split_to_table(v_parts[4], '&') with ordinality as q (parameter, place)
    where parameter <> ''
      and parameter !~* '^(utm_\w+|gclid|fbclid|msclkid|dclid|yclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi)(=|$)';
  end if;
  return v_scheme || '://' || v_host || rtrim(v_parts[3], '/') || coalesce(v_query, '');
end
$$;
comment on function codex.canonical_url(text) is
  'An address by which two that lead to one page are equal: scheme and host in lower case, without default port, fragment, tracking parameters and final slash. What is no address stays as it is.';
grant execute on function codex.canonical_url(text) to codex_app, codex_service;

-- Version 1. Text is compared without regard to case, width and white space.
create or replace function codex.signal_fingerprints(
  p_source text, p_external_id text, p_url text, p_title text, p_body text,
  out by_id text, out by_url text, out by_content text
)
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_title text := btrim(lower(regexp_replace(normalize(p_title, NFKC), '\s+', ' ', 'g')));
  v_body text := btrim(lower(regexp_replace(normalize(coalesce(p_body, ''), NFKC), '\s+', ' ', 'g')));
  v_source text := lower(coalesce(p_source, ''));
begin
  if p_external_id <> '' then
    by_id := 'id:' || encode(sha256(convert_to(v_source || E'\n' || p_external_id, 'UTF8')), 'hex');
  end if;
  if p_url <> '' then
    by_url := 'url:' || encode(sha256(convert_to(codex.canonical_url(p_url), 'UTF8')), 'hex');
  end if;
  if v_body <> '' then
    by_content := 'text:' || encode(sha256(convert_to(v_title || E'\n' || v_body, 'UTF8')), 'hex');
  -- A title alone says too little: it counts together with its source, and for want of better.
  elsif by_id is null and by_url is null then
    by_content := 'title:' || encode(sha256(convert_to(v_source || E'\n' || v_title, 'UTF8')), 'hex');
  end if;
end
$$;
comment on function codex.signal_fingerprints(text, text, text, text, text) is
  'Fingerprints of an observation, version 1, the first that hits wins: source and external id; canonical address; title and body. Without any of these, source and title.';
grant execute on function codex.signal_fingerprints(text, text, text, text, text)
  to codex_app, codex_service;

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
comment on function codex.admiralty_confidence(text, integer) is
  'Confidence, 0 to 100, that reliability (A to F) and credibility (1 to 6) of the Admiralty code amount to.';
grant execute on function codex.admiralty_confidence(text, integer) to codex_app, codex_service;

create or replace function codex.signal_score(
  p_signal codex.intelligence_signals, p_as_of timestamptz
) returns numeric
language sql immutable parallel safe set search_path = '' as $$
  select case
    when p_signal.override_score is not null and p_as_of >= p_signal.overridden_at
      and (p_signal.override_until is null or p_as_of < p_signal.override_until)
      then p_signal.override_score::numeric(7, 4)
    when p_signal.expires_at <= p_as_of then 0::numeric(7, 4)
    else codex.decayed_confidence(
      p_signal.confidence, p_signal.last_seen_at, p_signal.half_life_hours, p_as_of)
  end
$$;
comment on function codex.signal_score(codex.intelligence_signals, timestamptz) is
  'Score of a signal at an instant, 0 to 100: the one set by hand while it holds, 0 once it has expired, else what decay has left.';
grant execute on function codex.signal_score(codex.intelligence_signals, timestamptz)
  to codex_app, codex_service, codex_definer, codex_reader;
grant execute on function codex.decayed_confidence(integer, timestamptz, integer, timestamptz)
  to codex_reader;
grant execute on function codex.raise_missing_context() to codex_reader;

-- Signals of one kind and one half-life are in the order of their decayed score by fades_at_epoch, at any
-- instant: of each such stream only the first are read, and these are merged.
-- ROWS: as search_signals.
create or replace function codex.top_signals(
  p_workspace_id uuid, p_kind text default null, p_as_of timestamptz default now(),
  p_limit integer default 50, p_after_key double precision default null, p_after_id uuid default null
)
returns table (id uuid, score numeric, key double precision)
language sql stable rows 50 set search_path = '' as $$
  with recursive stream as (
    (
      select s.source_type, s.half_life_hours
      from codex.intelligence_signals s
      where s.workspace_id = p_workspace_id and s.override_score is null and s.purged_at is null
        and s.status in ('new', 'acknowledged', 'actioned')
      order by s.source_type, s.half_life_hours
      limit 1
    )
    union all
    select following.source_type, following.half_life_hours
    from stream
    cross join lateral (
      select s.source_type, s.half_life_hours
      from codex.intelligence_signals s
      where s.workspace_id = p_workspace_id and s.override_score is null and s.purged_at is null
        and s.status in ('new', 'acknowledged', 'actioned')
        and (s.source_type, s.half_life_hours) > (stream.source_type, stream.half_life_hours)
      order by s.source_type, s.half_life_hours
      limit 1
    ) following
  ), candidate as (
    select first.id, first.signal, first.key
    from stream
    cross join lateral (
      select s.id, s as signal,
        (s.fades_at_epoch - extract(epoch from p_as_of))::double precision
          / (s.half_life_hours * 3600) as key
      from codex.intelligence_signals s
      where s.workspace_id = p_workspace_id and s.override_score is null and s.purged_at is null
        and s.status in ('new', 'acknowledged', 'actioned')
        and s.source_type = stream.source_type and s.half_life_hours = stream.half_life_hours
        and s.fades_at_epoch <= case
          when p_after_key is null then 9e15::bigint
          else ceil(least(9e15, extract(epoch from p_as_of)::double precision
            + p_after_key * stream.half_life_hours * 3600))::bigint + 1
        end
        and (p_after_id is null or ((s.fades_at_epoch - extract(epoch from p_as_of))::double precision
          / (s.half_life_hours * 3600), s.id) < (p_after_key, p_after_id))
        and s.first_seen_at <= p_as_of and (s.expires_at is null or s.expires_at > p_as_of)
      order by s.fades_at_epoch desc, s.id desc
      limit p_limit
    ) first
    where p_kind is null or stream.source_type = p_kind
    union all
    -- Set by hand: few, and each compared as what it is at that instant.
    select s.id, s, ln(greatest(codex.signal_score(s, p_as_of), 0.0001))::double precision / ln(2::double precision)
    from codex.intelligence_signals s
    where s.workspace_id = p_workspace_id and s.override_score is not null and s.purged_at is null
      and s.status in ('new', 'acknowledged', 'actioned')
      and s.first_seen_at <= p_as_of and (s.expires_at is null or s.expires_at > p_as_of)
      and (p_kind is null or s.source_type = p_kind)
  )
  select c.id, codex.signal_score(c.signal, p_as_of), c.key
  from candidate c
  where p_after_id is null or (c.key, c.id) < (p_after_key, p_after_id)
  order by c.key desc, c.id desc
  limit p_limit
$$;
comment on function codex.top_signals(uuid, text, timestamptz, integer, double precision, uuid) is
  'Open signals by their score at an instant, highest first, of one kind or of all; goes on after the key and id of the last one.';
grant execute on function
  codex.top_signals(uuid, text, timestamptz, integer, double precision, uuid)
  to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- Search
----------------------------------------------------------------------------------------------------

-- The workspace stands among the words, so that one index finds both at once.
create or replace function codex.signal_words(p_workspace_id uuid, p_title text, p_body text)
returns tsvector
language sql immutable parallel safe as $$
  select pg_catalog.to_tsvector('pg_catalog.english'::pg_catalog.regconfig,
      p_title operator(pg_catalog.||) ' ' operator(pg_catalog.||) p_body)
    operator(pg_catalog.||) pg_catalog.array_to_tsvector(array[p_workspace_id::pg_catalog.text])
$$;
comment on function codex.signal_words(uuid, text, text) is
  'Words that a signal is found by, and its workspace among them.';
grant execute on function codex.signal_words(uuid, text, text)
  to codex_app, codex_service, codex_definer, codex_reader;
create index if not exists idx_intelligence_signals_words
  on codex.intelligence_signals using gin (codex.signal_words(workspace_id, title, description));
comment on index codex.idx_intelligence_signals_words is 'search_signals and search_near_duplicates.';

-- Fuzzy: for each word, whatever is one letter away from it, and what begins with it. The index then
-- needs to hold words alone.
create or replace function codex.signal_query(p_query text, p_mode text) returns tsquery
language sql immutable parallel safe set search_path = '' as $$
  select case p_mode
    when 'text' then websearch_to_tsquery('pg_catalog.english', p_query)
    else (
      select string_agg(one.alternatives, '&')::tsquery
      from (
        select word, char_length(word) as letters
        from regexp_split_to_table(lower(p_query), '\W+') with ordinality as w (word, place)
        where char_length(word) between 1 and 40
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
comment on function codex.signal_query(text, text) is
  'What is asked for, as a query of words. Mode text: as typed into a search box ("quoted", or, -not); fuzzy: each word may differ by a letter or go on.';
grant execute on function codex.signal_query(text, text) to codex_reader;

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
comment on function codex.text_similarity(text, text) is
  'How alike two texts are, 0 to 1: the share of three-letter pieces that both have, of the first 300 letters.';
grant execute on function codex.text_similarity(text, text) to codex_app, codex_service, codex_reader;

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
comment on function codex.why_found(
  codex.intelligence_signals, tsquery, numeric, numeric, timestamptz
) is
  'Why a signal is among the hits, and where its score comes from, in sentences.';
grant execute on function codex.why_found(
  codex.intelligence_signals, tsquery, numeric, numeric, timestamptz) to codex_reader;

-- SECURITY DEFINER as codex_reader: under row security a text search cannot use its index.
-- ROWS: a page. Taken for a thousand, the planner reads every signal of the workspace beside it: among 20,000
-- that was 64 ms for 6.
create or replace function codex.search_signals(
  p_workspace_id uuid, p_query text, p_mode text default 'text', p_min_score numeric default 0,
  p_as_of timestamptz default now(), p_limit integer default 50, p_after_rank numeric default null,
  p_after_id uuid default null
)
returns table (id uuid, score numeric, relevance numeric, rank numeric, why text[])
language plpgsql stable security definer rows 50 set search_path = '' as $$
declare
  v_words tsquery := codex.signal_query(p_query, p_mode);
  v_query tsquery;
begin
  perform codex.require_workspace(p_workspace_id);
  if p_mode is null or p_mode not in ('text', 'fuzzy') then
    raise exception 'the mode is text or fuzzy' using errcode = 'KX011';
  end if;
  -- Nothing but words that say nothing finds nothing.
  if coalesce(numnode(v_words), 0) = 0 then
    return;
  end if;
  v_query := v_words && format('''%s''', p_workspace_id)::tsquery;
  return query
    with matching as not materialized (
      select s as signal
      from codex.intelligence_signals s
      where s.workspace_id = p_workspace_id
        and codex.signal_words(s.workspace_id, s.title, s.description) @@ v_query
        and s.status <> 'dismissed' and s.purged_at is null and s.first_seen_at <= p_as_of
        and (s.expires_at is null or s.expires_at > p_as_of)
    ), found as materialized (
      -- Materialized, so that each score is computed once.
      select m.signal, codex.signal_score(m.signal, p_as_of) as score
      from matching m
      where p_mode = 'text'
      union all
      (
        select m.signal, codex.signal_score(m.signal, p_as_of)
        from matching m
        where p_mode = 'fuzzy'
        order by (m.signal).fades_at_epoch desc
        limit 1000
      )
    ), judged as (
      select found.signal, found.score,
        case p_mode
          when 'fuzzy' then codex.text_similarity(p_query, (found.signal).title)
          else 1
        end as relevance
      from found
      where found.score >= p_min_score
    ), page as (
      select judged.signal, judged.score, judged.relevance,
        round(judged.relevance * judged.score, 6) as rank
      from judged
    )
    select (page.signal).id, page.score, page.relevance, page.rank,
      codex.why_found(page.signal, v_words, page.score,
        case p_mode when 'fuzzy' then page.relevance end, p_as_of)
    from page
    where p_after_id is null or (page.rank, (page.signal).id) < (p_after_rank, p_after_id)
    order by page.rank desc, (page.signal).id desc
    limit p_limit;
end
$$;
comment on function codex.search_signals(
  uuid, text, text, numeric, timestamptz, integer, numeric, uuid
) is
  'Signals that a text is found in, by score times relevance; of a fuzzy search the 1,000 that fade last. Goes on after the rank and id of the last one. KX003 for another workspace, KX011 for another mode.';
select codex.hand_over(
  'codex.search_signals(uuid, text, text, numeric, timestamptz, integer, numeric, uuid)',
  'codex_reader');
grant execute on function codex.search_signals(
  uuid, text, text, numeric, timestamptz, integer, numeric, uuid) to codex_app;

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
comment on function codex.search_near_duplicates(uuid, uuid) is
  'Signals within 30 days whose title is nearly that of the signal (two thirds of its words, and similarity 0.8 and more), most alike first. KX003 for another workspace.';
select codex.hand_over('codex.search_near_duplicates(uuid, uuid)', 'codex_reader');
grant execute on function codex.search_near_duplicates(uuid, uuid) to codex_definer;

----------------------------------------------------------------------------------------------------
-- signal_links
----------------------------------------------------------------------------------------------------

-- What a signal is about, and the cluster it belongs to. Signals that say nearly the same are linked to
-- one of them, the head, and never merged.
create table if not exists codex.signal_links (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  signal_id uuid not null,
  kind text not null generated always as (case when competitor_id is not null then 'competitor' when cohort_id is not null then 'cohort' when campaign_id is not null then 'campaign' else 'cluster' end) stored,
  target_id uuid not null generated always as (coalesce(competitor_id, cohort_id, campaign_id, head_id)) stored,
  competitor_id uuid,
  cohort_id uuid,
  campaign_id uuid,
  head_id uuid,
  similarity_micros integer,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint signal_links_pkey primary key (workspace_id, signal_id, kind, target_id),
  constraint signal_links_signal_id_fkey
    foreign key (workspace_id, signal_id) references codex.intelligence_signals (workspace_id, id)
    on delete cascade,
  constraint signal_links_competitor_id_fkey
    foreign key (workspace_id, competitor_id) references codex.competitors (workspace_id, id)
    on delete cascade,
  constraint signal_links_cohort_id_fkey
    foreign key (workspace_id, cohort_id) references codex.cohorts (workspace_id, id)
    on delete cascade,
  constraint signal_links_campaign_id_fkey
    foreign key (workspace_id, campaign_id) references codex.campaigns (workspace_id, id)
    on delete cascade,
  constraint signal_links_head_id_fkey
    foreign key (workspace_id, head_id) references codex.intelligence_signals (workspace_id, id)
    on delete cascade,
  constraint signal_links_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint signal_links_one_target_check
    check (num_nonnulls(competitor_id, cohort_id, campaign_id, head_id) = 1),
  constraint signal_links_not_to_itself_check check (head_id <> signal_id),
  constraint signal_links_similarity_in_range_check
    check (similarity_micros between 0 and 1000000)
);
comment on table codex.signal_links is 'What a signal is about (competitor, cohort, campaign), or the head of its cluster.';
comment on column codex.signal_links.workspace_id is 'Workspace the row belongs to.';
comment on column codex.signal_links.signal_id is 'The signal.';
comment on column codex.signal_links.kind is 'competitor, cohort, campaign or cluster: which of the four is there.';
comment on column codex.signal_links.target_id is 'That one''s id.';
comment on column codex.signal_links.competitor_id is 'Competitor it is about.';
comment on column codex.signal_links.cohort_id is 'Cohort it is about.';
comment on column codex.signal_links.campaign_id is 'Campaign it is about.';
comment on column codex.signal_links.head_id is 'Signal that says nearly the same, and leads the cluster.';
comment on column codex.signal_links.similarity_micros is 'How alike the titles are, in millionths; null when linked by hand.';
comment on column codex.signal_links.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.signal_links.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.signal_links.created_at is 'When the row was made.';
comment on column codex.signal_links.updated_at is 'When the row last changed.';

create unique index if not exists uniq_signal_links_head
  on codex.signal_links (workspace_id, signal_id) where head_id is not null;
comment on index codex.uniq_signal_links_head is 'A signal is in one cluster at most; evidence_of finds its head.';
create index if not exists idx_signal_links_competitor
  on codex.signal_links (workspace_id, competitor_id);
comment on index codex.idx_signal_links_competitor is 'Signals about a competitor; foreign key to competitors.';
create index if not exists idx_signal_links_cohort on codex.signal_links (workspace_id, cohort_id);
comment on index codex.idx_signal_links_cohort is 'Signals about a cohort; foreign key to cohorts.';
create index if not exists idx_signal_links_campaign
  on codex.signal_links (workspace_id, campaign_id);
comment on index codex.idx_signal_links_campaign is 'Signals about a campaign; foreign key to campaigns.';
create index if not exists idx_signal_links_head on codex.signal_links (workspace_id, head_id);
comment on index codex.idx_signal_links_head is 'Members of a cluster; foreign key to intelligence_signals.';
create index if not exists idx_signal_links_created_by
  on codex.signal_links (workspace_id, created_by);
comment on index codex.idx_signal_links_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.signal_links', p_insert => 'analyst', p_update => 'analyst',
  p_delete => 'analyst', p_author => 'created_by');
grant select,
  insert (workspace_id, signal_id, competitor_id, cohort_id, campaign_id, head_id, similarity_micros,
    created_by),
  update (head_id), delete
  on codex.signal_links to codex_app;
grant select, insert, update, delete on codex.signal_links to codex_service, codex_definer;

create or replace trigger _900_touch before update on codex.signal_links
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.signal_links
  for each row execute function codex.tg__record_event(
    'signal_link', 'signal_id,kind,target_id', '');

create or replace function codex.tg_signal_links__check_cluster() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.lock_tree('signal_links:' || new.workspace_id);
  if exists (
    select from codex.signal_links
    where workspace_id = new.workspace_id and head_id is not null
      and (signal_id = new.head_id or head_id = new.signal_id)
  ) then
    raise exception 'the head of a cluster is in no other cluster'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name, column = 'head_id';
  end if;
  return new;
end
$$;
comment on function codex.tg_signal_links__check_cluster() is
  'BEFORE INSERT OR UPDATE of a cluster''s member: its head is a member of no other cluster, and it leads none (KX005), also when two are linked at once.';
create or replace trigger _200_check_cluster before insert or update of head_id on codex.signal_links
  for each row when (new.head_id is not null)
  execute function codex.tg_signal_links__check_cluster();

create or replace function codex.cluster_signal(
  p_workspace_id uuid, p_signal_id uuid, p_head_id uuid, p_similarity numeric default null
) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_head uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  perform codex.lock_tree('signal_links:' || p_workspace_id);
  if p_signal_id = p_head_id then
    raise exception 'a signal is not like itself'
      using errcode = 'KX005', schema = 'codex', table = 'signal_links', column = 'head_id';
  end if;
  select head_id into v_head
  from codex.signal_links
  where workspace_id = p_workspace_id and signal_id = p_head_id and head_id is not null;
  v_head := coalesce(v_head, p_head_id);
  if v_head = p_signal_id then
    raise exception 'the signal leads this cluster already'
      using errcode = 'KX007', schema = 'codex', table = 'signal_links';
  end if;
  if exists (
    select from codex.signal_links
    where workspace_id = p_workspace_id and signal_id = p_signal_id and head_id = v_head
  ) then
    return v_head;
  end if;
  delete from codex.signal_links
  where workspace_id = p_workspace_id and signal_id = p_signal_id and head_id is not null;
  -- Whoever it led so far comes along.
  update codex.signal_links
  set head_id = v_head
  where workspace_id = p_workspace_id and head_id = p_signal_id;
  insert into codex.signal_links (workspace_id, signal_id, head_id, similarity_micros)
  values (p_workspace_id, p_signal_id, v_head, round(p_similarity * 1000000));
  return v_head;
end
$$;
comment on function codex.cluster_signal(uuid, uuid, uuid, numeric) is
  'Puts a signal, and whatever it leads, into the cluster of another, and gives the cluster''s head; once more changes nothing. KX005 for itself, KX007 when it leads that cluster, KX010 below analyst.';
grant execute on function codex.cluster_signal(uuid, uuid, uuid, numeric)
  to codex_app, codex_service, codex_definer;

-- SECURITY DEFINER: the search it stands on is granted to codex_definer alone.
create or replace function codex.compare_signals(p_workspace_id uuid, p_signal_ids uuid[])
returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id uuid;
  v_near record;
  v_count integer := 0;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  foreach v_id in array p_signal_ids loop
    select n.id, n.similarity into v_near
    from codex.search_near_duplicates(p_workspace_id, v_id) n
    where not exists (
      select from codex.signal_links l
      where l.workspace_id = p_workspace_id and l.head_id is not null
        and (l.signal_id = v_id or l.signal_id = n.id and l.head_id = v_id)
    )
    limit 1;
    if v_near.id is not null then
      perform codex.cluster_signal(p_workspace_id, v_id, v_near.id, v_near.similarity);
      v_count := v_count + 1;
    end if;
  end loop;
  update codex.intelligence_signals
  set compared_at = now()
  where workspace_id = p_workspace_id and id = any (p_signal_ids) and compared_at is null;
  return v_count;
end
$$;
comment on function codex.compare_signals(uuid, uuid[]) is
  'Looks for near-duplicates of signals, links each to the one most like it, and gives the number of links. KX010 below analyst.';
select codex.hand_over('codex.compare_signals(uuid, uuid[])', 'codex_definer');
grant execute on function codex.compare_signals(uuid, uuid[]) to codex_app, codex_service;

create or replace function codex.compare_new_signals(p_workspace_id uuid, p_limit integer default 200)
returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_ids uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  v_ids := array(
    select id
    from codex.intelligence_signals
    where workspace_id = p_workspace_id and compared_at is null
    order by id
    limit p_limit
    -- What another worker compares is its own.
    for no key update skip locked);
  perform codex.compare_signals(p_workspace_id, v_ids);
  return cardinality(v_ids);
end
$$;
comment on function codex.compare_new_signals(uuid, integer) is
  'For background work: compares signals that came in large batches, some at a time, and gives their number; 0 when none is left.';
grant execute on function codex.compare_new_signals(uuid, integer) to codex_service;

----------------------------------------------------------------------------------------------------
-- Ingest
----------------------------------------------------------------------------------------------------

create or replace function codex.refuse_future(p_items jsonb[]) returns void
language plpgsql stable set search_path = '' as $$
begin
  if exists (
    select from unnest(p_items) as item
    where (item ->> 'occurredAt')::timestamptz > now() + interval '5 minutes'
  ) then
    raise exception 'what was seen lies in the future'
      using errcode = 'KX005', schema = 'codex', table = 'intelligence_signals',
        column = 'occurred_at';
  end if;
end
$$;
comment on function codex.refuse_future(jsonb[]) is
  'KX005 when something of it was seen more than five minutes from now.';
grant execute on function codex.refuse_future(jsonb[]) to codex_app, codex_service;

create or replace function codex.insert_signals(p_workspace_id uuid, p_items jsonb[]) returns void
language sql volatile set search_path = '' as $$
  insert into codex.intelligence_signals (workspace_id, id, fingerprint, url_fingerprint,
    content_fingerprint, external_id, source_type, category, data_source, sources, source_url, title,
    description, key_findings, data_points, confidence, half_life_hours, relevance,
    source_reliability, credibility, first_seen_at, last_seen_at, expires_at)
  select p_workspace_id, (item ->> 'id')::uuid,
    coalesce(item ->> 'byId', item ->> 'byUrl', item ->> 'byContent'),
    item ->> 'byUrl', item ->> 'byContent', item ->> 'externalId',
    item ->> 'kind',
    coalesce(item ->> 'category', case item ->> 'kind'
      when 'competitor' then 'competitor_activity'
      when 'industry' then 'industry_news'
      when 'customer' then 'customer_sentiment'
      else 'market_trend'
    end),
    item ->> 'source', array_remove(array[item ->> 'source'], null), item ->> 'url',
    item ->> 'title', coalesce(item ->> 'body', ''),
    array(select jsonb_array_elements_text(coalesce(item -> 'keyFindings', '[]'))),
    coalesce(item -> 'dataPoints', '{}'),
    coalesce((item ->> 'confidence')::integer,
      codex.admiralty_confidence(item ->> 'reliability', (item ->> 'credibility')::integer)),
    coalesce((item ->> 'halfLifeHours')::integer, 168),
    coalesce((item ->> 'relevance')::integer, 50),
    coalesce(item ->> 'reliability', 'F'), coalesce((item ->> 'credibility')::integer, 6),
    coalesce((item ->> 'occurredAt')::timestamptz, now()),
    coalesce((item ->> 'occurredAt')::timestamptz, now()), (item ->> 'expiresAt')::timestamptz
  from unnest(p_items) with ordinality as i (item, place)
  order by place
  on conflict do nothing
$$;
comment on function codex.insert_signals(uuid, jsonb[]) is
  'A step of ingest_signals: stores items with their fingerprints, and leaves out what is there already.';
grant execute on function codex.insert_signals(uuid, jsonb[]) to codex_app, codex_service;

-- Earliest, latest and highest: in whatever order sightings arrive, the same comes out.
create or replace function codex.merge_signals(p_workspace_id uuid, p_items jsonb[]) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  perform codex.refuse_future(p_items);
  -- In the same order for everybody, so that two batches over the same signals cannot deadlock.
  perform from codex.intelligence_signals
  where workspace_id = p_workspace_id
    and id in (select (item ->> 'signalId')::uuid from unnest(p_items) as item)
  order by id
  for no key update;
  update codex.intelligence_signals s
  set sighting_count = s.sighting_count + seen.times,
    first_seen_at = least(s.first_seen_at, seen.first_at),
    last_seen_at = greatest(s.last_seen_at, seen.last_at),
    confidence = greatest(s.confidence, seen.confidence),
    sources = (
      select coalesce(array_agg(source order by source), '{}')
      from (
        select distinct source from unnest(s.sources || seen.sources) as source
        where source is not null
        order by source
        limit 100
      ) distinct_sources)
  from (
    select (item ->> 'signalId')::uuid as id, count(*) as times,
      min(coalesce((item ->> 'occurredAt')::timestamptz, now())) as first_at,
      max(coalesce((item ->> 'occurredAt')::timestamptz, now())) as last_at,
      max(coalesce((item ->> 'confidence')::integer, case
        when item ? 'reliability' or item ? 'credibility' then
          codex.admiralty_confidence(item ->> 'reliability', (item ->> 'credibility')::integer)
      end)) as confidence,
      array_agg(item ->> 'source') as sources
    from unnest(p_items) as item
    group by 1
  ) seen
  -- What was dismissed or purged stays as it is.
  where s.workspace_id = p_workspace_id and s.id = seen.id and s.status <> 'dismissed'
    and s.purged_at is null;
end
$$;
comment on function codex.merge_signals(uuid, jsonb[]) is
  'A step of ingest_signals, and a sighting: adds what was seen to the signals it belongs to (signalId); dismissed and purged ones stay as they are.';
grant execute on function codex.merge_signals(uuid, jsonb[]) to codex_app, codex_service;

create or replace function codex.ingest_signals(p_workspace_id uuid, p_items jsonb[])
returns table (place integer, outcome text, signal codex.intelligence_signals)
language plpgsql volatile set search_path = '' as $$
declare
  v_ids uuid[];
  v_by_id text[];
  v_by_url text[];
  v_by_content text[];
  v_found uuid[];
  v_new uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  perform codex.refuse_future(p_items);
  -- An id that comes twice with different contents is not one: what else there is then counts.
  select array_agg(k.id order by k.place),
      array_agg(case when k.differ and coalesce(k.by_url, k.by_content) is not null then null
        else k.by_id end order by k.place),
      array_agg(k.by_url order by k.place), array_agg(k.by_content order by k.place)
    into v_ids, v_by_id, v_by_url, v_by_content
  from (
    select i.place, coalesce((i.item ->> 'id')::uuid, gen_random_uuid()) as id, f.*,
      min(concat(f.by_url, f.by_content)) over same <> max(concat(f.by_url, f.by_content)) over same
        as differ
    from unnest(p_items) with ordinality as i (item, place)
    cross join lateral codex.signal_fingerprints(i.item ->> 'source', i.item ->> 'externalId',
      i.item ->> 'url', i.item ->> 'title', i.item ->> 'body') f
    window same as (partition by f.by_id)
  ) k;
  for v_round in 1..8 loop
    select array_agg(coalesce(
        (select s.id from codex.intelligence_signals s
          where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
            and s.fingerprint = k.by_id),
        (select s.id from codex.intelligence_signals s
          where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
            and s.url_fingerprint = k.by_url),
        (select s.id from codex.intelligence_signals s
          where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
            and s.content_fingerprint = k.by_content)) order by k.place)
      into v_found
    from unnest(v_by_id, v_by_url, v_by_content) with ordinality
      as k (by_id, by_url, by_content, place);
    exit when coalesce(array_position(v_found, null), 0) = 0;
    if v_round = 8 then
      raise exception 'others changed the same signals meanwhile' using errcode = '40001';
    end if;
    perform codex.insert_signals(p_workspace_id, array(
      select k.item || jsonb_build_object('id', k.id, 'byId', k.by_id, 'byUrl', k.by_url,
        'byContent', k.by_content)
      from unnest(p_items, v_ids, v_by_id, v_by_url, v_by_content, v_found) with ordinality
        as k (item, id, by_id, by_url, by_content, found, place)
      where k.found is null
      -- In the same order for everybody, so that two batches wait for each other in one direction.
      order by coalesce(k.by_id, k.by_url, k.by_content), k.place));
  end loop;
  perform codex.merge_signals(p_workspace_id, array(
    select k.item || jsonb_build_object('signalId', k.found)
    from unnest(p_items, v_ids, v_found) as k (item, id, found)
    where k.found <> k.id));
  v_new := array(select k.id from unnest(v_ids, v_found) as k (id, found) where k.id = k.found);
  -- More than twenty at once are compared by background work (compare_new_signals).
  if cardinality(v_new) between 1 and 20 then
    perform codex.compare_signals(p_workspace_id, v_new);
  end if;
  return query
    select k.place::integer,
      case
        when s.id = k.id then 'created'
        when s.status = 'dismissed' or s.purged_at is not null then 'suppressed'
        else 'merged'
      end, s
    from unnest(v_ids, v_found) with ordinality as k (id, found, place)
    join codex.intelligence_signals s on s.workspace_id = p_workspace_id and s.id = k.found
    order by k.place;
end
$$;
comment on function codex.ingest_signals(uuid, jsonb[]) is
  'Takes observations in and tells of each, in their order, whether it was created, merged into one that is there, or suppressed because that one was dismissed or purged. The same observation makes one row, within a batch and when many come at once. KX005 for the future, KX010 below analyst.';
grant execute on function codex.ingest_signals(uuid, jsonb[]) to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- insight_evidence
----------------------------------------------------------------------------------------------------

-- What an insight rests on. Publishing freezes each signal's score here; the column evidence of the
-- insight, where it stood before, is kept up for whoever still reads it.
create table if not exists codex.insight_evidence (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  insight_id uuid not null,
  signal_id uuid not null,
  score_micros integer,
  origin text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint insight_evidence_pkey primary key (workspace_id, insight_id, signal_id),
  constraint insight_evidence_insight_id_fkey
    foreign key (workspace_id, insight_id) references codex.market_insights (workspace_id, id)
    on delete cascade,
  constraint insight_evidence_signal_id_fkey
    foreign key (workspace_id, signal_id) references codex.intelligence_signals (workspace_id, id),
  constraint insight_evidence_score_in_range_check check (score_micros between 0 and 1000000)
);
comment on table codex.insight_evidence is 'Signal that an insight rests on, with its score when the insight was published.';
comment on column codex.insight_evidence.workspace_id is 'Workspace the row belongs to.';
comment on column codex.insight_evidence.insight_id is 'The insight.';
comment on column codex.insight_evidence.signal_id is 'The signal.';
comment on column codex.insight_evidence.score_micros is 'Score of the signal at publication, in millionths of a full one; null in a draft.';
comment on column codex.insight_evidence.origin is 'Source or story it counted for: evidence of one origin counts once. Null in a draft, and where it was published before this was kept.';
comment on column codex.insight_evidence.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.insight_evidence.created_at is 'When the row was made.';
comment on column codex.insight_evidence.updated_at is 'When the row last changed.';

create index if not exists idx_insight_evidence_signal
  on codex.insight_evidence (workspace_id, signal_id);
comment on index codex.idx_insight_evidence_signal is 'Insights that rest on a signal; foreign key to intelligence_signals.';

select codex.protect('codex.insight_evidence', p_insert => 'analyst', p_update => 'analyst');
grant select, insert (workspace_id, insight_id, signal_id, score_micros), update (score_micros, origin)
  on codex.insight_evidence to codex_app;
grant select, insert, update, delete on codex.insight_evidence to codex_service;

create or replace function codex.copy_evidence(p_workspace_id uuid, p_insight_id uuid) returns void
language sql volatile set search_path = '' as $$
  insert into codex.insight_evidence (workspace_id, insight_id, signal_id, score_micros)
  select i.workspace_id, i.id, s.id, round((item.value ->> 'confidence')::numeric * 10000)
  from codex.market_insights i
  cross join lateral jsonb_array_elements(i.evidence) as item
  join codex.intelligence_signals s
    on s.workspace_id = i.workspace_id and s.id::text = item.value ->> 'signalId'
  where i.workspace_id = p_workspace_id and i.id = p_insight_id and not exists (
    select from codex.insight_evidence e
    where e.workspace_id = i.workspace_id and e.insight_id = i.id and e.signal_id = s.id
  )
  on conflict do nothing
$$;
comment on function codex.copy_evidence(uuid, uuid) is
  'Copies the evidence that an insight froze in its column into the table, as far as the signals are there.';
grant execute on function codex.copy_evidence(uuid, uuid) to codex_app, codex_service;

-- What was published before, workspace by workspace.
do $$
declare
  v_insight record;
  v_row_security text := current_setting('row_security');
begin
  -- set_service_context looks as codex_definer, whom policies hold; off, they are an error and no filter.
  perform set_config('row_security', 'on', true);
  for v_insight in
    select i.workspace_id, i.id
    from codex.market_insights i
    where i.evidence <> '[]' and not exists (
      select from codex.insight_evidence e
      where e.workspace_id = i.workspace_id and e.insight_id = i.id
    )
    order by i.workspace_id, i.id
  loop
    perform codex.set_service_context(v_insight.workspace_id);
    perform codex.copy_evidence(v_insight.workspace_id, v_insight.id);
  end loop;
  perform set_config('row_security', v_row_security, true);
end
$$;

create or replace trigger _900_touch before update on codex.insight_evidence
  for each row execute function codex.tg__touch();
create or replace function codex.tg_insight_evidence__keep_frozen() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_row codex.insight_evidence := coalesce(new, old);
  v_insight record;
begin
  select status, evidence into v_insight
  from codex.market_insights
  where workspace_id = v_row.workspace_id and id = v_row.insight_id;
  if v_insight.status is distinct from 'draft' and v_insight.status is not null
    -- What the insight itself froze may be copied out of it.
    and not (tg_op = 'INSERT' and exists (
      select from jsonb_array_elements(v_insight.evidence) as item
      where item ->> 'signalId' = v_row.signal_id::text
        and round((item ->> 'confidence')::numeric * 10000) = v_row.score_micros
    ))
    and exists (select from codex.workspaces where id = v_row.workspace_id)
  then
    raise exception 'the evidence of a published insight no longer changes'
      using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name,
        hint = 'Make a new insight, and let it supersede this one.';
  end if;
  return v_row;
end
$$;
comment on function codex.tg_insight_evidence__keep_frozen() is
  'BEFORE INSERT OR UPDATE OR DELETE: the evidence of an insight that was published no longer changes (KX004).';
create or replace trigger _200_keep_frozen before insert or update or delete
  on codex.insight_evidence
  for each row execute function codex.tg_insight_evidence__keep_frozen();

----------------------------------------------------------------------------------------------------
-- market_insights
----------------------------------------------------------------------------------------------------

alter table codex.market_insights
  add column if not exists retraction_reason text not null default '',
  add column if not exists stale_alerted_at timestamptz;
comment on column codex.market_insights.retraction_reason is 'Why it was retracted.';
comment on column codex.market_insights.stale_alerted_at is 'When the alert was raised that it has grown stale; null before that.';
grant update (retraction_reason) on codex.market_insights to codex_app;

create or replace trigger _200_keep_published before update or delete on codex.market_insights
  for each row execute function codex.tg__keep_published('draft',
    'superseded_by_id, reviewed_by, actioned_at, published_at, signal_count, confidence_level, retraction_reason, stale_alerted_at');
create or replace trigger _900_touch before update on codex.market_insights
  for each row execute function codex.tg__touch('stale_alerted_at');
create or replace trigger _950_record_event
  after insert or update or delete on codex.market_insights
  for each row execute function codex.tg__record_event('insight', 'id', 'stale_alerted_at');

create or replace function codex.tg_market_insights__copy_evidence() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.copy_evidence(new.workspace_id, new.id);
  return null;
end
$$;
comment on function codex.tg_market_insights__copy_evidence() is
  'AFTER INSERT OR UPDATE OF evidence: whoever still writes the column alone fills the table too.';
create or replace trigger _300_copy_evidence
  after insert or update of evidence on codex.market_insights
  for each row when (new.evidence <> '[]')
  execute function codex.tg_market_insights__copy_evidence();

create or replace function codex.refuse_insight_step(p_from text, p_to text) returns void
language plpgsql immutable set search_path = '' as $$
begin
  raise exception using
    errcode = 'KX002',
    message = format('market_insights.status cannot go from %s to %s', p_from, p_to),
    detail = format('allowed: %s', case p_from
      when 'active' then 'superseded, retracted, archived'
      when 'superseded' then 'archived'
      else 'none, the state is terminal'
    end),
    schema = 'codex', table = 'market_insights', column = 'status';
end
$$;
comment on function codex.refuse_insight_step(text, text) is
  'KX002 for a step that a published insight does not take, with those that it may.';
grant execute on function codex.refuse_insight_step(text, text) to codex_app, codex_service;

create or replace function codex.tg_market_insights__refuse_again() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.refuse_insight_step(old.status, new.status);
  return null;
end
$$;
comment on function codex.tg_market_insights__refuse_again() is
  'BEFORE UPDATE of a published insight that stays in its state: what ended it, its successor or the reason of its retraction, is said once (KX002).';
create or replace trigger _110_refuse_again
  before update of status, superseded_by_id, retraction_reason on codex.market_insights
  for each row when (old.status <> 'draft' and new.status = old.status)
  execute function codex.tg_market_insights__refuse_again();

create or replace function codex.tg_market_insights__check_successor() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.superseded_by_id = new.id or not exists (
    select from codex.market_insights
    where workspace_id = new.workspace_id and id = new.superseded_by_id and status = 'active'
    for share
  ) then
    raise exception 'an insight is superseded by another that is active'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name,
        column = 'superseded_by_id';
  end if;
  return new;
end
$$;
comment on function codex.tg_market_insights__check_successor() is
  'BEFORE INSERT OR UPDATE OF superseded_by_id: it is another insight, and active (KX007).';
create or replace trigger _160_check_successor
  before insert or update of superseded_by_id on codex.market_insights
  for each row when (new.superseded_by_id is not null)
  execute function codex.tg_market_insights__check_successor();

-- Copies of one story are one origin, whichever of them names a source; so are signals of one source: they
-- may repeat each other.
create or replace function codex.evidence_of(
  p_workspace_id uuid, p_insight_id uuid, p_as_of timestamptz default now()
)
returns table (
  signal_id uuid, title text, status text, score_then numeric, score_now numeric, origin text
)
language sql stable set search_path = '' as $$
  select s.id, s.title, s.status, round(e.score_micros / 10000.0, 4),
    case
      when s.status = 'dismissed' or s.purged_at is not null then 0
      else codex.signal_score(s, p_as_of)
    end,
    coalesce(
      min(lower(coalesce(head.data_source, s.data_source))) over (partition by coalesce(head.id, s.id)),
      coalesce(head.id, s.id)::text)
  from codex.insight_evidence e
  join codex.intelligence_signals s on s.workspace_id = p_workspace_id and s.id = e.signal_id
  left join codex.signal_links l
    on l.workspace_id = p_workspace_id and l.signal_id = s.id and l.head_id is not null
  left join codex.intelligence_signals head
    on head.workspace_id = p_workspace_id and head.id = l.head_id
  where e.workspace_id = p_workspace_id and e.insight_id = p_insight_id
$$;
comment on function codex.evidence_of(uuid, uuid, timestamptz) is
  'Signals that an insight rests on: score at publication (null in a draft), score at an instant (0 for a dismissed or purged one), and the origin they count for.';
grant execute on function codex.evidence_of(uuid, uuid, timestamptz) to codex_app, codex_service;

create or replace function codex.insight_confidence(
  p_workspace_id uuid, p_insight_id uuid, p_as_of timestamptz default now()
) returns numeric
language sql stable set search_path = '' as $$
  select coalesce(
    round((100 * (1 - exp(sum(ln(greatest(1 - origin.score / 100, 1e-6))))))::numeric, 4), 0)
  from (
    select max(e.score_now) as score
    from codex.evidence_of(p_workspace_id, p_insight_id, p_as_of) e
    group by e.origin
  ) origin
$$;
comment on function codex.insight_confidence(uuid, uuid, timestamptz) is
  'Confidence, 0 to 100, that the signals of an insight amount to at an instant: 1 − Π(1 − cᵢ), with one cᵢ per origin.';
grant execute on function codex.insight_confidence(uuid, uuid, timestamptz)
  to codex_app, codex_service;

create or replace function codex.insight_freshness(
  p_workspace_id uuid, p_insight_id uuid, p_as_of timestamptz default now()
) returns numeric
language sql stable set search_path = '' as $$
  select least(1, round(coalesce(
    codex.insight_confidence(p_workspace_id, p_insight_id, p_as_of) / nullif(i.confidence, 0), 0), 4))
  from codex.market_insights i
  where i.workspace_id = p_workspace_id and i.id = p_insight_id
    -- What was published with evidence that is no longer known cannot be judged.
    and exists (
      select from codex.insight_evidence e
      where e.workspace_id = p_workspace_id and e.insight_id = p_insight_id
    )
$$;
comment on function codex.insight_freshness(uuid, uuid, timestamptz) is
  'Confidence of an insight at an instant against that at publication, 0 to 1; below 0.5 it is stale. Null when its evidence is not known.';
grant execute on function codex.insight_freshness(uuid, uuid, timestamptz)
  to codex_app, codex_service;

create or replace function codex.create_insight(
  p_workspace_id uuid, p_insight_id uuid, p_fields jsonb, p_signal_ids uuid[]
) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_ids uuid[] := array(select distinct id from unnest(p_signal_ids) as id where id is not null);
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  if cardinality(v_ids) = 0 then
    raise exception 'an insight needs at least one signal' using errcode = 'KX011';
  end if;
  if (
    select count(*) from codex.intelligence_signals
    where workspace_id = p_workspace_id and id = any (v_ids) and purged_at is null
  ) < cardinality(v_ids) then
    raise exception 'a signal is unknown here' using errcode = 'KX008';
  end if;
  insert into codex.market_insights (workspace_id, id, title, description, insight_type, category,
    conclusions, business_implications, recommended_actions, potential_impact, relevant_from,
    relevant_until)
  values (
    p_workspace_id, p_insight_id, p_fields ->> 'title', coalesce(p_fields ->> 'description', ''),
    p_fields ->> 'type', coalesce(p_fields ->> 'category', 'market'),
    array(select jsonb_array_elements_text(coalesce(p_fields -> 'conclusions', '[]'))),
    array(select jsonb_array_elements_text(coalesce(p_fields -> 'implications', '[]'))),
    array(select jsonb_array_elements_text(coalesce(p_fields -> 'actions', '[]'))),
    coalesce(p_fields ->> 'impact', ''), (p_fields ->> 'relevantFrom')::date,
    (p_fields ->> 'relevantUntil')::date);
  insert into codex.insight_evidence (workspace_id, insight_id, signal_id)
  select p_workspace_id, p_insight_id, id from unnest(v_ids) as id;
  return p_insight_id;
end
$$;
comment on function codex.create_insight(uuid, uuid, jsonb, uuid[]) is
  'Makes a draft that rests on the signals. KX008 for a signal that is unknown here, KX010 below analyst, KX011 without signals.';
grant execute on function codex.create_insight(uuid, uuid, jsonb, uuid[])
  to codex_app, codex_service;

create or replace function codex.publish_insight(p_workspace_id uuid, p_insight_id uuid) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_status text;
  v_unusable integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  select status into v_status
  from codex.market_insights
  where workspace_id = p_workspace_id and id = p_insight_id
  for no key update;
  if v_status is null then
    raise exception 'no such insight' using errcode = 'KX008';
  elsif v_status <> 'draft' then
    perform codex.refuse_insight_step(v_status, 'active');
  end if;
  -- In the same order for everybody, so that two insights over the same signals cannot deadlock.
  perform from codex.intelligence_signals
  where workspace_id = p_workspace_id and id in (
    select signal_id from codex.insight_evidence
    where workspace_id = p_workspace_id and insight_id = p_insight_id
  )
  order by id
  for no key update;
  select count(*) into v_unusable
  from codex.insight_evidence e
  join codex.intelligence_signals s on s.workspace_id = p_workspace_id and s.id = e.signal_id
  where e.workspace_id = p_workspace_id and e.insight_id = p_insight_id
    and (s.status in ('dismissed', 'archived') or s.expires_at <= now() or s.purged_at is not null);
  if v_unusable > 0 then
    raise exception '% of the signals are dismissed, archived or expired', v_unusable
      using errcode = 'KX007', schema = 'codex', table = 'market_insights';
  end if;
  update codex.insight_evidence e
  set score_micros = round(f.score_now * 10000), origin = f.origin
  from codex.evidence_of(p_workspace_id, p_insight_id) f
  where e.workspace_id = p_workspace_id and e.insight_id = p_insight_id
    and e.signal_id = f.signal_id;
  -- The column of before is kept up for whoever still reads it.
  update codex.market_insights
  set status = 'active',
    confidence = round(codex.insight_confidence(p_workspace_id, p_insight_id)),
    evidence = coalesce((
      select jsonb_agg(jsonb_build_object('signalId', signal_id,
        'confidence', round(score_micros / 10000.0, 4))
        order by signal_id)
      from codex.insight_evidence
      where workspace_id = p_workspace_id and insight_id = p_insight_id
    ), '[]')
  where workspace_id = p_workspace_id and id = p_insight_id;
  update codex.intelligence_signals
  set status = 'actioned'
  where workspace_id = p_workspace_id and status in ('new', 'acknowledged') and id in (
    select signal_id from codex.insight_evidence
    where workspace_id = p_workspace_id and insight_id = p_insight_id
  );
  return p_insight_id;
end
$$;
comment on function codex.publish_insight(uuid, uuid) is
  'Publishes a draft: freezes the present score of each signal, takes the confidence from them and marks them actioned. KX002 for what is no draft, KX007 when a signal is dismissed, archived or expired, KX008 unknown, KX010 below analyst.';
grant execute on function codex.publish_insight(uuid, uuid) to codex_app, codex_service;

create or replace function codex.create_insight_from_signals(
  p_workspace_id uuid,
  p_signal_ids uuid[],
  p_title text,
  p_insight_type text,
  p_conclusions text[] default '{}'
) returns uuid
language plpgsql volatile set search_path = '' as $$
begin
  return codex.publish_insight(p_workspace_id, codex.create_insight(p_workspace_id,
    gen_random_uuid(), jsonb_build_object('title', p_title, 'type', p_insight_type,
      'conclusions', to_jsonb(coalesce(p_conclusions, '{}'))), p_signal_ids));
end
$$;
comment on function codex.create_insight_from_signals(uuid, uuid[], text, text, text[]) is
  'Publishes an insight that rests on the signals, with their present confidence frozen as evidence, and marks them actioned. Its confidence is 1 − Π(1 − cᵢ), with one cᵢ per data source. KX011 without signals, KX008 for a signal that is unknown here, KX007 for one that is dismissed, archived or expired.';

----------------------------------------------------------------------------------------------------
-- For background work
----------------------------------------------------------------------------------------------------

create or replace function codex.raise_stale_insight(p_workspace_id uuid, p_insight_id uuid)
returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_title text;
  v_alert_id uuid;
begin
  -- Compared and set: of two who come at once, one raises it.
  update codex.market_insights
  set stale_alerted_at = now()
  where workspace_id = p_workspace_id and id = p_insight_id and status = 'active'
    and stale_alerted_at is null and codex.insight_freshness(p_workspace_id, id) < 0.5
  returning title into v_title;
  if v_title is not null then
    select a.alert_id into v_alert_id
    from codex.create_system_alert(p_workspace_id, 'action_required', 'medium',
      left('Stale: ' || v_title, 300),
      p_description => 'The signals this insight rests on have decayed to less than half.',
      p_dedup_key => 'insight.stale:' || p_insight_id,
      p_data_points => jsonb_build_object('insightId', p_insight_id)) a;
  end if;
  return v_alert_id;
end
$$;
comment on function codex.raise_stale_insight(uuid, uuid) is
  'Raises an alert for an insight if it is active and has grown stale, once, and gives it; null otherwise.';
grant execute on function codex.raise_stale_insight(uuid, uuid) to codex_service, codex_definer;
grant execute on function codex.evidence_of(uuid, uuid, timestamptz),
  codex.insight_confidence(uuid, uuid, timestamptz), codex.insight_freshness(uuid, uuid, timestamptz)
  to codex_definer;
grant select, update (stale_alerted_at) on codex.market_insights to codex_definer;
grant select on codex.insight_evidence to codex_definer;

-- SECURITY DEFINER: that an insight has grown stale is nobody's to say.
create or replace function codex.tg_intelligence_signals__raise_stale() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.raise_stale_insight(new.workspace_id, e.insight_id)
  from codex.insight_evidence e
  where e.workspace_id = new.workspace_id and e.signal_id = new.id
  order by e.insight_id;
  return null;
end
$$;
comment on function codex.tg_intelligence_signals__raise_stale() is
  'AFTER UPDATE of what is dismissed or scored by hand: the insights that this makes stale raise their alerts, in the same transaction.';
select codex.hand_over('codex.tg_intelligence_signals__raise_stale()', 'codex_definer');
create or replace trigger _300_raise_stale after update of status, override_score
  on codex.intelligence_signals
  for each row
  when (new.override_score is distinct from old.override_score
    or new.status = 'dismissed' and old.status <> 'dismissed')
  execute function codex.tg_intelligence_signals__raise_stale();

create or replace function codex.raise_stale_insights(
  p_workspace_id uuid, p_limit integer default 100
)
returns table (insight_id uuid, alert_id uuid)
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  for insight_id in
    select i.id
    from codex.market_insights i
    where i.workspace_id = p_workspace_id and i.status = 'active' and i.stale_alerted_at is null
      and codex.insight_freshness(p_workspace_id, i.id) < 0.5
    order by i.id
    limit p_limit
    for no key update of i skip locked
  loop
    alert_id := codex.raise_stale_insight(p_workspace_id, insight_id);
    return next;
  end loop;
end
$$;
comment on function codex.raise_stale_insights(uuid, integer) is
  'For background work: raises an alert for each active insight that has grown stale by the clock, once for each, however many ask at once.';
grant execute on function codex.raise_stale_insights(uuid, integer) to codex_service;

create or replace function codex.preview_signal_retention(
  p_workspace_id uuid, p_before timestamptz,
  out signals bigint, out kept bigint, out oldest timestamptz
)
language sql stable set search_path = '' as $$
  select count(*) filter (where not cited), count(*) filter (where cited),
    min(last_seen_at) filter (where not cited)
  from (
    select s.last_seen_at, exists (
      select from codex.insight_evidence e
      where e.workspace_id = p_workspace_id and e.signal_id = s.id
    ) as cited
    from codex.intelligence_signals s
    where s.workspace_id = p_workspace_id and s.last_seen_at < p_before and s.purged_at is null
  ) old
$$;
comment on function codex.preview_signal_retention(uuid, timestamptz) is
  'What purge_signals would remove: signals last seen before an instant, those kept because an insight cites them, and when the oldest was last seen.';
grant execute on function codex.preview_signal_retention(uuid, timestamptz) to codex_service;

create or replace function codex.purge_signals(
  p_workspace_id uuid, p_before timestamptz, p_limit integer default 1000
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_count integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  update codex.intelligence_signals
  set purged_at = now(), status = case status when 'archived' then status else 'dismissed' end,
    title = '(purged)', description = '', key_findings = '{}', data_points = '{}',
    source_url = null, external_id = null, action_notes = '', override_score = null,
    override_reason = null, override_until = null, overridden_at = null
  where workspace_id = p_workspace_id and id in (
    select s.id
    from codex.intelligence_signals s
    where s.workspace_id = p_workspace_id and s.last_seen_at < p_before and s.purged_at is null
      and not exists (
        select from codex.insight_evidence e
        where e.workspace_id = p_workspace_id and e.signal_id = s.id
      )
    order by s.id
    limit p_limit
    for no key update skip locked
  );
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function codex.purge_signals(uuid, timestamptz, integer) is
  'Removes the contents of signals last seen before an instant, some at a time, and gives their number; 0 when none is left. Fingerprints stay, so that they do not come back; what an insight cites stays whole.';
grant execute on function codex.purge_signals(uuid, timestamptz, integer) to codex_service;
