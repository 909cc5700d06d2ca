-- SECURITY DEFINER: nobody may write the timeline directly.
create or replace function codex.tg_alert_silences__mark_covered() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.mark_covered(new.workspace_id, new.id) where new.starts_at <= now();
  return null;
end
$$;
