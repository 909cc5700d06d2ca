create or replace function codex.tg_points_ledger__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  new.local_date := coalesce(new.local_date, (
    select (new.occurred_at at time zone time_zone)::date
    from codex.user_profiles
    where id = new.user_id
  ), (new.occurred_at at time zone 'UTC')::date);
  -- What is taken back leaves the boards that it once stood on.
  new.board_date := coalesce(case when new.reverses_id is not null then (
    select board_date
    from codex.points_ledger
    where workspace_id = new.workspace_id and id = new.reverses_id
  ) end, (
    select (new.created_at at time zone time_zone)::date
    from codex.workspaces
    where id = new.workspace_id
  ));
  return new;
end
$$;
