create or replace function codex.find_silence(
  p_workspace_id uuid, p_labels jsonb, out silence_id uuid, out ends_at timestamptz
)
language plpgsql stable set search_path = '' as $$
begin
  select s.id, s.ends_at into silence_id, ends_at
  from codex.alert_silences s
  where s.workspace_id = p_workspace_id and s.starts_at <= now() and s.ends_at > now()
    and codex.matches_labels(s.matchers, p_labels)
  order by s.ends_at desc, s.id
  limit 1;
end
$$;
