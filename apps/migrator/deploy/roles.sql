-- The logins of the pipeline, by an administrator, in the database of the application, after `codex-migrate bootstrap`;
-- each with a password of its own (\password) or by a certificate. The first two have the least rights they can do
-- with, and own nothing.

-- Plans, lints and rehearses: reads everything, writes nothing. Bootstrap took CONNECT from PUBLIC.
create role codex_planner login;
grant pg_read_all_data to codex_planner;
do $$
begin
  execute format('grant connect on database %I to codex_planner', current_database());
end
$$;

-- Applies: becomes codex_owner, and sees what others do, so that it can wait for them.
create role codex_deployer login;
grant codex_owner to codex_deployer;
grant pg_monitor to codex_deployer;

-- Makes throw-away databases and the roles in them. On a server of its own, which holds nothing else: to
-- restore objects with their owners, and to take large objects from PUBLIC, needs a superuser.
create role codex_scratch login superuser;
