-- How many members a workspace has is counted as they come and go: an announcement to 100,000 is one row, and
-- read them all to say how many (16 times one insert at 10,001 members).

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 31, 19 $$;

-- Each count stands in 32 slots by the member: a statement that adds many would write one row over and over,
-- and each time pass all its old versions (10,000 in 2 s, 40,000 in 38 s).
create table if not exists codex.member_counts (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  slot integer not null,
  members integer not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint member_counts_pkey primary key (workspace_id, slot),
  constraint member_counts_slot_in_range_check check (slot between 0 and 31),
  constraint member_counts_members_not_negative_check check (members >= 0)
);
comment on table codex.member_counts is 'How many members a workspace has; derived from user_workspaces.';
comment on column codex.member_counts.workspace_id is 'Workspace the row belongs to.';
comment on column codex.member_counts.slot is 'Share of the members: the last byte of their id.';
comment on column codex.member_counts.members is 'Members of that share who have not left.';
comment on column codex.member_counts.version is 'Always 1: rows are derived.';
comment on column codex.member_counts.created_at is 'When the row was made.';
comment on column codex.member_counts.updated_at is 'When the row last changed.';

select codex.protect('codex.member_counts');
grant select on codex.member_counts to codex_app, codex_service;
grant select, insert, update on codex.member_counts to codex_definer;

create or replace trigger _900_touch before update on codex.member_counts
  for each row execute function codex.tg__touch('members');

-- SECURITY DEFINER: nobody may write the counts directly; they follow the members, whoever writes them.
create or replace function codex.tg_user_workspaces__count() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_was boolean := tg_op <> 'INSERT' and old.removed_at is null;
  v_is boolean := tg_op <> 'DELETE' and new.removed_at is null;
begin
  if v_is = v_was then
    return null;
  end if;
  -- Those who add or remove several members of one workspace take turns: their slots are in any order.
  perform pg_advisory_xact_lock(hashtextextended(
    'codex.member_counts:' || coalesce(new.workspace_id, old.workspace_id), 0));
  if v_is then
    insert into codex.member_counts as c (workspace_id, slot, members)
    values (new.workspace_id, codex.member_slot(new.user_id), 1)
    on conflict (workspace_id, slot) do update set members = c.members + 1;
  elsif exists (select from codex.workspaces where id = old.workspace_id) then
    -- Not below zero: a count that is wrong keeps nobody in.
    update codex.member_counts
    set members = greatest(members - 1, 0)
    where workspace_id = old.workspace_id and slot = codex.member_slot(old.user_id);
  end if;
  return null;
end
$$;
comment on function codex.tg_user_workspaces__count() is
  'AFTER INSERT, DELETE OR UPDATE OF removed_at: counts the member in member_counts.';
select codex.hand_over('codex.tg_user_workspaces__count()', 'codex_definer');
create or replace trigger _940_count
  after insert or delete or update of removed_at on codex.user_workspaces
  for each row execute function codex.tg_user_workspaces__count();

-- Who is there already. The trigger is there by now, and its lock keeps others from joining meanwhile.
do $$
declare
  v_workspace uuid;
  v_row_security text := current_setting('row_security');
begin
  -- set_service_context looks as codex_definer, whom policies hold; off, they are an error and no filter.
  perform set_config('row_security', 'on', true);
  for v_workspace in select id from codex.workspaces order by id loop
    perform codex.set_service_context(v_workspace);
    insert into codex.member_counts as c (workspace_id, slot, members)
    select v_workspace, codex.member_slot(user_id), count(*)
    from codex.user_workspaces
    where workspace_id = v_workspace and removed_at is null
    group by codex.member_slot(user_id)
    on conflict (workspace_id, slot) do update set members = excluded.members
    where c.members <> excluded.members;
  end loop;
  perform set_config('row_security', v_row_security, true);
end
$$;

-- SECURITY DEFINER: nobody may write into another person's inbox directly.
create or replace function codex.send_notification(
  p_workspace_id uuid, p_id uuid, p_user_ids uuid[], p_content jsonb, p_dedup_key text default null,
  out accepted integer, out skipped jsonb, out announced boolean
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_ids uuid[] := p_user_ids;
  v_members bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  announced := false;
  if v_user_ids is null then
    -- Counted already: telling 100,000 looks at none of them.
    select coalesce(sum(members), 0) into v_members
    from codex.member_counts
    where workspace_id = p_workspace_id;
    announced := v_members > 10000;
    if not announced then
      v_user_ids := array(
        select user_id
        from codex.user_workspaces
        where workspace_id = p_workspace_id and removed_at is null
        limit 10001);
      -- Somebody joined between the two statements.
      announced := cardinality(v_user_ids) > 10000;
      v_members := greatest(v_members, cardinality(v_user_ids));
    end if;
  end if;
  if announced then
    skipped := '[]';
    accepted := case when codex.announce(p_workspace_id, p_id, p_content, p_dedup_key)
      then v_members else 0 end;
    return;
  end if;
  select f.accepted, f.skipped into accepted, skipped
  from codex.fan_out_notification(p_workspace_id, p_id, v_user_ids, p_content, p_dedup_key) f;
end
$$;
