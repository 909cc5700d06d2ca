-- codex: no-transaction
-- Members of a workspace by role, for the audience of an alert. Built beside the traffic: every request asks
-- user_workspaces who somebody is.
create index concurrently if not exists idx_user_workspaces_role
  on codex.user_workspaces (workspace_id, role) where removed_at is null;
comment on index codex.idx_user_workspaces_role is 'alert_audience: members who have a role.';

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 28, 19 $$;
