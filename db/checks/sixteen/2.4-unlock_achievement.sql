-- Check 2.4 of the plan: unlock_achievement awards exactly once, with its points, and refuses what is
-- not active, not met, or behind a prerequisite. It is called for real, in a workspace of its own that
-- the rolled-back transaction takes away again.
-- Since migration 014.
do $$
declare
  v_workspace_id uuid := gen_random_uuid();
  v_owner uuid;
  v_member uuid;
  v_expected record;
  v_seen record;
  v_findings jsonb := '[]';
  v_stats record;
begin
  v_owner := codex.ensure_person('codex:check', gen_random_uuid()::text, 'Owner');
  v_member := codex.ensure_person('codex:check', gen_random_uuid()::text, 'Member');
  perform codex.create_workspace(v_workspace_id, v_owner, 'Check', 'check-' || v_workspace_id);
  insert into codex.user_workspaces (workspace_id, user_id, role)
  values (v_workspace_id, v_member, 'viewer');
  insert into codex.achievements
    (workspace_id, key, name, points, status, criteria, prerequisite_id)
  values
    (v_workspace_id, 'first', 'First', 600, 'active', '{"kind": "manual"}', null),
    (v_workspace_id, 'asleep', 'Asleep', 50, 'inactive', '{"kind": "manual"}', null),
    (v_workspace_id, 'far', 'Far', 50, 'active',
      '{"kind": "threshold", "metric": "moves_successful", "threshold": 3}', null);
  insert into codex.achievements (workspace_id, key, name, points, status, prerequisite_id)
  select v_workspace_id, 'second', 'Second', 400, 'active', id
  from codex.achievements
  where workspace_id = v_workspace_id and key = 'first';
  for v_expected in
    select *
    from (values
      (1, 'second', false, 'Prerequisite is not held', 0),
      (2, 'first', true, 'Achievement unlocked successfully', 600),
      (3, 'first', false, 'Achievement already unlocked', 0),
      (4, 'asleep', false, 'Achievement is not active', 0),
      (5, 'far', false, 'Criteria are not met', 0),
      (6, 'second', true, 'Achievement unlocked successfully', 400)
    ) as step (number, key, success, message, points)
    order by number
  loop
    select u.* into v_seen
    from codex.achievements a
    cross join lateral codex.unlock_achievement(v_workspace_id, v_member, a.id) u
    where a.workspace_id = v_workspace_id and a.key = v_expected.key;
    if (v_seen.success, v_seen.message, v_seen.points_awarded)
      is distinct from (v_expected.success, v_expected.message, v_expected.points)
    then
      v_findings := v_findings || jsonb_build_object(
        'object', format('step %s: unlock %s', v_expected.number, v_expected.key),
        'detail', format('answered %s, %s, %s', v_seen.success, v_seen.message, v_seen.points_awarded));
    end if;
  end loop;
  select s.lifetime_points, s.points_balance, s.level, s.achievements_unlocked into v_stats
  from codex.user_stats s
  where s.workspace_id = v_workspace_id and s.user_id = v_member;
  if v_stats is distinct from row(1000::bigint, 1000::bigint, 2, 2::bigint) then
    v_findings := v_findings
      || jsonb_build_object('object', 'codex.user_stats', 'detail', format('holds %s', v_stats));
  end if;
  perform set_config('codex.check_findings', v_findings::text, true);
end
$$;

select f.object, f.detail
from jsonb_to_recordset(current_setting('codex.check_findings')::jsonb) as f (object text, detail text);
