-- By one channel or by all, each in the order of an index: of what is due, and locks it.
create or replace function codex.take_due_deliveries(
  p_workspace_id uuid, p_channel text, p_limit integer
) returns setof codex.notification_deliveries
language plpgsql volatile set search_path = '' as $$
begin
  if p_channel is null then
    return query
      select *
      from codex.notification_deliveries
      where workspace_id = p_workspace_id and state in ('pending', 'failed', 'sending')
        and held_until is null and next_attempt_at <= now()
      order by next_attempt_at
      limit p_limit
      for no key update skip locked;
  else
    return query
      select *
      from codex.notification_deliveries
      where workspace_id = p_workspace_id and channel = p_channel
        and state in ('pending', 'failed', 'sending') and held_until is null
        and next_attempt_at <= now()
      order by next_attempt_at
      limit p_limit
      for no key update skip locked;
  end if;
end
$$;
