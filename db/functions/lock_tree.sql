-- One tree is changed by one transaction at a time. Under REPEATABLE READ the second would judge by a
-- tree that is no longer there; SERIALIZABLE notices by itself. The tree is one of the workspace that the caller is in,
-- whatever its name: nobody waits for another's.
create or replace function codex.lock_tree(p_tree text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if current_setting('transaction_isolation') = 'repeatable read' then
    raise exception 'a tree cannot be changed under REPEATABLE READ'
      using errcode = 'KX007', hint = 'Use READ COMMITTED or SERIALIZABLE.';
  end if;
  perform pg_advisory_xact_lock(
    hashtextextended(format('codex.tree:%s:%s', codex.current_workspace_id(), p_tree), 0));
end
$$;
