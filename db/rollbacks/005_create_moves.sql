-- Removes moves. Refuses while a row of it is stored, reference data included.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.maneuver_types)
      or exists (select from codex.lines_of_operation)
      or exists (select from codex.sprints)
      or exists (select from codex.moves)
      or exists (select from codex.move_logs)
      or exists (select from codex.move_anomalies))
  then
    raise exception 'this rollback would destroy rows of maneuver_types, lines_of_operation, sprints, moves, move_logs, move_anomalies'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop table if exists codex.move_anomalies;
drop table if exists codex.move_logs;
drop table if exists codex.moves;
drop table if exists codex.sprints;
drop table if exists codex.lines_of_operation;
drop table if exists codex.maneuver_types;
drop function if exists codex.tg_moves__check_sprint_limit();
