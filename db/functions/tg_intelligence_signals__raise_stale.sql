-- SECURITY DEFINER: that an insight has grown stale is nobody's to say.
create or replace function codex.tg_intelligence_signals__raise_stale() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.raise_stale_insight(new.workspace_id, e.insight_id)
  from codex.insight_evidence e
  where e.workspace_id = new.workspace_id and e.signal_id = new.id
  order by e.insight_id;
  return null;
end
$$;
