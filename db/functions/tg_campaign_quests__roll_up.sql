-- SECURITY DEFINER: the parent's progress follows its children whoever may edit the parent.
create or replace function codex.tg_campaign_quests__roll_up() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_row codex.campaign_quests := coalesce(new, old);
  v_parent uuid;
begin
  if not exists (select from codex.workspaces where id = v_row.workspace_id) then
    return null;
  end if;
  perform codex.lock_tree('campaign_quests:' || v_row.campaign_id);
  foreach v_parent in array array[
    case when tg_op <> 'DELETE' then new.parent_id end,
    case when tg_op <> 'INSERT' and (tg_op = 'DELETE' or old.parent_id is distinct from new.parent_id)
      then old.parent_id end
  ] loop
    continue when v_parent is null;
    -- The parent's own trigger sets the sum, and its change goes on to the grandparent.
    update codex.campaign_quests
    set progress = progress
    where workspace_id = v_row.workspace_id and id = v_parent
      and progress is distinct from
        codex.quest_progress(v_row.workspace_id, v_row.campaign_id, v_parent);
  end loop;
  return null;
end
$$;
