create or replace function codex.publish_insight(p_workspace_id uuid, p_insight_id uuid) returns uuid
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
declare
  v_status text;
  v_unusable integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  select status into v_status
  from codex.market_insights
  where workspace_id = p_workspace_id and id = p_insight_id
  for no key update;
  if v_status is null then
    raise exception 'no such insight' using errcode = 'KX008';
  elsif v_status <> 'draft' then
    perform codex.refuse_insight_step(v_status, 'active');
  end if;
  -- In the same order for everybody, so that two insights over the same signals cannot deadlock.
  perform from codex.intelligence_signals
  where workspace_id = p_workspace_id and id in (
    select signal_id from codex.insight_evidence
    where workspace_id = p_workspace_id and insight_id = p_insight_id
  )
  order by id
  for no key update;
  select count(*) into v_unusable
  from codex.insight_evidence e
  join codex.intelligence_signals s on s.workspace_id = p_workspace_id and s.id = e.signal_id
  where e.workspace_id = p_workspace_id and e.insight_id = p_insight_id
    and (s.status in ('dismissed', 'archived') or s.expires_at <= now() or s.purged_at is not null);
  if v_unusable > 0 then
    raise exception '% of the signals are dismissed, archived or expired', v_unusable
      using errcode = 'KX007', schema = 'codex', table = 'market_insights';
  end if;
  update codex.insight_evidence e
  set score_micros = round(f.score_now * 10000), origin = f.origin
  from codex.evidence_of(p_workspace_id, p_insight_id) f
  where e.workspace_id = p_workspace_id and e.insight_id = p_insight_id
    and e.signal_id = f.signal_id;
  -- The column of before is kept up for whoever still reads it.
  update codex.market_insights
  set status = 'active',
    confidence = round(codex.insight_confidence(p_workspace_id, p_insight_id)),
    evidence = coalesce((
      select jsonb_agg(jsonb_build_object('signalId', signal_id,
        'confidence', round(score_micros / 10000.0, 4))
        order by signal_id)
      from codex.insight_evidence
      where workspace_id = p_workspace_id and insight_id = p_insight_id
    ), '[]')
  where workspace_id = p_workspace_id and id = p_insight_id;
  update codex.intelligence_signals
  set status = 'actioned'
  where workspace_id = p_workspace_id and status in ('new', 'acknowledged') and id in (
    select signal_id from codex.insight_evidence
    where workspace_id = p_workspace_id and insight_id = p_insight_id
  );
  return p_insight_id;
end
$$;
