-- Agents earn in the same ledger; figures, levels and boards are people's.
create or replace function codex.note_agent_activity(
  p_workspace_id uuid, p_agent_id uuid, p_metric text, p_key text
) returns void
language sql volatile set search_path = '' as $$
  insert into codex.points_ledger
    (workspace_id, agent_id, source, delta, metric, value, idempotency_key)
  values (p_workspace_id, p_agent_id, 'activity',
    codex.activity_points(p_workspace_id, null, p_metric, 1, (now() at time zone 'UTC')::date),
    p_metric, 1, p_key)
  on conflict do nothing
$$;
