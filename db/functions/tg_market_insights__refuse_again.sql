create or replace function codex.tg_market_insights__refuse_again() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.refuse_insight_step(old.status, new.status);
  return null;
end
$$;
