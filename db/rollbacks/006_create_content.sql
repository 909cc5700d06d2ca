-- Removes content. Refuses while a row of it is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.content_patterns)
      or exists (select from codex.assets)
      or exists (select from codex.content_adaptations))
  then
    raise exception 'this rollback would destroy rows of content_patterns, assets, content_adaptations'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop table if exists codex.content_adaptations;
drop table if exists codex.assets;
drop table if exists codex.content_patterns;
