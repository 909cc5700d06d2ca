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
