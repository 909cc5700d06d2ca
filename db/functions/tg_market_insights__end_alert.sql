-- SECURITY DEFINER: whoever may end an insight ends what was said of it.
create or replace function codex.tg_market_insights__end_alert() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  update codex.system_alerts
  set status = 'resolved'
  where workspace_id = new.workspace_id and dedup_key = 'insight.stale:' || new.id
    and status in ('active', 'acknowledged');
  return null;
end
$$;
