create or replace function codex.claim_idempotency_key(
  p_workspace_id uuid, p_key text, p_request_hash bytea
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_known codex.idempotency_keys;
begin
  perform codex.require_workspace(p_workspace_id);
  -- Tried, not waited for: the other request may take long, and its answer will be there to read.
  if not pg_try_advisory_xact_lock(
    hashtextextended('codex.idempotency_keys:' || p_workspace_id || ':' || p_key, 0))
  then
    raise exception 'a request with this key is under way' using errcode = 'KX014';
  end if;
  select * into v_known
  from codex.idempotency_keys
  where workspace_id = p_workspace_id and key = p_key;
  if v_known.state = 'completed' and v_known.expires_at > now() then
    if v_known.request_hash <> p_request_hash then
      raise exception 'this key belongs to another request' using errcode = 'KX015';
    end if;
    raise exception 'this request is done already' using errcode = 'KX016';
  elsif v_known.key is null then
    insert into codex.idempotency_keys (workspace_id, key, request_hash)
    values (p_workspace_id, p_key, p_request_hash);
  else
    update codex.idempotency_keys
    set request_hash = p_request_hash, state = 'in_progress', response = null,
      expires_at = now() + interval '24 hours'
    where workspace_id = p_workspace_id and key = p_key;
  end if;
end
$$;
