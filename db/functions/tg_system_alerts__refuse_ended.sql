create or replace function codex.tg_system_alerts__refuse_ended() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  raise exception using
    errcode = 'KX002',
    message = format('system_alerts.status cannot go from %s to %s', old.status,
      case when new.snoozed_until is distinct from old.snoozed_until then 'snoozed' else new.status end),
    detail = 'allowed: none, the state is terminal',
    schema = tg_table_schema, table = tg_table_name, column = 'status';
end
$$;
