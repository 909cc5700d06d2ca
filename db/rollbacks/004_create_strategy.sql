-- Removes strategy. Refuses while a row of it is stored, reference data included.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.onboarding_responses)
      or exists (select from codex.global_strategies)
      or exists (select from codex.cohorts)
      or exists (select from codex.strategy_insights)
      or exists (select from codex.journey_stages)
      or exists (select from codex.channel_roles))
  then
    raise exception 'this rollback would destroy rows of onboarding_responses, global_strategies, cohorts, strategy_insights, journey_stages, channel_roles'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop table if exists codex.channel_roles;
drop table if exists codex.journey_stages;
drop table if exists codex.strategy_insights;
drop table if exists codex.cohorts;
drop table if exists codex.global_strategies;
drop table if exists codex.onboarding_responses;
drop function if exists codex.tg_cohorts__check_limit();
drop function if exists codex.sums_to_one(jsonb);
