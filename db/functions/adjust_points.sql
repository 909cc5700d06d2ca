-- SECURITY DEFINER: nobody may write the ledger directly.
create or replace function codex.adjust_points(
  p_workspace_id uuid, p_user_id uuid, p_delta bigint, p_reason text,
  p_idempotency_key text default null,
  out entry_id uuid, out replayed boolean
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_known codex.points_ledger;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('strategist');
  if codex.acting_user_id() = p_user_id then
    raise exception 'points by hand are given by somebody else' using errcode = 'KX010';
  elsif p_delta is null or p_delta = 0 or p_delta not between -1000000000 and 1000000000 then
    raise exception 'the change is at most 1000000000 points, and not 0'
      using errcode = 'KX011', column = 'delta';
  elsif char_length(p_reason) not between 1 and 1000 or p_reason is null then
    raise exception 'points by hand have a reason' using errcode = 'KX011', column = 'reason';
  elsif not exists (
    select from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null
  ) then
    raise exception 'no such member' using errcode = 'KX008';
  end if;
  perform codex.lock_member(p_workspace_id, p_user_id);
  select * into v_known
  from codex.points_ledger
  where workspace_id = p_workspace_id and user_id = p_user_id
    and idempotency_key = 'key:' || p_idempotency_key;
  entry_id := v_known.id;
  replayed := entry_id is not null;
  if replayed then
    if (v_known.source, v_known.delta, v_known.reason)
      is distinct from ('adjustment', p_delta, p_reason)
    then
      raise exception 'this idempotency key belongs to another request' using errcode = 'KX015';
    end if;
    return;
  end if;
  insert into codex.points_ledger
    (workspace_id, user_id, source, delta, reason, idempotency_key)
  values (p_workspace_id, p_user_id, 'adjustment', p_delta, p_reason,
    'key:' || p_idempotency_key)
  returning id into entry_id;
  perform codex.award_reached(p_workspace_id, p_user_id, 'points', true);
end
$$;
