-- Removes idempotency keys, events and the audit trail. Refuses while any is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.idempotency_keys) or exists (select from codex.outbox_events)
      or exists (select from codex.event_counters) or exists (select from codex.audit_events))
  then
    raise exception 'this rollback would destroy idempotency keys, events or the audit trail'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop trigger if exists _960_record_audit on codex.api_keys;
drop trigger if exists _950_record_event on codex.api_keys;
drop trigger if exists _960_record_audit on codex.workspace_invitations;
drop trigger if exists _950_record_event on codex.workspace_invitations;
drop trigger if exists _960_record_audit on codex.user_workspaces;
drop trigger if exists _950_record_event on codex.user_workspaces;
drop trigger if exists _960_record_audit on codex.workspaces;
drop trigger if exists _950_record_event on codex.workspaces;

drop function if exists codex.prune_events(uuid, timestamptz, integer);
drop function if exists codex.events_after(uuid, bigint, integer);
drop function if exists codex.event_heads(uuid[]);
drop function if exists codex.number_events(uuid);
drop table if exists codex.audit_events;
drop table if exists codex.outbox_events;
drop table if exists codex.event_counters;
drop table if exists codex.idempotency_keys;
drop function if exists codex.tg__record_audit();
drop function if exists codex.tg__record_event();
