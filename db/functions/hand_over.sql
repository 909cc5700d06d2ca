create or replace function codex.hand_over(p_function regprocedure, p_owner name) returns void
language plpgsql volatile set search_path = '' as $$
begin
  -- ALTER … OWNER asks that the new owner may create in the schema; it keeps that for no longer.
  execute format('grant create on schema codex to %I', p_owner);
  execute format('alter function %s owner to %I', p_function, p_owner);
  execute format('revoke create on schema codex from %I', p_owner);
end
$$;
