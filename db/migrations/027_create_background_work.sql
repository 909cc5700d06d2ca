-- What background work needs: feeds that are read for signals, a list of where there is work of every kind,
-- and retention with a preview.
--
-- Every table that holds work is its own queue: the worker asks workspaces_with_work (or
-- workspaces_with_retention), enters one workspace after the other, and there calls a function that takes
-- what is due under SKIP LOCKED, a lease or a lock, so that any number of workers may do the same at once.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 27, 19 $$;

----------------------------------------------------------------------------------------------------
-- signal_feeds
----------------------------------------------------------------------------------------------------

-- RSS, Atom and JSON Feed. An entry becomes a signal once, however often the feed is read. In each
-- workspace with feeds that are due, claim_feeds gives them to one worker for a while, with a fencing token;
-- it commits, reads the feed, and ends with store_feed or fail_feed.
create table if not exists codex.signal_feeds (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  url text not null,
  source text not null,
  kind text not null,
  category text,
  every_minutes integer not null default 60,
  etag text,
  last_modified text,
  next_poll_at timestamptz not null default now(),
  leased_by text,
  fencing_token bigint not null default 0,
  polled_at timestamptz,
  failures integer not null default 0,
  last_error text,
  created_by uuid default codex.acting_user_id(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint signal_feeds_pkey primary key (workspace_id, id),
  constraint signal_feeds_created_by_fkey
    foreign key (workspace_id, created_by) references codex.user_workspaces (workspace_id, user_id),
  constraint signal_feeds_url_length_check check (char_length(url) between 1 and 2000),
  constraint signal_feeds_source_length_check check (char_length(source) between 1 and 200),
  constraint signal_feeds_kind_check
    check (kind in ('competitor', 'market', 'trend', 'industry', 'customer')),
  constraint signal_feeds_category_check
    check (category in ('competitor_activity', 'market_trend', 'industry_news', 'customer_sentiment', 'technology_shift')),
  constraint signal_feeds_every_minutes_in_range_check check (every_minutes between 5 and 10080),
  constraint signal_feeds_etag_length_check check (char_length(etag) <= 1000),
  constraint signal_feeds_last_modified_length_check check (char_length(last_modified) <= 1000),
  constraint signal_feeds_failures_not_negative_check check (failures >= 0),
  constraint signal_feeds_last_error_length_check check (char_length(last_error) <= 1000)
);
comment on table codex.signal_feeds is 'Feed that is read for signals from time to time.';
comment on column codex.signal_feeds.workspace_id is 'Workspace the row belongs to.';
comment on column codex.signal_feeds.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.signal_feeds.url is 'Where the feed is; http or https, and no private address.';
comment on column codex.signal_feeds.source is 'Source that its signals name.';
comment on column codex.signal_feeds.kind is 'Kind of its signals: competitor, market, trend, industry or customer.';
comment on column codex.signal_feeds.category is 'Category of its signals; null: the one that fits the kind.';
comment on column codex.signal_feeds.every_minutes is 'Minutes from one look to the next, 5 to 10080.';
comment on column codex.signal_feeds.etag is 'What the feed called its state at the last look; null: nothing.';
comment on column codex.signal_feeds.last_modified is 'When the feed said at the last look that it last changed, in its own words; null: nothing.';
comment on column codex.signal_feeds.next_poll_at is 'When it may be claimed; while it is read, when its lease is over.';
comment on column codex.signal_feeds.leased_by is 'Worker that reads it; null: none.';
comment on column codex.signal_feeds.fencing_token is 'Rises with each claim: who holds an old one changes nothing.';
comment on column codex.signal_feeds.polled_at is 'When a look at it ended last, well or not; null before the first.';
comment on column codex.signal_feeds.failures is 'How often in a row it could not be read.';
comment on column codex.signal_feeds.last_error is 'Why the last look failed; null when it did not.';
comment on column codex.signal_feeds.created_by is 'Member who made it; null for an agent or background work.';
comment on column codex.signal_feeds.version is 'Number of the edit; looks do not move it.';
comment on column codex.signal_feeds.created_at is 'When the row was made.';
comment on column codex.signal_feeds.updated_at is 'When the row last changed.';

create unique index if not exists uniq_signal_feeds_url on codex.signal_feeds (workspace_id, url);
comment on index codex.uniq_signal_feeds_url is 'A feed is read once.';
create index if not exists idx_signal_feeds_due on codex.signal_feeds (workspace_id, next_poll_at);
comment on index codex.idx_signal_feeds_due is 'claim_feeds takes what is due; workspaces_with_work.';
create index if not exists idx_signal_feeds_created
  on codex.signal_feeds (workspace_id, created_at desc, id desc);
comment on index codex.idx_signal_feeds_created is 'All feeds, newest first.';
create index if not exists idx_signal_feeds_created_by on codex.signal_feeds (workspace_id, created_by);
comment on index codex.idx_signal_feeds_created_by is 'Rows made by a member; foreign key to user_workspaces.';

select codex.protect('codex.signal_feeds', p_insert => 'strategist', p_delete => 'strategist',
  p_author => 'created_by');
grant select, delete,
  insert (workspace_id, id, url, source, kind, category, every_minutes, created_by)
  on codex.signal_feeds to codex_app;
grant select, insert, update, delete on codex.signal_feeds to codex_service;
grant select (workspace_id, next_poll_at) on codex.signal_feeds to codex_reader;
-- No update for people: another address is another feed, and no entry comes twice from either.

create or replace function codex.tg_signal_feeds__check_url() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  -- Feeds are public, and many are served without TLS. The setting is that of webhooks.
  if coalesce(current_setting('codex.allow_private_webhooks', true), '') <> 'on'
    and codex.is_public_url(regexp_replace(new.url, '^http://', 'https://')) is not true
  then
    raise exception 'a feed is at a public address, by http or https'
      using errcode = 'KX011', schema = tg_table_schema, table = tg_table_name, column = 'url';
  end if;
  return new;
end
$$;
comment on function codex.tg_signal_feeds__check_url() is
  'BEFORE INSERT OR UPDATE OF url: a public address (KX011).';
create or replace trigger _100_check_url before insert or update of url on codex.signal_feeds
  for each row execute function codex.tg_signal_feeds__check_url();
create or replace trigger _900_touch before update on codex.signal_feeds
  for each row execute function codex.tg__touch('etag', 'last_modified', 'next_poll_at',
    'leased_by', 'fencing_token', 'polled_at', 'failures', 'last_error');
create or replace trigger _950_record_event
  after insert or update or delete on codex.signal_feeds
  for each row execute function codex.tg__record_event('signal_feed', 'id',
    'etag,last_modified,next_poll_at,leased_by,fencing_token,polled_at,failures,last_error');

create or replace function codex.claim_feeds(
  p_workspace_id uuid, p_worker text, p_max integer default 10, p_lease_ms integer default 120000
)
returns table (
  id uuid, fencing_token bigint, url text, etag text, last_modified text
)
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_max not between 1 and 1000 or p_lease_ms not between 1000 and 3600000 then
    raise exception 'claim 1 to 1000 feeds for 1 second to 1 hour' using errcode = 'KX011';
  end if;
  return query
    with due as materialized (
      select f.id
      from codex.signal_feeds f
      where f.workspace_id = p_workspace_id and f.next_poll_at <= now()
      order by f.next_poll_at
      limit p_max
      for no key update skip locked
    )
    update codex.signal_feeds f
    set leased_by = coalesce(p_worker, ''), fencing_token = f.fencing_token + 1,
      -- One that silences its worker each time is left alone for longer and longer.
      failures = f.failures + case when f.leased_by is null then 0 else 1 end,
      last_error = case when f.leased_by is null then f.last_error else 'the worker fell silent' end,
      next_poll_at = now()
        + make_interval(secs => p_lease_ms / 1000.0) * power(2, least(f.failures, 8))
    from due
    where f.workspace_id = p_workspace_id and f.id = due.id
    returning f.id, f.fencing_token, f.url, f.etag, f.last_modified;
end
$$;
comment on function codex.claim_feeds(uuid, text, integer, integer) is
  'For the worker: takes feeds that are due, each for one worker until its lease is over, with the token for what follows and what the feed said of itself last. Workers at the same time get different ones.';
grant execute on function codex.claim_feeds(uuid, text, integer, integer) to codex_service;

create or replace function codex.store_feed(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_items jsonb[],
  p_etag text default null, p_last_modified text default null
) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  -- Not all at once, whatever began them at the same moment.
  v_spread double precision := 0.9 + 0.2 * random();
  v_feed codex.signal_feeds;
  v_new jsonb[];
  v_created integer;
begin
  perform codex.require_workspace(p_workspace_id);
  update codex.signal_feeds f
  set leased_by = null, polled_at = now(), failures = 0, last_error = null,
    next_poll_at = now() + make_interval(mins => f.every_minutes) * v_spread,
    etag = case when p_items is null then f.etag
      when char_length(p_etag) <= 1000 then p_etag end,
    last_modified = case when p_items is null then f.last_modified
      when char_length(p_last_modified) <= 1000 then p_last_modified end
  where f.workspace_id = p_workspace_id and f.id = p_id and f.fencing_token = p_fencing_token
    and f.leased_by is not null
  returning f.* into v_feed;
  if v_feed.id is null then
    raise exception 'this feed is no longer held under that token' using errcode = 'KX012';
  end if;
  -- What the source brought before is no sighting more: it is only still there.
  v_new := array(
    select i.item || jsonb_strip_nulls(jsonb_build_object('source', v_feed.source,
      'kind', v_feed.kind, 'category', v_feed.category))
    from unnest(p_items) with ordinality as i (item, place)
    cross join lateral codex.signal_fingerprints(v_feed.source, i.item ->> 'externalId',
      i.item ->> 'url', i.item ->> 'title', i.item ->> 'body') f
    where not exists (
      select from codex.intelligence_signals s
      where s.workspace_id = p_workspace_id and s.fingerprint_version = 1
        and (s.fingerprint = f.by_id or s.url_fingerprint = f.by_url
          or s.content_fingerprint = f.by_content)
        and v_feed.source = any (s.sources)
    )
    order by i.place);
  if cardinality(v_new) = 0 then
    return 0;
  end if;
  select count(*) filter (where ingested.outcome = 'created') into v_created
  from codex.ingest_signals(p_workspace_id, v_new) ingested;
  return v_created;
end
$$;
comment on function codex.store_feed(uuid, uuid, bigint, jsonb[], text, text) is
  'For the worker: takes in what a look at a feed gave, as ingest_signals takes it (externalId, url, title, body, occurredAt; source, kind and category are the feed''s), and gives how many signals that made; null items: the feed has not changed. What the same source brought before is left out. KX012 with an old token: nothing changes.';
grant execute on function codex.store_feed(uuid, uuid, bigint, jsonb[], text, text)
  to codex_service;

create or replace function codex.fail_feed(
  p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text,
  p_retry_after_ms bigint default null
) returns timestamptz
language plpgsql volatile set search_path = '' as $$
declare
  v_spread double precision := 0.9 + 0.2 * random();
  v_asked interval := make_interval(secs => least(coalesce(p_retry_after_ms, 0), 86400000) / 1000.0);
  v_next timestamptz;
begin
  perform codex.require_workspace(p_workspace_id);
  update codex.signal_feeds f
  set leased_by = null, polled_at = now(), failures = f.failures + 1, last_error = left(p_error, 1000),
    next_poll_at = now() + greatest(v_asked, v_spread * least(
      make_interval(mins => f.every_minutes) * power(2, least(f.failures, 10)),
      greatest(make_interval(mins => f.every_minutes), interval '1 day')))
  where f.workspace_id = p_workspace_id and f.id = p_id and f.fencing_token = p_fencing_token
    and f.leased_by is not null
  returning f.next_poll_at into v_next;
  if v_next is null then
    raise exception 'this feed is no longer held under that token' using errcode = 'KX012';
  end if;
  return v_next;
end
$$;
comment on function codex.fail_feed(uuid, uuid, bigint, text, bigint) is
  'For the worker: a feed could not be read. It is read again when it would have been anyway, then after twice the time, and so on up to a day, or later if the server asks for it, up to a day; gives when. KX012 with an old token: nothing changes.';
grant execute on function codex.fail_feed(uuid, uuid, bigint, text, bigint) to codex_service;

----------------------------------------------------------------------------------------------------
-- Where there is work
----------------------------------------------------------------------------------------------------

-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
create or replace function codex.workspaces_with_work(
  p_kind text, p_after uuid default null, p_limit integer default 100
) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_kind is null or p_kind not in ('alerts', 'deliveries', 'executions', 'feeds',
    'held_deliveries', 'insights', 'signals', 'webhook_events')
  then
    raise exception 'work is alerts, deliveries, executions, feeds, held_deliveries, insights, signals or webhook_events'
      using errcode = 'KX011';
  end if;
  return query
    select w.id
    from codex.workspaces w
    where (p_after is null or w.id > p_after) and case p_kind
      when 'alerts' then exists (
        select from codex.system_alerts a
        where a.workspace_id = w.id and a.status = 'active' and a.escalate_at <= now())
      when 'deliveries' then exists (
        select from codex.notification_deliveries d
        where d.workspace_id = w.id and d.state in ('pending', 'failed', 'sending')
          and d.held_until is null and d.next_attempt_at <= now())
      when 'executions' then exists (
        select from codex.agent_executions e
        where e.workspace_id = w.id and e.status = 'running' and e.lease_expires_at < now())
      when 'feeds' then exists (
        select from codex.signal_feeds f
        where f.workspace_id = w.id and f.next_poll_at <= now())
      when 'held_deliveries' then exists (
        select from codex.notification_deliveries d
        where d.workspace_id = w.id and d.held_until <= now())
      when 'insights' then exists (
        select from codex.market_insights i
        where i.workspace_id = w.id and i.status = 'active' and i.stale_alerted_at is null)
      when 'signals' then exists (
        select from codex.intelligence_signals s
        where s.workspace_id = w.id and s.compared_at is null)
      else exists (
        select from codex.webhook_endpoints e
        where e.workspace_id = w.id and e.status = 'active'
          and (exists (
              select from codex.event_counters c
              where c.workspace_id = w.id and c.last_number > e.last_event_number)
            or exists (
              select from codex.outbox_events o
              where o.workspace_id = w.id and o.number is null)))
    end
    order by w.id
    limit p_limit;
end
$$;
comment on function codex.workspaces_with_work(text, uuid, integer) is
  'Workspaces after that one, in the order of their ids, that have work of a kind: alerts whose next step is due (escalate_alerts), deliveries that are due, executions that fell silent (reap_executions), feeds to be read, held_deliveries whose time has come, insights that were not found stale yet, signals that were not compared yet, webhook_events that are not queued. KX011 another kind.';
select codex.hand_over('codex.workspaces_with_work(text, uuid, integer)', 'codex_reader');
grant execute on function codex.workspaces_with_work(text, uuid, integer) to codex_service;
grant select (workspace_id, status, escalate_at) on codex.system_alerts to codex_reader;
grant select (workspace_id, status, stale_alerted_at) on codex.market_insights to codex_reader;

----------------------------------------------------------------------------------------------------
-- Retention
----------------------------------------------------------------------------------------------------

create or replace function codex.board_end(p_board text) returns date
language sql stable set search_path = '' as $$
  select case
    when p_board like 'month:%' then (to_date(substr(p_board, 7), 'YYYY-MM') + interval '1 month')::date
    when p_board like 'week:%' then to_date(substr(p_board, 6), 'IYYY-"W"IW') + 7
  end
$$;
comment on function codex.board_end(text) is
  'First day after the month or week of a board; null for the board of all time.';
grant execute on function codex.board_end(text) to codex_service, codex_definer, codex_reader;

grant delete on codex.leaderboard_scores to codex_definer;
grant delete on codex.leaderboard_buckets to codex_definer;

-- SECURITY DEFINER: nobody may write the two tables directly.
create or replace function codex.prune_leaderboards(
  p_workspace_id uuid, p_before date, p_limit integer default 5000,
  out scores bigint, out buckets bigint
)
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  -- Longer than record_activity reaches back: a board that went would come again with one score.
  if p_before > (now() - interval '13 months')::date then
    raise exception 'boards of the last 13 months stay' using errcode = 'KX011';
  end if;
  -- First, so that the trigger of a score finds no counter to lower.
  delete from codex.leaderboard_buckets b
  where b.workspace_id = p_workspace_id and codex.board_end(b.board) < p_before;
  get diagnostics buckets = row_count;
  delete from codex.leaderboard_scores s
  using (
    select old.board, old.user_id
    from codex.leaderboard_scores old
    where old.workspace_id = p_workspace_id and codex.board_end(old.board) < p_before
    order by old.board, old.user_id
    limit p_limit
  ) chunk
  where s.workspace_id = p_workspace_id and s.board = chunk.board and s.user_id = chunk.user_id;
  get diagnostics scores = row_count;
end
$$;
comment on function codex.prune_leaderboards(uuid, date, integer) is
  'Removes boards of months and weeks that ended before a day, some scores at a time, and gives the numbers of rows; 0 when none is left. KX011 for a day in the last 13 months, into which an activity may still come.';
select codex.hand_over('codex.prune_leaderboards(uuid, date, integer)', 'codex_definer');
grant execute on function codex.prune_leaderboards(uuid, date, integer) to codex_service;

create or replace function codex.retention_end(p_kind text, p_days integer) returns timestamptz
language plpgsql stable set search_path = '' as $$
begin
  if p_kind is null or p_kind not in ('alert_events', 'events', 'idempotency_keys', 'leaderboards',
    'notifications', 'signals', 'stream_tickets')
  then
    raise exception 'retention is of alert_events, events, idempotency_keys, leaderboards, notifications, signals or stream_tickets'
      using errcode = 'KX011', column = 'kind';
  elsif p_days is null or p_days not between 0 and 36500 then
    raise exception 'what is kept is kept for 0 to 36500 days' using errcode = 'KX011', column = 'days';
  end if;
  return now() - make_interval(days => p_days);
end
$$;
comment on function codex.retention_end(text, integer) is
  'The moment before which what is of a kind may go: so many days ago, by the clock of the database. KX011 another kind, or days out of range.';
grant execute on function codex.retention_end(text, integer) to codex_service, codex_reader;

-- SECURITY DEFINER as codex_reader: the worker asks where there is something to do, in one statement.
create or replace function codex.workspaces_with_retention(
  p_kind text, p_days integer, p_after uuid default null, p_limit integer default 100
) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
declare
  v_before timestamptz := codex.retention_end(p_kind, p_days);
begin
  return query
    select w.id
    from codex.workspaces w
    where (p_after is null or w.id > p_after) and case p_kind
      when 'alert_events' then exists (
        select from codex.system_alerts a
        join codex.alert_events e on e.workspace_id = w.id and e.alert_id = a.id
        where a.workspace_id = w.id and a.ended_at < v_before)
      when 'events' then exists (
        select from codex.outbox_events e
        where e.workspace_id = w.id and e.created_at < v_before and e.number is not null)
      when 'idempotency_keys' then exists (
        select from codex.idempotency_keys k
        where k.workspace_id = w.id and k.expires_at < v_before)
      when 'leaderboards' then exists (
        select from codex.leaderboard_scores s
        where s.workspace_id = w.id and codex.board_end(s.board) < v_before::date)
      when 'notifications' then exists (
          select from codex.user_notifications n
          where n.workspace_id = w.id and n.created_at < v_before
            and (n.read_at is not null or n.archived_at is not null or n.expires_at <= now()))
        or exists (
          select from codex.announcements a
          where a.workspace_id = w.id and a.created_at < v_before and a.number < (
            select max(newest.number)
            from codex.announcements newest
            where newest.workspace_id = w.id))
        -- Perhaps in a digest that has not left: prune_notifications looks closer.
        or exists (
          select from codex.notification_deliveries d
          where d.workspace_id = w.id and d.created_at < v_before
            and d.state in ('delivered', 'dead', 'dropped', 'digested'))
      when 'signals' then exists (
        select from codex.intelligence_signals s
        where s.workspace_id = w.id and s.last_seen_at < v_before and s.purged_at is null
          and not exists (
            select from codex.insight_evidence e
            where e.workspace_id = w.id and e.signal_id = s.id))
      else exists (
        select from codex.stream_tickets t
        where t.workspace_id = w.id and t.expires_at < v_before)
    end
    order by w.id
    limit p_limit;
end
$$;
comment on function codex.workspaces_with_retention(text, integer, uuid, integer) is
  'Workspaces after that one, in the order of their ids, in which run_retention finds something of a kind that is older than so many days. KX011 as retention_end.';
select codex.hand_over('codex.workspaces_with_retention(text, integer, uuid, integer)', 'codex_reader');
grant execute on function codex.workspaces_with_retention(text, integer, uuid, integer)
  to codex_service;
grant select (workspace_id, expires_at) on codex.idempotency_keys to codex_reader;
grant select (workspace_id, expires_at) on codex.stream_tickets to codex_reader;
grant select (workspace_id, board) on codex.leaderboard_scores to codex_reader;
grant select (workspace_id, alert_id) on codex.alert_events to codex_reader;
grant select (id, ended_at) on codex.system_alerts to codex_reader;
grant select (workspace_id, created_at, read_at, archived_at, expires_at)
  on codex.user_notifications to codex_reader;
grant select (workspace_id, number, created_at) on codex.announcements to codex_reader;
grant select (created_at) on codex.notification_deliveries to codex_reader;
grant select (workspace_id, signal_id) on codex.insight_evidence to codex_reader;

create or replace function codex.preview_retention(
  p_workspace_id uuid, p_kind text, p_days integer
) returns table (relation text, amount bigint)
language plpgsql stable set search_path = '' as $$
declare
  v_before timestamptz := codex.retention_end(p_kind, p_days);
begin
  perform codex.require_workspace(p_workspace_id);
  case p_kind
    when 'alert_events' then
      return query select 'alert_events', codex.old_alert_events(p_workspace_id, v_before);
    when 'events' then
      return query
        select 'outbox_events', count(*)
        from codex.outbox_events e
        where e.workspace_id = p_workspace_id and e.created_at < v_before
          -- A prefix of the stream, as prune_events takes it.
          and e.number < coalesce((
            select min(young.number)
            from codex.outbox_events young
            where young.workspace_id = p_workspace_id and young.created_at >= v_before), e.number + 1);
    when 'idempotency_keys' then
      return query
        select 'idempotency_keys', count(*)
        from codex.idempotency_keys k
        where k.workspace_id = p_workspace_id and k.expires_at < v_before;
    when 'leaderboards' then
      return query
        select 'leaderboard_scores', count(*)
        from codex.leaderboard_scores s
        where s.workspace_id = p_workspace_id and codex.board_end(s.board) < v_before::date
        union all
        select 'leaderboard_buckets', count(*)
        from codex.leaderboard_buckets b
        where b.workspace_id = p_workspace_id and codex.board_end(b.board) < v_before::date;
    when 'notifications' then
      return query
        select part.name, part.amount
        from codex.old_notifications(p_workspace_id, v_before) o
        cross join lateral (values ('user_notifications', o.notifications),
          ('announcements', o.announcements), ('notification_deliveries', o.deliveries)
        ) as part (name, amount);
    when 'signals' then
      return query
        select 'intelligence_signals', o.signals
        from codex.preview_signal_retention(p_workspace_id, v_before) o;
    when 'stream_tickets' then
      return query
        select 'stream_tickets', count(*)
        from codex.stream_tickets t
        where t.workspace_id = p_workspace_id and t.expires_at < v_before;
  end case;
end
$$;
comment on function codex.preview_retention(uuid, text, integer) is
  'What run_retention would remove of a kind that is older than so many days, table by table; of signals the contents. KX011 as retention_end.';
grant execute on function codex.preview_retention(uuid, text, integer) to codex_service;

create or replace function codex.run_retention(
  p_workspace_id uuid, p_kind text, p_days integer, p_limit integer default 1000
) returns table (relation text, amount bigint)
language plpgsql volatile set search_path = '' as $$
declare
  v_before timestamptz := codex.retention_end(p_kind, p_days);
  v_amount bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  -- One worker at a time: who comes meanwhile has nothing to do here.
  if not pg_try_advisory_xact_lock(
    hashtextextended('codex.retention:' || p_workspace_id || ':' || p_kind, 0))
  then
    return;
  end if;
  case p_kind
    when 'alert_events' then
      return query
        select 'alert_events', codex.prune_alert_events(p_workspace_id, v_before, p_limit)::bigint;
    when 'events' then
      return query
        select 'outbox_events', codex.prune_events(p_workspace_id, v_before, p_limit)::bigint;
    when 'idempotency_keys' then
      delete from codex.idempotency_keys k
      using (
        select old.key
        from codex.idempotency_keys old
        where old.workspace_id = p_workspace_id and old.expires_at < v_before
        limit p_limit
        for update skip locked
      ) chunk
      where k.workspace_id = p_workspace_id and k.key = chunk.key;
      get diagnostics v_amount = row_count;
      return query select 'idempotency_keys', v_amount;
    when 'leaderboards' then
      return query
        select part.name, part.amount
        from codex.prune_leaderboards(p_workspace_id, v_before::date, p_limit) p
        cross join lateral (values ('leaderboard_scores', p.scores), ('leaderboard_buckets', p.buckets)
        ) as part (name, amount);
    when 'notifications' then
      return query
        select part.name, part.amount
        from codex.prune_notifications(p_workspace_id, v_before, p_limit) p
        cross join lateral (values ('user_notifications', p.notifications),
          ('announcements', p.announcements), ('notification_deliveries', p.deliveries)
        ) as part (name, amount);
    when 'signals' then
      return query
        select 'intelligence_signals', codex.purge_signals(p_workspace_id, v_before, p_limit)::bigint;
    when 'stream_tickets' then
      delete from codex.stream_tickets
      where workspace_id = p_workspace_id and expires_at < v_before;
      get diagnostics v_amount = row_count;
      return query select 'stream_tickets', v_amount;
  end case;
end
$$;
comment on function codex.run_retention(uuid, text, integer, integer) is
  'Removes what is of a kind and older than so many days, some of each table at a time, and gives how many rows went; all 0 when none is left, no row while another does the same. KX011 as retention_end.';
grant execute on function codex.run_retention(uuid, text, integer, integer) to codex_service;
