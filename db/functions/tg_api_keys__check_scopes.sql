create or replace function codex.tg_api_keys__check_scopes() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_scopes text[] := nullif(current_setting('codex.scopes', true), '')::text[];
begin
  -- A key that may do some things only gives no more than these away.
  if cardinality(v_scopes) > 0 and (
    cardinality(new.scopes) = 0
    or exists (select from unnest(new.scopes) s where not codex.covers_scope(v_scopes, s))
  ) then
    raise exception 'a key with scopes makes keys with no more than its own' using errcode = 'KX010';
  end if;
  return new;
end
$$;
