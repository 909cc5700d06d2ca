create or replace function codex.create_insight_from_signals(
  p_workspace_id uuid,
  p_signal_ids uuid[],
  p_title text,
  p_insight_type text,
  p_conclusions text[] default '{}'
) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_ids uuid[] := array(select distinct id from unnest(p_signal_ids) as id where id is not null);
  v_evidence jsonb;
  v_unusable integer;
  v_confidence integer;
  v_insight_id uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  if cardinality(v_ids) = 0 then
    raise exception 'an insight needs at least one signal' using errcode = 'KX011';
  end if;
  -- In the same order for everybody, so that two insights over the same signals cannot deadlock.
  perform from codex.intelligence_signals
  where workspace_id = p_workspace_id and id = any (v_ids)
  order by id
  for no key update;
  with signal as (
    select id, data_source,
      codex.decayed_confidence(confidence, last_seen_at, half_life_hours, now()) as confidence,
      status in ('dismissed', 'archived') or expires_at <= now() as unusable
    from codex.intelligence_signals
    where workspace_id = p_workspace_id and id = any (v_ids)
  ), independent as (
    -- Two signals of one source may repeat each other: of these only the surest counts.
    select max(confidence) as confidence from signal group by coalesce(data_source, id::text)
  )
  select jsonb_agg(jsonb_build_object('signalId', id, 'confidence', confidence) order by id),
    count(*) filter (where unusable),
    (select round(100 * (1 - exp(sum(ln(greatest(1 - confidence / 100, 1e-6)))))) from independent)
  into v_evidence, v_unusable, v_confidence
  from signal;
  if coalesce(jsonb_array_length(v_evidence), 0) < cardinality(v_ids) then
    raise exception 'a signal is unknown here' using errcode = 'KX008';
  elsif v_unusable > 0 then
    raise exception '% of the signals are dismissed, archived or expired', v_unusable
      using errcode = 'KX007';
  end if;
  insert into codex.market_insights
    (workspace_id, title, insight_type, conclusions, evidence, confidence, status)
  values (p_workspace_id, p_title, p_insight_type, coalesce(p_conclusions, '{}'), v_evidence,
    v_confidence, 'active')
  returning id into v_insight_id;
  update codex.intelligence_signals
  set status = 'actioned'
  where workspace_id = p_workspace_id and id = any (v_ids) and status in ('new', 'acknowledged');
  return v_insight_id;
end
$$;
