create or replace function codex.tg_agent_executions__count() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_agent uuid := (
    select agent_id
    from codex.agent_assignments
    where workspace_id = new.workspace_id and id = new.assignment_id
  );
begin
  perform codex.add_performance(new.workspace_id, v_agent, new.assignment_id,
    case when new.status in ('succeeded', 'cancelled') then new.status else 'failed' end,
    coalesce(greatest(0, round(1000 * extract(epoch from new.finished_at - new.started_at))), 0)::bigint,
    new.input_tokens_count, new.output_tokens_count, new.cost_micros);
  return null;
end
$$;
