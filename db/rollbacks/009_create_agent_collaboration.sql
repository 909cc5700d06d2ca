-- Removes messages and debates. Refuses while one is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.agent_messages)
      or exists (select from codex.agent_debates)
      or exists (select from codex.debate_rounds))
  then
    raise exception 'this rollback would destroy rows of agent_messages, agent_debates, debate_rounds'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop table if exists codex.debate_rounds;
drop table if exists codex.agent_debates;
drop table if exists codex.agent_messages;
