-- SECURITY DEFINER: people change nothing else of an endpoint, and read no secret.
create or replace function codex.rotate_webhook_secret(
  p_workspace_id uuid, p_id uuid, p_secret text, p_overlap interval default interval '24 hours'
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  if p_overlap is null or p_overlap not between interval '0' and interval '30 days' then
    raise exception 'the secret before stays valid for 0 to 30 days' using errcode = 'KX011';
  end if;
  update codex.webhook_endpoints
  set secret = p_secret, previous_secret = secret, previous_secret_until = now() + p_overlap
  where workspace_id = p_workspace_id and id = p_id and status = 'active';
  if not found then
    raise exception 'no such active endpoint' using errcode = 'KX008';
  end if;
end
$$;
