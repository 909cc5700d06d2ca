create or replace function codex.quest_progress(
  p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid
) returns integer
language sql stable set search_path = '' as $$
  select round(sum(progress * weight)::numeric / sum(weight))::integer
  from codex.campaign_quests
  where workspace_id = p_workspace_id and campaign_id = p_campaign_id and parent_id = p_quest_id
    and status <> 'skipped'
$$;
