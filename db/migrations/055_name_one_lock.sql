-- Whoever writes drafts of a positioning has one lock, by one name: the SDK knew it as well. And an entry of the ledger that takes
-- nothing back looks for nothing: with a plan from when the ledger was next to empty it read all of it.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 55, 19 $$;

-- Whoever writes or publishes drafts of one positioning takes turns.
create or replace function codex.hold_drafts(p_workspace_id uuid, p_positioning_id uuid)
returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.lock_tree('message_architecture:' || p_positioning_id);
end
$$;
comment on function codex.hold_drafts(uuid, uuid) is
  'Takes the lock of a positioning''s drafts until the transaction ends. Error KX007 under REPEATABLE READ.';
grant execute on function codex.hold_drafts(uuid, uuid) to codex_app, codex_service;

create or replace function codex.put_message(
  p_workspace_id uuid, p_id uuid, p_positioning_id uuid, p_channel text, p_persona text,
  p_content jsonb
) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  -- Two who write the draft of one positioning take turns; the later one writes over it.
  perform codex.hold_drafts(p_workspace_id, p_positioning_id);
  update codex.message_architecture
  set name = coalesce(p_content ->> 'name', name),
    core_message = p_content ->> 'coreMessage',
    pillars = p_content -> 'pillars',
    brand_voice = coalesce(p_content ->> 'brandVoice', brand_voice),
    tone_guidelines = coalesce(p_content ->> 'toneGuidelines', tone_guidelines)
  where workspace_id = p_workspace_id and positioning_id = p_positioning_id and status = 'draft'
    and channel is not distinct from p_channel and persona is not distinct from p_persona
  returning id into v_id;
  if v_id is not null then
    return v_id;
  end if;
  insert into codex.message_architecture (workspace_id, id, positioning_id, channel, persona, name,
    core_message, pillars, brand_voice, tone_guidelines)
  values (p_workspace_id, p_id, p_positioning_id, p_channel, p_persona,
    coalesce(p_content ->> 'name', left(p_content ->> 'coreMessage', 200)),
    p_content ->> 'coreMessage', p_content -> 'pillars',
    coalesce(p_content ->> 'brandVoice', ''), coalesce(p_content ->> 'toneGuidelines', ''));
  return p_id;
end
$$;

create or replace function codex.publish_message(
  p_workspace_id uuid, p_message_id uuid, out published uuid, out superseded uuid
)
language plpgsql volatile set search_path = '' as $$
declare
  v_message codex.message_architecture;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select * into v_message
  from codex.message_architecture
  where workspace_id = p_workspace_id and id = p_message_id;
  if v_message.id is null then
    raise exception 'no such message' using errcode = 'KX008';
  end if;
  -- Two publications for one positioning take turns; the later one supersedes the earlier.
  perform codex.hold_drafts(p_workspace_id, v_message.positioning_id);
  update codex.message_architecture
  set status = 'superseded'
  where workspace_id = p_workspace_id and positioning_id = v_message.positioning_id
    and status = 'published' and id <> p_message_id
    and channel is not distinct from v_message.channel
    and persona is not distinct from v_message.persona
  returning id into superseded;
  update codex.message_architecture
  set status = 'published'
  where workspace_id = p_workspace_id and id = p_message_id
  returning id into published;
end
$$;

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
      perform codex.hold_drafts(p_workspace_id, positioning_id)
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

create or replace function codex.tg_points_ledger__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  new.local_date := coalesce(new.local_date, (
    select (new.occurred_at at time zone time_zone)::date
    from codex.user_profiles
    where id = new.user_id
  ), (new.occurred_at at time zone 'UTC')::date);
  -- What is taken back leaves the boards that it once stood on.
  new.board_date := coalesce(case when new.reverses_id is not null then (
    select board_date
    from codex.points_ledger
    where workspace_id = new.workspace_id and id = new.reverses_id
  ) end, (
    select (new.created_at at time zone time_zone)::date
    from codex.workspaces
    where id = new.workspace_id
  ));
  return new;
end
$$;
