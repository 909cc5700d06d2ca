-- SECURITY DEFINER: it locks the workspace's row, which people may not.
create or replace function codex.tg_cohorts__check_limit() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer;
begin
  if new.archived_at is not null then
    return new;
  end if;
  -- Two at once take turns here: both would count without the other.
  select cohorts_limit into v_limit from codex.workspaces where id = new.workspace_id for no key update;
  if (
    select count(*) from codex.cohorts
    where workspace_id = new.workspace_id and archived_at is null and id <> new.id
  ) >= v_limit then
    raise exception 'the plan allows % cohorts', v_limit
      using errcode = 'KX006', schema = tg_table_schema, table = tg_table_name,
        hint = 'Archive a cohort, or change the plan.';
  end if;
  return new;
end
$$;
