create or replace function codex.require_event_types(p_types text[]) returns void
language plpgsql immutable set search_path = '' as $$
declare
  v_known text[] := codex.event_types();
  v_wrong record;
begin
  select wanted.type into v_wrong
  from unnest(p_types) as wanted (type)
  where (wanted.type = any (v_known)
      or wanted.type in (select split_part(known, '.', 1) || '.*' from unnest(v_known) as known)
    ) is not true
  limit 1;
  if found then
    raise exception 'no event has such a type; near are %', (
        select string_agg(near.type, ', ')
        from (
          select known as type
          from unnest(v_known) with ordinality as listed (known, at)
          order by codex.text_similarity(v_wrong.type, known) desc nulls last, at
          limit 3
        ) near
      )
      using errcode = 'KX011', schema = 'codex', table = 'webhook_endpoints', column = 'event_types';
  end if;
end
$$;
