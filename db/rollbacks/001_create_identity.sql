-- Removes the whole schema. Refuses while a workspace or a person is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.workspaces) or exists (select from codex.user_profiles))
  then
    raise exception 'this rollback would destroy rows of codex.workspaces or codex.user_profiles'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop schema if exists codex cascade;
