-- What one silence covers, from where it came to: no more at once than a call has time for, and up to the first that
-- somebody has in hand, for whom nobody waits.
create or replace function codex.mark_covered(p_workspace_id uuid, p_silence_id uuid)
returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_window constant integer := 5000;
  v_silence codex.alert_silences;
  v_part uuid[];
  v_covered uuid[];
  v_held uuid[];
  v_skipped integer;
  v_count integer;
  v_alert_id uuid;
  v_through uuid;
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
  v_covered := array(
    select id
    from codex.system_alerts
    where workspace_id = p_workspace_id and id = any (v_part)
      and codex.matches_labels(v_silence.matchers, codex.labels_of_alert(workspace_id, id))
    order by id);
  v_held := array(
    select id
    from codex.system_alerts
    where workspace_id = p_workspace_id and id = any (v_covered)
      and status in ('active', 'acknowledged')
    order by id
    for no key update skip locked);
  select min(at) into v_skipped
  from generate_subscripts(v_covered, 1) as at
  where v_covered[at] is distinct from v_held[at];
  v_count := coalesce(array_position(v_part, v_covered[v_skipped]) - 1, cardinality(v_part));
  foreach v_alert_id in array v_held[:coalesce(v_skipped - 1, cardinality(v_held))] loop
    -- One that opened meanwhile has said so already.
    perform codex.record_alert_event(p_workspace_id, v_alert_id, 'silenced',
      p_until => v_silence.ends_at, p_silence_id => p_silence_id)
    where not exists (
      select
      from (
        select kind, silence_id
        from codex.alert_events
        where workspace_id = p_workspace_id and alert_id = v_alert_id
        offset 0
      ) e
      where e.kind = 'silenced' and e.silence_id = p_silence_id);
  end loop;
  if v_count = v_window or v_skipped is not null then
    v_through := coalesce(v_part[v_count], v_silence.marked_through,
      '00000000-0000-0000-0000-000000000000');
  end if;
  update codex.alert_silences
  set marked_through = v_through
  where workspace_id = p_workspace_id and id = p_silence_id
    and marked_through is distinct from v_through;
  return v_count;
end
$$;
