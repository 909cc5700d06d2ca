-- Market intelligence: signals and the insights drawn from them.

-- Clamped: beyond a thousand half-lives power() would underflow, and nothing is left anyway.
create or replace function codex.decayed_confidence(
  p_confidence integer, p_last_seen_at timestamptz, p_half_life_hours integer, p_as_of timestamptz
) returns numeric
language sql immutable parallel safe set search_path = '' as $$
  select round((
    p_confidence * power(2::double precision, -least(1000::double precision, greatest(
      0::double precision,
      extract(epoch from p_as_of - p_last_seen_at)::double precision / 3600 / p_half_life_hours)))
  )::numeric, 4)
$$;
comment on function codex.decayed_confidence(integer, timestamptz, integer, timestamptz) is
  'Confidence, 0 to 100, that is left at an instant: halved with each half-life since the signal was last seen.';
grant execute on function codex.decayed_confidence(integer, timestamptz, integer, timestamptz)
  to codex_app, codex_service, codex_definer;

----------------------------------------------------------------------------------------------------
-- intelligence_signals
----------------------------------------------------------------------------------------------------

-- One observation of the market. Its confidence decays; a new sighting of the same thing
-- refreshes it.
create table if not exists codex.intelligence_signals (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  fingerprint text not null,
  fingerprint_version integer not null default 1,
  source_type text not null,
  category text not null,
  data_source text,
  source_url text,
  title text not null,
  description text not null default '',
  key_findings text[] not null default '{}',
  data_points jsonb not null default '{}',
  confidence integer not null default 50,
  half_life_hours integer not null default 168,
  relevance integer not null default 50,
  source_reliability text not null default 'F',
  credibility integer not null default 6,
  sighting_count bigint not null default 1,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  fades_at_epoch bigint not null generated always as ((extract(epoch from last_seen_at at time zone 'UTC') + half_life_hours * 3600 * log(2.0, greatest(confidence, 1)))::bigint) stored,
  expires_at timestamptz,
  status text not null default 'new',
  source_agent_id uuid default codex.acting_agent_id(),
  assigned_to uuid,
  action_notes text not null default '',
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint intelligence_signals_pkey primary key (workspace_id, id),
  constraint intelligence_signals_source_agent_id_fkey
    foreign key (source_agent_id) references codex.agent_registry (id),
  constraint intelligence_signals_assigned_to_fkey
    foreign key (workspace_id, assigned_to)
    references codex.user_workspaces (workspace_id, user_id),
  constraint intelligence_signals_created_by_fkey
    foreign key (workspace_id, created_by)
    references codex.user_workspaces (workspace_id, user_id),
  constraint intelligence_signals_fingerprint_length_check
    check (char_length(fingerprint) between 1 and 200),
  constraint intelligence_signals_fingerprint_version_positive_check
    check (fingerprint_version > 0),
  constraint intelligence_signals_source_type_check
    check (source_type in ('competitor', 'market', 'trend', 'industry', 'customer')),
  constraint intelligence_signals_category_check
    check (category in ('competitor_activity', 'market_trend', 'industry_news', 'customer_sentiment', 'technology_shift')),
  constraint intelligence_signals_title_length_check check (char_length(title) between 1 and 300),
  constraint intelligence_signals_data_points_is_object_check
    check (jsonb_typeof(data_points) = 'object'),
  constraint intelligence_signals_confidence_in_range_check check (confidence between 0 and 100),
  constraint intelligence_signals_half_life_positive_check
    check (half_life_hours between 1 and 87600),
  constraint intelligence_signals_relevance_in_range_check check (relevance between 0 and 100),
  constraint intelligence_signals_source_reliability_check
    check (source_reliability in ('A', 'B', 'C', 'D', 'E', 'F')),
  constraint intelligence_signals_credibility_in_range_check check (credibility between 1 and 6),
  constraint intelligence_signals_sighting_count_positive_check check (sighting_count >= 1),
  constraint intelligence_signals_seen_in_order_check check (last_seen_at >= first_seen_at),
  constraint intelligence_signals_expires_after_seen_check check (expires_at > first_seen_at),
  constraint intelligence_signals_status_check
    check (status in ('new', 'acknowledged', 'actioned', 'archived', 'dismissed'))
);
comment on table codex.intelligence_signals is 'Observation of the market, with confidence that decays. States: docs/state-machines.md.';
comment on column codex.intelligence_signals.workspace_id is 'Workspace the row belongs to.';
comment on column codex.intelligence_signals.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.intelligence_signals.fingerprint is 'What makes two sightings the same observation.';
comment on column codex.intelligence_signals.fingerprint_version is 'Version of the rule that made the fingerprint.';
comment on column codex.intelligence_signals.source_type is 'competitor, market, trend, industry or customer.';
comment on column codex.intelligence_signals.category is 'competitor_activity, market_trend, industry_news, customer_sentiment or technology_shift.';
comment on column codex.intelligence_signals.data_source is 'Where it was read: newsapi, linkedin, internal …';
comment on column codex.intelligence_signals.source_url is 'Address it was read at.';
comment on column codex.intelligence_signals.title is 'One line.';
comment on column codex.intelligence_signals.description is 'What was observed.';
comment on column codex.intelligence_signals.key_findings is 'What matters of it.';
comment on column codex.intelligence_signals.data_points is 'Figures nobody filters by.';
comment on column codex.intelligence_signals.confidence is 'Base confidence, 0 to 100, at the last sighting.';
comment on column codex.intelligence_signals.half_life_hours is 'Hours in which the confidence halves.';
comment on column codex.intelligence_signals.relevance is '0 to 100.';
comment on column codex.intelligence_signals.source_reliability is 'A (reliable) to F (cannot be judged), after the Admiralty code.';
comment on column codex.intelligence_signals.credibility is '1 (confirmed) to 6 (cannot be judged), after the Admiralty code.';
comment on column codex.intelligence_signals.sighting_count is 'How often it was seen.';
comment on column codex.intelligence_signals.first_seen_at is 'First sighting.';
comment on column codex.intelligence_signals.last_seen_at is 'Newest sighting; the decay starts here.';
comment on column codex.intelligence_signals.fades_at_epoch is 'Unix second at which one hundredth is left. Signals of one half-life are in the order of their decayed confidence by it, at any instant; of any half-life, what has passed it is below 1.';
comment on column codex.intelligence_signals.expires_at is 'From when on it no longer counts.';
comment on column codex.intelligence_signals.status is 'new, acknowledged, actioned, archived or dismissed. A dismissed signal keeps its fingerprint, so that it does not come back.';
comment on column codex.intelligence_signals.source_agent_id is 'Agent that observed it; null for a person or the system.';
comment on column codex.intelligence_signals.assigned_to is 'Member who looks into it.';
comment on column codex.intelligence_signals.action_notes is 'What was done about it.';
comment on column codex.intelligence_signals.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.intelligence_signals.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.intelligence_signals.created_at is 'When the row was made.';
comment on column codex.intelligence_signals.updated_at is 'When the row last changed.';

create unique index if not exists uniq_intelligence_signals_fingerprint
  on codex.intelligence_signals (workspace_id, fingerprint_version, fingerprint);
comment on index codex.uniq_intelligence_signals_fingerprint is 'A sighting finds the signal it belongs to.';
create index if not exists idx_intelligence_signals_priority
  on codex.intelligence_signals (workspace_id, status, fades_at_epoch desc);
comment on index codex.idx_intelligence_signals_priority is 'get_priority_signals reads what has not faded.';
create index if not exists idx_intelligence_signals_category
  on codex.intelligence_signals (workspace_id, category, last_seen_at desc);
comment on index codex.idx_intelligence_signals_category is 'The feed of one category.';
create index if not exists idx_intelligence_signals_seen
  on codex.intelligence_signals (workspace_id, last_seen_at desc);
comment on index codex.idx_intelligence_signals_seen is 'The feed, newest first.';
create index if not exists idx_intelligence_signals_source
  on codex.intelligence_signals (workspace_id, source_type, data_source);
comment on index codex.idx_intelligence_signals_source is 'What one source brought.';
create index if not exists idx_intelligence_signals_expires
  on codex.intelligence_signals (workspace_id, expires_at) where expires_at is not null;
comment on index codex.idx_intelligence_signals_expires is 'Background work archives what expired.';
create index if not exists idx_intelligence_signals_assigned
  on codex.intelligence_signals (workspace_id, assigned_to, status);
comment on index codex.idx_intelligence_signals_assigned is 'What a member looks into; foreign key to user_workspaces.';
create index if not exists idx_intelligence_signals_source_agent
  on codex.intelligence_signals (source_agent_id);
comment on index codex.idx_intelligence_signals_source_agent is 'Rows of one agent registry; foreign key to agent_registry.';
create index if not exists idx_intelligence_signals_created_by
  on codex.intelligence_signals (workspace_id, created_by);
comment on index codex.idx_intelligence_signals_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.intelligence_signals', p_insert => 'analyst', p_update => 'analyst',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, fingerprint, fingerprint_version, source_type, category, data_source,
    source_url, title, description, key_findings, data_points, confidence, half_life_hours,
    relevance, source_reliability, credibility, first_seen_at, expires_at, status, source_agent_id,
    assigned_to, action_notes, created_by),
  update (source_type, category, data_source, source_url, title, description, key_findings,
    data_points, confidence, half_life_hours, relevance, source_reliability, credibility,
    expires_at, status, assigned_to, action_notes)
  on codex.intelligence_signals to codex_app;
grant select, insert, update, delete on codex.intelligence_signals to codex_service;
-- No delete for people: signals are archived or dismissed.

create or replace trigger _100_check_transition
  before insert or update of status on codex.intelligence_signals
  for each row execute function codex.tg__check_transition('status',
    'new',
    'new > acknowledged, actioned, dismissed',
    'acknowledged > actioned, archived, dismissed',
    'actioned > archived, dismissed');
create or replace trigger _900_touch before update on codex.intelligence_signals
  for each row execute function codex.tg__touch('sighting_count', 'last_seen_at', 'fades_at_epoch');
create or replace trigger _950_record_event
  after insert or update or delete on codex.intelligence_signals
  for each row execute function codex.tg__record_event(
    'signal', 'id', 'sighting_count,last_seen_at');
-- A sighting is reported by whoever observes; it is no edit.
grant insert (sighting_count, last_seen_at), update (sighting_count, last_seen_at)
  on codex.intelligence_signals to codex_app;
create or replace trigger _160_refuse_delete before delete on codex.intelligence_signals
  for each row execute function codex.tg__refuse_change();


-- [{ "signalId": "…", "confidence": 71.3 }]: each signal as it stood when the insight was made.
create or replace function codex.is_evidence(p_evidence jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select case
    when jsonb_typeof(p_evidence) <> 'array' then false
    else not exists (
      select
      from jsonb_array_elements(p_evidence) as item
      where jsonb_typeof(item) <> 'object'
        or jsonb_typeof(item -> 'signalId') is distinct from 'string'
        or jsonb_typeof(item -> 'confidence') is distinct from 'number'
        or (item ->> 'confidence')::numeric not between 0 and 100
    )
  end
$$;
comment on function codex.is_evidence(jsonb) is
  'Whether the value is an array of signals, each with the confidence it had.';
grant execute on function codex.is_evidence(jsonb) to codex_app, codex_service, codex_definer;

----------------------------------------------------------------------------------------------------
-- market_insights
----------------------------------------------------------------------------------------------------

-- A conclusion from signals. Its evidence is frozen when it is published. No signals, no
-- insight.
create table if not exists codex.market_insights (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  title text not null,
  description text not null default '',
  insight_type text not null,
  category text not null default 'market',
  conclusions text[] not null default '{}',
  evidence jsonb not null default '[]',
  signal_count integer not null generated always as (jsonb_array_length(evidence)) stored,
  confidence integer not null default 0,
  confidence_level text not null generated always as (case when confidence >= 75 then 'high' when confidence >= 50 then 'medium' else 'low' end) stored,
  business_implications text[] not null default '{}',
  recommended_actions text[] not null default '{}',
  potential_impact text not null default '',
  relevant_from date,
  relevant_until date,
  status text not null default 'draft',
  superseded_by_id uuid,
  source_agent_id uuid default codex.acting_agent_id(),
  reviewed_by uuid,
  published_at timestamptz,
  actioned_at timestamptz,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint market_insights_pkey primary key (workspace_id, id),
  constraint market_insights_superseded_by_id_fkey
    foreign key (workspace_id, superseded_by_id)
    references codex.market_insights (workspace_id, id),
  constraint market_insights_source_agent_id_fkey
    foreign key (source_agent_id) references codex.agent_registry (id),
  constraint market_insights_reviewed_by_fkey
    foreign key (workspace_id, reviewed_by) references codex.user_workspaces (workspace_id, user_id),
  constraint market_insights_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint market_insights_title_length_check check (char_length(title) between 1 and 300),
  constraint market_insights_insight_type_check
    check (insight_type in ('opportunity', 'threat', 'trend', 'gap', 'pattern')),
  constraint market_insights_category_check
    check (category in ('competitive', 'market', 'customer', 'technology')),
  constraint market_insights_evidence_known_check check (codex.is_evidence(evidence)),
  constraint market_insights_confidence_in_range_check check (confidence between 0 and 100),
  constraint market_insights_published_rests_on_signals_check
    check (status in ('draft', 'retracted') or jsonb_array_length(evidence) > 0),
  constraint market_insights_relevance_in_order_check check (relevant_until >= relevant_from),
  constraint market_insights_status_check
    check (status in ('draft', 'active', 'superseded', 'retracted', 'archived')),
  constraint market_insights_superseded_iff_by_check
    check ((superseded_by_id is null) or status in ('superseded', 'archived'))
);
comment on table codex.market_insights is 'Conclusion from signals. States: docs/state-machines.md.';
comment on column codex.market_insights.workspace_id is 'Workspace the row belongs to.';
comment on column codex.market_insights.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.market_insights.title is 'One line.';
comment on column codex.market_insights.description is 'The conclusion in full.';
comment on column codex.market_insights.insight_type is 'opportunity, threat, trend, gap or pattern.';
comment on column codex.market_insights.category is 'competitive, market, customer or technology.';
comment on column codex.market_insights.conclusions is 'What follows.';
comment on column codex.market_insights.evidence is 'Signals it rests on, each with its confidence at publication.';
comment on column codex.market_insights.signal_count is 'Number of signals it rests on.';
comment on column codex.market_insights.confidence is '0 to 100: 1 − Π(1 − cᵢ) over independent signals.';
comment on column codex.market_insights.confidence_level is 'low, medium (from 50) or high (from 75).';
comment on column codex.market_insights.business_implications is 'What it means for the business.';
comment on column codex.market_insights.recommended_actions is 'What to do.';
comment on column codex.market_insights.potential_impact is 'What is at stake.';
comment on column codex.market_insights.relevant_from is 'First day on which it matters; null for always.';
comment on column codex.market_insights.relevant_until is 'Last day on which it matters; null for always.';
comment on column codex.market_insights.status is 'draft, active, superseded, retracted or archived.';
comment on column codex.market_insights.superseded_by_id is 'Insight that replaced it.';
comment on column codex.market_insights.source_agent_id is 'Agent that drew it; null for a person or the system.';
comment on column codex.market_insights.reviewed_by is 'Member who reviewed it.';
comment on column codex.market_insights.published_at is 'When it became active.';
comment on column codex.market_insights.actioned_at is 'When something was done about it.';
comment on column codex.market_insights.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.market_insights.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.market_insights.created_at is 'When the row was made.';
comment on column codex.market_insights.updated_at is 'When the row last changed.';

create index if not exists idx_market_insights_status
  on codex.market_insights (workspace_id, status, confidence desc, created_at desc);
comment on index codex.idx_market_insights_status is 'get_active_insights, surest first.';
create index if not exists idx_market_insights_type
  on codex.market_insights (workspace_id, insight_type, created_at desc);
comment on index codex.idx_market_insights_type is 'The list of one type.';
create index if not exists idx_market_insights_created
  on codex.market_insights (workspace_id, created_at desc);
comment on index codex.idx_market_insights_created is 'The feed, newest first.';
create index if not exists idx_market_insights_relevance
  on codex.market_insights (workspace_id, relevant_from, relevant_until);
comment on index codex.idx_market_insights_relevance is 'What matters in a period.';
create index if not exists idx_market_insights_superseded_by
  on codex.market_insights (workspace_id, superseded_by_id);
comment on index codex.idx_market_insights_superseded_by is 'Rows of one market insight; foreign key to market_insights.';
create index if not exists idx_market_insights_source_agent
  on codex.market_insights (source_agent_id);
comment on index codex.idx_market_insights_source_agent is 'Rows of one agent registry; foreign key to agent_registry.';
create index if not exists idx_market_insights_reviewed_by
  on codex.market_insights (workspace_id, reviewed_by);
comment on index codex.idx_market_insights_reviewed_by is 'Rows of one member (reviewed_by); foreign key to user_workspaces.';
create index if not exists idx_market_insights_created_by
  on codex.market_insights (workspace_id, created_by);
comment on index codex.idx_market_insights_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.market_insights', p_insert => 'analyst', p_update => 'analyst',
  p_author => 'created_by');
grant select,
  insert (workspace_id, id, title, description, insight_type, category, conclusions, evidence,
    confidence, business_implications, recommended_actions, potential_impact, relevant_from,
    relevant_until, status, superseded_by_id, source_agent_id, reviewed_by, published_at,
    actioned_at, created_by),
  update (title, description, insight_type, category, conclusions, evidence, confidence,
    business_implications, recommended_actions, potential_impact, relevant_from, relevant_until,
    status, superseded_by_id, reviewed_by, actioned_at)
  on codex.market_insights to codex_app;
grant select, insert, update, delete on codex.market_insights to codex_service;
-- No delete for people: insights are retracted or archived.

create or replace trigger _100_check_transition
  before insert or update of status on codex.market_insights
  for each row execute function codex.tg__check_transition('status',
    'draft, active',
    'draft > active, retracted',
    'active > superseded, retracted, archived',
    'superseded > archived');
create or replace trigger _900_touch before update on codex.market_insights
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.market_insights
  for each row execute function codex.tg__record_event(
    'insight', 'id', '');
create or replace function codex.tg_market_insights__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status = 'active' and (tg_op = 'INSERT' or old.status <> 'active') then
    new.published_at := now();
  end if;
  return new;
end
$$;
comment on function codex.tg_market_insights__stamp() is
  'BEFORE INSERT OR UPDATE OF status: notes when it was published.';
create or replace trigger _150_stamp before insert or update of status on codex.market_insights
  for each row execute function codex.tg_market_insights__stamp();
create or replace trigger _200_keep_published before update or delete on codex.market_insights
  for each row execute function codex.tg__keep_published('draft',
    'superseded_by_id, reviewed_by, actioned_at, published_at, signal_count, confidence_level');

create or replace function codex.create_insight_from_signals(
  p_workspace_id uuid,
  p_signal_ids uuid[],
  p_title text,
  p_insight_type text,
  p_conclusions text[] default '{}'
) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_ids uuid[] := array(select distinct id from unnest(p_signal_ids) as id where id is not null);
  v_evidence jsonb;
  v_unusable integer;
  v_confidence integer;
  v_insight_id uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  if cardinality(v_ids) = 0 then
    raise exception 'an insight needs at least one signal' using errcode = 'KX011';
  end if;
  -- In the same order for everybody, so that two insights over the same signals cannot deadlock.
  perform from codex.intelligence_signals
  where workspace_id = p_workspace_id and id = any (v_ids)
  order by id
  for no key update;
  with signal as (
    select id, data_source,
      codex.decayed_confidence(confidence, last_seen_at, half_life_hours, now()) as confidence,
      status in ('dismissed', 'archived') or expires_at <= now() as unusable
    from codex.intelligence_signals
    where workspace_id = p_workspace_id and id = any (v_ids)
  ), independent as (
    -- Two signals of one source may repeat each other: of these only the surest counts.
    select max(confidence) as confidence from signal group by coalesce(data_source, id::text)
  )
  select jsonb_agg(jsonb_build_object('signalId', id, 'confidence', confidence) order by id),
    count(*) filter (where unusable),
    (select round(100 * (1 - exp(sum(ln(greatest(1 - confidence / 100, 1e-6)))))) from independent)
  into v_evidence, v_unusable, v_confidence
  from signal;
  if coalesce(jsonb_array_length(v_evidence), 0) < cardinality(v_ids) then
    raise exception 'a signal is unknown here' using errcode = 'KX008';
  elsif v_unusable > 0 then
    raise exception '% of the signals are dismissed, archived or expired', v_unusable
      using errcode = 'KX007';
  end if;
  insert into codex.market_insights
    (workspace_id, title, insight_type, conclusions, evidence, confidence, status)
  values (p_workspace_id, p_title, p_insight_type, coalesce(p_conclusions, '{}'), v_evidence,
    v_confidence, 'active')
  returning id into v_insight_id;
  update codex.intelligence_signals
  set status = 'actioned'
  where workspace_id = p_workspace_id and id = any (v_ids) and status in ('new', 'acknowledged');
  return v_insight_id;
end
$$;
comment on function codex.create_insight_from_signals(uuid, uuid[], text, text, text[]) is
  'Publishes an insight that rests on the signals, with their present confidence frozen as evidence, and marks them actioned. Its confidence is 1 − Π(1 − cᵢ), with one cᵢ per data source. KX011 without signals, KX008 for a signal that is unknown here, KX007 for one that is dismissed, archived or expired.';
grant execute on function codex.create_insight_from_signals(uuid, uuid[], text, text, text[])
  to codex_app, codex_service;

create or replace function codex.get_active_insights(p_workspace_id uuid)
returns table (
  id uuid, title text, insight_type text, confidence integer, signal_count integer,
  created_at timestamptz
)
language sql stable set search_path = '' as $$
  select i.id, i.title, i.insight_type, i.confidence, i.signal_count, i.created_at
  from codex.market_insights i
  where i.workspace_id = p_workspace_id and i.status = 'active'
    and (i.relevant_from is null or i.relevant_from <= (now() at time zone 'UTC')::date)
    and (i.relevant_until is null or i.relevant_until >= (now() at time zone 'UTC')::date)
  order by i.confidence desc, i.created_at desc, i.id
$$;
comment on function codex.get_active_insights(uuid) is
  'Active insights that matter today (UTC), surest first.';
grant execute on function codex.get_active_insights(uuid) to codex_app, codex_service;

create or replace function codex.get_priority_signals(
  p_workspace_id uuid, p_confidence_threshold integer default 75, p_limit integer default 50
)
returns table (
  id uuid, title text, category text, confidence numeric, relevance integer, created_at timestamptz
)
language sql stable set search_path = '' as $$
  select s.id, s.title, s.category, decayed.confidence, s.relevance, s.created_at
  from codex.intelligence_signals s
  cross join lateral (
    select codex.decayed_confidence(s.confidence, s.last_seen_at, s.half_life_hours, now())
      as confidence
  ) decayed
  where s.workspace_id = p_workspace_id and s.status = 'new'
    -- What has faded below 1 cannot reach a threshold from 1 on: the index leaves it out.
    and (p_confidence_threshold < 1 or s.fades_at_epoch >= extract(epoch from now()) - 1)
    and decayed.confidence >= p_confidence_threshold
    and (s.expires_at is null or s.expires_at > now())
  order by decayed.confidence * s.relevance desc, s.created_at desc, s.id
  limit p_limit
$$;
comment on function codex.get_priority_signals(uuid, integer, integer) is
  'New signals whose confidence is still at least the threshold (0 to 100), by confidence times relevance; expired ones are left out.';
grant execute on function codex.get_priority_signals(uuid, integer, integer)
  to codex_app, codex_service;
