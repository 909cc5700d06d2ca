-- SECURITY DEFINER: nobody may write the ledger directly.
create or replace function codex.tg_campaigns__record_completion() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.note_completion(new.workspace_id,
    array(
      select assigned_to
      from codex.campaign_quests
      where workspace_id = new.workspace_id and campaign_id = new.id and status = 'completed'
        and assigned_to is not null
      union
      select new.owner_id
    ),
    array(
      select agent_id
      from codex.agent_assignments
      where workspace_id = new.workspace_id and campaign_id = new.id
        and status in ('active', 'completed')
    ),
    'campaigns_completed', 'campaign:' || new.id);
  return null;
end
$$;
