-- SECURITY DEFINER: tickets are made and taken by functions alone, so that nobody makes one for another.
create or replace function codex.create_stream_ticket(
  p_workspace_id uuid, p_id uuid, p_ticket_hash bytea,
  out valid_until timestamptz, out last_number bigint
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  -- Those that nobody took: whoever makes one tidies up.
  delete from codex.stream_tickets
  where workspace_id = p_workspace_id and expires_at <= now();
  insert into codex.stream_tickets (workspace_id, id, ticket_hash, user_id, agent_id, api_key_id)
  values (
    p_workspace_id, p_id, p_ticket_hash, codex.acting_user_id(), codex.acting_agent_id(),
    nullif(current_setting('codex.api_key_id', true), '')::uuid)
  returning expires_at into valid_until;
  -- Where a stream that begins now goes on from: what has happened is behind it, what comes is not.
  last_number := codex.number_events(p_workspace_id);
end
$$;
