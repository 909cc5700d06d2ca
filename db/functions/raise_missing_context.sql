-- STABLE, and plpgsql so that it is not folded at plan time: an immutable one would raise while the
-- policy is being planned, a volatile one would keep the caller from being inlined into an index scan.
create or replace function codex.raise_missing_context() returns uuid
language plpgsql stable set search_path = '' as $$
begin
  raise exception 'no workspace context in this transaction'
    using errcode = 'KX001',
      hint = 'Call codex.set_context(workspace_id, user_id) first, in the same transaction.';
end
$$;
