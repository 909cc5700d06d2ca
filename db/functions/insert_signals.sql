create or replace function codex.insert_signals(p_workspace_id uuid, p_items jsonb[]) returns void
language plpgsql volatile set search_path = '' as $$
begin
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
  from generate_subscripts(p_items, 1) as place
  cross join lateral (select p_items[place] as item) i
  order by place
  on conflict do nothing;
end
$$;
