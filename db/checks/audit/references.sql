-- An id in a tenant table is part of a foreign key, so that no row names what is not there or is another
-- workspace's. Named here is what outlives what it names (events, the agent of a key that may be gone), what is
-- of several kinds, what belongs to a conversation and not to a row, and how far a walk over rows has come.
-- Since migration 015.
select format('%s.%s', c.relname, a.attname) as object, 'is an id without a foreign key' as detail
from pg_catalog.pg_class c
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'codex'::regnamespace and c.relkind in ('r', 'p')
  and not codex.is_global_table(c.relname)
  and a.atttypid = 'uuid'::regtype and a.attname <> 'id'
  and (c.relname, a.attname) not in (
    ('workspaces', 'workspace_id'),
    ('outbox_events', 'entity_id'), ('outbox_events', 'agent_id'), ('audit_events', 'agent_id'),
    ('alert_events', 'agent_id'), ('alert_silences', 'marked_through'), ('stream_tickets', 'agent_id'),
    ('strategy_insights', 'source_id'),
    ('agent_messages', 'correlation_id'), ('agent_recommendations', 'correlation_id'),
    ('agent_recommendations', 'workflow_id'),
    ('notification_deliveries', 'digest_id'), ('signal_links', 'target_id'))
  and not exists (
    select from pg_catalog.pg_constraint k
    where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey)
      -- The pair of workspace and id counts for the id, and the workspace for itself.
      and (a.attname <> 'workspace_id' or cardinality(k.conkey) = 1)
  )
order by 1;
