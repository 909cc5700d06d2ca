-- SECURITY DEFINER: people change no delivery, but disabling an endpoint ends those on their way to it.
create or replace function codex.disable_webhook_endpoint(
  p_workspace_id uuid, p_id uuid, p_reason text default 'disabled by a member'
) returns void
language plpgsql volatile security definer set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
declare
  v_status text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  select status into v_status
  from codex.webhook_endpoints
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_status is null then
    raise exception 'no such endpoint' using errcode = 'KX008';
  elsif v_status = 'disabled' then
    return;
  end if;
  update codex.webhook_endpoints
  set status = 'disabled', disabled_reason = left(p_reason, 300), previous_secret = null,
    previous_secret_until = null
  where workspace_id = p_workspace_id and id = p_id;
  update codex.notification_deliveries
  set state = 'dropped', last_error = 'the endpoint was disabled', ended_at = now()
  where workspace_id = p_workspace_id and id in (
    select d.id
    from codex.notification_deliveries d
    where d.workspace_id = p_workspace_id and d.endpoint_id = p_id and d.state in ('pending', 'failed')
    -- As many as there is time for: claim_deliveries ends the rest.
    limit 10000
  );
end
$$;
