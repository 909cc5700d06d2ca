-- What one silence covers, from where it came to: no more at once than a call has time for.
create or replace function codex.mark_covered(p_workspace_id uuid, p_silence_id uuid)
returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_window constant integer := 5000;
  v_silence codex.alert_silences;
  v_part uuid[];
  v_alert_id uuid;
begin
  select * into v_silence
  from codex.alert_silences
  where workspace_id = p_workspace_id and id = p_silence_id
  for no key update skip locked;
  if v_silence.id is null then
    return 0;
  end if;
  v_part := array(
    select id
    from codex.system_alerts
    where workspace_id = p_workspace_id and status in ('active', 'acknowledged')
      and (v_silence.marked_through is null or id > v_silence.marked_through)
    order by id
    limit v_window);
  for v_alert_id in
    select id
    from codex.system_alerts
    where workspace_id = p_workspace_id and id = any (v_part)
      and status in ('active', 'acknowledged')
      and codex.matches_labels(v_silence.matchers, codex.labels_of_alert(workspace_id, id))
    order by id
    for no key update
  loop
    perform codex.record_alert_event(p_workspace_id, v_alert_id, 'silenced',
      p_until => v_silence.ends_at, p_silence_id => p_silence_id);
  end loop;
  update codex.alert_silences
  set marked_through = case when cardinality(v_part) = v_window then v_part[v_window] end
  where workspace_id = p_workspace_id and id = p_silence_id
    and (marked_through is not null or cardinality(v_part) = v_window);
  return cardinality(v_part);
end
$$;
