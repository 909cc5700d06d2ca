-- Removes experiments. Refuses while one is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.experiments)
      or exists (select from codex.experiment_results))
  then
    raise exception 'this rollback would destroy rows of experiments, experiment_results'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

alter table codex.assets drop constraint if exists assets_variant_of_a_test_check;
alter table codex.assets drop constraint if exists assets_experiment_id_fkey;
alter table codex.assets drop column if exists experiment_variant;
alter table codex.assets drop column if exists experiment_id;
drop table if exists codex.experiment_results;
drop table if exists codex.experiments;
