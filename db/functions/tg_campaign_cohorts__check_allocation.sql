-- SECURITY DEFINER: it locks the campaign's row whoever may edit the campaign.
create or replace function codex.tg_campaign_cohorts__check_allocation() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_others bigint;
begin
  -- Two shares of one campaign take turns here: each would be counted without the other.
  perform from codex.campaigns
  where workspace_id = new.workspace_id and id = new.campaign_id
  for no key update;
  select coalesce(sum(allocation_percentage), 0) into v_others
  from codex.campaign_cohorts
  where workspace_id = new.workspace_id and campaign_id = new.campaign_id
    and cohort_id <> new.cohort_id;
  if v_others + new.allocation_percentage > 100 then
    raise exception 'the shares of a campaign would sum to % %%', v_others + new.allocation_percentage
      using errcode = 'KX006', schema = tg_table_schema, table = tg_table_name,
        column = 'allocation_percentage',
        hint = format('At most %s %% are free.', 100 - v_others);
  end if;
  return new;
end
$$;
