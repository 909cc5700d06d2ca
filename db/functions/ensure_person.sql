-- SECURITY DEFINER: nobody may insert profiles, and the caller has no context yet.
create or replace function codex.ensure_person(
  p_issuer text,
  p_subject text,
  p_display_name text default '',
  p_email text default null,
  p_time_zone text default 'UTC'
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id uuid;
begin
  if coalesce(p_issuer, '') = '' or coalesce(p_subject, '') = '' then
    raise exception 'a person needs an issuer and a subject' using errcode = 'KX011';
  end if;
  select id into v_id from codex.user_profiles where issuer = p_issuer and subject = p_subject;
  if v_id is not null then
    return v_id;
  end if;
  insert into codex.user_profiles (issuer, subject, display_name, email, time_zone)
  values (p_issuer, p_subject, coalesce(p_display_name, ''), p_email, p_time_zone)
  on conflict (issuer, subject) do nothing;
  select id into v_id from codex.user_profiles where issuer = p_issuer and subject = p_subject;
  return v_id;
end
$$;
