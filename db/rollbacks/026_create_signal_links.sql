-- Removes links of signals, evidence in a table, fingerprints by address and contents, and what was built on
-- them; insights keep their evidence in the column. Refuses while rows would be destroyed.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.signal_links) or exists (select from codex.insight_evidence)
      or exists (
        select from codex.intelligence_signals
        where override_score is not null or purged_at is not null or external_id is not null
      ))
  then
    raise exception 'this rollback would destroy rows of signal_links and insight_evidence'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

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
drop trigger if exists _110_refuse_again on codex.market_insights;
drop trigger if exists _160_check_successor on codex.market_insights;
drop trigger if exists _300_copy_evidence on codex.market_insights;
drop function if exists codex.tg_market_insights__refuse_again();
drop function if exists codex.tg_market_insights__check_successor();
drop function if exists codex.tg_market_insights__copy_evidence();
create or replace trigger _200_keep_published before update or delete on codex.market_insights
  for each row execute function codex.tg__keep_published('draft',
    'superseded_by_id, reviewed_by, actioned_at, published_at, signal_count, confidence_level');
create or replace trigger _900_touch before update on codex.market_insights
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.market_insights
  for each row execute function codex.tg__record_event(
    'insight', 'id', '');
revoke select on codex.market_insights from codex_definer;
alter table codex.market_insights
  drop column if exists retraction_reason,
  drop column if exists stale_alerted_at;
drop table if exists codex.insight_evidence;
drop table if exists codex.signal_links;
drop index if exists codex.idx_intelligence_signals_words;
drop function if exists codex.purge_signals(uuid, timestamptz, integer);
drop function if exists codex.preview_signal_retention(uuid, timestamptz);
drop function if exists codex.raise_stale_insights(uuid, integer);
drop trigger if exists _300_raise_stale on codex.intelligence_signals;
drop function if exists codex.tg_intelligence_signals__raise_stale();
drop function if exists codex.raise_stale_insight(uuid, uuid);
drop function if exists codex.publish_insight(uuid, uuid);
drop function if exists codex.refuse_insight_step(text, text);
drop function if exists codex.create_insight(uuid, uuid, jsonb, uuid[]);
drop function if exists codex.insight_freshness(uuid, uuid, timestamptz);
drop function if exists codex.insight_confidence(uuid, uuid, timestamptz);
drop function if exists codex.evidence_of(uuid, uuid, timestamptz);
drop function if exists codex.tg_insight_evidence__keep_frozen();
drop function if exists codex.copy_evidence(uuid, uuid);
drop function if exists codex.ingest_signals(uuid, jsonb[]);
drop function if exists codex.merge_signals(uuid, jsonb[]);
drop function if exists codex.insert_signals(uuid, jsonb[]);
drop function if exists codex.refuse_future(jsonb[]);
drop function if exists codex.compare_new_signals(uuid, integer);
drop function if exists codex.compare_signals(uuid, uuid[]);
drop function if exists codex.cluster_signal(uuid, uuid, uuid, numeric);
drop function if exists codex.tg_signal_links__check_cluster();
drop function if exists codex.search_near_duplicates(uuid, uuid);
drop function if exists codex.search_signals(uuid, text, text, numeric, timestamptz, integer, numeric, uuid);
drop function if exists codex.why_found(codex.intelligence_signals, tsquery, numeric, numeric, timestamptz);
drop function if exists codex.text_similarity(text, text);
drop function if exists codex.signal_query(text, text);
drop function if exists codex.signal_words(uuid, text, text);
drop function if exists codex.top_signals(uuid, text, timestamptz, integer, double precision, uuid);
drop function if exists codex.signal_score(codex.intelligence_signals, timestamptz);
drop function if exists codex.admiralty_confidence(text, integer);
drop function if exists codex.signal_fingerprints(text, text, text, text, text);
drop function if exists codex.canonical_url(text);
create or replace trigger _900_touch before update on codex.intelligence_signals
  for each row execute function codex.tg__touch('sighting_count', 'last_seen_at', 'fades_at_epoch');
create or replace trigger _950_record_event
  after insert or update or delete on codex.intelligence_signals
  for each row execute function codex.tg__record_event(
    'signal', 'id', 'sighting_count,last_seen_at');
revoke execute on function codex.decayed_confidence(integer, timestamptz, integer, timestamptz)
  from codex_reader;
revoke execute on function codex.raise_missing_context() from codex_reader;
revoke update (first_seen_at) on codex.intelligence_signals from codex_app;
revoke select, update (compared_at) on codex.intelligence_signals from codex_definer;
revoke select on codex.intelligence_signals from codex_reader;
alter table codex.intelligence_signals
  drop column if exists external_id,
  drop column if exists url_fingerprint,
  drop column if exists content_fingerprint,
  drop column if exists sources,
  drop column if exists override_score,
  drop column if exists override_reason,
  drop column if exists override_until,
  drop column if exists overridden_at,
  drop column if exists compared_at,
  drop column if exists purged_at;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 25, 19 $$;
