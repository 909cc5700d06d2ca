create or replace function codex.move_quest(
  p_workspace_id uuid, p_quest_id uuid, p_parent_id uuid, p_place text default 'last',
  p_after_id uuid default null
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_campaign uuid;
  v_low integer;
  v_high integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select campaign_id into v_campaign
  from codex.campaign_quests
  where workspace_id = p_workspace_id and id = p_quest_id;
  if v_campaign is null then
    raise exception 'no such quest' using errcode = 'KX008';
  end if;
  perform codex.lock_tree('campaign_quests:' || v_campaign);
  if p_place is null or p_place not in ('first', 'last', 'after') then
    raise exception 'the place is first, last or after' using errcode = 'KX011';
  end if;
  for v_attempt in 1..2 loop
    select case p_place
        when 'first' then 0
        when 'last' then coalesce(max(position), 0)
        else max(position) filter (where id = p_after_id)
      end
      into v_low
    from codex.campaign_quests
    where workspace_id = p_workspace_id and campaign_id = v_campaign
      and parent_id is not distinct from p_parent_id and id <> p_quest_id;
    if v_low is null then
      raise exception 'the quest to follow is not there' using errcode = 'KX011';
    end if;
    select coalesce(min(position), v_low + 2048) into v_high
    from codex.campaign_quests
    where workspace_id = p_workspace_id and campaign_id = v_campaign
      and parent_id is not distinct from p_parent_id and id <> p_quest_id
      and (position > v_low or p_place = 'first');
    exit when v_high - v_low > 1;
    -- No room between: the siblings get some, in the order they have.
    update codex.campaign_quests q
    set position = placed.place * 1024
    from (
      select id, row_number() over (order by position, id) as place
      from codex.campaign_quests
      where workspace_id = p_workspace_id and campaign_id = v_campaign
        and parent_id is not distinct from p_parent_id and id <> p_quest_id
    ) placed
    where q.workspace_id = p_workspace_id and q.campaign_id = v_campaign and q.id = placed.id;
  end loop;
  update codex.campaign_quests
  set parent_id = p_parent_id, position = v_low + (v_high - v_low) / 2
  where workspace_id = p_workspace_id and id = p_quest_id;
end
$$;
