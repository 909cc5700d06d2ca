create or replace function codex.complete_quest(
  p_workspace_id uuid, p_quest_id uuid, p_children text default 'require'
) returns setof uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_quest codex.campaign_quests;
  v_open uuid[];
  v_ready uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  if p_children is null or p_children not in ('require', 'cascade', 'detach') then
    raise exception 'children is require, cascade or detach' using errcode = 'KX011';
  end if;
  select * into v_quest
  from codex.campaign_quests
  where workspace_id = p_workspace_id and id = p_quest_id;
  if v_quest.id is null then
    raise exception 'no such quest' using errcode = 'KX008';
  end if;
  perform codex.lock_tree('campaign_quests:' || v_quest.campaign_id);
  with recursive below as (
    select id, status
    from codex.campaign_quests
    where workspace_id = p_workspace_id and campaign_id = v_quest.campaign_id
      and parent_id = p_quest_id
    union all
    select q.id, q.status
    from below
    join codex.campaign_quests q
      on q.workspace_id = p_workspace_id and q.campaign_id = v_quest.campaign_id
      and q.parent_id = below.id
    where p_children = 'cascade'
  )
  select array_agg(id) into v_open from below where status not in ('completed', 'skipped');
  if v_open is not null and p_children = 'require' then
    raise exception 'the quest has parts that are not done'
      using errcode = 'KX007', schema = 'codex', table = 'campaign_quests',
        hint = 'Complete or skip them first, or say what shall become of them.';
  elsif p_children = 'detach' then
    return query
      update codex.campaign_quests
      set parent_id = v_quest.parent_id
      where workspace_id = p_workspace_id and id = any (v_open)
      returning id;
    v_open := null;
  end if;
  v_open := v_open || p_quest_id;
  -- Whose they are stays so from here on; and their points are held in the order of the locks, since quests come
  -- to their end in another.
  perform codex.hold_points(p_workspace_id, array(
    select coalesce(assigned_to, codex.acting_user_id())
    from codex.campaign_quests
    where workspace_id = p_workspace_id and id = any (v_open) and status <> 'completed'
    for no key update));
  -- What is blocked or on hold is taken up first: no edge leads from there to completed.
  update codex.campaign_quests
  set status = 'in_progress'
  where workspace_id = p_workspace_id and id = any (v_open) and status in ('blocked', 'on_hold');
  -- In the order of what waits for what; a whole after its parts.
  loop
    select array_agg(q.id) into v_ready
    from codex.campaign_quests q
    where q.workspace_id = p_workspace_id and q.id = any (v_open)
      and not exists (
        select
        from codex.campaign_quests part
        where part.workspace_id = p_workspace_id and part.campaign_id = q.campaign_id
          and part.parent_id = q.id and part.id = any (v_open)
      )
      and not exists (
        select
        from codex.quest_dependencies d
        where d.workspace_id = p_workspace_id and d.campaign_id = q.campaign_id
          and d.quest_id = q.id and d.depends_on_id = any (v_open)
      );
    exit when v_ready is null;
    return query
      update codex.campaign_quests
      set status = 'completed'
      where workspace_id = p_workspace_id and id = any (v_ready) and status <> 'completed'
      returning id;
    v_open := array(select unnest(v_open) except select unnest(v_ready));
  end loop;
  if cardinality(v_open) > 0 then
    raise exception 'parts of the quest wait for the quest itself'
      using errcode = 'KX007', schema = 'codex', table = 'campaign_quests';
  end if;
end
$$;
