create or replace function codex.refuse_future(p_items jsonb[]) returns void
language plpgsql stable set search_path = '' as $$
begin
  if exists (
    select from unnest(p_items) as item
    where (item ->> 'occurredAt')::timestamptz > now() + interval '5 minutes'
  ) then
    raise exception 'what was seen lies in the future'
      using errcode = 'KX005', schema = 'codex', table = 'intelligence_signals',
        column = 'occurred_at';
  end if;
end
$$;
