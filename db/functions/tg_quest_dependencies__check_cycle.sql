create or replace function codex.tg_quest_dependencies__check_cycle() returns trigger
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
begin
  -- The lock of the quest tree: a move and a dependency at the same moment take turns.
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  if exists (
    with recursive reached as (
      select new.depends_on_id as id
      union
      select d.depends_on_id
      from reached
      join codex.quest_dependencies d
        on d.workspace_id = new.workspace_id and d.quest_id = reached.id
    )
    select from reached where id = new.quest_id
  ) then
    raise exception 'quests cannot wait for each other in a circle'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  if exists (
    with recursive above as (
      select id, parent_id, id as origin
      from codex.campaign_quests
      where workspace_id = new.workspace_id and campaign_id = new.campaign_id
        and id in (new.quest_id, new.depends_on_id)
      union
      select q.id, q.parent_id, above.origin
      from above
      join codex.campaign_quests q
        on q.workspace_id = new.workspace_id and q.campaign_id = new.campaign_id
        and q.id = above.parent_id
    )
    select from above where id <> origin and id in (new.quest_id, new.depends_on_id)
  ) then
    raise exception 'a quest does not wait for its own part, nor a part for its whole'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
