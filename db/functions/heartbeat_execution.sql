-- SECURITY DEFINER: executions are written by these functions alone.
create or replace function codex.heartbeat_execution(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint,
  out expires_at timestamptz, out cancel_requested boolean
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_lease(p_workspace_id, p_id, p_fencing_token, 'running');
  update codex.agent_executions
  set heartbeat_at = now(),
    -- Whoever was asked to stop has the rest of the lease to do so.
    lease_expires_at = case
      when cancel_requested_at is null
        then least(now() + lease_ms * interval '1 ms', deadline_at)
      else lease_expires_at
    end
  where workspace_id = p_workspace_id and id = p_id
  returning lease_expires_at, cancel_requested_at is not null into expires_at, cancel_requested;
end
$$;
