create or replace function codex.tg_intelligence_signals__refuse_future() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- What was so before is sighted like any other.
  if tg_op = 'INSERT' or new.last_seen_at > old.last_seen_at then
    raise exception 'what was seen lies in the future'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name,
        column = 'occurred_at';
  end if;
  return new;
end
$$;
