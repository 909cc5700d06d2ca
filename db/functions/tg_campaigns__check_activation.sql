-- SECURITY DEFINER: it locks the positioning whoever may edit it. Stands here because it reads
-- quests and cohorts.
create or replace function codex.tg_campaigns__check_activation() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_missing text;
begin
  if new.status <> 'active' or old.status is not distinct from new.status then
    return new;
  end if;
  -- A positioning that is being retracted is waited for.
  perform from codex.positioning
  where workspace_id = new.workspace_id and id = new.positioning_id and status = 'active'
  for share;
  v_missing := case
    when not found then 'an active positioning'
    when new.start_date is null then 'a start date'
    when not exists (
      select from codex.campaign_quests
      where workspace_id = new.workspace_id and campaign_id = new.id
    ) and not exists (
      select from codex.campaign_cohorts
      where workspace_id = new.workspace_id and campaign_id = new.id
    ) then 'at least one quest or cohort'
  end;
  if v_missing is not null then
    raise exception 'a campaign needs % to become active', v_missing
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
