-- SECURITY DEFINER: people change no delivery otherwise.
create or replace function codex.redeliver(p_workspace_id uuid, p_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_delivery codex.notification_deliveries;
begin
  perform codex.require_workspace(p_workspace_id);
  select * into v_delivery
  from codex.notification_deliveries
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  -- Theirs, or an endpoint's and they own the workspace; the others are not there for them.
  if (
    v_delivery.user_id = codex.acting_user_id()
    or v_delivery.id is not null and v_delivery.user_id is null and codex.current_role_at_least('owner')
  ) is not true
  then
    raise exception 'no such delivery' using errcode = 'KX008';
  elsif v_delivery.state in ('pending', 'sending') then
    return;
  elsif v_delivery.digest_id is not null or v_delivery.state = 'dropped' then
    raise exception 'this delivery does not go out by itself'
      using errcode = 'KX007', schema = 'codex', table = 'notification_deliveries';
  elsif exists (
    select from codex.webhook_endpoints
    where workspace_id = p_workspace_id and id = v_delivery.endpoint_id and status = 'disabled'
  ) then
    raise exception 'the endpoint is disabled'
      using errcode = 'KX007', schema = 'codex', table = 'notification_deliveries';
  end if;
  update codex.notification_deliveries
  set state = 'pending', attempts = 0, next_attempt_at = now(), last_error = null, ended_at = null
  where workspace_id = p_workspace_id and id = p_id;
end
$$;
