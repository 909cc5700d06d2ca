-- Removes what client libraries rely on. No row is lost: stored answers stay in idempotency_keys.
drop index if exists codex.idx_message_architecture_created;
drop index if exists codex.idx_api_keys_created;
drop index if exists codex.idx_cohorts_created;
drop index if exists codex.idx_positioning_created;
drop index if exists codex.idx_campaigns_created;
drop function if exists codex.publish_message(uuid, uuid);
drop function if exists codex.put_message(uuid, uuid, uuid, text, text, jsonb);
drop function if exists codex.missing_components(uuid, uuid);
drop function if exists codex.claim_idempotency_key(uuid, text, bytea);
drop function if exists codex.schema_version();
