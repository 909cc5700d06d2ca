-- Removes feedback. Refuses while one is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.support_feedback))
  then
    raise exception 'this rollback would destroy rows of support_feedback'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop table if exists codex.support_feedback;
