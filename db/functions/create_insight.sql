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
