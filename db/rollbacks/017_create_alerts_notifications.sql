-- Removes alerts and notifications. Refuses while one is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.system_alerts)
      or exists (select from codex.user_notifications))
  then
    raise exception 'this rollback would destroy rows of system_alerts, user_notifications'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop function if exists codex.get_user_unread_notifications(uuid, integer);
drop function if exists codex.mark_notification_as_read(uuid, uuid);
drop function if exists codex.send_user_notification(uuid, uuid[], text, text, text, text, text, text, uuid, uuid, uuid, timestamptz);
drop function if exists codex.get_critical_alerts(uuid);
drop function if exists codex.acknowledge_alert(uuid, uuid);
drop function if exists codex.create_system_alert(uuid, text, text, text, text, text, uuid, uuid, uuid, uuid, uuid, jsonb, timestamptz);
drop table if exists codex.user_notifications;
drop table if exists codex.system_alerts;

drop function if exists codex.tg_system_alerts__check_severity();
drop function if exists codex.tg_system_alerts__stamp();
drop function if exists codex.severity_rank(text);
