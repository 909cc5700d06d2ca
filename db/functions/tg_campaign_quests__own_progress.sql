create or replace function codex.tg_campaign_quests__own_progress() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- The lock first, so that no sibling reports between the sum and the write.
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  new.completed_at := case
    when new.status = 'completed' then coalesce(case when tg_op = 'UPDATE' then old.completed_at end, now())
  end;
  new.progress := coalesce(
    codex.quest_progress(new.workspace_id, new.campaign_id, new.id),
    case
      when new.status = 'completed' then 100
      -- Reopened, and nobody said how far it is.
      when tg_op = 'UPDATE' and old.status = 'completed' and new.progress = 100 then 0
      else new.progress
    end);
  return new;
end
$$;
