create or replace function codex.require_access(p_role text, p_scope text) returns void
language plpgsql stable set search_path = '' as $$
declare
  v_scopes text[] := nullif(current_setting('codex.scopes', true), '')::text[];
begin
  if p_role is not null and not codex.current_role_at_least(p_role) then
    raise exception 'this needs the role % or a higher one', p_role
      using errcode = 'KX010';
  end if;
  -- A key without scopes may do whatever its role may; so may a member, who has none.
  if p_scope is not null and cardinality(v_scopes) > 0 and not codex.covers_scope(v_scopes, p_scope)
  then
    raise exception 'this key lacks the scope %', p_scope
      using errcode = 'KX010';
  end if;
end
$$;
