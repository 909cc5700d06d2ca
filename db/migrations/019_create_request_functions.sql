-- What a client library relies on: the version it meets, requests that are done once, messages that
-- are published, and lists that begin with the newest.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 19, 19 $$;
comment on function codex.schema_version() is
  'Number of the last migration, and the oldest schema whose clients this one still serves.';
grant execute on function codex.schema_version() to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- Idempotency keys
----------------------------------------------------------------------------------------------------

create or replace function codex.claim_idempotency_key(
  p_workspace_id uuid, p_key text, p_request_hash bytea
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_known codex.idempotency_keys;
begin
  perform codex.require_workspace(p_workspace_id);
  -- Tried, not waited for: the other request may take long, and its answer will be there to read.
  if not pg_try_advisory_xact_lock(
    hashtextextended('codex.idempotency_keys:' || p_workspace_id || ':' || p_key, 0))
  then
    raise exception 'a request with this key is under way' using errcode = 'KX014';
  end if;
  select * into v_known
  from codex.idempotency_keys
  where workspace_id = p_workspace_id and key = p_key;
  if v_known.state = 'completed' and v_known.expires_at > now() then
    if v_known.request_hash <> p_request_hash then
      raise exception 'this key belongs to another request' using errcode = 'KX015';
    end if;
    raise exception 'this request is done already' using errcode = 'KX016';
  elsif v_known.key is null then
    insert into codex.idempotency_keys (workspace_id, key, request_hash)
    values (p_workspace_id, p_key, p_request_hash);
  else
    update codex.idempotency_keys
    set request_hash = p_request_hash, state = 'in_progress', response = null,
      expires_at = now() + interval '24 hours'
    where workspace_id = p_workspace_id and key = p_key;
  end if;
end
$$;
comment on function codex.claim_idempotency_key(uuid, text, bytea) is
  'Takes a key for the request of this transaction; the result is stored in it before it commits, and an error frees the key. KX014 in flight, KX015 another request, KX016 done already.';
grant execute on function codex.claim_idempotency_key(uuid, text, bytea)
  to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- Positionings and messages
----------------------------------------------------------------------------------------------------

create or replace function codex.missing_components(p_workspace_id uuid, p_positioning_id uuid)
returns text[]
language sql stable set search_path = '' as $$
  select array_remove(array[
    case when cardinality(competitive_alternatives) = 0 then 'competitive_alternatives' end,
    case when cardinality(unique_attributes) = 0 then 'unique_attributes' end,
    case when cardinality(value_themes) = 0 then 'value_themes' end,
    case when best_fit_customers = '' then 'best_fit_customers' end,
    case when market_category = '' then 'market_category' end
  ], null)
  from codex.positioning
  where workspace_id = p_workspace_id and id = p_positioning_id
$$;
comment on function codex.missing_components(uuid, uuid) is
  'Which of the five components positioning_complete_when_published_check would find missing; null when there is no such positioning.';
grant execute on function codex.missing_components(uuid, uuid) to codex_app, codex_service;

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
  perform codex.lock_tree('message_architecture:' || p_positioning_id);
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
comment on function codex.put_message(uuid, uuid, uuid, text, text, jsonb) is
  'Writes the one draft of a positioning for a channel and persona (null: all), making it with the id given if there is none, and gives its id. KX010 below creator.';
grant execute on function codex.put_message(uuid, uuid, uuid, text, text, jsonb)
  to codex_app, codex_service;

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
  perform codex.lock_tree('message_architecture:' || v_message.positioning_id);
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
comment on function codex.publish_message(uuid, uuid) is
  'Publishes a draft for its positioning, channel and persona and supersedes the one before, at once. KX008 unknown, KX002 no longer a draft, KX010 below creator.';
grant execute on function codex.publish_message(uuid, uuid) to codex_app, codex_service;

----------------------------------------------------------------------------------------------------
-- Lists
----------------------------------------------------------------------------------------------------

create index if not exists idx_campaigns_created
  on codex.campaigns (workspace_id, created_at desc, id desc);
comment on index codex.idx_campaigns_created is 'All campaigns, newest first.';
create index if not exists idx_positioning_created
  on codex.positioning (workspace_id, created_at desc, id desc);
comment on index codex.idx_positioning_created is 'All positionings, newest first.';
create index if not exists idx_cohorts_created
  on codex.cohorts (workspace_id, created_at desc, id desc);
comment on index codex.idx_cohorts_created is 'All cohorts, newest first.';
create index if not exists idx_api_keys_created
  on codex.api_keys (workspace_id, created_at desc, id desc);
comment on index codex.idx_api_keys_created is 'Keys of a workspace, newest first.';
create index if not exists idx_message_architecture_created
  on codex.message_architecture (workspace_id, positioning_id, created_at desc, id desc);
comment on index codex.idx_message_architecture_created is 'Messages of a positioning, newest first.';
