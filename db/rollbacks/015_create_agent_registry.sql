-- Removes the registry, assignments and performance. Refuses while one is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.agent_registry)
      or exists (select from codex.agent_capabilities)
      or exists (select from codex.agent_assignments)
      or exists (select from codex.agent_performance))
  then
    raise exception 'this rollback would destroy rows of agent_registry, agent_capabilities, agent_assignments, agent_performance'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop index if exists codex.idx_api_keys_agent_id;
alter table codex.api_keys drop constraint if exists api_keys_agent_id_fkey;
drop index if exists codex.idx_moves_created_by_agent;
alter table codex.moves drop constraint if exists moves_created_by_agent_fkey;
drop index if exists codex.idx_assets_created_by_agent;
alter table codex.assets drop constraint if exists assets_created_by_agent_fkey;
drop index if exists codex.idx_content_adaptations_created_by_agent;
alter table codex.content_adaptations drop constraint if exists content_adaptations_created_by_agent_fkey;
drop index if exists codex.idx_agent_messages_origin_agent_id;
alter table codex.agent_messages drop constraint if exists agent_messages_origin_agent_id_fkey;
drop index if exists codex.idx_agent_messages_target_agent_id;
alter table codex.agent_messages drop constraint if exists agent_messages_target_agent_id_fkey;
drop index if exists codex.idx_agent_recommendations_agent_id;
alter table codex.agent_recommendations drop constraint if exists agent_recommendations_agent_id_fkey;
drop index if exists codex.idx_agent_trust_scores_agent_id;
alter table codex.agent_trust_scores drop constraint if exists agent_trust_scores_agent_id_fkey;
drop function if exists
  codex.record_agent_execution(uuid, uuid, bigint, bigint, bigint, bigint, boolean, uuid);

drop table if exists codex.agent_performance;
drop table if exists codex.agent_assignments;
drop table if exists codex.agent_capabilities;
drop table if exists codex.agent_registry;

drop function if exists codex.histogram_total(bigint[]);
drop function if exists codex.duration_quantile(bigint[], numeric);
drop function if exists codex.duration_bucket(bigint);
drop function if exists codex.tg_agent_assignments__stamp();
drop function if exists codex.tg_agent_assignments__check_lease();
