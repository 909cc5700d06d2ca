create or replace function codex.tg_market_insights__check_successor() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.superseded_by_id = new.id or not exists (
    select from codex.market_insights
    where workspace_id = new.workspace_id and id = new.superseded_by_id and status = 'active'
    for share
  ) then
    raise exception 'an insight is superseded by another that is active'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name,
        column = 'superseded_by_id';
  end if;
  return new;
end
$$;
