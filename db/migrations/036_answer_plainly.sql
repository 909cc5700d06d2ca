-- What was wrong with four answers: the error of a time zone held what was sent, and named no field; a notification
-- that has expired already was accepted, and nobody ever saw it; a conflict among quests did not say what of; and who
-- shows or hides their figures left no event.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 36, 19 $$;

create or replace function codex.require_time_zone(p_time_zone text) returns void
language plpgsql stable set search_path = '' as $$
begin
  perform now() at time zone p_time_zone;
  if p_time_zone !~ '^(UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$' then
    raise invalid_parameter_value;
  end if;
exception
  when invalid_parameter_value then
    raise exception 'not an IANA time zone, as Europe/Berlin is'
      using errcode = 'KX011', column = 'time_zone';
end
$$;

-- SECURITY DEFINER: nobody may write into another person's inbox directly.
create or replace function codex.send_notification(
  p_workspace_id uuid, p_id uuid, p_user_ids uuid[], p_content jsonb, p_dedup_key text default null,
  out accepted integer, out skipped jsonb, out announced boolean
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_ids uuid[] := p_user_ids;
  v_members bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  if (p_content ->> 'expiresAt')::timestamptz <= now() then
    raise exception 'a notification expires in the future'
      using errcode = 'KX011', column = 'expires_at';
  end if;
  announced := false;
  if v_user_ids is null then
    -- Counted already: telling 100,000 looks at none of them.
    select coalesce(sum(members), 0) into v_members
    from codex.member_counts
    where workspace_id = p_workspace_id;
    announced := v_members > 10000;
    if not announced then
      v_user_ids := array(
        select user_id
        from codex.user_workspaces
        where workspace_id = p_workspace_id and removed_at is null
        limit 10001);
      -- Somebody joined between the two statements.
      announced := cardinality(v_user_ids) > 10000;
      v_members := greatest(v_members, cardinality(v_user_ids));
    end if;
  end if;
  if announced then
    skipped := '[]';
    accepted := case when codex.announce(p_workspace_id, p_id, p_content, p_dedup_key)
      then v_members else 0 end;
    return;
  end if;
  select f.accepted, f.skipped into accepted, skipped
  from codex.fan_out_notification(p_workspace_id, p_id, v_user_ids, p_content, p_dedup_key) f;
end
$$;

-- SECURITY DEFINER: nobody may write the two tables directly; here one's own rows, and this column.
create or replace function codex.set_visibility(
  p_workspace_id uuid, p_visibility text, p_achievement_id uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if codex.acting_user_id() is null then
    raise exception 'figures and awards are of people' using errcode = 'KX010';
  end if;
  if p_achievement_id is null then
    -- Before the row: whoever changes points holds the lock and waits for the row.
    perform codex.lock_member(p_workspace_id, codex.current_user_id());
    insert into codex.user_stats as s (workspace_id, user_id, visibility)
    values (p_workspace_id, codex.current_user_id(), p_visibility)
    on conflict (workspace_id, user_id) do update set visibility = excluded.visibility
      where s.visibility <> excluded.visibility;
    -- The figures themselves leave none: what they add up has events of its own.
    if found then
      insert into codex.outbox_events (workspace_id, type, entity, entity_id, payload)
      values (p_workspace_id, 'stats.updated', 'stats', codex.current_user_id(),
        jsonb_build_object('user_id', codex.current_user_id(), 'changed', array['visibility']));
    end if;
    return;
  end if;
  update codex.user_achievements
  set visibility = p_visibility
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id())
    and achievement_id = p_achievement_id;
  if not found then
    raise exception 'no such award' using errcode = 'KX008';
  end if;
end
$$;

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
    raise exception 'parts of the quest wait for the quest itself'
      using errcode = 'KX007', schema = 'codex', table = 'campaign_quests';
  end if;
end
$$;
