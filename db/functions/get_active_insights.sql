create or replace function codex.get_active_insights(p_workspace_id uuid)
returns table (
  id uuid, title text, insight_type text, confidence integer, signal_count integer,
  created_at timestamptz
)
language sql stable set search_path = '' as $$
  select i.id, i.title, i.insight_type, i.confidence, i.signal_count, i.created_at
  from codex.market_insights i
  where i.workspace_id = p_workspace_id and i.status = 'active'
    and (i.relevant_from is null or i.relevant_from <= (now() at time zone 'UTC')::date)
    and (i.relevant_until is null or i.relevant_until >= (now() at time zone 'UTC')::date)
  order by i.confidence desc, i.created_at desc, i.id
$$;
