create or replace function codex.ingest_signals(p_workspace_id uuid, p_items jsonb[])
returns table (place integer, outcome text, signal codex.intelligence_signals)
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
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
            and s.url_fingerprint = v_by_url[i]
            and not codex.is_other_entry(s, p_items[i] ->> 'source', v_by_id[i], v_by_content[i],
              p_items[i] ->> 'title')),
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
      select k.item || jsonb_build_object('id', k.id, 'byId', k.by_id, 'byContent', k.by_content,
        -- An address is the mark of one signal: of the first that has it.
        'byUrl', case when not exists (
          select from codex.intelligence_signals s
          where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
            and s.url_fingerprint = k.by_url
            and codex.is_other_entry(s, k.item ->> 'source', k.by_id, k.by_content,
              k.item ->> 'title')) then k.by_url end)
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
