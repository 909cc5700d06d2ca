-- Removes signals and insights. Refuses while one is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.intelligence_signals)
      or exists (select from codex.market_insights))
  then
    raise exception 'this rollback would destroy rows of intelligence_signals, market_insights'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop function if exists codex.get_priority_signals(uuid, integer, integer);
drop function if exists codex.get_active_insights(uuid);
drop function if exists codex.create_insight_from_signals(uuid, uuid[], text, text, text[]);
drop table if exists codex.market_insights;
drop table if exists codex.intelligence_signals;

drop function if exists codex.tg_market_insights__stamp();
drop function if exists codex.is_evidence(jsonb);
drop function if exists codex.decayed_confidence(integer, timestamptz, integer, timestamptz);
