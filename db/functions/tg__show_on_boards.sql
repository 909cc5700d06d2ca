-- SECURITY DEFINER: nobody may write scores directly. Whoever hides their figures, or leaves, is on
-- nobody else's board from that moment on.
create or replace function codex.tg__show_on_boards() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_visible boolean;
begin
  -- First of all: points that are being earned at this moment are on a board only afterwards.
  perform codex.lock_member(new.workspace_id, new.user_id);
  select s.visibility = 'members' and m.removed_at is null into v_visible
  from codex.user_stats s
  join codex.user_workspaces m on m.workspace_id = s.workspace_id and m.user_id = s.user_id
  where s.workspace_id = new.workspace_id and s.user_id = new.user_id;
  update codex.leaderboard_scores
  set visible = v_visible
  where workspace_id = new.workspace_id and user_id = new.user_id and visible <> v_visible;
  return null;
end
$$;
