-- In the order of the locks, so that two completions cannot wait for each other.
create or replace function codex.note_completion(
  p_workspace_id uuid, p_user_ids uuid[], p_agent_ids uuid[], p_metric text, p_key text
) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid;
begin
  for v_id in
    select m.user_id
    from codex.user_workspaces m
    where m.workspace_id = p_workspace_id and m.user_id = any (p_user_ids) and m.removed_at is null
    order by codex.member_slot(m.user_id), m.user_id
  loop
    if codex.note_activity(p_workspace_id, v_id, p_metric, 1, now(), p_key) then
      perform codex.award_reached(p_workspace_id, v_id, p_metric, true);
    end if;
  end loop;
  for v_id in select distinct id from unnest(p_agent_ids) as id where id is not null order by id loop
    perform codex.note_agent_activity(p_workspace_id, v_id, p_metric, p_key);
  end loop;
end
$$;
