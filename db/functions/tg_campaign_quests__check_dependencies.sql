create or replace function codex.tg_campaign_quests__check_dependencies() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status <> 'completed' or old.status = 'completed' then
    return new;
  end if;
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  if exists (
    select
    from codex.quest_dependencies d
    join codex.campaign_quests q
      on q.workspace_id = d.workspace_id and q.campaign_id = d.campaign_id
      and q.id = d.depends_on_id
    where d.workspace_id = new.workspace_id and d.campaign_id = new.campaign_id
      and d.quest_id = new.id and q.status not in ('completed', 'skipped')
  ) then
    raise exception 'a quest waits until those it depends on are completed or skipped'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
