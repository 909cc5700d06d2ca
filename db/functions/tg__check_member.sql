-- Whoever has left stays where they are named, and is not named anew: told as of somebody unknown.
create or replace function codex.tg__check_member() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_column text := tg_argv[0];
  v_user uuid := (to_jsonb(new) ->> v_column)::uuid;
begin
  if v_user is null or v_user = (to_jsonb(old) ->> v_column)::uuid then
    return new;
  elsif exists (
    select from codex.user_workspaces
    where workspace_id = new.workspace_id and user_id = v_user and removed_at is not null
  ) then
    raise exception 'no such member'
      using errcode = '23503', schema = tg_table_schema, table = tg_table_name,
        constraint = format('%s_%s_fkey', tg_table_name, v_column);
  end if;
  return new;
end
$$;
