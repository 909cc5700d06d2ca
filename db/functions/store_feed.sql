create or replace function codex.store_feed(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_items jsonb[],
  p_etag text default null, p_last_modified text default null
) returns integer
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
declare
  -- Not all at once, whatever began them at the same moment.
  v_spread double precision := 0.9 + 0.2 * random();
  v_feed codex.signal_feeds;
  v_new jsonb[];
  v_created integer;
begin
  perform codex.require_workspace(p_workspace_id);
  update codex.signal_feeds f
  set leased_by = null, polled_at = now(), failures = 0, last_error = null,
    next_poll_at = now() + make_interval(mins => f.every_minutes) * v_spread,
    etag = case when p_items is null then f.etag
      when char_length(p_etag) <= 1000 then p_etag end,
    last_modified = case when p_items is null then f.last_modified
      when char_length(p_last_modified) <= 1000 then p_last_modified end
  where f.workspace_id = p_workspace_id and f.id = p_id and f.fencing_token = p_fencing_token
    and f.leased_by is not null
  returning f.* into v_feed;
  if v_feed.id is null then
    raise exception 'this feed is no longer held under that token' using errcode = 'KX012';
  end if;
  -- What the source brought before is no sighting more: it is only still there.
  v_new := array(
    select i.item || jsonb_strip_nulls(jsonb_build_object('source', v_feed.source,
      'kind', v_feed.kind, 'category', v_feed.category))
    from unnest(p_items) with ordinality as i (item, place)
    cross join lateral codex.signal_fingerprints(v_feed.source, i.item ->> 'externalId',
      i.item ->> 'url', i.item ->> 'title', i.item ->> 'body') f
    where not exists (
      select from codex.intelligence_signals s
      where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
        and (s.fingerprint = f.by_id or s.content_fingerprint = f.by_content
          or s.url_fingerprint = f.by_url and not codex.is_other_entry(s, v_feed.source, f.by_id,
            f.by_content, i.item ->> 'title'))
        and v_feed.source = any (s.sources)
    )
    order by i.place);
  if cardinality(v_new) = 0 then
    return 0;
  end if;
  select count(*) filter (where ingested.outcome = 'created') into v_created
  from codex.ingest_signals(p_workspace_id, v_new) ingested;
  return v_created;
end
$$;
