-- SECURITY DEFINER: it locks the sprint's row and reads the plan's limit.
create or replace function codex.tg_moves__check_sprint_limit() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer;
begin
  if new.sprint_id is null or new.status = 'killed' then
    return new;
  end if;
  select moves_per_sprint_limit into v_limit from codex.workspaces where id = new.workspace_id;
  -- Two at once take turns here: both would count without the other.
  perform from codex.sprints
  where workspace_id = new.workspace_id and id = new.sprint_id
  for no key update;
  if (
    select count(*) from codex.moves
    where workspace_id = new.workspace_id and sprint_id = new.sprint_id
      and status <> 'killed' and id <> new.id
  ) >= v_limit then
    raise exception 'the plan allows % moves in a sprint', v_limit
      using errcode = 'KX006', schema = tg_table_schema, table = tg_table_name,
        hint = 'Plan the move into another sprint, or change the plan.';
  end if;
  return new;
end
$$;
