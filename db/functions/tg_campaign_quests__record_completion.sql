-- SECURITY DEFINER: nobody may write the ledger directly.
create or replace function codex.tg_campaign_quests__record_completion() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.note_completion(new.workspace_id,
    array[coalesce(new.assigned_to, codex.acting_user_id())],
    array[codex.acting_agent_id()], 'quests_completed', 'quest:' || new.id);
  return null;
end
$$;
