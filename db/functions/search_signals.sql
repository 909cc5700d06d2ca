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
