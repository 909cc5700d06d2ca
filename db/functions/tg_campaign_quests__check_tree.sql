create or replace function codex.tg_campaign_quests__check_tree() returns trigger
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
declare
  v_above integer := 0;
  v_below integer;
  v_cycle boolean := false;
  v_wholes uuid[];
  v_parts uuid[];
begin
  if tg_op = 'UPDATE' and new.campaign_id <> old.campaign_id then
    raise exception 'a quest stays in its campaign'
      using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name;
  end if;
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  if tg_op = 'INSERT' and exists (
    select from codex.campaigns
    where workspace_id = new.workspace_id and id = new.campaign_id
      and status in ('completed', 'archived', 'cancelled')
  ) then
    raise exception 'a campaign that has ended takes no new quests'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  end if;
  if new.parent_id is null then
    return new;
  end if;
  with recursive above as (
    select id, parent_id, 1 as depth
    from codex.campaign_quests
    where workspace_id = new.workspace_id and campaign_id = new.campaign_id and id = new.parent_id
    union all
    select q.id, q.parent_id, above.depth + 1
    from above
    join codex.campaign_quests q
      on q.workspace_id = new.workspace_id and q.campaign_id = new.campaign_id
      and q.id = above.parent_id
    where above.depth < 20 and above.id <> new.id
  )
  select max(depth), bool_or(id = new.id), array_agg(id) into v_above, v_cycle, v_wholes from above;
  with recursive below as (
    select new.id as id, 1 as depth
    union all
    select q.id, below.depth + 1
    from below
    join codex.campaign_quests q
      on q.workspace_id = new.workspace_id and q.campaign_id = new.campaign_id
      and q.parent_id = below.id
    where below.depth < 20
  )
  select max(depth), array_agg(id) into v_below, v_parts from below;
  if v_cycle or new.parent_id = new.id then
    raise exception 'a quest cannot be part of itself'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  elsif v_above + v_below > 8 then
    raise exception 'quests are nested at most 8 levels deep'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  elsif tg_op = 'UPDATE' and new.parent_id is distinct from old.parent_id and exists (
    select
    from codex.quest_dependencies d
    where d.workspace_id = new.workspace_id and d.campaign_id = new.campaign_id
      and (d.quest_id = any (v_parts) and d.depends_on_id = any (v_wholes)
        or d.quest_id = any (v_wholes) and d.depends_on_id = any (v_parts))
  ) then
    -- As tg_quest_dependencies__check_cycle says where the dependency comes second.
    raise exception 'a quest does not wait for its own part, nor a part for its whole'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
