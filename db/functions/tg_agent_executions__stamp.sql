create or replace function codex.tg_agent_executions__stamp() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  if new.status = old.status then
    return new;
  end if;
  if new.status = 'running' then
    new.attempts_count := old.attempts_count + 1;
    new.started_at := now();
    new.heartbeat_at := now();
    new.deadline_at := now() + new.timeout_ms * interval '1 ms';
    new.lease_expires_at := least(now() + new.lease_ms * interval '1 ms', new.deadline_at);
    return new;
  end if;
  new.lane := null;
  new.lease_ms := null;
  new.lease_expires_at := null;
  new.deadline_at := null;
  if new.status = 'queued' then
    new.instance := null;
    new.started_at := null;
  else
    new.finished_at := now();
  end if;
  return new;
end
$$;
