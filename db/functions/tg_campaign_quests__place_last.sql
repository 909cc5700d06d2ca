create or replace function codex.tg_campaign_quests__place_last() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  select coalesce(max(position), 0) + 1024 into new.position
  from codex.campaign_quests
  where workspace_id = new.workspace_id and campaign_id = new.campaign_id
    and parent_id is not distinct from new.parent_id;
  return new;
end
$$;
