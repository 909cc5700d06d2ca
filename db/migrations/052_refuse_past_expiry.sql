-- An invitation or an API key whose end is past is refused here and no longer in front of it: the same request, sent again
-- under its idempotency key once that moment has come, was refused instead of being told that it is made already.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 52, 19 $$;

create or replace function codex.tg__check_expiry() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.expires_at <= now() then
    raise exception 'is past'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name, column = 'expires_at';
  end if;
  return new;
end
$$;
comment on function codex.tg__check_expiry() is
  'BEFORE INSERT: what ends by itself does so later than now (KX011).';
create or replace trigger _100_check_expiry before insert on codex.workspace_invitations
  for each row execute function codex.tg__check_expiry();
create or replace trigger _100_check_expiry before insert on codex.api_keys
  for each row execute function codex.tg__check_expiry();
