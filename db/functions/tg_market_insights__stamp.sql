create or replace function codex.tg_market_insights__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status = 'active' and (tg_op = 'INSERT' or old.status <> 'active') then
    new.published_at := now();
  end if;
  return new;
end
$$;
