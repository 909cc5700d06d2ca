-- The functions as they were.
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

create or replace function codex.mark_notifications(
  p_workspace_id uuid, p_ids uuid[], p_mark text
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_ids uuid[] := array(select distinct id from unnest(p_ids) as id);
  v_known integer;
  v_changed integer;
  v_mark bigint;
  v_low bigint;
  v_high bigint;
  v_to bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  if p_mark is null or p_mark not in ('read', 'unread', 'archived') then
    raise exception 'a notification is marked read, unread or archived' using errcode = 'KX011';
  end if;
  select count(*) into v_known
  from codex.user_notifications
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id()) and id = any (v_ids);
  select min(number), max(number), v_known + count(*) into v_low, v_high, v_known
  from codex.announcements
  where workspace_id = p_workspace_id and id = any (v_ids)
    and created_at >= codex.joined_at(p_workspace_id);
  if v_known < cardinality(v_ids) then
    raise exception 'no such notification' using errcode = 'KX008';
  end if;
  update codex.user_notifications
  set read_at = case p_mark when 'unread' then null else coalesce(read_at, now()) end,
    archived_at = case p_mark
      when 'archived' then coalesce(archived_at, now())
      when 'read' then archived_at
    end,
    snoozed_until = null
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id()) and id = any (v_ids)
    and case p_mark
      when 'read' then read_at is null
      when 'archived' then archived_at is null
      else read_at is not null or archived_at is not null
    end;
  get diagnostics v_changed = row_count;
  if v_high is null then
    return v_changed;
  end if;
  select coalesce(max(announcements_read), 0) into v_mark
  from codex.notification_preferences
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id());
  v_to := case p_mark when 'unread' then least(v_mark, v_low - 1) else greatest(v_mark, v_high) end;
  if v_to <> v_mark then
    perform codex.move_read_mark(p_workspace_id, v_to, p_mark = 'unread');
  end if;
  return v_changed + (
    select count(*)
    from codex.announcements
    where workspace_id = p_workspace_id and number > least(v_mark, v_to)
      and number <= greatest(v_mark, v_to) and created_at >= codex.joined_at(p_workspace_id)
  );
end
$$;

create or replace function codex.mark_all_read(p_workspace_id uuid, p_as_of text) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_as_of pg_snapshot := p_as_of::pg_snapshot;
  v_changed integer;
begin
  perform codex.require_workspace(p_workspace_id);
  with marked as (
    update codex.user_notifications n
    set read_at = now()
    where n.workspace_id = p_workspace_id and n.user_id = (select codex.current_user_id())
      and n.read_at is null and n.archived_at is null
      and (n.snoozed_until is null or n.snoozed_until <= now())
      and (n.expires_at is null or n.expires_at > now())
      and codex.was_there(n.xid, v_as_of)
    returning n.id
  ), announced as (
    select coalesce(
        min(a.number) filter (where not codex.was_there(a.xid, v_as_of)) - 1,
        max(a.number)) as mark
    from codex.announcements a
    where a.workspace_id = p_workspace_id
  ), moved as (
    insert into codex.notification_preferences as p (workspace_id, user_id, announcements_read)
    select p_workspace_id, codex.current_user_id(), mark from announced where mark > 0
    on conflict (workspace_id, user_id) do update set
      announcements_read = greatest(p.announcements_read, excluded.announcements_read)
    where p.announcements_read < excluded.announcements_read
  )
  select count(*) into v_changed from marked;
  return v_changed;
end
$$;

create or replace function codex.prune_notifications(
  p_workspace_id uuid, p_before timestamptz, p_limit integer default 5000,
  out notifications bigint, out announcements bigint, out deliveries bigint
)
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  -- First, since removing a notification takes its deliveries along.
  delete from codex.notification_deliveries d
  using (
    select old.id
    from codex.notification_deliveries old
    where old.workspace_id = p_workspace_id and old.created_at < p_before
      and codex.is_over(old)
    limit p_limit
  ) chunk
  where d.workspace_id = p_workspace_id and d.id = chunk.id;
  get diagnostics deliveries = row_count;
  delete from codex.user_notifications n
  using (
    select old.user_id, old.id
    from codex.user_notifications old
    where old.workspace_id = p_workspace_id and old.created_at < p_before
      and (old.read_at is not null or old.archived_at is not null or old.expires_at <= now())
      -- What is on its way, or is kept, keeps it.
      and not exists (
        select from codex.notification_deliveries d
        where d.workspace_id = p_workspace_id and d.user_id = old.user_id
          and d.notification_id = old.id
      )
    limit p_limit
  ) chunk
  where n.workspace_id = p_workspace_id and n.user_id = chunk.user_id and n.id = chunk.id;
  get diagnostics notifications = row_count;
  -- The newest stays: its number is the one that the next is counted from.
  delete from codex.announcements a
  using (
    select old.id
    from codex.announcements old
    where old.workspace_id = p_workspace_id and old.created_at < p_before
      and old.number < (
        select max(number) from codex.announcements where workspace_id = p_workspace_id)
    limit p_limit
  ) chunk
  where a.workspace_id = p_workspace_id and a.id = chunk.id;
  get diagnostics announcements = row_count;
end
$$;

-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.cancel_execution(
  p_workspace_id uuid, p_id uuid, p_reason text default null
) returns setof codex.agent_executions
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_status text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select status into v_status
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_status is null then
    raise exception 'no such execution' using errcode = 'KX008';
  elsif v_status not in ('queued', 'running') then
    raise exception 'agent_executions.status cannot go from % to cancelled', v_status
      using errcode = 'KX002', detail = 'allowed: none, the state is terminal',
        schema = 'codex', table = 'agent_executions';
  end if;
  return query
    update codex.agent_executions
    set status = case v_status when 'queued' then 'cancelled' else v_status end,
      cancel_requested_at = coalesce(cancel_requested_at, now()),
      cancel_reason = coalesce(p_reason, cancel_reason)
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;

-- SECURITY DEFINER: nobody may write performance directly, nor the counters of an assignment.
create or replace function codex.add_performance(
  p_workspace_id uuid, p_agent_id uuid, p_assignment_id uuid, p_outcome text,
  p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_succeeded integer := (p_outcome = 'succeeded')::integer;
  v_failed integer := (p_outcome = 'failed')::integer;
  v_duration_ms bigint := p_duration_ms * (v_succeeded + v_failed);
  v_bucket integer := codex.duration_bucket(p_duration_ms);
  v_durations bigint[] := array_fill(0::bigint, array[97]);
begin
  perform codex.require_workspace(p_workspace_id);
  -- A run that was cancelled is no success and no failure, but its tokens were paid for. Without any there
  -- is nothing to count, and so an assignment that ends waits for no run that is being counted.
  if v_succeeded + v_failed = 0 and p_input_tokens + p_output_tokens + p_cost_micros = 0 then
    return;
  end if;
  v_durations[v_bucket] := v_succeeded + v_failed;
  insert into codex.agent_performance as p (workspace_id, agent_id, hour, execution_count,
    success_count, failure_count, input_tokens_count, output_tokens_count, cost_micros,
    total_duration_ms, min_duration_ms, max_duration_ms, durations)
  values (p_workspace_id, p_agent_id, date_trunc('hour', now(), 'UTC'), v_succeeded + v_failed,
    v_succeeded, v_failed, p_input_tokens, p_output_tokens, p_cost_micros, v_duration_ms,
    case when v_succeeded + v_failed = 1 then p_duration_ms end,
    case when v_succeeded + v_failed = 1 then p_duration_ms end, v_durations)
  on conflict (workspace_id, agent_id, hour) do update set
    execution_count = p.execution_count + excluded.execution_count,
    success_count = p.success_count + excluded.success_count,
    failure_count = p.failure_count + excluded.failure_count,
    input_tokens_count = p.input_tokens_count + excluded.input_tokens_count,
    output_tokens_count = p.output_tokens_count + excluded.output_tokens_count,
    cost_micros = p.cost_micros + excluded.cost_micros,
    total_duration_ms = p.total_duration_ms + excluded.total_duration_ms,
    min_duration_ms = least(p.min_duration_ms, excluded.min_duration_ms),
    max_duration_ms = greatest(p.max_duration_ms, excluded.max_duration_ms),
    durations[v_bucket] = p.durations[v_bucket] + v_succeeded + v_failed;
  update codex.agent_assignments
  set tasks_completed_count = tasks_completed_count + v_succeeded,
    tasks_failed_count = tasks_failed_count + v_failed,
    tokens_count = tokens_count + p_input_tokens + p_output_tokens,
    cost_micros = cost_micros + p_cost_micros
  where workspace_id = p_workspace_id and id = p_assignment_id;
end
$$;

-- SECURITY DEFINER: when an alert is told is nobody's to set.
create or replace function codex.tg_alert_silences__release() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('codex.alert_silences:' || new.workspace_id, 0));
  update codex.system_alerts
  set escalate_at = now()
  where workspace_id = new.workspace_id and status = 'active' and escalate_at = old.ends_at;
  return null;
end
$$;

create or replace function codex.set_context(p_workspace_id uuid, p_user_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_role text;
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    select role into v_role
    from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null;
  end if;
  if v_role is null then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
  execute format('set local codex.user_id = %L', p_user_id);
  execute format('set local codex.member_rank = %L', codex.role_rank(v_role));
end
$$;

create or replace function codex.set_context_by_key(
  p_workspace_id uuid, p_key_hash bytea,
  out key_id uuid, out user_id uuid, out agent_id uuid, out role text, out scopes text[]
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    select k.id, k.user_id, k.agent_id, k.scopes,
        case
          when k.user_id is null or codex.role_rank(k.role) < codex.role_rank(m.role) then k.role
          else m.role
        end
      into key_id, user_id, agent_id, scopes, role
    from codex.api_keys k
    left join codex.user_workspaces m
      on m.workspace_id = k.workspace_id and m.user_id = k.user_id and m.removed_at is null
    where k.workspace_id = p_workspace_id and k.key_hash = p_key_hash
      and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
      and (k.agent_id is not null or m.user_id is not null);
  end if;
  if key_id is null then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
  execute format('set local codex.user_id = %L', coalesce(user_id::text, ''));
  execute format('set local codex.agent_id = %L', coalesce(agent_id::text, ''));
  execute format('set local codex.member_rank = %L', codex.role_rank(role));
  -- For require_access and create_stream_ticket.
  execute format('set local codex.scopes = %L', scopes);
  execute format('set local codex.api_key_id = %L', key_id);
end
$$;

create or replace function codex.set_service_context(p_workspace_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  if p_workspace_id is null then
    raise exception 'no such workspace' using errcode = 'KX003';
  end if;
  execute format('set local codex.workspace_id = %L', p_workspace_id);
  if not exists (select from codex.workspaces where id = p_workspace_id) then
    raise exception 'no such workspace' using errcode = 'KX003';
  end if;
  execute 'set local codex.user_id = ''''';
  execute 'set local codex.agent_id = ''''';
  execute 'set local codex.member_rank = ''5''';
end
$$;

-- SECURITY DEFINER: who accepts is not a member yet.
create or replace function codex.accept_invitation(
  p_workspace_id uuid, p_secret text, p_user_id uuid
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_invitation codex.workspace_invitations;
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    execute format('set local codex.user_id = %L', '');
    select * into v_invitation
    from codex.workspace_invitations
    where workspace_id = p_workspace_id
      and token_hash = sha256(convert_to(p_secret, 'UTF8'))
    for no key update;
  end if;
  -- Sent again by the same person, whose first answer was lost: it is done.
  if v_invitation.accepted_by = p_user_id then
    perform codex.set_context(p_workspace_id, p_user_id);
    return p_workspace_id;
  end if;
  if v_invitation.id is null or v_invitation.accepted_at is not null
    or v_invitation.revoked_at is not null or v_invitation.expires_at <= now()
  then
    raise exception 'this invitation is unknown, used, revoked or expired' using errcode = 'KX008';
  end if;
  -- Whoever is a member already keeps the higher of both roles.
  insert into codex.user_workspaces as m (workspace_id, user_id, role, display_name, avatar_url)
  select p_workspace_id, id, v_invitation.role, display_name, avatar_url
  from codex.user_profiles
  where id = p_user_id and erased_at is null
  on conflict (workspace_id, user_id) do update set
    removed_at = null,
    role = case
      when m.removed_at is null and codex.role_rank(m.role) > codex.role_rank(excluded.role)
        then m.role
      else excluded.role
    end;
  if not found then
    raise exception 'no such person' using errcode = 'KX008';
  end if;
  update codex.workspace_invitations
  set accepted_at = now(), accepted_by = p_user_id
  where workspace_id = p_workspace_id and id = v_invitation.id;
  perform codex.set_context(p_workspace_id, p_user_id);
  return p_workspace_id;
end
$$;

-- SECURITY DEFINER: nobody else may delete a workspace.
create or replace function codex.purge_workspace(p_workspace_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.set_service_context(p_workspace_id);
  delete from codex.workspace_slugs where workspace_id = p_workspace_id;
  delete from codex.workspaces where id = p_workspace_id;
end
$$;

create or replace trigger _900_touch before update on codex.market_insights
  for each row execute function codex.tg__touch('stale_alerted_at');

drop function if exists codex.hold_assignment(uuid, uuid);
drop function if exists codex.hold_performance(uuid, uuid);
drop function if exists codex.hold_inbox(uuid);
drop function if exists codex.hold_points(uuid, uuid[]);
drop function if exists codex.hold_quest_tree(uuid, uuid);

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 36, 19 $$;
