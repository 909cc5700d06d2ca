-- Removes the market. Refuses while a row of it is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.competitors)
      or exists (select from codex.competitor_content)
      or exists (select from codex.competitor_patterns)
      or exists (select from codex.trends)
      or exists (select from codex.trend_mentions))
  then
    raise exception 'this rollback would destroy rows of competitors, competitor_content, competitor_patterns, trends, trend_mentions'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop index if exists codex.idx_moves_triggered_by_trend;
alter table codex.moves drop constraint if exists moves_triggered_by_trend_id_fkey;
drop table if exists codex.trend_mentions;
drop table if exists codex.trends;
drop table if exists codex.competitor_patterns;
drop table if exists codex.competitor_content;
drop table if exists codex.competitors;
