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
