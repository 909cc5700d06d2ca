-- Removes recommendations, outcomes and trust. Refuses while one is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.agent_recommendations)
      or exists (select from codex.recommendation_outcomes)
      or exists (select from codex.agent_trust_scores))
  then
    raise exception 'this rollback would destroy rows of agent_recommendations, recommendation_outcomes, agent_trust_scores'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop table if exists codex.agent_trust_scores;
drop table if exists codex.recommendation_outcomes;
drop table if exists codex.agent_recommendations;
