-- STABLE, and plpgsql so that it is not folded at plan time: an immutable one would raise while the
-- policy is being planned, a volatile one would keep the caller from being inlined into an index scan.
create or replace function codex.raise_missing_context() returns uuid
language plpgsql stable set search_path = '' as $$
begin
  -- The workspace is known, so that it is a person who is asked for: an agent has no inbox.
  if nullif(current_setting('codex.workspace_id', true), '') is not null then
    raise exception 'this belongs to a person, and none acts here' using errcode = 'KX010';
  end if;
  raise exception 'no workspace context in this transaction'
    using errcode = 'KX001',
      hint = 'Call codex.set_context(workspace_id, user_id) first, in the same transaction.';
end
$$;
