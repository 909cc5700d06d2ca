create or replace function codex.tg_market_insights__copy_evidence() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.copy_evidence(new.workspace_id, new.id);
  return null;
end
$$;
