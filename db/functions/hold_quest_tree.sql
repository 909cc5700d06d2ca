-- Before the row of one of its quests: whoever moves or completes quests has the tree and then waits for the rows.
create or replace function codex.hold_quest_tree(p_workspace_id uuid, p_quest_id uuid) returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.lock_tree('campaign_quests:' || campaign_id)
  from codex.campaign_quests
  where workspace_id = p_workspace_id and id = p_quest_id;
  return true;
end
$$;
