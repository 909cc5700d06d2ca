-- SECURITY DEFINER: the ledger is its person's; whoever gives points by hand reads what is not private.
create or replace function codex.points_history(
  p_workspace_id uuid, p_user_id uuid, p_limit integer,
  p_before_at timestamptz default null, p_before_id uuid default null
)
returns table (id uuid, source text, delta bigint, reason text, metric text, value bigint,
  achievement_id uuid, reverses_id uuid, occurred_at timestamptz, local_date date,
  created_by uuid, created_at timestamptz, cursor_at text)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if codex.acting_user_id() is distinct from p_user_id then
    perform codex.require_role('strategist');
    -- Private and unknown give one answer.
    if not exists (
      select
      from codex.user_workspaces m
      left join codex.user_stats s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
      where m.workspace_id = p_workspace_id and m.user_id = p_user_id
        and s.visibility is distinct from 'private'
    ) then
      raise exception 'no such member, or their figures are private' using errcode = 'KX008';
    end if;
  end if;
  return query
    select l.id, l.source, l.delta, l.reason, l.metric, l.value, l.achievement_id, l.reverses_id,
      l.occurred_at, l.local_date, l.created_by, l.created_at, l.created_at::text
    from codex.points_ledger l
    where l.workspace_id = p_workspace_id and l.user_id = p_user_id and l.delta <> 0
      and (p_before_at is null or (l.created_at, l.id) < (p_before_at, p_before_id))
    order by l.created_at desc, l.id desc
    limit p_limit;
end
$$;
