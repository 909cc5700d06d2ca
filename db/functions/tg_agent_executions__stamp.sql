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
  -- What nobody would claim any more has failed. The assignment does not end before this transaction does.
  if new.status = 'queued' then
    perform pg_advisory_xact_lock_shared(
      hashtextextended(
        format('codex.agent_assignments:%s:%s', new.workspace_id, new.assignment_id), 0));
    if exists (
      select from codex.agent_assignments a
      where a.workspace_id = new.workspace_id and a.id = new.assignment_id
        and (a.status not in ('active', 'paused') or codex.is_retired(a.agent_id))
    ) then
      new.status := 'failed';
    end if;
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
