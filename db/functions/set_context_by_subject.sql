create or replace function codex.set_context_by_subject(
  p_workspace_id uuid, p_issuer text, p_subject text
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_id uuid;
begin
  select id into v_user_id
  from codex.user_profiles
  where issuer = p_issuer and subject = p_subject;
  perform codex.set_context(p_workspace_id, v_user_id);
  return v_user_id;
end
$$;
