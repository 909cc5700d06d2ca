-- Removes the timeline of alerts, labels, silences and escalation; triggering is as it was before. Refuses
-- while a row of them is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.alert_events)
      or exists (select from codex.alert_labels)
      or exists (select from codex.alert_silences))
  then
    raise exception 'this rollback would destroy rows of alert_events, alert_labels, alert_silences'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop function if exists codex.explain_alert(uuid, uuid, uuid);
drop function if exists codex.explain_role(uuid, uuid, uuid);
drop function if exists codex.explain_suppression(uuid, uuid);
drop function if exists codex.explain_preferences(uuid, uuid, uuid);

-- SECURITY DEFINER: occurrences are counted here alone, for whoever raises.
create or replace function codex.create_system_alert(
  p_workspace_id uuid,
  p_alert_type text,
  p_severity text,
  p_title text,
  p_description text default '',
  p_dedup_key text default null,
  p_agent_id uuid default null,
  p_signal_id uuid default null,
  p_campaign_id uuid default null,
  p_cohort_id uuid default null,
  p_move_id uuid default null,
  p_data_points jsonb default '{}',
  p_expires_at timestamptz default null,
  out alert_id uuid,
  out outcome text
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_count bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  insert into codex.system_alerts as a (workspace_id, dedup_key, alert_type, severity, title,
    description, triggered_by_agent_id, signal_id, campaign_id, cohort_id, move_id, data_points,
    expires_at)
  values (
    p_workspace_id,
    coalesce(p_dedup_key, encode(sha256(convert_to(concat_ws('|', p_alert_type, p_title,
      p_signal_id, p_campaign_id, p_cohort_id, p_move_id), 'UTF8')), 'hex')),
    p_alert_type, p_severity, p_title, coalesce(p_description, ''),
    coalesce(p_agent_id, codex.acting_agent_id()), p_signal_id, p_campaign_id, p_cohort_id,
    p_move_id, coalesce(p_data_points, '{}'), p_expires_at)
  on conflict (workspace_id, dedup_key) where status in ('active', 'acknowledged') do update set
    occurrence_count = a.occurrence_count + 1,
    last_occurred_at = greatest(a.last_occurred_at, excluded.last_occurred_at),
    data_points = excluded.data_points,
    severity = case
      when codex.severity_rank(excluded.severity) > codex.severity_rank(a.severity)
        then excluded.severity
      else a.severity
    end
  returning a.id, a.occurrence_count into alert_id, v_count;
  outcome := case v_count when 1 then 'opened' else 'updated' end;
end
$$;
comment on function codex.create_system_alert(uuid, text, text, text, text, text, uuid, uuid, uuid, uuid, uuid, jsonb, timestamptz) is
  'Opens an alert, or counts one more occurrence of the unresolved one with the same key (made from type, title and links when not given); severity rises with it. For members from analyst on, agents and the service, without borrowing a person. Gives the id and opened or updated. KX010 below analyst.';

drop function if exists codex.trigger_alert(uuid, uuid, jsonb);
drop function if exists codex.put_alert(uuid, uuid, jsonb, timestamptz);
drop function if exists codex.count_occurrence(uuid, jsonb);
drop function if exists codex.escalate_alerts(uuid, integer);
drop function if exists codex.take_alert_step(uuid, uuid, integer);
drop function if exists codex.note_suppression(uuid, uuid, integer);
drop function if exists codex.tell_of_alert(uuid, uuid, integer);
drop function if exists codex.alert_priority(text);
drop function if exists codex.alert_audience(uuid, uuid, integer);
drop function if exists codex.alert_step(text, integer);
drop trigger if exists _300_keep_timeline on codex.system_alerts;
drop function if exists codex.tg_system_alerts__keep_timeline();
drop function if exists codex.prune_alert_events(uuid, timestamptz, integer);
drop function if exists codex.old_alert_events(uuid, timestamptz);
drop function if exists codex.alert_timeline(uuid, uuid, integer, integer);
drop table if exists codex.alert_events;
drop table if exists codex.alert_silences;
drop table if exists codex.alert_labels;
drop function if exists codex.tg_alert_silences__release();
drop function if exists codex.hold_silences(uuid);
drop function if exists codex.tg_alert_silences__mark_covered();
drop function if exists codex.tg_alert_silences__check_window();
drop function if exists codex.record_alert_event(uuid, uuid, text, text, bigint, integer, text, timestamptz, uuid, uuid);
drop function if exists codex.alert_suppression(uuid, uuid);
drop function if exists codex.find_silence(uuid, jsonb);
drop function if exists codex.labels_of_alert(uuid, uuid);
drop function if exists codex.matches_labels(jsonb, jsonb);
drop function if exists codex.are_matchers(jsonb);

drop trigger if exists _960_record_change on codex.system_alerts;
drop trigger if exists _210_schedule on codex.system_alerts;
drop function if exists codex.tg_system_alerts__schedule();
drop trigger if exists _110_refuse_ended on codex.system_alerts;
drop function if exists codex.tg_system_alerts__refuse_ended();
create or replace trigger _900_touch before update on codex.system_alerts
  for each row execute function codex.tg__touch('occurrence_count', 'last_occurred_at', 'severity_rank');
create or replace trigger _950_record_event
  after insert or update or delete on codex.system_alerts
  for each row execute function codex.tg__record_event(
    'alert', 'id', 'occurrence_count,last_occurred_at,data_points');
drop index if exists codex.idx_system_alerts_escalate;
drop index if exists codex.idx_system_alerts_ended;
drop index if exists codex.idx_system_alerts_previous;
drop index if exists codex.idx_system_alerts_dedup_key;
alter table codex.system_alerts
  drop constraint if exists system_alerts_escalates_while_active_check,
  drop constraint if exists system_alerts_escalation_step_check,
  drop constraint if exists system_alerts_source_length_check,
  drop constraint if exists system_alerts_previous_id_fkey,
  drop column if exists escalate_at,
  drop column if exists escalation_step,
  drop column if exists previous_id,
  drop column if exists source;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 22, 19 $$;
