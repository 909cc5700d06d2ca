-- codex: no-transaction
-- The stored answer of an agent's request is that agent's: agents have no person, so that the policy took all of
-- a workspace for one, and an agent that used a key of another got the other's answer and made nothing itself.
-- Requests of agents from before are nobody's from now on: sent again, they are refused as another's, for a day.
alter table codex.idempotency_keys add column if not exists agent_id uuid;
alter table codex.idempotency_keys alter column agent_id set default codex.acting_agent_id();
comment on column codex.idempotency_keys.agent_id is 'Agent that sent the request; null for a person or background work.';

-- Built beside the traffic: every request with a key writes here.
create index concurrently if not exists idx_idempotency_keys_agent
  on codex.idempotency_keys (agent_id, workspace_id);
comment on index codex.idx_idempotency_keys_agent is 'Foreign key to agent_registry.';
alter table codex.idempotency_keys drop constraint if exists idempotency_keys_agent_id_fkey;
alter table codex.idempotency_keys add constraint idempotency_keys_agent_id_fkey
  foreign key (agent_id) references codex.agent_registry (id) not valid;
alter table codex.idempotency_keys validate constraint idempotency_keys_agent_id_fkey;

alter policy all_requester on codex.idempotency_keys
  using (workspace_id = codex.current_workspace_id()
    and user_id is not distinct from codex.acting_user_id()
    and agent_id is not distinct from codex.acting_agent_id())
  with check (workspace_id = codex.current_workspace_id()
    and user_id is not distinct from codex.acting_user_id()
    and agent_id is not distinct from codex.acting_agent_id());

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 39, 19 $$;
