create or replace function codex.tg_user_workspaces__rejoin() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  new.rejoined_at := now();
  return new;
end
$$;
