create or replace function codex.complete_delivery(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint
) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  update codex.notification_deliveries
  set state = 'delivered', last_error = null, ended_at = now(), leased_by = null
  where workspace_id = p_workspace_id and id = p_id and state = 'sending'
    and fencing_token = p_fencing_token;
  if not found then
    raise exception 'this delivery is no longer held under that token' using errcode = 'KX012';
  end if;
  update codex.notification_deliveries
  set state = 'delivered', last_error = null, ended_at = now()
  where workspace_id = p_workspace_id and digest_id = p_id and state in ('digested', 'dead');
end
$$;
