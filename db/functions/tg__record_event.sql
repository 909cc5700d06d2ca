-- Arguments: the entity's name; the key columns beside workspace_id, comma separated; the quiet
-- columns (progress, counters, leases), whose change alone leaves no event.
-- SECURITY DEFINER: nobody may write the outbox directly. Per row, because Citus cannot insert from
-- a transition table inside a trigger.
create or replace function codex.tg__record_event() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_row jsonb := coalesce(to_jsonb(new), to_jsonb(old));
  v_keys text[] := string_to_array(tg_argv[1], ',');
  v_key text;
  v_old jsonb;
  v_quiet text[];
  v_changed text[];
  v_verb text := 'created';
  v_payload jsonb := '{}';
begin
  if tg_op = 'DELETE' then
    if not exists (select from codex.workspaces where id = old.workspace_id) then
      return null;
    end if;
    v_verb := 'deleted';
  elsif tg_op = 'UPDATE' then
    v_old := to_jsonb(old);
    v_quiet := string_to_array(tg_argv[2], ',') || array['updated_at', 'version'];
    select array_agg(n.key order by n.key) into v_changed
    from jsonb_each(v_row - v_quiet) n
    where n.value is distinct from v_old -> n.key;
    if v_changed is null then
      return null;
    end if;
    v_verb := case when 'status' = any (v_changed) then 'status_changed' else 'updated' end;
    v_payload := jsonb_build_object('changed', v_changed);
    if v_verb = 'status_changed' then
      v_payload := v_payload || jsonb_build_object('previousStatus', v_old -> 'status');
    end if;
  end if;
  foreach v_key in array v_keys || array['status', 'version'] loop
    if v_row ? v_key then
      v_payload := v_payload || jsonb_build_object(v_key, v_row -> v_key);
    end if;
  end loop;
  insert into codex.outbox_events (workspace_id, type, entity, entity_id, payload)
  values (
    coalesce(v_row ->> 'workspace_id', v_row ->> 'id')::uuid,
    tg_argv[0] || '.' || v_verb,
    tg_argv[0],
    case when cardinality(v_keys) = 1 then (v_row ->> v_keys[1])::uuid end,
    v_payload);
  return null;
end
$$;
