create or replace function codex.why_not_sent(p_delivery codex.notification_deliveries) returns text
language sql stable set search_path = '' as $$
  select case
    -- One that silences its worker each time is not tried for ever.
    when p_delivery.state = 'sending' and p_delivery.attempts >= 10 then 'the worker fell silent'
    -- Nobody had a sender for it, at first or any more: what is told so late is no news, and would come all at once.
    when p_delivery.channel = 'email'
      and p_delivery.next_attempt_at < now() - interval '7 days' then 'it waited for a week'
    when exists (
      select from codex.user_workspaces m
      where m.workspace_id = p_delivery.workspace_id and m.user_id = p_delivery.user_id
        and m.removed_at is not null
    ) then 'no longer a member'
    when exists (
      select from codex.webhook_endpoints w
      where w.workspace_id = p_delivery.workspace_id and w.id = p_delivery.endpoint_id
        and w.status = 'disabled'
    ) then 'the endpoint was disabled'
  end
$$;
