-- SECURITY DEFINER: nobody may write user_stats directly.
-- Differences and no recount: two moves that end at once would each be counted without the other.
create or replace function codex.calculate_move_success_rate() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_change record;
begin
  if not exists (
    select from codex.workspaces where id = coalesce(new.workspace_id, old.workspace_id)
  ) then
    return null;
  end if;
  for v_change in
    select side.user_id,
      sum(side.sign) as created,
      sum(case when side.status in ('complete', 'killed') then side.sign else 0 end) as executed,
      sum(case when side.status = 'complete' then side.sign else 0 end) as successful
    from (values (1, new.owner_id, new.status), (-1, old.owner_id, old.status))
      as side (sign, user_id, status)
    where side.user_id is not null
    group by side.user_id
    -- In the same order for everybody, so that two changes of owner cannot wait for each other.
    order by side.user_id
  loop
    insert into codex.user_stats as s (workspace_id, user_id)
    values (coalesce(new.workspace_id, old.workspace_id), v_change.user_id)
    on conflict (workspace_id, user_id) do nothing;
    update codex.user_stats s
    set moves_created = s.moves_created + v_change.created,
      moves_executed = s.moves_executed + v_change.executed,
      moves_successful = s.moves_successful + v_change.successful,
      move_success_rate_percentage = round(
        100.0 * (s.moves_successful + v_change.successful)
        / nullif(s.moves_executed + v_change.executed, 0))
    where s.workspace_id = coalesce(new.workspace_id, old.workspace_id)
      and s.user_id = v_change.user_id;
  end loop;
  return null;
end
$$;
