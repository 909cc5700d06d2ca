-- Removes gamification. Refuses while a row of it is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.achievements)
      or exists (select from codex.user_achievements)
      or exists (select from codex.user_stats))
  then
    raise exception 'this rollback would destroy rows of achievements, user_achievements, user_stats'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop trigger if exists _940_calculate_move_success_rate on codex.moves;
drop function if exists codex.get_leaderboard(uuid, integer);
drop function if exists codex.set_visibility(uuid, text, uuid);
drop function if exists codex.unlock_achievement(uuid, uuid, uuid, text, jsonb);
drop table if exists codex.user_stats;
drop table if exists codex.user_achievements;
drop table if exists codex.achievements;

drop function if exists codex.period_key(text, timestamptz, text);
drop function if exists codex.calculate_move_success_rate();
drop function if exists codex.update_experience_level();
drop function if exists codex.tg_achievements__check_prerequisite();
drop function if exists codex.is_criteria(jsonb);
