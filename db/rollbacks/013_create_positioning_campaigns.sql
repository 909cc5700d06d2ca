-- Removes positioning, messages and campaigns. Refuses while one is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.positioning)
      or exists (select from codex.message_architecture)
      or exists (select from codex.campaigns)
      or exists (select from codex.campaign_quests)
      or exists (select from codex.campaign_cohorts))
  then
    raise exception 'this rollback would destroy rows of positioning, message_architecture, campaigns, campaign_quests, campaign_cohorts'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop index if exists codex.idx_moves_campaign;
alter table codex.moves drop constraint if exists moves_campaign_id_fkey;
alter table codex.moves drop column if exists campaign_id;

drop table if exists codex.campaign_cohorts;
drop table if exists codex.campaign_quests;
drop table if exists codex.campaigns;
drop table if exists codex.message_architecture;
drop table if exists codex.positioning;

drop function if exists codex.tg_campaigns__check_activation();
drop function if exists codex.tg_campaign_cohorts__check_allocation();
drop function if exists codex.tg_campaign_quests__roll_up();
drop function if exists codex.tg_campaign_quests__own_progress();
drop function if exists codex.quest_progress(uuid, uuid, uuid);
drop function if exists codex.tg_campaign_quests__check_tree();
drop function if exists codex.tg_campaigns__check_tree();
drop function if exists codex.tg_campaigns__stamp();
drop function if exists codex.tg_message_architecture__stamp();
drop function if exists codex.are_pillars(jsonb);
drop function if exists codex.publish_positioning(uuid, uuid);
drop function if exists codex.tg_positioning__stamp();
drop function if exists codex.tg_positioning__number_revision();
drop function if exists codex.lock_tree(text);
drop function if exists codex.tg__keep_published();
