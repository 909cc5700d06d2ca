-- SECURITY DEFINER: nobody may write the two tables directly; here one's own rows, and this column.
create or replace function codex.set_visibility(
  p_workspace_id uuid, p_visibility text, p_achievement_id uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if codex.acting_user_id() is null then
    raise exception 'figures and awards are of people' using errcode = 'KX010';
  end if;
  if p_achievement_id is null then
    -- Before the row: whoever changes points holds the lock and waits for the row.
    perform codex.lock_member(p_workspace_id, codex.current_user_id());
    insert into codex.user_stats as s (workspace_id, user_id, visibility)
    values (p_workspace_id, codex.current_user_id(), p_visibility)
    on conflict (workspace_id, user_id) do update set visibility = excluded.visibility
      where s.visibility <> excluded.visibility;
    -- The figures themselves leave none: what they add up has events of its own.
    if found then
      insert into codex.outbox_events (workspace_id, type, entity, entity_id, payload)
      values (p_workspace_id, 'stats.updated', 'stats', codex.current_user_id(),
        jsonb_build_object('user_id', codex.current_user_id(), 'changed', array['visibility']));
    end if;
    return;
  end if;
  update codex.user_achievements
  set visibility = p_visibility
  where workspace_id = p_workspace_id and user_id = (select codex.current_user_id())
    and achievement_id = p_achievement_id;
  if not found then
    raise exception 'no such award' using errcode = 'KX008';
  end if;
end
$$;
