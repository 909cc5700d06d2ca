-- Removes dependencies between quests and the functions beside them. Refuses while one is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and exists (select from codex.quest_dependencies)
  then
    raise exception 'this rollback would destroy rows of quest_dependencies'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop function if exists codex.move_quest(uuid, uuid, uuid, text, uuid);
drop trigger if exists _060_place_last on codex.campaign_quests;
drop function if exists codex.tg_campaign_quests__place_last();
drop function if exists codex.complete_quest(uuid, uuid, text);
drop trigger if exists _110_check_dependencies on codex.campaign_quests;
drop function if exists codex.tg_campaign_quests__check_dependencies();
drop table if exists codex.quest_dependencies;
drop function if exists codex.tg_quest_dependencies__check_cycle();
