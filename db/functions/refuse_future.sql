create or replace function codex.refuse_future(p_items jsonb[]) returns void
language plpgsql stable set search_path = '' as $$
declare
  v_item jsonb := (
    select item
    from unnest(p_items) as item
    where (item ->> 'occurredAt')::timestamptz > now() + interval '5 minutes'
    limit 1
  );
begin
  if v_item is not null then
    -- A sighting of what is there has no more than that, and calls it so.
    raise exception 'what was seen lies in the future'
      using errcode = 'KX005', schema = 'codex', table = 'intelligence_signals',
        column = case when v_item ? 'signalId' then 'at' else 'occurred_at' end;
  end if;
end
$$;
