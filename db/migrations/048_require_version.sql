-- A change that a function makes is refused when the caller expects another version of what it changes: these functions
-- take no version, and what is looked at after them is looked at too late. One that is stale is told so in front of the change,
-- in the same round trip, with the locks that the change would take, in their order.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 48, 19 $$;

-- SECURITY DEFINER: executions are written by functions alone, and whoever may write no row may hold none.
create or replace function codex.hold_execution(p_workspace_id uuid, p_id uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_version integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  -- Before its row: an assignment that ends cancels it as well, and whoever comes second waits here.
  perform pg_advisory_xact_lock_shared(
    hashtextextended(format('codex.agent_assignments:%s:%s', p_workspace_id, assignment_id), 0))
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id;
  select version into v_version
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  return v_version;
end
$$;
comment on function codex.hold_execution(uuid, uuid) is
  'Locks an execution that is about to be cancelled until the end of the transaction. Its version, null when it is not there. KX003 for another workspace, KX010 below creator.';
select codex.hand_over('codex.hold_execution(uuid, uuid)', 'codex_definer');
grant execute on function codex.hold_execution(uuid, uuid) to codex_app, codex_service;

-- SECURITY DEFINER: people change endpoints through functions alone, and whoever may write no row may hold none.
create or replace function codex.hold_webhook_endpoint(p_workspace_id uuid, p_id uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_version integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  select version into v_version
  from codex.webhook_endpoints
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  return v_version;
end
$$;
comment on function codex.hold_webhook_endpoint(uuid, uuid) is
  'Locks an endpoint that is about to be changed until the end of the transaction. Its version, null when it is not there. KX003 for another workspace, KX010 below owner.';
select codex.hand_over('codex.hold_webhook_endpoint(uuid, uuid)', 'codex_definer');
grant execute on function codex.hold_webhook_endpoint(uuid, uuid) to codex_app, codex_service;

-- In front of a change that a function makes, with the lock that the change takes first, and then its row: from here on it
-- stays as it is. A row that is not there, or not the caller's to change, is the change's own to refuse.
create or replace function codex.require_version(
  p_workspace_id uuid, p_table text, p_id uuid, p_version integer
) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_version integer;
begin
  perform codex.require_workspace(p_workspace_id);
  case p_table
    when 'achievements' then
      select version into v_version
      from codex.achievements
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'agent_executions' then
      v_version := codex.hold_execution(p_workspace_id, p_id);
    when 'campaign_quests' then
      perform codex.hold_quest_tree(p_workspace_id, p_id);
      select version into v_version
      from codex.campaign_quests
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'intelligence_signals' then
      select version into v_version
      from codex.intelligence_signals
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'market_insights' then
      select version into v_version
      from codex.market_insights
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'message_architecture' then
      perform codex.lock_tree('message_architecture:' || positioning_id)
      from codex.message_architecture
      where workspace_id = p_workspace_id and id = p_id;
      select version into v_version
      from codex.message_architecture
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'positioning' then
      perform codex.lock_tree('positioning:' || p_workspace_id || ':' || segment)
      from codex.positioning
      where workspace_id = p_workspace_id and id = p_id;
      select version into v_version
      from codex.positioning
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'webhook_endpoints' then
      v_version := codex.hold_webhook_endpoint(p_workspace_id, p_id);
  end case;
  if v_version <> p_version then
    raise exception 'it has changed meanwhile'
      using errcode = 'KX017', detail = v_version, schema = 'codex', table = p_table;
  end if;
  return true;
end
$$;
comment on function codex.require_version(uuid, text, uuid, integer) is
  'Locks a row that a function is about to change until the end of the transaction, after what that function locks first. True, also for a row that is not there or not the caller''s to change. KX017 with the version as it is, in the detail, when it is another.';
grant execute on function codex.require_version(uuid, text, uuid, integer)
  to codex_app, codex_service;
