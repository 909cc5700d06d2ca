-- What held by one way in holds by the others too. A delivery of a webhook was sent again for any agent, where a person
-- has to own the workspace: nobody is no person, and the recipient of a webhook is nobody. A quest was moved into one
-- that it waits for, or that waits for it, where the dependency between a whole and its part is refused: neither could be
-- completed. A time zone that there is not could be written into a profile or a workspace, and then nobody was told anything
-- beside that person, no quest of theirs completed, no e-mail that waited let go: whoever worked out their time failed. A
-- silence that was put off went on holding what it had held. A run that is recorded takes no longer than can be summed up.
-- A digest is letters of a hundred notifications each: one of thousands was more than a claim can answer, which then failed
-- for good. Boards that retention removed are no drift of the points; and whoever removes them takes the locks of the points first.
-- A fuzzy search passes over stop words, which no index holds: a question with one of them found nothing.

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 46, 19 $$;

-- Longer than record_activity reaches back: a board that went would come again with one score.
create or replace function codex.boards_kept_since() returns date
language sql stable set search_path = '' as $$ select (now() - interval '13 months')::date $$;
comment on function codex.boards_kept_since() is
  'Boards that ended on this day or later are never removed: an activity may still come into them.';
grant execute on function codex.boards_kept_since() to codex_definer;

-- SECURITY DEFINER: people change no delivery otherwise.
create or replace function codex.redeliver(p_workspace_id uuid, p_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_delivery codex.notification_deliveries;
begin
  perform codex.require_workspace(p_workspace_id);
  select * into v_delivery
  from codex.notification_deliveries
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  -- Theirs, or an endpoint's and they own the workspace; the others are not there for them.
  if (
    v_delivery.user_id = codex.acting_user_id()
    or v_delivery.id is not null and v_delivery.user_id is null and codex.current_role_at_least('owner')
  ) is not true
  then
    raise exception 'no such delivery' using errcode = 'KX008';
  elsif v_delivery.state in ('pending', 'sending') then
    return;
  elsif v_delivery.digest_id is not null or v_delivery.state = 'dropped' then
    raise exception 'this delivery does not go out by itself'
      using errcode = 'KX007', schema = 'codex', table = 'notification_deliveries';
  elsif exists (
    select from codex.webhook_endpoints
    where workspace_id = p_workspace_id and id = v_delivery.endpoint_id and status = 'disabled'
  ) then
    raise exception 'the endpoint is disabled'
      using errcode = 'KX007', schema = 'codex', table = 'notification_deliveries';
  end if;
  update codex.notification_deliveries
  set state = 'pending', attempts = 0, next_attempt_at = now(), last_error = null, ended_at = null
  where workspace_id = p_workspace_id and id = p_id;
end
$$;

-- SECURITY DEFINER: nobody may write performance directly, nor the counters of an assignment.
create or replace function codex.record_agent_execution(
  p_workspace_id uuid,
  p_agent_id uuid,
  p_duration_ms bigint,
  p_input_tokens bigint,
  p_output_tokens bigint,
  p_cost_micros bigint,
  p_success boolean,
  p_assignment_id uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_assignments uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  if codex.acting_agent_id() is distinct from p_agent_id then
    perform codex.require_role('strategist');
  end if;
  -- As much as of tokens: a sum that its column cannot hold would let no run of the agent end for the rest of the hour.
  if p_success is null or (p_duration_ms between 0 and 1000000000000) is not true then
    raise exception 'a run takes 0 to 10^12 milliseconds, and its success is true or false'
      using errcode = 'KX011';
  end if;
  perform codex.require_usage(p_input_tokens, p_output_tokens, p_cost_micros);
  select array_agg(id) into v_assignments
  from codex.agent_assignments
  where workspace_id = p_workspace_id and agent_id = p_agent_id and status = 'active'
    and (p_assignment_id is null or id = p_assignment_id);
  if v_assignments is null then
    raise exception 'the agent has no such active assignment here' using errcode = 'KX007';
  elsif cardinality(v_assignments) > 1 then
    raise exception 'the agent has % active assignments', cardinality(v_assignments)
      using errcode = 'KX011', hint = 'Name the one that the execution belongs to.';
  end if;
  perform codex.add_performance(p_workspace_id, p_agent_id, v_assignments[1],
    case when p_success then 'succeeded' else 'failed' end,
    p_duration_ms, p_input_tokens, p_output_tokens, p_cost_micros);
end
$$;

-- SECURITY DEFINER: nobody may write the two tables directly.
create or replace function codex.prune_leaderboards(
  p_workspace_id uuid, p_before date, p_limit integer default 5000,
  out scores bigint, out buckets bigint
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_boards text[];
  v_user_ids uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  if p_before > codex.boards_kept_since() then
    raise exception 'boards of the last 13 months stay' using errcode = 'KX011';
  end if;
  select array_agg(chunk.board), array_agg(chunk.user_id) into v_boards, v_user_ids
  from (
    select s.board, s.user_id
    from codex.leaderboard_scores s
    where s.workspace_id = p_workspace_id
      -- By their names, which are in the order of time: those that stay are not read.
      and (s.board between 'month:' and 'month:' || to_char(p_before, 'YYYY-MM')
        or s.board between 'week:' and 'week:' || to_char(p_before, 'IYYY-"W"IW'))
      and codex.board_end(s.board) < p_before
    order by s.board, s.user_id
    limit p_limit
  ) chunk;
  -- Before any row: whoever hides their figures has the lock of their points, and then waits for their scores.
  perform codex.hold_points(p_workspace_id, v_user_ids);
  -- First, so that the trigger of a score finds no counter to lower.
  delete from codex.leaderboard_buckets b
  where b.workspace_id = p_workspace_id
    and (b.board between 'month:' and 'month:' || to_char(p_before, 'YYYY-MM')
      or b.board between 'week:' and 'week:' || to_char(p_before, 'IYYY-"W"IW'))
    and codex.board_end(b.board) < p_before;
  get diagnostics buckets = row_count;
  delete from codex.leaderboard_scores s
  using unnest(v_boards, v_user_ids) as chunk (board, user_id)
  where s.workspace_id = p_workspace_id and s.board = chunk.board and s.user_id = chunk.user_id;
  get diagnostics scores = row_count;
end
$$;

-- SECURITY DEFINER: compares everybody's figures, those that are private too. Each line is one stored
-- number that does not follow from what it is made of.
create or replace function codex.reconcile_points(
  p_workspace_id uuid, out checked bigint, out drift jsonb
)
language plpgsql stable security definer set search_path = '' as $$
declare
  -- Of what ended before, retention may have removed any part.
  v_kept_since date := codex.boards_kept_since();
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('owner');
  select count(*) into checked from codex.user_stats where workspace_id = p_workspace_id;
  with earned as (
    select l.user_id, l.board_date, l.metric, l.value, l.delta,
      case when l.source = 'reversal' then l.delta else greatest(l.delta, 0) end as lifetime
    from codex.points_ledger l
    where l.workspace_id = p_workspace_id and l.user_id is not null
  ), compared as (
    select s.user_id, figure.name, figure.stored, figure.computed
    from codex.user_stats s
    left join (
      select user_id, sum(delta) as balance, sum(lifetime) as lifetime
      from earned
      group by user_id
    ) l using (user_id)
    left join (
      select user_id, count(*) as awards
      from codex.user_achievements
      where workspace_id = p_workspace_id
      group by user_id
    ) a using (user_id)
    cross join lateral codex.fold_streak(p_workspace_id, s.user_id) f
    cross join lateral (values
      ('points', s.points_balance::numeric, coalesce(l.balance, 0)),
      ('lifetimePoints', s.lifetime_points, coalesce(l.lifetime, 0)),
      ('level', s.level, floor(coalesce(l.lifetime, 0) / 1000) + 1),
      ('achievementsUnlocked', s.achievements_unlocked, coalesce(a.awards, 0)),
      ('streakCurrent', s.streak_current, f.current_days),
      ('streakLongest', s.streak_longest, f.longest_days)
    ) as figure (name, stored, computed)
    where s.workspace_id = p_workspace_id
    union all
    select user_id, 'metric ' || metric, coalesce(stored, 0), coalesce(computed, 0)
    from (
      select user_id, metric, sum(value) as computed
      from earned
      where metric is not null
      group by user_id, metric
    ) e
    full join (
      select user_id, metric, total as stored
      from codex.user_metrics
      where workspace_id = p_workspace_id
      union all
      select s.user_id, counter.metric, counter.total
      from codex.user_stats s
      cross join lateral (values
        ('quests_completed', s.quests_completed), ('campaigns_completed', s.campaigns_completed)
      ) as counter (metric, total)
      where s.workspace_id = p_workspace_id
    ) m using (user_id, metric)
    where metric in ('quests_completed', 'campaigns_completed')
      or not codex.is_stat_counter(metric)
    union all
    select user_id, 'board ' || board, coalesce(stored, 0), coalesce(computed, 0)
    from (
      select e.user_id, key as board, sum(e.lifetime) as computed
      from earned e
      cross join lateral unnest(codex.board_keys(e.board_date)) as key
      group by e.user_id, key
    ) e
    full join (
      select user_id, board, score as stored
      from codex.leaderboard_scores
      where workspace_id = p_workspace_id
    ) s using (user_id, board)
    where stored is not null or not coalesce(codex.board_end(board) < v_kept_since, false)
    union all
    select s.user_id, 'shown on ' || s.board, s.visible::integer,
      (u.visibility = 'members' and m.removed_at is null)::integer
    from codex.leaderboard_scores s
    join codex.user_stats u on u.workspace_id = s.workspace_id and u.user_id = s.user_id
    join codex.user_workspaces m on m.workspace_id = s.workspace_id and m.user_id = s.user_id
    where s.workspace_id = p_workspace_id
    union all
    select null, format('bucket %s %s %s', board, level, band), coalesce(stored, 0),
      coalesce(computed, 0)
    from (
      select board, width.level, score >> (6 * width.level) as band,
        codex.member_slot(user_id) as slot, count(*) as computed
      from codex.leaderboard_scores
      cross join generate_series(0, 7) as width (level)
      where workspace_id = p_workspace_id and visible and score > 0
        and (width.level = 0 or score >> (6 * width.level) > 0)
      group by 1, 2, 3, 4
    ) s
    full join (
      select board, level, band, slot, members as stored
      from codex.leaderboard_buckets
      where workspace_id = p_workspace_id
    ) b using (board, level, band, slot)
    where stored is not null or not coalesce(codex.board_end(board) < v_kept_since, false)
  )
  select coalesce(jsonb_agg(jsonb_build_object(
      'userId', user_id, 'figure', name, 'stored', stored, 'computed', computed)
    order by user_id, name), '[]')
  into drift
  from (
    select * from compared where stored is distinct from computed order by user_id, name limit 1000
  ) found;
end
$$;

create or replace function codex.tg_campaign_quests__check_tree() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_above integer := 0;
  v_below integer;
  v_cycle boolean := false;
  v_wholes uuid[];
  v_parts uuid[];
begin
  if tg_op = 'UPDATE' and new.campaign_id <> old.campaign_id then
    raise exception 'a quest stays in its campaign'
      using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name;
  end if;
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  if tg_op = 'INSERT' and exists (
    select from codex.campaigns
    where workspace_id = new.workspace_id and id = new.campaign_id
      and status in ('completed', 'archived', 'cancelled')
  ) then
    raise exception 'a campaign that has ended takes no new quests'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  end if;
  if new.parent_id is null then
    return new;
  end if;
  with recursive above as (
    select id, parent_id, 1 as depth
    from codex.campaign_quests
    where workspace_id = new.workspace_id and campaign_id = new.campaign_id and id = new.parent_id
    union all
    select q.id, q.parent_id, above.depth + 1
    from above
    join codex.campaign_quests q
      on q.workspace_id = new.workspace_id and q.campaign_id = new.campaign_id
      and q.id = above.parent_id
    where above.depth < 20 and above.id <> new.id
  )
  select max(depth), bool_or(id = new.id), array_agg(id) into v_above, v_cycle, v_wholes from above;
  with recursive below as (
    select new.id as id, 1 as depth
    union all
    select q.id, below.depth + 1
    from below
    join codex.campaign_quests q
      on q.workspace_id = new.workspace_id and q.campaign_id = new.campaign_id
      and q.parent_id = below.id
    where below.depth < 20
  )
  select max(depth), array_agg(id) into v_below, v_parts from below;
  if v_cycle or new.parent_id = new.id then
    raise exception 'a quest cannot be part of itself'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  elsif v_above + v_below > 8 then
    raise exception 'quests are nested at most 8 levels deep'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  elsif tg_op = 'UPDATE' and new.parent_id is distinct from old.parent_id and exists (
    select
    from codex.quest_dependencies d
    where d.workspace_id = new.workspace_id and d.campaign_id = new.campaign_id
      and (d.quest_id = any (v_parts) and d.depends_on_id = any (v_wholes)
        or d.quest_id = any (v_wholes) and d.depends_on_id = any (v_parts))
  ) then
    -- As tg_quest_dependencies__check_cycle says where the dependency comes second.
    raise exception 'a quest does not wait for its own part, nor a part for its whole'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;

comment on function codex.tg_campaign_quests__check_tree() is
  'BEFORE INSERT OR UPDATE OF parent_id, campaign_id: one tree in one campaign, no cycle, at most 8 levels, no part that waits for its whole or is waited for by it (KX005), also when two move at once; none in a campaign that has ended (KX007).';

create or replace function codex.tg__check_time_zone() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_time_zone(new.time_zone);
  return new;
end
$$;
comment on function codex.tg__check_time_zone() is
  'BEFORE INSERT OR UPDATE OF time_zone: it is an IANA time zone that this server knows (KX011).';
create or replace trigger _100_check_time_zone before insert or update of time_zone on codex.user_profiles
  for each row execute function codex.tg__check_time_zone();
create or replace trigger _100_check_time_zone before insert or update of time_zone on codex.workspaces
  for each row execute function codex.tg__check_time_zone();

-- SECURITY DEFINER: nobody may insert profiles, and the caller has no context yet.
create or replace function codex.ensure_person(
  p_issuer text,
  p_subject text,
  p_display_name text default '',
  p_email text default null,
  p_time_zone text default 'UTC'
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id uuid;
begin
  if coalesce(p_issuer, '') = '' or coalesce(p_subject, '') = '' then
    raise exception 'a person needs an issuer and a subject' using errcode = 'KX011';
  end if;
  select id into v_id from codex.user_profiles where issuer = p_issuer and subject = p_subject;
  if v_id is not null then
    return v_id;
  end if;
  insert into codex.user_profiles (issuer, subject, display_name, email, time_zone)
  values (p_issuer, p_subject, coalesce(p_display_name, ''), p_email, p_time_zone)
  on conflict (issuer, subject) do nothing;
  select id into v_id from codex.user_profiles where issuer = p_issuer and subject = p_subject;
  return v_id;
end
$$;

-- SECURITY DEFINER: a workspace is made before anybody is a member of it.
create or replace function codex.create_workspace(
  p_workspace_id uuid,
  p_user_id uuid,
  p_name text,
  p_slug text,
  p_time_zone text default 'UTC'
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
begin
  if p_workspace_id is null then
    raise exception 'a workspace needs an id' using errcode = 'KX011';
  end if;
  execute format('set local codex.workspace_id = %L', p_workspace_id);
  execute format('set local codex.user_id = %L', '');
  insert into codex.workspaces (id, name, time_zone) values (p_workspace_id, p_name, p_time_zone);
  insert into codex.user_workspaces (workspace_id, user_id, role, display_name, avatar_url)
  select p_workspace_id, id, 'owner', display_name, avatar_url
  from codex.user_profiles
  where id = p_user_id and erased_at is null;
  if not found then
    raise exception 'no such person' using errcode = 'KX008';
  end if;
  insert into codex.workspace_slugs (slug, workspace_id) values (p_slug, p_workspace_id);
  perform codex.set_context(p_workspace_id, p_user_id);
  return p_workspace_id;
end
$$;

create or replace trigger _300_release after update on codex.alert_silences
  for each row when (new.ends_at < old.ends_at or new.starts_at > old.starts_at)
  execute function codex.tg_alert_silences__release();

create or replace function codex.release_held_deliveries(
  p_workspace_id uuid, p_people integer default 500,
  out released integer, out digested integer, out held_again integer, out dropped integer
)
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  -- One at a time: what waits for a person leaves together.
  perform codex.lock_tree('notification_deliveries:' || p_workspace_id);
  with waiting as materialized (
    select id, user_id, notification_id, created_at
    from codex.notification_deliveries
    where workspace_id = p_workspace_id and held_until <= now()
    -- Those of a person side by side; and no more than one call has time for, or a long line would be begun anew
    -- each time.
    order by held_until, user_id, created_at, id
    limit 5000
  ), people as (
    select distinct user_id from waiting limit p_people
  ), due as materialized (
    select d.id, d.user_id, d.created_at,
      case
        when n.read_at is not null or n.archived_at is not null then 'read elsewhere'
        when n.expires_at <= now() then 'expired'
        when m.removed_at is not null then 'no longer a member'
        when a.status in ('resolved', 'dismissed') then 'its alert has ended'
        when plan.channels = '{}' or n.channel <> 'email' and not 'email' = any (plan.channels)
          then 'no longer wanted'
      end as reason,
      -- The quiet hours as they are now; what a digest waited for is over.
      case when p.user_id is null then now()
        else codex.quiet_until(p.quiet_hours, coalesce(p.time_zone, u.time_zone), now())
      end as deliver_at
    from people
    join waiting d on d.user_id = people.user_id
    join codex.user_workspaces m on m.workspace_id = p_workspace_id and m.user_id = d.user_id
    -- By its key: joined freely, the planner may read a person's whole inbox for each.
    cross join lateral (
      select *
      from codex.user_notifications
      where workspace_id = p_workspace_id and user_id = d.user_id and id = d.notification_id
      limit 1
    ) n
    left join codex.system_alerts a on a.workspace_id = p_workspace_id and a.id = n.alert_id
    left join codex.notification_preferences p
      on p.workspace_id = p_workspace_id and p.user_id = d.user_id
    left join codex.user_profiles u on u.id = d.user_id
    cross join lateral codex.plan_delivery(coalesce(p.channels, '{}'), '[]', 'off', 'UTC',
      n.category, n.priority, now()) plan
  ), numbered as (
    select id, user_id, reason, deliver_at, created_at,
      -- A hundred to a letter: of thousands, with long texts, none could be written or sent.
      (row_number() over (
        partition by user_id, reason is null and deliver_at <= now()
        order by created_at, id
      ) - 1) / 100 as letter
    from due
  ), fates as (
    select id, reason, deliver_at,
      case
        when reason is not null then 'dropped'
        when deliver_at > now() then 'held'
        when row_number() over leaving = 1 then 'released'
        else 'digested'
      end as fate,
      first_value(id) over leaving as head
    from numbered
    window leaving as (
      partition by user_id, reason is null and deliver_at <= now(), letter
      order by created_at, id
    )
  ), changed as (
    update codex.notification_deliveries d
    set state = case when f.fate in ('dropped', 'digested') then f.fate else d.state end,
      held_until = case f.fate when 'held' then f.deliver_at end,
      digest_id = case f.fate when 'digested' then f.head end,
      last_error = f.reason,
      ended_at = case f.fate when 'dropped' then now() end,
      next_attempt_at = now()
    from fates f
    where d.workspace_id = p_workspace_id and d.id = f.id and d.state = 'pending'
    returning f.fate
  )
  select count(*) filter (where fate = 'released'), count(*) filter (where fate = 'digested'),
    count(*) filter (where fate = 'held'), count(*) filter (where fate = 'dropped')
  into released, digested, held_again, dropped
  from changed;
end
$$;

-- Fuzzy: for each word, whatever is one letter away from it, and what begins with it. The index then
-- needs to hold words alone. It holds no stop words, so that they are passed over, unless there is nothing else.
create or replace function codex.signal_query(p_query text, p_mode text) returns tsquery
language sql immutable parallel safe set search_path = '' as $$
  select case p_mode
    when 'text' then websearch_to_tsquery('pg_catalog.english', p_query)
    else (
      select string_agg(one.alternatives, '&')::tsquery
      from (
        select word, char_length(word) as letters
        from (
          select word, place, ts_lexize('pg_catalog.english_stem', word) = '{}' as is_stop,
            bool_and(ts_lexize('pg_catalog.english_stem', word) = '{}') over () as is_all
          from regexp_split_to_table(lower(p_query), '\W+') with ordinality as w (word, place)
          where char_length(word) between 1 and 40
        ) asked
        where is_all or not is_stop
        order by place
        limit 8
      ) given
      cross join lateral (
        select '(' || string_agg(distinct alternative, '|') || ')' as alternatives
        from (
          select format('''%s''', lexeme) as alternative
          from (
            select given.word
            union all
            select left(given.word, at - 1) || substr(given.word, at + 1)
            from generate_series(1, given.letters) as at
            where given.letters >= 4
            union all
            select left(given.word, at - 1) || substr(given.word, at + 1, 1)
              || substr(given.word, at, 1) || substr(given.word, at + 2)
            from generate_series(1, given.letters - 1) as at
            where given.letters >= 4
            union all
            select left(given.word, at) || letter || substr(given.word, at + skipped + 1)
            from generate_series(0, given.letters) as at,
              regexp_split_to_table('abcdefghijklmnopqrstuvwxyz0123456789', '') as letter,
              (values (0), (1)) as skip (skipped)
            where given.letters >= 4
          ) near (form)
          cross join lateral unnest(ts_lexize('pg_catalog.english_stem', form)) as lexeme
          where lexeme <> ''
          union
          select format('''%s'':*', given.word) where given.letters >= 3
        ) found
      ) one
    )
  end
$$;

-- Alerts of insights that had ended before 040, which ends them together, stayed open for good.
do $$
declare
  v_workspace uuid;
  v_row_security text := current_setting('row_security');
begin
  -- set_service_context looks as codex_definer, whom policies hold; off, they are an error and no filter.
  perform set_config('row_security', 'on', true);
  for v_workspace in
    select distinct i.workspace_id
    from codex.market_insights i
    join codex.system_alerts a
      on a.workspace_id = i.workspace_id and a.dedup_key = 'insight.stale:' || i.id
    where i.status in ('superseded', 'retracted', 'archived') and i.stale_alerted_at is not null
      and a.status in ('active', 'acknowledged')
    order by i.workspace_id
  loop
    perform codex.set_service_context(v_workspace);
    update codex.system_alerts
    set status = 'resolved'
    where workspace_id = v_workspace and id in (
      select a.id
      from codex.market_insights i
      join codex.system_alerts a
        on a.workspace_id = v_workspace and a.dedup_key = 'insight.stale:' || i.id
      where i.workspace_id = v_workspace and i.status in ('superseded', 'retracted', 'archived')
        and i.stale_alerted_at is not null and a.status in ('active', 'acknowledged')
      order by a.id
      for no key update of a
    );
  end loop;
  perform set_config('row_security', v_row_security, true);
end
$$;
