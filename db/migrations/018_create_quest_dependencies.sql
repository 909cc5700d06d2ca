-- What a quest waits for, its place among its siblings, and its completion with what hangs on it.

----------------------------------------------------------------------------------------------------
-- quest_dependencies
----------------------------------------------------------------------------------------------------

-- A quest that cannot be completed before another one of its campaign. Together they form no cycle.
create table if not exists codex.quest_dependencies (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  campaign_id uuid not null,
  quest_id uuid not null,
  depends_on_id uuid not null,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint quest_dependencies_pkey primary key (workspace_id, quest_id, depends_on_id),
  constraint quest_dependencies_quest_id_fkey
    foreign key (workspace_id, campaign_id, quest_id)
    references codex.campaign_quests (workspace_id, campaign_id, id) on delete cascade,
  constraint quest_dependencies_depends_on_id_fkey
    foreign key (workspace_id, campaign_id, depends_on_id)
    references codex.campaign_quests (workspace_id, campaign_id, id) on delete cascade,
  constraint quest_dependencies_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint quest_dependencies_not_on_itself_check check (quest_id <> depends_on_id)
);
comment on table codex.quest_dependencies is 'Quest that waits for another of its campaign.';
comment on column codex.quest_dependencies.workspace_id is 'Workspace the row belongs to.';
comment on column codex.quest_dependencies.campaign_id is 'Campaign of both quests.';
comment on column codex.quest_dependencies.quest_id is 'Quest that waits.';
comment on column codex.quest_dependencies.depends_on_id is 'Quest that is waited for.';
comment on column codex.quest_dependencies.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.quest_dependencies.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.quest_dependencies.created_at is 'When the row was made.';
comment on column codex.quest_dependencies.updated_at is 'When the row last changed.';

create index if not exists idx_quest_dependencies_quest
  on codex.quest_dependencies (workspace_id, campaign_id, quest_id);
comment on index codex.idx_quest_dependencies_quest is 'The dependencies of a campaign; foreign key to campaign_quests.';
create index if not exists idx_quest_dependencies_depends_on
  on codex.quest_dependencies (workspace_id, campaign_id, depends_on_id);
comment on index codex.idx_quest_dependencies_depends_on is 'What waits for a quest; foreign key to campaign_quests.';
create index if not exists idx_quest_dependencies_created_by
  on codex.quest_dependencies (workspace_id, created_by);
comment on index codex.idx_quest_dependencies_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.quest_dependencies', p_insert => 'creator', p_delete => 'creator',
  p_author => 'created_by');
grant select, insert (workspace_id, campaign_id, quest_id, depends_on_id, created_by), delete
  on codex.quest_dependencies to codex_app;
grant select, insert, update, delete on codex.quest_dependencies to codex_service;

create or replace trigger _900_touch before update on codex.quest_dependencies
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.quest_dependencies
  for each row execute function codex.tg__record_event(
    'quest_dependency', 'quest_id,depends_on_id', '');

create or replace function codex.tg_quest_dependencies__check_cycle() returns trigger
language plpgsql volatile set search_path = '' as $$
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
comment on function codex.tg_quest_dependencies__check_cycle() is
  'BEFORE INSERT: dependencies form no cycle and do not follow the tree (KX005), also when two are made at once.';
create or replace trigger _200_check_cycle before insert on codex.quest_dependencies
  for each row execute function codex.tg_quest_dependencies__check_cycle();

----------------------------------------------------------------------------------------------------
-- Completion
----------------------------------------------------------------------------------------------------

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
comment on function codex.tg_campaign_quests__check_dependencies() is
  'BEFORE UPDATE OF status: not completed before what it depends on (KX007).';
create or replace trigger _110_check_dependencies before update of status on codex.campaign_quests
  for each row execute function codex.tg_campaign_quests__check_dependencies();

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
    raise exception 'parts of the quest wait for the quest itself' using errcode = 'KX007';
  end if;
end
$$;
comment on function codex.complete_quest(uuid, uuid, text) is
  'Completes a quest and gives the ids that changed. Open parts: require refuses (KX007), cascade completes them too, detach hands them to the quest above. KX008 unknown, KX010 below creator, KX011 another word, KX002 from a state that cannot be completed.';
grant execute on function codex.complete_quest(uuid, uuid, text) to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- Place among the siblings
----------------------------------------------------------------------------------------------------

create or replace function codex.tg_campaign_quests__place_last() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  select coalesce(max(position), 0) + 1024 into new.position
  from codex.campaign_quests
  where workspace_id = new.workspace_id and campaign_id = new.campaign_id
    and parent_id is not distinct from new.parent_id;
  return new;
end
$$;
comment on function codex.tg_campaign_quests__place_last() is
  'BEFORE INSERT without a position: behind its siblings, with room between.';
create or replace trigger _060_place_last before insert on codex.campaign_quests
  for each row when (new.position = 0) execute function codex.tg_campaign_quests__place_last();

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
comment on function codex.move_quest(uuid, uuid, uuid, text, uuid) is
  'Puts a quest under another parent of its campaign, or none, first, last or after a sibling. KX005 for a circle or a tree too deep, KX008 unknown, KX010 below creator, KX011 no such place.';
grant execute on function codex.move_quest(uuid, uuid, uuid, text, uuid) to codex_app, codex_service;
