create or replace function codex.board_key(p_workspace_id uuid, p_window text, p_at timestamptz)
returns text
language plpgsql stable set search_path = '' as $$
begin
  return (
    select key
    from codex.workspaces w
    cross join lateral unnest(codex.board_keys((p_at at time zone w.time_zone)::date)) as key
    where w.id = p_workspace_id and split_part(key, ':', 1) = p_window);
end
$$;
