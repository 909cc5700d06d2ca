-- SECURITY DEFINER: whoever comes with a ticket is nobody yet.
create or replace function codex.take_stream_ticket(
  p_workspace_id uuid, p_ticket_hash bytea, out user_id uuid, out agent_id uuid, out api_key_id uuid
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_ticket codex.stream_tickets;
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    -- Taken is gone: a second time finds nothing.
    delete from codex.stream_tickets
    where workspace_id = p_workspace_id and ticket_hash = p_ticket_hash
    returning * into v_ticket;
  end if;
  -- Worth nothing once the member has left or the key has ended.
  if v_ticket.id is null or v_ticket.expires_at <= now()
    or v_ticket.user_id is not null and not exists (
      select from codex.user_workspaces m
      where m.workspace_id = p_workspace_id and m.user_id = v_ticket.user_id
        and m.removed_at is null
    )
    or v_ticket.api_key_id is not null and not exists (
      select from codex.api_keys k
      where k.workspace_id = p_workspace_id and k.id = v_ticket.api_key_id
        and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    )
  then
    raise exception 'this ticket is unknown, used or expired' using errcode = 'KX003';
  end if;
  user_id := v_ticket.user_id;
  agent_id := v_ticket.agent_id;
  api_key_id := v_ticket.api_key_id;
end
$$;
