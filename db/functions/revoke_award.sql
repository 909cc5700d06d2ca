-- SECURITY DEFINER: nobody may write awards and points directly.
create or replace function codex.revoke_award(
  p_workspace_id uuid, p_award_id uuid, p_reason text, p_reverse_points boolean,
  out user_id uuid, out achievement_id uuid, out period_key text, out points_reversed bigint
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_award codex.user_achievements;
  v_entry codex.points_ledger;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('strategist');
  if char_length(p_reason) not between 1 and 1000 or p_reason is null then
    raise exception 'a revocation has a reason' using errcode = 'KX011', column = 'reason';
  end if;
  select a.user_id into user_id
  from codex.user_achievements a
  where a.workspace_id = p_workspace_id and a.id = p_award_id;
  if user_id is not null then
    perform codex.lock_member(p_workspace_id, user_id);
    delete from codex.user_achievements a
    where a.workspace_id = p_workspace_id and a.id = p_award_id
    returning * into v_award;
  end if;
  if v_award.id is null then
    raise exception 'no such award' using errcode = 'KX008';
  end if;
  achievement_id := v_award.achievement_id;
  period_key := v_award.period_key;
  points_reversed := 0;
  update codex.user_stats s
  set achievements_unlocked = s.achievements_unlocked - 1
  where s.workspace_id = p_workspace_id and s.user_id = v_award.user_id;
  if p_reverse_points then
    select l.* into v_entry
    from codex.points_ledger l
    where l.workspace_id = p_workspace_id and l.user_id = v_award.user_id and l.source = 'award'
      and l.achievement_id = v_award.achievement_id and l.period_key = v_award.period_key
      and not exists (
        select from codex.points_ledger r
        where r.workspace_id = p_workspace_id and r.reverses_id = l.id
      )
    order by l.created_at desc, l.id desc
    limit 1;
  end if;
  if v_entry.id is not null then
    if exists (
      select from codex.user_stats s
      where s.workspace_id = p_workspace_id and s.user_id = v_award.user_id
        and s.points_balance < v_entry.delta
    ) then
      raise exception 'the points of this award are spent: revoke it without them'
        using errcode = 'KX007', schema = 'codex', table = 'user_achievements';
    end if;
    insert into codex.points_ledger
      (workspace_id, user_id, source, delta, reason, achievement_id, period_key, reverses_id)
    values (p_workspace_id, v_award.user_id, 'reversal', -v_entry.delta, p_reason,
      v_award.achievement_id, v_award.period_key, v_entry.id);
    points_reversed := v_entry.delta;
  end if;
  insert into codex.award_revocations
    (workspace_id, id, user_id, achievement_id, period_key, awarded_at, reason, points_reversed)
  values (p_workspace_id, v_award.id, v_award.user_id, v_award.achievement_id, v_award.period_key,
    v_award.awarded_at, p_reason, points_reversed);
end
$$;
