-- Before the row of a campaign that is completed: that counts for those whose quests are done, and whoever changes their
-- points has the lock and then waits for the campaign.
create or replace function codex.hold_campaign(p_workspace_id uuid, p_campaign_id uuid, p_status text)
returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_status is distinct from 'completed' then
    return true;
  end if;
  -- Its quests stay as they are until then.
  perform codex.lock_tree('campaign_quests:' || id)
  from codex.campaigns
  where workspace_id = p_workspace_id and id = p_campaign_id;
  perform codex.hold_points(p_workspace_id, array(
    select assigned_to
    from codex.campaign_quests
    where workspace_id = p_workspace_id and campaign_id = p_campaign_id
      and status = 'completed' and assigned_to is not null
    union
    select owner_id
    from codex.campaigns
    where workspace_id = p_workspace_id and id = p_campaign_id
  ));
  return true;
end
$$;
