drop trigger if exists _130_check_member on codex.api_keys;
drop trigger if exists _130_check_member on codex.campaign_quests;
drop trigger if exists _131_check_member on codex.campaign_quests;
drop trigger if exists _130_check_member on codex.campaigns;
drop trigger if exists _131_check_member on codex.campaigns;
drop function if exists codex.tg__check_member();

create or replace function codex.store_feed(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_items jsonb[],
  p_etag text default null, p_last_modified text default null
) returns integer
language plpgsql volatile set search_path = '' as $$
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
        and (s.fingerprint = f.by_id or s.url_fingerprint = f.by_url
          or s.content_fingerprint = f.by_content)
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

create or replace function codex.ingest_signals(p_workspace_id uuid, p_items jsonb[])
returns table (place integer, outcome text, signal codex.intelligence_signals)
language plpgsql volatile set search_path = '' as $$
declare
  v_ids uuid[];
  v_by_id text[];
  v_by_url text[];
  v_by_content text[];
  v_found uuid[];
  v_seen jsonb[];
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
    -- Subscripts and not UNNEST: by the number of elements, one call's plan seems better than all calls', each time.
    -- The bound, which all keep, lets the planner expect five instead of a thousand, of which every little counts.
    select array_agg(coalesce(
        (select s.id from codex.intelligence_signals s
          where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
            and s.fingerprint = v_by_id[i]),
        (select s.id from codex.intelligence_signals s
          where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
            and s.url_fingerprint = v_by_url[i]),
        (select s.id from codex.intelligence_signals s
          where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
            and s.content_fingerprint = v_by_content[i])) order by i)
      into v_found
    from generate_subscripts(v_ids, 1) as i
    where i between 1 and cardinality(v_ids);
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
  v_seen := array(
    select k.item || jsonb_build_object('signalId', k.found)
    from unnest(p_items, v_ids, v_found) as k (item, id, found)
    where k.found <> k.id);
  if cardinality(v_seen) > 0 then
    perform codex.merge_signals(p_workspace_id, v_seen);
  end if;
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

drop function if exists codex.is_other_entry(codex.intelligence_signals, text, text, text, text);

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 52, 19 $$;
