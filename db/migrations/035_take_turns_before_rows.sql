-- Members come and go side by side, and beside a purge: whoever left held their row while they waited for their turn
-- at the counts (031), so that two removals in one transaction, or a purge, ended in a deadlock (each of five purges
-- beside members who left). The turn is taken before any row. Who becomes another person is counted anew.
-- A claim ends at most 1,000 deliveries that go nowhere: it ended all of them, and where that took longer than the
-- call may, none ever (120,000 e-mails that waited for a week). E-mails that were tried before the mail server went
-- end after their week as well: they were work for ever, and each claim of webhooks walked over them.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 35, 19 $$;

-- SECURITY DEFINER: it locks the workspace's row, whatever the caller may change.
create or replace function codex.tg_user_workspaces__take_turns() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  -- None: no row can be counted either, and counting says so.
  v_workspace_id uuid := nullif(current_setting('codex.workspace_id', true), '')::uuid;
begin
  -- What events and counts refer to, before the turn: a purge waits for whoever waits here.
  perform from codex.workspaces where id = v_workspace_id for key share;
  if found then
    perform pg_advisory_xact_lock(
      hashtextextended('codex.member_counts:' || v_workspace_id, 0));
  end if;
  return null;
end
$$;
comment on function codex.tg_user_workspaces__take_turns() is
  'BEFORE INSERT, DELETE OR UPDATE OF user_id, role, removed_at: those who change who the members are take turns.';
select codex.hand_over('codex.tg_user_workspaces__take_turns()', 'codex_definer');

-- SECURITY DEFINER: nobody may write the counts directly; they follow the members, whoever writes them.
create or replace function codex.tg_user_workspaces__count() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_was boolean := tg_op <> 'INSERT' and old.removed_at is null;
  v_is boolean := tg_op <> 'DELETE' and new.removed_at is null;
begin
  if v_was and v_is and new.user_id = old.user_id then
    return null;
  end if;
  if v_was and exists (select from codex.workspaces where id = old.workspace_id) then
    -- Not below zero: a count that is wrong keeps nobody in.
    update codex.member_counts
    set members = greatest(members - 1, 0)
    where workspace_id = old.workspace_id and slot = codex.member_slot(old.user_id);
  end if;
  if v_is then
    insert into codex.member_counts as c (workspace_id, slot, members)
    values (new.workspace_id, codex.member_slot(new.user_id), 1)
    on conflict (workspace_id, slot) do update set members = c.members + 1;
  end if;
  return null;
end
$$;
comment on function codex.tg_user_workspaces__count() is
  'AFTER INSERT, DELETE OR UPDATE OF user_id, removed_at: counts the member in member_counts.';

-- Roles too: whoever demotes an owner holds the workspace's row, for which an owner who leaves would wait.
create or replace trigger _100_take_turns
  before insert or delete or update of user_id, role, removed_at on codex.user_workspaces
  for each statement execute function codex.tg_user_workspaces__take_turns();
create or replace trigger _940_count
  after insert or delete or update of user_id, removed_at on codex.user_workspaces
  for each row execute function codex.tg_user_workspaces__count();

create or replace function codex.why_not_sent(p_delivery codex.notification_deliveries) returns text
language sql stable set search_path = '' as $$
  select case
    -- One that silences its worker each time is not tried for ever.
    when p_delivery.state = 'sending' and p_delivery.attempts >= 10 then 'the worker fell silent'
    -- Nobody had a sender for it, at first or any more: what is told so late is no news, and would come all at once.
    when p_delivery.channel = 'email'
      and p_delivery.next_attempt_at < now() - interval '7 days' then 'it waited for a week'
    when exists (
      select from codex.user_workspaces m
      where m.workspace_id = p_delivery.workspace_id and m.user_id = p_delivery.user_id
        and m.removed_at is not null
    ) then 'no longer a member'
    when exists (
      select from codex.webhook_endpoints w
      where w.workspace_id = p_delivery.workspace_id and w.id = p_delivery.endpoint_id
        and w.status = 'disabled'
    ) then 'the endpoint was disabled'
  end
$$;

create or replace function codex.claim_deliveries(
  p_workspace_id uuid, p_worker text, p_max integer default 50, p_lease_ms integer default 60000,
  p_without text[] default '{}'
)
returns table (
  id uuid, fencing_token bigint, channel text, attempts integer, user_id uuid, email text,
  endpoint_id uuid, url text, secrets text[], payload jsonb
)
language plpgsql volatile set search_path = '' as $$
declare
  v_without text[] := coalesce(p_without, '{}');
  -- Null: all of them. What this worker has no sender for waits for one that has, and uses up no try.
  v_channel text := case
    when v_without @> '{email}' then 'webhook'
    when v_without @> '{webhook}' then 'email'
  end;
  v_ids uuid[] := '{}';
  v_next uuid[];
  v_lost uuid[];
  v_ended integer := 0;
begin
  perform codex.require_workspace(p_workspace_id);
  if p_max not between 1 and 1000 or p_lease_ms not between 1000 and 3600000 then
    raise exception 'claim 1 to 1000 deliveries for 1 second to 1 hour' using errcode = 'KX011';
  end if;
  if v_without @> '{email}' then
    perform codex.end_deliveries(p_workspace_id, array(
      select d.id
      from codex.notification_deliveries d
      where d.workspace_id = p_workspace_id and d.channel = 'email'
        and d.state in ('pending', 'failed', 'sending') and d.held_until is null
        and d.next_attempt_at < now() - interval '7 days' and codex.why_not_sent(d) is not null
      order by d.next_attempt_at
      limit p_max
      for no key update skip locked
    ));
  end if;
  -- No more is looked at than is taken or ended, however much waits; and no more is ended than one call has time
  -- for, or a long line of it would be begun anew each time.
  while cardinality(v_ids) < p_max and v_ended < 1000 and not v_without @> '{email,webhook}' loop
    select array_agg(d.id) filter (where d.reason is null),
        array_agg(d.id) filter (where d.reason is not null)
      into v_next, v_lost
    from (
      select t.id, codex.why_not_sent(t) as reason
      from codex.take_due_deliveries(p_workspace_id, v_channel, p_max - cardinality(v_ids)) t
    ) d;
    update codex.notification_deliveries d
    set state = 'sending', attempts = d.attempts + 1, fencing_token = d.fencing_token + 1,
      leased_by = p_worker, next_attempt_at = now() + make_interval(secs => p_lease_ms / 1000.0)
    where d.workspace_id = p_workspace_id and d.id = any (v_next);
    v_ids := v_ids || coalesce(v_next, '{}');
    exit when v_lost is null;
    perform codex.end_deliveries(p_workspace_id, v_lost);
    v_ended := v_ended + cardinality(v_lost);
  end loop;
  return query
    select c.id, c.fencing_token, c.channel, c.attempts, c.user_id, u.email, c.endpoint_id, w.url,
      array_remove(array[w.secret,
        case when w.previous_secret_until > now() then w.previous_secret end], null),
      case
        when c.notification_id is null then c.payload
        else jsonb_build_object('notifications', (
          select jsonb_agg(jsonb_build_object('id', n.id, 'type', n.notification_type,
            'title', n.title, 'body', n.body, 'category', n.category, 'priority', n.priority,
            'actionUrl', n.action_url, 'actionLabel', n.action_label, 'createdAt', n.created_at)
            order by n.created_at, n.id)
          from (
            select c.notification_id as notification_id
            union
            select part.notification_id
            from codex.notification_deliveries part
            where part.workspace_id = p_workspace_id and part.digest_id = c.id
          ) parts
          join codex.user_notifications n
            on n.workspace_id = p_workspace_id and n.user_id = c.user_id
            and n.id = parts.notification_id
        ))
      end
    from codex.notification_deliveries c
    left join codex.webhook_endpoints w
      on w.workspace_id = p_workspace_id and w.id = c.endpoint_id
    left join codex.user_profiles u on u.id = c.user_id
    where c.workspace_id = p_workspace_id and c.id = any (v_ids)
    order by c.created_at, c.id;
end
$$;
