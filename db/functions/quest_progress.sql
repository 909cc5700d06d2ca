-- SECURITY DEFINER: those who report, and the trigger that goes on to the whole, ask as one role. A plan under row
-- security is one role's: asked by two in turns, it was made anew each time.
create or replace function codex.quest_progress(
  p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid
) returns integer
language plpgsql stable security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  return (
    select round(sum(progress * weight)::numeric / sum(weight))::integer
    from codex.campaign_quests
    where workspace_id = p_workspace_id and campaign_id = p_campaign_id and parent_id = p_quest_id
      and status <> 'skipped');
end
$$;
