--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: codex; Type: SCHEMA; Schema: -; Owner: codex_owner
--

CREATE SCHEMA codex;

ALTER SCHEMA codex OWNER TO codex_owner;

--
-- Name: SCHEMA codex; Type: COMMENT; Schema: -; Owner: codex_owner
--

COMMENT ON SCHEMA codex IS 'Codex: one marketing-strategy product for many workspaces.';

--
-- Name: accept_invitation(uuid, text, uuid); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.accept_invitation(p_workspace_id uuid, p_secret text, p_user_id uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_invitation codex.workspace_invitations;
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    execute format('set local codex.user_id = %L', '');
    select * into v_invitation
    from codex.workspace_invitations
    where workspace_id = p_workspace_id
      and token_hash = sha256(convert_to(p_secret, 'UTF8'))
    for no key update;
  end if;
  -- Sent again by the same person, whose first answer was lost: it is done.
  if v_invitation.accepted_by = p_user_id then
    perform codex.set_context(p_workspace_id, p_user_id);
    return p_workspace_id;
  end if;
  if v_invitation.id is null or v_invitation.accepted_at is not null
    or v_invitation.revoked_at is not null or v_invitation.expires_at <= now()
  then
    raise exception 'this invitation is unknown, used, revoked or expired' using errcode = 'KX008';
  end if;
  -- Whoever is a member already keeps the higher of both roles.
  insert into codex.user_workspaces as m (workspace_id, user_id, role, display_name, avatar_url)
  select p_workspace_id, id, v_invitation.role, display_name, avatar_url
  from codex.user_profiles
  where id = p_user_id and erased_at is null
  on conflict (workspace_id, user_id) do update set
    removed_at = null,
    role = case
      when m.removed_at is null and codex.role_rank(m.role) > codex.role_rank(excluded.role)
        then m.role
      else excluded.role
    end;
  if not found then
    raise exception 'no such person' using errcode = 'KX008';
  end if;
  update codex.workspace_invitations
  set accepted_at = now(), accepted_by = p_user_id
  where workspace_id = p_workspace_id and id = v_invitation.id;
  perform codex.set_context(p_workspace_id, p_user_id);
  return p_workspace_id;
end
$$;

ALTER FUNCTION codex.accept_invitation(p_workspace_id uuid, p_secret text, p_user_id uuid) OWNER TO codex_definer;

--
-- Name: FUNCTION accept_invitation(p_workspace_id uuid, p_secret text, p_user_id uuid); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.accept_invitation(p_workspace_id uuid, p_secret text, p_user_id uuid) IS 'Makes a person a member by an invitation''s token, given as its two halves, and sets their context. Again by the same person it changes nothing. KX008 when it is unknown, used by another, revoked or expired.';

--
-- Name: access_ended(uuid[], uuid[], uuid[]); Type: FUNCTION; Schema: codex; Owner: codex_reader
--

CREATE FUNCTION codex.access_ended(p_workspace_ids uuid[], p_user_ids uuid[], p_key_ids uuid[]) RETURNS SETOF integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select holder.place::integer
  from unnest(p_workspace_ids, p_user_ids, p_key_ids) with ordinality
    as holder (workspace_id, user_id, key_id, place)
  where (
    holder.user_id is not null and not exists (
      select from codex.user_workspaces m
      where m.workspace_id = holder.workspace_id and m.user_id = holder.user_id
        and m.removed_at is null
    )
  ) or (
    holder.key_id is not null and not exists (
      select from codex.api_keys k
      where k.workspace_id = holder.workspace_id and k.id = holder.key_id
        and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    )
  ) or (holder.user_id is null and holder.key_id is null)
$$;

ALTER FUNCTION codex.access_ended(p_workspace_ids uuid[], p_user_ids uuid[], p_key_ids uuid[]) OWNER TO codex_reader;

--
-- Name: FUNCTION access_ended(p_workspace_ids uuid[], p_user_ids uuid[], p_key_ids uuid[]); Type: COMMENT; Schema: codex; Owner: codex_reader
--

COMMENT ON FUNCTION codex.access_ended(p_workspace_ids uuid[], p_user_ids uuid[], p_key_ids uuid[]) IS 'Places, from 1, of those who may no longer be in their workspace: the member has left, or the key is revoked or expired. For a server that holds streams for many.';

--
-- Name: acknowledge_alert(uuid, uuid); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.acknowledge_alert(p_workspace_id uuid, p_alert_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_status text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  select status into v_status
  from codex.system_alerts
  where workspace_id = p_workspace_id and id = p_alert_id
  for no key update;
  if v_status is null then
    raise exception 'no such alert' using errcode = 'KX008';
  elsif v_status <> 'acknowledged' then
    update codex.system_alerts
    set status = 'acknowledged'
    where workspace_id = p_workspace_id and id = p_alert_id;
  end if;
end
$$;

ALTER FUNCTION codex.acknowledge_alert(p_workspace_id uuid, p_alert_id uuid) OWNER TO codex_owner;

--
-- Name: FUNCTION acknowledge_alert(p_workspace_id uuid, p_alert_id uuid); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.acknowledge_alert(p_workspace_id uuid, p_alert_id uuid) IS 'The acting person takes an alert on; once more changes nothing. KX008 unknown, KX002 when it is resolved or dismissed, KX010 below analyst.';

--
-- Name: acting_agent_id(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.acting_agent_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select case
    when nullif(pg_catalog.current_setting('codex.user_id', true), '') is null
      then nullif(pg_catalog.current_setting('codex.agent_id', true), '')::pg_catalog.uuid
  end
$$;

ALTER FUNCTION codex.acting_agent_id() OWNER TO codex_owner;

--
-- Name: FUNCTION acting_agent_id(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.acting_agent_id() IS 'Agent this transaction acts as (an API key of an agent), or null.';

--
-- Name: acting_user_id(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.acting_user_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select nullif(pg_catalog.current_setting('codex.user_id', true), '')::pg_catalog.uuid
$$;

ALTER FUNCTION codex.acting_user_id() OWNER TO codex_owner;

--
-- Name: FUNCTION acting_user_id(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.acting_user_id() IS 'Person this transaction acts as, or null for an agent and for background work: the author of a row.';

--
-- Name: add_performance(uuid, uuid, uuid, text, bigint, bigint, bigint, bigint); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.add_performance(p_workspace_id uuid, p_agent_id uuid, p_assignment_id uuid, p_outcome text, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_succeeded integer := (p_outcome = 'succeeded')::integer;
  v_failed integer := (p_outcome = 'failed')::integer;
  v_duration_ms bigint := p_duration_ms * (v_succeeded + v_failed);
  v_bucket integer := codex.duration_bucket(p_duration_ms);
  v_durations bigint[] := array_fill(0::bigint, array[97]);
begin
  perform codex.require_workspace(p_workspace_id);
  -- A run that was cancelled is no success and no failure, but its tokens were paid for.
  v_durations[v_bucket] := v_succeeded + v_failed;
  insert into codex.agent_performance as p (workspace_id, agent_id, hour, execution_count,
    success_count, failure_count, input_tokens_count, output_tokens_count, cost_micros,
    total_duration_ms, min_duration_ms, max_duration_ms, durations)
  values (p_workspace_id, p_agent_id, date_trunc('hour', now(), 'UTC'), v_succeeded + v_failed,
    v_succeeded, v_failed, p_input_tokens, p_output_tokens, p_cost_micros, v_duration_ms,
    case when v_succeeded + v_failed = 1 then p_duration_ms end,
    case when v_succeeded + v_failed = 1 then p_duration_ms end, v_durations)
  on conflict (workspace_id, agent_id, hour) do update set
    execution_count = p.execution_count + excluded.execution_count,
    success_count = p.success_count + excluded.success_count,
    failure_count = p.failure_count + excluded.failure_count,
    input_tokens_count = p.input_tokens_count + excluded.input_tokens_count,
    output_tokens_count = p.output_tokens_count + excluded.output_tokens_count,
    cost_micros = p.cost_micros + excluded.cost_micros,
    total_duration_ms = p.total_duration_ms + excluded.total_duration_ms,
    min_duration_ms = least(p.min_duration_ms, excluded.min_duration_ms),
    max_duration_ms = greatest(p.max_duration_ms, excluded.max_duration_ms),
    durations[v_bucket] = p.durations[v_bucket] + v_succeeded + v_failed;
  update codex.agent_assignments
  set tasks_completed_count = tasks_completed_count + v_succeeded,
    tasks_failed_count = tasks_failed_count + v_failed,
    tokens_count = tokens_count + p_input_tokens + p_output_tokens,
    cost_micros = cost_micros + p_cost_micros
  where workspace_id = p_workspace_id and id = p_assignment_id;
end
$$;

ALTER FUNCTION codex.add_performance(p_workspace_id uuid, p_agent_id uuid, p_assignment_id uuid, p_outcome text, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) OWNER TO codex_definer;

--
-- Name: FUNCTION add_performance(p_workspace_id uuid, p_agent_id uuid, p_assignment_id uuid, p_outcome text, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.add_performance(p_workspace_id uuid, p_agent_id uuid, p_assignment_id uuid, p_outcome text, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) IS 'Counts one run (succeeded, failed or cancelled) in the agent''s hour, its duration in the histogram, and on its assignment. For the functions and triggers that know that it is counted once.';

--
-- Name: are_pillars(jsonb); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.are_pillars(p_pillars jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  select case
    when jsonb_typeof(p_pillars) <> 'array' then false
    else not exists (
      select
      from jsonb_array_elements(p_pillars) as pillar
      where jsonb_typeof(pillar) <> 'object'
        or coalesce(pillar ->> 'claim', '') = ''
        or case
          when jsonb_typeof(pillar -> 'proofPoints') is distinct from 'array' then true
          else exists (
            select
            from jsonb_array_elements(pillar -> 'proofPoints') as proof
            where coalesce(proof ->> 'text', '') = '' or coalesce(proof ->> 'source', '') = ''
          )
        end
    )
  end
$$;

ALTER FUNCTION codex.are_pillars(p_pillars jsonb) OWNER TO codex_owner;

--
-- Name: FUNCTION are_pillars(p_pillars jsonb); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.are_pillars(p_pillars jsonb) IS 'Whether the value is an array of pillars, each with a claim and proof points that name their source.';

--
-- Name: calculate_move_success_rate(); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.calculate_move_success_rate() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_change record;
begin
  if not exists (
    select from codex.workspaces where id = coalesce(new.workspace_id, old.workspace_id)
  ) then
    return null;
  end if;
  for v_change in
    select side.user_id,
      sum(side.sign) as created,
      sum(case when side.status in ('complete', 'killed') then side.sign else 0 end) as executed,
      sum(case when side.status = 'complete' then side.sign else 0 end) as successful
    from (values (1, new.owner_id, new.status), (-1, old.owner_id, old.status))
      as side (sign, user_id, status)
    where side.user_id is not null
    group by side.user_id
    -- In the same order for everybody, so that two changes of owner cannot wait for each other.
    order by side.user_id
  loop
    insert into codex.user_stats as s (workspace_id, user_id)
    values (coalesce(new.workspace_id, old.workspace_id), v_change.user_id)
    on conflict (workspace_id, user_id) do nothing;
    update codex.user_stats s
    set moves_created = s.moves_created + v_change.created,
      moves_executed = s.moves_executed + v_change.executed,
      moves_successful = s.moves_successful + v_change.successful,
      move_success_rate_percentage = round(
        100.0 * (s.moves_successful + v_change.successful)
        / nullif(s.moves_executed + v_change.executed, 0))
    where s.workspace_id = coalesce(new.workspace_id, old.workspace_id)
      and s.user_id = v_change.user_id;
  end loop;
  return null;
end
$$;

ALTER FUNCTION codex.calculate_move_success_rate() OWNER TO codex_definer;

--
-- Name: FUNCTION calculate_move_success_rate(); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.calculate_move_success_rate() IS 'AFTER INSERT, DELETE OR UPDATE OF owner_id, status on moves: keeps the owner''s moves and their success rate in that workspace.';

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: agent_executions; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.agent_executions (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    assignment_id uuid NOT NULL,
    status text DEFAULT 'queued'::text NOT NULL,
    priority text DEFAULT 'normal'::text NOT NULL,
    priority_rank integer GENERATED ALWAYS AS (
CASE priority
    WHEN 'critical'::text THEN 4
    WHEN 'high'::text THEN 3
    WHEN 'normal'::text THEN 2
    ELSE 1
END) STORED NOT NULL,
    conflict_key text DEFAULT ''::text NOT NULL,
    input jsonb DEFAULT '{}'::jsonb NOT NULL,
    output jsonb,
    error text,
    attempts_count integer DEFAULT 0 NOT NULL,
    attempts_max integer DEFAULT 3 NOT NULL,
    available_at timestamp with time zone DEFAULT now() NOT NULL,
    timeout_ms bigint,
    lane integer,
    instance text,
    fencing_token bigint DEFAULT 0 NOT NULL,
    lease_ms integer,
    lease_expires_at timestamp with time zone,
    heartbeat_at timestamp with time zone,
    deadline_at timestamp with time zone,
    cancel_requested_at timestamp with time zone,
    cancel_reason text,
    input_tokens_count bigint DEFAULT 0 NOT NULL,
    output_tokens_count bigint DEFAULT 0 NOT NULL,
    cost_micros bigint DEFAULT 0 NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    retry_of_id uuid,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_executions_attempts_in_range_check CHECK ((((attempts_max >= 1) AND (attempts_max <= 20)) AND ((attempts_count >= 0) AND (attempts_count <= attempts_max)))),
    CONSTRAINT agent_executions_conflict_key_length_check CHECK ((char_length(conflict_key) <= 200)),
    CONSTRAINT agent_executions_cost_not_negative_check CHECK ((cost_micros >= 0)),
    CONSTRAINT agent_executions_fencing_token_not_negative_check CHECK ((fencing_token >= 0)),
    CONSTRAINT agent_executions_finished_iff_over_check CHECK (((status = ANY (ARRAY['queued'::text, 'running'::text])) = (finished_at IS NULL))),
    CONSTRAINT agent_executions_input_is_object_check CHECK ((jsonb_typeof(input) = 'object'::text)),
    CONSTRAINT agent_executions_lane_in_range_check CHECK (((lane >= 1) AND (lane <= 1000))),
    CONSTRAINT agent_executions_lease_in_range_check CHECK (((lease_ms >= 1) AND (lease_ms <= 86400000))),
    CONSTRAINT agent_executions_output_is_object_check CHECK ((jsonb_typeof(output) = 'object'::text)),
    CONSTRAINT agent_executions_output_of_success_check CHECK (((output IS NULL) OR (status = 'succeeded'::text))),
    CONSTRAINT agent_executions_priority_check CHECK ((priority = ANY (ARRAY['low'::text, 'normal'::text, 'high'::text, 'critical'::text]))),
    CONSTRAINT agent_executions_running_iff_leased_check CHECK ((((status = 'running'::text) = (lane IS NOT NULL)) AND ((status = 'running'::text) = (lease_expires_at IS NOT NULL)) AND ((status = 'running'::text) = (lease_ms IS NOT NULL)))),
    CONSTRAINT agent_executions_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text, 'timed_out'::text]))),
    CONSTRAINT agent_executions_timeout_in_range_check CHECK (((timeout_ms >= 1) AND (timeout_ms <= 604800000))),
    CONSTRAINT agent_executions_tokens_not_negative_check CHECK (((input_tokens_count >= 0) AND (output_tokens_count >= 0)))
);

ALTER TABLE ONLY codex.agent_executions FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.agent_executions OWNER TO codex_owner;

--
-- Name: TABLE agent_executions; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.agent_executions IS 'One run of an assignment. States: docs/state-machines.md. Written by the functions that enforce its rules.';

--
-- Name: COLUMN agent_executions.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN agent_executions.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN agent_executions.assignment_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.assignment_id IS 'Assignment it is a run of, and by that its agent.';

--
-- Name: COLUMN agent_executions.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.status IS 'queued, running, succeeded, failed, cancelled or timed_out.';

--
-- Name: COLUMN agent_executions.priority; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.priority IS 'low, normal, high or critical.';

--
-- Name: COLUMN agent_executions.priority_rank; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.priority_rank IS 'Order of the priorities by meaning.';

--
-- Name: COLUMN agent_executions.conflict_key; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.conflict_key IS 'What it is about: two of one assignment that are not over and have the same conflict.';

--
-- Name: COLUMN agent_executions.input; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.input IS 'What the agent is given.';

--
-- Name: COLUMN agent_executions.output; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.output IS 'What the agent gave; null unless it succeeded.';

--
-- Name: COLUMN agent_executions.error; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.error IS 'What went wrong last; null when nothing did.';

--
-- Name: COLUMN agent_executions.attempts_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.attempts_count IS 'How often it was claimed.';

--
-- Name: COLUMN agent_executions.attempts_max; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.attempts_max IS 'How often it may be claimed.';

--
-- Name: COLUMN agent_executions.available_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.available_at IS 'When it may be claimed; later than now after a failure.';

--
-- Name: COLUMN agent_executions.timeout_ms; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.timeout_ms IS 'How long one attempt may take in all, in ms; null for no limit.';

--
-- Name: COLUMN agent_executions.lane; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.lane IS 'Which of the assignment''s places it runs in; null unless running.';

--
-- Name: COLUMN agent_executions.instance; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.instance IS 'Worker that holds it, if it said who it is.';

--
-- Name: COLUMN agent_executions.fencing_token; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.fencing_token IS 'Number of the lease; a write with an older one is refused.';

--
-- Name: COLUMN agent_executions.lease_ms; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.lease_ms IS 'How long the lease holds after a heartbeat, in ms.';

--
-- Name: COLUMN agent_executions.lease_expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.lease_expires_at IS 'Until when the lease holds without a heartbeat; null unless running.';

--
-- Name: COLUMN agent_executions.heartbeat_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.heartbeat_at IS 'When its worker was last heard of.';

--
-- Name: COLUMN agent_executions.deadline_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.deadline_at IS 'When the attempt has taken too long; null for never.';

--
-- Name: COLUMN agent_executions.cancel_requested_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.cancel_requested_at IS 'When its worker was asked to stop.';

--
-- Name: COLUMN agent_executions.cancel_reason; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.cancel_reason IS 'Why it was cancelled.';

--
-- Name: COLUMN agent_executions.input_tokens_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.input_tokens_count IS 'Tokens read, in all attempts.';

--
-- Name: COLUMN agent_executions.output_tokens_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.output_tokens_count IS 'Tokens written, in all attempts.';

--
-- Name: COLUMN agent_executions.cost_micros; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.cost_micros IS 'Cost of all attempts in millionths of a US dollar.';

--
-- Name: COLUMN agent_executions.started_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.started_at IS 'When the last attempt began.';

--
-- Name: COLUMN agent_executions.finished_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.finished_at IS 'When it ended, however it did.';

--
-- Name: COLUMN agent_executions.retry_of_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.retry_of_id IS 'Execution that this one does again.';

--
-- Name: COLUMN agent_executions.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.created_by IS 'Member who started it; null for an agent or background work.';

--
-- Name: COLUMN agent_executions.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.version IS 'Number of the edit; claims, heartbeats and leases do not move it.';

--
-- Name: COLUMN agent_executions.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.created_at IS 'When the row was made.';

--
-- Name: COLUMN agent_executions.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_executions.updated_at IS 'When the row last changed.';

--
-- Name: cancel_execution(uuid, uuid, text); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.cancel_execution(p_workspace_id uuid, p_id uuid, p_reason text DEFAULT NULL::text) RETURNS SETOF codex.agent_executions
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_status text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select status into v_status
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_status is null then
    raise exception 'no such execution' using errcode = 'KX008';
  elsif v_status not in ('queued', 'running') then
    raise exception 'agent_executions.status cannot go from % to cancelled', v_status
      using errcode = 'KX002', detail = 'allowed: none, the state is terminal',
        schema = 'codex', table = 'agent_executions';
  end if;
  return query
    update codex.agent_executions
    set status = case v_status when 'queued' then 'cancelled' else v_status end,
      cancel_requested_at = coalesce(cancel_requested_at, now()),
      cancel_reason = coalesce(p_reason, cancel_reason)
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;

ALTER FUNCTION codex.cancel_execution(p_workspace_id uuid, p_id uuid, p_reason text) OWNER TO codex_definer;

--
-- Name: FUNCTION cancel_execution(p_workspace_id uuid, p_id uuid, p_reason text); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.cancel_execution(p_workspace_id uuid, p_id uuid, p_reason text) IS 'Cancels what is queued, and asks the worker of what runs to stop: its heartbeats say so and no longer extend the lease, after which the execution is cancelled. KX002 when it is over, KX008 unknown, KX010 below creator.';

--
-- Name: claim_executions(uuid, uuid, integer, integer, text); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.claim_executions(p_workspace_id uuid, p_agent_id uuid, p_max integer, p_lease_ms integer, p_instance text DEFAULT NULL::text) RETURNS SETOF codex.agent_executions
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_left integer := p_max;
  v_passed uuid[] := '{}';
  v_assignment record;
  v_lane integer;
  v_claimed codex.agent_executions;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_worker(p_agent_id);
  if p_max is null or p_lease_ms is null or p_max < 1 or p_lease_ms not between 1 and 86400000 then
    raise exception 'claims are 1 and more, their lease 1 ms to a day' using errcode = 'KX011';
  end if;
  if not exists (select from codex.agent_registry where id = p_agent_id and status <> 'retired') then
    raise exception 'no such agent, or it is retired' using errcode = 'KX008';
  end if;
  if p_instance is not null then
    v_left := least(v_left, codex.free_slots(p_workspace_id, p_agent_id, p_instance));
  end if;
  while v_left > 0 loop
    select * into v_assignment
    from codex.next_assignment(p_workspace_id, p_agent_id, v_passed);
    exit when v_assignment.id is null;
    v_lane := codex.take_lane(p_workspace_id, v_assignment.id, v_assignment.lanes);
    v_claimed := null;
    if v_lane is not null then
      update codex.agent_executions
      set status = 'running', lane = v_lane, fencing_token = fencing_token + 1,
        lease_ms = p_lease_ms, instance = p_instance
      where workspace_id = p_workspace_id and id = (
        select e.id
        from codex.agent_executions e
        where e.workspace_id = p_workspace_id and e.assignment_id = v_assignment.id
          and e.status = 'queued' and e.available_at <= now()
        order by e.priority_rank desc, e.created_at, e.id
        limit 1
        for update skip locked
      )
      returning * into v_claimed;
    end if;
    if v_claimed.id is null then
      -- All its lanes are taken, or others are taking what it has.
      v_passed := v_passed || v_assignment.id;
    else
      v_left := v_left - 1;
      return next v_claimed;
    end if;
  end loop;
end
$$;

ALTER FUNCTION codex.claim_executions(p_workspace_id uuid, p_agent_id uuid, p_max integer, p_lease_ms integer, p_instance text) OWNER TO codex_definer;

--
-- Name: FUNCTION claim_executions(p_workspace_id uuid, p_agent_id uuid, p_max integer, p_lease_ms integer, p_instance text); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.claim_executions(p_workspace_id uuid, p_agent_id uuid, p_max integer, p_lease_ms integer, p_instance text) IS 'Gives a worker up to p_max queued executions of an agent, the most urgent first, then the oldest, each to one worker and with a new fencing token: within the lanes of the assignments and the slots of the worker. KX008 for an agent unknown or retired, KX010 for others than the agent, a creator or the service, KX011 for a wrong number.';

--
-- Name: claim_idempotency_key(uuid, text, bytea); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.claim_idempotency_key(p_workspace_id uuid, p_key text, p_request_hash bytea) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_known codex.idempotency_keys;
begin
  perform codex.require_workspace(p_workspace_id);
  -- Tried, not waited for: the other request may take long, and its answer will be there to read.
  if not pg_try_advisory_xact_lock(
    hashtextextended('codex.idempotency_keys:' || p_workspace_id || ':' || p_key, 0))
  then
    raise exception 'a request with this key is under way' using errcode = 'KX014';
  end if;
  select * into v_known
  from codex.idempotency_keys
  where workspace_id = p_workspace_id and key = p_key;
  if v_known.state = 'completed' and v_known.expires_at > now() then
    if v_known.request_hash <> p_request_hash then
      raise exception 'this key belongs to another request' using errcode = 'KX015';
    end if;
    raise exception 'this request is done already' using errcode = 'KX016';
  elsif v_known.key is null then
    insert into codex.idempotency_keys (workspace_id, key, request_hash)
    values (p_workspace_id, p_key, p_request_hash);
  else
    update codex.idempotency_keys
    set request_hash = p_request_hash, state = 'in_progress', response = null,
      expires_at = now() + interval '24 hours'
    where workspace_id = p_workspace_id and key = p_key;
  end if;
end
$$;

ALTER FUNCTION codex.claim_idempotency_key(p_workspace_id uuid, p_key text, p_request_hash bytea) OWNER TO codex_owner;

--
-- Name: FUNCTION claim_idempotency_key(p_workspace_id uuid, p_key text, p_request_hash bytea); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.claim_idempotency_key(p_workspace_id uuid, p_key text, p_request_hash bytea) IS 'Takes a key for the request of this transaction; the result is stored in it before it commits, and an error frees the key. KX014 in flight, KX015 another request, KX016 done already.';

--
-- Name: complete_execution(uuid, uuid, bigint, jsonb, bigint, bigint, bigint); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.complete_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb, p_input_tokens bigint DEFAULT 0, p_output_tokens bigint DEFAULT 0, p_cost_micros bigint DEFAULT 0) RETURNS SETOF codex.agent_executions
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform codex.require_lease(p_workspace_id, p_id, p_fencing_token, 'succeeded');
  return query
    update codex.agent_executions
    set status = 'succeeded', output = p_output, error = null,
      input_tokens_count = input_tokens_count + p_input_tokens,
      output_tokens_count = output_tokens_count + p_output_tokens,
      cost_micros = cost_micros + p_cost_micros
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;

ALTER FUNCTION codex.complete_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) OWNER TO codex_definer;

--
-- Name: FUNCTION complete_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.complete_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) IS 'Ends an execution with what came out, and counts it. KX012 with an old fencing token, and as require_lease.';

--
-- Name: complete_quest(uuid, uuid, text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.complete_quest(p_workspace_id uuid, p_quest_id uuid, p_children text DEFAULT 'require'::text) RETURNS SETOF uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_quest codex.campaign_quests;
  v_open uuid[];
  v_ready uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  if p_children is null or p_children not in ('require', 'cascade', 'detach') then
    raise exception 'children is require, cascade or detach' using errcode = 'KX011';
  end if;
  select * into v_quest
  from codex.campaign_quests
  where workspace_id = p_workspace_id and id = p_quest_id;
  if v_quest.id is null then
    raise exception 'no such quest' using errcode = 'KX008';
  end if;
  perform codex.lock_tree('campaign_quests:' || v_quest.campaign_id);
  with recursive below as (
    select id, status
    from codex.campaign_quests
    where workspace_id = p_workspace_id and campaign_id = v_quest.campaign_id
      and parent_id = p_quest_id
    union all
    select q.id, q.status
    from below
    join codex.campaign_quests q
      on q.workspace_id = p_workspace_id and q.campaign_id = v_quest.campaign_id
      and q.parent_id = below.id
    where p_children = 'cascade'
  )
  select array_agg(id) into v_open from below where status not in ('completed', 'skipped');
  if v_open is not null and p_children = 'require' then
    raise exception 'the quest has parts that are not done'
      using errcode = 'KX007', schema = 'codex', table = 'campaign_quests',
        hint = 'Complete or skip them first, or say what shall become of them.';
  elsif p_children = 'detach' then
    return query
      update codex.campaign_quests
      set parent_id = v_quest.parent_id
      where workspace_id = p_workspace_id and id = any (v_open)
      returning id;
    v_open := null;
  end if;
  v_open := v_open || p_quest_id;
  -- What is blocked or on hold is taken up first: no edge leads from there to completed.
  update codex.campaign_quests
  set status = 'in_progress'
  where workspace_id = p_workspace_id and id = any (v_open) and status in ('blocked', 'on_hold');
  -- In the order of what waits for what; a whole after its parts.
  loop
    select array_agg(q.id) into v_ready
    from codex.campaign_quests q
    where q.workspace_id = p_workspace_id and q.id = any (v_open)
      and not exists (
        select
        from codex.campaign_quests part
        where part.workspace_id = p_workspace_id and part.campaign_id = q.campaign_id
          and part.parent_id = q.id and part.id = any (v_open)
      )
      and not exists (
        select
        from codex.quest_dependencies d
        where d.workspace_id = p_workspace_id and d.campaign_id = q.campaign_id
          and d.quest_id = q.id and d.depends_on_id = any (v_open)
      );
    exit when v_ready is null;
    return query
      update codex.campaign_quests
      set status = 'completed'
      where workspace_id = p_workspace_id and id = any (v_ready) and status <> 'completed'
      returning id;
    v_open := array(select unnest(v_open) except select unnest(v_ready));
  end loop;
  if cardinality(v_open) > 0 then
    raise exception 'parts of the quest wait for the quest itself' using errcode = 'KX007';
  end if;
end
$$;

ALTER FUNCTION codex.complete_quest(p_workspace_id uuid, p_quest_id uuid, p_children text) OWNER TO codex_owner;

--
-- Name: FUNCTION complete_quest(p_workspace_id uuid, p_quest_id uuid, p_children text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.complete_quest(p_workspace_id uuid, p_quest_id uuid, p_children text) IS 'Completes a quest and gives the ids that changed. Open parts: require refuses (KX007), cascade completes them too, detach hands them to the quest above. KX008 unknown, KX010 below creator, KX011 another word, KX002 from a state that cannot be completed.';

--
-- Name: covers_scope(text[], text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.covers_scope(p_scopes text[], p_scope text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select p_scopes operator(pg_catalog.&&) array[
    p_scope,
    pg_catalog.split_part(p_scope, ':', 1) operator(pg_catalog.||) ':*',
    '*:' operator(pg_catalog.||) pg_catalog.split_part(p_scope, ':', 2),
    '*:*']
$$;

ALTER FUNCTION codex.covers_scope(p_scopes text[], p_scope text) OWNER TO codex_owner;

--
-- Name: FUNCTION covers_scope(p_scopes text[], p_scope text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.covers_scope(p_scopes text[], p_scope text) IS 'Whether the scopes of a key hold one: "<area>:read" or "<area>:write" itself, "<area>:*", "*:read" or "*:*".';

--
-- Name: create_insight_from_signals(uuid, uuid[], text, text, text[]); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.create_insight_from_signals(p_workspace_id uuid, p_signal_ids uuid[], p_title text, p_insight_type text, p_conclusions text[] DEFAULT '{}'::text[]) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_ids uuid[] := array(select distinct id from unnest(p_signal_ids) as id where id is not null);
  v_evidence jsonb;
  v_unusable integer;
  v_confidence integer;
  v_insight_id uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  if cardinality(v_ids) = 0 then
    raise exception 'an insight needs at least one signal' using errcode = 'KX011';
  end if;
  -- In the same order for everybody, so that two insights over the same signals cannot deadlock.
  perform from codex.intelligence_signals
  where workspace_id = p_workspace_id and id = any (v_ids)
  order by id
  for no key update;
  with signal as (
    select id, data_source,
      codex.decayed_confidence(confidence, last_seen_at, half_life_hours, now()) as confidence,
      status in ('dismissed', 'archived') or expires_at <= now() as unusable
    from codex.intelligence_signals
    where workspace_id = p_workspace_id and id = any (v_ids)
  ), independent as (
    -- Two signals of one source may repeat each other: of these only the surest counts.
    select max(confidence) as confidence from signal group by coalesce(data_source, id::text)
  )
  select jsonb_agg(jsonb_build_object('signalId', id, 'confidence', confidence) order by id),
    count(*) filter (where unusable),
    (select round(100 * (1 - exp(sum(ln(greatest(1 - confidence / 100, 1e-6)))))) from independent)
  into v_evidence, v_unusable, v_confidence
  from signal;
  if coalesce(jsonb_array_length(v_evidence), 0) < cardinality(v_ids) then
    raise exception 'a signal is unknown here' using errcode = 'KX008';
  elsif v_unusable > 0 then
    raise exception '% of the signals are dismissed, archived or expired', v_unusable
      using errcode = 'KX007';
  end if;
  insert into codex.market_insights
    (workspace_id, title, insight_type, conclusions, evidence, confidence, status)
  values (p_workspace_id, p_title, p_insight_type, coalesce(p_conclusions, '{}'), v_evidence,
    v_confidence, 'active')
  returning id into v_insight_id;
  update codex.intelligence_signals
  set status = 'actioned'
  where workspace_id = p_workspace_id and id = any (v_ids) and status in ('new', 'acknowledged');
  return v_insight_id;
end
$$;

ALTER FUNCTION codex.create_insight_from_signals(p_workspace_id uuid, p_signal_ids uuid[], p_title text, p_insight_type text, p_conclusions text[]) OWNER TO codex_owner;

--
-- Name: FUNCTION create_insight_from_signals(p_workspace_id uuid, p_signal_ids uuid[], p_title text, p_insight_type text, p_conclusions text[]); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.create_insight_from_signals(p_workspace_id uuid, p_signal_ids uuid[], p_title text, p_insight_type text, p_conclusions text[]) IS 'Publishes an insight that rests on the signals, with their present confidence frozen as evidence, and marks them actioned. Its confidence is 1 − Π(1 − cᵢ), with one cᵢ per data source. KX011 without signals, KX008 for a signal that is unknown here, KX007 for one that is dismissed, archived or expired.';

--
-- Name: create_stream_ticket(uuid, uuid, bytea); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.create_stream_ticket(p_workspace_id uuid, p_id uuid, p_ticket_hash bytea, OUT valid_until timestamp with time zone, OUT last_number bigint) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform codex.require_workspace(p_workspace_id);
  -- Those that nobody took: whoever makes one tidies up.
  delete from codex.stream_tickets
  where workspace_id = p_workspace_id and expires_at <= now();
  insert into codex.stream_tickets (workspace_id, id, ticket_hash, user_id, agent_id, api_key_id)
  values (
    p_workspace_id, p_id, p_ticket_hash, codex.acting_user_id(), codex.acting_agent_id(),
    nullif(current_setting('codex.api_key_id', true), '')::uuid)
  returning expires_at into valid_until;
  -- Where a stream that begins now goes on from: what has happened is behind it, what comes is not.
  last_number := codex.number_events(p_workspace_id);
end
$$;

ALTER FUNCTION codex.create_stream_ticket(p_workspace_id uuid, p_id uuid, p_ticket_hash bytea, OUT valid_until timestamp with time zone, OUT last_number bigint) OWNER TO codex_definer;

--
-- Name: FUNCTION create_stream_ticket(p_workspace_id uuid, p_id uuid, p_ticket_hash bytea, OUT valid_until timestamp with time zone, OUT last_number bigint); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.create_stream_ticket(p_workspace_id uuid, p_id uuid, p_ticket_hash bytea, OUT valid_until timestamp with time zone, OUT last_number bigint) IS 'Keeps the hash of a ticket for whoever acts, valid for 30 seconds, and gives the number of the last event there is by then. KX003 for another workspace.';

--
-- Name: create_system_alert(uuid, text, text, text, text, text, uuid, uuid, uuid, uuid, uuid, jsonb, timestamp with time zone); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.create_system_alert(p_workspace_id uuid, p_alert_type text, p_severity text, p_title text, p_description text DEFAULT ''::text, p_dedup_key text DEFAULT NULL::text, p_agent_id uuid DEFAULT NULL::uuid, p_signal_id uuid DEFAULT NULL::uuid, p_campaign_id uuid DEFAULT NULL::uuid, p_cohort_id uuid DEFAULT NULL::uuid, p_move_id uuid DEFAULT NULL::uuid, p_data_points jsonb DEFAULT '{}'::jsonb, p_expires_at timestamp with time zone DEFAULT NULL::timestamp with time zone, OUT alert_id uuid, OUT outcome text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_count bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  insert into codex.system_alerts as a (workspace_id, dedup_key, alert_type, severity, title,
    description, triggered_by_agent_id, signal_id, campaign_id, cohort_id, move_id, data_points,
    expires_at)
  values (
    p_workspace_id,
    coalesce(p_dedup_key, encode(sha256(convert_to(concat_ws('|', p_alert_type, p_title,
      p_signal_id, p_campaign_id, p_cohort_id, p_move_id), 'UTF8')), 'hex')),
    p_alert_type, p_severity, p_title, coalesce(p_description, ''),
    coalesce(p_agent_id, codex.acting_agent_id()), p_signal_id, p_campaign_id, p_cohort_id,
    p_move_id, coalesce(p_data_points, '{}'), p_expires_at)
  on conflict (workspace_id, dedup_key) where status in ('active', 'acknowledged') do update set
    occurrence_count = a.occurrence_count + 1,
    last_occurred_at = greatest(a.last_occurred_at, excluded.last_occurred_at),
    data_points = excluded.data_points,
    severity = case
      when codex.severity_rank(excluded.severity) > codex.severity_rank(a.severity)
        then excluded.severity
      else a.severity
    end
  returning a.id, a.occurrence_count into alert_id, v_count;
  outcome := case v_count when 1 then 'opened' else 'updated' end;
end
$$;

ALTER FUNCTION codex.create_system_alert(p_workspace_id uuid, p_alert_type text, p_severity text, p_title text, p_description text, p_dedup_key text, p_agent_id uuid, p_signal_id uuid, p_campaign_id uuid, p_cohort_id uuid, p_move_id uuid, p_data_points jsonb, p_expires_at timestamp with time zone, OUT alert_id uuid, OUT outcome text) OWNER TO codex_definer;

--
-- Name: FUNCTION create_system_alert(p_workspace_id uuid, p_alert_type text, p_severity text, p_title text, p_description text, p_dedup_key text, p_agent_id uuid, p_signal_id uuid, p_campaign_id uuid, p_cohort_id uuid, p_move_id uuid, p_data_points jsonb, p_expires_at timestamp with time zone, OUT alert_id uuid, OUT outcome text); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.create_system_alert(p_workspace_id uuid, p_alert_type text, p_severity text, p_title text, p_description text, p_dedup_key text, p_agent_id uuid, p_signal_id uuid, p_campaign_id uuid, p_cohort_id uuid, p_move_id uuid, p_data_points jsonb, p_expires_at timestamp with time zone, OUT alert_id uuid, OUT outcome text) IS 'Opens an alert, or counts one more occurrence of the unresolved one with the same key (made from type, title and links when not given); severity rises with it. For members from analyst on, agents and the service, without borrowing a person. Gives the id and opened or updated. KX010 below analyst.';

--
-- Name: create_workspace(uuid, uuid, text, text, text); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.create_workspace(p_workspace_id uuid, p_user_id uuid, p_name text, p_slug text, p_time_zone text DEFAULT 'UTC'::text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if p_workspace_id is null then
    raise exception 'a workspace needs an id' using errcode = 'KX011';
  end if;
  perform codex.require_time_zone(p_time_zone);
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

ALTER FUNCTION codex.create_workspace(p_workspace_id uuid, p_user_id uuid, p_name text, p_slug text, p_time_zone text) OWNER TO codex_definer;

--
-- Name: FUNCTION create_workspace(p_workspace_id uuid, p_user_id uuid, p_name text, p_slug text, p_time_zone text); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.create_workspace(p_workspace_id uuid, p_user_id uuid, p_name text, p_slug text, p_time_zone text) IS 'Makes a workspace, its slug and its owner, and leaves the transaction in the owner''s context. KX008 when there is no such person; unique violation workspace_slugs_pkey when the slug is taken.';

--
-- Name: current_role_at_least(text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.current_role_at_least(p_role text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select coalesce(
    nullif(pg_catalog.current_setting('codex.member_rank', true), '')::pg_catalog.int4,
    codex.raise_missing_rank()) >= codex.role_rank(p_role)
$$;

ALTER FUNCTION codex.current_role_at_least(p_role text) OWNER TO codex_owner;

--
-- Name: FUNCTION current_role_at_least(p_role text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.current_role_at_least(p_role text) IS 'Whether the member of this transaction has the role or a higher one; KX001 without a context.';

--
-- Name: current_user_id(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.current_user_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select coalesce(
    nullif(pg_catalog.current_setting('codex.user_id', true), '')::pg_catalog.uuid,
    codex.raise_missing_context())
$$;

ALTER FUNCTION codex.current_user_id() OWNER TO codex_owner;

--
-- Name: FUNCTION current_user_id(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.current_user_id() IS 'Person this transaction acts as; KX001 when there is none (background work, an agent).';

--
-- Name: current_workspace_id(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.current_workspace_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select coalesce(
    nullif(pg_catalog.current_setting('codex.workspace_id', true), '')::pg_catalog.uuid,
    codex.raise_missing_context())
$$;

ALTER FUNCTION codex.current_workspace_id() OWNER TO codex_owner;

--
-- Name: FUNCTION current_workspace_id(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.current_workspace_id() IS 'Workspace of this transaction; KX001 when none is set.';

--
-- Name: decayed_confidence(integer, timestamp with time zone, integer, timestamp with time zone); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.decayed_confidence(p_confidence integer, p_last_seen_at timestamp with time zone, p_half_life_hours integer, p_as_of timestamp with time zone) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  select round((
    p_confidence * power(2::double precision, -least(1000::double precision, greatest(
      0::double precision,
      extract(epoch from p_as_of - p_last_seen_at)::double precision / 3600 / p_half_life_hours)))
  )::numeric, 4)
$$;

ALTER FUNCTION codex.decayed_confidence(p_confidence integer, p_last_seen_at timestamp with time zone, p_half_life_hours integer, p_as_of timestamp with time zone) OWNER TO codex_owner;

--
-- Name: FUNCTION decayed_confidence(p_confidence integer, p_last_seen_at timestamp with time zone, p_half_life_hours integer, p_as_of timestamp with time zone); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.decayed_confidence(p_confidence integer, p_last_seen_at timestamp with time zone, p_half_life_hours integer, p_as_of timestamp with time zone) IS 'Confidence, 0 to 100, that is left at an instant: halved with each half-life since the signal was last seen.';

--
-- Name: describe_schema(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.describe_schema() RETURNS TABLE(object text, detail text)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select 'schema codex',
    format('owner %s, grants %s, comment %s', n.nspowner::regrole,
      (
        select string_agg(
          format('%s to %s', lower(x.privilege_type), x.grantee::regrole), ', '
          order by x.grantee::regrole::text, x.privilege_type)
        from aclexplode(n.nspacl) x
        where x.grantee <> n.nspowner
      ),
      obj_description(n.oid, 'pg_namespace'))
  from pg_catalog.pg_namespace n
  where n.nspname = 'codex'
  union all
  select format('default privileges of %s on %s', d.defaclrole::regrole, d.defaclobjtype),
    coalesce((
      select string_agg(
        format('%s to %s', lower(x.privilege_type),
          case x.grantee when 0 then 'public' else x.grantee::regrole::text end), ', '
        order by x.grantee, x.privilege_type)
      from aclexplode(d.defaclacl) x
    ), 'none')
  from pg_catalog.pg_default_acl d
  where d.defaclrole = (select nspowner from pg_catalog.pg_namespace where nspname = 'codex')
  union all
  select format('function %s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
    concat_ws('; ',
      pg_get_function_arguments(p.oid),
      'returns ' || pg_get_function_result(p.oid),
      l.lanname, p.provolatile, p.proparallel,
      case when p.proisstrict then 'strict' end,
      case when p.prosecdef then 'security definer' end,
      'owner ' || p.proowner::regrole,
      array_to_string(p.proconfig, ', '),
      'body ' || md5(p.prosrc),
      (
        select 'execute to ' || string_agg(
          case x.grantee when 0 then 'public' else x.grantee::regrole::text end, ', '
          order by x.grantee::regrole::text)
        from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
        where x.grantee <> p.proowner
      ),
      'comment ' || obj_description(p.oid, 'pg_proc'))
  from pg_catalog.pg_proc p
  join pg_catalog.pg_language l on l.oid = p.prolang
  where p.pronamespace = (select oid from pg_catalog.pg_namespace where nspname = 'codex')
  union all
  select format('%s of %s', t.object, c.relname), t.detail
  from pg_catalog.pg_class c
  cross join lateral codex.describe_table(c.oid) t
  where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'codex')
    and c.relkind in ('r', 'p', 'v', 'm')
$$;

ALTER FUNCTION codex.describe_schema() OWNER TO codex_owner;

--
-- Name: FUNCTION describe_schema(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.describe_schema() IS 'What the catalog says of the whole schema: describe_table of each table, the functions and the privileges. Its sorted lines are the fingerprint of the database.';

--
-- Name: describe_table(regclass); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.describe_table(p_table regclass) RETURNS TABLE(object text, detail text)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  -- One line each: the server breaks the longer expressions into several.
  select line.object, regexp_replace(line.detail, '\s+', ' ', 'g')
  from (
    select 'table',
      format('owner %s, row security %s', c.relowner::regrole,
        case
          when c.relforcerowsecurity and c.relrowsecurity then 'enabled and forced'
          when c.relrowsecurity then 'enabled'
          else 'off'
        end)
    from pg_catalog.pg_class c
    where c.oid = p_table
    union all
    select 'column ' || a.attname,
      concat_ws(' ',
        format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then 'not null' end,
        case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
        case a.attgenerated when 's' then 'generated' when '' then 'default' end
          || ' ' || pg_get_expr(d.adbin, d.adrelid))
    from pg_catalog.pg_attribute a
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
    union all
    -- Since PostgreSQL 18 NOT NULL has an entry here too; the column's line says it on every version.
    select 'constraint ' || conname, pg_get_constraintdef(oid)
    from pg_catalog.pg_constraint
    where conrelid = p_table and contype <> 'n'
    union all
    select 'index ' || i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    from pg_catalog.pg_index i
    where i.indrelid = p_table and i.indisvalid
      and not exists (
        select from pg_catalog.pg_constraint
        where conindid = i.indexrelid and conrelid = p_table and contype in ('p', 'u', 'x')
      )
    union all
    select 'policy ' || p.polname,
      concat_ws(' ',
        case when p.polpermissive then 'permissive' else 'restrictive' end,
        'for', case p.polcmd
          when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
          when 'd' then 'delete' else 'all'
        end,
        'to', (
          select string_agg(case r when 0 then 'public' else r::regrole::text end, ', ' order by r::regrole::text)
          from unnest(p.polroles) as r
        ),
        'using ' || pg_get_expr(p.polqual, p.polrelid),
        'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
    from pg_catalog.pg_policy p
    where p.polrelid = p_table
    union all
    select 'trigger ' || tgname,
      concat(
        pg_get_triggerdef(oid), case when tgenabled <> 'O' then format(' (enabled: %s)', tgenabled) end)
    from pg_catalog.pg_trigger
    where tgrelid = p_table and not tgisinternal
    union all
    select 'grant to ' || g.grantee, string_agg(g.privilege, ', ' order by g.privilege)
    from (
      select case x.grantee when 0 then 'public' else x.grantee::regrole::text end as grantee,
        lower(x.privilege_type) as privilege
      from pg_catalog.pg_class c, aclexplode(c.relacl) x
      where c.oid = p_table and x.grantee <> c.relowner
      union all
      select case x.grantee when 0 then 'public' else x.grantee::regrole::text end,
        lower(x.privilege_type) || ' ('
          || string_agg(a.attname::text, ', ' order by a.attname::text) || ')'
      from pg_catalog.pg_attribute a, aclexplode(a.attacl) x
      where a.attrelid = p_table and not a.attisdropped
      group by x.grantee, x.privilege_type
    ) g
    group by g.grantee
    union all
    select case
        when d.objsubid = 0 then 'comment'
        else 'comment on column ' || a.attname
      end, d.description
    from pg_catalog.pg_description d
    left join pg_catalog.pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
    where d.objoid = p_table and d.classoid = 'pg_catalog.pg_class'::regclass
    union all
    select 'comment on index ' || i.indexrelid::regclass::text, d.description
    from pg_catalog.pg_index i
    join pg_catalog.pg_description d
      on d.objoid = i.indexrelid and d.classoid = 'pg_catalog.pg_class'::regclass
    where i.indrelid = p_table
  ) as line (object, detail)
$$;

ALTER FUNCTION codex.describe_table(p_table regclass) OWNER TO codex_owner;

--
-- Name: FUNCTION describe_table(p_table regclass); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.describe_table(p_table regclass) IS 'What the catalog says of a table, one line per column, constraint, index, policy, trigger, grant and comment; nothing when there is no such table.';

--
-- Name: distribute(regclass, text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.distribute(p_table regclass, p_kind text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if p_kind not in ('reference', 'workspaces', 'tenant') then
    raise exception 'no such kind of table: %', p_kind
      using hint = 'Use reference, workspaces or tenant.';
  end if;
  if not exists (select from pg_catalog.pg_extension where extname = 'citus') then
    return false;
  end if;
  -- Dynamic, because Citus's names are unknown to a server without it.
  execute case p_kind
    when 'reference' then format('select pg_catalog.create_reference_table(%L)', p_table)
    when 'workspaces' then
      format('select pg_catalog.create_distributed_table(%L, %L, colocate_with => %L)',
        p_table, 'id', 'none')
    else
      format('select pg_catalog.create_distributed_table(%L, %L, colocate_with => %L)',
        p_table, 'workspace_id', 'codex.workspaces')
  end;
  return true;
end
$$;

ALTER FUNCTION codex.distribute(p_table regclass, p_kind text) OWNER TO codex_owner;

--
-- Name: FUNCTION distribute(p_table regclass, p_kind text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.distribute(p_table regclass, p_kind text) IS 'Gives a table its place on Citus: "reference" copies it to every node, "workspaces" splits it by its id, "tenant" lies with its workspace. True when done; false, and nothing is changed, on a server without Citus. For the owner, through distribute.sql.';

--
-- Name: duration_bucket(bigint); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.duration_bucket(p_duration_ms bigint) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  select case
    when p_duration_ms <= 1 then 1
    -- numeric: in floating point a power of two may fall just above its own bound.
    else least(97, ceil(round(4 * log(2.0, p_duration_ms::numeric), 9))::integer + 1)
  end
$$;

ALTER FUNCTION codex.duration_bucket(p_duration_ms bigint) OWNER TO codex_owner;

--
-- Name: FUNCTION duration_bucket(p_duration_ms bigint); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.duration_bucket(p_duration_ms bigint) IS 'Bucket, 1 to 97, of a duration in ms: four to the doubling; the last one is open.';

--
-- Name: duration_quantile(bigint[], numeric); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.duration_quantile(p_durations bigint[], p_quantile numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  with buckets as (
    select at, sum(count) over (order by at) as below, sum(count) over () as total
    from unnest(p_durations) with ordinality as b (count, at)
  )
  select case min(at)
    when 1 then 1
    else round(power(2.0, (min(at) - 1.5) / 4), 3)
  end
  from buckets
  where below >= greatest(1, ceil(p_quantile * total)) and total > 0
$$;

ALTER FUNCTION codex.duration_quantile(p_durations bigint[], p_quantile numeric) OWNER TO codex_owner;

--
-- Name: FUNCTION duration_quantile(p_durations bigint[], p_quantile numeric); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.duration_quantile(p_durations bigint[], p_quantile numeric) IS 'Quantile (0 to 1) of a histogram of durations, in ms, within 9.1 % of the true one; null when it is empty.';

--
-- Name: ensure_person(text, text, text, text, text); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.ensure_person(p_issuer text, p_subject text, p_display_name text DEFAULT ''::text, p_email text DEFAULT NULL::text, p_time_zone text DEFAULT 'UTC'::text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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
  perform codex.require_time_zone(p_time_zone);
  insert into codex.user_profiles (issuer, subject, display_name, email, time_zone)
  values (p_issuer, p_subject, coalesce(p_display_name, ''), p_email, p_time_zone)
  on conflict (issuer, subject) do nothing;
  select id into v_id from codex.user_profiles where issuer = p_issuer and subject = p_subject;
  return v_id;
end
$$;

ALTER FUNCTION codex.ensure_person(p_issuer text, p_subject text, p_display_name text, p_email text, p_time_zone text) OWNER TO codex_definer;

--
-- Name: FUNCTION ensure_person(p_issuer text, p_subject text, p_display_name text, p_email text, p_time_zone text); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.ensure_person(p_issuer text, p_subject text, p_display_name text, p_email text, p_time_zone text) IS 'Id of the person whom the identity provider names, made at the first call. Name, address and time zone count only then. KX011 when issuer, subject or time zone is no such thing.';

--
-- Name: event_heads(uuid[]); Type: FUNCTION; Schema: codex; Owner: codex_reader
--

CREATE FUNCTION codex.event_heads(p_workspace_ids uuid[]) RETURNS TABLE(workspace_id uuid, last_number bigint, has_unnumbered boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select wanted.id, coalesce(c.last_number, 0),
    exists (
      select from codex.outbox_events e
      where e.workspace_id = wanted.id and e.number is null
    )
  from unnest(p_workspace_ids) as wanted (id)
  left join codex.event_counters c on c.workspace_id = wanted.id
$$;

ALTER FUNCTION codex.event_heads(p_workspace_ids uuid[]) OWNER TO codex_reader;

--
-- Name: FUNCTION event_heads(p_workspace_ids uuid[]); Type: COMMENT; Schema: codex; Owner: codex_reader
--

COMMENT ON FUNCTION codex.event_heads(p_workspace_ids uuid[]) IS 'For each workspace its highest event number, and whether events wait for number_events. For the event hub, which serves many workspaces.';

--
-- Name: events_after(uuid, bigint, integer); Type: FUNCTION; Schema: codex; Owner: codex_reader
--

CREATE FUNCTION codex.events_after(p_workspace_id uuid, p_after bigint, p_limit integer DEFAULT 500) RETURNS TABLE(number bigint, type text, entity text, entity_id uuid, payload jsonb, user_id uuid, agent_id uuid, created_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if exists (
    select from codex.event_counters c
    where c.workspace_id = p_workspace_id and c.pruned_through > p_after
  ) then
    raise exception 'events after % are no longer kept', p_after
      using errcode = 'KX013', hint = 'Read the current state, then follow from the newest event.';
  end if;
  return query
    select e.number, e.type, e.entity, e.entity_id, e.payload, e.user_id, e.agent_id, e.created_at
    from codex.outbox_events e
    where e.workspace_id = p_workspace_id and e.number > p_after
    order by e.number
    limit p_limit;
end
$$;

ALTER FUNCTION codex.events_after(p_workspace_id uuid, p_after bigint, p_limit integer) OWNER TO codex_reader;

--
-- Name: FUNCTION events_after(p_workspace_id uuid, p_after bigint, p_limit integer); Type: COMMENT; Schema: codex; Owner: codex_reader
--

COMMENT ON FUNCTION codex.events_after(p_workspace_id uuid, p_after bigint, p_limit integer) IS 'Numbered events of a workspace after a number, in order. KX013 when some of them were pruned: the reader resynchronises, it never gets a silent gap.';

--
-- Name: fail_execution(uuid, uuid, bigint, text, boolean, bigint, bigint, bigint, bigint); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.fail_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text, p_retryable boolean, p_retry_after_ms bigint DEFAULT NULL::bigint, p_input_tokens bigint DEFAULT 0, p_output_tokens bigint DEFAULT 0, p_cost_micros bigint DEFAULT 0) RETURNS SETOF codex.agent_executions
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform codex.require_lease(p_workspace_id, p_id, p_fencing_token, 'failed');
  return query
    update codex.agent_executions
    set status = case
        when cancel_requested_at is not null then 'cancelled'
        when p_retryable and attempts_count < attempts_max then 'queued'
        else 'failed'
      end,
      -- A second after the first attempt, twice as long after each further one, five minutes at most.
      available_at = now() + interval '1 ms'
        * coalesce(p_retry_after_ms, least(300000, 1000 * 2 ^ (attempts_count - 1))),
      error = p_error,
      input_tokens_count = input_tokens_count + p_input_tokens,
      output_tokens_count = output_tokens_count + p_output_tokens,
      cost_micros = cost_micros + p_cost_micros
    where workspace_id = p_workspace_id and id = p_id
    returning *;
end
$$;

ALTER FUNCTION codex.fail_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text, p_retryable boolean, p_retry_after_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) OWNER TO codex_definer;

--
-- Name: FUNCTION fail_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text, p_retryable boolean, p_retry_after_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.fail_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text, p_retryable boolean, p_retry_after_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) IS 'Ends an attempt that went wrong: queued again after a while if it is retryable and attempts are left, failed if not, cancelled when that was asked for. KX012 with an old fencing token, and as require_lease.';

--
-- Name: free_slots(uuid, uuid, text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.free_slots(p_workspace_id uuid, p_agent_id uuid, p_instance text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_slots integer;
begin
  -- Its claims take turns; those of other workers do not wait for them.
  select slots into v_slots
  from codex.agent_instances
  where workspace_id = p_workspace_id and agent_id = p_agent_id and instance = p_instance
  for no key update;
  if v_slots is null then
    return null;
  end if;
  return greatest(0, v_slots - (
    select count(*)
    from codex.agent_executions e
    join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
    where e.workspace_id = p_workspace_id and e.status = 'running' and e.instance = p_instance
      and a.agent_id = p_agent_id
  ));
end
$$;

ALTER FUNCTION codex.free_slots(p_workspace_id uuid, p_agent_id uuid, p_instance text) OWNER TO codex_owner;

--
-- Name: FUNCTION free_slots(p_workspace_id uuid, p_agent_id uuid, p_instance text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.free_slots(p_workspace_id uuid, p_agent_id uuid, p_instance text) IS 'How many executions a worker can take besides those it has; null when it has said nothing of itself.';

--
-- Name: get_active_insights(uuid); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.get_active_insights(p_workspace_id uuid) RETURNS TABLE(id uuid, title text, insight_type text, confidence integer, signal_count integer, created_at timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select i.id, i.title, i.insight_type, i.confidence, i.signal_count, i.created_at
  from codex.market_insights i
  where i.workspace_id = p_workspace_id and i.status = 'active'
    and (i.relevant_from is null or i.relevant_from <= (now() at time zone 'UTC')::date)
    and (i.relevant_until is null or i.relevant_until >= (now() at time zone 'UTC')::date)
  order by i.confidence desc, i.created_at desc, i.id
$$;

ALTER FUNCTION codex.get_active_insights(p_workspace_id uuid) OWNER TO codex_owner;

--
-- Name: FUNCTION get_active_insights(p_workspace_id uuid); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.get_active_insights(p_workspace_id uuid) IS 'Active insights that matter today (UTC), surest first.';

--
-- Name: get_critical_alerts(uuid); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.get_critical_alerts(p_workspace_id uuid) RETURNS TABLE(id uuid, title text, description text, alert_type text, severity text, created_at timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select a.id, a.title, a.description, a.alert_type, a.severity, a.created_at
  from codex.system_alerts a
  where a.workspace_id = p_workspace_id and a.status = 'active' and a.severity_rank >= 4
    and (a.expires_at is null or a.expires_at > now())
    and (a.snoozed_until is null or a.snoozed_until <= now())
  order by a.severity_rank desc, a.created_at desc, a.id
$$;

ALTER FUNCTION codex.get_critical_alerts(p_workspace_id uuid) OWNER TO codex_owner;

--
-- Name: FUNCTION get_critical_alerts(p_workspace_id uuid); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.get_critical_alerts(p_workspace_id uuid) IS 'Active alerts, critical before high, newest first; expired and snoozed ones are left out.';

--
-- Name: get_leaderboard(uuid, integer); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.get_leaderboard(p_workspace_id uuid, p_limit integer DEFAULT 10) RETURNS TABLE(rank bigint, user_id uuid, display_name text, points bigint, level integer)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select rank() over (order by s.lifetime_points desc), s.user_id, m.display_name,
    s.lifetime_points, s.level
  from codex.user_stats s
  join codex.user_workspaces m
    on m.workspace_id = s.workspace_id and m.user_id = s.user_id and m.removed_at is null
  where s.workspace_id = p_workspace_id
  order by s.lifetime_points desc, m.display_name, s.user_id
  limit p_limit
$$;

ALTER FUNCTION codex.get_leaderboard(p_workspace_id uuid, p_limit integer) OWNER TO codex_owner;

--
-- Name: FUNCTION get_leaderboard(p_workspace_id uuid, p_limit integer); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.get_leaderboard(p_workspace_id uuid, p_limit integer) IS 'The members with the most lifetime points; equal points share a rank and the next one is skipped. Under the caller''s row security: private figures are in nobody else''s list, nor counted in it.';

--
-- Name: get_priority_signals(uuid, integer, integer); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.get_priority_signals(p_workspace_id uuid, p_confidence_threshold integer DEFAULT 75, p_limit integer DEFAULT 50) RETURNS TABLE(id uuid, title text, category text, confidence numeric, relevance integer, created_at timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select s.id, s.title, s.category, decayed.confidence, s.relevance, s.created_at
  from codex.intelligence_signals s
  cross join lateral (
    select codex.decayed_confidence(s.confidence, s.last_seen_at, s.half_life_hours, now())
      as confidence
  ) decayed
  where s.workspace_id = p_workspace_id and s.status = 'new'
    -- What has faded below 1 cannot reach a threshold from 1 on: the index leaves it out.
    and (p_confidence_threshold < 1 or s.fades_at_epoch >= extract(epoch from now()) - 1)
    and decayed.confidence >= p_confidence_threshold
    and (s.expires_at is null or s.expires_at > now())
  order by decayed.confidence * s.relevance desc, s.created_at desc, s.id
  limit p_limit
$$;

ALTER FUNCTION codex.get_priority_signals(p_workspace_id uuid, p_confidence_threshold integer, p_limit integer) OWNER TO codex_owner;

--
-- Name: FUNCTION get_priority_signals(p_workspace_id uuid, p_confidence_threshold integer, p_limit integer); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.get_priority_signals(p_workspace_id uuid, p_confidence_threshold integer, p_limit integer) IS 'New signals whose confidence is still at least the threshold (0 to 100), by confidence times relevance; expired ones are left out.';

--
-- Name: get_user_unread_notifications(uuid, integer); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.get_user_unread_notifications(p_workspace_id uuid, p_limit integer DEFAULT 50) RETURNS TABLE(id uuid, notification_type text, title text, body text, priority text, created_at timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select n.id, n.notification_type, n.title, n.body, n.priority, n.created_at
  from codex.user_notifications n
  where n.workspace_id = p_workspace_id and n.user_id = codex.current_user_id()
    and n.read_at is null and n.archived_at is null
    and (n.expires_at is null or n.expires_at > now())
    and (n.snoozed_until is null or n.snoozed_until <= now())
  order by n.priority_rank desc, n.created_at desc, n.id
  limit p_limit
$$;

ALTER FUNCTION codex.get_user_unread_notifications(p_workspace_id uuid, p_limit integer) OWNER TO codex_owner;

--
-- Name: FUNCTION get_user_unread_notifications(p_workspace_id uuid, p_limit integer); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.get_user_unread_notifications(p_workspace_id uuid, p_limit integer) IS 'The acting person''s unread notifications: urgent, high, normal, low, newest first; expired and snoozed ones are left out.';

--
-- Name: hand_over(regprocedure, name); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.hand_over(p_function regprocedure, p_owner name) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- ALTER … OWNER asks that the new owner may create in the schema; it keeps that for no longer.
  execute format('grant create on schema codex to %I', p_owner);
  execute format('alter function %s owner to %I', p_function, p_owner);
  execute format('revoke create on schema codex from %I', p_owner);
end
$$;

ALTER FUNCTION codex.hand_over(p_function regprocedure, p_owner name) OWNER TO codex_owner;

--
-- Name: FUNCTION hand_over(p_function regprocedure, p_owner name); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.hand_over(p_function regprocedure, p_owner name) IS 'Gives a SECURITY DEFINER function to the role that it runs as (codex_definer or codex_reader).';

--
-- Name: health_of(timestamp with time zone); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.health_of(p_last_seen_at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  select case
    when p_last_seen_at > now() - interval '1 minute' then 'online'
    when p_last_seen_at > now() - interval '5 minutes' then 'stale'
    else 'offline'
  end
$$;

ALTER FUNCTION codex.health_of(p_last_seen_at timestamp with time zone) OWNER TO codex_owner;

--
-- Name: FUNCTION health_of(p_last_seen_at timestamp with time zone); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.health_of(p_last_seen_at timestamp with time zone) IS 'online within a minute of the last heartbeat, stale within five, else offline. Derived: nothing has to flip it.';

--
-- Name: heartbeat_agent(uuid, uuid, text, integer); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.heartbeat_agent(p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer, OUT seen_at timestamp with time zone, OUT running uuid[], OUT cancel uuid[]) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_worker(p_agent_id);
  if not exists (select from codex.agent_registry where id = p_agent_id and status <> 'draft') then
    raise exception 'no such agent' using errcode = 'KX008';
  end if;
  insert into codex.agent_instances as i (workspace_id, agent_id, instance, slots)
  values (p_workspace_id, p_agent_id, p_instance, p_slots)
  on conflict (workspace_id, agent_id, instance) do update
    set slots = excluded.slots, last_seen_at = now()
  returning last_seen_at into seen_at;
  delete from codex.agent_instances i
  where i.workspace_id = p_workspace_id and i.agent_id = p_agent_id
    and i.last_seen_at < now() - interval '1 day';
  select coalesce(array_agg(e.id), '{}'),
      coalesce(array_agg(e.id) filter (where e.cancel_requested_at is not null), '{}')
    into running, cancel
  from codex.agent_executions e
  join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
  where e.workspace_id = p_workspace_id and e.status = 'running' and e.instance = p_instance
    and a.agent_id = p_agent_id;
end
$$;

ALTER FUNCTION codex.heartbeat_agent(p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer, OUT seen_at timestamp with time zone, OUT running uuid[], OUT cancel uuid[]) OWNER TO codex_definer;

--
-- Name: FUNCTION heartbeat_agent(p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer, OUT seen_at timestamp with time zone, OUT running uuid[], OUT cancel uuid[]); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.heartbeat_agent(p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer, OUT seen_at timestamp with time zone, OUT running uuid[], OUT cancel uuid[]) IS 'Notes that a worker is there and how much it takes; gives what it holds and which of that it is asked to stop. KX008 for an agent unknown, KX010 for others than the agent, a creator or the service.';

--
-- Name: heartbeat_execution(uuid, uuid, bigint); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.heartbeat_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, OUT expires_at timestamp with time zone, OUT cancel_requested boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform codex.require_lease(p_workspace_id, p_id, p_fencing_token, 'running');
  update codex.agent_executions
  set heartbeat_at = now(),
    -- Whoever was asked to stop has the rest of the lease to do so.
    lease_expires_at = case
      when cancel_requested_at is null
        then least(now() + lease_ms * interval '1 ms', deadline_at)
      else lease_expires_at
    end
  where workspace_id = p_workspace_id and id = p_id
  returning lease_expires_at, cancel_requested_at is not null into expires_at, cancel_requested;
end
$$;

ALTER FUNCTION codex.heartbeat_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, OUT expires_at timestamp with time zone, OUT cancel_requested boolean) OWNER TO codex_definer;

--
-- Name: FUNCTION heartbeat_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, OUT expires_at timestamp with time zone, OUT cancel_requested boolean); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.heartbeat_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, OUT expires_at timestamp with time zone, OUT cancel_requested boolean) IS 'Extends the lease, and says until when it holds and whether the worker is asked to stop; then it is not extended. KX012 with an old fencing token, and as require_lease.';

--
-- Name: histogram_total(bigint[]); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.histogram_total(p_durations bigint[]) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  select case
    when cardinality(p_durations) = 97 and 0 <= all (p_durations)
      then (select sum(count)::bigint from unnest(p_durations) as b (count))
  end
$$;

ALTER FUNCTION codex.histogram_total(p_durations bigint[]) OWNER TO codex_owner;

--
-- Name: FUNCTION histogram_total(p_durations bigint[]); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.histogram_total(p_durations bigint[]) IS 'Number of durations in a histogram; null when it has not 97 buckets or one is negative.';

--
-- Name: is_criteria(jsonb); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.is_criteria(p_criteria jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  select coalesce(case p_criteria ->> 'kind'
    when 'manual' then true
    when 'threshold' then
      p_criteria ->> 'metric' in (
        'campaigns_created', 'campaigns_completed', 'quests_completed', 'content_created',
        'content_published', 'moves_created', 'moves_executed', 'moves_successful',
        'collaborations_count', 'login_count', 'achievements_unlocked', 'lifetime_points',
        'streak_longest')
      and jsonb_typeof(p_criteria -> 'threshold') = 'number'
      and (p_criteria ->> 'threshold')::numeric >= 1
  end, false)
$$;

ALTER FUNCTION codex.is_criteria(p_criteria jsonb) OWNER TO codex_owner;

--
-- Name: FUNCTION is_criteria(p_criteria jsonb); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.is_criteria(p_criteria jsonb) IS 'Whether the value says when an achievement is earned: by hand, or at a threshold of a counter of user_stats.';

--
-- Name: is_evidence(jsonb); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.is_evidence(p_evidence jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  select case
    when jsonb_typeof(p_evidence) <> 'array' then false
    else not exists (
      select
      from jsonb_array_elements(p_evidence) as item
      where jsonb_typeof(item) <> 'object'
        or jsonb_typeof(item -> 'signalId') is distinct from 'string'
        or jsonb_typeof(item -> 'confidence') is distinct from 'number'
        or (item ->> 'confidence')::numeric not between 0 and 100
    )
  end
$$;

ALTER FUNCTION codex.is_evidence(p_evidence jsonb) OWNER TO codex_owner;

--
-- Name: FUNCTION is_evidence(p_evidence jsonb); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.is_evidence(p_evidence jsonb) IS 'Whether the value is an array of signals, each with the confidence it had.';

--
-- Name: is_global_table(name); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.is_global_table(p_name name) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select p_name in (
    'user_profiles', 'workspace_slugs', 'journey_stages', 'channel_roles', 'maneuver_types',
    'agent_registry', 'agent_capabilities')
$$;

ALTER FUNCTION codex.is_global_table(p_name name) OWNER TO codex_owner;

--
-- Name: FUNCTION is_global_table(p_name name); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.is_global_table(p_name name) IS 'Whether the table is one of the few that belong to no workspace. Every other table is a tenant table; the audit reads it here.';

--
-- Name: isolate(regclass, text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.isolate(p_table regclass, p_tenant_column text DEFAULT 'workspace_id'::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  execute format('drop policy if exists workspace_isolation on %s', p_table);
  -- Citus 13 turns a restrictive policy into a permissive one on the shards, without a word.
  if exists (select from pg_catalog.pg_extension where extname = 'citus') then
    return;
  end if;
  execute format(
    'create policy workspace_isolation on %s as restrictive for all to public '
    'using (%I = codex.current_workspace_id()) with check (%I = codex.current_workspace_id())',
    p_table, p_tenant_column, p_tenant_column);
end
$$;

ALTER FUNCTION codex.isolate(p_table regclass, p_tenant_column text) OWNER TO codex_owner;

--
-- Name: FUNCTION isolate(p_table regclass, p_tenant_column text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.isolate(p_table regclass, p_tenant_column text) IS 'Puts the restrictive policy workspace_isolation on a tenant table, so that a careless further policy cannot open it. Does nothing where Citus is installed.';

--
-- Name: lock_tree(text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.lock_tree(p_tree text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if current_setting('transaction_isolation') = 'repeatable read' then
    raise exception 'a tree cannot be changed under REPEATABLE READ'
      using errcode = 'KX007', hint = 'Use READ COMMITTED or SERIALIZABLE.';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('codex.' || p_tree, 0));
end
$$;

ALTER FUNCTION codex.lock_tree(p_tree text) OWNER TO codex_owner;

--
-- Name: FUNCTION lock_tree(p_tree text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.lock_tree(p_tree text) IS 'Takes turns at changing one tree, until the end of the transaction. KX007 under REPEATABLE READ.';

--
-- Name: mark_notification_as_read(uuid, uuid); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.mark_notification_as_read(p_workspace_id uuid, p_notification_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform codex.require_workspace(p_workspace_id);
  update codex.user_notifications
  set read_at = coalesce(read_at, now())
  where workspace_id = p_workspace_id and user_id = codex.current_user_id()
    and id = p_notification_id;
  if not found then
    raise exception 'no such notification' using errcode = 'KX008';
  end if;
end
$$;

ALTER FUNCTION codex.mark_notification_as_read(p_workspace_id uuid, p_notification_id uuid) OWNER TO codex_owner;

--
-- Name: FUNCTION mark_notification_as_read(p_workspace_id uuid, p_notification_id uuid); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.mark_notification_as_read(p_workspace_id uuid, p_notification_id uuid) IS 'Marks one of the acting person''s notifications as read; the first time of reading stays. KX008 when it is not theirs.';

--
-- Name: missing_components(uuid, uuid); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.missing_components(p_workspace_id uuid, p_positioning_id uuid) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select array_remove(array[
    case when cardinality(competitive_alternatives) = 0 then 'competitive_alternatives' end,
    case when cardinality(unique_attributes) = 0 then 'unique_attributes' end,
    case when cardinality(value_themes) = 0 then 'value_themes' end,
    case when best_fit_customers = '' then 'best_fit_customers' end,
    case when market_category = '' then 'market_category' end
  ], null)
  from codex.positioning
  where workspace_id = p_workspace_id and id = p_positioning_id
$$;

ALTER FUNCTION codex.missing_components(p_workspace_id uuid, p_positioning_id uuid) OWNER TO codex_owner;

--
-- Name: FUNCTION missing_components(p_workspace_id uuid, p_positioning_id uuid); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.missing_components(p_workspace_id uuid, p_positioning_id uuid) IS 'Which of the five components positioning_complete_when_published_check would find missing; null when there is no such positioning.';

--
-- Name: move_quest(uuid, uuid, uuid, text, uuid); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.move_quest(p_workspace_id uuid, p_quest_id uuid, p_parent_id uuid, p_place text DEFAULT 'last'::text, p_after_id uuid DEFAULT NULL::uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_campaign uuid;
  v_low integer;
  v_high integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select campaign_id into v_campaign
  from codex.campaign_quests
  where workspace_id = p_workspace_id and id = p_quest_id;
  if v_campaign is null then
    raise exception 'no such quest' using errcode = 'KX008';
  end if;
  perform codex.lock_tree('campaign_quests:' || v_campaign);
  if p_place is null or p_place not in ('first', 'last', 'after') then
    raise exception 'the place is first, last or after' using errcode = 'KX011';
  end if;
  for v_attempt in 1..2 loop
    select case p_place
        when 'first' then 0
        when 'last' then coalesce(max(position), 0)
        else max(position) filter (where id = p_after_id)
      end
      into v_low
    from codex.campaign_quests
    where workspace_id = p_workspace_id and campaign_id = v_campaign
      and parent_id is not distinct from p_parent_id and id <> p_quest_id;
    if v_low is null then
      raise exception 'the quest to follow is not there' using errcode = 'KX011';
    end if;
    select coalesce(min(position), v_low + 2048) into v_high
    from codex.campaign_quests
    where workspace_id = p_workspace_id and campaign_id = v_campaign
      and parent_id is not distinct from p_parent_id and id <> p_quest_id
      and (position > v_low or p_place = 'first');
    exit when v_high - v_low > 1;
    -- No room between: the siblings get some, in the order they have.
    update codex.campaign_quests q
    set position = placed.place * 1024
    from (
      select id, row_number() over (order by position, id) as place
      from codex.campaign_quests
      where workspace_id = p_workspace_id and campaign_id = v_campaign
        and parent_id is not distinct from p_parent_id and id <> p_quest_id
    ) placed
    where q.workspace_id = p_workspace_id and q.campaign_id = v_campaign and q.id = placed.id;
  end loop;
  update codex.campaign_quests
  set parent_id = p_parent_id, position = v_low + (v_high - v_low) / 2
  where workspace_id = p_workspace_id and id = p_quest_id;
end
$$;

ALTER FUNCTION codex.move_quest(p_workspace_id uuid, p_quest_id uuid, p_parent_id uuid, p_place text, p_after_id uuid) OWNER TO codex_owner;

--
-- Name: FUNCTION move_quest(p_workspace_id uuid, p_quest_id uuid, p_parent_id uuid, p_place text, p_after_id uuid); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.move_quest(p_workspace_id uuid, p_quest_id uuid, p_parent_id uuid, p_place text, p_after_id uuid) IS 'Puts a quest under another parent of its campaign, or none, first, last or after a sibling. KX005 for a circle or a tree too deep, KX008 unknown, KX010 below creator, KX011 no such place.';

--
-- Name: next_assignment(uuid, uuid, uuid[]); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.next_assignment(p_workspace_id uuid, p_agent_id uuid, p_passed uuid[], OUT id uuid, OUT lanes integer) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  select a.id, a.max_concurrency into id, lanes
  from codex.agent_assignments a
  cross join lateral (
    select e.priority_rank, e.created_at, e.id
    from codex.agent_executions e
    where e.workspace_id = p_workspace_id and e.assignment_id = a.id and e.status = 'queued'
      and e.available_at <= now()
    order by e.priority_rank desc, e.created_at, e.id
    limit 1
  ) head
  where a.workspace_id = p_workspace_id and a.agent_id = p_agent_id and a.status = 'active'
    and a.id <> all (p_passed)
  order by head.priority_rank desc, head.created_at, head.id
  limit 1;
end
$$;

ALTER FUNCTION codex.next_assignment(p_workspace_id uuid, p_agent_id uuid, p_passed uuid[], OUT id uuid, OUT lanes integer) OWNER TO codex_owner;

--
-- Name: FUNCTION next_assignment(p_workspace_id uuid, p_agent_id uuid, p_passed uuid[], OUT id uuid, OUT lanes integer); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.next_assignment(p_workspace_id uuid, p_agent_id uuid, p_passed uuid[], OUT id uuid, OUT lanes integer) IS 'The active assignment of an agent whose queue has the most urgent, then the oldest execution, those passed over left out; null when there is none.';

--
-- Name: number_events(uuid); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.number_events(p_workspace_id uuid) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_last bigint;
  v_count bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  -- Without the lock of the counter's row when there is nothing to number: the usual case of a poll.
  if not exists (
    select from codex.outbox_events where workspace_id = p_workspace_id and number is null
  ) then
    return coalesce(
      (select last_number from codex.event_counters where workspace_id = p_workspace_id), 0);
  end if;
  insert into codex.event_counters (workspace_id) values (p_workspace_id) on conflict do nothing;
  select last_number into v_last
  from codex.event_counters
  where workspace_id = p_workspace_id
  for no key update;
  -- A statement of its own, after the lock: it sees what the reader before this one numbered.
  with numbered as (
    select id, v_last + row_number() over (order by xid, id) as number
    from codex.outbox_events
    where workspace_id = p_workspace_id and number is null
  )
  update codex.outbox_events e
  set number = numbered.number
  from numbered
  where e.workspace_id = p_workspace_id and e.id = numbered.id;
  get diagnostics v_count = row_count;
  update codex.event_counters
  set last_number = v_last + v_count
  where workspace_id = p_workspace_id and v_count > 0;
  return v_last + v_count;
end
$$;

ALTER FUNCTION codex.number_events(p_workspace_id uuid) OWNER TO codex_definer;

--
-- Name: FUNCTION number_events(p_workspace_id uuid); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.number_events(p_workspace_id uuid) IS 'Gives the committed events of the current workspace that have no number yet the next ones, gapless and final, and returns the highest. Needs READ COMMITTED. KX003 for another workspace.';

--
-- Name: period_key(text, timestamp with time zone, text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.period_key(p_repeat_period text, p_at timestamp with time zone, p_time_zone text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select case p_repeat_period
    when 'daily' then to_char(p_at at time zone p_time_zone, 'YYYY-MM-DD')
    when 'weekly' then to_char(p_at at time zone p_time_zone, 'IYYY-"W"IW')
    when 'monthly' then to_char(p_at at time zone p_time_zone, 'YYYY-MM')
    else ''
  end
$$;

ALTER FUNCTION codex.period_key(p_repeat_period text, p_at timestamp with time zone, p_time_zone text) OWNER TO codex_owner;

--
-- Name: FUNCTION period_key(p_repeat_period text, p_at timestamp with time zone, p_time_zone text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.period_key(p_repeat_period text, p_at timestamp with time zone, p_time_zone text) IS 'Period of an award: the day, ISO week or month of an instant in a time zone; empty for what is earned once.';

--
-- Name: protect(regclass, text, text, text, text, text, text, text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.protect(p_table regclass, p_read text DEFAULT 'viewer'::text, p_insert text DEFAULT NULL::text, p_update text DEFAULT NULL::text, p_delete text DEFAULT NULL::text, p_author text DEFAULT NULL::text, p_own text DEFAULT NULL::text, p_tenant_column text DEFAULT 'workspace_id'::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_tenant text := format('%I = codex.current_workspace_id()', p_tenant_column);
  v_own text := case
    when p_own is null then ''
    else format(' and %I = codex.current_user_id()', p_own)
  end;
  v_author text := case
    when p_author is null then ''
    else format(' and %I is not distinct from codex.acting_user_id()', p_author)
  end;
  v_policy record;
  v_test text;
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  perform codex.isolate(p_table, p_tenant_column);
  for v_policy in
    select polname as name
    from pg_catalog.pg_policy
    where polrelid = p_table and polname ~ '^(select|insert|update|delete|all)_'
  loop
    execute format('drop policy %I on %s', v_policy.name, p_table);
  end loop;
  for v_policy in
    select command, role
    from (values ('select', p_read), ('insert', p_insert), ('update', p_update), ('delete', p_delete))
      as wanted (command, role)
    where role is not null
  loop
    if codex.role_rank(v_policy.role) is null then
      raise exception 'no such role of a member: %', v_policy.role;
    end if;
    v_test := v_tenant || v_own || case
      when v_policy.role = 'viewer' then ''
      else format(' and codex.current_role_at_least(%L)', v_policy.role)
    end;
    execute format('create policy %I on %s for %s to codex_app %s',
      v_policy.command || '_' || v_policy.role, p_table, v_policy.command,
      case v_policy.command
        when 'insert' then format('with check (%s%s)', v_test, v_author)
        when 'update' then format('using (%s) with check (%s)', v_test, v_test)
        else format('using (%s)', v_test)
      end);
  end loop;
  execute format(
    'create policy all_service on %s for all to codex_service using (%s) with check (%s)',
    p_table, v_tenant, v_tenant);
  execute format(
    'create policy all_definer on %s for all to codex_definer using (%s) with check (%s)',
    p_table, v_tenant, v_tenant);
end
$$;

ALTER FUNCTION codex.protect(p_table regclass, p_read text, p_insert text, p_update text, p_delete text, p_author text, p_own text, p_tenant_column text) OWNER TO codex_owner;

--
-- Name: FUNCTION protect(p_table regclass, p_read text, p_insert text, p_update text, p_delete text, p_author text, p_own text, p_tenant_column text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.protect(p_table regclass, p_read text, p_insert text, p_update text, p_delete text, p_author text, p_own text, p_tenant_column text) IS 'Enables and forces row security on a tenant table and writes its policies: <command>_<role> for people (the lowest role that may, p_own: own rows only, p_author: the column that must name the author), all_service and all_definer. Grants are written by the caller.';

--
-- Name: prune_events(uuid, timestamp with time zone, integer); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.prune_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer DEFAULT 5000) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_through bigint;
  v_count integer;
begin
  perform codex.require_workspace(p_workspace_id);
  perform from codex.event_counters where workspace_id = p_workspace_id for no key update;
  -- A prefix of the stream: up to just before the first event that is young enough to stay.
  select max(chunk.number) into v_through
  from (
    select e.number, bool_and(e.created_at < p_before) over (order by e.number) as old_so_far
    from (
      select number, created_at
      from codex.outbox_events
      where workspace_id = p_workspace_id and number is not null
      order by number
      limit p_limit
    ) e
  ) chunk
  where chunk.old_so_far;
  delete from codex.outbox_events
  where workspace_id = p_workspace_id and number <= v_through;
  get diagnostics v_count = row_count;
  update codex.event_counters
  set pruned_through = v_through
  where workspace_id = p_workspace_id and v_through is not null;
  return v_count;
end
$$;

ALTER FUNCTION codex.prune_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) OWNER TO codex_definer;

--
-- Name: FUNCTION prune_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.prune_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) IS 'Removes up to p_limit of the oldest events of the current workspace made before an instant, and moves the horizon; gives how many. Call again until 0.';

--
-- Name: publish_message(uuid, uuid); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.publish_message(p_workspace_id uuid, p_message_id uuid, OUT published uuid, OUT superseded uuid) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_message codex.message_architecture;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select * into v_message
  from codex.message_architecture
  where workspace_id = p_workspace_id and id = p_message_id;
  if v_message.id is null then
    raise exception 'no such message' using errcode = 'KX008';
  end if;
  -- Two publications for one positioning take turns; the later one supersedes the earlier.
  perform codex.lock_tree('message_architecture:' || v_message.positioning_id);
  update codex.message_architecture
  set status = 'superseded'
  where workspace_id = p_workspace_id and positioning_id = v_message.positioning_id
    and status = 'published' and id <> p_message_id
    and channel is not distinct from v_message.channel
    and persona is not distinct from v_message.persona
  returning id into superseded;
  update codex.message_architecture
  set status = 'published'
  where workspace_id = p_workspace_id and id = p_message_id
  returning id into published;
end
$$;

ALTER FUNCTION codex.publish_message(p_workspace_id uuid, p_message_id uuid, OUT published uuid, OUT superseded uuid) OWNER TO codex_owner;

--
-- Name: FUNCTION publish_message(p_workspace_id uuid, p_message_id uuid, OUT published uuid, OUT superseded uuid); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.publish_message(p_workspace_id uuid, p_message_id uuid, OUT published uuid, OUT superseded uuid) IS 'Publishes a draft for its positioning, channel and persona and supersedes the one before, at once. KX008 unknown, KX002 no longer a draft, KX010 below creator.';

--
-- Name: publish_positioning(uuid, uuid); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.publish_positioning(p_workspace_id uuid, p_positioning_id uuid, OUT active uuid, OUT superseded uuid) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_segment text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('strategist');
  select segment into v_segment
  from codex.positioning
  where workspace_id = p_workspace_id and id = p_positioning_id;
  if v_segment is null then
    raise exception 'no such positioning' using errcode = 'KX008';
  end if;
  -- Two publications in one segment take turns; the later one supersedes the earlier.
  perform codex.lock_tree('positioning:' || p_workspace_id || ':' || v_segment);
  update codex.positioning
  set status = 'superseded'
  where workspace_id = p_workspace_id and segment = v_segment and status = 'active'
    and id <> p_positioning_id
  returning id into superseded;
  update codex.positioning
  set status = 'active'
  where workspace_id = p_workspace_id and id = p_positioning_id
  returning id into active;
end
$$;

ALTER FUNCTION codex.publish_positioning(p_workspace_id uuid, p_positioning_id uuid, OUT active uuid, OUT superseded uuid) OWNER TO codex_owner;

--
-- Name: FUNCTION publish_positioning(p_workspace_id uuid, p_positioning_id uuid, OUT active uuid, OUT superseded uuid); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.publish_positioning(p_workspace_id uuid, p_positioning_id uuid, OUT active uuid, OUT superseded uuid) IS 'Makes a draft the active positioning of its segment and supersedes the one before, at once. KX008 unknown, KX002 no longer a draft, KX010 below strategist, check violation positioning_complete_when_published_check when a component is missing.';

--
-- Name: purge_workspace(uuid); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.purge_workspace(p_workspace_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform codex.set_service_context(p_workspace_id);
  delete from codex.workspace_slugs where workspace_id = p_workspace_id;
  delete from codex.workspaces where id = p_workspace_id;
end
$$;

ALTER FUNCTION codex.purge_workspace(p_workspace_id uuid) OWNER TO codex_definer;

--
-- Name: FUNCTION purge_workspace(p_workspace_id uuid); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.purge_workspace(p_workspace_id uuid) IS 'Removes a workspace and every row in it, for good. KX003 when there is no such workspace.';

--
-- Name: put_message(uuid, uuid, uuid, text, text, jsonb); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.put_message(p_workspace_id uuid, p_id uuid, p_positioning_id uuid, p_channel text, p_persona text, p_content jsonb) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_id uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  -- Two who write the draft of one positioning take turns; the later one writes over it.
  perform codex.lock_tree('message_architecture:' || p_positioning_id);
  update codex.message_architecture
  set name = coalesce(p_content ->> 'name', name),
    core_message = p_content ->> 'coreMessage',
    pillars = p_content -> 'pillars',
    brand_voice = coalesce(p_content ->> 'brandVoice', brand_voice),
    tone_guidelines = coalesce(p_content ->> 'toneGuidelines', tone_guidelines)
  where workspace_id = p_workspace_id and positioning_id = p_positioning_id and status = 'draft'
    and channel is not distinct from p_channel and persona is not distinct from p_persona
  returning id into v_id;
  if v_id is not null then
    return v_id;
  end if;
  insert into codex.message_architecture (workspace_id, id, positioning_id, channel, persona, name,
    core_message, pillars, brand_voice, tone_guidelines)
  values (p_workspace_id, p_id, p_positioning_id, p_channel, p_persona,
    coalesce(p_content ->> 'name', left(p_content ->> 'coreMessage', 200)),
    p_content ->> 'coreMessage', p_content -> 'pillars',
    coalesce(p_content ->> 'brandVoice', ''), coalesce(p_content ->> 'toneGuidelines', ''));
  return p_id;
end
$$;

ALTER FUNCTION codex.put_message(p_workspace_id uuid, p_id uuid, p_positioning_id uuid, p_channel text, p_persona text, p_content jsonb) OWNER TO codex_owner;

--
-- Name: FUNCTION put_message(p_workspace_id uuid, p_id uuid, p_positioning_id uuid, p_channel text, p_persona text, p_content jsonb); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.put_message(p_workspace_id uuid, p_id uuid, p_positioning_id uuid, p_channel text, p_persona text, p_content jsonb) IS 'Writes the one draft of a positioning for a channel and persona (null: all), making it with the id given if there is none, and gives its id. KX010 below creator.';

--
-- Name: quest_progress(uuid, uuid, uuid); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.quest_progress(p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select round(sum(progress * weight)::numeric / sum(weight))::integer
  from codex.campaign_quests
  where workspace_id = p_workspace_id and campaign_id = p_campaign_id and parent_id = p_quest_id
    and status <> 'skipped'
$$;

ALTER FUNCTION codex.quest_progress(p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid) OWNER TO codex_owner;

--
-- Name: FUNCTION quest_progress(p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.quest_progress(p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid) IS 'Weighted mean, 0 to 100, of the progress of a quest''s children that are not skipped; null when it has none.';

--
-- Name: raise_missing_context(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.raise_missing_context() RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  raise exception 'no workspace context in this transaction'
    using errcode = 'KX001',
      hint = 'Call codex.set_context(workspace_id, user_id) first, in the same transaction.';
end
$$;

ALTER FUNCTION codex.raise_missing_context() OWNER TO codex_owner;

--
-- Name: FUNCTION raise_missing_context(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.raise_missing_context() IS 'Raises KX001. Typed uuid so that it can stand in coalesce().';

--
-- Name: raise_missing_rank(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.raise_missing_rank() RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  perform codex.raise_missing_context();
  return null;
end
$$;

ALTER FUNCTION codex.raise_missing_rank() OWNER TO codex_owner;

--
-- Name: FUNCTION raise_missing_rank(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.raise_missing_rank() IS 'Raises KX001. Typed integer so that it can stand in coalesce().';

--
-- Name: reap_executions(uuid, integer); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.reap_executions(p_workspace_id uuid, p_limit integer DEFAULT 100) RETURNS TABLE(id uuid, status text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_silent record;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  -- In the order in which performance is locked, so that several can reap at once.
  for v_silent in
    select e.id
    from codex.agent_executions e
    join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
    where e.workspace_id = p_workspace_id and e.status = 'running'
      and e.lease_expires_at < now()
    order by a.agent_id, a.id, e.id
    limit p_limit
    for no key update of e skip locked
  loop
    return query
      update codex.agent_executions e
      set status = case
          when e.cancel_requested_at is not null then 'cancelled'
          when e.deadline_at <= e.lease_expires_at then 'timed_out'
          when e.attempts_count < e.attempts_max then 'queued'
          else 'failed'
        end,
        error = case
          when e.cancel_requested_at is not null then e.error
          when e.deadline_at <= e.lease_expires_at then 'timed out'
          else 'lost: its worker fell silent'
        end,
        available_at = now()
      where e.workspace_id = p_workspace_id and e.id = v_silent.id
      returning e.id, e.status;
  end loop;
end
$$;

ALTER FUNCTION codex.reap_executions(p_workspace_id uuid, p_limit integer) OWNER TO codex_definer;

--
-- Name: FUNCTION reap_executions(p_workspace_id uuid, p_limit integer); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.reap_executions(p_workspace_id uuid, p_limit integer) IS 'Takes back what no worker speaks for any more, and gives what became of it: queued again while attempts are left, then failed; timed_out past its time, cancelled when that was asked for. Any number may reap at once. KX010 below creator.';

--
-- Name: record_agent_execution(uuid, uuid, bigint, bigint, bigint, bigint, boolean, uuid); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.record_agent_execution(p_workspace_id uuid, p_agent_id uuid, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint, p_success boolean, p_assignment_id uuid DEFAULT NULL::uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_assignments uuid[];
begin
  perform codex.require_workspace(p_workspace_id);
  if codex.acting_agent_id() is distinct from p_agent_id then
    perform codex.require_role('strategist');
  end if;
  if p_success is null
    or least(p_duration_ms, p_input_tokens, p_output_tokens, p_cost_micros) < 0
    or num_nulls(p_duration_ms, p_input_tokens, p_output_tokens, p_cost_micros) > 0
  then
    raise exception 'duration, tokens and cost are numbers from 0 on, and success is true or false'
      using errcode = 'KX011';
  end if;
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

ALTER FUNCTION codex.record_agent_execution(p_workspace_id uuid, p_agent_id uuid, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint, p_success boolean, p_assignment_id uuid) OWNER TO codex_definer;

--
-- Name: FUNCTION record_agent_execution(p_workspace_id uuid, p_agent_id uuid, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint, p_success boolean, p_assignment_id uuid); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.record_agent_execution(p_workspace_id uuid, p_agent_id uuid, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint, p_success boolean, p_assignment_id uuid) IS 'Counts one execution: in the agent''s hour, with its duration in the histogram, and once on its assignment (which may be left out when the agent has one). KX007 without an active assignment, KX011 for a wrong number or when the assignment must be named, KX010 for others than the agent, a strategist or the service.';

--
-- Name: require_access(text, text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.require_access(p_role text, p_scope text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  v_scopes text[] := nullif(current_setting('codex.scopes', true), '')::text[];
begin
  if p_role is not null and not codex.current_role_at_least(p_role) then
    raise exception 'this needs the role % or a higher one', p_role
      using errcode = 'KX010';
  end if;
  -- A key without scopes may do whatever its role may; so may a member, who has none.
  if p_scope is not null and cardinality(v_scopes) > 0 and not codex.covers_scope(v_scopes, p_scope)
  then
    raise exception 'this key lacks the scope %', p_scope
      using errcode = 'KX010';
  end if;
end
$$;

ALTER FUNCTION codex.require_access(p_role text, p_scope text) OWNER TO codex_owner;

--
-- Name: FUNCTION require_access(p_role text, p_scope text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.require_access(p_role text, p_scope text) IS 'KX010 unless whoever acts has that role or a higher one, and, with an API key that has scopes, that scope. Null asks for nothing.';

--
-- Name: require_lease(uuid, uuid, bigint, text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.require_lease(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_to text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_held codex.agent_executions;
  v_agent uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  select a.agent_id into v_agent
  from codex.agent_executions e
  join codex.agent_assignments a on a.workspace_id = e.workspace_id and a.id = e.assignment_id
  where e.workspace_id = p_workspace_id and e.id = p_id;
  if v_agent is null then
    raise exception 'no such execution' using errcode = 'KX008';
  end if;
  perform codex.require_worker(v_agent);
  select * into v_held
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_held.fencing_token is distinct from p_fencing_token or v_held.status = 'queued' then
    raise exception 'the lease was lost'
      using errcode = 'KX012', schema = 'codex', table = 'agent_executions';
  elsif v_held.status <> 'running' then
    raise exception 'agent_executions.status cannot go from % to %', v_held.status, p_to
      using errcode = 'KX002', detail = 'allowed: none, the state is terminal',
        schema = 'codex', table = 'agent_executions';
  end if;
end
$$;

ALTER FUNCTION codex.require_lease(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_to text) OWNER TO codex_owner;

--
-- Name: FUNCTION require_lease(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_to text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.require_lease(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_to text) IS 'Locks an execution for whoever holds it by that fencing token. KX012 when somebody else was given it or it is queued again, KX002 when it is over, KX008 unknown, KX010 for others than the agent, a creator or the service.';

--
-- Name: require_role(text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.require_role(p_role text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if not codex.current_role_at_least(p_role) then
    raise exception 'this needs the role % or a higher one', p_role
      using errcode = 'KX010';
  end if;
end
$$;

ALTER FUNCTION codex.require_role(p_role text) OWNER TO codex_owner;

--
-- Name: FUNCTION require_role(p_role text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.require_role(p_role text) IS 'Raises KX010 unless the member of this transaction has the role or a higher one.';

--
-- Name: require_time_zone(text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.require_time_zone(p_time_zone text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
begin
  perform now() at time zone p_time_zone;
  if p_time_zone !~ '^(UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$' then
    raise invalid_parameter_value;
  end if;
exception
  when invalid_parameter_value then
    raise exception 'not an IANA time zone: %', p_time_zone using errcode = 'KX011';
end
$_$;

ALTER FUNCTION codex.require_time_zone(p_time_zone text) OWNER TO codex_owner;

--
-- Name: FUNCTION require_time_zone(p_time_zone text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.require_time_zone(p_time_zone text) IS 'Raises KX011 unless the text names an IANA time zone that this server knows.';

--
-- Name: require_worker(uuid); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.require_worker(p_agent_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if codex.acting_agent_id() is null then
    perform codex.require_role('creator');
  elsif codex.acting_agent_id() <> p_agent_id then
    raise exception 'an agent works for itself and for no other' using errcode = 'KX010';
  end if;
end
$$;

ALTER FUNCTION codex.require_worker(p_agent_id uuid) OWNER TO codex_owner;

--
-- Name: FUNCTION require_worker(p_agent_id uuid); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.require_worker(p_agent_id uuid) IS 'KX010 unless whoever acts is that agent, a creator or above, or the service.';

--
-- Name: require_workspace(uuid); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.require_workspace(p_workspace_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  if p_workspace_id is distinct from codex.current_workspace_id() then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
end
$$;

ALTER FUNCTION codex.require_workspace(p_workspace_id uuid) OWNER TO codex_owner;

--
-- Name: FUNCTION require_workspace(p_workspace_id uuid); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.require_workspace(p_workspace_id uuid) IS 'Raises KX003 unless the workspace given is the one of this transaction.';

--
-- Name: resolve_slug(text); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.resolve_slug(p_slug text) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select workspace_id from codex.workspace_slugs where slug = p_slug
$$;

ALTER FUNCTION codex.resolve_slug(p_slug text) OWNER TO codex_definer;

--
-- Name: FUNCTION resolve_slug(p_slug text); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.resolve_slug(p_slug text) IS 'Id of the workspace with this slug, or null. What it shows of a workspace is its id alone.';

--
-- Name: retry_execution(uuid, uuid, uuid); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.retry_execution(p_workspace_id uuid, p_id uuid, p_new_id uuid) RETURNS SETOF codex.agent_executions
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_old codex.agent_executions;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select * into v_old
  from codex.agent_executions
  where workspace_id = p_workspace_id and id = p_id
  for no key update;
  if v_old.id is null then
    raise exception 'no such execution' using errcode = 'KX008';
  elsif v_old.status not in ('failed', 'cancelled', 'timed_out') then
    raise exception 'agent_executions.status cannot go from % to queued', v_old.status
      using errcode = 'KX002', schema = 'codex', table = 'agent_executions',
        detail = 'allowed: ' || case v_old.status
          when 'queued' then 'running, cancelled'
          when 'running' then 'succeeded, failed, cancelled, timed_out'
          else 'none, the state is terminal'
        end;
  elsif exists (
    select from codex.agent_executions
    where workspace_id = p_workspace_id and retry_of_id = p_id
  ) then
    raise exception 'it has been done again already: retry that one'
      using errcode = 'KX007', schema = 'codex', table = 'agent_executions';
  end if;
  return query select * from codex.start_execution(p_workspace_id, p_new_id, v_old.assignment_id,
    v_old.input, 'enqueue', jsonb_build_object('key', v_old.conflict_key,
      'priority', v_old.priority, 'attemptsMax', v_old.attempts_max,
      'timeoutMs', v_old.timeout_ms, 'retryOf', v_old.id));
end
$$;

ALTER FUNCTION codex.retry_execution(p_workspace_id uuid, p_id uuid, p_new_id uuid) OWNER TO codex_definer;

--
-- Name: FUNCTION retry_execution(p_workspace_id uuid, p_id uuid, p_new_id uuid); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.retry_execution(p_workspace_id uuid, p_id uuid, p_new_id uuid) IS 'Queues what failed, was cancelled or timed out once more, as a new execution: how the old one ended stays. KX002 from another state, KX007 when it was retried before or its assignment has ended, KX008 unknown, KX010 below creator.';

--
-- Name: role_rank(text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.role_rank(p_role text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case p_role
    when 'viewer' then 1
    when 'analyst' then 2
    when 'creator' then 3
    when 'strategist' then 4
    when 'owner' then 5
  end
$$;

ALTER FUNCTION codex.role_rank(p_role text) OWNER TO codex_owner;

--
-- Name: FUNCTION role_rank(p_role text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.role_rank(p_role text) IS 'Rank of a member''s role, viewer 1 to owner 5; null for any other word.';

--
-- Name: schema_version(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.schema_version(OUT version integer, OUT serves_from integer) RETURNS record
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select 22, 19 $$;

ALTER FUNCTION codex.schema_version(OUT version integer, OUT serves_from integer) OWNER TO codex_owner;

--
-- Name: FUNCTION schema_version(OUT version integer, OUT serves_from integer); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.schema_version(OUT version integer, OUT serves_from integer) IS 'Number of the last migration, and the oldest schema whose clients this one still serves.';

--
-- Name: send_user_notification(uuid, uuid[], text, text, text, text, text, text, uuid, uuid, uuid, timestamp with time zone); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.send_user_notification(p_workspace_id uuid, p_user_ids uuid[], p_notification_type text, p_title text, p_body text DEFAULT ''::text, p_channel text DEFAULT 'in_app'::text, p_priority text DEFAULT 'normal'::text, p_action_url text DEFAULT NULL::text, p_alert_id uuid DEFAULT NULL::uuid, p_achievement_id uuid DEFAULT NULL::uuid, p_campaign_id uuid DEFAULT NULL::uuid, p_expires_at timestamp with time zone DEFAULT NULL::timestamp with time zone, OUT accepted integer, OUT skipped uuid[]) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_user_ids uuid[] := array(select distinct id from unnest(p_user_ids) as id where id is not null);
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  if cardinality(v_user_ids) = 0 then
    raise exception 'a notification needs at least one recipient' using errcode = 'KX011';
  elsif cardinality(v_user_ids) > 10000 then
    raise exception 'a notification goes to at most 10000 people, not %', cardinality(v_user_ids)
      using errcode = 'KX006';
  end if;
  with sent as (
    insert into codex.user_notifications (workspace_id, user_id, notification_type, title, body,
      channel, priority, action_url, alert_id, achievement_id, campaign_id, expires_at)
    select p_workspace_id, m.user_id, p_notification_type, p_title, coalesce(p_body, ''), p_channel,
      p_priority, p_action_url, p_alert_id, p_achievement_id, p_campaign_id, p_expires_at
    from codex.user_workspaces m
    where m.workspace_id = p_workspace_id and m.user_id = any (v_user_ids) and m.removed_at is null
    returning user_id
  )
  select count(*), array(select id from unnest(v_user_ids) as id except select user_id from sent)
  into accepted, skipped
  from sent;
end
$$;

ALTER FUNCTION codex.send_user_notification(p_workspace_id uuid, p_user_ids uuid[], p_notification_type text, p_title text, p_body text, p_channel text, p_priority text, p_action_url text, p_alert_id uuid, p_achievement_id uuid, p_campaign_id uuid, p_expires_at timestamp with time zone, OUT accepted integer, OUT skipped uuid[]) OWNER TO codex_definer;

--
-- Name: FUNCTION send_user_notification(p_workspace_id uuid, p_user_ids uuid[], p_notification_type text, p_title text, p_body text, p_channel text, p_priority text, p_action_url text, p_alert_id uuid, p_achievement_id uuid, p_campaign_id uuid, p_expires_at timestamp with time zone, OUT accepted integer, OUT skipped uuid[]); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.send_user_notification(p_workspace_id uuid, p_user_ids uuid[], p_notification_type text, p_title text, p_body text, p_channel text, p_priority text, p_action_url text, p_alert_id uuid, p_achievement_id uuid, p_campaign_id uuid, p_expires_at timestamp with time zone, OUT accepted integer, OUT skipped uuid[]) IS 'Puts a notification into the inbox of each active member named, in one statement; gives how many, and who was skipped as no active member. KX011 without recipients, KX006 beyond 10,000, KX010 below creator.';

--
-- Name: set_context(uuid, uuid); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.set_context(p_workspace_id uuid, p_user_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_role text;
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    select role into v_role
    from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null;
  end if;
  if v_role is null then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
  execute format('set local codex.user_id = %L', p_user_id);
  execute format('set local codex.member_rank = %L', codex.role_rank(v_role));
end
$$;

ALTER FUNCTION codex.set_context(p_workspace_id uuid, p_user_id uuid) OWNER TO codex_definer;

--
-- Name: FUNCTION set_context(p_workspace_id uuid, p_user_id uuid); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.set_context(p_workspace_id uuid, p_user_id uuid) IS 'Binds this transaction to a workspace and a member of it. KX003 when the person is no active member or there is no such workspace: both answer the same. Works in a read-only transaction.';

--
-- Name: set_context_by_key(uuid, bytea); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.set_context_by_key(p_workspace_id uuid, p_key_hash bytea, OUT key_id uuid, OUT user_id uuid, OUT agent_id uuid, OUT role text, OUT scopes text[]) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    select k.id, k.user_id, k.agent_id, k.scopes,
        case
          when k.user_id is null or codex.role_rank(k.role) < codex.role_rank(m.role) then k.role
          else m.role
        end
      into key_id, user_id, agent_id, scopes, role
    from codex.api_keys k
    left join codex.user_workspaces m
      on m.workspace_id = k.workspace_id and m.user_id = k.user_id and m.removed_at is null
    where k.workspace_id = p_workspace_id and k.key_hash = p_key_hash
      and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
      and (k.agent_id is not null or m.user_id is not null);
  end if;
  if key_id is null then
    raise exception 'not a member of this workspace, or no such workspace'
      using errcode = 'KX003';
  end if;
  execute format('set local codex.user_id = %L', coalesce(user_id::text, ''));
  execute format('set local codex.agent_id = %L', coalesce(agent_id::text, ''));
  execute format('set local codex.member_rank = %L', codex.role_rank(role));
  -- For require_access and create_stream_ticket.
  execute format('set local codex.scopes = %L', scopes);
  execute format('set local codex.api_key_id = %L', key_id);
end
$$;

ALTER FUNCTION codex.set_context_by_key(p_workspace_id uuid, p_key_hash bytea, OUT key_id uuid, OUT user_id uuid, OUT agent_id uuid, OUT role text, OUT scopes text[]) OWNER TO codex_definer;

--
-- Name: FUNCTION set_context_by_key(p_workspace_id uuid, p_key_hash bytea, OUT key_id uuid, OUT user_id uuid, OUT agent_id uuid, OUT role text, OUT scopes text[]); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.set_context_by_key(p_workspace_id uuid, p_key_hash bytea, OUT key_id uuid, OUT user_id uuid, OUT agent_id uuid, OUT role text, OUT scopes text[]) IS 'Binds this transaction to a workspace as the member or agent that owns the API key, with the lower of both ranks and the key''s scopes. KX003 when the key is unknown, revoked, expired or its member has left.';

--
-- Name: set_context_by_subject(uuid, text, text); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.set_context_by_subject(p_workspace_id uuid, p_issuer text, p_subject text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_user_id uuid;
begin
  select id into v_user_id
  from codex.user_profiles
  where issuer = p_issuer and subject = p_subject;
  perform codex.set_context(p_workspace_id, v_user_id);
  return v_user_id;
end
$$;

ALTER FUNCTION codex.set_context_by_subject(p_workspace_id uuid, p_issuer text, p_subject text) OWNER TO codex_definer;

--
-- Name: FUNCTION set_context_by_subject(p_workspace_id uuid, p_issuer text, p_subject text); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.set_context_by_subject(p_workspace_id uuid, p_issuer text, p_subject text) IS 'set_context for the person whom the identity provider names by issuer and subject; gives their id. KX003 as set_context.';

--
-- Name: set_service_context(uuid); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.set_service_context(p_workspace_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if p_workspace_id is null then
    raise exception 'no such workspace' using errcode = 'KX003';
  end if;
  execute format('set local codex.workspace_id = %L', p_workspace_id);
  if not exists (select from codex.workspaces where id = p_workspace_id) then
    raise exception 'no such workspace' using errcode = 'KX003';
  end if;
  execute 'set local codex.user_id = ''''';
  execute 'set local codex.agent_id = ''''';
  execute 'set local codex.member_rank = ''5''';
end
$$;

ALTER FUNCTION codex.set_service_context(p_workspace_id uuid) OWNER TO codex_definer;

--
-- Name: FUNCTION set_service_context(p_workspace_id uuid); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.set_service_context(p_workspace_id uuid) IS 'Binds this transaction to a workspace for background work, without a person and with every role. KX003 when there is no such workspace.';

--
-- Name: set_visibility(uuid, text, uuid); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.set_visibility(p_workspace_id uuid, p_visibility text, p_achievement_id uuid DEFAULT NULL::uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_achievement_id is null then
    insert into codex.user_stats (workspace_id, user_id, visibility)
    values (p_workspace_id, codex.current_user_id(), p_visibility)
    on conflict (workspace_id, user_id) do update set visibility = excluded.visibility;
    return;
  end if;
  update codex.user_achievements
  set visibility = p_visibility
  where workspace_id = p_workspace_id and user_id = codex.current_user_id()
    and achievement_id = p_achievement_id;
  if not found then
    raise exception 'no such award' using errcode = 'KX008';
  end if;
end
$$;

ALTER FUNCTION codex.set_visibility(p_workspace_id uuid, p_visibility text, p_achievement_id uuid) OWNER TO codex_definer;

--
-- Name: FUNCTION set_visibility(p_workspace_id uuid, p_visibility text, p_achievement_id uuid); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.set_visibility(p_workspace_id uuid, p_visibility text, p_achievement_id uuid) IS 'Shows the acting person''s figures, or one of their awards, to members or to nobody (private). KX008 when the award is not held.';

--
-- Name: severity_rank(text); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.severity_rank(p_severity text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  select case p_severity
    when 'info' then 1
    when 'low' then 2
    when 'medium' then 3
    when 'high' then 4
    when 'critical' then 5
  end
$$;

ALTER FUNCTION codex.severity_rank(p_severity text) OWNER TO codex_owner;

--
-- Name: FUNCTION severity_rank(p_severity text); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.severity_rank(p_severity text) IS 'Rank of a severity, info 1 to critical 5; null for any other word.';

--
-- Name: start_execution(uuid, uuid, uuid, jsonb, text, jsonb); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.start_execution(p_workspace_id uuid, p_id uuid, p_assignment_id uuid, p_input jsonb, p_on_conflict text DEFAULT 'enqueue'::text, p_settings jsonb DEFAULT '{}'::jsonb) RETURNS SETOF codex.agent_executions
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_assignment codex.agent_assignments;
  v_key text := coalesce(p_settings ->> 'key', md5(p_input::text));
  v_known codex.agent_executions;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  if p_on_conflict is null or p_on_conflict not in ('enqueue', 'use_existing', 'reject') then
    raise exception 'on conflict is enqueue, use_existing or reject' using errcode = 'KX011';
  end if;
  -- The assignment does not end before this transaction does. No lock of its row: counters change it.
  perform pg_advisory_xact_lock_shared(
    hashtextextended('codex.agent_assignments:' || p_assignment_id, 0));
  select * into v_assignment
  from codex.agent_assignments
  where workspace_id = p_workspace_id and id = p_assignment_id;
  if v_assignment.id is null then
    raise exception 'no such assignment' using errcode = 'KX008';
  elsif v_assignment.status not in ('active', 'paused') then
    raise exception 'the assignment has ended'
      using errcode = 'KX007', schema = 'codex', table = 'agent_assignments';
  end if;
  if p_on_conflict <> 'enqueue' then
    -- Two that start the same take turns, so that one of them finds the other.
    perform codex.lock_tree('agent_executions:' || p_assignment_id || ':' || v_key);
    select * into v_known
    from codex.agent_executions
    where workspace_id = p_workspace_id and assignment_id = p_assignment_id
      and conflict_key = v_key and status in ('queued', 'running')
    order by created_at, id
    limit 1;
    if v_known.id is not null and p_on_conflict = 'reject' then
      raise exception 'the same is under way already'
        using errcode = 'KX007', schema = 'codex', table = 'agent_executions';
    elsif v_known.id is not null then
      return next v_known;
      return;
    end if;
  end if;
  return query
    insert into codex.agent_executions (workspace_id, id, assignment_id, conflict_key, input,
      priority, attempts_max, timeout_ms, available_at, retry_of_id)
    values (p_workspace_id, p_id, p_assignment_id, v_key, p_input,
      coalesce(p_settings ->> 'priority', v_assignment.priority),
      coalesce((p_settings ->> 'attemptsMax')::integer, 3),
      (p_settings ->> 'timeoutMs')::bigint,
      coalesce((p_settings ->> 'availableAt')::timestamptz, now()),
      (p_settings ->> 'retryOf')::uuid)
    returning *;
end
$$;

ALTER FUNCTION codex.start_execution(p_workspace_id uuid, p_id uuid, p_assignment_id uuid, p_input jsonb, p_on_conflict text, p_settings jsonb) OWNER TO codex_definer;

--
-- Name: FUNCTION start_execution(p_workspace_id uuid, p_id uuid, p_assignment_id uuid, p_input jsonb, p_on_conflict text, p_settings jsonb); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.start_execution(p_workspace_id uuid, p_id uuid, p_assignment_id uuid, p_input jsonb, p_on_conflict text, p_settings jsonb) IS 'Queues a run of an assignment and gives it. When one with the same key (the input''s, unless the settings name one) is not over: enqueue makes another, use_existing gives that one, reject refuses (KX007). Settings: key, priority, attemptsMax, timeoutMs, availableAt. KX007 for an assignment that has ended, KX008 unknown, KX010 below creator.';

--
-- Name: sums_to_one(jsonb); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.sums_to_one(p_shares jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  select case
    when jsonb_typeof(p_shares) <> 'object' then false
    when p_shares = '{}' then true
    when exists (select from jsonb_each(p_shares) where jsonb_typeof(value) <> 'number') then false
    else (
      select sum(value::numeric) between 0.99 and 1.01 and min(value::numeric) >= 0
      from jsonb_each_text(p_shares)
    )
  end
$$;

ALTER FUNCTION codex.sums_to_one(p_shares jsonb) OWNER TO codex_owner;

--
-- Name: FUNCTION sums_to_one(p_shares jsonb); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.sums_to_one(p_shares jsonb) IS 'Whether the object''s numbers, none negative, sum to 1.0 ± 0.01; true for the empty object.';

--
-- Name: take_lane(uuid, uuid, integer); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.take_lane(p_workspace_id uuid, p_assignment_id uuid, p_lanes integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  -- Each begins somewhere else, so that two seldom try the same.
  v_start integer := floor(random() * p_lanes)::integer;
  v_lane integer;
begin
  if p_lanes <= (
    select count(*)
    from codex.agent_executions
    where workspace_id = p_workspace_id and assignment_id = p_assignment_id and status = 'running'
  ) then
    return null;
  end if;
  for v_step in 0..p_lanes - 1 loop
    v_lane := 1 + (v_start + v_step) % p_lanes;
    -- The lock first, the look after it: whoever had the lane before has committed by then.
    continue when not pg_try_advisory_xact_lock(
      hashtextextended('codex.agent_executions:' || p_assignment_id || ':' || v_lane, 0));
    if not exists (
      select from codex.agent_executions
      where workspace_id = p_workspace_id and assignment_id = p_assignment_id
        and lane = v_lane and status = 'running'
    ) then
      return v_lane;
    end if;
  end loop;
  return null;
end
$$;

ALTER FUNCTION codex.take_lane(p_workspace_id uuid, p_assignment_id uuid, p_lanes integer) OWNER TO codex_owner;

--
-- Name: FUNCTION take_lane(p_workspace_id uuid, p_assignment_id uuid, p_lanes integer); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.take_lane(p_workspace_id uuid, p_assignment_id uuid, p_lanes integer) IS 'A lane of the assignment in which nothing runs, held for this transaction; null when all are taken. Nobody waits for anybody.';

--
-- Name: take_stream_ticket(uuid, bytea); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.take_stream_ticket(p_workspace_id uuid, p_ticket_hash bytea, OUT user_id uuid, OUT agent_id uuid, OUT api_key_id uuid) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_ticket codex.stream_tickets;
begin
  if p_workspace_id is not null then
    execute format('set local codex.workspace_id = %L', p_workspace_id);
    -- Taken is gone: a second time finds nothing.
    delete from codex.stream_tickets
    where workspace_id = p_workspace_id and ticket_hash = p_ticket_hash
    returning * into v_ticket;
  end if;
  -- Worth nothing once the member has left or the key has ended.
  if v_ticket.id is null or v_ticket.expires_at <= now()
    or v_ticket.user_id is not null and not exists (
      select from codex.user_workspaces m
      where m.workspace_id = p_workspace_id and m.user_id = v_ticket.user_id
        and m.removed_at is null
    )
    or v_ticket.api_key_id is not null and not exists (
      select from codex.api_keys k
      where k.workspace_id = p_workspace_id and k.id = v_ticket.api_key_id
        and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    )
  then
    raise exception 'this ticket is unknown, used or expired' using errcode = 'KX003';
  end if;
  user_id := v_ticket.user_id;
  agent_id := v_ticket.agent_id;
  api_key_id := v_ticket.api_key_id;
end
$$;

ALTER FUNCTION codex.take_stream_ticket(p_workspace_id uuid, p_ticket_hash bytea, OUT user_id uuid, OUT agent_id uuid, OUT api_key_id uuid) OWNER TO codex_definer;

--
-- Name: FUNCTION take_stream_ticket(p_workspace_id uuid, p_ticket_hash bytea, OUT user_id uuid, OUT agent_id uuid, OUT api_key_id uuid); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.take_stream_ticket(p_workspace_id uuid, p_ticket_hash bytea, OUT user_id uuid, OUT agent_id uuid, OUT api_key_id uuid) IS 'Takes a ticket out of the table and tells whom it was made for. KX003 when it is unknown, used or expired, or its holder may be there no longer.';

--
-- Name: tg__check_transition(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg__check_transition() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_to text := to_jsonb(new) ->> tg_argv[0];
  v_from text;
  v_allowed text := tg_argv[1];
begin
  if tg_op = 'UPDATE' then
    v_from := to_jsonb(old) ->> tg_argv[0];
    if v_from is not distinct from v_to then
      return new;
    end if;
    select split_part(edge, ' > ', 2) into v_allowed
    from unnest(tg_argv[2:]) as edge
    where split_part(edge, ' > ', 1) = v_from;
  end if;
  if v_to = any (string_to_array(coalesce(v_allowed, ''), ', ')) then
    return new;
  end if;
  raise exception using
    errcode = 'KX002',
    message = format('%s.%s cannot go from %s to %s',
      tg_table_name, tg_argv[0], coalesce(v_from, '(new)'), coalesce(v_to, '(null)')),
    detail = format('allowed: %s', coalesce(nullif(v_allowed, ''), 'none, the state is terminal')),
    schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$$;

ALTER FUNCTION codex.tg__check_transition() OWNER TO codex_owner;

--
-- Name: FUNCTION tg__check_transition(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg__check_transition() IS 'BEFORE INSERT OR UPDATE: refuses (KX002) a state that the edges in the trigger''s arguments do not lead to.';

--
-- Name: tg__keep_published(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg__keep_published() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_open boolean := old.status = any (string_to_array(tg_argv[0], ', '));
  v_free text[] := string_to_array(tg_argv[1], ', ') || array['status', 'updated_at', 'version'];
begin
  if tg_op = 'DELETE' then
    if v_open or not exists (select from codex.workspaces where id = old.workspace_id) then
      return old;
    end if;
  elsif v_open or to_jsonb(new) - v_free = to_jsonb(old) - v_free then
    return new;
  end if;
  raise exception '% is published and no longer changes', tg_table_name
    using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name,
      hint = 'Make a new draft from it.';
end
$$;

ALTER FUNCTION codex.tg__keep_published() OWNER TO codex_owner;

--
-- Name: FUNCTION tg__keep_published(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg__keep_published() IS 'BEFORE UPDATE OR DELETE: what is published keeps its content (KX004); only the state and the columns named may change.';

--
-- Name: tg__record_audit(); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.tg__record_audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_new jsonb := to_jsonb(new);
  v_old jsonb := to_jsonb(old);
  v_row jsonb := coalesce(v_new, v_old);
  v_workspace_id uuid := coalesce(v_row ->> 'workspace_id', v_row ->> 'id')::uuid;
  v_changed text[];
begin
  if tg_op = 'DELETE' and not exists (select from codex.workspaces where id = v_workspace_id) then
    return null;
  end if;
  if tg_op = 'UPDATE' then
    select array_agg(n.key order by n.key) into v_changed
    from jsonb_each(v_new) n
    where n.value is distinct from v_old -> n.key
      and n.key not in ('updated_at', 'version', 'last_used_at');
    if v_changed is null then
      return null;
    end if;
  end if;
  insert into codex.audit_events (workspace_id, action, table_name, row_key, changed)
  values (
    v_workspace_id, lower(tg_op), tg_table_name,
    (select jsonb_object_agg(key, v_row -> key) from unnest(tg_argv) as key),
    coalesce(v_changed, '{}'));
  return null;
end
$$;

ALTER FUNCTION codex.tg__record_audit() OWNER TO codex_definer;

--
-- Name: FUNCTION tg__record_audit(); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.tg__record_audit() IS 'AFTER INSERT OR UPDATE OR DELETE, per row: writes who changed which row, in the transaction of the change.';

--
-- Name: tg__record_event(); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.tg__record_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_new jsonb := to_jsonb(new);
  v_old jsonb := to_jsonb(old);
  v_row jsonb := coalesce(v_new, v_old);
  v_keys text[] := string_to_array(tg_argv[1], ',');
  v_payload jsonb;
  v_changed text[];
  v_verb text := 'created';
begin
  select jsonb_object_agg(key, v_row -> key) into v_payload from unnest(v_keys) as key;
  if tg_op = 'DELETE' then
    if not exists (select from codex.workspaces where id = old.workspace_id) then
      return null;
    end if;
    v_verb := 'deleted';
  elsif tg_op = 'UPDATE' then
    select array_agg(n.key order by n.key) into v_changed
    from jsonb_each(v_new) n
    where n.value is distinct from v_old -> n.key
      and n.key <> all (string_to_array(tg_argv[2], ',') || array['updated_at', 'version']);
    if v_changed is null then
      return null;
    end if;
    v_verb := case when 'status' = any (v_changed) then 'status_changed' else 'updated' end;
    v_payload := v_payload || jsonb_build_object('changed', v_changed);
    if v_verb = 'status_changed' then
      v_payload := v_payload || jsonb_build_object('previousStatus', v_old -> 'status');
    end if;
  end if;
  if v_row ? 'status' then
    v_payload := v_payload || jsonb_build_object('status', v_row -> 'status');
  end if;
  if v_row ? 'version' then
    v_payload := v_payload || jsonb_build_object('version', v_row -> 'version');
  end if;
  insert into codex.outbox_events (workspace_id, type, entity, entity_id, payload)
  values (
    coalesce(v_row ->> 'workspace_id', v_row ->> 'id')::uuid,
    tg_argv[0] || '.' || v_verb,
    tg_argv[0],
    case when cardinality(v_keys) = 1 then (v_row ->> v_keys[1])::uuid end,
    v_payload);
  return null;
end
$$;

ALTER FUNCTION codex.tg__record_event() OWNER TO codex_definer;

--
-- Name: FUNCTION tg__record_event(); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.tg__record_event() IS 'AFTER INSERT OR UPDATE OR DELETE, per row: leaves the outbox event of the change, in its transaction. KX001 without a workspace context.';

--
-- Name: tg__refuse_change(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg__refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- The workspace's own removal takes its history with it.
  if tg_op = 'DELETE'
    and not exists (select from codex.workspaces where id = old.workspace_id)
  then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name
    using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name;
end
$$;

ALTER FUNCTION codex.tg__refuse_change() OWNER TO codex_owner;

--
-- Name: FUNCTION tg__refuse_change(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg__refuse_change() IS 'BEFORE UPDATE OR DELETE on an append-only table: refuses with KX004, but for the purge of the workspace.';

--
-- Name: tg__touch(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg__touch() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.updated_at := now();
  new.version := old.version + 1;
  if tg_nargs > 0
    and to_jsonb(new) - tg_argv - array['updated_at', 'version']
      = to_jsonb(old) - tg_argv - array['updated_at', 'version']
  then
    new.version := old.version;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg__touch() OWNER TO codex_owner;

--
-- Name: FUNCTION tg__touch(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg__touch() IS 'BEFORE UPDATE: sets updated_at and counts the edit in version, unless only the columns named as arguments changed.';

--
-- Name: tg_achievements__check_prerequisite(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_achievements__check_prerequisite() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_cycle boolean;
begin
  if new.prerequisite_id is null then
    return new;
  end if;
  perform codex.lock_tree('achievements:' || new.workspace_id);
  with recursive needed as (
    select id, prerequisite_id
    from codex.achievements
    where workspace_id = new.workspace_id and id = new.prerequisite_id
    union
    select a.id, a.prerequisite_id
    from needed
    join codex.achievements a on a.workspace_id = new.workspace_id and a.id = needed.prerequisite_id
  )
  select bool_or(id = new.id) into v_cycle from needed;
  if v_cycle or new.prerequisite_id = new.id then
    raise exception 'an achievement cannot need itself'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_achievements__check_prerequisite() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_achievements__check_prerequisite(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_achievements__check_prerequisite() IS 'BEFORE INSERT OR UPDATE OF prerequisite_id: no cycle (KX005), also when two are written at once.';

--
-- Name: tg_agent_assignments__cancel_queued(); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.tg_agent_assignments__cancel_queued() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  -- What is being started at this moment is waited for, and then there.
  perform pg_advisory_xact_lock(hashtextextended('codex.agent_assignments:' || new.id, 0));
  update codex.agent_executions
  set status = 'cancelled', cancel_reason = 'the assignment has ended'
  where workspace_id = new.workspace_id and assignment_id = new.id and status = 'queued';
  return null;
end
$$;

ALTER FUNCTION codex.tg_agent_assignments__cancel_queued() OWNER TO codex_definer;

--
-- Name: FUNCTION tg_agent_assignments__cancel_queued(); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.tg_agent_assignments__cancel_queued() IS 'AFTER UPDATE OF status: what waits for an assignment that has ended is cancelled; what runs may finish.';

--
-- Name: tg_agent_assignments__check_agent(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_agent_assignments__check_agent() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_status text := (select status from codex.agent_registry where id = new.agent_id);
begin
  -- An agent that is not there is the foreign key's matter.
  if tg_op = 'INSERT' and v_status <> 'active' then
    raise exception 'only an active agent takes a new assignment'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  elsif new.status = 'active' and v_status = 'retired' then
    raise exception 'a retired agent does not work again'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_agent_assignments__check_agent() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_agent_assignments__check_agent(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_agent_assignments__check_agent() IS 'BEFORE INSERT OR UPDATE OF status: only an active agent is assigned, and a retired one does not resume (KX007).';

--
-- Name: tg_agent_assignments__check_lease(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_agent_assignments__check_lease() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.fencing_token < old.fencing_token then
    raise exception 'a fencing token never goes back'
      using errcode = 'KX012', schema = tg_table_schema, table = tg_table_name,
        hint = 'The lease was lost to another worker.';
  end if;
  if new.holder is not null and new.holder is distinct from old.holder
    and new.fencing_token = old.fencing_token
  then
    raise exception 'a new holder needs a new fencing token'
      using errcode = 'KX012', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_agent_assignments__check_lease() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_agent_assignments__check_lease(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_agent_assignments__check_lease() IS 'BEFORE UPDATE OF holder, fencing_token: the token grows with each new holder and never goes back (KX012).';

--
-- Name: tg_agent_assignments__stamp(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_agent_assignments__stamp() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.status is distinct from old.status then
    new.ended_at := case
      when new.status in ('completed', 'failed', 'archived') then coalesce(old.ended_at, now())
    end;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_agent_assignments__stamp() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_agent_assignments__stamp(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_agent_assignments__stamp() IS 'BEFORE UPDATE OF status: notes when the assignment ended.';

--
-- Name: tg_agent_executions__check_lease(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_agent_executions__check_lease() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if old.finished_at is not null then
    raise exception 'an execution that is over no longer changes'
      using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name;
  end if;
  if new.fencing_token < old.fencing_token
    or (new.status = 'running' and old.status <> 'running'
      and new.fencing_token = old.fencing_token)
  then
    raise exception 'each lease has a higher fencing token than the one before'
      using errcode = 'KX012', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_agent_executions__check_lease() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_agent_executions__check_lease(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_agent_executions__check_lease() IS 'BEFORE UPDATE: what is over stays as it is (KX004), and each lease has a token of its own, higher than the last (KX012).';

--
-- Name: tg_agent_executions__count(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_agent_executions__count() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_agent uuid := (
    select agent_id
    from codex.agent_assignments
    where workspace_id = new.workspace_id and id = new.assignment_id
  );
begin
  if old.finished_at is not null or new.finished_at is null then
    return null;
  end if;
  perform codex.add_performance(new.workspace_id, v_agent, new.assignment_id,
    case when new.status in ('succeeded', 'cancelled') then new.status else 'failed' end,
    coalesce(greatest(0, round(1000 * extract(epoch from new.finished_at - new.started_at))), 0)::bigint,
    new.input_tokens_count, new.output_tokens_count, new.cost_micros);
  return null;
end
$$;

ALTER FUNCTION codex.tg_agent_executions__count() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_agent_executions__count(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_agent_executions__count() IS 'AFTER UPDATE OF status: an execution that ends is counted in its agent''s performance, in the same transaction and so exactly once.';

--
-- Name: tg_agent_executions__stamp(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_agent_executions__stamp() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.status = old.status then
    return new;
  end if;
  if new.status = 'running' then
    new.attempts_count := old.attempts_count + 1;
    new.started_at := now();
    new.heartbeat_at := now();
    new.deadline_at := now() + new.timeout_ms * interval '1 ms';
    new.lease_expires_at := least(now() + new.lease_ms * interval '1 ms', new.deadline_at);
    return new;
  end if;
  new.lane := null;
  new.lease_ms := null;
  new.lease_expires_at := null;
  new.deadline_at := null;
  if new.status = 'queued' then
    new.instance := null;
    new.started_at := null;
  else
    new.finished_at := now();
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_agent_executions__stamp() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_agent_executions__stamp(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_agent_executions__stamp() IS 'BEFORE UPDATE OF status: a lease begins and ends with the state running, and an attempt is counted.';

--
-- Name: tg_agent_registry__check_version(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_agent_registry__check_version() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if old.status <> 'draft' and (new.name, new.version) is distinct from (old.name, old.version) then
    raise exception 'a released agent keeps its name and version'
      using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name,
        hint = 'Register another version.';
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_agent_registry__check_version() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_agent_registry__check_version(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_agent_registry__check_version() IS 'BEFORE UPDATE OF name, version: these two stay what they are once the agent is released (KX004).';

--
-- Name: tg_api_keys__check_scopes(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_api_keys__check_scopes() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_scopes text[] := nullif(current_setting('codex.scopes', true), '')::text[];
begin
  -- A key that may do some things only gives no more than these away.
  if cardinality(v_scopes) > 0 and (
    cardinality(new.scopes) = 0
    or exists (select from unnest(new.scopes) s where not codex.covers_scope(v_scopes, s))
  ) then
    raise exception 'a key with scopes makes keys with no more than its own' using errcode = 'KX010';
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_api_keys__check_scopes() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_api_keys__check_scopes(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_api_keys__check_scopes() IS 'BEFORE INSERT OR UPDATE OF scopes: a key with scopes gives no more than these to a key that it makes. KX010.';

--
-- Name: tg_campaign_cohorts__check_allocation(); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.tg_campaign_cohorts__check_allocation() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_others bigint;
begin
  -- Two shares of one campaign take turns here: each would be counted without the other.
  perform from codex.campaigns
  where workspace_id = new.workspace_id and id = new.campaign_id
  for no key update;
  select coalesce(sum(allocation_percentage), 0) into v_others
  from codex.campaign_cohorts
  where workspace_id = new.workspace_id and campaign_id = new.campaign_id
    and cohort_id <> new.cohort_id;
  if v_others + new.allocation_percentage > 100 then
    raise exception 'the shares of a campaign would sum to % %%', v_others + new.allocation_percentage
      using errcode = 'KX006', schema = tg_table_schema, table = tg_table_name,
        column = 'allocation_percentage',
        hint = format('At most %s %% are free.', 100 - v_others);
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_campaign_cohorts__check_allocation() OWNER TO codex_definer;

--
-- Name: FUNCTION tg_campaign_cohorts__check_allocation(); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.tg_campaign_cohorts__check_allocation() IS 'BEFORE INSERT OR UPDATE OF allocation_percentage: the shares of one campaign sum to at most 100 (KX006), also when two are written at once.';

--
-- Name: tg_campaign_quests__check_dependencies(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_campaign_quests__check_dependencies() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.status <> 'completed' or old.status = 'completed' then
    return new;
  end if;
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  if exists (
    select
    from codex.quest_dependencies d
    join codex.campaign_quests q
      on q.workspace_id = d.workspace_id and q.campaign_id = d.campaign_id
      and q.id = d.depends_on_id
    where d.workspace_id = new.workspace_id and d.campaign_id = new.campaign_id
      and d.quest_id = new.id and q.status not in ('completed', 'skipped')
  ) then
    raise exception 'a quest waits until those it depends on are completed or skipped'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_campaign_quests__check_dependencies() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_campaign_quests__check_dependencies(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_campaign_quests__check_dependencies() IS 'BEFORE UPDATE OF status: not completed before what it depends on (KX007).';

--
-- Name: tg_campaign_quests__check_tree(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_campaign_quests__check_tree() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_above integer := 0;
  v_below integer;
  v_cycle boolean := false;
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
  select max(depth), bool_or(id = new.id) into v_above, v_cycle from above;
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
  select max(depth) into v_below from below;
  if v_cycle or new.parent_id = new.id then
    raise exception 'a quest cannot be part of itself'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  elsif v_above + v_below > 8 then
    raise exception 'quests are nested at most 8 levels deep'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_campaign_quests__check_tree() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_campaign_quests__check_tree(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_campaign_quests__check_tree() IS 'BEFORE INSERT OR UPDATE OF parent_id, campaign_id: one tree in one campaign, no cycle, at most 8 levels (KX005), also when two move at once; none in a campaign that has ended (KX007).';

--
-- Name: tg_campaign_quests__own_progress(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_campaign_quests__own_progress() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- The lock first, so that no sibling reports between the sum and the write.
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  new.completed_at := case
    when new.status = 'completed' then coalesce(case when tg_op = 'UPDATE' then old.completed_at end, now())
  end;
  new.progress := coalesce(
    codex.quest_progress(new.workspace_id, new.campaign_id, new.id),
    case
      when new.status = 'completed' then 100
      -- Reopened, and nobody said how far it is.
      when tg_op = 'UPDATE' and old.status = 'completed' and new.progress = 100 then 0
      else new.progress
    end);
  return new;
end
$$;

ALTER FUNCTION codex.tg_campaign_quests__own_progress() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_campaign_quests__own_progress(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_campaign_quests__own_progress() IS 'BEFORE INSERT OR UPDATE OF status, progress: a parent''s progress is that of its children whatever is written; a completed leaf has 100.';

--
-- Name: tg_campaign_quests__place_last(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_campaign_quests__place_last() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  select coalesce(max(position), 0) + 1024 into new.position
  from codex.campaign_quests
  where workspace_id = new.workspace_id and campaign_id = new.campaign_id
    and parent_id is not distinct from new.parent_id;
  return new;
end
$$;

ALTER FUNCTION codex.tg_campaign_quests__place_last() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_campaign_quests__place_last(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_campaign_quests__place_last() IS 'BEFORE INSERT without a position: behind its siblings, with room between.';

--
-- Name: tg_campaign_quests__roll_up(); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.tg_campaign_quests__roll_up() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_row codex.campaign_quests := coalesce(new, old);
  v_parent uuid;
begin
  if not exists (select from codex.workspaces where id = v_row.workspace_id) then
    return null;
  end if;
  perform codex.lock_tree('campaign_quests:' || v_row.campaign_id);
  foreach v_parent in array array[
    case when tg_op <> 'DELETE' then new.parent_id end,
    case when tg_op <> 'INSERT' and (tg_op = 'DELETE' or old.parent_id is distinct from new.parent_id)
      then old.parent_id end
  ] loop
    -- The parent's own trigger sets the sum, and its change goes on to the grandparent.
    update codex.campaign_quests
    set progress = progress
    where workspace_id = v_row.workspace_id and id = v_parent
      and progress is distinct from
        codex.quest_progress(v_row.workspace_id, v_row.campaign_id, v_parent);
  end loop;
  return null;
end
$$;

ALTER FUNCTION codex.tg_campaign_quests__roll_up() OWNER TO codex_definer;

--
-- Name: FUNCTION tg_campaign_quests__roll_up(); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.tg_campaign_quests__roll_up() IS 'AFTER any change that concerns a parent''s progress: brings it up to date along the ancestor path, in the same transaction.';

--
-- Name: tg_campaigns__check_activation(); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.tg_campaigns__check_activation() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_missing text;
begin
  if new.status <> 'active' or old.status is not distinct from new.status then
    return new;
  end if;
  -- A positioning that is being retracted is waited for.
  perform from codex.positioning
  where workspace_id = new.workspace_id and id = new.positioning_id and status = 'active'
  for share;
  v_missing := case
    when not found then 'an active positioning'
    when new.start_date is null then 'a start date'
    when not exists (
      select from codex.campaign_quests
      where workspace_id = new.workspace_id and campaign_id = new.id
    ) and not exists (
      select from codex.campaign_cohorts
      where workspace_id = new.workspace_id and campaign_id = new.id
    ) then 'at least one quest or cohort'
  end;
  if v_missing is not null then
    raise exception 'a campaign needs % to become active', v_missing
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_campaigns__check_activation() OWNER TO codex_definer;

--
-- Name: FUNCTION tg_campaigns__check_activation(); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.tg_campaigns__check_activation() IS 'BEFORE UPDATE OF status: active needs an active positioning, a start date and at least one quest or cohort (KX007).';

--
-- Name: tg_campaigns__check_tree(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_campaigns__check_tree() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_above integer;
  v_below integer;
  v_cycle boolean;
begin
  if new.parent_id is null then
    return new;
  end if;
  perform codex.lock_tree('campaigns:' || new.workspace_id);
  with recursive above as (
    select id, parent_id, 1 as depth
    from codex.campaigns
    where workspace_id = new.workspace_id and id = new.parent_id
    union all
    select c.id, c.parent_id, above.depth + 1
    from above
    join codex.campaigns c on c.workspace_id = new.workspace_id and c.id = above.parent_id
    where above.depth < 10 and above.id <> new.id
  )
  select max(depth), bool_or(id = new.id) into v_above, v_cycle from above;
  with recursive below as (
    select new.id as id, 1 as depth
    union all
    select c.id, below.depth + 1
    from below
    join codex.campaigns c on c.workspace_id = new.workspace_id and c.parent_id = below.id
    where below.depth < 10
  )
  select max(depth) into v_below from below;
  if v_cycle or new.parent_id = new.id then
    raise exception 'a campaign cannot be part of itself'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  elsif v_above + v_below > 5 then
    raise exception 'campaigns are nested at most 5 levels deep'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_campaigns__check_tree() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_campaigns__check_tree(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_campaigns__check_tree() IS 'BEFORE INSERT OR UPDATE OF parent_id: no cycle, at most 5 levels (KX005), also when two move at once.';

--
-- Name: tg_campaigns__stamp(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_campaigns__stamp() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.status is distinct from old.status then
    new.activated_at := case
      when new.status = 'active' then coalesce(old.activated_at, now())
      else old.activated_at
    end;
    new.ended_at := case
      when new.status in ('completed', 'cancelled') then now()
      else old.ended_at
    end;
    new.archived_at := case when new.status = 'archived' then now() end;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_campaigns__stamp() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_campaigns__stamp(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_campaigns__stamp() IS 'BEFORE UPDATE OF status: notes when it was first active, ended and archived.';

--
-- Name: tg_cohorts__check_limit(); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.tg_cohorts__check_limit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_limit integer;
begin
  if new.archived_at is not null then
    return new;
  end if;
  -- Two at once take turns here: both would count without the other.
  select cohorts_limit into v_limit from codex.workspaces where id = new.workspace_id for no key update;
  if (
    select count(*) from codex.cohorts
    where workspace_id = new.workspace_id and archived_at is null and id <> new.id
  ) >= v_limit then
    raise exception 'the plan allows % cohorts', v_limit
      using errcode = 'KX006', schema = tg_table_schema, table = tg_table_name,
        hint = 'Archive a cohort, or change the plan.';
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_cohorts__check_limit() OWNER TO codex_definer;

--
-- Name: FUNCTION tg_cohorts__check_limit(); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.tg_cohorts__check_limit() IS 'BEFORE INSERT OR UPDATE OF archived_at: cohorts in use stay within workspaces.cohorts_limit (KX006).';

--
-- Name: tg_market_insights__stamp(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_market_insights__stamp() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.status = 'active' and (tg_op = 'INSERT' or old.status <> 'active') then
    new.published_at := now();
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_market_insights__stamp() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_market_insights__stamp(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_market_insights__stamp() IS 'BEFORE INSERT OR UPDATE OF status: notes when it was published.';

--
-- Name: tg_message_architecture__stamp(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_message_architecture__stamp() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.status = 'published' and old.status <> 'published' then
    new.published_at := now();
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_message_architecture__stamp() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_message_architecture__stamp(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_message_architecture__stamp() IS 'BEFORE UPDATE OF status: notes when it was published.';

--
-- Name: tg_moves__check_sprint_limit(); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.tg_moves__check_sprint_limit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_limit integer;
begin
  if new.sprint_id is null or new.status = 'killed' then
    return new;
  end if;
  select moves_per_sprint_limit into v_limit from codex.workspaces where id = new.workspace_id;
  -- Two at once take turns here: both would count without the other.
  perform from codex.sprints
  where workspace_id = new.workspace_id and id = new.sprint_id
  for no key update;
  if (
    select count(*) from codex.moves
    where workspace_id = new.workspace_id and sprint_id = new.sprint_id
      and status <> 'killed' and id <> new.id
  ) >= v_limit then
    raise exception 'the plan allows % moves in a sprint', v_limit
      using errcode = 'KX006', schema = tg_table_schema, table = tg_table_name,
        hint = 'Plan the move into another sprint, or change the plan.';
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_moves__check_sprint_limit() OWNER TO codex_definer;

--
-- Name: FUNCTION tg_moves__check_sprint_limit(); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.tg_moves__check_sprint_limit() IS 'BEFORE INSERT OR UPDATE OF sprint_id: the moves of a sprint stay within workspaces.moves_per_sprint_limit (KX006).';

--
-- Name: tg_positioning__number_revision(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_positioning__number_revision() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform codex.lock_tree('positioning:' || new.workspace_id || ':' || new.segment);
  select coalesce(max(revision), 0) + 1 into new.revision
  from codex.positioning
  where workspace_id = new.workspace_id and segment = new.segment;
  return new;
end
$$;

ALTER FUNCTION codex.tg_positioning__number_revision() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_positioning__number_revision(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_positioning__number_revision() IS 'BEFORE INSERT: gives the next revision of the segment.';

--
-- Name: tg_positioning__stamp(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_positioning__stamp() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.status is distinct from old.status then
    if new.status = 'active' then
      new.published_at := now();
    elsif new.status in ('superseded', 'retracted') then
      new.ended_at := now();
    end if;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_positioning__stamp() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_positioning__stamp(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_positioning__stamp() IS 'BEFORE UPDATE OF status: notes when it was published and ended.';

--
-- Name: tg_quest_dependencies__check_cycle(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_quest_dependencies__check_cycle() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- The lock of the quest tree: a move and a dependency at the same moment take turns.
  perform codex.lock_tree('campaign_quests:' || new.campaign_id);
  if exists (
    with recursive reached as (
      select new.depends_on_id as id
      union
      select d.depends_on_id
      from reached
      join codex.quest_dependencies d
        on d.workspace_id = new.workspace_id and d.quest_id = reached.id
    )
    select from reached where id = new.quest_id
  ) then
    raise exception 'quests cannot wait for each other in a circle'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  if exists (
    with recursive above as (
      select id, parent_id, id as origin
      from codex.campaign_quests
      where workspace_id = new.workspace_id and campaign_id = new.campaign_id
        and id in (new.quest_id, new.depends_on_id)
      union
      select q.id, q.parent_id, above.origin
      from above
      join codex.campaign_quests q
        on q.workspace_id = new.workspace_id and q.campaign_id = new.campaign_id
        and q.id = above.parent_id
    )
    select from above where id <> origin and id in (new.quest_id, new.depends_on_id)
  ) then
    raise exception 'a quest does not wait for its own part, nor a part for its whole'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_quest_dependencies__check_cycle() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_quest_dependencies__check_cycle(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_quest_dependencies__check_cycle() IS 'BEFORE INSERT: dependencies form no cycle and do not follow the tree (KX005), also when two are made at once.';

--
-- Name: tg_system_alerts__check_severity(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_system_alerts__check_severity() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if codex.severity_rank(new.severity) < codex.severity_rank(old.severity) then
    raise exception 'the severity of an alert never falls'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name, column = 'severity',
        hint = 'Resolve the alert; what happens afterwards opens a new one.';
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_system_alerts__check_severity() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_system_alerts__check_severity(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_system_alerts__check_severity() IS 'BEFORE UPDATE OF severity: it may rise, never fall (KX007).';

--
-- Name: tg_system_alerts__stamp(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_system_alerts__stamp() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.status is distinct from old.status then
    if new.status = 'acknowledged' then
      new.acknowledged_at := now();
      new.acknowledged_by := codex.acting_user_id();
    else
      new.ended_at := now();
      new.ended_by := codex.acting_user_id();
    end if;
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_system_alerts__stamp() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_system_alerts__stamp(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_system_alerts__stamp() IS 'BEFORE UPDATE OF status: notes who took it on or ended it, and when.';

--
-- Name: tg_user_workspaces__check_role_change(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.tg_user_workspaces__check_role_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.role is distinct from old.role and codex.acting_user_id() is not null then
    perform codex.require_role('owner');
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_user_workspaces__check_role_change() OWNER TO codex_owner;

--
-- Name: FUNCTION tg_user_workspaces__check_role_change(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.tg_user_workspaces__check_role_change() IS 'BEFORE UPDATE OF role: a member may edit their own name and picture, and leave; roles are the owner''s (KX010).';

--
-- Name: tg_user_workspaces__keep_an_owner(); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.tg_user_workspaces__keep_an_owner() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if old.role <> 'owner' or old.removed_at is not null
    or (new.role = 'owner' and new.removed_at is null)
  then
    return new;
  end if;
  -- Two owners who demote each other at the same moment take turns here.
  perform from codex.workspaces where id = old.workspace_id for no key update;
  if not exists (
    select from codex.user_workspaces
    where workspace_id = old.workspace_id and user_id <> old.user_id
      and role = 'owner' and removed_at is null
  ) then
    raise exception 'the last owner of a workspace cannot leave or be demoted'
      using errcode = 'KX007', schema = tg_table_schema, table = tg_table_name,
        hint = 'Make another member an owner first.';
  end if;
  return new;
end
$$;

ALTER FUNCTION codex.tg_user_workspaces__keep_an_owner() OWNER TO codex_definer;

--
-- Name: FUNCTION tg_user_workspaces__keep_an_owner(); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.tg_user_workspaces__keep_an_owner() IS 'BEFORE UPDATE OF role, removed_at: a workspace never loses its last owner (KX007).';

--
-- Name: unlock_achievement(uuid, uuid, uuid, text, jsonb); Type: FUNCTION; Schema: codex; Owner: codex_definer
--

CREATE FUNCTION codex.unlock_achievement(p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_event_type text DEFAULT 'manual'::text, p_evidence jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(success boolean, message text, points_awarded integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_achievement codex.achievements;
  v_metric text;
  v_refusal text;
begin
  perform codex.require_workspace(p_workspace_id);
  select * into v_achievement
  from codex.achievements
  where workspace_id = p_workspace_id and id = p_achievement_id;
  if v_achievement.id is null or not exists (
    select from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null
  ) then
    raise exception 'no such achievement, or no such member' using errcode = 'KX008';
  end if;
  v_metric := v_achievement.criteria ->> 'metric';
  -- One's own award needs a threshold that was reached; another's needs a strategist or the service.
  if v_metric is null and codex.acting_user_id() = p_user_id then
    raise exception 'an award by hand is given by somebody else' using errcode = 'KX010';
  elsif codex.acting_user_id() is distinct from p_user_id then
    perform codex.require_role('strategist');
  end if;
  v_refusal := case
    when v_achievement.status <> 'active' then 'Achievement is not active'
    when v_achievement.prerequisite_id is not null and not exists (
      select from codex.user_achievements
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = v_achievement.prerequisite_id
    ) then 'Prerequisite is not held'
    when v_metric is not null and coalesce((
      select (to_jsonb(s) ->> v_metric)::numeric
      from codex.user_stats s
      where workspace_id = p_workspace_id and user_id = p_user_id
    ), 0) < (v_achievement.criteria ->> 'threshold')::numeric then 'Criteria are not met'
  end;
  if v_refusal is not null then
    return query select false, v_refusal, 0;
    return;
  end if;
  insert into codex.user_achievements as a
    (workspace_id, user_id, achievement_id, period_key, event_type, evidence, points_awarded)
  select p_workspace_id, p_user_id, p_achievement_id,
    codex.period_key(v_achievement.repeat_period, now(), p.time_zone),
    p_event_type, p_evidence, v_achievement.points
  from codex.user_profiles p
  where p.id = p_user_id
  on conflict do nothing;
  if not found then
    return query select false, 'Achievement already unlocked', 0;
    return;
  end if;
  insert into codex.user_stats as s
    (workspace_id, user_id, points_balance, lifetime_points, achievements_unlocked)
  values (p_workspace_id, p_user_id, v_achievement.points, v_achievement.points, 1)
  on conflict (workspace_id, user_id) do update set
    points_balance = s.points_balance + excluded.points_balance,
    lifetime_points = s.lifetime_points + excluded.lifetime_points,
    achievements_unlocked = s.achievements_unlocked + 1;
  return query select true, 'Achievement unlocked successfully', v_achievement.points;
end
$$;

ALTER FUNCTION codex.unlock_achievement(p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_event_type text, p_evidence jsonb) OWNER TO codex_definer;

--
-- Name: FUNCTION unlock_achievement(p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_event_type text, p_evidence jsonb); Type: COMMENT; Schema: codex; Owner: codex_definer
--

COMMENT ON FUNCTION codex.unlock_achievement(p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_event_type text, p_evidence jsonb) IS 'Awards an achievement to a member exactly once per period, with its points. Gives success, why not, and the points. A member may claim what a threshold earned them; a strategist or the service awards others. KX008 unknown achievement or member, KX010 not allowed.';

--
-- Name: update_experience_level(); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.update_experience_level() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.level := new.lifetime_points / 1000 + 1;
  return new;
end
$$;

ALTER FUNCTION codex.update_experience_level() OWNER TO codex_owner;

--
-- Name: FUNCTION update_experience_level(); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.update_experience_level() IS 'BEFORE INSERT OR UPDATE: level = lifetime_points / 1000 + 1, on insert and update alike.';

--
-- Name: wilson_lower_bound(bigint, bigint); Type: FUNCTION; Schema: codex; Owner: codex_owner
--

CREATE FUNCTION codex.wilson_lower_bound(p_successes bigint, p_runs bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  -- z = 1.96: the lower end of the interval of 95 %.
  select case
    when coalesce(p_runs, 0) = 0 then 0
    else greatest(0, (p_successes + 1.9208 - 1.96 * sqrt(
        p_successes::double precision * (p_runs - p_successes) / p_runs + 0.9604))
      / (p_runs + 3.8416))
  end
$$;

ALTER FUNCTION codex.wilson_lower_bound(p_successes bigint, p_runs bigint) OWNER TO codex_owner;

--
-- Name: FUNCTION wilson_lower_bound(p_successes bigint, p_runs bigint); Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON FUNCTION codex.wilson_lower_bound(p_successes bigint, p_runs bigint) IS 'Lower end of the 95 % interval of a share (E. B. Wilson, 1927), 0 to 1: what can be said of few runs is little. 0 without any.';

--
-- Name: workspaces_of(uuid); Type: FUNCTION; Schema: codex; Owner: codex_reader
--

CREATE FUNCTION codex.workspaces_of(p_user_id uuid) RETURNS TABLE(workspace_id uuid, name text, slug text, role text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select w.id, w.name, s.slug, m.role
  from codex.user_workspaces m
  join codex.workspaces w on w.id = m.workspace_id
  left join lateral (
    select slug
    from codex.workspace_slugs
    where workspace_id = w.id
    order by created_at desc, slug
    limit 1
  ) s on true
  where m.user_id = p_user_id and m.removed_at is null and w.archived_at is null
  order by w.name, w.id
$$;

ALTER FUNCTION codex.workspaces_of(p_user_id uuid) OWNER TO codex_reader;

--
-- Name: FUNCTION workspaces_of(p_user_id uuid); Type: COMMENT; Schema: codex; Owner: codex_reader
--

COMMENT ON FUNCTION codex.workspaces_of(p_user_id uuid) IS 'The workspaces in use of which the person is an active member, by name, with their newest slug and the person''s role.';

--
-- Name: workspaces_with_work(text, uuid, integer); Type: FUNCTION; Schema: codex; Owner: codex_reader
--

CREATE FUNCTION codex.workspaces_with_work(p_kind text, p_after uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 100) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  case p_kind
    when 'executions' then
      return query
        select distinct e.workspace_id
        from codex.agent_executions e
        where e.status = 'running' and e.lease_expires_at < now()
          and (p_after is null or e.workspace_id > p_after)
        order by e.workspace_id
        limit p_limit;
    else
      raise exception 'there is no such kind of work' using errcode = 'KX011';
  end case;
end
$$;

ALTER FUNCTION codex.workspaces_with_work(p_kind text, p_after uuid, p_limit integer) OWNER TO codex_reader;

--
-- Name: FUNCTION workspaces_with_work(p_kind text, p_after uuid, p_limit integer); Type: COMMENT; Schema: codex; Owner: codex_reader
--

COMMENT ON FUNCTION codex.workspaces_with_work(p_kind text, p_after uuid, p_limit integer) IS 'Workspaces in which background work of a kind waits, in the order of their ids, after one of them. executions: some fell silent (reap_executions). KX011 for another kind.';

--
-- Name: achievements; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.achievements (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    icon_url text,
    badge_type text DEFAULT 'milestone'::text NOT NULL,
    category text DEFAULT 'campaign'::text NOT NULL,
    criteria jsonb DEFAULT '{"kind": "manual"}'::jsonb NOT NULL,
    tier text DEFAULT 'bronze'::text NOT NULL,
    rarity text DEFAULT 'common'::text NOT NULL,
    points integer DEFAULT 0 NOT NULL,
    prerequisite_id uuid,
    repeat_period text DEFAULT 'none'::text NOT NULL,
    secret boolean DEFAULT false NOT NULL,
    status text DEFAULT 'inactive'::text NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT achievements_badge_type_check CHECK ((badge_type = ANY (ARRAY['milestone'::text, 'excellence'::text, 'exploration'::text, 'collaboration'::text, 'speed'::text, 'quality'::text]))),
    CONSTRAINT achievements_category_check CHECK ((category = ANY (ARRAY['campaign'::text, 'content'::text, 'engagement'::text, 'research'::text, 'innovation'::text]))),
    CONSTRAINT achievements_criteria_known_check CHECK (codex.is_criteria(criteria)),
    CONSTRAINT achievements_key_format_check CHECK ((key ~ '^[a-z0-9_]{1,100}$'::text)),
    CONSTRAINT achievements_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT achievements_points_not_negative_check CHECK ((points >= 0)),
    CONSTRAINT achievements_rarity_check CHECK ((rarity = ANY (ARRAY['common'::text, 'uncommon'::text, 'rare'::text, 'legendary'::text]))),
    CONSTRAINT achievements_repeat_period_check CHECK ((repeat_period = ANY (ARRAY['none'::text, 'daily'::text, 'weekly'::text, 'monthly'::text]))),
    CONSTRAINT achievements_status_check CHECK ((status = ANY (ARRAY['inactive'::text, 'active'::text, 'retired'::text]))),
    CONSTRAINT achievements_tier_check CHECK ((tier = ANY (ARRAY['bronze'::text, 'silver'::text, 'gold'::text, 'platinum'::text])))
);

ALTER TABLE ONLY codex.achievements FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.achievements OWNER TO codex_owner;

--
-- Name: TABLE achievements; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.achievements IS 'Achievement that members can earn. States: docs/state-machines.md.';

--
-- Name: COLUMN achievements.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN achievements.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN achievements.key; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.key IS 'Word used in code, for good.';

--
-- Name: COLUMN achievements.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.name IS 'Name shown.';

--
-- Name: COLUMN achievements.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.description IS 'What it is earned for.';

--
-- Name: COLUMN achievements.icon_url; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.icon_url IS 'Picture.';

--
-- Name: COLUMN achievements.badge_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.badge_type IS 'milestone, excellence, exploration, collaboration, speed or quality.';

--
-- Name: COLUMN achievements.category; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.category IS 'campaign, content, engagement, research or innovation.';

--
-- Name: COLUMN achievements.criteria; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.criteria IS 'When it is earned: by hand, or at a threshold of a counter.';

--
-- Name: COLUMN achievements.tier; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.tier IS 'bronze, silver, gold or platinum.';

--
-- Name: COLUMN achievements.rarity; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.rarity IS 'common, uncommon, rare or legendary.';

--
-- Name: COLUMN achievements.points; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.points IS 'Points it is worth.';

--
-- Name: COLUMN achievements.prerequisite_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.prerequisite_id IS 'Achievement that must be held first.';

--
-- Name: COLUMN achievements.repeat_period; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.repeat_period IS 'none, daily, weekly or monthly, in the person''s time zone.';

--
-- Name: COLUMN achievements.secret; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.secret IS 'Whether it is hidden until earned.';

--
-- Name: COLUMN achievements.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.status IS 'inactive, active or retired.';

--
-- Name: COLUMN achievements.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN achievements.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN achievements.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.created_at IS 'When the row was made.';

--
-- Name: COLUMN achievements.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.achievements.updated_at IS 'When the row last changed.';

--
-- Name: agent_assignments; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.agent_assignments (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    agent_id uuid NOT NULL,
    campaign_id uuid,
    status text DEFAULT 'active'::text NOT NULL,
    priority text DEFAULT 'normal'::text NOT NULL,
    priority_rank integer GENERATED ALWAYS AS (
CASE priority
    WHEN 'critical'::text THEN 4
    WHEN 'high'::text THEN 3
    WHEN 'normal'::text THEN 2
    ELSE 1
END) STORED NOT NULL,
    max_concurrency integer DEFAULT 1 NOT NULL,
    config jsonb DEFAULT '{}'::jsonb NOT NULL,
    constraints jsonb DEFAULT '{}'::jsonb NOT NULL,
    holder text,
    fencing_token bigint DEFAULT 0 NOT NULL,
    lease_expires_at timestamp with time zone,
    tasks_completed_count bigint DEFAULT 0 NOT NULL,
    tasks_failed_count bigint DEFAULT 0 NOT NULL,
    tokens_count bigint DEFAULT 0 NOT NULL,
    cost_micros bigint DEFAULT 0 NOT NULL,
    ended_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_assignments_config_is_object_check CHECK ((jsonb_typeof(config) = 'object'::text)),
    CONSTRAINT agent_assignments_constraints_is_object_check CHECK ((jsonb_typeof(constraints) = 'object'::text)),
    CONSTRAINT agent_assignments_cost_not_negative_check CHECK ((cost_micros >= 0)),
    CONSTRAINT agent_assignments_fencing_token_not_negative_check CHECK ((fencing_token >= 0)),
    CONSTRAINT agent_assignments_lease_has_holder_check CHECK (((holder IS NULL) = (lease_expires_at IS NULL))),
    CONSTRAINT agent_assignments_max_concurrency_in_range_check CHECK (((max_concurrency >= 1) AND (max_concurrency <= 1000))),
    CONSTRAINT agent_assignments_priority_check CHECK ((priority = ANY (ARRAY['low'::text, 'normal'::text, 'high'::text, 'critical'::text]))),
    CONSTRAINT agent_assignments_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'completed'::text, 'failed'::text, 'archived'::text]))),
    CONSTRAINT agent_assignments_tasks_completed_not_negative_check CHECK ((tasks_completed_count >= 0)),
    CONSTRAINT agent_assignments_tasks_failed_not_negative_check CHECK ((tasks_failed_count >= 0)),
    CONSTRAINT agent_assignments_tokens_not_negative_check CHECK ((tokens_count >= 0))
);

ALTER TABLE ONLY codex.agent_assignments FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.agent_assignments OWNER TO codex_owner;

--
-- Name: TABLE agent_assignments; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.agent_assignments IS 'Assignment of an agent to a workspace. States: docs/state-machines.md.';

--
-- Name: COLUMN agent_assignments.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN agent_assignments.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN agent_assignments.agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.agent_id IS 'Agent that is assigned.';

--
-- Name: COLUMN agent_assignments.campaign_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.campaign_id IS 'Campaign it works for; null for the whole workspace.';

--
-- Name: COLUMN agent_assignments.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.status IS 'active, paused, completed, failed or archived.';

--
-- Name: COLUMN agent_assignments.priority; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.priority IS 'low, normal, high or critical.';

--
-- Name: COLUMN agent_assignments.priority_rank; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.priority_rank IS 'Order of the priorities by meaning.';

--
-- Name: COLUMN agent_assignments.max_concurrency; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.max_concurrency IS 'Executions at the same time.';

--
-- Name: COLUMN agent_assignments.config; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.config IS 'Settings of the work.';

--
-- Name: COLUMN agent_assignments.constraints; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.constraints IS 'Limits of rate and budget.';

--
-- Name: COLUMN agent_assignments.holder; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.holder IS 'Worker that holds the lease.';

--
-- Name: COLUMN agent_assignments.fencing_token; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.fencing_token IS 'Number of the lease; a write with an older one is refused.';

--
-- Name: COLUMN agent_assignments.lease_expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.lease_expires_at IS 'Until when the lease holds without a heartbeat.';

--
-- Name: COLUMN agent_assignments.tasks_completed_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.tasks_completed_count IS 'Executions that succeeded.';

--
-- Name: COLUMN agent_assignments.tasks_failed_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.tasks_failed_count IS 'Executions that failed.';

--
-- Name: COLUMN agent_assignments.tokens_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.tokens_count IS 'Tokens used, both ways.';

--
-- Name: COLUMN agent_assignments.cost_micros; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.cost_micros IS 'Cost in millionths of a US dollar: one execution costs far less than a cent.';

--
-- Name: COLUMN agent_assignments.ended_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.ended_at IS 'When it was completed, failed or archived.';

--
-- Name: COLUMN agent_assignments.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN agent_assignments.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN agent_assignments.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.created_at IS 'When the row was made.';

--
-- Name: COLUMN agent_assignments.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_assignments.updated_at IS 'When the row last changed.';

--
-- Name: agent_capabilities; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.agent_capabilities (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    agent_id uuid NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    category text NOT NULL,
    input_schema jsonb DEFAULT '{}'::jsonb NOT NULL,
    output_schema jsonb DEFAULT '{}'::jsonb NOT NULL,
    requires_context boolean DEFAULT false NOT NULL,
    is_enabled boolean DEFAULT true NOT NULL,
    typical_duration_ms bigint,
    typical_tokens_count bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_capabilities_category_check CHECK ((category = ANY (ARRAY['research'::text, 'analysis'::text, 'creation'::text, 'optimization'::text, 'monitoring'::text]))),
    CONSTRAINT agent_capabilities_input_schema_is_object_check CHECK ((jsonb_typeof(input_schema) = 'object'::text)),
    CONSTRAINT agent_capabilities_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT agent_capabilities_output_schema_is_object_check CHECK ((jsonb_typeof(output_schema) = 'object'::text)),
    CONSTRAINT agent_capabilities_typical_duration_not_negative_check CHECK ((typical_duration_ms >= 0)),
    CONSTRAINT agent_capabilities_typical_tokens_not_negative_check CHECK ((typical_tokens_count >= 0))
);

ALTER TABLE ONLY codex.agent_capabilities FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.agent_capabilities OWNER TO codex_owner;

--
-- Name: TABLE agent_capabilities; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.agent_capabilities IS 'Capability of an agent, global.';

--
-- Name: COLUMN agent_capabilities.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.id IS 'Key.';

--
-- Name: COLUMN agent_capabilities.agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.agent_id IS 'Agent that can do it.';

--
-- Name: COLUMN agent_capabilities.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.name IS 'Name of the capability.';

--
-- Name: COLUMN agent_capabilities.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.description IS 'What it does.';

--
-- Name: COLUMN agent_capabilities.category; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.category IS 'research, analysis, creation, optimization or monitoring.';

--
-- Name: COLUMN agent_capabilities.input_schema; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.input_schema IS 'JSON Schema of the input.';

--
-- Name: COLUMN agent_capabilities.output_schema; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.output_schema IS 'JSON Schema of the output.';

--
-- Name: COLUMN agent_capabilities.requires_context; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.requires_context IS 'Whether it needs the workspace''s context.';

--
-- Name: COLUMN agent_capabilities.is_enabled; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.is_enabled IS 'Whether it can be used.';

--
-- Name: COLUMN agent_capabilities.typical_duration_ms; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.typical_duration_ms IS 'Usual duration in ms; null when unknown.';

--
-- Name: COLUMN agent_capabilities.typical_tokens_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.typical_tokens_count IS 'Usual number of tokens; null when unknown.';

--
-- Name: COLUMN agent_capabilities.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.created_at IS 'When the row was made.';

--
-- Name: COLUMN agent_capabilities.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_capabilities.updated_at IS 'When the row last changed. Set by whoever writes: no trigger on global tables.';

--
-- Name: agent_debates; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.agent_debates (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    topic text NOT NULL,
    participants text[] NOT NULL,
    voting_threshold integer DEFAULT 60 NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    final_decision text,
    confidence_score integer,
    consensus_reached boolean DEFAULT false NOT NULL,
    votes jsonb DEFAULT '{}'::jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_debates_confidence_in_range_check CHECK (((confidence_score >= 0) AND (confidence_score <= 100))),
    CONSTRAINT agent_debates_decided_iff_decision_check CHECK (((status = 'decided'::text) = (final_decision IS NOT NULL))),
    CONSTRAINT agent_debates_status_check CHECK ((status = ANY (ARRAY['open'::text, 'decided'::text, 'abandoned'::text]))),
    CONSTRAINT agent_debates_threshold_in_range_check CHECK (((voting_threshold >= 1) AND (voting_threshold <= 100))),
    CONSTRAINT agent_debates_topic_length_check CHECK (((char_length(topic) >= 1) AND (char_length(topic) <= 1000))),
    CONSTRAINT agent_debates_votes_is_object_check CHECK ((jsonb_typeof(votes) = 'object'::text))
);

ALTER TABLE ONLY codex.agent_debates FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.agent_debates OWNER TO codex_owner;

--
-- Name: TABLE agent_debates; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.agent_debates IS 'Debate between agents.';

--
-- Name: COLUMN agent_debates.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN agent_debates.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN agent_debates.topic; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.topic IS 'The question.';

--
-- Name: COLUMN agent_debates.participants; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.participants IS 'Names of the agents.';

--
-- Name: COLUMN agent_debates.voting_threshold; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.voting_threshold IS 'Percentage of votes that decides.';

--
-- Name: COLUMN agent_debates.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.status IS 'open, decided or abandoned.';

--
-- Name: COLUMN agent_debates.final_decision; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.final_decision IS 'What was decided.';

--
-- Name: COLUMN agent_debates.confidence_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.confidence_score IS 'How sure the decision is, 0 to 100.';

--
-- Name: COLUMN agent_debates.consensus_reached; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.consensus_reached IS 'Whether all agreed.';

--
-- Name: COLUMN agent_debates.votes; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.votes IS 'Agent to vote.';

--
-- Name: COLUMN agent_debates.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN agent_debates.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.created_at IS 'When the row was made.';

--
-- Name: COLUMN agent_debates.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_debates.updated_at IS 'When the row last changed.';

--
-- Name: agent_instances; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.agent_instances (
    workspace_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    instance text NOT NULL,
    slots integer DEFAULT 1 NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_instances_instance_length_check CHECK (((char_length(instance) >= 1) AND (char_length(instance) <= 200))),
    CONSTRAINT agent_instances_slots_in_range_check CHECK (((slots >= 0) AND (slots <= 1000)))
);

ALTER TABLE ONLY codex.agent_instances FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.agent_instances OWNER TO codex_owner;

--
-- Name: TABLE agent_instances; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.agent_instances IS 'Worker of an agent, by its heartbeats. One that was not seen for a day is forgotten.';

--
-- Name: COLUMN agent_instances.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_instances.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN agent_instances.agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_instances.agent_id IS 'Agent it works for.';

--
-- Name: COLUMN agent_instances.instance; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_instances.instance IS 'Name the worker gives itself.';

--
-- Name: COLUMN agent_instances.slots; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_instances.slots IS 'Executions it takes at the same time; 0 when it takes no more.';

--
-- Name: COLUMN agent_instances.last_seen_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_instances.last_seen_at IS 'When it last said that it is there, by the clock of the server.';

--
-- Name: COLUMN agent_instances.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_instances.version IS 'Number of the edit; heartbeats do not move it.';

--
-- Name: COLUMN agent_instances.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_instances.created_at IS 'When it was first seen.';

--
-- Name: COLUMN agent_instances.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_instances.updated_at IS 'When the row last changed.';

--
-- Name: agent_messages; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.agent_messages (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    type text NOT NULL,
    origin_agent_id uuid NOT NULL,
    target_agent_id uuid,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    priority text DEFAULT 'medium'::text NOT NULL,
    priority_rank integer GENERATED ALWAYS AS (
CASE priority
    WHEN 'critical'::text THEN 4
    WHEN 'high'::text THEN 3
    WHEN 'medium'::text THEN 2
    ELSE 1
END) STORED NOT NULL,
    correlation_id uuid,
    expires_at timestamp with time zone DEFAULT (now() + '01:00:00'::interval) NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_messages_payload_is_object_check CHECK ((jsonb_typeof(payload) = 'object'::text)),
    CONSTRAINT agent_messages_priority_check CHECK ((priority = ANY (ARRAY['critical'::text, 'high'::text, 'medium'::text, 'low'::text])))
);

ALTER TABLE ONLY codex.agent_messages FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.agent_messages OWNER TO codex_owner;

--
-- Name: TABLE agent_messages; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.agent_messages IS 'Message between agents.';

--
-- Name: COLUMN agent_messages.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN agent_messages.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN agent_messages.type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.type IS 'Kind, free word.';

--
-- Name: COLUMN agent_messages.origin_agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.origin_agent_id IS 'Agent that sent it; its foreign key comes with the registry.';

--
-- Name: COLUMN agent_messages.target_agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.target_agent_id IS 'Agent it is for; null for all; its foreign key comes with the registry.';

--
-- Name: COLUMN agent_messages.payload; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.payload IS 'The message.';

--
-- Name: COLUMN agent_messages.priority; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.priority IS 'critical, high, medium or low.';

--
-- Name: COLUMN agent_messages.priority_rank; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.priority_rank IS 'Order of the priorities by meaning.';

--
-- Name: COLUMN agent_messages.correlation_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.correlation_id IS 'What it belongs to.';

--
-- Name: COLUMN agent_messages.expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.expires_at IS 'From when on it need not be read.';

--
-- Name: COLUMN agent_messages.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN agent_messages.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.created_at IS 'When the row was made.';

--
-- Name: COLUMN agent_messages.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_messages.updated_at IS 'When the row last changed.';

--
-- Name: agent_performance; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.agent_performance (
    workspace_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    execution_count bigint DEFAULT 0 NOT NULL,
    success_count bigint DEFAULT 0 NOT NULL,
    failure_count bigint DEFAULT 0 NOT NULL,
    input_tokens_count bigint DEFAULT 0 NOT NULL,
    output_tokens_count bigint DEFAULT 0 NOT NULL,
    cost_micros bigint DEFAULT 0 NOT NULL,
    total_duration_ms bigint DEFAULT 0 NOT NULL,
    min_duration_ms bigint,
    max_duration_ms bigint,
    durations bigint[] DEFAULT array_fill((0)::bigint, ARRAY[97]) NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_performance_cost_not_negative_check CHECK ((cost_micros >= 0)),
    CONSTRAINT agent_performance_durations_add_up_check CHECK ((NOT (codex.histogram_total(durations) IS DISTINCT FROM execution_count))),
    CONSTRAINT agent_performance_executions_add_up_check CHECK (((execution_count = (success_count + failure_count)) AND (success_count >= 0) AND (failure_count >= 0))),
    CONSTRAINT agent_performance_hour_is_full_check CHECK ((date_trunc('hour'::text, (hour AT TIME ZONE 'UTC'::text)) = (hour AT TIME ZONE 'UTC'::text))),
    CONSTRAINT agent_performance_tokens_not_negative_check CHECK (((input_tokens_count >= 0) AND (output_tokens_count >= 0)))
);

ALTER TABLE ONLY codex.agent_performance FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.agent_performance OWNER TO codex_owner;

--
-- Name: TABLE agent_performance; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.agent_performance IS 'Performance of an agent, one row per UTC hour.';

--
-- Name: COLUMN agent_performance.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN agent_performance.agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.agent_id IS 'Agent.';

--
-- Name: COLUMN agent_performance.hour; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.hour IS 'Start of the hour, in UTC.';

--
-- Name: COLUMN agent_performance.execution_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.execution_count IS 'Executions.';

--
-- Name: COLUMN agent_performance.success_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.success_count IS 'Those that succeeded.';

--
-- Name: COLUMN agent_performance.failure_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.failure_count IS 'Those that failed.';

--
-- Name: COLUMN agent_performance.input_tokens_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.input_tokens_count IS 'Tokens read.';

--
-- Name: COLUMN agent_performance.output_tokens_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.output_tokens_count IS 'Tokens written.';

--
-- Name: COLUMN agent_performance.cost_micros; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.cost_micros IS 'Cost in millionths of a US dollar.';

--
-- Name: COLUMN agent_performance.total_duration_ms; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.total_duration_ms IS 'Sum of the durations in ms.';

--
-- Name: COLUMN agent_performance.min_duration_ms; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.min_duration_ms IS 'Shortest duration in ms; null before the first.';

--
-- Name: COLUMN agent_performance.max_duration_ms; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.max_duration_ms IS 'Longest duration in ms; null before the first.';

--
-- Name: COLUMN agent_performance.durations; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.durations IS 'Histogram of the durations, by codex.duration_bucket.';

--
-- Name: COLUMN agent_performance.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN agent_performance.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.created_at IS 'When the row was made.';

--
-- Name: COLUMN agent_performance.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_performance.updated_at IS 'When the row last changed.';

--
-- Name: agent_recommendations; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.agent_recommendations (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    agent_id uuid NOT NULL,
    correlation_id uuid NOT NULL,
    workflow_id uuid,
    recommendation_type text NOT NULL,
    content jsonb NOT NULL,
    evidence jsonb DEFAULT '[]'::jsonb NOT NULL,
    confidence_score integer DEFAULT 50 NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    expires_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_recommendations_confidence_in_range_check CHECK (((confidence_score >= 0) AND (confidence_score <= 100))),
    CONSTRAINT agent_recommendations_content_is_object_check CHECK ((jsonb_typeof(content) = 'object'::text)),
    CONSTRAINT agent_recommendations_evidence_is_array_check CHECK ((jsonb_typeof(evidence) = 'array'::text)),
    CONSTRAINT agent_recommendations_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'accepted'::text, 'rejected'::text, 'expired'::text])))
);

ALTER TABLE ONLY codex.agent_recommendations FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.agent_recommendations OWNER TO codex_owner;

--
-- Name: TABLE agent_recommendations; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.agent_recommendations IS 'Recommendation of an agent.';

--
-- Name: COLUMN agent_recommendations.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN agent_recommendations.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN agent_recommendations.agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.agent_id IS 'Agent that recommends; its foreign key comes with the registry.';

--
-- Name: COLUMN agent_recommendations.correlation_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.correlation_id IS 'What it belongs to.';

--
-- Name: COLUMN agent_recommendations.workflow_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.workflow_id IS 'Workflow it was made in.';

--
-- Name: COLUMN agent_recommendations.recommendation_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.recommendation_type IS 'Kind, free word.';

--
-- Name: COLUMN agent_recommendations.content; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.content IS 'The recommendation.';

--
-- Name: COLUMN agent_recommendations.evidence; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.evidence IS 'What it rests on.';

--
-- Name: COLUMN agent_recommendations.confidence_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.confidence_score IS '0 to 100.';

--
-- Name: COLUMN agent_recommendations.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.status IS 'pending, accepted, rejected or expired.';

--
-- Name: COLUMN agent_recommendations.expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.expires_at IS 'From when on it no longer holds.';

--
-- Name: COLUMN agent_recommendations.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN agent_recommendations.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.created_at IS 'When the row was made.';

--
-- Name: COLUMN agent_recommendations.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_recommendations.updated_at IS 'When the row last changed.';

--
-- Name: agent_registry; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.agent_registry (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    version text DEFAULT '1.0'::text NOT NULL,
    guild text NOT NULL,
    agent_type text NOT NULL,
    code text,
    description text DEFAULT ''::text NOT NULL,
    purpose text DEFAULT ''::text NOT NULL,
    domain_expertise text[] DEFAULT '{}'::text[] NOT NULL,
    personality_traits text[] DEFAULT '{}'::text[] NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    tool_access text[] DEFAULT '{}'::text[] NOT NULL,
    model_config jsonb DEFAULT '{}'::jsonb NOT NULL,
    system_prompt text DEFAULT ''::text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    replaced_by_id uuid,
    released_at timestamp with time zone,
    deprecated_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    card jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT agent_registry_agent_type_check CHECK ((agent_type = ANY (ARRAY['lord'::text, 'researcher'::text, 'creative'::text, 'intelligence'::text, 'guardian'::text]))),
    CONSTRAINT agent_registry_card_is_object_check CHECK ((jsonb_typeof(card) = 'object'::text)),
    CONSTRAINT agent_registry_guild_check CHECK ((guild = ANY (ARRAY['council_of_lords'::text, 'research'::text, 'muse'::text, 'matrix'::text, 'guardians'::text]))),
    CONSTRAINT agent_registry_model_config_is_object_check CHECK ((jsonb_typeof(model_config) = 'object'::text)),
    CONSTRAINT agent_registry_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT agent_registry_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'deprecated'::text, 'retired'::text]))),
    CONSTRAINT agent_registry_type_of_guild_check CHECK ((agent_type =
CASE guild
    WHEN 'council_of_lords'::text THEN 'lord'::text
    WHEN 'research'::text THEN 'researcher'::text
    WHEN 'muse'::text THEN 'creative'::text
    WHEN 'matrix'::text THEN 'intelligence'::text
    ELSE 'guardian'::text
END)),
    CONSTRAINT agent_registry_version_format_check CHECK ((version ~ '^[0-9]+(\.[0-9]+)*$'::text))
);

ALTER TABLE ONLY codex.agent_registry FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.agent_registry OWNER TO codex_owner;

--
-- Name: TABLE agent_registry; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.agent_registry IS 'Registry of agents, global. States: docs/state-machines.md.';

--
-- Name: COLUMN agent_registry.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.id IS 'Key.';

--
-- Name: COLUMN agent_registry.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.name IS 'Name of the agent.';

--
-- Name: COLUMN agent_registry.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.version IS 'Version of the agent.';

--
-- Name: COLUMN agent_registry.guild; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.guild IS 'council_of_lords, research, muse, matrix or guardians.';

--
-- Name: COLUMN agent_registry.agent_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.agent_type IS 'lord, researcher, creative, intelligence or guardian; follows the guild.';

--
-- Name: COLUMN agent_registry.code; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.code IS 'Short code such as RES-001.';

--
-- Name: COLUMN agent_registry.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.description IS 'What it is.';

--
-- Name: COLUMN agent_registry.purpose; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.purpose IS 'What it is for.';

--
-- Name: COLUMN agent_registry.domain_expertise; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.domain_expertise IS 'What it knows.';

--
-- Name: COLUMN agent_registry.personality_traits; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.personality_traits IS 'How it behaves.';

--
-- Name: COLUMN agent_registry.tags; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.tags IS 'Free labels.';

--
-- Name: COLUMN agent_registry.tool_access; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.tool_access IS 'Tools it may use.';

--
-- Name: COLUMN agent_registry.model_config; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.model_config IS 'Model and its settings; the service alone reads it.';

--
-- Name: COLUMN agent_registry.system_prompt; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.system_prompt IS 'What it is prompted with; the service alone reads it.';

--
-- Name: COLUMN agent_registry.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.status IS 'draft, active, deprecated or retired.';

--
-- Name: COLUMN agent_registry.replaced_by_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.replaced_by_id IS 'Agent to use instead.';

--
-- Name: COLUMN agent_registry.released_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.released_at IS 'When it became active.';

--
-- Name: COLUMN agent_registry.deprecated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.deprecated_at IS 'When it was deprecated.';

--
-- Name: COLUMN agent_registry.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.created_at IS 'When the row was made.';

--
-- Name: COLUMN agent_registry.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.updated_at IS 'When the row last changed. Set by whoever writes: no trigger on global tables.';

--
-- Name: COLUMN agent_registry.card; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_registry.card IS 'The A2A agent card it was imported from: what the other columns have no place for.';

--
-- Name: agent_trust_scores; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.agent_trust_scores (
    workspace_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    overall_score integer DEFAULT 50 NOT NULL,
    accuracy_score integer DEFAULT 50 NOT NULL,
    consistency_score integer DEFAULT 50 NOT NULL,
    timeliness_score integer DEFAULT 50 NOT NULL,
    reliability_score integer DEFAULT 50 NOT NULL,
    approval_rate_percentage integer,
    recommendation_count bigint DEFAULT 0 NOT NULL,
    trust_trend text DEFAULT 'stable'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_trust_scores_accuracy_in_range_check CHECK (((accuracy_score >= 0) AND (accuracy_score <= 100))),
    CONSTRAINT agent_trust_scores_approval_rate_in_range_check CHECK (((approval_rate_percentage >= 0) AND (approval_rate_percentage <= 100))),
    CONSTRAINT agent_trust_scores_consistency_in_range_check CHECK (((consistency_score >= 0) AND (consistency_score <= 100))),
    CONSTRAINT agent_trust_scores_overall_in_range_check CHECK (((overall_score >= 0) AND (overall_score <= 100))),
    CONSTRAINT agent_trust_scores_recommendation_count_not_negative_check CHECK ((recommendation_count >= 0)),
    CONSTRAINT agent_trust_scores_reliability_in_range_check CHECK (((reliability_score >= 0) AND (reliability_score <= 100))),
    CONSTRAINT agent_trust_scores_timeliness_in_range_check CHECK (((timeliness_score >= 0) AND (timeliness_score <= 100))),
    CONSTRAINT agent_trust_scores_trust_trend_check CHECK ((trust_trend = ANY (ARRAY['rising'::text, 'stable'::text, 'falling'::text])))
);

ALTER TABLE ONLY codex.agent_trust_scores FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.agent_trust_scores OWNER TO codex_owner;

--
-- Name: TABLE agent_trust_scores; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.agent_trust_scores IS 'Trust in an agent, one row per workspace and agent.';

--
-- Name: COLUMN agent_trust_scores.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN agent_trust_scores.agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.agent_id IS 'Agent that is trusted; its foreign key comes with the registry.';

--
-- Name: COLUMN agent_trust_scores.overall_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.overall_score IS '0 to 100.';

--
-- Name: COLUMN agent_trust_scores.accuracy_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.accuracy_score IS '0 to 100.';

--
-- Name: COLUMN agent_trust_scores.consistency_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.consistency_score IS '0 to 100.';

--
-- Name: COLUMN agent_trust_scores.timeliness_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.timeliness_score IS '0 to 100.';

--
-- Name: COLUMN agent_trust_scores.reliability_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.reliability_score IS '0 to 100.';

--
-- Name: COLUMN agent_trust_scores.approval_rate_percentage; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.approval_rate_percentage IS 'Share of accepted recommendations, 0 to 100; null before the first.';

--
-- Name: COLUMN agent_trust_scores.recommendation_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.recommendation_count IS 'Recommendations judged so far.';

--
-- Name: COLUMN agent_trust_scores.trust_trend; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.trust_trend IS 'rising, stable or falling.';

--
-- Name: COLUMN agent_trust_scores.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN agent_trust_scores.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.created_at IS 'When the row was made.';

--
-- Name: COLUMN agent_trust_scores.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.agent_trust_scores.updated_at IS 'When the row last changed.';

--
-- Name: api_keys; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.api_keys (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    key_hash bytea NOT NULL,
    role text DEFAULT 'viewer'::text NOT NULL,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    user_id uuid,
    agent_id uuid,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT api_keys_key_hash_length_check CHECK ((octet_length(key_hash) = 32)),
    CONSTRAINT api_keys_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT api_keys_one_holder_check CHECK ((num_nonnulls(user_id, agent_id) = 1)),
    CONSTRAINT api_keys_prefix_length_check CHECK (((char_length(prefix) >= 4) AND (char_length(prefix) <= 32))),
    CONSTRAINT api_keys_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'analyst'::text, 'creator'::text, 'strategist'::text, 'owner'::text])))
);

ALTER TABLE ONLY codex.api_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.api_keys OWNER TO codex_owner;

--
-- Name: TABLE api_keys; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.api_keys IS 'Key of a member or an agent for the API. The secret has 256 random bits; only its SHA-256 is kept.';

--
-- Name: COLUMN api_keys.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN api_keys.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.id IS 'Key of the row, UUIDv7 made by the SDK.';

--
-- Name: COLUMN api_keys.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.name IS 'What the key is for.';

--
-- Name: COLUMN api_keys.prefix; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.prefix IS 'First characters of the key, by which people recognise it.';

--
-- Name: COLUMN api_keys.key_hash; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.key_hash IS 'SHA-256 of the secret.';

--
-- Name: COLUMN api_keys.role; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.role IS 'Highest role the key may use.';

--
-- Name: COLUMN api_keys.scopes; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.scopes IS 'What the API lets the key do; empty is everything its role may.';

--
-- Name: COLUMN api_keys.user_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.user_id IS 'Member that the key acts as, or null.';

--
-- Name: COLUMN api_keys.agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.agent_id IS 'Agent (agent_registry) that the key acts as, or null.';

--
-- Name: COLUMN api_keys.expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.expires_at IS 'From when on the key is refused; null for never.';

--
-- Name: COLUMN api_keys.revoked_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.revoked_at IS 'When it was revoked.';

--
-- Name: COLUMN api_keys.last_used_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.last_used_at IS 'When it was last used, to the minute; no edit.';

--
-- Name: COLUMN api_keys.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.created_by IS 'Member who made it; null for background work.';

--
-- Name: COLUMN api_keys.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN api_keys.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.created_at IS 'When the row was made.';

--
-- Name: COLUMN api_keys.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.api_keys.updated_at IS 'When the row last changed.';

--
-- Name: assets; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.assets (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    body text,
    url text,
    move_id uuid,
    cohort_id uuid,
    pattern_id uuid,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    channel_role text,
    created_by_agent uuid,
    published_at timestamp with time zone,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    experiment_id uuid,
    experiment_variant text,
    CONSTRAINT assets_metadata_is_object_check CHECK ((jsonb_typeof(metadata) = 'object'::text)),
    CONSTRAINT assets_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 300))),
    CONSTRAINT assets_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'review'::text, 'approved'::text, 'published'::text, 'archived'::text]))),
    CONSTRAINT assets_type_check CHECK ((type = ANY (ARRAY['case_study'::text, 'whitepaper'::text, 'video'::text, 'blog_post'::text, 'social_post'::text, 'email'::text, 'landing_page'::text, 'creative'::text, 'template'::text, 'other'::text]))),
    CONSTRAINT assets_variant_of_a_test_check CHECK (((experiment_id IS NULL) = (experiment_variant IS NULL)))
);

ALTER TABLE ONLY codex.assets FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.assets OWNER TO codex_owner;

--
-- Name: TABLE assets; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.assets IS 'Creative asset.';

--
-- Name: COLUMN assets.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN assets.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN assets.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.name IS 'Name of the asset.';

--
-- Name: COLUMN assets.type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.type IS 'case_study, whitepaper, video, blog_post, social_post, email, landing_page, creative, template or other.';

--
-- Name: COLUMN assets.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.status IS 'draft, review, approved, published or archived.';

--
-- Name: COLUMN assets.body; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.body IS 'The text, when the asset is one.';

--
-- Name: COLUMN assets.url; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.url IS 'Where it lies, when it is a file.';

--
-- Name: COLUMN assets.move_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.move_id IS 'Move it was made for.';

--
-- Name: COLUMN assets.cohort_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.cohort_id IS 'Cohort it is made for.';

--
-- Name: COLUMN assets.pattern_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.pattern_id IS 'Pattern it follows.';

--
-- Name: COLUMN assets.tags; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.tags IS 'Free labels.';

--
-- Name: COLUMN assets.channel_role; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.channel_role IS 'What its channel is used for.';

--
-- Name: COLUMN assets.created_by_agent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.created_by_agent IS 'Agent that made it; its foreign key comes with the registry.';

--
-- Name: COLUMN assets.published_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.published_at IS 'When it was first published.';

--
-- Name: COLUMN assets.metadata; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.metadata IS 'Facts nobody filters by.';

--
-- Name: COLUMN assets.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN assets.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN assets.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.created_at IS 'When the row was made.';

--
-- Name: COLUMN assets.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.updated_at IS 'When the row last changed.';

--
-- Name: COLUMN assets.experiment_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.experiment_id IS 'Test that the asset is a variant of.';

--
-- Name: COLUMN assets.experiment_variant; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.assets.experiment_variant IS 'Which variant it is.';

--
-- Name: audit_events; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.audit_events (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    action text NOT NULL,
    table_name text,
    row_key jsonb,
    changed text[] DEFAULT '{}'::text[] NOT NULL,
    reason text,
    user_id uuid DEFAULT codex.acting_user_id(),
    agent_id uuid DEFAULT codex.acting_agent_id(),
    database_role text DEFAULT SESSION_USER NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT audit_events_action_check CHECK ((action = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text, 'system'::text]))),
    CONSTRAINT audit_events_row_key_is_object_check CHECK (((row_key IS NULL) OR (jsonb_typeof(row_key) = 'object'::text))),
    CONSTRAINT audit_events_system_has_reason_check CHECK (((action <> 'system'::text) OR (reason <> ''::text)))
);

ALTER TABLE ONLY codex.audit_events FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.audit_events OWNER TO codex_owner;

--
-- Name: TABLE audit_events; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.audit_events IS 'Append-only trail. Holds names of changed columns, never contents.';

--
-- Name: COLUMN audit_events.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN audit_events.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.id IS 'Key, UUIDv7 made by the SDK or random.';

--
-- Name: COLUMN audit_events.action; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.action IS 'insert, update, delete, or system for work outside a person''s request.';

--
-- Name: COLUMN audit_events.table_name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.table_name IS 'Table of the row that changed; null for system.';

--
-- Name: COLUMN audit_events.row_key; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.row_key IS 'Key of the row that changed.';

--
-- Name: COLUMN audit_events.changed; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.changed IS 'Names of the changed columns.';

--
-- Name: COLUMN audit_events.reason; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.reason IS 'Why system work was done.';

--
-- Name: COLUMN audit_events.user_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.user_id IS 'Member who did it; null for an agent or background work.';

--
-- Name: COLUMN audit_events.agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.agent_id IS 'Agent that did it, or null.';

--
-- Name: COLUMN audit_events.database_role; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.database_role IS 'Login role of the session.';

--
-- Name: COLUMN audit_events.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.version IS 'Always 1: rows do not change.';

--
-- Name: COLUMN audit_events.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.created_at IS 'When it was done.';

--
-- Name: COLUMN audit_events.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.audit_events.updated_at IS 'Same as created_at: rows do not change.';

--
-- Name: autopay_payments; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.autopay_payments (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    autopay_subscription_id uuid NOT NULL,
    payment_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text DEFAULT 'INR'::text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    retry_count integer DEFAULT 0 NOT NULL,
    charged_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT autopay_payments_amount_positive_check CHECK ((amount_minor > 0)),
    CONSTRAINT autopay_payments_currency_format_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT autopay_payments_retry_count_not_negative_check CHECK ((retry_count >= 0)),
    CONSTRAINT autopay_payments_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'success'::text, 'failed'::text, 'refunded'::text])))
);

ALTER TABLE ONLY codex.autopay_payments FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.autopay_payments OWNER TO codex_owner;

--
-- Name: TABLE autopay_payments; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.autopay_payments IS 'One charge of a mandate.';

--
-- Name: COLUMN autopay_payments.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN autopay_payments.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN autopay_payments.autopay_subscription_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.autopay_subscription_id IS 'Mandate it is charged under.';

--
-- Name: COLUMN autopay_payments.payment_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.payment_id IS 'Our reference at the provider.';

--
-- Name: COLUMN autopay_payments.amount_minor; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.amount_minor IS 'Amount in minor units of the currency.';

--
-- Name: COLUMN autopay_payments.currency; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.currency IS 'ISO 4217 code.';

--
-- Name: COLUMN autopay_payments.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.status IS 'pending, processing, success, failed or refunded.';

--
-- Name: COLUMN autopay_payments.retry_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.retry_count IS 'How often it was tried again.';

--
-- Name: COLUMN autopay_payments.charged_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.charged_at IS 'When it succeeded.';

--
-- Name: COLUMN autopay_payments.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN autopay_payments.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.created_at IS 'When the row was made.';

--
-- Name: COLUMN autopay_payments.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_payments.updated_at IS 'When the row last changed.';

--
-- Name: autopay_subscriptions; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.autopay_subscriptions (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    merchant_subscription_id text NOT NULL,
    plan text NOT NULL,
    billing_period text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text DEFAULT 'INR'::text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    starts_on date,
    ends_on date,
    next_charge_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT autopay_subscriptions_amount_positive_check CHECK ((amount_minor > 0)),
    CONSTRAINT autopay_subscriptions_billing_period_check CHECK ((billing_period = ANY (ARRAY['monthly'::text, 'yearly'::text]))),
    CONSTRAINT autopay_subscriptions_currency_format_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT autopay_subscriptions_dates_in_order_check CHECK ((ends_on >= starts_on)),
    CONSTRAINT autopay_subscriptions_plan_check CHECK ((plan = ANY (ARRAY['ascent'::text, 'glide'::text, 'soar'::text]))),
    CONSTRAINT autopay_subscriptions_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'paused'::text, 'cancelled'::text, 'expired'::text, 'failed'::text])))
);

ALTER TABLE ONLY codex.autopay_subscriptions FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.autopay_subscriptions OWNER TO codex_owner;

--
-- Name: TABLE autopay_subscriptions; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.autopay_subscriptions IS 'One mandate.';

--
-- Name: COLUMN autopay_subscriptions.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN autopay_subscriptions.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN autopay_subscriptions.merchant_subscription_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.merchant_subscription_id IS 'Our reference at the provider.';

--
-- Name: COLUMN autopay_subscriptions.plan; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.plan IS 'ascent, glide or soar.';

--
-- Name: COLUMN autopay_subscriptions.billing_period; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.billing_period IS 'monthly or yearly.';

--
-- Name: COLUMN autopay_subscriptions.amount_minor; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.amount_minor IS 'Amount in minor units of the currency.';

--
-- Name: COLUMN autopay_subscriptions.currency; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.currency IS 'ISO 4217 code.';

--
-- Name: COLUMN autopay_subscriptions.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.status IS 'pending, active, paused, cancelled, expired or failed.';

--
-- Name: COLUMN autopay_subscriptions.starts_on; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.starts_on IS 'First day of the mandate.';

--
-- Name: COLUMN autopay_subscriptions.ends_on; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.ends_on IS 'Last day of the mandate.';

--
-- Name: COLUMN autopay_subscriptions.next_charge_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.next_charge_at IS 'When the next charge is due.';

--
-- Name: COLUMN autopay_subscriptions.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN autopay_subscriptions.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.created_at IS 'When the row was made.';

--
-- Name: COLUMN autopay_subscriptions.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.autopay_subscriptions.updated_at IS 'When the row last changed.';

--
-- Name: billing_history; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.billing_history (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    merchant_transaction_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text DEFAULT 'INR'::text NOT NULL,
    plan text,
    billing_period text,
    status text DEFAULT 'pending'::text NOT NULL,
    provider_response jsonb DEFAULT '{}'::jsonb NOT NULL,
    completed_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT billing_history_amount_positive_check CHECK ((amount_minor > 0)),
    CONSTRAINT billing_history_billing_period_check CHECK ((billing_period = ANY (ARRAY['monthly'::text, 'yearly'::text]))),
    CONSTRAINT billing_history_currency_format_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT billing_history_plan_check CHECK ((plan = ANY (ARRAY['ascent'::text, 'glide'::text, 'soar'::text]))),
    CONSTRAINT billing_history_provider_response_is_object_check CHECK ((jsonb_typeof(provider_response) = 'object'::text)),
    CONSTRAINT billing_history_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'success'::text, 'failed'::text, 'cancelled'::text, 'refunded'::text])))
);

ALTER TABLE ONLY codex.billing_history FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.billing_history OWNER TO codex_owner;

--
-- Name: TABLE billing_history; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.billing_history IS 'One payment.';

--
-- Name: COLUMN billing_history.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN billing_history.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN billing_history.merchant_transaction_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.merchant_transaction_id IS 'Our reference at the provider.';

--
-- Name: COLUMN billing_history.amount_minor; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.amount_minor IS 'Amount in minor units of the currency.';

--
-- Name: COLUMN billing_history.currency; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.currency IS 'ISO 4217 code.';

--
-- Name: COLUMN billing_history.plan; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.plan IS 'Plan that was paid.';

--
-- Name: COLUMN billing_history.billing_period; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.billing_period IS 'monthly or yearly.';

--
-- Name: COLUMN billing_history.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.status IS 'pending, success, failed, cancelled or refunded.';

--
-- Name: COLUMN billing_history.provider_response; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.provider_response IS 'What the provider answered; nobody filters by it.';

--
-- Name: COLUMN billing_history.completed_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.completed_at IS 'When the payment ended.';

--
-- Name: COLUMN billing_history.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN billing_history.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.created_at IS 'When the row was made.';

--
-- Name: COLUMN billing_history.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.billing_history.updated_at IS 'When the row last changed.';

--
-- Name: campaign_cohorts; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.campaign_cohorts (
    workspace_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    cohort_id uuid NOT NULL,
    allocation_percentage integer DEFAULT 0 NOT NULL,
    target_count bigint,
    reached_count bigint DEFAULT 0 NOT NULL,
    converted_count bigint DEFAULT 0 NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT campaign_cohorts_allocation_in_range_check CHECK (((allocation_percentage >= 0) AND (allocation_percentage <= 100))),
    CONSTRAINT campaign_cohorts_converted_of_reached_check CHECK (((converted_count >= 0) AND (converted_count <= reached_count))),
    CONSTRAINT campaign_cohorts_reached_count_not_negative_check CHECK ((reached_count >= 0)),
    CONSTRAINT campaign_cohorts_target_count_not_negative_check CHECK ((target_count >= 0))
);

ALTER TABLE ONLY codex.campaign_cohorts FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.campaign_cohorts OWNER TO codex_owner;

--
-- Name: TABLE campaign_cohorts; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.campaign_cohorts IS 'Cohort of a campaign, with its share and what was reached.';

--
-- Name: COLUMN campaign_cohorts.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_cohorts.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN campaign_cohorts.campaign_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_cohorts.campaign_id IS 'Campaign.';

--
-- Name: COLUMN campaign_cohorts.cohort_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_cohorts.cohort_id IS 'Cohort it is aimed at.';

--
-- Name: COLUMN campaign_cohorts.allocation_percentage; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_cohorts.allocation_percentage IS 'Share of the campaign, 0 to 100; the shares of one campaign sum to at most 100.';

--
-- Name: COLUMN campaign_cohorts.target_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_cohorts.target_count IS 'People to be reached; null when not set.';

--
-- Name: COLUMN campaign_cohorts.reached_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_cohorts.reached_count IS 'People reached.';

--
-- Name: COLUMN campaign_cohorts.converted_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_cohorts.converted_count IS 'People converted, of those reached.';

--
-- Name: COLUMN campaign_cohorts.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_cohorts.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN campaign_cohorts.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_cohorts.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN campaign_cohorts.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_cohorts.created_at IS 'When the row was made.';

--
-- Name: COLUMN campaign_cohorts.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_cohorts.updated_at IS 'When the row last changed.';

--
-- Name: campaign_quests; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.campaign_quests (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    campaign_id uuid NOT NULL,
    parent_id uuid,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    objective text DEFAULT ''::text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    weight integer DEFAULT 1 NOT NULL,
    progress integer DEFAULT 0 NOT NULL,
    assigned_to uuid,
    start_date date,
    due_date date,
    expected_output text DEFAULT ''::text NOT NULL,
    actual_output text DEFAULT ''::text NOT NULL,
    completed_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT campaign_quests_completed_iff_timestamp_check CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT campaign_quests_dates_in_order_check CHECK ((due_date >= start_date)),
    CONSTRAINT campaign_quests_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT campaign_quests_position_not_negative_check CHECK (("position" >= 0)),
    CONSTRAINT campaign_quests_progress_in_range_check CHECK (((progress >= 0) AND (progress <= 100))),
    CONSTRAINT campaign_quests_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'in_progress'::text, 'completed'::text, 'blocked'::text, 'on_hold'::text, 'skipped'::text]))),
    CONSTRAINT campaign_quests_weight_in_range_check CHECK (((weight >= 1) AND (weight <= 1000)))
);

ALTER TABLE ONLY codex.campaign_quests FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.campaign_quests OWNER TO codex_owner;

--
-- Name: TABLE campaign_quests; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.campaign_quests IS 'Work item of a campaign, in a tree. States: docs/state-machines.md.';

--
-- Name: COLUMN campaign_quests.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN campaign_quests.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN campaign_quests.campaign_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.campaign_id IS 'Campaign it belongs to, for good.';

--
-- Name: COLUMN campaign_quests.parent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.parent_id IS 'Quest it is part of, in the same campaign; at most 8 levels.';

--
-- Name: COLUMN campaign_quests.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.name IS 'Name of the quest.';

--
-- Name: COLUMN campaign_quests.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.description IS 'What is to be done.';

--
-- Name: COLUMN campaign_quests.objective; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.objective IS 'What it is for.';

--
-- Name: COLUMN campaign_quests.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.status IS 'pending, in_progress, completed, blocked, on_hold or skipped.';

--
-- Name: COLUMN campaign_quests."position"; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests."position" IS 'Place among its siblings.';

--
-- Name: COLUMN campaign_quests.weight; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.weight IS 'Share in its parent''s progress, against its siblings.';

--
-- Name: COLUMN campaign_quests.progress; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.progress IS '0 to 100. Of a parent: the weighted mean of its children that are not skipped.';

--
-- Name: COLUMN campaign_quests.assigned_to; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.assigned_to IS 'Member who does it.';

--
-- Name: COLUMN campaign_quests.start_date; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.start_date IS 'First day.';

--
-- Name: COLUMN campaign_quests.due_date; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.due_date IS 'Last day.';

--
-- Name: COLUMN campaign_quests.expected_output; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.expected_output IS 'What shall come out.';

--
-- Name: COLUMN campaign_quests.actual_output; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.actual_output IS 'What came out.';

--
-- Name: COLUMN campaign_quests.completed_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.completed_at IS 'When it was completed.';

--
-- Name: COLUMN campaign_quests.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN campaign_quests.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN campaign_quests.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.created_at IS 'When the row was made.';

--
-- Name: COLUMN campaign_quests.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaign_quests.updated_at IS 'When the row last changed.';

--
-- Name: campaigns; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.campaigns (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    parent_id uuid,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    objective text DEFAULT 'awareness'::text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    positioning_id uuid,
    message_architecture_id uuid,
    owner_id uuid DEFAULT codex.acting_user_id(),
    target_segments text[] DEFAULT '{}'::text[] NOT NULL,
    target_geographies text[] DEFAULT '{}'::text[] NOT NULL,
    start_date date,
    end_date date,
    budget_minor bigint DEFAULT 0 NOT NULL,
    currency text DEFAULT 'USD'::text NOT NULL,
    resource_allocation jsonb DEFAULT '{}'::jsonb NOT NULL,
    activated_at timestamp with time zone,
    ended_at timestamp with time zone,
    archived_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT campaigns_archived_iff_timestamp_check CHECK (((status = 'archived'::text) = (archived_at IS NOT NULL))),
    CONSTRAINT campaigns_budget_not_negative_check CHECK ((budget_minor >= 0)),
    CONSTRAINT campaigns_currency_format_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT campaigns_dates_in_order_check CHECK ((end_date >= start_date)),
    CONSTRAINT campaigns_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT campaigns_objective_check CHECK ((objective = ANY (ARRAY['awareness'::text, 'consideration'::text, 'conversion'::text, 'retention'::text, 'advocacy'::text]))),
    CONSTRAINT campaigns_resource_allocation_is_object_check CHECK ((jsonb_typeof(resource_allocation) = 'object'::text)),
    CONSTRAINT campaigns_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'planning'::text, 'active'::text, 'paused'::text, 'completed'::text, 'archived'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY codex.campaigns FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.campaigns OWNER TO codex_owner;

--
-- Name: TABLE campaigns; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.campaigns IS 'Planned marketing push. States: docs/state-machines.md.';

--
-- Name: COLUMN campaigns.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN campaigns.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN campaigns.parent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.parent_id IS 'Campaign it is part of; at most 5 levels.';

--
-- Name: COLUMN campaigns.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.name IS 'Name of the campaign.';

--
-- Name: COLUMN campaigns.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.description IS 'What it is about.';

--
-- Name: COLUMN campaigns.objective; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.objective IS 'awareness, consideration, conversion, retention or advocacy.';

--
-- Name: COLUMN campaigns.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.status IS 'draft, planning, active, paused, completed, archived or cancelled.';

--
-- Name: COLUMN campaigns.positioning_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.positioning_id IS 'Positioning it rests on.';

--
-- Name: COLUMN campaigns.message_architecture_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.message_architecture_id IS 'Message it spreads.';

--
-- Name: COLUMN campaigns.owner_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.owner_id IS 'Member who answers for it.';

--
-- Name: COLUMN campaigns.target_segments; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.target_segments IS 'Segments aimed at.';

--
-- Name: COLUMN campaigns.target_geographies; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.target_geographies IS 'Places aimed at.';

--
-- Name: COLUMN campaigns.start_date; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.start_date IS 'First day.';

--
-- Name: COLUMN campaigns.end_date; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.end_date IS 'Last day.';

--
-- Name: COLUMN campaigns.budget_minor; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.budget_minor IS 'Budget in minor units of the currency.';

--
-- Name: COLUMN campaigns.currency; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.currency IS 'ISO 4217 code.';

--
-- Name: COLUMN campaigns.resource_allocation; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.resource_allocation IS 'Agents and channels set aside.';

--
-- Name: COLUMN campaigns.activated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.activated_at IS 'When it was first active.';

--
-- Name: COLUMN campaigns.ended_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.ended_at IS 'When it was completed or cancelled.';

--
-- Name: COLUMN campaigns.archived_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.archived_at IS 'When it was archived.';

--
-- Name: COLUMN campaigns.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN campaigns.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN campaigns.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.created_at IS 'When the row was made.';

--
-- Name: COLUMN campaigns.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.campaigns.updated_at IS 'When the row last changed.';

--
-- Name: channel_roles; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.channel_roles (
    key text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    sort_order integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT channel_roles_key_format_check CHECK ((key ~ '^[a-z_]+$'::text)),
    CONSTRAINT channel_roles_sort_order_positive_check CHECK ((sort_order > 0))
);

ALTER TABLE ONLY codex.channel_roles FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.channel_roles OWNER TO codex_owner;

--
-- Name: TABLE channel_roles; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.channel_roles IS 'Role that a channel plays. Global reference data.';

--
-- Name: COLUMN channel_roles.key; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.channel_roles.key IS 'Word used in code and data.';

--
-- Name: COLUMN channel_roles.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.channel_roles.name IS 'Name shown.';

--
-- Name: COLUMN channel_roles.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.channel_roles.description IS 'What the role means.';

--
-- Name: COLUMN channel_roles.sort_order; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.channel_roles.sort_order IS 'Place in lists, 1 first.';

--
-- Name: COLUMN channel_roles.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.channel_roles.created_at IS 'When the row was made.';

--
-- Name: COLUMN channel_roles.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.channel_roles.updated_at IS 'When the row last changed. Set by whoever writes: no trigger on global tables.';

--
-- Name: cohorts; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.cohorts (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    executive_summary text DEFAULT ''::text NOT NULL,
    demographics jsonb DEFAULT '{}'::jsonb NOT NULL,
    psychographics jsonb DEFAULT '{}'::jsonb NOT NULL,
    pain_points text[] DEFAULT '{}'::text[] NOT NULL,
    goals text[] DEFAULT '{}'::text[] NOT NULL,
    behavioral_triggers text[] DEFAULT '{}'::text[] NOT NULL,
    communication jsonb DEFAULT '{}'::jsonb NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    buying_triggers jsonb DEFAULT '[]'::jsonb NOT NULL,
    decision_criteria jsonb DEFAULT '{}'::jsonb NOT NULL,
    objection_map jsonb DEFAULT '{}'::jsonb NOT NULL,
    attention_windows jsonb DEFAULT '{}'::jsonb NOT NULL,
    journey_distribution jsonb DEFAULT '{}'::jsonb NOT NULL,
    competitive_frame jsonb DEFAULT '{}'::jsonb NOT NULL,
    decision_making_unit jsonb DEFAULT '{}'::jsonb NOT NULL,
    health_score integer,
    size_estimate bigint,
    last_validated_at timestamp with time zone,
    drift_detected_at timestamp with time zone,
    archived_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT cohorts_attention_windows_is_object_check CHECK ((jsonb_typeof(attention_windows) = 'object'::text)),
    CONSTRAINT cohorts_buying_triggers_is_array_check CHECK ((jsonb_typeof(buying_triggers) = 'array'::text)),
    CONSTRAINT cohorts_communication_is_object_check CHECK ((jsonb_typeof(communication) = 'object'::text)),
    CONSTRAINT cohorts_competitive_frame_is_object_check CHECK ((jsonb_typeof(competitive_frame) = 'object'::text)),
    CONSTRAINT cohorts_decision_criteria_sum_to_one_check CHECK (codex.sums_to_one(decision_criteria)),
    CONSTRAINT cohorts_decision_making_unit_is_object_check CHECK ((jsonb_typeof(decision_making_unit) = 'object'::text)),
    CONSTRAINT cohorts_demographics_is_object_check CHECK ((jsonb_typeof(demographics) = 'object'::text)),
    CONSTRAINT cohorts_health_score_in_range_check CHECK (((health_score >= 0) AND (health_score <= 100))),
    CONSTRAINT cohorts_journey_distribution_sums_to_one_check CHECK (codex.sums_to_one(journey_distribution)),
    CONSTRAINT cohorts_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT cohorts_objection_map_is_object_check CHECK ((jsonb_typeof(objection_map) = 'object'::text)),
    CONSTRAINT cohorts_psychographics_is_object_check CHECK ((jsonb_typeof(psychographics) = 'object'::text)),
    CONSTRAINT cohorts_size_not_negative_check CHECK ((size_estimate >= 0))
);

ALTER TABLE ONLY codex.cohorts FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.cohorts OWNER TO codex_owner;

--
-- Name: TABLE cohorts; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.cohorts IS 'Customer segment.';

--
-- Name: COLUMN cohorts.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN cohorts.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN cohorts.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.name IS 'Name of the segment.';

--
-- Name: COLUMN cohorts.executive_summary; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.executive_summary IS 'The segment in a few sentences.';

--
-- Name: COLUMN cohorts.demographics; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.demographics IS 'Who they are.';

--
-- Name: COLUMN cohorts.psychographics; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.psychographics IS 'What they value.';

--
-- Name: COLUMN cohorts.pain_points; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.pain_points IS 'What hurts.';

--
-- Name: COLUMN cohorts.goals; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.goals IS 'What they want.';

--
-- Name: COLUMN cohorts.behavioral_triggers; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.behavioral_triggers IS 'What makes them act.';

--
-- Name: COLUMN cohorts.communication; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.communication IS 'How they want to be spoken to.';

--
-- Name: COLUMN cohorts.tags; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.tags IS 'Free labels.';

--
-- Name: COLUMN cohorts.buying_triggers; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.buying_triggers IS 'What makes them buy.';

--
-- Name: COLUMN cohorts.decision_criteria; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.decision_criteria IS 'Criterion to weight; weights sum to 1.';

--
-- Name: COLUMN cohorts.objection_map; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.objection_map IS 'Objection to answer.';

--
-- Name: COLUMN cohorts.attention_windows; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.attention_windows IS 'When and where they listen.';

--
-- Name: COLUMN cohorts.journey_distribution; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.journey_distribution IS 'Journey stage to share; shares sum to 1.';

--
-- Name: COLUMN cohorts.competitive_frame; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.competitive_frame IS 'What they compare with.';

--
-- Name: COLUMN cohorts.decision_making_unit; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.decision_making_unit IS 'Who decides with them.';

--
-- Name: COLUMN cohorts.health_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.health_score IS 'How well the picture still fits, 0 to 100; null until judged.';

--
-- Name: COLUMN cohorts.size_estimate; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.size_estimate IS 'Estimated number of people; null when unknown.';

--
-- Name: COLUMN cohorts.last_validated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.last_validated_at IS 'When the picture was last confirmed.';

--
-- Name: COLUMN cohorts.drift_detected_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.drift_detected_at IS 'When reality was seen to have moved away.';

--
-- Name: COLUMN cohorts.archived_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.archived_at IS 'When it was archived.';

--
-- Name: COLUMN cohorts.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN cohorts.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN cohorts.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.created_at IS 'When the row was made.';

--
-- Name: COLUMN cohorts.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.cohorts.updated_at IS 'When the row last changed.';

--
-- Name: competitor_content; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.competitor_content (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    competitor_id uuid NOT NULL,
    platform text NOT NULL,
    content_type text DEFAULT 'post'::text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    body text DEFAULT ''::text NOT NULL,
    url text NOT NULL,
    published_at timestamp with time zone,
    performance_metrics jsonb DEFAULT '{}'::jsonb NOT NULL,
    patterns text[] DEFAULT '{}'::text[] NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT competitor_content_performance_metrics_is_object_check CHECK ((jsonb_typeof(performance_metrics) = 'object'::text))
);

ALTER TABLE ONLY codex.competitor_content FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.competitor_content OWNER TO codex_owner;

--
-- Name: TABLE competitor_content; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.competitor_content IS 'Piece of content of a competitor.';

--
-- Name: COLUMN competitor_content.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN competitor_content.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN competitor_content.competitor_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.competitor_id IS 'Competitor it is by.';

--
-- Name: COLUMN competitor_content.platform; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.platform IS 'Where it was published.';

--
-- Name: COLUMN competitor_content.content_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.content_type IS 'Kind, free word.';

--
-- Name: COLUMN competitor_content.title; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.title IS 'Title.';

--
-- Name: COLUMN competitor_content.body; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.body IS 'Text.';

--
-- Name: COLUMN competitor_content.url; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.url IS 'Where it is.';

--
-- Name: COLUMN competitor_content.published_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.published_at IS 'When it was published.';

--
-- Name: COLUMN competitor_content.performance_metrics; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.performance_metrics IS 'Figures seen.';

--
-- Name: COLUMN competitor_content.patterns; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.patterns IS 'Patterns recognised in it.';

--
-- Name: COLUMN competitor_content.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN competitor_content.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN competitor_content.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.created_at IS 'When the row was made.';

--
-- Name: COLUMN competitor_content.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_content.updated_at IS 'When the row last changed.';

--
-- Name: competitor_patterns; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.competitor_patterns (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    competitor_id uuid NOT NULL,
    pattern_type text NOT NULL,
    pattern_name text NOT NULL,
    frequency_count bigint DEFAULT 1 NOT NULL,
    success_rate_percentage integer,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT competitor_patterns_details_is_object_check CHECK ((jsonb_typeof(details) = 'object'::text)),
    CONSTRAINT competitor_patterns_frequency_count_positive_check CHECK ((frequency_count > 0)),
    CONSTRAINT competitor_patterns_success_rate_in_range_check CHECK (((success_rate_percentage >= 0) AND (success_rate_percentage <= 100)))
);

ALTER TABLE ONLY codex.competitor_patterns FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.competitor_patterns OWNER TO codex_owner;

--
-- Name: TABLE competitor_patterns; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.competitor_patterns IS 'Recurring pattern of a competitor.';

--
-- Name: COLUMN competitor_patterns.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN competitor_patterns.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN competitor_patterns.competitor_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.competitor_id IS 'Competitor it is of.';

--
-- Name: COLUMN competitor_patterns.pattern_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.pattern_type IS 'Kind, free word.';

--
-- Name: COLUMN competitor_patterns.pattern_name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.pattern_name IS 'Name of the pattern.';

--
-- Name: COLUMN competitor_patterns.frequency_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.frequency_count IS 'How often it was seen.';

--
-- Name: COLUMN competitor_patterns.success_rate_percentage; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.success_rate_percentage IS 'Share that did well, 0 to 100; null when unknown.';

--
-- Name: COLUMN competitor_patterns.details; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.details IS 'The pattern itself.';

--
-- Name: COLUMN competitor_patterns.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN competitor_patterns.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN competitor_patterns.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.created_at IS 'When the row was made.';

--
-- Name: COLUMN competitor_patterns.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitor_patterns.updated_at IS 'When the row last changed.';

--
-- Name: competitors; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.competitors (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    website_url text,
    industry text,
    platforms jsonb DEFAULT '{}'::jsonb NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    last_analyzed_at timestamp with time zone,
    archived_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT competitors_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT competitors_platforms_is_object_check CHECK ((jsonb_typeof(platforms) = 'object'::text))
);

ALTER TABLE ONLY codex.competitors FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.competitors OWNER TO codex_owner;

--
-- Name: TABLE competitors; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.competitors IS 'Competitor of the workspace.';

--
-- Name: COLUMN competitors.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN competitors.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN competitors.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.name IS 'Name of the company.';

--
-- Name: COLUMN competitors.website_url; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.website_url IS 'Its site.';

--
-- Name: COLUMN competitors.industry; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.industry IS 'Its industry.';

--
-- Name: COLUMN competitors.platforms; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.platforms IS 'Platform to handle.';

--
-- Name: COLUMN competitors.notes; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.notes IS 'What to know about it.';

--
-- Name: COLUMN competitors.last_analyzed_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.last_analyzed_at IS 'When it was last looked at.';

--
-- Name: COLUMN competitors.archived_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.archived_at IS 'When it was archived.';

--
-- Name: COLUMN competitors.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN competitors.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN competitors.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.created_at IS 'When the row was made.';

--
-- Name: COLUMN competitors.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.competitors.updated_at IS 'When the row last changed.';

--
-- Name: content_adaptations; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.content_adaptations (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    source_asset_id uuid NOT NULL,
    target_channel text NOT NULL,
    adapted_body text NOT NULL,
    quality_score integer,
    created_by_agent uuid,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT content_adaptations_quality_in_range_check CHECK (((quality_score >= 0) AND (quality_score <= 100)))
);

ALTER TABLE ONLY codex.content_adaptations FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.content_adaptations OWNER TO codex_owner;

--
-- Name: TABLE content_adaptations; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.content_adaptations IS 'Adaptation of an asset to a channel.';

--
-- Name: COLUMN content_adaptations.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_adaptations.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN content_adaptations.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_adaptations.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN content_adaptations.source_asset_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_adaptations.source_asset_id IS 'Asset it was made from.';

--
-- Name: COLUMN content_adaptations.target_channel; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_adaptations.target_channel IS 'Channel it is for.';

--
-- Name: COLUMN content_adaptations.adapted_body; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_adaptations.adapted_body IS 'The adapted text.';

--
-- Name: COLUMN content_adaptations.quality_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_adaptations.quality_score IS '0 to 100; null until judged.';

--
-- Name: COLUMN content_adaptations.created_by_agent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_adaptations.created_by_agent IS 'Agent that made it; its foreign key comes with the registry.';

--
-- Name: COLUMN content_adaptations.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_adaptations.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN content_adaptations.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_adaptations.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN content_adaptations.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_adaptations.created_at IS 'When the row was made.';

--
-- Name: COLUMN content_adaptations.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_adaptations.updated_at IS 'When the row last changed.';

--
-- Name: content_patterns; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.content_patterns (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    pattern_type text NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    success_rate_percentage integer,
    usage_count bigint DEFAULT 0 NOT NULL,
    pattern_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT content_patterns_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT content_patterns_pattern_data_is_object_check CHECK ((jsonb_typeof(pattern_data) = 'object'::text)),
    CONSTRAINT content_patterns_success_rate_in_range_check CHECK (((success_rate_percentage >= 0) AND (success_rate_percentage <= 100))),
    CONSTRAINT content_patterns_usage_count_not_negative_check CHECK ((usage_count >= 0))
);

ALTER TABLE ONLY codex.content_patterns FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.content_patterns OWNER TO codex_owner;

--
-- Name: TABLE content_patterns; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.content_patterns IS 'Pattern of content and its success.';

--
-- Name: COLUMN content_patterns.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN content_patterns.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN content_patterns.pattern_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.pattern_type IS 'Kind: hook, structure, tone …';

--
-- Name: COLUMN content_patterns.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.name IS 'Name of the pattern.';

--
-- Name: COLUMN content_patterns.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.description IS 'What it looks like.';

--
-- Name: COLUMN content_patterns.success_rate_percentage; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.success_rate_percentage IS 'Share of uses that reached their goal, 0 to 100; null until used.';

--
-- Name: COLUMN content_patterns.usage_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.usage_count IS 'How often it was used.';

--
-- Name: COLUMN content_patterns.pattern_data; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.pattern_data IS 'The pattern itself.';

--
-- Name: COLUMN content_patterns.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN content_patterns.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN content_patterns.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.created_at IS 'When the row was made.';

--
-- Name: COLUMN content_patterns.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.content_patterns.updated_at IS 'When the row last changed.';

--
-- Name: debate_rounds; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.debate_rounds (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    debate_id uuid NOT NULL,
    round_number integer NOT NULL,
    positions jsonb DEFAULT '{}'::jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT debate_rounds_positions_is_object_check CHECK ((jsonb_typeof(positions) = 'object'::text)),
    CONSTRAINT debate_rounds_round_number_positive_check CHECK ((round_number > 0))
);

ALTER TABLE ONLY codex.debate_rounds FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.debate_rounds OWNER TO codex_owner;

--
-- Name: TABLE debate_rounds; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.debate_rounds IS 'Round of a debate.';

--
-- Name: COLUMN debate_rounds.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.debate_rounds.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN debate_rounds.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.debate_rounds.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN debate_rounds.debate_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.debate_rounds.debate_id IS 'Debate it belongs to.';

--
-- Name: COLUMN debate_rounds.round_number; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.debate_rounds.round_number IS '1 first.';

--
-- Name: COLUMN debate_rounds.positions; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.debate_rounds.positions IS 'Agent to position.';

--
-- Name: COLUMN debate_rounds.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.debate_rounds.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN debate_rounds.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.debate_rounds.created_at IS 'When the row was made.';

--
-- Name: COLUMN debate_rounds.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.debate_rounds.updated_at IS 'When the row last changed.';

--
-- Name: event_counters; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.event_counters (
    workspace_id uuid NOT NULL,
    last_number bigint DEFAULT 0 NOT NULL,
    pruned_through bigint DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT event_counters_numbers_in_order_check CHECK (((pruned_through >= 0) AND (pruned_through <= last_number)))
);

ALTER TABLE ONLY codex.event_counters FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.event_counters OWNER TO codex_owner;

--
-- Name: TABLE event_counters; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.event_counters IS 'Numbering of a workspace''s events: gapless, given when they are read, never by the writer.';

--
-- Name: COLUMN event_counters.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.event_counters.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN event_counters.last_number; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.event_counters.last_number IS 'Highest number given so far.';

--
-- Name: COLUMN event_counters.pruned_through; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.event_counters.pruned_through IS 'Events up to this number are gone: a reader from before resynchronises.';

--
-- Name: COLUMN event_counters.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.event_counters.version IS 'Number of the edit; counters do not move it.';

--
-- Name: COLUMN event_counters.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.event_counters.created_at IS 'When the row was made.';

--
-- Name: COLUMN event_counters.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.event_counters.updated_at IS 'When the row last changed.';

--
-- Name: experiment_results; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.experiment_results (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    experiment_id uuid NOT NULL,
    variant text NOT NULL,
    metric_name text NOT NULL,
    metric_sum bigint DEFAULT 0 NOT NULL,
    sample_size bigint DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT experiment_results_sample_size_not_negative_check CHECK ((sample_size >= 0))
);

ALTER TABLE ONLY codex.experiment_results FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.experiment_results OWNER TO codex_owner;

--
-- Name: TABLE experiment_results; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.experiment_results IS 'Metric of one variant of a test.';

--
-- Name: COLUMN experiment_results.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiment_results.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN experiment_results.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiment_results.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN experiment_results.experiment_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiment_results.experiment_id IS 'Test it belongs to.';

--
-- Name: COLUMN experiment_results.variant; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiment_results.variant IS 'Variant it is of.';

--
-- Name: COLUMN experiment_results.metric_name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiment_results.metric_name IS 'What was measured.';

--
-- Name: COLUMN experiment_results.metric_sum; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiment_results.metric_sum IS 'Sum of what was measured.';

--
-- Name: COLUMN experiment_results.sample_size; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiment_results.sample_size IS 'Number of people measured.';

--
-- Name: COLUMN experiment_results.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiment_results.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN experiment_results.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiment_results.created_at IS 'When the row was made.';

--
-- Name: COLUMN experiment_results.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiment_results.updated_at IS 'When the row last changed.';

--
-- Name: experiments; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.experiments (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    move_id uuid,
    hypothesis text NOT NULL,
    variants jsonb NOT NULL,
    sample_size_per_variant integer NOT NULL,
    duration_days integer DEFAULT 14 NOT NULL,
    status text DEFAULT 'running'::text NOT NULL,
    winner_variant text,
    confidence_score integer,
    ended_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT experiments_confidence_in_range_check CHECK (((confidence_score >= 0) AND (confidence_score <= 100))),
    CONSTRAINT experiments_duration_positive_check CHECK ((duration_days > 0)),
    CONSTRAINT experiments_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT experiments_sample_size_positive_check CHECK ((sample_size_per_variant > 0)),
    CONSTRAINT experiments_status_check CHECK ((status = ANY (ARRAY['running'::text, 'completed'::text, 'stopped'::text, 'failed'::text]))),
    CONSTRAINT experiments_variants_at_least_two_check CHECK (((jsonb_typeof(variants) = 'array'::text) AND (jsonb_array_length(variants) >= 2))),
    CONSTRAINT experiments_winner_only_when_completed_check CHECK (((winner_variant IS NULL) OR (status = 'completed'::text)))
);

ALTER TABLE ONLY codex.experiments FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.experiments OWNER TO codex_owner;

--
-- Name: TABLE experiments; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.experiments IS 'A/B test.';

--
-- Name: COLUMN experiments.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN experiments.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN experiments.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.name IS 'Name of the test.';

--
-- Name: COLUMN experiments.move_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.move_id IS 'Move it belongs to.';

--
-- Name: COLUMN experiments.hypothesis; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.hypothesis IS 'What is believed.';

--
-- Name: COLUMN experiments.variants; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.variants IS 'The variants: an array of at least two.';

--
-- Name: COLUMN experiments.sample_size_per_variant; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.sample_size_per_variant IS 'People that each variant needs.';

--
-- Name: COLUMN experiments.duration_days; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.duration_days IS 'Planned length in days.';

--
-- Name: COLUMN experiments.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.status IS 'running, completed, stopped or failed.';

--
-- Name: COLUMN experiments.winner_variant; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.winner_variant IS 'The better variant, once completed.';

--
-- Name: COLUMN experiments.confidence_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.confidence_score IS 'How sure the result is, 0 to 100.';

--
-- Name: COLUMN experiments.ended_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.ended_at IS 'When it ended.';

--
-- Name: COLUMN experiments.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN experiments.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN experiments.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.created_at IS 'When the row was made.';

--
-- Name: COLUMN experiments.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.experiments.updated_at IS 'When the row last changed.';

--
-- Name: global_strategies; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.global_strategies (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    business_context text DEFAULT ''::text NOT NULL,
    offers text[] DEFAULT '{}'::text[] NOT NULL,
    markets text[] DEFAULT '{}'::text[] NOT NULL,
    center_of_gravity text,
    success_metrics jsonb DEFAULT '[]'::jsonb NOT NULL,
    ninety_day_goal text,
    constitution jsonb DEFAULT '{}'::jsonb NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT global_strategies_constitution_is_object_check CHECK ((jsonb_typeof(constitution) = 'object'::text)),
    CONSTRAINT global_strategies_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'archived'::text]))),
    CONSTRAINT global_strategies_success_metrics_is_array_check CHECK ((jsonb_typeof(success_metrics) = 'array'::text))
);

ALTER TABLE ONLY codex.global_strategies FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.global_strategies OWNER TO codex_owner;

--
-- Name: TABLE global_strategies; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.global_strategies IS 'The strategy of a workspace.';

--
-- Name: COLUMN global_strategies.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN global_strategies.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN global_strategies.business_context; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.business_context IS 'What the business is and does.';

--
-- Name: COLUMN global_strategies.offers; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.offers IS 'What it sells.';

--
-- Name: COLUMN global_strategies.markets; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.markets IS 'Where it sells.';

--
-- Name: COLUMN global_strategies.center_of_gravity; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.center_of_gravity IS 'What success depends on most.';

--
-- Name: COLUMN global_strategies.success_metrics; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.success_metrics IS 'Metrics with targets.';

--
-- Name: COLUMN global_strategies.ninety_day_goal; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.ninety_day_goal IS 'Goal of the next ninety days.';

--
-- Name: COLUMN global_strategies.constitution; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.constitution IS 'Rules that every piece of content keeps.';

--
-- Name: COLUMN global_strategies.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.status IS 'draft, active or archived.';

--
-- Name: COLUMN global_strategies.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN global_strategies.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN global_strategies.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.created_at IS 'When the row was made.';

--
-- Name: COLUMN global_strategies.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.global_strategies.updated_at IS 'When the row last changed.';

--
-- Name: idempotency_keys; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.idempotency_keys (
    workspace_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    state text DEFAULT 'in_progress'::text NOT NULL,
    response jsonb,
    user_id uuid DEFAULT codex.acting_user_id(),
    expires_at timestamp with time zone DEFAULT (now() + '24:00:00'::interval) NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_completed_iff_response_check CHECK (((state = 'completed'::text) = (response IS NOT NULL))),
    CONSTRAINT idempotency_keys_key_length_check CHECK (((char_length(key) >= 1) AND (char_length(key) <= 255))),
    CONSTRAINT idempotency_keys_request_hash_length_check CHECK ((octet_length(request_hash) = 32)),
    CONSTRAINT idempotency_keys_state_check CHECK ((state = ANY (ARRAY['in_progress'::text, 'completed'::text])))
);

ALTER TABLE ONLY codex.idempotency_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.idempotency_keys OWNER TO codex_owner;

--
-- Name: TABLE idempotency_keys; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.idempotency_keys IS 'Request key to stored response. The same key with another request is refused by the SDK.';

--
-- Name: COLUMN idempotency_keys.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.idempotency_keys.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN idempotency_keys.key; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.idempotency_keys.key IS 'Key the caller chose.';

--
-- Name: COLUMN idempotency_keys.request_hash; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.idempotency_keys.request_hash IS 'SHA-256 of the canonical request.';

--
-- Name: COLUMN idempotency_keys.state; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.idempotency_keys.state IS 'in_progress or completed.';

--
-- Name: COLUMN idempotency_keys.response; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.idempotency_keys.response IS 'Stored result; null until completed.';

--
-- Name: COLUMN idempotency_keys.user_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.idempotency_keys.user_id IS 'Member who sent the request; null for an agent or background work.';

--
-- Name: COLUMN idempotency_keys.expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.idempotency_keys.expires_at IS 'When the key may be used anew.';

--
-- Name: COLUMN idempotency_keys.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.idempotency_keys.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN idempotency_keys.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.idempotency_keys.created_at IS 'When the row was made.';

--
-- Name: COLUMN idempotency_keys.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.idempotency_keys.updated_at IS 'When the row last changed.';

--
-- Name: intelligence_signals; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.intelligence_signals (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    fingerprint text NOT NULL,
    fingerprint_version integer DEFAULT 1 NOT NULL,
    source_type text NOT NULL,
    category text NOT NULL,
    data_source text,
    source_url text,
    title text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    key_findings text[] DEFAULT '{}'::text[] NOT NULL,
    data_points jsonb DEFAULT '{}'::jsonb NOT NULL,
    confidence integer DEFAULT 50 NOT NULL,
    half_life_hours integer DEFAULT 168 NOT NULL,
    relevance integer DEFAULT 50 NOT NULL,
    source_reliability text DEFAULT 'F'::text NOT NULL,
    credibility integer DEFAULT 6 NOT NULL,
    sighting_count bigint DEFAULT 1 NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    fades_at_epoch bigint GENERATED ALWAYS AS (((EXTRACT(epoch FROM (last_seen_at AT TIME ZONE 'UTC'::text)) + (((half_life_hours * 3600))::numeric * log(2.0, (GREATEST(confidence, 1))::numeric))))::bigint) STORED NOT NULL,
    expires_at timestamp with time zone,
    status text DEFAULT 'new'::text NOT NULL,
    source_agent_id uuid DEFAULT codex.acting_agent_id(),
    assigned_to uuid,
    action_notes text DEFAULT ''::text NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT intelligence_signals_category_check CHECK ((category = ANY (ARRAY['competitor_activity'::text, 'market_trend'::text, 'industry_news'::text, 'customer_sentiment'::text, 'technology_shift'::text]))),
    CONSTRAINT intelligence_signals_confidence_in_range_check CHECK (((confidence >= 0) AND (confidence <= 100))),
    CONSTRAINT intelligence_signals_credibility_in_range_check CHECK (((credibility >= 1) AND (credibility <= 6))),
    CONSTRAINT intelligence_signals_data_points_is_object_check CHECK ((jsonb_typeof(data_points) = 'object'::text)),
    CONSTRAINT intelligence_signals_expires_after_seen_check CHECK ((expires_at > first_seen_at)),
    CONSTRAINT intelligence_signals_fingerprint_length_check CHECK (((char_length(fingerprint) >= 1) AND (char_length(fingerprint) <= 200))),
    CONSTRAINT intelligence_signals_fingerprint_version_positive_check CHECK ((fingerprint_version > 0)),
    CONSTRAINT intelligence_signals_half_life_positive_check CHECK (((half_life_hours >= 1) AND (half_life_hours <= 87600))),
    CONSTRAINT intelligence_signals_relevance_in_range_check CHECK (((relevance >= 0) AND (relevance <= 100))),
    CONSTRAINT intelligence_signals_seen_in_order_check CHECK ((last_seen_at >= first_seen_at)),
    CONSTRAINT intelligence_signals_sighting_count_positive_check CHECK ((sighting_count >= 1)),
    CONSTRAINT intelligence_signals_source_reliability_check CHECK ((source_reliability = ANY (ARRAY['A'::text, 'B'::text, 'C'::text, 'D'::text, 'E'::text, 'F'::text]))),
    CONSTRAINT intelligence_signals_source_type_check CHECK ((source_type = ANY (ARRAY['competitor'::text, 'market'::text, 'trend'::text, 'industry'::text, 'customer'::text]))),
    CONSTRAINT intelligence_signals_status_check CHECK ((status = ANY (ARRAY['new'::text, 'acknowledged'::text, 'actioned'::text, 'archived'::text, 'dismissed'::text]))),
    CONSTRAINT intelligence_signals_title_length_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300)))
);

ALTER TABLE ONLY codex.intelligence_signals FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.intelligence_signals OWNER TO codex_owner;

--
-- Name: TABLE intelligence_signals; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.intelligence_signals IS 'Observation of the market, with confidence that decays. States: docs/state-machines.md.';

--
-- Name: COLUMN intelligence_signals.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN intelligence_signals.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN intelligence_signals.fingerprint; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.fingerprint IS 'What makes two sightings the same observation.';

--
-- Name: COLUMN intelligence_signals.fingerprint_version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.fingerprint_version IS 'Version of the rule that made the fingerprint.';

--
-- Name: COLUMN intelligence_signals.source_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.source_type IS 'competitor, market, trend, industry or customer.';

--
-- Name: COLUMN intelligence_signals.category; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.category IS 'competitor_activity, market_trend, industry_news, customer_sentiment or technology_shift.';

--
-- Name: COLUMN intelligence_signals.data_source; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.data_source IS 'Where it was read: newsapi, linkedin, internal …';

--
-- Name: COLUMN intelligence_signals.source_url; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.source_url IS 'Address it was read at.';

--
-- Name: COLUMN intelligence_signals.title; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.title IS 'One line.';

--
-- Name: COLUMN intelligence_signals.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.description IS 'What was observed.';

--
-- Name: COLUMN intelligence_signals.key_findings; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.key_findings IS 'What matters of it.';

--
-- Name: COLUMN intelligence_signals.data_points; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.data_points IS 'Figures nobody filters by.';

--
-- Name: COLUMN intelligence_signals.confidence; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.confidence IS 'Base confidence, 0 to 100, at the last sighting.';

--
-- Name: COLUMN intelligence_signals.half_life_hours; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.half_life_hours IS 'Hours in which the confidence halves.';

--
-- Name: COLUMN intelligence_signals.relevance; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.relevance IS '0 to 100.';

--
-- Name: COLUMN intelligence_signals.source_reliability; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.source_reliability IS 'A (reliable) to F (cannot be judged), after the Admiralty code.';

--
-- Name: COLUMN intelligence_signals.credibility; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.credibility IS '1 (confirmed) to 6 (cannot be judged), after the Admiralty code.';

--
-- Name: COLUMN intelligence_signals.sighting_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.sighting_count IS 'How often it was seen.';

--
-- Name: COLUMN intelligence_signals.first_seen_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.first_seen_at IS 'First sighting.';

--
-- Name: COLUMN intelligence_signals.last_seen_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.last_seen_at IS 'Newest sighting; the decay starts here.';

--
-- Name: COLUMN intelligence_signals.fades_at_epoch; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.fades_at_epoch IS 'Unix second at which one hundredth is left. Signals of one half-life are in the order of their decayed confidence by it, at any instant; of any half-life, what has passed it is below 1.';

--
-- Name: COLUMN intelligence_signals.expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.expires_at IS 'From when on it no longer counts.';

--
-- Name: COLUMN intelligence_signals.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.status IS 'new, acknowledged, actioned, archived or dismissed. A dismissed signal keeps its fingerprint, so that it does not come back.';

--
-- Name: COLUMN intelligence_signals.source_agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.source_agent_id IS 'Agent that observed it; null for a person or the system.';

--
-- Name: COLUMN intelligence_signals.assigned_to; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.assigned_to IS 'Member who looks into it.';

--
-- Name: COLUMN intelligence_signals.action_notes; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.action_notes IS 'What was done about it.';

--
-- Name: COLUMN intelligence_signals.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN intelligence_signals.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN intelligence_signals.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.created_at IS 'When the row was made.';

--
-- Name: COLUMN intelligence_signals.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.intelligence_signals.updated_at IS 'When the row last changed.';

--
-- Name: journey_stages; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.journey_stages (
    key text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    sort_order integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT journey_stages_key_format_check CHECK ((key ~ '^[a-z_]+$'::text)),
    CONSTRAINT journey_stages_sort_order_positive_check CHECK ((sort_order > 0))
);

ALTER TABLE ONLY codex.journey_stages FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.journey_stages OWNER TO codex_owner;

--
-- Name: TABLE journey_stages; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.journey_stages IS 'Stage of a customer''s awareness. Global reference data.';

--
-- Name: COLUMN journey_stages.key; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.journey_stages.key IS 'Word used in code and data.';

--
-- Name: COLUMN journey_stages.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.journey_stages.name IS 'Name shown.';

--
-- Name: COLUMN journey_stages.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.journey_stages.description IS 'What the stage means.';

--
-- Name: COLUMN journey_stages.sort_order; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.journey_stages.sort_order IS 'Place in the journey, 1 first.';

--
-- Name: COLUMN journey_stages.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.journey_stages.created_at IS 'When the row was made.';

--
-- Name: COLUMN journey_stages.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.journey_stages.updated_at IS 'When the row last changed. Set by whoever writes: no trigger on global tables.';

--
-- Name: lines_of_operation; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.lines_of_operation (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    strategic_objective text DEFAULT ''::text NOT NULL,
    seasonality_tag text DEFAULT 'agnostic'::text NOT NULL,
    center_of_gravity text,
    status text DEFAULT 'active'::text NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lines_of_operation_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT lines_of_operation_seasonality_tag_check CHECK ((seasonality_tag = ANY (ARRAY['harvest'::text, 'planting'::text, 'agnostic'::text]))),
    CONSTRAINT lines_of_operation_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'complete'::text])))
);

ALTER TABLE ONLY codex.lines_of_operation FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.lines_of_operation OWNER TO codex_owner;

--
-- Name: TABLE lines_of_operation; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.lines_of_operation IS 'Strategic grouping of moves.';

--
-- Name: COLUMN lines_of_operation.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.lines_of_operation.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN lines_of_operation.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.lines_of_operation.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN lines_of_operation.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.lines_of_operation.name IS 'Name of the line.';

--
-- Name: COLUMN lines_of_operation.strategic_objective; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.lines_of_operation.strategic_objective IS 'What the line is to reach.';

--
-- Name: COLUMN lines_of_operation.seasonality_tag; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.lines_of_operation.seasonality_tag IS 'harvest, planting or agnostic.';

--
-- Name: COLUMN lines_of_operation.center_of_gravity; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.lines_of_operation.center_of_gravity IS 'What the line depends on most.';

--
-- Name: COLUMN lines_of_operation.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.lines_of_operation.status IS 'active, paused or complete.';

--
-- Name: COLUMN lines_of_operation.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.lines_of_operation.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN lines_of_operation.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.lines_of_operation.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN lines_of_operation.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.lines_of_operation.created_at IS 'When the row was made.';

--
-- Name: COLUMN lines_of_operation.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.lines_of_operation.updated_at IS 'When the row last changed.';

--
-- Name: maneuver_types; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.maneuver_types (
    key text NOT NULL,
    name text NOT NULL,
    category text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    base_duration_days integer DEFAULT 14 NOT NULL,
    fogg_role text NOT NULL,
    intensity_score integer NOT NULL,
    risk_profile text NOT NULL,
    default_config jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT maneuver_types_category_check CHECK ((category = ANY (ARRAY['offensive'::text, 'defensive'::text, 'logistical'::text, 'recon'::text]))),
    CONSTRAINT maneuver_types_default_config_is_object_check CHECK ((jsonb_typeof(default_config) = 'object'::text)),
    CONSTRAINT maneuver_types_duration_positive_check CHECK ((base_duration_days > 0)),
    CONSTRAINT maneuver_types_fogg_role_check CHECK ((fogg_role = ANY (ARRAY['spark'::text, 'facilitator'::text, 'signal'::text]))),
    CONSTRAINT maneuver_types_intensity_in_range_check CHECK (((intensity_score >= 1) AND (intensity_score <= 10))),
    CONSTRAINT maneuver_types_key_format_check CHECK ((key ~ '^[a-z_]+$'::text)),
    CONSTRAINT maneuver_types_risk_profile_check CHECK ((risk_profile = ANY (ARRAY['low'::text, 'medium'::text, 'brand_risk'::text, 'budget_risk'::text])))
);

ALTER TABLE ONLY codex.maneuver_types FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.maneuver_types OWNER TO codex_owner;

--
-- Name: TABLE maneuver_types; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.maneuver_types IS 'Template of a move. Global reference data.';

--
-- Name: COLUMN maneuver_types.key; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.maneuver_types.key IS 'Word used in code and data.';

--
-- Name: COLUMN maneuver_types.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.maneuver_types.name IS 'Name shown.';

--
-- Name: COLUMN maneuver_types.category; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.maneuver_types.category IS 'offensive, defensive, logistical or recon.';

--
-- Name: COLUMN maneuver_types.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.maneuver_types.description IS 'What the maneuver is for.';

--
-- Name: COLUMN maneuver_types.base_duration_days; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.maneuver_types.base_duration_days IS 'Usual length in days.';

--
-- Name: COLUMN maneuver_types.fogg_role; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.maneuver_types.fogg_role IS 'spark, facilitator or signal (Fogg''s behaviour model).';

--
-- Name: COLUMN maneuver_types.intensity_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.maneuver_types.intensity_score IS '1 to 10.';

--
-- Name: COLUMN maneuver_types.risk_profile; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.maneuver_types.risk_profile IS 'low, medium, brand_risk or budget_risk.';

--
-- Name: COLUMN maneuver_types.default_config; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.maneuver_types.default_config IS 'Settings a new move starts with.';

--
-- Name: COLUMN maneuver_types.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.maneuver_types.created_at IS 'When the row was made.';

--
-- Name: COLUMN maneuver_types.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.maneuver_types.updated_at IS 'When the row last changed. Set by whoever writes: no trigger on global tables.';

--
-- Name: market_insights; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.market_insights (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    title text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    insight_type text NOT NULL,
    category text DEFAULT 'market'::text NOT NULL,
    conclusions text[] DEFAULT '{}'::text[] NOT NULL,
    evidence jsonb DEFAULT '[]'::jsonb NOT NULL,
    signal_count integer GENERATED ALWAYS AS (jsonb_array_length(evidence)) STORED NOT NULL,
    confidence integer DEFAULT 0 NOT NULL,
    confidence_level text GENERATED ALWAYS AS (
CASE
    WHEN (confidence >= 75) THEN 'high'::text
    WHEN (confidence >= 50) THEN 'medium'::text
    ELSE 'low'::text
END) STORED NOT NULL,
    business_implications text[] DEFAULT '{}'::text[] NOT NULL,
    recommended_actions text[] DEFAULT '{}'::text[] NOT NULL,
    potential_impact text DEFAULT ''::text NOT NULL,
    relevant_from date,
    relevant_until date,
    status text DEFAULT 'draft'::text NOT NULL,
    superseded_by_id uuid,
    source_agent_id uuid DEFAULT codex.acting_agent_id(),
    reviewed_by uuid,
    published_at timestamp with time zone,
    actioned_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT market_insights_category_check CHECK ((category = ANY (ARRAY['competitive'::text, 'market'::text, 'customer'::text, 'technology'::text]))),
    CONSTRAINT market_insights_confidence_in_range_check CHECK (((confidence >= 0) AND (confidence <= 100))),
    CONSTRAINT market_insights_evidence_known_check CHECK (codex.is_evidence(evidence)),
    CONSTRAINT market_insights_insight_type_check CHECK ((insight_type = ANY (ARRAY['opportunity'::text, 'threat'::text, 'trend'::text, 'gap'::text, 'pattern'::text]))),
    CONSTRAINT market_insights_published_rests_on_signals_check CHECK (((status = ANY (ARRAY['draft'::text, 'retracted'::text])) OR (jsonb_array_length(evidence) > 0))),
    CONSTRAINT market_insights_relevance_in_order_check CHECK ((relevant_until >= relevant_from)),
    CONSTRAINT market_insights_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'superseded'::text, 'retracted'::text, 'archived'::text]))),
    CONSTRAINT market_insights_superseded_iff_by_check CHECK (((superseded_by_id IS NULL) OR (status = ANY (ARRAY['superseded'::text, 'archived'::text])))),
    CONSTRAINT market_insights_title_length_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300)))
);

ALTER TABLE ONLY codex.market_insights FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.market_insights OWNER TO codex_owner;

--
-- Name: TABLE market_insights; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.market_insights IS 'Conclusion from signals. States: docs/state-machines.md.';

--
-- Name: COLUMN market_insights.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN market_insights.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN market_insights.title; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.title IS 'One line.';

--
-- Name: COLUMN market_insights.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.description IS 'The conclusion in full.';

--
-- Name: COLUMN market_insights.insight_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.insight_type IS 'opportunity, threat, trend, gap or pattern.';

--
-- Name: COLUMN market_insights.category; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.category IS 'competitive, market, customer or technology.';

--
-- Name: COLUMN market_insights.conclusions; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.conclusions IS 'What follows.';

--
-- Name: COLUMN market_insights.evidence; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.evidence IS 'Signals it rests on, each with its confidence at publication.';

--
-- Name: COLUMN market_insights.signal_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.signal_count IS 'Number of signals it rests on.';

--
-- Name: COLUMN market_insights.confidence; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.confidence IS '0 to 100: 1 − Π(1 − cᵢ) over independent signals.';

--
-- Name: COLUMN market_insights.confidence_level; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.confidence_level IS 'low, medium (from 50) or high (from 75).';

--
-- Name: COLUMN market_insights.business_implications; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.business_implications IS 'What it means for the business.';

--
-- Name: COLUMN market_insights.recommended_actions; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.recommended_actions IS 'What to do.';

--
-- Name: COLUMN market_insights.potential_impact; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.potential_impact IS 'What is at stake.';

--
-- Name: COLUMN market_insights.relevant_from; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.relevant_from IS 'First day on which it matters; null for always.';

--
-- Name: COLUMN market_insights.relevant_until; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.relevant_until IS 'Last day on which it matters; null for always.';

--
-- Name: COLUMN market_insights.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.status IS 'draft, active, superseded, retracted or archived.';

--
-- Name: COLUMN market_insights.superseded_by_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.superseded_by_id IS 'Insight that replaced it.';

--
-- Name: COLUMN market_insights.source_agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.source_agent_id IS 'Agent that drew it; null for a person or the system.';

--
-- Name: COLUMN market_insights.reviewed_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.reviewed_by IS 'Member who reviewed it.';

--
-- Name: COLUMN market_insights.published_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.published_at IS 'When it became active.';

--
-- Name: COLUMN market_insights.actioned_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.actioned_at IS 'When something was done about it.';

--
-- Name: COLUMN market_insights.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN market_insights.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN market_insights.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.created_at IS 'When the row was made.';

--
-- Name: COLUMN market_insights.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.market_insights.updated_at IS 'When the row last changed.';

--
-- Name: message_architecture; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.message_architecture (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    positioning_id uuid NOT NULL,
    name text NOT NULL,
    channel text,
    persona text,
    core_message text NOT NULL,
    pillars jsonb DEFAULT '[]'::jsonb NOT NULL,
    brand_voice text DEFAULT ''::text NOT NULL,
    tone_guidelines text DEFAULT ''::text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    published_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT message_architecture_core_message_length_check CHECK (((char_length(core_message) >= 1) AND (char_length(core_message) <= 1000))),
    CONSTRAINT message_architecture_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT message_architecture_pillars_prove_their_claims_check CHECK (codex.are_pillars(pillars)),
    CONSTRAINT message_architecture_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'superseded'::text])))
);

ALTER TABLE ONLY codex.message_architecture FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.message_architecture OWNER TO codex_owner;

--
-- Name: TABLE message_architecture; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.message_architecture IS 'Core message and pillars of a positioning. States: docs/state-machines.md.';

--
-- Name: COLUMN message_architecture.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN message_architecture.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN message_architecture.positioning_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.positioning_id IS 'Positioning it is drawn from.';

--
-- Name: COLUMN message_architecture.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.name IS 'Name of the message.';

--
-- Name: COLUMN message_architecture.channel; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.channel IS 'Channel it is for; null for every channel.';

--
-- Name: COLUMN message_architecture.persona; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.persona IS 'Persona it is for; null for everybody.';

--
-- Name: COLUMN message_architecture.core_message; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.core_message IS 'The message in one sentence.';

--
-- Name: COLUMN message_architecture.pillars; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.pillars IS 'Claims with their proof points, each naming its source.';

--
-- Name: COLUMN message_architecture.brand_voice; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.brand_voice IS 'How the brand speaks.';

--
-- Name: COLUMN message_architecture.tone_guidelines; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.tone_guidelines IS 'What tone to keep.';

--
-- Name: COLUMN message_architecture.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.status IS 'draft, published or superseded.';

--
-- Name: COLUMN message_architecture.published_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.published_at IS 'When it was published.';

--
-- Name: COLUMN message_architecture.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN message_architecture.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN message_architecture.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.created_at IS 'When the row was made.';

--
-- Name: COLUMN message_architecture.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.message_architecture.updated_at IS 'When the row last changed.';

--
-- Name: move_anomalies; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.move_anomalies (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    move_id uuid NOT NULL,
    type text NOT NULL,
    severity integer NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    resolution text,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT move_anomalies_severity_in_range_check CHECK (((severity >= 1) AND (severity <= 5))),
    CONSTRAINT move_anomalies_status_check CHECK ((status = ANY (ARRAY['open'::text, 'acknowledged'::text, 'resolved'::text, 'ignored'::text]))),
    CONSTRAINT move_anomalies_type_check CHECK ((type = ANY (ARRAY['tone_clash'::text, 'fatigue'::text, 'drift'::text, 'rule_violation'::text, 'capacity_overload'::text])))
);

ALTER TABLE ONLY codex.move_anomalies FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.move_anomalies OWNER TO codex_owner;

--
-- Name: TABLE move_anomalies; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.move_anomalies IS 'Issue found with a move.';

--
-- Name: COLUMN move_anomalies.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN move_anomalies.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN move_anomalies.move_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.move_id IS 'Move it concerns.';

--
-- Name: COLUMN move_anomalies.type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.type IS 'tone_clash, fatigue, drift, rule_violation or capacity_overload.';

--
-- Name: COLUMN move_anomalies.severity; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.severity IS '1 (slight) to 5.';

--
-- Name: COLUMN move_anomalies.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.description IS 'What is wrong.';

--
-- Name: COLUMN move_anomalies.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.status IS 'open, acknowledged, resolved or ignored.';

--
-- Name: COLUMN move_anomalies.resolution; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.resolution IS 'What was done about it.';

--
-- Name: COLUMN move_anomalies.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN move_anomalies.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN move_anomalies.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.created_at IS 'When the row was made.';

--
-- Name: COLUMN move_anomalies.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_anomalies.updated_at IS 'When the row last changed.';

--
-- Name: move_logs; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.move_logs (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    move_id uuid NOT NULL,
    log_date date NOT NULL,
    actions_completed integer DEFAULT 0 NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    metrics_snapshot jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT move_logs_actions_not_negative_check CHECK ((actions_completed >= 0)),
    CONSTRAINT move_logs_metrics_snapshot_is_object_check CHECK ((jsonb_typeof(metrics_snapshot) = 'object'::text))
);

ALTER TABLE ONLY codex.move_logs FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.move_logs OWNER TO codex_owner;

--
-- Name: TABLE move_logs; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.move_logs IS 'Log of a move, one row per day.';

--
-- Name: COLUMN move_logs.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_logs.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN move_logs.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_logs.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN move_logs.move_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_logs.move_id IS 'Move it belongs to.';

--
-- Name: COLUMN move_logs.log_date; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_logs.log_date IS 'Day.';

--
-- Name: COLUMN move_logs.actions_completed; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_logs.actions_completed IS 'Actions done that day.';

--
-- Name: COLUMN move_logs.notes; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_logs.notes IS 'What happened.';

--
-- Name: COLUMN move_logs.metrics_snapshot; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_logs.metrics_snapshot IS 'Figures of the day.';

--
-- Name: COLUMN move_logs.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_logs.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN move_logs.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_logs.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN move_logs.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_logs.created_at IS 'When the row was made.';

--
-- Name: COLUMN move_logs.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.move_logs.updated_at IS 'When the row last changed.';

--
-- Name: moves; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.moves (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    maneuver_type text,
    sprint_id uuid,
    line_of_operation_id uuid,
    cohort_id uuid,
    status text DEFAULT 'planning'::text NOT NULL,
    owner_id uuid DEFAULT codex.acting_user_id(),
    health_status text DEFAULT 'green'::text NOT NULL,
    intensity text DEFAULT 'standard'::text NOT NULL,
    journey_stage_from text,
    journey_stage_to text,
    message_variant text,
    channels text[] DEFAULT '{}'::text[] NOT NULL,
    start_date date,
    end_date date,
    progress_percentage integer DEFAULT 0 NOT NULL,
    ooda_config jsonb DEFAULT '{}'::jsonb NOT NULL,
    fogg_config jsonb DEFAULT '{}'::jsonb NOT NULL,
    asset_requirements jsonb DEFAULT '[]'::jsonb NOT NULL,
    competitor_analysis jsonb DEFAULT '{}'::jsonb NOT NULL,
    triggered_by_trend_id uuid,
    created_by_agent uuid,
    ended_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    campaign_id uuid,
    CONSTRAINT moves_asset_requirements_is_array_check CHECK ((jsonb_typeof(asset_requirements) = 'array'::text)),
    CONSTRAINT moves_competitor_analysis_is_object_check CHECK ((jsonb_typeof(competitor_analysis) = 'object'::text)),
    CONSTRAINT moves_dates_in_order_check CHECK ((end_date >= start_date)),
    CONSTRAINT moves_fogg_config_is_object_check CHECK ((jsonb_typeof(fogg_config) = 'object'::text)),
    CONSTRAINT moves_health_status_check CHECK ((health_status = ANY (ARRAY['green'::text, 'amber'::text, 'red'::text]))),
    CONSTRAINT moves_intensity_check CHECK ((intensity = ANY (ARRAY['light'::text, 'standard'::text, 'aggressive'::text]))),
    CONSTRAINT moves_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT moves_ooda_config_is_object_check CHECK ((jsonb_typeof(ooda_config) = 'object'::text)),
    CONSTRAINT moves_progress_in_range_check CHECK (((progress_percentage >= 0) AND (progress_percentage <= 100))),
    CONSTRAINT moves_status_check CHECK ((status = ANY (ARRAY['planning'::text, 'ooda_observe'::text, 'ooda_orient'::text, 'ooda_decide'::text, 'ooda_act'::text, 'complete'::text, 'killed'::text])))
);

ALTER TABLE ONLY codex.moves FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.moves OWNER TO codex_owner;

--
-- Name: TABLE moves; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.moves IS 'Tactical push within a sprint.';

--
-- Name: COLUMN moves.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN moves.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN moves.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.name IS 'Name of the move.';

--
-- Name: COLUMN moves.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.description IS 'What is to be done.';

--
-- Name: COLUMN moves.maneuver_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.maneuver_type IS 'Template it was made from.';

--
-- Name: COLUMN moves.sprint_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.sprint_id IS 'Sprint it is planned into.';

--
-- Name: COLUMN moves.line_of_operation_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.line_of_operation_id IS 'Line it belongs to.';

--
-- Name: COLUMN moves.cohort_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.cohort_id IS 'Cohort it is aimed at.';

--
-- Name: COLUMN moves.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.status IS 'planning, ooda_observe, ooda_orient, ooda_decide, ooda_act, complete or killed.';

--
-- Name: COLUMN moves.owner_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.owner_id IS 'Member who answers for it.';

--
-- Name: COLUMN moves.health_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.health_status IS 'green, amber or red.';

--
-- Name: COLUMN moves.intensity; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.intensity IS 'light, standard or aggressive.';

--
-- Name: COLUMN moves.journey_stage_from; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.journey_stage_from IS 'Stage the cohort is brought from.';

--
-- Name: COLUMN moves.journey_stage_to; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.journey_stage_to IS 'Stage the cohort is brought to.';

--
-- Name: COLUMN moves.message_variant; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.message_variant IS 'Variant of the message used.';

--
-- Name: COLUMN moves.channels; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.channels IS 'Channels used.';

--
-- Name: COLUMN moves.start_date; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.start_date IS 'First day.';

--
-- Name: COLUMN moves.end_date; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.end_date IS 'Last day.';

--
-- Name: COLUMN moves.progress_percentage; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.progress_percentage IS 'How far it is, 0 to 100.';

--
-- Name: COLUMN moves.ooda_config; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.ooda_config IS 'Settings of the loop.';

--
-- Name: COLUMN moves.fogg_config; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.fogg_config IS 'Settings of the behaviour model.';

--
-- Name: COLUMN moves.asset_requirements; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.asset_requirements IS 'Assets that are needed.';

--
-- Name: COLUMN moves.competitor_analysis; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.competitor_analysis IS 'What competitors do about it.';

--
-- Name: COLUMN moves.triggered_by_trend_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.triggered_by_trend_id IS 'Trend that caused it; its foreign key comes with trends.';

--
-- Name: COLUMN moves.created_by_agent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.created_by_agent IS 'Agent that made it; its foreign key comes with the registry.';

--
-- Name: COLUMN moves.ended_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.ended_at IS 'When it was completed or killed.';

--
-- Name: COLUMN moves.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN moves.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN moves.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.created_at IS 'When the row was made.';

--
-- Name: COLUMN moves.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.updated_at IS 'When the row last changed.';

--
-- Name: COLUMN moves.campaign_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.moves.campaign_id IS 'Campaign that the move serves.';

--
-- Name: onboarding_responses; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.onboarding_responses (
    workspace_id uuid NOT NULL,
    user_id uuid DEFAULT codex.acting_user_id() NOT NULL,
    answers jsonb DEFAULT '{}'::jsonb NOT NULL,
    generated_cohorts jsonb DEFAULT '[]'::jsonb NOT NULL,
    positioning_insights jsonb DEFAULT '[]'::jsonb NOT NULL,
    progress_percentage integer DEFAULT 0 NOT NULL,
    current_step text DEFAULT 'domain_check'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT onboarding_responses_answers_is_object_check CHECK ((jsonb_typeof(answers) = 'object'::text)),
    CONSTRAINT onboarding_responses_generated_cohorts_is_array_check CHECK ((jsonb_typeof(generated_cohorts) = 'array'::text)),
    CONSTRAINT onboarding_responses_positioning_insights_is_array_check CHECK ((jsonb_typeof(positioning_insights) = 'array'::text)),
    CONSTRAINT onboarding_responses_progress_in_range_check CHECK (((progress_percentage >= 0) AND (progress_percentage <= 100)))
);

ALTER TABLE ONLY codex.onboarding_responses FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.onboarding_responses OWNER TO codex_owner;

--
-- Name: TABLE onboarding_responses; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.onboarding_responses IS 'Answers to the introduction, one row per member.';

--
-- Name: COLUMN onboarding_responses.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.onboarding_responses.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN onboarding_responses.user_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.onboarding_responses.user_id IS 'Member who answers.';

--
-- Name: COLUMN onboarding_responses.answers; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.onboarding_responses.answers IS 'Answers by question.';

--
-- Name: COLUMN onboarding_responses.generated_cohorts; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.onboarding_responses.generated_cohorts IS 'Cohorts proposed from the answers.';

--
-- Name: COLUMN onboarding_responses.positioning_insights; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.onboarding_responses.positioning_insights IS 'Remarks on positioning drawn from the answers.';

--
-- Name: COLUMN onboarding_responses.progress_percentage; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.onboarding_responses.progress_percentage IS 'How far the person is, 0 to 100.';

--
-- Name: COLUMN onboarding_responses.current_step; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.onboarding_responses.current_step IS 'Step shown next.';

--
-- Name: COLUMN onboarding_responses.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.onboarding_responses.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN onboarding_responses.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.onboarding_responses.created_at IS 'When the row was made.';

--
-- Name: COLUMN onboarding_responses.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.onboarding_responses.updated_at IS 'When the row last changed.';

--
-- Name: outbox_events; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.outbox_events (
    workspace_id uuid NOT NULL,
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    number bigint,
    type text NOT NULL,
    entity text NOT NULL,
    entity_id uuid,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    user_id uuid DEFAULT codex.acting_user_id(),
    agent_id uuid DEFAULT codex.acting_agent_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT outbox_events_number_positive_check CHECK ((number > 0)),
    CONSTRAINT outbox_events_payload_is_object_check CHECK ((jsonb_typeof(payload) = 'object'::text)),
    CONSTRAINT outbox_events_type_format_check CHECK ((type ~ '^[a-z_]+\.[a-z_]+$'::text))
);

ALTER TABLE ONLY codex.outbox_events FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.outbox_events OWNER TO codex_owner;

--
-- Name: TABLE outbox_events; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.outbox_events IS 'Domain events in the order of their commit, numbered per workspace. Readers see numbered events only.';

--
-- Name: COLUMN outbox_events.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN outbox_events.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.id IS 'Order of writing; not the order of commit.';

--
-- Name: COLUMN outbox_events.xid; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.xid IS 'Transaction that wrote the event.';

--
-- Name: COLUMN outbox_events.number; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.number IS 'Position in the workspace''s stream, given once by number_events; null until then.';

--
-- Name: COLUMN outbox_events.type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.type IS '<entity>.created, .updated, .deleted or .status_changed.';

--
-- Name: COLUMN outbox_events.entity; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.entity IS 'Kind of what changed: campaign, quest, alert …';

--
-- Name: COLUMN outbox_events.entity_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.entity_id IS 'Id of what changed; null where its key is no single id (see payload).';

--
-- Name: COLUMN outbox_events.payload; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.payload IS 'Key, version, status (with the one before), and names of the changed columns; no contents.';

--
-- Name: COLUMN outbox_events.user_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.user_id IS 'Member who made the change; null for an agent or background work.';

--
-- Name: COLUMN outbox_events.agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.agent_id IS 'Agent that made the change, or null.';

--
-- Name: COLUMN outbox_events.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.version IS 'Number of the edit; numbering does not move it.';

--
-- Name: COLUMN outbox_events.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.created_at IS 'When the change was made.';

--
-- Name: COLUMN outbox_events.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.outbox_events.updated_at IS 'When the row last changed.';

--
-- Name: outbox_events_id_seq; Type: SEQUENCE; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.outbox_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME codex.outbox_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: positioning; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.positioning (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    segment text NOT NULL,
    revision integer DEFAULT 0 NOT NULL,
    name text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    competitive_alternatives text[] DEFAULT '{}'::text[] NOT NULL,
    unique_attributes text[] DEFAULT '{}'::text[] NOT NULL,
    value_themes text[] DEFAULT '{}'::text[] NOT NULL,
    best_fit_customers text DEFAULT ''::text NOT NULL,
    market_category text DEFAULT ''::text NOT NULL,
    forked_from_id uuid,
    published_at timestamp with time zone,
    ended_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT positioning_complete_when_published_check CHECK (((status = ANY (ARRAY['draft'::text, 'retracted'::text])) OR ((cardinality(competitive_alternatives) > 0) AND (cardinality(unique_attributes) > 0) AND (cardinality(value_themes) > 0) AND (best_fit_customers <> ''::text) AND (market_category <> ''::text)))),
    CONSTRAINT positioning_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT positioning_revision_positive_check CHECK ((revision > 0)),
    CONSTRAINT positioning_segment_length_check CHECK (((char_length(segment) >= 1) AND (char_length(segment) <= 100))),
    CONSTRAINT positioning_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'superseded'::text, 'retracted'::text])))
);

ALTER TABLE ONLY codex.positioning FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.positioning OWNER TO codex_owner;

--
-- Name: TABLE positioning; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.positioning IS 'Positioning for one segment, in revisions. States: docs/state-machines.md.';

--
-- Name: COLUMN positioning.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN positioning.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN positioning.segment; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.segment IS 'Market segment it is for.';

--
-- Name: COLUMN positioning.revision; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.revision IS 'Number within the segment, given by the database.';

--
-- Name: COLUMN positioning.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.name IS 'Name of the positioning.';

--
-- Name: COLUMN positioning.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.status IS 'draft, active, superseded or retracted.';

--
-- Name: COLUMN positioning.competitive_alternatives; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.competitive_alternatives IS 'What customers would use instead.';

--
-- Name: COLUMN positioning.unique_attributes; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.unique_attributes IS 'What only this product has.';

--
-- Name: COLUMN positioning.value_themes; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.value_themes IS 'What those attributes are worth to customers.';

--
-- Name: COLUMN positioning.best_fit_customers; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.best_fit_customers IS 'Who cares most.';

--
-- Name: COLUMN positioning.market_category; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.market_category IS 'Frame in which the value is obvious.';

--
-- Name: COLUMN positioning.forked_from_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.forked_from_id IS 'Revision it was made from.';

--
-- Name: COLUMN positioning.published_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.published_at IS 'When it became active.';

--
-- Name: COLUMN positioning.ended_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.ended_at IS 'When it was superseded or retracted.';

--
-- Name: COLUMN positioning.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN positioning.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN positioning.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.created_at IS 'When the row was made.';

--
-- Name: COLUMN positioning.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.positioning.updated_at IS 'When the row last changed.';

--
-- Name: quest_dependencies; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.quest_dependencies (
    workspace_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    quest_id uuid NOT NULL,
    depends_on_id uuid NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT quest_dependencies_not_on_itself_check CHECK ((quest_id <> depends_on_id))
);

ALTER TABLE ONLY codex.quest_dependencies FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.quest_dependencies OWNER TO codex_owner;

--
-- Name: TABLE quest_dependencies; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.quest_dependencies IS 'Quest that waits for another of its campaign.';

--
-- Name: COLUMN quest_dependencies.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.quest_dependencies.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN quest_dependencies.campaign_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.quest_dependencies.campaign_id IS 'Campaign of both quests.';

--
-- Name: COLUMN quest_dependencies.quest_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.quest_dependencies.quest_id IS 'Quest that waits.';

--
-- Name: COLUMN quest_dependencies.depends_on_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.quest_dependencies.depends_on_id IS 'Quest that is waited for.';

--
-- Name: COLUMN quest_dependencies.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.quest_dependencies.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN quest_dependencies.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.quest_dependencies.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN quest_dependencies.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.quest_dependencies.created_at IS 'When the row was made.';

--
-- Name: COLUMN quest_dependencies.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.quest_dependencies.updated_at IS 'When the row last changed.';

--
-- Name: recommendation_outcomes; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.recommendation_outcomes (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    recommendation_id uuid NOT NULL,
    quality_scores jsonb NOT NULL,
    overall_quality_score integer NOT NULL,
    evaluator_id uuid DEFAULT codex.acting_user_id(),
    notes text DEFAULT ''::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT recommendation_outcomes_overall_quality_in_range_check CHECK (((overall_quality_score >= 0) AND (overall_quality_score <= 100))),
    CONSTRAINT recommendation_outcomes_quality_scores_is_object_check CHECK ((jsonb_typeof(quality_scores) = 'object'::text))
);

ALTER TABLE ONLY codex.recommendation_outcomes FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.recommendation_outcomes OWNER TO codex_owner;

--
-- Name: TABLE recommendation_outcomes; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.recommendation_outcomes IS 'Evaluated outcome of a recommendation.';

--
-- Name: COLUMN recommendation_outcomes.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.recommendation_outcomes.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN recommendation_outcomes.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.recommendation_outcomes.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN recommendation_outcomes.recommendation_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.recommendation_outcomes.recommendation_id IS 'Recommendation that is judged.';

--
-- Name: COLUMN recommendation_outcomes.quality_scores; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.recommendation_outcomes.quality_scores IS 'Dimension to score.';

--
-- Name: COLUMN recommendation_outcomes.overall_quality_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.recommendation_outcomes.overall_quality_score IS '0 to 100.';

--
-- Name: COLUMN recommendation_outcomes.evaluator_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.recommendation_outcomes.evaluator_id IS 'Member who judged; null for background work.';

--
-- Name: COLUMN recommendation_outcomes.notes; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.recommendation_outcomes.notes IS 'Why.';

--
-- Name: COLUMN recommendation_outcomes.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.recommendation_outcomes.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN recommendation_outcomes.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.recommendation_outcomes.created_at IS 'When the row was made.';

--
-- Name: COLUMN recommendation_outcomes.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.recommendation_outcomes.updated_at IS 'When the row last changed.';

--
-- Name: sprints; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.sprints (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    theme text,
    capacity_budget integer DEFAULT 100 NOT NULL,
    season_type text DEFAULT 'shoulder'::text NOT NULL,
    status text DEFAULT 'planning'::text NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sprints_capacity_not_negative_check CHECK ((capacity_budget >= 0)),
    CONSTRAINT sprints_dates_in_order_check CHECK ((end_date >= start_date)),
    CONSTRAINT sprints_season_type_check CHECK ((season_type = ANY (ARRAY['high_season'::text, 'low_season'::text, 'shoulder'::text]))),
    CONSTRAINT sprints_status_check CHECK ((status = ANY (ARRAY['planning'::text, 'active'::text, 'review'::text, 'complete'::text])))
);

ALTER TABLE ONLY codex.sprints FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.sprints OWNER TO codex_owner;

--
-- Name: TABLE sprints; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.sprints IS 'Time-boxed window of moves.';

--
-- Name: COLUMN sprints.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN sprints.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN sprints.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.name IS 'Name of the sprint.';

--
-- Name: COLUMN sprints.start_date; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.start_date IS 'First day.';

--
-- Name: COLUMN sprints.end_date; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.end_date IS 'Last day.';

--
-- Name: COLUMN sprints.theme; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.theme IS 'What the sprint is about.';

--
-- Name: COLUMN sprints.capacity_budget; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.capacity_budget IS 'Load that fits into it.';

--
-- Name: COLUMN sprints.season_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.season_type IS 'high_season, low_season or shoulder.';

--
-- Name: COLUMN sprints.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.status IS 'planning, active, review or complete.';

--
-- Name: COLUMN sprints.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN sprints.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN sprints.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.created_at IS 'When the row was made.';

--
-- Name: COLUMN sprints.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.sprints.updated_at IS 'When the row last changed.';

--
-- Name: strategy_insights; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.strategy_insights (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    source_type text NOT NULL,
    source_id uuid NOT NULL,
    insight_type text NOT NULL,
    title text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    evidence jsonb DEFAULT '[]'::jsonb NOT NULL,
    confidence_score integer DEFAULT 50 NOT NULL,
    impact_score integer DEFAULT 5 NOT NULL,
    status text DEFAULT 'new'::text NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT strategy_insights_confidence_in_range_check CHECK (((confidence_score >= 0) AND (confidence_score <= 100))),
    CONSTRAINT strategy_insights_evidence_is_array_check CHECK ((jsonb_typeof(evidence) = 'array'::text)),
    CONSTRAINT strategy_insights_impact_in_range_check CHECK (((impact_score >= 1) AND (impact_score <= 10))),
    CONSTRAINT strategy_insights_source_type_check CHECK ((source_type = ANY (ARRAY['campaign'::text, 'move'::text, 'cohort'::text, 'asset'::text, 'positioning'::text]))),
    CONSTRAINT strategy_insights_status_check CHECK ((status = ANY (ARRAY['new'::text, 'reviewed'::text, 'actioned'::text, 'dismissed'::text]))),
    CONSTRAINT strategy_insights_title_length_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300)))
);

ALTER TABLE ONLY codex.strategy_insights FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.strategy_insights OWNER TO codex_owner;

--
-- Name: TABLE strategy_insights; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.strategy_insights IS 'Something learnt from past work.';

--
-- Name: COLUMN strategy_insights.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN strategy_insights.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN strategy_insights.source_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.source_type IS 'campaign, move, cohort, asset or positioning.';

--
-- Name: COLUMN strategy_insights.source_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.source_id IS 'Id of the source; no foreign key, since the source is of several kinds.';

--
-- Name: COLUMN strategy_insights.insight_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.insight_type IS 'Kind, free word.';

--
-- Name: COLUMN strategy_insights.title; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.title IS 'One line.';

--
-- Name: COLUMN strategy_insights.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.description IS 'What was learnt.';

--
-- Name: COLUMN strategy_insights.evidence; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.evidence IS 'What it rests on.';

--
-- Name: COLUMN strategy_insights.confidence_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.confidence_score IS '0 to 100.';

--
-- Name: COLUMN strategy_insights.impact_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.impact_score IS '1 to 10.';

--
-- Name: COLUMN strategy_insights.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.status IS 'new, reviewed, actioned or dismissed.';

--
-- Name: COLUMN strategy_insights.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN strategy_insights.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN strategy_insights.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.created_at IS 'When the row was made.';

--
-- Name: COLUMN strategy_insights.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.strategy_insights.updated_at IS 'When the row last changed.';

--
-- Name: stream_tickets; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.stream_tickets (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    ticket_hash bytea NOT NULL,
    user_id uuid,
    agent_id uuid,
    api_key_id uuid,
    expires_at timestamp with time zone DEFAULT (now() + '00:00:30'::interval) NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT stream_tickets_one_holder_check CHECK ((num_nonnulls(user_id, agent_id) = 1)),
    CONSTRAINT stream_tickets_ticket_hash_length_check CHECK ((octet_length(ticket_hash) = 32))
);

ALTER TABLE ONLY codex.stream_tickets FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.stream_tickets OWNER TO codex_owner;

--
-- Name: TABLE stream_tickets; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.stream_tickets IS 'Single-use ticket of 30 seconds that opens one stream of events; only its SHA-256 is kept.';

--
-- Name: COLUMN stream_tickets.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.stream_tickets.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN stream_tickets.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.stream_tickets.id IS 'Key of the row, UUIDv7 made by the SDK.';

--
-- Name: COLUMN stream_tickets.ticket_hash; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.stream_tickets.ticket_hash IS 'SHA-256 of the ticket.';

--
-- Name: COLUMN stream_tickets.user_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.stream_tickets.user_id IS 'Member that the stream is for, or null.';

--
-- Name: COLUMN stream_tickets.agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.stream_tickets.agent_id IS 'Agent (agent_registry) that the stream is for, or null.';

--
-- Name: COLUMN stream_tickets.api_key_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.stream_tickets.api_key_id IS 'API key that asked for it, whose end is the stream''s; null for a person''s token.';

--
-- Name: COLUMN stream_tickets.expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.stream_tickets.expires_at IS 'From when on it is refused.';

--
-- Name: COLUMN stream_tickets.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.stream_tickets.version IS 'Always 1: a ticket is taken, never edited.';

--
-- Name: COLUMN stream_tickets.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.stream_tickets.created_at IS 'When the row was made.';

--
-- Name: COLUMN stream_tickets.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.stream_tickets.updated_at IS 'Same as created_at: rows do not change.';

--
-- Name: subscriptions; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.subscriptions (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    plan text DEFAULT 'ascent'::text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    billing_period text DEFAULT 'monthly'::text NOT NULL,
    provider text,
    provider_customer_id text,
    provider_subscription_id text,
    current_period_start timestamp with time zone DEFAULT now() NOT NULL,
    current_period_end timestamp with time zone DEFAULT (now() + '1 mon'::interval) NOT NULL,
    trial_end timestamp with time zone,
    cancelled_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT subscriptions_billing_period_check CHECK ((billing_period = ANY (ARRAY['monthly'::text, 'yearly'::text]))),
    CONSTRAINT subscriptions_period_in_order_check CHECK ((current_period_end > current_period_start)),
    CONSTRAINT subscriptions_plan_check CHECK ((plan = ANY (ARRAY['ascent'::text, 'glide'::text, 'soar'::text]))),
    CONSTRAINT subscriptions_status_check CHECK ((status = ANY (ARRAY['trialing'::text, 'active'::text, 'past_due'::text, 'cancelled'::text, 'expired'::text])))
);

ALTER TABLE ONLY codex.subscriptions FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.subscriptions OWNER TO codex_owner;

--
-- Name: TABLE subscriptions; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.subscriptions IS 'Subscription of a workspace to a plan.';

--
-- Name: COLUMN subscriptions.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN subscriptions.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN subscriptions.plan; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.plan IS 'ascent, glide or soar.';

--
-- Name: COLUMN subscriptions.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.status IS 'trialing, active, past_due, cancelled or expired.';

--
-- Name: COLUMN subscriptions.billing_period; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.billing_period IS 'monthly or yearly.';

--
-- Name: COLUMN subscriptions.provider; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.provider IS 'Payment provider.';

--
-- Name: COLUMN subscriptions.provider_customer_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.provider_customer_id IS 'Customer at the provider.';

--
-- Name: COLUMN subscriptions.provider_subscription_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.provider_subscription_id IS 'Subscription at the provider.';

--
-- Name: COLUMN subscriptions.current_period_start; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.current_period_start IS 'Start of the period that is paid.';

--
-- Name: COLUMN subscriptions.current_period_end; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.current_period_end IS 'End of the period that is paid.';

--
-- Name: COLUMN subscriptions.trial_end; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.trial_end IS 'End of the trial, when there is one.';

--
-- Name: COLUMN subscriptions.cancelled_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.cancelled_at IS 'When it was cancelled.';

--
-- Name: COLUMN subscriptions.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN subscriptions.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.created_at IS 'When the row was made.';

--
-- Name: COLUMN subscriptions.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.subscriptions.updated_at IS 'When the row last changed.';

--
-- Name: support_feedback; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.support_feedback (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    type text NOT NULL,
    source text NOT NULL,
    external_id text,
    content text NOT NULL,
    sentiment_score integer,
    extracted_tags text[] DEFAULT '{}'::text[] NOT NULL,
    cohort_id uuid,
    triggers_defensive_move boolean DEFAULT false NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT support_feedback_content_length_check CHECK (((char_length(content) >= 1) AND (char_length(content) <= 20000))),
    CONSTRAINT support_feedback_sentiment_in_range_check CHECK (((sentiment_score >= 0) AND (sentiment_score <= 100))),
    CONSTRAINT support_feedback_type_check CHECK ((type = ANY (ARRAY['ticket'::text, 'review'::text, 'nps'::text])))
);

ALTER TABLE ONLY codex.support_feedback FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.support_feedback OWNER TO codex_owner;

--
-- Name: TABLE support_feedback; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.support_feedback IS 'Feedback of a customer.';

--
-- Name: COLUMN support_feedback.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN support_feedback.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN support_feedback.type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.type IS 'ticket, review or nps.';

--
-- Name: COLUMN support_feedback.source; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.source IS 'Where it came from.';

--
-- Name: COLUMN support_feedback.external_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.external_id IS 'Its id there.';

--
-- Name: COLUMN support_feedback.content; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.content IS 'What was said.';

--
-- Name: COLUMN support_feedback.sentiment_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.sentiment_score IS '0 (bad) to 100; null until judged.';

--
-- Name: COLUMN support_feedback.extracted_tags; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.extracted_tags IS 'Topics found in it.';

--
-- Name: COLUMN support_feedback.cohort_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.cohort_id IS 'Cohort the customer belongs to.';

--
-- Name: COLUMN support_feedback.triggers_defensive_move; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.triggers_defensive_move IS 'Whether it asks for a defensive move.';

--
-- Name: COLUMN support_feedback.received_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.received_at IS 'When it was received.';

--
-- Name: COLUMN support_feedback.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN support_feedback.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN support_feedback.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.created_at IS 'When the row was made.';

--
-- Name: COLUMN support_feedback.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.support_feedback.updated_at IS 'When the row last changed.';

--
-- Name: system_alerts; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.system_alerts (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    dedup_key text NOT NULL,
    alert_type text NOT NULL,
    severity text DEFAULT 'info'::text NOT NULL,
    severity_rank integer GENERATED ALWAYS AS (
CASE severity
    WHEN 'critical'::text THEN 5
    WHEN 'high'::text THEN 4
    WHEN 'medium'::text THEN 3
    WHEN 'low'::text THEN 2
    ELSE 1
END) STORED NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    title text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    action_url text,
    recommended_actions text[] DEFAULT '{}'::text[] NOT NULL,
    data_points jsonb DEFAULT '{}'::jsonb NOT NULL,
    occurrence_count bigint DEFAULT 1 NOT NULL,
    first_occurred_at timestamp with time zone DEFAULT now() NOT NULL,
    last_occurred_at timestamp with time zone DEFAULT now() NOT NULL,
    triggered_by_agent_id uuid DEFAULT codex.acting_agent_id(),
    signal_id uuid,
    campaign_id uuid,
    cohort_id uuid,
    move_id uuid,
    snoozed_until timestamp with time zone,
    expires_at timestamp with time zone,
    acknowledged_at timestamp with time zone,
    acknowledged_by uuid,
    ended_at timestamp with time zone,
    ended_by uuid,
    action_taken text DEFAULT ''::text NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT system_alerts_acknowledged_has_time_check CHECK (((status <> 'acknowledged'::text) OR (acknowledged_at IS NOT NULL))),
    CONSTRAINT system_alerts_alert_type_check CHECK ((alert_type = ANY (ARRAY['performance'::text, 'error'::text, 'milestone'::text, 'anomaly'::text, 'action_required'::text, 'opportunity'::text]))),
    CONSTRAINT system_alerts_data_points_is_object_check CHECK ((jsonb_typeof(data_points) = 'object'::text)),
    CONSTRAINT system_alerts_dedup_key_length_check CHECK (((char_length(dedup_key) >= 1) AND (char_length(dedup_key) <= 300))),
    CONSTRAINT system_alerts_ended_iff_time_check CHECK (((status = ANY (ARRAY['resolved'::text, 'dismissed'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT system_alerts_occurred_in_order_check CHECK ((last_occurred_at >= first_occurred_at)),
    CONSTRAINT system_alerts_occurrence_count_positive_check CHECK ((occurrence_count >= 1)),
    CONSTRAINT system_alerts_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'high'::text, 'medium'::text, 'low'::text, 'info'::text]))),
    CONSTRAINT system_alerts_status_check CHECK ((status = ANY (ARRAY['active'::text, 'acknowledged'::text, 'resolved'::text, 'dismissed'::text]))),
    CONSTRAINT system_alerts_title_length_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300)))
);

ALTER TABLE ONLY codex.system_alerts FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.system_alerts OWNER TO codex_owner;

--
-- Name: TABLE system_alerts; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.system_alerts IS 'Alert, de-duplicated by key. States: docs/state-machines.md.';

--
-- Name: COLUMN system_alerts.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN system_alerts.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN system_alerts.dedup_key; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.dedup_key IS 'What makes two occurrences the same alert.';

--
-- Name: COLUMN system_alerts.alert_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.alert_type IS 'performance, error, milestone, anomaly, action_required or opportunity.';

--
-- Name: COLUMN system_alerts.severity; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.severity IS 'critical, high, medium, low or info; rises while open, never falls.';

--
-- Name: COLUMN system_alerts.severity_rank; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.severity_rank IS 'Order of the severities by meaning.';

--
-- Name: COLUMN system_alerts.status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.status IS 'active, acknowledged, resolved or dismissed.';

--
-- Name: COLUMN system_alerts.title; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.title IS 'One line.';

--
-- Name: COLUMN system_alerts.description; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.description IS 'What happened.';

--
-- Name: COLUMN system_alerts.action_url; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.action_url IS 'Where to act.';

--
-- Name: COLUMN system_alerts.recommended_actions; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.recommended_actions IS 'What to do.';

--
-- Name: COLUMN system_alerts.data_points; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.data_points IS 'Figures of the newest occurrence.';

--
-- Name: COLUMN system_alerts.occurrence_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.occurrence_count IS 'How often it happened.';

--
-- Name: COLUMN system_alerts.first_occurred_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.first_occurred_at IS 'First occurrence.';

--
-- Name: COLUMN system_alerts.last_occurred_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.last_occurred_at IS 'Newest occurrence.';

--
-- Name: COLUMN system_alerts.triggered_by_agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.triggered_by_agent_id IS 'Agent that raised it; null for a person or the system.';

--
-- Name: COLUMN system_alerts.signal_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.signal_id IS 'Signal it is about.';

--
-- Name: COLUMN system_alerts.campaign_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.campaign_id IS 'Campaign it is about.';

--
-- Name: COLUMN system_alerts.cohort_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.cohort_id IS 'Cohort it is about.';

--
-- Name: COLUMN system_alerts.move_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.move_id IS 'Move it is about.';

--
-- Name: COLUMN system_alerts.snoozed_until; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.snoozed_until IS 'Until when it is not shown.';

--
-- Name: COLUMN system_alerts.expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.expires_at IS 'From when on it no longer counts.';

--
-- Name: COLUMN system_alerts.acknowledged_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.acknowledged_at IS 'When somebody took it on.';

--
-- Name: COLUMN system_alerts.acknowledged_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.acknowledged_by IS 'Member who took it on; null for an agent or the system.';

--
-- Name: COLUMN system_alerts.ended_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.ended_at IS 'When it was resolved or dismissed.';

--
-- Name: COLUMN system_alerts.ended_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.ended_by IS 'Member who resolved or dismissed it.';

--
-- Name: COLUMN system_alerts.action_taken; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.action_taken IS 'What was done.';

--
-- Name: COLUMN system_alerts.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN system_alerts.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN system_alerts.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.created_at IS 'When the row was made.';

--
-- Name: COLUMN system_alerts.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.system_alerts.updated_at IS 'When the row last changed.';

--
-- Name: trend_mentions; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.trend_mentions (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    trend_id uuid NOT NULL,
    source_platform text NOT NULL,
    mentioned_on date NOT NULL,
    mention_count bigint DEFAULT 0 NOT NULL,
    engagement_count bigint DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT trend_mentions_engagement_count_not_negative_check CHECK ((engagement_count >= 0)),
    CONSTRAINT trend_mentions_mention_count_not_negative_check CHECK ((mention_count >= 0))
);

ALTER TABLE ONLY codex.trend_mentions FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.trend_mentions OWNER TO codex_owner;

--
-- Name: TABLE trend_mentions; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.trend_mentions IS 'Mentions of a trend, one row per platform and day.';

--
-- Name: COLUMN trend_mentions.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trend_mentions.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN trend_mentions.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trend_mentions.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN trend_mentions.trend_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trend_mentions.trend_id IS 'Trend that was mentioned.';

--
-- Name: COLUMN trend_mentions.source_platform; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trend_mentions.source_platform IS 'Where.';

--
-- Name: COLUMN trend_mentions.mentioned_on; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trend_mentions.mentioned_on IS 'Day, in UTC.';

--
-- Name: COLUMN trend_mentions.mention_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trend_mentions.mention_count IS 'How often.';

--
-- Name: COLUMN trend_mentions.engagement_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trend_mentions.engagement_count IS 'Reactions to the mentions.';

--
-- Name: COLUMN trend_mentions.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trend_mentions.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN trend_mentions.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trend_mentions.created_at IS 'When the row was made.';

--
-- Name: COLUMN trend_mentions.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trend_mentions.updated_at IS 'When the row last changed.';

--
-- Name: trends; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.trends (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    topic text NOT NULL,
    platforms text[] DEFAULT '{}'::text[] NOT NULL,
    velocity_score integer DEFAULT 0 NOT NULL,
    lifecycle_stage text DEFAULT 'emerging'::text NOT NULL,
    opportunity_score integer DEFAULT 0 NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT trends_expires_after_seen_check CHECK ((expires_at > first_seen_at)),
    CONSTRAINT trends_lifecycle_stage_check CHECK ((lifecycle_stage = ANY (ARRAY['emerging'::text, 'peak'::text, 'declining'::text]))),
    CONSTRAINT trends_opportunity_in_range_check CHECK (((opportunity_score >= 0) AND (opportunity_score <= 100))),
    CONSTRAINT trends_topic_length_check CHECK (((char_length(topic) >= 1) AND (char_length(topic) <= 300))),
    CONSTRAINT trends_velocity_in_range_check CHECK (((velocity_score >= 0) AND (velocity_score <= 100)))
);

ALTER TABLE ONLY codex.trends FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.trends OWNER TO codex_owner;

--
-- Name: TABLE trends; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.trends IS 'Trend in the market.';

--
-- Name: COLUMN trends.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN trends.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN trends.topic; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.topic IS 'What it is about.';

--
-- Name: COLUMN trends.platforms; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.platforms IS 'Where it was seen.';

--
-- Name: COLUMN trends.velocity_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.velocity_score IS 'How fast it moves, 0 to 100.';

--
-- Name: COLUMN trends.lifecycle_stage; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.lifecycle_stage IS 'emerging, peak or declining.';

--
-- Name: COLUMN trends.opportunity_score; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.opportunity_score IS 'How much it offers, 0 to 100.';

--
-- Name: COLUMN trends.first_seen_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.first_seen_at IS 'When it was first seen.';

--
-- Name: COLUMN trends.expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.expires_at IS 'From when on it no longer counts.';

--
-- Name: COLUMN trends.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN trends.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN trends.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.created_at IS 'When the row was made.';

--
-- Name: COLUMN trends.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.trends.updated_at IS 'When the row last changed.';

--
-- Name: user_achievements; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.user_achievements (
    workspace_id uuid NOT NULL,
    user_id uuid NOT NULL,
    achievement_id uuid NOT NULL,
    period_key text DEFAULT ''::text NOT NULL,
    awarded_at timestamp with time zone DEFAULT now() NOT NULL,
    event_type text DEFAULT 'manual'::text NOT NULL,
    evidence jsonb DEFAULT '{}'::jsonb NOT NULL,
    points_awarded integer DEFAULT 0 NOT NULL,
    visibility text DEFAULT 'members'::text NOT NULL,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_achievements_evidence_is_object_check CHECK ((jsonb_typeof(evidence) = 'object'::text)),
    CONSTRAINT user_achievements_points_awarded_not_negative_check CHECK ((points_awarded >= 0)),
    CONSTRAINT user_achievements_visibility_check CHECK ((visibility = ANY (ARRAY['members'::text, 'private'::text])))
);

ALTER TABLE ONLY codex.user_achievements FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.user_achievements OWNER TO codex_owner;

--
-- Name: TABLE user_achievements; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.user_achievements IS 'Achievement that a member holds, once per period.';

--
-- Name: COLUMN user_achievements.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN user_achievements.user_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.user_id IS 'Member who earned it.';

--
-- Name: COLUMN user_achievements.achievement_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.achievement_id IS 'What was earned.';

--
-- Name: COLUMN user_achievements.period_key; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.period_key IS 'Period it was earned in: empty, a day, an ISO week or a month.';

--
-- Name: COLUMN user_achievements.awarded_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.awarded_at IS 'When it was earned.';

--
-- Name: COLUMN user_achievements.event_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.event_type IS 'What led to it.';

--
-- Name: COLUMN user_achievements.evidence; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.evidence IS 'Why it was given.';

--
-- Name: COLUMN user_achievements.points_awarded; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.points_awarded IS 'Points given with it.';

--
-- Name: COLUMN user_achievements.visibility; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.visibility IS 'members, or private: the person alone.';

--
-- Name: COLUMN user_achievements.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.created_by IS 'Member who made it; null for an agent or background work.';

--
-- Name: COLUMN user_achievements.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN user_achievements.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.created_at IS 'When the row was made.';

--
-- Name: COLUMN user_achievements.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_achievements.updated_at IS 'When the row last changed.';

--
-- Name: user_notifications; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.user_notifications (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    notification_type text NOT NULL,
    title text NOT NULL,
    body text DEFAULT ''::text NOT NULL,
    alert_id uuid,
    achievement_id uuid,
    campaign_id uuid,
    channel text DEFAULT 'in_app'::text NOT NULL,
    priority text DEFAULT 'normal'::text NOT NULL,
    priority_rank integer GENERATED ALWAYS AS (
CASE priority
    WHEN 'urgent'::text THEN 4
    WHEN 'high'::text THEN 3
    WHEN 'normal'::text THEN 2
    ELSE 1
END) STORED NOT NULL,
    delivery_status text DEFAULT 'pending'::text NOT NULL,
    action_url text,
    action_label text,
    read_at timestamp with time zone,
    archived_at timestamp with time zone,
    snoozed_until timestamp with time zone,
    expires_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_notifications_channel_check CHECK ((channel = ANY (ARRAY['in_app'::text, 'email'::text, 'slack'::text, 'sms'::text, 'push'::text]))),
    CONSTRAINT user_notifications_delivery_status_check CHECK ((delivery_status = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text, 'bounced'::text]))),
    CONSTRAINT user_notifications_notification_type_check CHECK ((notification_type = ANY (ARRAY['alert'::text, 'achievement'::text, 'message'::text, 'reminder'::text, 'summary'::text]))),
    CONSTRAINT user_notifications_priority_check CHECK ((priority = ANY (ARRAY['low'::text, 'normal'::text, 'high'::text, 'urgent'::text]))),
    CONSTRAINT user_notifications_title_length_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300)))
);

ALTER TABLE ONLY codex.user_notifications FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.user_notifications OWNER TO codex_owner;

--
-- Name: TABLE user_notifications; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.user_notifications IS 'Notification of a member; one''s own rows only.';

--
-- Name: COLUMN user_notifications.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN user_notifications.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN user_notifications.user_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.user_id IS 'Member it is for.';

--
-- Name: COLUMN user_notifications.notification_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.notification_type IS 'alert, achievement, message, reminder or summary.';

--
-- Name: COLUMN user_notifications.title; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.title IS 'One line.';

--
-- Name: COLUMN user_notifications.body; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.body IS 'The message.';

--
-- Name: COLUMN user_notifications.alert_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.alert_id IS 'Alert it is about.';

--
-- Name: COLUMN user_notifications.achievement_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.achievement_id IS 'Achievement it is about.';

--
-- Name: COLUMN user_notifications.campaign_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.campaign_id IS 'Campaign it is about.';

--
-- Name: COLUMN user_notifications.channel; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.channel IS 'in_app, email, slack, sms or push.';

--
-- Name: COLUMN user_notifications.priority; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.priority IS 'low, normal, high or urgent.';

--
-- Name: COLUMN user_notifications.priority_rank; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.priority_rank IS 'Order of the priorities by meaning.';

--
-- Name: COLUMN user_notifications.delivery_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.delivery_status IS 'pending, delivered, failed or bounced.';

--
-- Name: COLUMN user_notifications.action_url; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.action_url IS 'Where to act.';

--
-- Name: COLUMN user_notifications.action_label; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.action_label IS 'What the button says.';

--
-- Name: COLUMN user_notifications.read_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.read_at IS 'When it was read.';

--
-- Name: COLUMN user_notifications.archived_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.archived_at IS 'When it was put away.';

--
-- Name: COLUMN user_notifications.snoozed_until; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.snoozed_until IS 'Until when it is not shown.';

--
-- Name: COLUMN user_notifications.expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.expires_at IS 'From when on it is not shown.';

--
-- Name: COLUMN user_notifications.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN user_notifications.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.created_at IS 'When the row was made.';

--
-- Name: COLUMN user_notifications.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_notifications.updated_at IS 'When the row last changed.';

--
-- Name: user_profiles; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.user_profiles (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    issuer text,
    subject text,
    email text,
    display_name text DEFAULT ''::text NOT NULL,
    avatar_url text,
    locale text,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
    onboarding_completed_at timestamp with time zone,
    onboarding_skipped_at timestamp with time zone,
    erased_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_profiles_blank_when_erased_check CHECK (((erased_at IS NULL) OR ((email IS NULL) AND (display_name = ''::text) AND (avatar_url IS NULL)))),
    CONSTRAINT user_profiles_display_name_length_check CHECK ((char_length(display_name) <= 200)),
    CONSTRAINT user_profiles_identity_until_erased_check CHECK ((((issuer IS NULL) = (subject IS NULL)) AND ((issuer IS NULL) = (erased_at IS NOT NULL)))),
    CONSTRAINT user_profiles_preferences_is_object_check CHECK ((jsonb_typeof(preferences) = 'object'::text))
);

ALTER TABLE ONLY codex.user_profiles FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.user_profiles OWNER TO codex_owner;

--
-- Name: TABLE user_profiles; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.user_profiles IS 'A person as the identity provider knows them. Erasure blanks the row and keeps the id.';

--
-- Name: COLUMN user_profiles.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.id IS 'Key of the person in every workspace.';

--
-- Name: COLUMN user_profiles.issuer; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.issuer IS 'Identity provider (the token''s iss); null once erased.';

--
-- Name: COLUMN user_profiles.subject; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.subject IS 'The person''s identity there (the token''s sub); null once erased.';

--
-- Name: COLUMN user_profiles.email; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.email IS 'Address for e-mail, as the provider last gave it.';

--
-- Name: COLUMN user_profiles.display_name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.display_name IS 'Name the person goes by; copied to new memberships.';

--
-- Name: COLUMN user_profiles.avatar_url; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.avatar_url IS 'Picture.';

--
-- Name: COLUMN user_profiles.locale; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.locale IS 'BCP 47 language tag.';

--
-- Name: COLUMN user_profiles.time_zone; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.time_zone IS 'IANA time zone: streaks and quiet hours follow it.';

--
-- Name: COLUMN user_profiles.preferences; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.preferences IS 'Settings of the user interface; nobody filters by them.';

--
-- Name: COLUMN user_profiles.onboarding_completed_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.onboarding_completed_at IS 'When the introduction was finished.';

--
-- Name: COLUMN user_profiles.onboarding_skipped_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.onboarding_skipped_at IS 'When the introduction was skipped.';

--
-- Name: COLUMN user_profiles.erased_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.erased_at IS 'When the personal data was erased.';

--
-- Name: COLUMN user_profiles.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.created_at IS 'When the row was made.';

--
-- Name: COLUMN user_profiles.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_profiles.updated_at IS 'When the row last changed; set by whoever writes (no trigger on global tables).';

--
-- Name: user_stats; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.user_stats (
    workspace_id uuid NOT NULL,
    user_id uuid NOT NULL,
    campaigns_created bigint DEFAULT 0 NOT NULL,
    campaigns_completed bigint DEFAULT 0 NOT NULL,
    quests_completed bigint DEFAULT 0 NOT NULL,
    content_created bigint DEFAULT 0 NOT NULL,
    content_published bigint DEFAULT 0 NOT NULL,
    moves_created bigint DEFAULT 0 NOT NULL,
    moves_executed bigint DEFAULT 0 NOT NULL,
    moves_successful bigint DEFAULT 0 NOT NULL,
    collaborations_count bigint DEFAULT 0 NOT NULL,
    login_count bigint DEFAULT 0 NOT NULL,
    achievements_unlocked bigint DEFAULT 0 NOT NULL,
    points_balance bigint DEFAULT 0 NOT NULL,
    lifetime_points bigint DEFAULT 0 NOT NULL,
    move_success_rate_percentage integer,
    level integer DEFAULT 1 NOT NULL,
    streak_current integer DEFAULT 0 NOT NULL,
    streak_longest integer DEFAULT 0 NOT NULL,
    streak_last_local_date date,
    streak_deadline_at timestamp with time zone,
    last_active_at timestamp with time zone,
    visibility text DEFAULT 'members'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_stats_achievements_unlocked_not_negative_check CHECK ((achievements_unlocked >= 0)),
    CONSTRAINT user_stats_campaigns_completed_not_negative_check CHECK ((campaigns_completed >= 0)),
    CONSTRAINT user_stats_campaigns_created_not_negative_check CHECK ((campaigns_created >= 0)),
    CONSTRAINT user_stats_collaborations_count_not_negative_check CHECK ((collaborations_count >= 0)),
    CONSTRAINT user_stats_content_created_not_negative_check CHECK ((content_created >= 0)),
    CONSTRAINT user_stats_content_published_not_negative_check CHECK ((content_published >= 0)),
    CONSTRAINT user_stats_level_follows_points_check CHECK ((level = ((lifetime_points / 1000) + 1))),
    CONSTRAINT user_stats_lifetime_points_not_negative_check CHECK ((lifetime_points >= 0)),
    CONSTRAINT user_stats_login_count_not_negative_check CHECK ((login_count >= 0)),
    CONSTRAINT user_stats_moves_created_not_negative_check CHECK ((moves_created >= 0)),
    CONSTRAINT user_stats_moves_executed_not_negative_check CHECK ((moves_executed >= 0)),
    CONSTRAINT user_stats_moves_successful_not_negative_check CHECK ((moves_successful >= 0)),
    CONSTRAINT user_stats_moves_successful_of_executed_check CHECK ((moves_successful <= moves_executed)),
    CONSTRAINT user_stats_points_balance_not_negative_check CHECK ((points_balance >= 0)),
    CONSTRAINT user_stats_quests_completed_not_negative_check CHECK ((quests_completed >= 0)),
    CONSTRAINT user_stats_streak_in_range_check CHECK (((streak_current >= 0) AND (streak_current <= streak_longest))),
    CONSTRAINT user_stats_success_rate_in_range_check CHECK (((move_success_rate_percentage >= 0) AND (move_success_rate_percentage <= 100))),
    CONSTRAINT user_stats_visibility_check CHECK ((visibility = ANY (ARRAY['members'::text, 'private'::text])))
);

ALTER TABLE ONLY codex.user_stats FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.user_stats OWNER TO codex_owner;

--
-- Name: TABLE user_stats; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.user_stats IS 'Figures of a member in a workspace.';

--
-- Name: COLUMN user_stats.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN user_stats.user_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.user_id IS 'The member.';

--
-- Name: COLUMN user_stats.campaigns_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.campaigns_created IS 'Campaigns made.';

--
-- Name: COLUMN user_stats.campaigns_completed; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.campaigns_completed IS 'Campaigns completed.';

--
-- Name: COLUMN user_stats.quests_completed; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.quests_completed IS 'Quests completed.';

--
-- Name: COLUMN user_stats.content_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.content_created IS 'Assets made.';

--
-- Name: COLUMN user_stats.content_published; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.content_published IS 'Assets published.';

--
-- Name: COLUMN user_stats.moves_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.moves_created IS 'Moves owned.';

--
-- Name: COLUMN user_stats.moves_executed; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.moves_executed IS 'Moves owned that were completed or killed.';

--
-- Name: COLUMN user_stats.moves_successful; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.moves_successful IS 'Moves owned that were completed.';

--
-- Name: COLUMN user_stats.collaborations_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.collaborations_count IS 'Work done with others.';

--
-- Name: COLUMN user_stats.login_count; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.login_count IS 'Days signed in.';

--
-- Name: COLUMN user_stats.achievements_unlocked; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.achievements_unlocked IS 'Awards held.';

--
-- Name: COLUMN user_stats.points_balance; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.points_balance IS 'Points that can be spent.';

--
-- Name: COLUMN user_stats.lifetime_points; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.lifetime_points IS 'Points ever earned; the level follows them.';

--
-- Name: COLUMN user_stats.move_success_rate_percentage; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.move_success_rate_percentage IS 'Share of executed moves that succeeded, 0 to 100; null before the first.';

--
-- Name: COLUMN user_stats.level; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.level IS 'lifetime_points / 1000 + 1.';

--
-- Name: COLUMN user_stats.streak_current; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.streak_current IS 'Days in a row, in the person''s time zone.';

--
-- Name: COLUMN user_stats.streak_longest; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.streak_longest IS 'Longest streak ever.';

--
-- Name: COLUMN user_stats.streak_last_local_date; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.streak_last_local_date IS 'Last day that counted, in the person''s time zone.';

--
-- Name: COLUMN user_stats.streak_deadline_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.streak_deadline_at IS 'Until when the next day must be earned.';

--
-- Name: COLUMN user_stats.last_active_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.last_active_at IS 'When the person was last active.';

--
-- Name: COLUMN user_stats.visibility; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.visibility IS 'members, or private: the person alone.';

--
-- Name: COLUMN user_stats.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN user_stats.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.created_at IS 'When the row was made.';

--
-- Name: COLUMN user_stats.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_stats.updated_at IS 'When the row last changed.';

--
-- Name: user_workspaces; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.user_workspaces (
    workspace_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    display_name text DEFAULT ''::text NOT NULL,
    avatar_url text,
    removed_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_workspaces_display_name_length_check CHECK ((char_length(display_name) <= 200)),
    CONSTRAINT user_workspaces_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'analyst'::text, 'creator'::text, 'strategist'::text, 'owner'::text])))
);

ALTER TABLE ONLY codex.user_workspaces FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.user_workspaces OWNER TO codex_owner;

--
-- Name: TABLE user_workspaces; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.user_workspaces IS 'Membership of a person in a workspace, and what other members see of them.';

--
-- Name: COLUMN user_workspaces.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_workspaces.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN user_workspaces.user_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_workspaces.user_id IS 'The member.';

--
-- Name: COLUMN user_workspaces.role; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_workspaces.role IS 'viewer, analyst, creator, strategist or owner, lowest first.';

--
-- Name: COLUMN user_workspaces.display_name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_workspaces.display_name IS 'Name shown to the other members.';

--
-- Name: COLUMN user_workspaces.avatar_url; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_workspaces.avatar_url IS 'Picture shown to the other members.';

--
-- Name: COLUMN user_workspaces.removed_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_workspaces.removed_at IS 'When the member left or was removed; null while active.';

--
-- Name: COLUMN user_workspaces.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_workspaces.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN user_workspaces.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_workspaces.created_at IS 'When the row was made.';

--
-- Name: COLUMN user_workspaces.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.user_workspaces.updated_at IS 'When the row last changed.';

--
-- Name: workspace_invitations; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.workspace_invitations (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email text NOT NULL,
    role text DEFAULT 'viewer'::text NOT NULL,
    token_hash bytea NOT NULL,
    expires_at timestamp with time zone DEFAULT (now() + '7 days'::interval) NOT NULL,
    accepted_at timestamp with time zone,
    accepted_by uuid,
    revoked_at timestamp with time zone,
    created_by uuid DEFAULT codex.acting_user_id(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workspace_invitations_accepted_by_whom_check CHECK (((accepted_at IS NULL) = (accepted_by IS NULL))),
    CONSTRAINT workspace_invitations_accepted_or_revoked_check CHECK (((accepted_at IS NULL) OR (revoked_at IS NULL))),
    CONSTRAINT workspace_invitations_email_format_check CHECK ((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text)),
    CONSTRAINT workspace_invitations_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'analyst'::text, 'creator'::text, 'strategist'::text, 'owner'::text]))),
    CONSTRAINT workspace_invitations_token_hash_length_check CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE ONLY codex.workspace_invitations FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.workspace_invitations OWNER TO codex_owner;

--
-- Name: TABLE workspace_invitations; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.workspace_invitations IS 'Invitation of an e-mail address into a workspace, open until accepted, revoked or expired.';

--
-- Name: COLUMN workspace_invitations.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.workspace_id IS 'Workspace the row belongs to.';

--
-- Name: COLUMN workspace_invitations.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN workspace_invitations.email; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.email IS 'Address the invitation was sent to.';

--
-- Name: COLUMN workspace_invitations.role; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.role IS 'Role the person will have.';

--
-- Name: COLUMN workspace_invitations.token_hash; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.token_hash IS 'SHA-256 of the secret part of the token.';

--
-- Name: COLUMN workspace_invitations.expires_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.expires_at IS 'From when on the token is refused.';

--
-- Name: COLUMN workspace_invitations.accepted_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.accepted_at IS 'When it was accepted.';

--
-- Name: COLUMN workspace_invitations.accepted_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.accepted_by IS 'Member who accepted it.';

--
-- Name: COLUMN workspace_invitations.revoked_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.revoked_at IS 'When it was taken back.';

--
-- Name: COLUMN workspace_invitations.created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.created_by IS 'Member who invited; null for background work.';

--
-- Name: COLUMN workspace_invitations.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN workspace_invitations.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.created_at IS 'When the row was made.';

--
-- Name: COLUMN workspace_invitations.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_invitations.updated_at IS 'When the row last changed.';

--
-- Name: workspace_slugs; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.workspace_slugs (
    slug text NOT NULL,
    workspace_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workspace_slugs_slug_format_check CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text))
);

ALTER TABLE ONLY codex.workspace_slugs FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.workspace_slugs OWNER TO codex_owner;

--
-- Name: TABLE workspace_slugs; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.workspace_slugs IS 'Slug to workspace. A workspace may keep old slugs so that old links work.';

--
-- Name: COLUMN workspace_slugs.slug; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_slugs.slug IS 'Lower-case letters, digits and inner hyphens, at most 63.';

--
-- Name: COLUMN workspace_slugs.workspace_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_slugs.workspace_id IS 'Workspace the slug leads to. No foreign key: global tables have none to tenant tables; purge_workspace removes it.';

--
-- Name: COLUMN workspace_slugs.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_slugs.created_at IS 'When the row was made.';

--
-- Name: COLUMN workspace_slugs.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspace_slugs.updated_at IS 'When the row last changed.';

--
-- Name: workspaces; Type: TABLE; Schema: codex; Owner: codex_owner
--

CREATE TABLE codex.workspaces (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    plan text DEFAULT 'ascent'::text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    cohorts_limit integer DEFAULT 3 NOT NULL,
    moves_per_sprint_limit integer DEFAULT 5 NOT NULL,
    archived_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workspaces_cohorts_limit_not_negative_check CHECK ((cohorts_limit >= 0)),
    CONSTRAINT workspaces_moves_limit_not_negative_check CHECK ((moves_per_sprint_limit >= 0)),
    CONSTRAINT workspaces_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT workspaces_plan_check CHECK ((plan = ANY (ARRAY['ascent'::text, 'glide'::text, 'soar'::text])))
);

ALTER TABLE ONLY codex.workspaces FORCE ROW LEVEL SECURITY;

ALTER TABLE codex.workspaces OWNER TO codex_owner;

--
-- Name: TABLE workspaces; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON TABLE codex.workspaces IS 'The tenant: one team or company. Every other tenant row belongs to exactly one.';

--
-- Name: COLUMN workspaces.id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspaces.id IS 'Key, UUIDv7 made by the SDK.';

--
-- Name: COLUMN workspaces.name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspaces.name IS 'Name shown to members.';

--
-- Name: COLUMN workspaces.plan; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspaces.plan IS 'Commercial plan: ascent, glide or soar.';

--
-- Name: COLUMN workspaces.time_zone; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspaces.time_zone IS 'IANA time zone of the team''s calendar.';

--
-- Name: COLUMN workspaces.cohorts_limit; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspaces.cohorts_limit IS 'Cohorts the plan allows.';

--
-- Name: COLUMN workspaces.moves_per_sprint_limit; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspaces.moves_per_sprint_limit IS 'Moves the plan allows in one sprint.';

--
-- Name: COLUMN workspaces.archived_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspaces.archived_at IS 'When the workspace was closed; null while in use.';

--
-- Name: COLUMN workspaces.version; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspaces.version IS 'Number of the edit, for optimistic concurrency.';

--
-- Name: COLUMN workspaces.created_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspaces.created_at IS 'When the row was made.';

--
-- Name: COLUMN workspaces.updated_at; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON COLUMN codex.workspaces.updated_at IS 'When the row last changed.';

--
-- Name: achievements achievements_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.achievements
    ADD CONSTRAINT achievements_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: agent_assignments agent_assignments_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_assignments
    ADD CONSTRAINT agent_assignments_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: agent_capabilities agent_capabilities_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_capabilities
    ADD CONSTRAINT agent_capabilities_pkey PRIMARY KEY (id);

--
-- Name: agent_debates agent_debates_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_debates
    ADD CONSTRAINT agent_debates_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: agent_executions agent_executions_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_executions
    ADD CONSTRAINT agent_executions_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: agent_instances agent_instances_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_instances
    ADD CONSTRAINT agent_instances_pkey PRIMARY KEY (workspace_id, agent_id, instance);

--
-- Name: agent_messages agent_messages_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_messages
    ADD CONSTRAINT agent_messages_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: agent_performance agent_performance_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_performance
    ADD CONSTRAINT agent_performance_pkey PRIMARY KEY (workspace_id, agent_id, hour);

--
-- Name: agent_recommendations agent_recommendations_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_recommendations
    ADD CONSTRAINT agent_recommendations_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: agent_registry agent_registry_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_registry
    ADD CONSTRAINT agent_registry_pkey PRIMARY KEY (id);

--
-- Name: agent_trust_scores agent_trust_scores_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_trust_scores
    ADD CONSTRAINT agent_trust_scores_pkey PRIMARY KEY (workspace_id, agent_id);

--
-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: assets assets_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.assets
    ADD CONSTRAINT assets_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: audit_events audit_events_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: autopay_payments autopay_payments_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.autopay_payments
    ADD CONSTRAINT autopay_payments_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: autopay_subscriptions autopay_subscriptions_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.autopay_subscriptions
    ADD CONSTRAINT autopay_subscriptions_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: billing_history billing_history_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.billing_history
    ADD CONSTRAINT billing_history_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: campaign_cohorts campaign_cohorts_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_cohorts
    ADD CONSTRAINT campaign_cohorts_pkey PRIMARY KEY (workspace_id, campaign_id, cohort_id);

--
-- Name: campaign_quests campaign_quests_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_quests
    ADD CONSTRAINT campaign_quests_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: campaigns campaigns_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaigns
    ADD CONSTRAINT campaigns_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: channel_roles channel_roles_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.channel_roles
    ADD CONSTRAINT channel_roles_pkey PRIMARY KEY (key);

--
-- Name: cohorts cohorts_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.cohorts
    ADD CONSTRAINT cohorts_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: competitor_content competitor_content_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.competitor_content
    ADD CONSTRAINT competitor_content_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: competitor_patterns competitor_patterns_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.competitor_patterns
    ADD CONSTRAINT competitor_patterns_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: competitors competitors_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.competitors
    ADD CONSTRAINT competitors_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: content_adaptations content_adaptations_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.content_adaptations
    ADD CONSTRAINT content_adaptations_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: content_patterns content_patterns_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.content_patterns
    ADD CONSTRAINT content_patterns_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: debate_rounds debate_rounds_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.debate_rounds
    ADD CONSTRAINT debate_rounds_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: event_counters event_counters_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.event_counters
    ADD CONSTRAINT event_counters_pkey PRIMARY KEY (workspace_id);

--
-- Name: experiment_results experiment_results_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.experiment_results
    ADD CONSTRAINT experiment_results_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: experiments experiments_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.experiments
    ADD CONSTRAINT experiments_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: global_strategies global_strategies_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.global_strategies
    ADD CONSTRAINT global_strategies_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (workspace_id, key);

--
-- Name: intelligence_signals intelligence_signals_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.intelligence_signals
    ADD CONSTRAINT intelligence_signals_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: journey_stages journey_stages_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.journey_stages
    ADD CONSTRAINT journey_stages_pkey PRIMARY KEY (key);

--
-- Name: lines_of_operation lines_of_operation_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.lines_of_operation
    ADD CONSTRAINT lines_of_operation_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: maneuver_types maneuver_types_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.maneuver_types
    ADD CONSTRAINT maneuver_types_pkey PRIMARY KEY (key);

--
-- Name: market_insights market_insights_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.market_insights
    ADD CONSTRAINT market_insights_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: message_architecture message_architecture_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.message_architecture
    ADD CONSTRAINT message_architecture_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: move_anomalies move_anomalies_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.move_anomalies
    ADD CONSTRAINT move_anomalies_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: move_logs move_logs_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.move_logs
    ADD CONSTRAINT move_logs_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: moves moves_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: onboarding_responses onboarding_responses_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.onboarding_responses
    ADD CONSTRAINT onboarding_responses_pkey PRIMARY KEY (workspace_id, user_id);

--
-- Name: outbox_events outbox_events_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.outbox_events
    ADD CONSTRAINT outbox_events_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: positioning positioning_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.positioning
    ADD CONSTRAINT positioning_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: quest_dependencies quest_dependencies_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.quest_dependencies
    ADD CONSTRAINT quest_dependencies_pkey PRIMARY KEY (workspace_id, quest_id, depends_on_id);

--
-- Name: recommendation_outcomes recommendation_outcomes_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.recommendation_outcomes
    ADD CONSTRAINT recommendation_outcomes_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: sprints sprints_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.sprints
    ADD CONSTRAINT sprints_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: strategy_insights strategy_insights_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.strategy_insights
    ADD CONSTRAINT strategy_insights_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: stream_tickets stream_tickets_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.stream_tickets
    ADD CONSTRAINT stream_tickets_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: subscriptions subscriptions_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.subscriptions
    ADD CONSTRAINT subscriptions_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: support_feedback support_feedback_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.support_feedback
    ADD CONSTRAINT support_feedback_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: system_alerts system_alerts_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.system_alerts
    ADD CONSTRAINT system_alerts_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: trend_mentions trend_mentions_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.trend_mentions
    ADD CONSTRAINT trend_mentions_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: trends trends_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.trends
    ADD CONSTRAINT trends_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: agent_capabilities uniq_agent_capabilities_name; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_capabilities
    ADD CONSTRAINT uniq_agent_capabilities_name UNIQUE (agent_id, name);

--
-- Name: agent_registry uniq_agent_registry_name_version; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_registry
    ADD CONSTRAINT uniq_agent_registry_name_version UNIQUE (name, version);

--
-- Name: campaign_quests uniq_campaign_quests_campaign; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_quests
    ADD CONSTRAINT uniq_campaign_quests_campaign UNIQUE (workspace_id, campaign_id, id);

--
-- Name: channel_roles uniq_channel_roles_sort_order; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.channel_roles
    ADD CONSTRAINT uniq_channel_roles_sort_order UNIQUE (sort_order);

--
-- Name: debate_rounds uniq_debate_rounds_number; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.debate_rounds
    ADD CONSTRAINT uniq_debate_rounds_number UNIQUE (workspace_id, debate_id, round_number);

--
-- Name: experiment_results uniq_experiment_results_metric; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.experiment_results
    ADD CONSTRAINT uniq_experiment_results_metric UNIQUE (workspace_id, experiment_id, variant, metric_name);

--
-- Name: journey_stages uniq_journey_stages_sort_order; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.journey_stages
    ADD CONSTRAINT uniq_journey_stages_sort_order UNIQUE (sort_order);

--
-- Name: move_logs uniq_move_logs_day; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.move_logs
    ADD CONSTRAINT uniq_move_logs_day UNIQUE (workspace_id, move_id, log_date);

--
-- Name: positioning uniq_positioning_revision; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.positioning
    ADD CONSTRAINT uniq_positioning_revision UNIQUE (workspace_id, segment, revision);

--
-- Name: recommendation_outcomes uniq_recommendation_outcomes_recommendation; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.recommendation_outcomes
    ADD CONSTRAINT uniq_recommendation_outcomes_recommendation UNIQUE (workspace_id, recommendation_id);

--
-- Name: trend_mentions uniq_trend_mentions_day; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.trend_mentions
    ADD CONSTRAINT uniq_trend_mentions_day UNIQUE (workspace_id, trend_id, source_platform, mentioned_on);

--
-- Name: user_profiles uniq_user_profiles_identity; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_profiles
    ADD CONSTRAINT uniq_user_profiles_identity UNIQUE (issuer, subject);

--
-- Name: user_achievements user_achievements_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_achievements
    ADD CONSTRAINT user_achievements_pkey PRIMARY KEY (workspace_id, user_id, achievement_id, period_key);

--
-- Name: user_notifications user_notifications_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_notifications
    ADD CONSTRAINT user_notifications_pkey PRIMARY KEY (workspace_id, user_id, id);

--
-- Name: user_profiles user_profiles_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_profiles
    ADD CONSTRAINT user_profiles_pkey PRIMARY KEY (id);

--
-- Name: user_stats user_stats_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_stats
    ADD CONSTRAINT user_stats_pkey PRIMARY KEY (workspace_id, user_id);

--
-- Name: user_workspaces user_workspaces_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_workspaces
    ADD CONSTRAINT user_workspaces_pkey PRIMARY KEY (workspace_id, user_id);

--
-- Name: workspace_invitations workspace_invitations_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.workspace_invitations
    ADD CONSTRAINT workspace_invitations_pkey PRIMARY KEY (workspace_id, id);

--
-- Name: workspace_slugs workspace_slugs_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.workspace_slugs
    ADD CONSTRAINT workspace_slugs_pkey PRIMARY KEY (slug);

--
-- Name: workspaces workspaces_pkey; Type: CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.workspaces
    ADD CONSTRAINT workspaces_pkey PRIMARY KEY (id);

--
-- Name: idx_achievements_badge; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_achievements_badge ON codex.achievements USING btree (workspace_id, badge_type);

--
-- Name: INDEX idx_achievements_badge; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_achievements_badge IS 'The list of one kind of badge.';

--
-- Name: idx_achievements_category; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_achievements_category ON codex.achievements USING btree (workspace_id, category, status);

--
-- Name: INDEX idx_achievements_category; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_achievements_category IS 'The list of one category.';

--
-- Name: idx_achievements_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_achievements_created_by ON codex.achievements USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_achievements_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_achievements_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_achievements_prerequisite; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_achievements_prerequisite ON codex.achievements USING btree (workspace_id, prerequisite_id);

--
-- Name: INDEX idx_achievements_prerequisite; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_achievements_prerequisite IS 'Rows of one achievement; foreign key to achievements.';

--
-- Name: idx_achievements_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_achievements_status ON codex.achievements USING btree (workspace_id, status, tier);

--
-- Name: INDEX idx_achievements_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_achievements_status IS 'The list of what can be earned.';

--
-- Name: idx_agent_assignments_agent; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_assignments_agent ON codex.agent_assignments USING btree (workspace_id, agent_id, status);

--
-- Name: INDEX idx_agent_assignments_agent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_assignments_agent IS 'Assignments of an agent in a workspace.';

--
-- Name: idx_agent_assignments_campaign; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_assignments_campaign ON codex.agent_assignments USING btree (workspace_id, campaign_id, status);

--
-- Name: INDEX idx_agent_assignments_campaign; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_assignments_campaign IS 'Assignments of a campaign; foreign key to campaigns.';

--
-- Name: idx_agent_assignments_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_assignments_created ON codex.agent_assignments USING btree (workspace_id, created_at DESC, id DESC);

--
-- Name: INDEX idx_agent_assignments_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_assignments_created IS 'All assignments, newest first.';

--
-- Name: idx_agent_assignments_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_assignments_created_by ON codex.agent_assignments USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_agent_assignments_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_assignments_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_agent_assignments_lease; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_assignments_lease ON codex.agent_assignments USING btree (workspace_id, lease_expires_at) WHERE (holder IS NOT NULL);

--
-- Name: INDEX idx_agent_assignments_lease; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_assignments_lease IS 'Background work takes back what fell silent.';

--
-- Name: idx_agent_assignments_registry; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_assignments_registry ON codex.agent_assignments USING btree (agent_id);

--
-- Name: INDEX idx_agent_assignments_registry; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_assignments_registry IS 'Foreign key to agent_registry.';

--
-- Name: idx_agent_assignments_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_assignments_status ON codex.agent_assignments USING btree (workspace_id, status, priority_rank DESC, created_at);

--
-- Name: INDEX idx_agent_assignments_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_assignments_status IS 'Workers take the most urgent assignment first.';

--
-- Name: idx_agent_capabilities_capability; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_capabilities_capability ON codex.agent_capabilities USING btree (name, is_enabled);

--
-- Name: INDEX idx_agent_capabilities_capability; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_capabilities_capability IS 'Agents with a capability, by its name.';

--
-- Name: idx_agent_capabilities_category; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_capabilities_category ON codex.agent_capabilities USING btree (category, is_enabled, agent_id);

--
-- Name: INDEX idx_agent_capabilities_category; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_capabilities_category IS 'Agents that can do a kind of work.';

--
-- Name: idx_agent_debates_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_debates_status ON codex.agent_debates USING btree (workspace_id, status, created_at DESC);

--
-- Name: INDEX idx_agent_debates_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_debates_status IS 'The list of debates, newest first.';

--
-- Name: idx_agent_executions_assignment; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_executions_assignment ON codex.agent_executions USING btree (workspace_id, assignment_id, created_at DESC, id DESC);

--
-- Name: INDEX idx_agent_executions_assignment; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_executions_assignment IS 'Executions of an assignment, newest first; foreign key to agent_assignments.';

--
-- Name: idx_agent_executions_conflict; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_executions_conflict ON codex.agent_executions USING btree (workspace_id, assignment_id, conflict_key) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]));

--
-- Name: INDEX idx_agent_executions_conflict; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_executions_conflict IS 'start_execution looks for one that is not over.';

--
-- Name: idx_agent_executions_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_executions_created ON codex.agent_executions USING btree (workspace_id, created_at DESC, id DESC);

--
-- Name: INDEX idx_agent_executions_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_executions_created IS 'All executions, newest first.';

--
-- Name: idx_agent_executions_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_executions_created_by ON codex.agent_executions USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_agent_executions_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_executions_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_agent_executions_queue; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_executions_queue ON codex.agent_executions USING btree (workspace_id, assignment_id, priority_rank DESC, created_at, id) WHERE (status = 'queued'::text);

--
-- Name: INDEX idx_agent_executions_queue; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_executions_queue IS 'claim_executions takes the most urgent, then the oldest of an assignment.';

--
-- Name: idx_agent_executions_retry_of; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_executions_retry_of ON codex.agent_executions USING btree (workspace_id, retry_of_id);

--
-- Name: INDEX idx_agent_executions_retry_of; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_executions_retry_of IS 'What an execution was done again as; foreign key to agent_executions.';

--
-- Name: idx_agent_instances_registry; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_instances_registry ON codex.agent_instances USING btree (agent_id);

--
-- Name: INDEX idx_agent_instances_registry; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_instances_registry IS 'Foreign key to agent_registry.';

--
-- Name: idx_agent_messages_correlation; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_messages_correlation ON codex.agent_messages USING btree (workspace_id, correlation_id, created_at);

--
-- Name: INDEX idx_agent_messages_correlation; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_messages_correlation IS 'The messages of one conversation.';

--
-- Name: idx_agent_messages_expires; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_messages_expires ON codex.agent_messages USING btree (workspace_id, expires_at);

--
-- Name: INDEX idx_agent_messages_expires; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_messages_expires IS 'Background work removes what expired.';

--
-- Name: idx_agent_messages_origin_agent_id; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_messages_origin_agent_id ON codex.agent_messages USING btree (origin_agent_id);

--
-- Name: INDEX idx_agent_messages_origin_agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_messages_origin_agent_id IS 'Foreign key to agent_registry.';

--
-- Name: idx_agent_messages_target; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_messages_target ON codex.agent_messages USING btree (workspace_id, target_agent_id, priority_rank DESC, created_at);

--
-- Name: INDEX idx_agent_messages_target; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_messages_target IS 'An agent reads its messages, most urgent first.';

--
-- Name: idx_agent_messages_target_agent_id; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_messages_target_agent_id ON codex.agent_messages USING btree (target_agent_id);

--
-- Name: INDEX idx_agent_messages_target_agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_messages_target_agent_id IS 'Foreign key to agent_registry.';

--
-- Name: idx_agent_performance_hour; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_performance_hour ON codex.agent_performance USING btree (workspace_id, hour);

--
-- Name: INDEX idx_agent_performance_hour; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_performance_hour IS 'Performance of all agents over a span.';

--
-- Name: idx_agent_performance_registry; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_performance_registry ON codex.agent_performance USING btree (agent_id);

--
-- Name: INDEX idx_agent_performance_registry; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_performance_registry IS 'Foreign key to agent_registry.';

--
-- Name: idx_agent_recommendations_agent; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_recommendations_agent ON codex.agent_recommendations USING btree (workspace_id, agent_id, created_at DESC);

--
-- Name: INDEX idx_agent_recommendations_agent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_recommendations_agent IS 'Recommendations of an agent, newest first.';

--
-- Name: idx_agent_recommendations_agent_id; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_recommendations_agent_id ON codex.agent_recommendations USING btree (agent_id);

--
-- Name: INDEX idx_agent_recommendations_agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_recommendations_agent_id IS 'Foreign key to agent_registry.';

--
-- Name: idx_agent_recommendations_correlation; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_recommendations_correlation ON codex.agent_recommendations USING btree (workspace_id, correlation_id);

--
-- Name: INDEX idx_agent_recommendations_correlation; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_recommendations_correlation IS 'Recommendations of one conversation.';

--
-- Name: idx_agent_recommendations_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_recommendations_status ON codex.agent_recommendations USING btree (workspace_id, status, confidence_score DESC);

--
-- Name: INDEX idx_agent_recommendations_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_recommendations_status IS 'The inbox, surest first.';

--
-- Name: idx_agent_registry_guild; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_registry_guild ON codex.agent_registry USING btree (guild, status, name);

--
-- Name: INDEX idx_agent_registry_guild; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_registry_guild IS 'The catalogue by guild.';

--
-- Name: idx_agent_registry_replaced_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_registry_replaced_by ON codex.agent_registry USING btree (replaced_by_id);

--
-- Name: INDEX idx_agent_registry_replaced_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_registry_replaced_by IS 'Rows of one agent registry; foreign key to agent_registry.';

--
-- Name: idx_agent_registry_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_registry_status ON codex.agent_registry USING btree (status, name);

--
-- Name: INDEX idx_agent_registry_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_registry_status IS 'The catalogue of agents in use.';

--
-- Name: idx_agent_registry_type; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_registry_type ON codex.agent_registry USING btree (agent_type, status);

--
-- Name: INDEX idx_agent_registry_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_registry_type IS 'The catalogue by type.';

--
-- Name: idx_agent_trust_scores_agent_id; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_trust_scores_agent_id ON codex.agent_trust_scores USING btree (agent_id);

--
-- Name: INDEX idx_agent_trust_scores_agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_trust_scores_agent_id IS 'Foreign key to agent_registry.';

--
-- Name: idx_agent_trust_scores_overall; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_agent_trust_scores_overall ON codex.agent_trust_scores USING btree (workspace_id, overall_score DESC);

--
-- Name: INDEX idx_agent_trust_scores_overall; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_agent_trust_scores_overall IS 'The agents of a workspace, most trusted first.';

--
-- Name: idx_api_keys_agent_id; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_api_keys_agent_id ON codex.api_keys USING btree (agent_id);

--
-- Name: INDEX idx_api_keys_agent_id; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_api_keys_agent_id IS 'Foreign key to agent_registry.';

--
-- Name: idx_api_keys_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_api_keys_created ON codex.api_keys USING btree (workspace_id, created_at DESC, id DESC);

--
-- Name: INDEX idx_api_keys_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_api_keys_created IS 'Keys of a workspace, newest first.';

--
-- Name: idx_api_keys_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_api_keys_created_by ON codex.api_keys USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_api_keys_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_api_keys_created_by IS 'Keys made by a member; foreign key to user_workspaces.';

--
-- Name: idx_api_keys_user; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_api_keys_user ON codex.api_keys USING btree (workspace_id, user_id);

--
-- Name: INDEX idx_api_keys_user; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_api_keys_user IS 'Keys of a member, revoked when the member leaves; foreign key to user_workspaces.';

--
-- Name: idx_assets_channel_role; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_assets_channel_role ON codex.assets USING btree (channel_role);

--
-- Name: INDEX idx_assets_channel_role; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_assets_channel_role IS 'Rows of one channel role; foreign key to channel_roles.';

--
-- Name: idx_assets_cohort; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_assets_cohort ON codex.assets USING btree (workspace_id, cohort_id);

--
-- Name: INDEX idx_assets_cohort; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_assets_cohort IS 'Rows of one cohort; foreign key to cohorts.';

--
-- Name: idx_assets_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_assets_created_by ON codex.assets USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_assets_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_assets_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_assets_created_by_agent; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_assets_created_by_agent ON codex.assets USING btree (created_by_agent);

--
-- Name: INDEX idx_assets_created_by_agent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_assets_created_by_agent IS 'Foreign key to agent_registry.';

--
-- Name: idx_assets_experiment; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_assets_experiment ON codex.assets USING btree (workspace_id, experiment_id);

--
-- Name: INDEX idx_assets_experiment; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_assets_experiment IS 'Assets of a test; foreign key to experiments.';

--
-- Name: idx_assets_move; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_assets_move ON codex.assets USING btree (workspace_id, move_id);

--
-- Name: INDEX idx_assets_move; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_assets_move IS 'Rows of one move; foreign key to moves.';

--
-- Name: idx_assets_pattern; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_assets_pattern ON codex.assets USING btree (workspace_id, pattern_id);

--
-- Name: INDEX idx_assets_pattern; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_assets_pattern IS 'Rows of one content pattern; foreign key to content_patterns.';

--
-- Name: idx_assets_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_assets_status ON codex.assets USING btree (workspace_id, status, created_at DESC);

--
-- Name: INDEX idx_assets_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_assets_status IS 'The library lists assets by status, newest first.';

--
-- Name: idx_assets_type; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_assets_type ON codex.assets USING btree (workspace_id, type, created_at DESC);

--
-- Name: INDEX idx_assets_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_assets_type IS 'The library lists assets of one kind.';

--
-- Name: idx_audit_events_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_audit_events_created ON codex.audit_events USING btree (workspace_id, created_at DESC);

--
-- Name: INDEX idx_audit_events_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_audit_events_created IS 'The owner reads the trail, newest first.';

--
-- Name: idx_audit_events_row; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_audit_events_row ON codex.audit_events USING btree (workspace_id, table_name, row_key);

--
-- Name: INDEX idx_audit_events_row; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_audit_events_row IS 'History of one row.';

--
-- Name: idx_audit_events_user; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_audit_events_user ON codex.audit_events USING btree (workspace_id, user_id, created_at DESC);

--
-- Name: INDEX idx_audit_events_user; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_audit_events_user IS 'What a member did; foreign key to user_workspaces.';

--
-- Name: idx_autopay_payments_mandate; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_autopay_payments_mandate ON codex.autopay_payments USING btree (workspace_id, autopay_subscription_id, created_at DESC);

--
-- Name: INDEX idx_autopay_payments_mandate; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_autopay_payments_mandate IS 'Charges of one mandate, newest first; foreign key to autopay_subscriptions.';

--
-- Name: idx_autopay_subscriptions_due; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_autopay_subscriptions_due ON codex.autopay_subscriptions USING btree (workspace_id, next_charge_at) WHERE (status = 'active'::text);

--
-- Name: INDEX idx_autopay_subscriptions_due; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_autopay_subscriptions_due IS 'Background work charges what is due.';

--
-- Name: idx_billing_history_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_billing_history_created ON codex.billing_history USING btree (workspace_id, created_at DESC);

--
-- Name: INDEX idx_billing_history_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_billing_history_created IS 'The billing page lists payments, newest first.';

--
-- Name: idx_campaign_cohorts_cohort; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaign_cohorts_cohort ON codex.campaign_cohorts USING btree (workspace_id, cohort_id);

--
-- Name: INDEX idx_campaign_cohorts_cohort; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaign_cohorts_cohort IS 'Rows of one cohort; foreign key to cohorts.';

--
-- Name: idx_campaign_cohorts_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaign_cohorts_created_by ON codex.campaign_cohorts USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_campaign_cohorts_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaign_cohorts_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_campaign_quests_assigned; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaign_quests_assigned ON codex.campaign_quests USING btree (workspace_id, assigned_to, due_date);

--
-- Name: INDEX idx_campaign_quests_assigned; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaign_quests_assigned IS 'What a member has to do, soonest first; foreign key to user_workspaces.';

--
-- Name: idx_campaign_quests_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaign_quests_created_by ON codex.campaign_quests USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_campaign_quests_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaign_quests_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_campaign_quests_parent; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaign_quests_parent ON codex.campaign_quests USING btree (workspace_id, campaign_id, parent_id, "position");

--
-- Name: INDEX idx_campaign_quests_parent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaign_quests_parent IS 'The tree of a campaign, and a parent''s progress; foreign key to campaign_quests.';

--
-- Name: idx_campaign_quests_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaign_quests_status ON codex.campaign_quests USING btree (workspace_id, campaign_id, status);

--
-- Name: INDEX idx_campaign_quests_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaign_quests_status IS 'The board of a campaign.';

--
-- Name: idx_campaigns_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaigns_created ON codex.campaigns USING btree (workspace_id, created_at DESC, id DESC);

--
-- Name: INDEX idx_campaigns_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaigns_created IS 'All campaigns, newest first.';

--
-- Name: idx_campaigns_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaigns_created_by ON codex.campaigns USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_campaigns_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaigns_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_campaigns_dates; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaigns_dates ON codex.campaigns USING btree (workspace_id, start_date, end_date);

--
-- Name: INDEX idx_campaigns_dates; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaigns_dates IS 'The calendar shows the campaigns of a period.';

--
-- Name: idx_campaigns_message_architecture; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaigns_message_architecture ON codex.campaigns USING btree (workspace_id, message_architecture_id);

--
-- Name: INDEX idx_campaigns_message_architecture; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaigns_message_architecture IS 'Rows of one message architecture; foreign key to message_architecture.';

--
-- Name: idx_campaigns_owner; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaigns_owner ON codex.campaigns USING btree (workspace_id, owner_id, status);

--
-- Name: INDEX idx_campaigns_owner; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaigns_owner IS 'Campaigns of a member; foreign key to user_workspaces.';

--
-- Name: idx_campaigns_parent; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaigns_parent ON codex.campaigns USING btree (workspace_id, parent_id);

--
-- Name: INDEX idx_campaigns_parent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaigns_parent IS 'Parts of a campaign; foreign key to campaigns.';

--
-- Name: idx_campaigns_positioning; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaigns_positioning ON codex.campaigns USING btree (workspace_id, positioning_id);

--
-- Name: INDEX idx_campaigns_positioning; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaigns_positioning IS 'Rows of one positioning; foreign key to positioning.';

--
-- Name: idx_campaigns_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_campaigns_status ON codex.campaigns USING btree (workspace_id, status, created_at DESC);

--
-- Name: INDEX idx_campaigns_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_campaigns_status IS 'The dashboard lists campaigns by status, newest first.';

--
-- Name: idx_cohorts_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_cohorts_created ON codex.cohorts USING btree (workspace_id, created_at DESC, id DESC);

--
-- Name: INDEX idx_cohorts_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_cohorts_created IS 'All cohorts, newest first.';

--
-- Name: idx_cohorts_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_cohorts_created_by ON codex.cohorts USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_cohorts_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_cohorts_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_cohorts_name; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_cohorts_name ON codex.cohorts USING btree (workspace_id, name) WHERE (archived_at IS NULL);

--
-- Name: INDEX idx_cohorts_name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_cohorts_name IS 'The dashboard lists cohorts in use by name.';

--
-- Name: idx_competitor_content_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_competitor_content_created_by ON codex.competitor_content USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_competitor_content_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_competitor_content_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_competitor_content_published; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_competitor_content_published ON codex.competitor_content USING btree (workspace_id, published_at DESC);

--
-- Name: INDEX idx_competitor_content_published; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_competitor_content_published IS 'The feed, newest first.';

--
-- Name: idx_competitor_patterns_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_competitor_patterns_created_by ON codex.competitor_patterns USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_competitor_patterns_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_competitor_patterns_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_competitors_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_competitors_created_by ON codex.competitors USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_competitors_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_competitors_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_content_adaptations_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_content_adaptations_created_by ON codex.content_adaptations USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_content_adaptations_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_content_adaptations_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_content_adaptations_created_by_agent; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_content_adaptations_created_by_agent ON codex.content_adaptations USING btree (created_by_agent);

--
-- Name: INDEX idx_content_adaptations_created_by_agent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_content_adaptations_created_by_agent IS 'Foreign key to agent_registry.';

--
-- Name: idx_content_adaptations_source; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_content_adaptations_source ON codex.content_adaptations USING btree (workspace_id, source_asset_id, target_channel);

--
-- Name: INDEX idx_content_adaptations_source; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_content_adaptations_source IS 'Adaptations of an asset; foreign key to assets.';

--
-- Name: idx_content_patterns_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_content_patterns_created_by ON codex.content_patterns USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_content_patterns_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_content_patterns_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_experiments_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_experiments_created_by ON codex.experiments USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_experiments_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_experiments_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_experiments_move; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_experiments_move ON codex.experiments USING btree (workspace_id, move_id);

--
-- Name: INDEX idx_experiments_move; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_experiments_move IS 'Rows of one move; foreign key to moves.';

--
-- Name: idx_experiments_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_experiments_status ON codex.experiments USING btree (workspace_id, status, created_at DESC);

--
-- Name: INDEX idx_experiments_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_experiments_status IS 'The list of tests by status, newest first.';

--
-- Name: idx_global_strategies_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_global_strategies_created_by ON codex.global_strategies USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_global_strategies_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_global_strategies_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_idempotency_keys_expires; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_idempotency_keys_expires ON codex.idempotency_keys USING btree (workspace_id, expires_at);

--
-- Name: INDEX idx_idempotency_keys_expires; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_idempotency_keys_expires IS 'Background work removes expired keys, workspace by workspace.';

--
-- Name: idx_idempotency_keys_user; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_idempotency_keys_user ON codex.idempotency_keys USING btree (workspace_id, user_id);

--
-- Name: INDEX idx_idempotency_keys_user; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_idempotency_keys_user IS 'Foreign key to user_workspaces.';

--
-- Name: idx_intelligence_signals_assigned; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_intelligence_signals_assigned ON codex.intelligence_signals USING btree (workspace_id, assigned_to, status);

--
-- Name: INDEX idx_intelligence_signals_assigned; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_intelligence_signals_assigned IS 'What a member looks into; foreign key to user_workspaces.';

--
-- Name: idx_intelligence_signals_category; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_intelligence_signals_category ON codex.intelligence_signals USING btree (workspace_id, category, last_seen_at DESC);

--
-- Name: INDEX idx_intelligence_signals_category; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_intelligence_signals_category IS 'The feed of one category.';

--
-- Name: idx_intelligence_signals_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_intelligence_signals_created_by ON codex.intelligence_signals USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_intelligence_signals_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_intelligence_signals_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_intelligence_signals_expires; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_intelligence_signals_expires ON codex.intelligence_signals USING btree (workspace_id, expires_at) WHERE (expires_at IS NOT NULL);

--
-- Name: INDEX idx_intelligence_signals_expires; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_intelligence_signals_expires IS 'Background work archives what expired.';

--
-- Name: idx_intelligence_signals_priority; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_intelligence_signals_priority ON codex.intelligence_signals USING btree (workspace_id, status, fades_at_epoch DESC);

--
-- Name: INDEX idx_intelligence_signals_priority; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_intelligence_signals_priority IS 'get_priority_signals reads what has not faded.';

--
-- Name: idx_intelligence_signals_seen; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_intelligence_signals_seen ON codex.intelligence_signals USING btree (workspace_id, last_seen_at DESC);

--
-- Name: INDEX idx_intelligence_signals_seen; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_intelligence_signals_seen IS 'The feed, newest first.';

--
-- Name: idx_intelligence_signals_source; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_intelligence_signals_source ON codex.intelligence_signals USING btree (workspace_id, source_type, data_source);

--
-- Name: INDEX idx_intelligence_signals_source; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_intelligence_signals_source IS 'What one source brought.';

--
-- Name: idx_intelligence_signals_source_agent; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_intelligence_signals_source_agent ON codex.intelligence_signals USING btree (source_agent_id);

--
-- Name: INDEX idx_intelligence_signals_source_agent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_intelligence_signals_source_agent IS 'Rows of one agent registry; foreign key to agent_registry.';

--
-- Name: idx_lines_of_operation_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_lines_of_operation_created_by ON codex.lines_of_operation USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_lines_of_operation_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_lines_of_operation_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_lines_of_operation_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_lines_of_operation_status ON codex.lines_of_operation USING btree (workspace_id, status, name);

--
-- Name: INDEX idx_lines_of_operation_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_lines_of_operation_status IS 'The plan lists lines by status.';

--
-- Name: idx_market_insights_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_market_insights_created ON codex.market_insights USING btree (workspace_id, created_at DESC);

--
-- Name: INDEX idx_market_insights_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_market_insights_created IS 'The feed, newest first.';

--
-- Name: idx_market_insights_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_market_insights_created_by ON codex.market_insights USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_market_insights_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_market_insights_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_market_insights_relevance; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_market_insights_relevance ON codex.market_insights USING btree (workspace_id, relevant_from, relevant_until);

--
-- Name: INDEX idx_market_insights_relevance; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_market_insights_relevance IS 'What matters in a period.';

--
-- Name: idx_market_insights_reviewed_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_market_insights_reviewed_by ON codex.market_insights USING btree (workspace_id, reviewed_by);

--
-- Name: INDEX idx_market_insights_reviewed_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_market_insights_reviewed_by IS 'Rows of one member (reviewed_by); foreign key to user_workspaces.';

--
-- Name: idx_market_insights_source_agent; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_market_insights_source_agent ON codex.market_insights USING btree (source_agent_id);

--
-- Name: INDEX idx_market_insights_source_agent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_market_insights_source_agent IS 'Rows of one agent registry; foreign key to agent_registry.';

--
-- Name: idx_market_insights_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_market_insights_status ON codex.market_insights USING btree (workspace_id, status, confidence DESC, created_at DESC);

--
-- Name: INDEX idx_market_insights_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_market_insights_status IS 'get_active_insights, surest first.';

--
-- Name: idx_market_insights_superseded_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_market_insights_superseded_by ON codex.market_insights USING btree (workspace_id, superseded_by_id);

--
-- Name: INDEX idx_market_insights_superseded_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_market_insights_superseded_by IS 'Rows of one market insight; foreign key to market_insights.';

--
-- Name: idx_market_insights_type; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_market_insights_type ON codex.market_insights USING btree (workspace_id, insight_type, created_at DESC);

--
-- Name: INDEX idx_market_insights_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_market_insights_type IS 'The list of one type.';

--
-- Name: idx_message_architecture_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_message_architecture_created ON codex.message_architecture USING btree (workspace_id, positioning_id, created_at DESC, id DESC);

--
-- Name: INDEX idx_message_architecture_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_message_architecture_created IS 'Messages of a positioning, newest first.';

--
-- Name: idx_message_architecture_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_message_architecture_created_by ON codex.message_architecture USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_message_architecture_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_message_architecture_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_message_architecture_positioning; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_message_architecture_positioning ON codex.message_architecture USING btree (workspace_id, positioning_id, status, updated_at DESC);

--
-- Name: INDEX idx_message_architecture_positioning; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_message_architecture_positioning IS 'Messages of a positioning, newest change first; foreign key to positioning.';

--
-- Name: idx_move_anomalies_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_move_anomalies_created_by ON codex.move_anomalies USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_move_anomalies_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_move_anomalies_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_move_anomalies_move; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_move_anomalies_move ON codex.move_anomalies USING btree (workspace_id, move_id, status);

--
-- Name: INDEX idx_move_anomalies_move; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_move_anomalies_move IS 'Issues of a move; foreign key to moves.';

--
-- Name: idx_move_anomalies_open; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_move_anomalies_open ON codex.move_anomalies USING btree (workspace_id, severity DESC, created_at) WHERE (status = 'open'::text);

--
-- Name: INDEX idx_move_anomalies_open; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_move_anomalies_open IS 'The review list, worst first.';

--
-- Name: idx_move_logs_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_move_logs_created_by ON codex.move_logs USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_move_logs_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_move_logs_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_moves_campaign; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_campaign ON codex.moves USING btree (workspace_id, campaign_id, status);

--
-- Name: INDEX idx_moves_campaign; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_campaign IS 'Moves of a campaign, by status; foreign key to campaigns.';

--
-- Name: idx_moves_cohort; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_cohort ON codex.moves USING btree (workspace_id, cohort_id);

--
-- Name: INDEX idx_moves_cohort; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_cohort IS 'Rows of one cohort; foreign key to cohorts.';

--
-- Name: idx_moves_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_created_by ON codex.moves USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_moves_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_moves_created_by_agent; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_created_by_agent ON codex.moves USING btree (created_by_agent);

--
-- Name: INDEX idx_moves_created_by_agent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_created_by_agent IS 'Foreign key to agent_registry.';

--
-- Name: idx_moves_journey_stage_from; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_journey_stage_from ON codex.moves USING btree (journey_stage_from);

--
-- Name: INDEX idx_moves_journey_stage_from; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_journey_stage_from IS 'Rows of one journey stage; foreign key to journey_stages.';

--
-- Name: idx_moves_journey_stage_to; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_journey_stage_to ON codex.moves USING btree (journey_stage_to);

--
-- Name: INDEX idx_moves_journey_stage_to; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_journey_stage_to IS 'Rows of one journey stage; foreign key to journey_stages.';

--
-- Name: idx_moves_line_of_operation; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_line_of_operation ON codex.moves USING btree (workspace_id, line_of_operation_id);

--
-- Name: INDEX idx_moves_line_of_operation; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_line_of_operation IS 'Rows of one lines of operation; foreign key to lines_of_operation.';

--
-- Name: idx_moves_maneuver_type; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_maneuver_type ON codex.moves USING btree (maneuver_type);

--
-- Name: INDEX idx_moves_maneuver_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_maneuver_type IS 'Rows of one maneuver type; foreign key to maneuver_types.';

--
-- Name: idx_moves_owner; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_owner ON codex.moves USING btree (workspace_id, owner_id, status);

--
-- Name: INDEX idx_moves_owner; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_owner IS 'Moves of a member, and their success rate; foreign key to user_workspaces.';

--
-- Name: idx_moves_sprint; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_sprint ON codex.moves USING btree (workspace_id, sprint_id);

--
-- Name: INDEX idx_moves_sprint; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_sprint IS 'Rows of one sprint; foreign key to sprints.';

--
-- Name: idx_moves_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_status ON codex.moves USING btree (workspace_id, status, created_at DESC);

--
-- Name: INDEX idx_moves_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_status IS 'The board lists moves by status, newest first.';

--
-- Name: idx_moves_triggered_by_trend; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_moves_triggered_by_trend ON codex.moves USING btree (workspace_id, triggered_by_trend_id);

--
-- Name: INDEX idx_moves_triggered_by_trend; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_moves_triggered_by_trend IS 'Moves that a trend caused; foreign key to trends.';

--
-- Name: idx_outbox_events_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_outbox_events_created ON codex.outbox_events USING btree (workspace_id, created_at);

--
-- Name: INDEX idx_outbox_events_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_outbox_events_created IS 'prune_events removes the oldest events.';

--
-- Name: idx_outbox_events_unnumbered; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_outbox_events_unnumbered ON codex.outbox_events USING btree (workspace_id, xid, id) WHERE (number IS NULL);

--
-- Name: INDEX idx_outbox_events_unnumbered; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_outbox_events_unnumbered IS 'number_events finds what is not numbered yet, in order.';

--
-- Name: idx_outbox_events_user; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_outbox_events_user ON codex.outbox_events USING btree (workspace_id, user_id);

--
-- Name: INDEX idx_outbox_events_user; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_outbox_events_user IS 'What a member changed; foreign key to user_workspaces.';

--
-- Name: idx_positioning_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_positioning_created ON codex.positioning USING btree (workspace_id, created_at DESC, id DESC);

--
-- Name: INDEX idx_positioning_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_positioning_created IS 'All positionings, newest first.';

--
-- Name: idx_positioning_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_positioning_created_by ON codex.positioning USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_positioning_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_positioning_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_positioning_forked_from; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_positioning_forked_from ON codex.positioning USING btree (workspace_id, forked_from_id);

--
-- Name: INDEX idx_positioning_forked_from; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_positioning_forked_from IS 'Rows of one positioning; foreign key to positioning.';

--
-- Name: idx_positioning_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_positioning_status ON codex.positioning USING btree (workspace_id, status, updated_at DESC);

--
-- Name: INDEX idx_positioning_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_positioning_status IS 'The workshop lists positionings by status, newest change first.';

--
-- Name: idx_quest_dependencies_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_quest_dependencies_created_by ON codex.quest_dependencies USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_quest_dependencies_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_quest_dependencies_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_quest_dependencies_depends_on; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_quest_dependencies_depends_on ON codex.quest_dependencies USING btree (workspace_id, campaign_id, depends_on_id);

--
-- Name: INDEX idx_quest_dependencies_depends_on; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_quest_dependencies_depends_on IS 'What waits for a quest; foreign key to campaign_quests.';

--
-- Name: idx_quest_dependencies_quest; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_quest_dependencies_quest ON codex.quest_dependencies USING btree (workspace_id, campaign_id, quest_id);

--
-- Name: INDEX idx_quest_dependencies_quest; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_quest_dependencies_quest IS 'The dependencies of a campaign; foreign key to campaign_quests.';

--
-- Name: idx_recommendation_outcomes_evaluator; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_recommendation_outcomes_evaluator ON codex.recommendation_outcomes USING btree (workspace_id, evaluator_id);

--
-- Name: INDEX idx_recommendation_outcomes_evaluator; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_recommendation_outcomes_evaluator IS 'Rows of one member (evaluator_id); foreign key to user_workspaces.';

--
-- Name: idx_sprints_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_sprints_created_by ON codex.sprints USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_sprints_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_sprints_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_sprints_dates; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_sprints_dates ON codex.sprints USING btree (workspace_id, start_date, end_date);

--
-- Name: INDEX idx_sprints_dates; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_sprints_dates IS 'The calendar shows the sprints of a period.';

--
-- Name: idx_strategy_insights_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_strategy_insights_created_by ON codex.strategy_insights USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_strategy_insights_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_strategy_insights_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_strategy_insights_source; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_strategy_insights_source ON codex.strategy_insights USING btree (workspace_id, source_type, source_id);

--
-- Name: INDEX idx_strategy_insights_source; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_strategy_insights_source IS 'What was learnt from one source.';

--
-- Name: idx_strategy_insights_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_strategy_insights_status ON codex.strategy_insights USING btree (workspace_id, status, impact_score DESC);

--
-- Name: INDEX idx_strategy_insights_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_strategy_insights_status IS 'The review list, most important first.';

--
-- Name: idx_stream_tickets_api_key; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_stream_tickets_api_key ON codex.stream_tickets USING btree (workspace_id, api_key_id);

--
-- Name: INDEX idx_stream_tickets_api_key; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_stream_tickets_api_key IS 'Foreign key to api_keys.';

--
-- Name: idx_stream_tickets_expires; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_stream_tickets_expires ON codex.stream_tickets USING btree (workspace_id, expires_at);

--
-- Name: INDEX idx_stream_tickets_expires; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_stream_tickets_expires IS 'create_stream_ticket removes those that nobody took.';

--
-- Name: idx_stream_tickets_user; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_stream_tickets_user ON codex.stream_tickets USING btree (workspace_id, user_id);

--
-- Name: INDEX idx_stream_tickets_user; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_stream_tickets_user IS 'Foreign key to user_workspaces.';

--
-- Name: idx_subscriptions_period; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_subscriptions_period ON codex.subscriptions USING btree (workspace_id, current_period_end);

--
-- Name: INDEX idx_subscriptions_period; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_subscriptions_period IS 'Renewal finds what ends.';

--
-- Name: idx_support_feedback_cohort; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_support_feedback_cohort ON codex.support_feedback USING btree (workspace_id, cohort_id);

--
-- Name: INDEX idx_support_feedback_cohort; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_support_feedback_cohort IS 'Rows of one cohort; foreign key to cohorts.';

--
-- Name: idx_support_feedback_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_support_feedback_created_by ON codex.support_feedback USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_support_feedback_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_support_feedback_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_support_feedback_received; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_support_feedback_received ON codex.support_feedback USING btree (workspace_id, received_at DESC);

--
-- Name: INDEX idx_support_feedback_received; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_support_feedback_received IS 'The feed, newest first.';

--
-- Name: idx_system_alerts_acknowledged_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_system_alerts_acknowledged_by ON codex.system_alerts USING btree (workspace_id, acknowledged_by);

--
-- Name: INDEX idx_system_alerts_acknowledged_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_system_alerts_acknowledged_by IS 'Rows of one member (acknowledged_by); foreign key to user_workspaces.';

--
-- Name: idx_system_alerts_campaign; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_system_alerts_campaign ON codex.system_alerts USING btree (workspace_id, campaign_id, status);

--
-- Name: INDEX idx_system_alerts_campaign; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_system_alerts_campaign IS 'Alerts of a campaign; foreign key to campaigns.';

--
-- Name: idx_system_alerts_cohort; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_system_alerts_cohort ON codex.system_alerts USING btree (workspace_id, cohort_id);

--
-- Name: INDEX idx_system_alerts_cohort; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_system_alerts_cohort IS 'Rows of one cohort; foreign key to cohorts.';

--
-- Name: idx_system_alerts_created; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_system_alerts_created ON codex.system_alerts USING btree (workspace_id, created_at DESC);

--
-- Name: INDEX idx_system_alerts_created; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_system_alerts_created IS 'The feed, newest first.';

--
-- Name: idx_system_alerts_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_system_alerts_created_by ON codex.system_alerts USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_system_alerts_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_system_alerts_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_system_alerts_ended_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_system_alerts_ended_by ON codex.system_alerts USING btree (workspace_id, ended_by);

--
-- Name: INDEX idx_system_alerts_ended_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_system_alerts_ended_by IS 'Rows of one member (ended_by); foreign key to user_workspaces.';

--
-- Name: idx_system_alerts_move; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_system_alerts_move ON codex.system_alerts USING btree (workspace_id, move_id);

--
-- Name: INDEX idx_system_alerts_move; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_system_alerts_move IS 'Rows of one move; foreign key to moves.';

--
-- Name: idx_system_alerts_signal; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_system_alerts_signal ON codex.system_alerts USING btree (workspace_id, signal_id);

--
-- Name: INDEX idx_system_alerts_signal; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_system_alerts_signal IS 'Rows of one intelligence signal; foreign key to intelligence_signals.';

--
-- Name: idx_system_alerts_status; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_system_alerts_status ON codex.system_alerts USING btree (workspace_id, status, severity_rank DESC, created_at DESC);

--
-- Name: INDEX idx_system_alerts_status; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_system_alerts_status IS 'get_critical_alerts and the list by status, worst first.';

--
-- Name: idx_system_alerts_triggered_by_agent; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_system_alerts_triggered_by_agent ON codex.system_alerts USING btree (triggered_by_agent_id);

--
-- Name: INDEX idx_system_alerts_triggered_by_agent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_system_alerts_triggered_by_agent IS 'Rows of one agent registry; foreign key to agent_registry.';

--
-- Name: idx_system_alerts_type; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_system_alerts_type ON codex.system_alerts USING btree (workspace_id, alert_type, created_at DESC);

--
-- Name: INDEX idx_system_alerts_type; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_system_alerts_type IS 'The list of one type.';

--
-- Name: idx_trends_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_trends_created_by ON codex.trends USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_trends_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_trends_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_trends_opportunity; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_trends_opportunity ON codex.trends USING btree (workspace_id, opportunity_score DESC, created_at DESC);

--
-- Name: INDEX idx_trends_opportunity; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_trends_opportunity IS 'The list of trends, best first.';

--
-- Name: idx_user_achievements_achievement; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_achievements_achievement ON codex.user_achievements USING btree (workspace_id, achievement_id);

--
-- Name: INDEX idx_user_achievements_achievement; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_achievements_achievement IS 'Rows of one achievement; foreign key to achievements.';

--
-- Name: idx_user_achievements_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_achievements_created_by ON codex.user_achievements USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_user_achievements_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_achievements_created_by IS 'Rows made by a member; foreign key to user_workspaces.';

--
-- Name: idx_user_achievements_recent; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_achievements_recent ON codex.user_achievements USING btree (workspace_id, awarded_at DESC);

--
-- Name: INDEX idx_user_achievements_recent; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_achievements_recent IS 'The feed of awards, newest first.';

--
-- Name: idx_user_achievements_user; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_achievements_user ON codex.user_achievements USING btree (workspace_id, user_id, awarded_at DESC);

--
-- Name: INDEX idx_user_achievements_user; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_achievements_user IS 'Awards of a member, newest first.';

--
-- Name: idx_user_notifications_achievement; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_notifications_achievement ON codex.user_notifications USING btree (workspace_id, achievement_id);

--
-- Name: INDEX idx_user_notifications_achievement; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_notifications_achievement IS 'Rows of one achievement; foreign key to achievements.';

--
-- Name: idx_user_notifications_alert; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_notifications_alert ON codex.user_notifications USING btree (workspace_id, alert_id);

--
-- Name: INDEX idx_user_notifications_alert; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_notifications_alert IS 'Rows of one system alert; foreign key to system_alerts.';

--
-- Name: idx_user_notifications_campaign; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_notifications_campaign ON codex.user_notifications USING btree (workspace_id, campaign_id);

--
-- Name: INDEX idx_user_notifications_campaign; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_notifications_campaign IS 'Rows of one campaign; foreign key to campaigns.';

--
-- Name: idx_user_notifications_inbox; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_notifications_inbox ON codex.user_notifications USING btree (workspace_id, user_id, created_at DESC);

--
-- Name: INDEX idx_user_notifications_inbox; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_notifications_inbox IS 'The inbox of a person, newest first.';

--
-- Name: idx_user_notifications_unread; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_notifications_unread ON codex.user_notifications USING btree (workspace_id, user_id, priority_rank DESC, created_at DESC) WHERE ((read_at IS NULL) AND (archived_at IS NULL));

--
-- Name: INDEX idx_user_notifications_unread; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_notifications_unread IS 'get_user_unread_notifications, most urgent first.';

--
-- Name: idx_user_stats_active; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_stats_active ON codex.user_stats USING btree (workspace_id, last_active_at DESC);

--
-- Name: INDEX idx_user_stats_active; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_stats_active IS 'The members page, most recently active first.';

--
-- Name: idx_user_stats_leaderboard; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_stats_leaderboard ON codex.user_stats USING btree (workspace_id, lifetime_points DESC, user_id);

--
-- Name: INDEX idx_user_stats_leaderboard; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_stats_leaderboard IS 'get_leaderboard reads the best from the top.';

--
-- Name: idx_user_stats_streak; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_stats_streak ON codex.user_stats USING btree (workspace_id, streak_deadline_at) WHERE (streak_current > 0);

--
-- Name: INDEX idx_user_stats_streak; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_stats_streak IS 'Background work reminds whose streak is about to end.';

--
-- Name: idx_user_workspaces_user; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_user_workspaces_user ON codex.user_workspaces USING btree (user_id);

--
-- Name: INDEX idx_user_workspaces_user; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_user_workspaces_user IS 'workspaces_of(user): the workspaces a person belongs to; foreign key to user_profiles.';

--
-- Name: idx_workspace_invitations_accepted_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_workspace_invitations_accepted_by ON codex.workspace_invitations USING btree (workspace_id, accepted_by);

--
-- Name: INDEX idx_workspace_invitations_accepted_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_workspace_invitations_accepted_by IS 'How a member came in; foreign key to user_workspaces.';

--
-- Name: idx_workspace_invitations_created_by; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_workspace_invitations_created_by ON codex.workspace_invitations USING btree (workspace_id, created_by);

--
-- Name: INDEX idx_workspace_invitations_created_by; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_workspace_invitations_created_by IS 'Invitations sent by a member; foreign key to user_workspaces.';

--
-- Name: idx_workspace_slugs_workspace; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE INDEX idx_workspace_slugs_workspace ON codex.workspace_slugs USING btree (workspace_id, created_at);

--
-- Name: INDEX idx_workspace_slugs_workspace; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.idx_workspace_slugs_workspace IS 'The newest slug of a workspace (workspaces_of), and its removal by purge_workspace.';

--
-- Name: uniq_achievements_key; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_achievements_key ON codex.achievements USING btree (workspace_id, key);

--
-- Name: INDEX uniq_achievements_key; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_achievements_key IS 'Code finds an achievement by its key.';

--
-- Name: uniq_agent_assignments_open; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_agent_assignments_open ON codex.agent_assignments USING btree (workspace_id, agent_id, campaign_id) NULLS NOT DISTINCT WHERE (status = ANY (ARRAY['active'::text, 'paused'::text]));

--
-- Name: INDEX uniq_agent_assignments_open; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_agent_assignments_open IS 'An agent is assigned once to a campaign, and once to none.';

--
-- Name: uniq_agent_executions_lane; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_agent_executions_lane ON codex.agent_executions USING btree (workspace_id, assignment_id, lane) NULLS NOT DISTINCT WHERE (status = 'running'::text);

--
-- Name: INDEX uniq_agent_executions_lane; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_agent_executions_lane IS 'No more run at once than the assignment has lanes; reap_executions reads what runs.';

--
-- Name: uniq_agent_registry_code; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_agent_registry_code ON codex.agent_registry USING btree (code, version) WHERE (code IS NOT NULL);

--
-- Name: INDEX uniq_agent_registry_code; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_agent_registry_code IS 'An agent is found by its code.';

--
-- Name: uniq_api_keys_key_hash; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_api_keys_key_hash ON codex.api_keys USING btree (workspace_id, key_hash);

--
-- Name: INDEX uniq_api_keys_key_hash; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_api_keys_key_hash IS 'set_context_by_key finds the key of a request.';

--
-- Name: uniq_autopay_payments_payment; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_autopay_payments_payment ON codex.autopay_payments USING btree (workspace_id, payment_id);

--
-- Name: INDEX uniq_autopay_payments_payment; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_autopay_payments_payment IS 'The provider''s callback finds its charge, once.';

--
-- Name: uniq_autopay_subscriptions_reference; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_autopay_subscriptions_reference ON codex.autopay_subscriptions USING btree (workspace_id, merchant_subscription_id);

--
-- Name: INDEX uniq_autopay_subscriptions_reference; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_autopay_subscriptions_reference IS 'The provider''s callback finds its mandate, once.';

--
-- Name: uniq_billing_history_transaction; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_billing_history_transaction ON codex.billing_history USING btree (workspace_id, merchant_transaction_id);

--
-- Name: INDEX uniq_billing_history_transaction; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_billing_history_transaction IS 'The provider''s callback finds its payment, once.';

--
-- Name: uniq_competitor_content_url; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_competitor_content_url ON codex.competitor_content USING btree (workspace_id, competitor_id, url);

--
-- Name: INDEX uniq_competitor_content_url; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_competitor_content_url IS 'A piece is kept once; foreign key to competitors.';

--
-- Name: uniq_competitor_patterns_name; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_competitor_patterns_name ON codex.competitor_patterns USING btree (workspace_id, competitor_id, pattern_type, pattern_name);

--
-- Name: INDEX uniq_competitor_patterns_name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_competitor_patterns_name IS 'A pattern is kept once; foreign key to competitors.';

--
-- Name: uniq_competitors_name; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_competitors_name ON codex.competitors USING btree (workspace_id, lower(name));

--
-- Name: INDEX uniq_competitors_name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_competitors_name IS 'A competitor is kept once; lists are by name.';

--
-- Name: uniq_content_patterns_name; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_content_patterns_name ON codex.content_patterns USING btree (workspace_id, pattern_type, name);

--
-- Name: INDEX uniq_content_patterns_name; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_content_patterns_name IS 'A pattern is kept once; the library lists by kind.';

--
-- Name: uniq_global_strategies_current; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_global_strategies_current ON codex.global_strategies USING btree (workspace_id) WHERE (status <> 'archived'::text);

--
-- Name: INDEX uniq_global_strategies_current; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_global_strategies_current IS 'One strategy that is not archived; every page reads it.';

--
-- Name: uniq_intelligence_signals_fingerprint; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_intelligence_signals_fingerprint ON codex.intelligence_signals USING btree (workspace_id, fingerprint_version, fingerprint);

--
-- Name: INDEX uniq_intelligence_signals_fingerprint; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_intelligence_signals_fingerprint IS 'A sighting finds the signal it belongs to.';

--
-- Name: uniq_message_architecture_published; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_message_architecture_published ON codex.message_architecture USING btree (workspace_id, positioning_id, channel, persona) NULLS NOT DISTINCT WHERE (status = 'published'::text);

--
-- Name: INDEX uniq_message_architecture_published; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_message_architecture_published IS 'One published message for a channel and persona; messages resolve by it.';

--
-- Name: uniq_outbox_events_number; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_outbox_events_number ON codex.outbox_events USING btree (workspace_id, number) WHERE (number IS NOT NULL);

--
-- Name: INDEX uniq_outbox_events_number; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_outbox_events_number IS 'events_after reads on from a number; a number is given once.';

--
-- Name: uniq_positioning_active; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_positioning_active ON codex.positioning USING btree (workspace_id, segment) WHERE (status = 'active'::text);

--
-- Name: INDEX uniq_positioning_active; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_positioning_active IS 'One active positioning per segment; messages resolve by it.';

--
-- Name: uniq_stream_tickets_ticket_hash; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_stream_tickets_ticket_hash ON codex.stream_tickets USING btree (workspace_id, ticket_hash);

--
-- Name: INDEX uniq_stream_tickets_ticket_hash; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_stream_tickets_ticket_hash IS 'take_stream_ticket finds a ticket.';

--
-- Name: uniq_subscriptions_current; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_subscriptions_current ON codex.subscriptions USING btree (workspace_id) WHERE (status = ANY (ARRAY['trialing'::text, 'active'::text, 'past_due'::text]));

--
-- Name: INDEX uniq_subscriptions_current; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_subscriptions_current IS 'One current subscription; the billing page shows it.';

--
-- Name: uniq_support_feedback_source; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_support_feedback_source ON codex.support_feedback USING btree (workspace_id, source, external_id) WHERE (external_id IS NOT NULL);

--
-- Name: INDEX uniq_support_feedback_source; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_support_feedback_source IS 'An import brings each item once.';

--
-- Name: uniq_system_alerts_open; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_system_alerts_open ON codex.system_alerts USING btree (workspace_id, dedup_key) WHERE (status = ANY (ARRAY['active'::text, 'acknowledged'::text]));

--
-- Name: INDEX uniq_system_alerts_open; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_system_alerts_open IS 'One unresolved alert per key; create_system_alert finds it.';

--
-- Name: uniq_trends_topic; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_trends_topic ON codex.trends USING btree (workspace_id, lower(topic));

--
-- Name: INDEX uniq_trends_topic; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_trends_topic IS 'A trend is kept once; the mention finds its trend.';

--
-- Name: uniq_workspace_invitations_open_email; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_workspace_invitations_open_email ON codex.workspace_invitations USING btree (workspace_id, lower(email)) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));

--
-- Name: INDEX uniq_workspace_invitations_open_email; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_workspace_invitations_open_email IS 'One open invitation per address; the members page lists them.';

--
-- Name: uniq_workspace_invitations_token; Type: INDEX; Schema: codex; Owner: codex_owner
--

CREATE UNIQUE INDEX uniq_workspace_invitations_token ON codex.workspace_invitations USING btree (workspace_id, token_hash);

--
-- Name: INDEX uniq_workspace_invitations_token; Type: COMMENT; Schema: codex; Owner: codex_owner
--

COMMENT ON INDEX codex.uniq_workspace_invitations_token IS 'accept_invitation finds the invitation of a token.';

--
-- Name: positioning _050_number_revision; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _050_number_revision BEFORE INSERT ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg_positioning__number_revision();

--
-- Name: campaign_quests _060_place_last; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _060_place_last BEFORE INSERT ON codex.campaign_quests FOR EACH ROW WHEN ((new."position" = 0)) EXECUTE FUNCTION codex.tg_campaign_quests__place_last();

--
-- Name: user_workspaces _100_check_role_change; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_role_change BEFORE UPDATE OF role ON codex.user_workspaces FOR EACH ROW EXECUTE FUNCTION codex.tg_user_workspaces__check_role_change();

--
-- Name: api_keys _100_check_scopes; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_scopes BEFORE INSERT OR UPDATE OF scopes ON codex.api_keys FOR EACH ROW EXECUTE FUNCTION codex.tg_api_keys__check_scopes();

--
-- Name: achievements _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.achievements FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'inactive, active', 'inactive > active, retired', 'active > inactive, retired');

--
-- Name: agent_assignments _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'active', 'active > paused, completed, failed, archived', 'paused > active, completed, failed, archived', 'completed > archived', 'failed > active, archived');

--
-- Name: agent_debates _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.agent_debates FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'open', 'open > decided, abandoned');

--
-- Name: agent_executions _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.agent_executions FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'queued', 'queued > running, cancelled', 'running > queued, succeeded, failed, cancelled, timed_out');

--
-- Name: agent_recommendations _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.agent_recommendations FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'pending', 'pending > accepted, rejected, expired');

--
-- Name: agent_registry _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.agent_registry FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'draft, active', 'draft > active, retired', 'active > deprecated', 'deprecated > active, retired');

--
-- Name: assets _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.assets FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'draft', 'draft > review, archived', 'review > draft, approved, archived', 'approved > draft, published, archived', 'published > archived');

--
-- Name: autopay_payments _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.autopay_payments FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'pending, processing', 'pending > processing, success, failed', 'processing > success, failed', 'failed > processing', 'success > refunded');

--
-- Name: autopay_subscriptions _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.autopay_subscriptions FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'pending, active', 'pending > active, failed, cancelled', 'active > paused, cancelled, expired, failed', 'paused > active, cancelled, expired');

--
-- Name: billing_history _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.billing_history FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'pending, success, failed', 'pending > success, failed, cancelled', 'success > refunded');

--
-- Name: campaign_quests _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'pending, in_progress', 'pending > in_progress, completed, blocked, on_hold, skipped', 'in_progress > pending, completed, blocked, on_hold, skipped', 'blocked > pending, in_progress, on_hold, skipped', 'on_hold > pending, in_progress, blocked, skipped', 'completed > in_progress', 'skipped > pending');

--
-- Name: campaigns _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'draft, planning', 'draft > planning, cancelled', 'planning > active, cancelled', 'active > paused, completed, cancelled', 'paused > active, completed, cancelled', 'completed > archived');

--
-- Name: experiments _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.experiments FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'running', 'running > completed, stopped, failed');

--
-- Name: global_strategies _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.global_strategies FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'draft', 'draft > active, archived', 'active > archived', 'archived > draft');

--
-- Name: intelligence_signals _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.intelligence_signals FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'new', 'new > acknowledged, actioned, dismissed', 'acknowledged > actioned, archived, dismissed', 'actioned > archived, dismissed');

--
-- Name: lines_of_operation _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.lines_of_operation FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'active', 'active > paused, complete', 'paused > active, complete');

--
-- Name: market_insights _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'draft, active', 'draft > active, retracted', 'active > superseded, retracted, archived', 'superseded > archived');

--
-- Name: message_architecture _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.message_architecture FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'draft', 'draft > published, superseded', 'published > superseded');

--
-- Name: move_anomalies _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.move_anomalies FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'open', 'open > acknowledged, resolved, ignored', 'acknowledged > resolved, ignored');

--
-- Name: moves _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.moves FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'planning', 'planning > ooda_observe, killed', 'ooda_observe > ooda_orient, killed', 'ooda_orient > ooda_observe, ooda_decide, killed', 'ooda_decide > ooda_orient, ooda_act, killed', 'ooda_act > ooda_observe, complete, killed');

--
-- Name: positioning _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'draft', 'draft > active, retracted', 'active > superseded, retracted');

--
-- Name: sprints _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.sprints FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'planning', 'planning > active', 'active > review', 'review > active, complete');

--
-- Name: strategy_insights _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.strategy_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'new', 'new > reviewed, actioned, dismissed', 'reviewed > actioned, dismissed');

--
-- Name: system_alerts _100_check_transition; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_check_transition BEFORE INSERT OR UPDATE OF status ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg__check_transition('status', 'active', 'active > acknowledged, resolved, dismissed', 'acknowledged > resolved, dismissed');

--
-- Name: audit_events _100_refuse_change; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _100_refuse_change BEFORE DELETE OR UPDATE ON codex.audit_events FOR EACH ROW EXECUTE FUNCTION codex.tg__refuse_change();

--
-- Name: campaign_quests _110_check_dependencies; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _110_check_dependencies BEFORE UPDATE OF status ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg_campaign_quests__check_dependencies();

--
-- Name: campaigns _120_check_activation; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _120_check_activation BEFORE UPDATE OF status ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg_campaigns__check_activation();

--
-- Name: agent_assignments _120_check_agent; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _120_check_agent BEFORE INSERT OR UPDATE OF status ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg_agent_assignments__check_agent();

--
-- Name: agent_assignments _150_stamp; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _150_stamp BEFORE UPDATE OF status ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg_agent_assignments__stamp();

--
-- Name: agent_executions _150_stamp; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _150_stamp BEFORE UPDATE OF status ON codex.agent_executions FOR EACH ROW EXECUTE FUNCTION codex.tg_agent_executions__stamp();

--
-- Name: campaigns _150_stamp; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _150_stamp BEFORE UPDATE OF status ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg_campaigns__stamp();

--
-- Name: market_insights _150_stamp; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _150_stamp BEFORE INSERT OR UPDATE OF status ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg_market_insights__stamp();

--
-- Name: message_architecture _150_stamp; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _150_stamp BEFORE UPDATE OF status ON codex.message_architecture FOR EACH ROW EXECUTE FUNCTION codex.tg_message_architecture__stamp();

--
-- Name: positioning _150_stamp; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _150_stamp BEFORE UPDATE OF status ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg_positioning__stamp();

--
-- Name: system_alerts _150_stamp; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _150_stamp BEFORE UPDATE OF status ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg_system_alerts__stamp();

--
-- Name: campaigns _160_refuse_delete; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _160_refuse_delete BEFORE DELETE ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg__refuse_change();

--
-- Name: intelligence_signals _160_refuse_delete; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _160_refuse_delete BEFORE DELETE ON codex.intelligence_signals FOR EACH ROW EXECUTE FUNCTION codex.tg__refuse_change();

--
-- Name: campaign_cohorts _200_check_allocation; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_check_allocation BEFORE INSERT OR UPDATE OF allocation_percentage ON codex.campaign_cohorts FOR EACH ROW EXECUTE FUNCTION codex.tg_campaign_cohorts__check_allocation();

--
-- Name: quest_dependencies _200_check_cycle; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_check_cycle BEFORE INSERT ON codex.quest_dependencies FOR EACH ROW EXECUTE FUNCTION codex.tg_quest_dependencies__check_cycle();

--
-- Name: agent_assignments _200_check_lease; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_check_lease BEFORE UPDATE OF holder, fencing_token ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg_agent_assignments__check_lease();

--
-- Name: agent_executions _200_check_lease; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_check_lease BEFORE UPDATE ON codex.agent_executions FOR EACH ROW EXECUTE FUNCTION codex.tg_agent_executions__check_lease();

--
-- Name: cohorts _200_check_limit; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_check_limit BEFORE INSERT OR UPDATE OF archived_at ON codex.cohorts FOR EACH ROW EXECUTE FUNCTION codex.tg_cohorts__check_limit();

--
-- Name: achievements _200_check_prerequisite; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_check_prerequisite BEFORE INSERT OR UPDATE OF prerequisite_id ON codex.achievements FOR EACH ROW EXECUTE FUNCTION codex.tg_achievements__check_prerequisite();

--
-- Name: system_alerts _200_check_severity; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_check_severity BEFORE UPDATE OF severity ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg_system_alerts__check_severity();

--
-- Name: moves _200_check_sprint_limit; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_check_sprint_limit BEFORE INSERT OR UPDATE OF sprint_id ON codex.moves FOR EACH ROW EXECUTE FUNCTION codex.tg_moves__check_sprint_limit();

--
-- Name: campaign_quests _200_check_tree; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_check_tree BEFORE INSERT OR UPDATE OF parent_id, campaign_id ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg_campaign_quests__check_tree();

--
-- Name: campaigns _200_check_tree; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_check_tree BEFORE INSERT OR UPDATE OF parent_id ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg_campaigns__check_tree();

--
-- Name: agent_registry _200_check_version; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_check_version BEFORE UPDATE OF name, version ON codex.agent_registry FOR EACH ROW EXECUTE FUNCTION codex.tg_agent_registry__check_version();

--
-- Name: user_workspaces _200_keep_an_owner; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_keep_an_owner BEFORE UPDATE OF role, removed_at ON codex.user_workspaces FOR EACH ROW EXECUTE FUNCTION codex.tg_user_workspaces__keep_an_owner();

--
-- Name: market_insights _200_keep_published; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_keep_published BEFORE DELETE OR UPDATE ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__keep_published('draft', 'superseded_by_id, reviewed_by, actioned_at, published_at, signal_count, confidence_level');

--
-- Name: message_architecture _200_keep_published; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_keep_published BEFORE DELETE OR UPDATE ON codex.message_architecture FOR EACH ROW EXECUTE FUNCTION codex.tg__keep_published('draft', 'published_at');

--
-- Name: positioning _200_keep_published; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_keep_published BEFORE DELETE OR UPDATE ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg__keep_published('draft', 'published_at, ended_at');

--
-- Name: user_stats _200_update_experience_level; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _200_update_experience_level BEFORE INSERT OR UPDATE ON codex.user_stats FOR EACH ROW EXECUTE FUNCTION codex.update_experience_level();

--
-- Name: campaign_quests _300_own_progress; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _300_own_progress BEFORE INSERT OR UPDATE OF status, progress ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg_campaign_quests__own_progress();

--
-- Name: agent_assignments _500_cancel_queued; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _500_cancel_queued AFTER UPDATE OF status ON codex.agent_assignments FOR EACH ROW WHEN ((new.status = ANY (ARRAY['completed'::text, 'failed'::text, 'archived'::text]))) EXECUTE FUNCTION codex.tg_agent_assignments__cancel_queued();

--
-- Name: agent_executions _800_count; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _800_count AFTER UPDATE OF status ON codex.agent_executions FOR EACH ROW EXECUTE FUNCTION codex.tg_agent_executions__count();

--
-- Name: achievements _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.achievements FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: agent_assignments _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('holder', 'fencing_token', 'lease_expires_at', 'tasks_completed_count', 'tasks_failed_count', 'tokens_count', 'cost_micros', 'priority_rank');

--
-- Name: agent_debates _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.agent_debates FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: agent_executions _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.agent_executions FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('attempts_count', 'lane', 'instance', 'fencing_token', 'lease_ms', 'lease_expires_at', 'heartbeat_at', 'deadline_at', 'priority_rank');

--
-- Name: agent_instances _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.agent_instances FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('slots', 'last_seen_at');

--
-- Name: agent_messages _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.agent_messages FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: agent_performance _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.agent_performance FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('execution_count', 'success_count', 'failure_count', 'input_tokens_count', 'output_tokens_count', 'cost_micros', 'total_duration_ms', 'min_duration_ms', 'max_duration_ms', 'durations');

--
-- Name: agent_recommendations _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.agent_recommendations FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: agent_trust_scores _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.agent_trust_scores FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('overall_score', 'accuracy_score', 'consistency_score', 'timeliness_score', 'reliability_score', 'approval_rate_percentage', 'recommendation_count');

--
-- Name: api_keys _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.api_keys FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('last_used_at');

--
-- Name: assets _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.assets FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: autopay_payments _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.autopay_payments FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('retry_count');

--
-- Name: autopay_subscriptions _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.autopay_subscriptions FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: billing_history _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.billing_history FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: campaign_cohorts _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.campaign_cohorts FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('reached_count', 'converted_count');

--
-- Name: campaign_quests _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('progress');

--
-- Name: campaigns _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: cohorts _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.cohorts FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: competitor_content _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.competitor_content FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('performance_metrics');

--
-- Name: competitor_patterns _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.competitor_patterns FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('frequency_count', 'success_rate_percentage');

--
-- Name: competitors _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.competitors FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('last_analyzed_at');

--
-- Name: content_adaptations _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.content_adaptations FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: content_patterns _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.content_patterns FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('success_rate_percentage', 'usage_count');

--
-- Name: debate_rounds _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.debate_rounds FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: event_counters _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.event_counters FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('last_number', 'pruned_through');

--
-- Name: experiment_results _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.experiment_results FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('metric_sum', 'sample_size');

--
-- Name: experiments _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.experiments FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: global_strategies _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.global_strategies FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: idempotency_keys _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.idempotency_keys FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: intelligence_signals _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.intelligence_signals FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('sighting_count', 'last_seen_at', 'fades_at_epoch');

--
-- Name: lines_of_operation _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.lines_of_operation FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: market_insights _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: message_architecture _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.message_architecture FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: move_anomalies _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.move_anomalies FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: move_logs _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.move_logs FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: moves _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.moves FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('progress_percentage');

--
-- Name: onboarding_responses _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.onboarding_responses FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: outbox_events _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.outbox_events FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('number');

--
-- Name: positioning _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: quest_dependencies _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.quest_dependencies FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: recommendation_outcomes _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.recommendation_outcomes FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: sprints _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.sprints FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: strategy_insights _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.strategy_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: stream_tickets _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.stream_tickets FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: subscriptions _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.subscriptions FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: support_feedback _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.support_feedback FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: system_alerts _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('occurrence_count', 'last_occurred_at', 'severity_rank');

--
-- Name: trend_mentions _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.trend_mentions FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('mention_count', 'engagement_count');

--
-- Name: trends _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.trends FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('velocity_score', 'opportunity_score');

--
-- Name: user_achievements _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.user_achievements FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: user_notifications _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.user_notifications FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: user_stats _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.user_stats FOR EACH ROW EXECUTE FUNCTION codex.tg__touch('campaigns_created', 'campaigns_completed', 'quests_completed', 'content_created', 'content_published', 'moves_created', 'moves_executed', 'moves_successful', 'collaborations_count', 'login_count', 'achievements_unlocked', 'points_balance', 'lifetime_points', 'move_success_rate_percentage', 'level', 'streak_current', 'streak_longest', 'streak_last_local_date', 'streak_deadline_at', 'last_active_at');

--
-- Name: user_workspaces _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.user_workspaces FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: workspace_invitations _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.workspace_invitations FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: workspaces _900_touch; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _900_touch BEFORE UPDATE ON codex.workspaces FOR EACH ROW EXECUTE FUNCTION codex.tg__touch();

--
-- Name: moves _940_calculate_move_success_rate; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _940_calculate_move_success_rate AFTER INSERT OR DELETE OR UPDATE OF owner_id, status ON codex.moves FOR EACH ROW EXECUTE FUNCTION codex.calculate_move_success_rate();

--
-- Name: campaign_quests _940_roll_up; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _940_roll_up AFTER INSERT OR DELETE OR UPDATE OF parent_id, weight, status, progress ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg_campaign_quests__roll_up();

--
-- Name: achievements _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.achievements FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('achievement', 'id', '');

--
-- Name: agent_assignments _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.agent_assignments FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('assignment', 'id', 'holder,fencing_token,lease_expires_at,tasks_completed_count,tasks_failed_count,tokens_count,cost_micros');

--
-- Name: agent_debates _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.agent_debates FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('agent_debate', 'id', 'votes');

--
-- Name: agent_executions _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.agent_executions FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('execution', 'id', 'attempts_count,lane,instance,fencing_token,lease_ms,lease_expires_at,heartbeat_at,deadline_at');

--
-- Name: agent_recommendations _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.agent_recommendations FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('agent_recommendation', 'id', '');

--
-- Name: api_keys _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.api_keys FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('api_key', 'id', 'last_used_at');

--
-- Name: assets _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.assets FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('asset', 'id', '');

--
-- Name: autopay_payments _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.autopay_payments FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('autopay_payment', 'id', 'retry_count');

--
-- Name: autopay_subscriptions _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.autopay_subscriptions FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('autopay', 'id', '');

--
-- Name: billing_history _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.billing_history FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('payment', 'id', '');

--
-- Name: campaign_cohorts _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.campaign_cohorts FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('campaign_cohort', 'campaign_id,cohort_id', 'reached_count,converted_count');

--
-- Name: campaign_quests _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.campaign_quests FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('quest', 'id', 'progress');

--
-- Name: campaigns _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.campaigns FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('campaign', 'id', '');

--
-- Name: cohorts _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.cohorts FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('cohort', 'id', '');

--
-- Name: competitor_content _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.competitor_content FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('competitor_content', 'id', 'performance_metrics');

--
-- Name: competitor_patterns _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.competitor_patterns FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('competitor_pattern', 'id', 'frequency_count,success_rate_percentage');

--
-- Name: competitors _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.competitors FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('competitor', 'id', 'last_analyzed_at');

--
-- Name: content_adaptations _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.content_adaptations FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('content_adaptation', 'id', '');

--
-- Name: content_patterns _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.content_patterns FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('content_pattern', 'id', 'success_rate_percentage,usage_count');

--
-- Name: experiments _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.experiments FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('experiment', 'id', '');

--
-- Name: global_strategies _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.global_strategies FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('strategy', 'id', '');

--
-- Name: intelligence_signals _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.intelligence_signals FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('signal', 'id', 'sighting_count,last_seen_at');

--
-- Name: lines_of_operation _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.lines_of_operation FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('line_of_operation', 'id', '');

--
-- Name: market_insights _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.market_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('insight', 'id', '');

--
-- Name: message_architecture _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.message_architecture FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('message', 'id', '');

--
-- Name: move_anomalies _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.move_anomalies FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('move_anomaly', 'id', '');

--
-- Name: move_logs _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.move_logs FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('move_log', 'id', '');

--
-- Name: moves _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.moves FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('move', 'id', 'progress_percentage');

--
-- Name: onboarding_responses _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.onboarding_responses FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('onboarding', 'user_id', 'progress_percentage,current_step');

--
-- Name: positioning _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.positioning FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('positioning', 'id', '');

--
-- Name: quest_dependencies _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.quest_dependencies FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('quest_dependency', 'quest_id,depends_on_id', '');

--
-- Name: recommendation_outcomes _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.recommendation_outcomes FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('recommendation_outcome', 'id', '');

--
-- Name: sprints _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.sprints FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('sprint', 'id', '');

--
-- Name: strategy_insights _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.strategy_insights FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('strategy_insight', 'id', '');

--
-- Name: subscriptions _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.subscriptions FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('subscription', 'id', '');

--
-- Name: support_feedback _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.support_feedback FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('support_feedback', 'id', '');

--
-- Name: system_alerts _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.system_alerts FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('alert', 'id', 'occurrence_count,last_occurred_at,data_points');

--
-- Name: trends _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.trends FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('trend', 'id', 'velocity_score,opportunity_score');

--
-- Name: user_achievements _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.user_achievements FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('award', 'user_id,achievement_id,period_key', '');

--
-- Name: user_workspaces _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.user_workspaces FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('member', 'user_id', '');

--
-- Name: workspace_invitations _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR DELETE OR UPDATE ON codex.workspace_invitations FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('invitation', 'id', '');

--
-- Name: workspaces _950_record_event; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _950_record_event AFTER INSERT OR UPDATE ON codex.workspaces FOR EACH ROW EXECUTE FUNCTION codex.tg__record_event('workspace', 'id', '');

--
-- Name: api_keys _960_record_audit; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _960_record_audit AFTER INSERT OR DELETE OR UPDATE ON codex.api_keys FOR EACH ROW EXECUTE FUNCTION codex.tg__record_audit('id');

--
-- Name: user_workspaces _960_record_audit; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _960_record_audit AFTER INSERT OR DELETE OR UPDATE ON codex.user_workspaces FOR EACH ROW EXECUTE FUNCTION codex.tg__record_audit('user_id');

--
-- Name: workspace_invitations _960_record_audit; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _960_record_audit AFTER INSERT OR DELETE OR UPDATE ON codex.workspace_invitations FOR EACH ROW EXECUTE FUNCTION codex.tg__record_audit('id');

--
-- Name: workspaces _960_record_audit; Type: TRIGGER; Schema: codex; Owner: codex_owner
--

CREATE TRIGGER _960_record_audit AFTER INSERT OR UPDATE ON codex.workspaces FOR EACH ROW EXECUTE FUNCTION codex.tg__record_audit('id');

--
-- Name: achievements achievements_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.achievements
    ADD CONSTRAINT achievements_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: achievements achievements_prerequisite_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.achievements
    ADD CONSTRAINT achievements_prerequisite_id_fkey FOREIGN KEY (workspace_id, prerequisite_id) REFERENCES codex.achievements(workspace_id, id);

--
-- Name: achievements achievements_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.achievements
    ADD CONSTRAINT achievements_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: agent_assignments agent_assignments_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_assignments
    ADD CONSTRAINT agent_assignments_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES codex.agent_registry(id);

--
-- Name: agent_assignments agent_assignments_campaign_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_assignments
    ADD CONSTRAINT agent_assignments_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES codex.campaigns(workspace_id, id);

--
-- Name: agent_assignments agent_assignments_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_assignments
    ADD CONSTRAINT agent_assignments_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: agent_assignments agent_assignments_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_assignments
    ADD CONSTRAINT agent_assignments_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: agent_capabilities agent_capabilities_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_capabilities
    ADD CONSTRAINT agent_capabilities_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES codex.agent_registry(id) ON DELETE CASCADE;

--
-- Name: agent_debates agent_debates_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_debates
    ADD CONSTRAINT agent_debates_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: agent_executions agent_executions_assignment_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_executions
    ADD CONSTRAINT agent_executions_assignment_id_fkey FOREIGN KEY (workspace_id, assignment_id) REFERENCES codex.agent_assignments(workspace_id, id);

--
-- Name: agent_executions agent_executions_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_executions
    ADD CONSTRAINT agent_executions_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: agent_executions agent_executions_retry_of_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_executions
    ADD CONSTRAINT agent_executions_retry_of_id_fkey FOREIGN KEY (workspace_id, retry_of_id) REFERENCES codex.agent_executions(workspace_id, id);

--
-- Name: agent_executions agent_executions_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_executions
    ADD CONSTRAINT agent_executions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: agent_instances agent_instances_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_instances
    ADD CONSTRAINT agent_instances_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES codex.agent_registry(id);

--
-- Name: agent_instances agent_instances_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_instances
    ADD CONSTRAINT agent_instances_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: agent_messages agent_messages_origin_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_messages
    ADD CONSTRAINT agent_messages_origin_agent_id_fkey FOREIGN KEY (origin_agent_id) REFERENCES codex.agent_registry(id);

--
-- Name: agent_messages agent_messages_target_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_messages
    ADD CONSTRAINT agent_messages_target_agent_id_fkey FOREIGN KEY (target_agent_id) REFERENCES codex.agent_registry(id);

--
-- Name: agent_messages agent_messages_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_messages
    ADD CONSTRAINT agent_messages_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: agent_performance agent_performance_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_performance
    ADD CONSTRAINT agent_performance_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES codex.agent_registry(id);

--
-- Name: agent_performance agent_performance_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_performance
    ADD CONSTRAINT agent_performance_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: agent_recommendations agent_recommendations_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_recommendations
    ADD CONSTRAINT agent_recommendations_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES codex.agent_registry(id);

--
-- Name: agent_recommendations agent_recommendations_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_recommendations
    ADD CONSTRAINT agent_recommendations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: agent_registry agent_registry_replaced_by_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_registry
    ADD CONSTRAINT agent_registry_replaced_by_id_fkey FOREIGN KEY (replaced_by_id) REFERENCES codex.agent_registry(id);

--
-- Name: agent_trust_scores agent_trust_scores_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_trust_scores
    ADD CONSTRAINT agent_trust_scores_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES codex.agent_registry(id);

--
-- Name: agent_trust_scores agent_trust_scores_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.agent_trust_scores
    ADD CONSTRAINT agent_trust_scores_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: api_keys api_keys_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.api_keys
    ADD CONSTRAINT api_keys_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES codex.agent_registry(id);

--
-- Name: api_keys api_keys_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.api_keys
    ADD CONSTRAINT api_keys_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: api_keys api_keys_user_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.api_keys
    ADD CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: api_keys api_keys_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.api_keys
    ADD CONSTRAINT api_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: assets assets_channel_role_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.assets
    ADD CONSTRAINT assets_channel_role_fkey FOREIGN KEY (channel_role) REFERENCES codex.channel_roles(key);

--
-- Name: assets assets_cohort_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.assets
    ADD CONSTRAINT assets_cohort_id_fkey FOREIGN KEY (workspace_id, cohort_id) REFERENCES codex.cohorts(workspace_id, id);

--
-- Name: assets assets_created_by_agent_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.assets
    ADD CONSTRAINT assets_created_by_agent_fkey FOREIGN KEY (created_by_agent) REFERENCES codex.agent_registry(id);

--
-- Name: assets assets_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.assets
    ADD CONSTRAINT assets_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: assets assets_experiment_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.assets
    ADD CONSTRAINT assets_experiment_id_fkey FOREIGN KEY (workspace_id, experiment_id) REFERENCES codex.experiments(workspace_id, id);

--
-- Name: assets assets_move_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.assets
    ADD CONSTRAINT assets_move_id_fkey FOREIGN KEY (workspace_id, move_id) REFERENCES codex.moves(workspace_id, id);

--
-- Name: assets assets_pattern_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.assets
    ADD CONSTRAINT assets_pattern_id_fkey FOREIGN KEY (workspace_id, pattern_id) REFERENCES codex.content_patterns(workspace_id, id);

--
-- Name: assets assets_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.assets
    ADD CONSTRAINT assets_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: audit_events audit_events_user_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.audit_events
    ADD CONSTRAINT audit_events_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: audit_events audit_events_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.audit_events
    ADD CONSTRAINT audit_events_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: autopay_payments autopay_payments_autopay_subscription_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.autopay_payments
    ADD CONSTRAINT autopay_payments_autopay_subscription_id_fkey FOREIGN KEY (workspace_id, autopay_subscription_id) REFERENCES codex.autopay_subscriptions(workspace_id, id) ON DELETE CASCADE;

--
-- Name: autopay_payments autopay_payments_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.autopay_payments
    ADD CONSTRAINT autopay_payments_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: autopay_subscriptions autopay_subscriptions_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.autopay_subscriptions
    ADD CONSTRAINT autopay_subscriptions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: billing_history billing_history_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.billing_history
    ADD CONSTRAINT billing_history_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: campaign_cohorts campaign_cohorts_campaign_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_cohorts
    ADD CONSTRAINT campaign_cohorts_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES codex.campaigns(workspace_id, id) ON DELETE CASCADE;

--
-- Name: campaign_cohorts campaign_cohorts_cohort_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_cohorts
    ADD CONSTRAINT campaign_cohorts_cohort_id_fkey FOREIGN KEY (workspace_id, cohort_id) REFERENCES codex.cohorts(workspace_id, id);

--
-- Name: campaign_cohorts campaign_cohorts_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_cohorts
    ADD CONSTRAINT campaign_cohorts_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: campaign_cohorts campaign_cohorts_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_cohorts
    ADD CONSTRAINT campaign_cohorts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: campaign_quests campaign_quests_assigned_to_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_quests
    ADD CONSTRAINT campaign_quests_assigned_to_fkey FOREIGN KEY (workspace_id, assigned_to) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: campaign_quests campaign_quests_campaign_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_quests
    ADD CONSTRAINT campaign_quests_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES codex.campaigns(workspace_id, id) ON DELETE CASCADE;

--
-- Name: campaign_quests campaign_quests_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_quests
    ADD CONSTRAINT campaign_quests_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: campaign_quests campaign_quests_parent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_quests
    ADD CONSTRAINT campaign_quests_parent_id_fkey FOREIGN KEY (workspace_id, campaign_id, parent_id) REFERENCES codex.campaign_quests(workspace_id, campaign_id, id) ON DELETE CASCADE;

--
-- Name: campaign_quests campaign_quests_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaign_quests
    ADD CONSTRAINT campaign_quests_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: campaigns campaigns_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaigns
    ADD CONSTRAINT campaigns_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: campaigns campaigns_message_architecture_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaigns
    ADD CONSTRAINT campaigns_message_architecture_id_fkey FOREIGN KEY (workspace_id, message_architecture_id) REFERENCES codex.message_architecture(workspace_id, id);

--
-- Name: campaigns campaigns_owner_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaigns
    ADD CONSTRAINT campaigns_owner_id_fkey FOREIGN KEY (workspace_id, owner_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: campaigns campaigns_parent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaigns
    ADD CONSTRAINT campaigns_parent_id_fkey FOREIGN KEY (workspace_id, parent_id) REFERENCES codex.campaigns(workspace_id, id);

--
-- Name: campaigns campaigns_positioning_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaigns
    ADD CONSTRAINT campaigns_positioning_id_fkey FOREIGN KEY (workspace_id, positioning_id) REFERENCES codex.positioning(workspace_id, id);

--
-- Name: campaigns campaigns_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.campaigns
    ADD CONSTRAINT campaigns_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: cohorts cohorts_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.cohorts
    ADD CONSTRAINT cohorts_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: cohorts cohorts_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.cohorts
    ADD CONSTRAINT cohorts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: competitor_content competitor_content_competitor_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.competitor_content
    ADD CONSTRAINT competitor_content_competitor_id_fkey FOREIGN KEY (workspace_id, competitor_id) REFERENCES codex.competitors(workspace_id, id) ON DELETE CASCADE;

--
-- Name: competitor_content competitor_content_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.competitor_content
    ADD CONSTRAINT competitor_content_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: competitor_content competitor_content_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.competitor_content
    ADD CONSTRAINT competitor_content_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: competitor_patterns competitor_patterns_competitor_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.competitor_patterns
    ADD CONSTRAINT competitor_patterns_competitor_id_fkey FOREIGN KEY (workspace_id, competitor_id) REFERENCES codex.competitors(workspace_id, id) ON DELETE CASCADE;

--
-- Name: competitor_patterns competitor_patterns_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.competitor_patterns
    ADD CONSTRAINT competitor_patterns_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: competitor_patterns competitor_patterns_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.competitor_patterns
    ADD CONSTRAINT competitor_patterns_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: competitors competitors_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.competitors
    ADD CONSTRAINT competitors_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: competitors competitors_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.competitors
    ADD CONSTRAINT competitors_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: content_adaptations content_adaptations_created_by_agent_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.content_adaptations
    ADD CONSTRAINT content_adaptations_created_by_agent_fkey FOREIGN KEY (created_by_agent) REFERENCES codex.agent_registry(id);

--
-- Name: content_adaptations content_adaptations_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.content_adaptations
    ADD CONSTRAINT content_adaptations_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: content_adaptations content_adaptations_source_asset_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.content_adaptations
    ADD CONSTRAINT content_adaptations_source_asset_id_fkey FOREIGN KEY (workspace_id, source_asset_id) REFERENCES codex.assets(workspace_id, id) ON DELETE CASCADE;

--
-- Name: content_adaptations content_adaptations_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.content_adaptations
    ADD CONSTRAINT content_adaptations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: content_patterns content_patterns_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.content_patterns
    ADD CONSTRAINT content_patterns_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: content_patterns content_patterns_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.content_patterns
    ADD CONSTRAINT content_patterns_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: debate_rounds debate_rounds_debate_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.debate_rounds
    ADD CONSTRAINT debate_rounds_debate_id_fkey FOREIGN KEY (workspace_id, debate_id) REFERENCES codex.agent_debates(workspace_id, id) ON DELETE CASCADE;

--
-- Name: debate_rounds debate_rounds_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.debate_rounds
    ADD CONSTRAINT debate_rounds_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: event_counters event_counters_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.event_counters
    ADD CONSTRAINT event_counters_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: experiment_results experiment_results_experiment_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.experiment_results
    ADD CONSTRAINT experiment_results_experiment_id_fkey FOREIGN KEY (workspace_id, experiment_id) REFERENCES codex.experiments(workspace_id, id) ON DELETE CASCADE;

--
-- Name: experiment_results experiment_results_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.experiment_results
    ADD CONSTRAINT experiment_results_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: experiments experiments_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.experiments
    ADD CONSTRAINT experiments_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: experiments experiments_move_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.experiments
    ADD CONSTRAINT experiments_move_id_fkey FOREIGN KEY (workspace_id, move_id) REFERENCES codex.moves(workspace_id, id);

--
-- Name: experiments experiments_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.experiments
    ADD CONSTRAINT experiments_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: global_strategies global_strategies_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.global_strategies
    ADD CONSTRAINT global_strategies_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: global_strategies global_strategies_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.global_strategies
    ADD CONSTRAINT global_strategies_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: idempotency_keys idempotency_keys_user_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.idempotency_keys
    ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: idempotency_keys idempotency_keys_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.idempotency_keys
    ADD CONSTRAINT idempotency_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: intelligence_signals intelligence_signals_assigned_to_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.intelligence_signals
    ADD CONSTRAINT intelligence_signals_assigned_to_fkey FOREIGN KEY (workspace_id, assigned_to) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: intelligence_signals intelligence_signals_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.intelligence_signals
    ADD CONSTRAINT intelligence_signals_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: intelligence_signals intelligence_signals_source_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.intelligence_signals
    ADD CONSTRAINT intelligence_signals_source_agent_id_fkey FOREIGN KEY (source_agent_id) REFERENCES codex.agent_registry(id);

--
-- Name: intelligence_signals intelligence_signals_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.intelligence_signals
    ADD CONSTRAINT intelligence_signals_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: lines_of_operation lines_of_operation_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.lines_of_operation
    ADD CONSTRAINT lines_of_operation_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: lines_of_operation lines_of_operation_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.lines_of_operation
    ADD CONSTRAINT lines_of_operation_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: market_insights market_insights_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.market_insights
    ADD CONSTRAINT market_insights_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: market_insights market_insights_reviewed_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.market_insights
    ADD CONSTRAINT market_insights_reviewed_by_fkey FOREIGN KEY (workspace_id, reviewed_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: market_insights market_insights_source_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.market_insights
    ADD CONSTRAINT market_insights_source_agent_id_fkey FOREIGN KEY (source_agent_id) REFERENCES codex.agent_registry(id);

--
-- Name: market_insights market_insights_superseded_by_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.market_insights
    ADD CONSTRAINT market_insights_superseded_by_id_fkey FOREIGN KEY (workspace_id, superseded_by_id) REFERENCES codex.market_insights(workspace_id, id);

--
-- Name: market_insights market_insights_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.market_insights
    ADD CONSTRAINT market_insights_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: message_architecture message_architecture_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.message_architecture
    ADD CONSTRAINT message_architecture_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: message_architecture message_architecture_positioning_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.message_architecture
    ADD CONSTRAINT message_architecture_positioning_id_fkey FOREIGN KEY (workspace_id, positioning_id) REFERENCES codex.positioning(workspace_id, id);

--
-- Name: message_architecture message_architecture_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.message_architecture
    ADD CONSTRAINT message_architecture_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: move_anomalies move_anomalies_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.move_anomalies
    ADD CONSTRAINT move_anomalies_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: move_anomalies move_anomalies_move_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.move_anomalies
    ADD CONSTRAINT move_anomalies_move_id_fkey FOREIGN KEY (workspace_id, move_id) REFERENCES codex.moves(workspace_id, id) ON DELETE CASCADE;

--
-- Name: move_anomalies move_anomalies_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.move_anomalies
    ADD CONSTRAINT move_anomalies_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: move_logs move_logs_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.move_logs
    ADD CONSTRAINT move_logs_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: move_logs move_logs_move_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.move_logs
    ADD CONSTRAINT move_logs_move_id_fkey FOREIGN KEY (workspace_id, move_id) REFERENCES codex.moves(workspace_id, id) ON DELETE CASCADE;

--
-- Name: move_logs move_logs_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.move_logs
    ADD CONSTRAINT move_logs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: moves moves_campaign_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES codex.campaigns(workspace_id, id);

--
-- Name: moves moves_cohort_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_cohort_id_fkey FOREIGN KEY (workspace_id, cohort_id) REFERENCES codex.cohorts(workspace_id, id);

--
-- Name: moves moves_created_by_agent_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_created_by_agent_fkey FOREIGN KEY (created_by_agent) REFERENCES codex.agent_registry(id);

--
-- Name: moves moves_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: moves moves_journey_stage_from_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_journey_stage_from_fkey FOREIGN KEY (journey_stage_from) REFERENCES codex.journey_stages(key);

--
-- Name: moves moves_journey_stage_to_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_journey_stage_to_fkey FOREIGN KEY (journey_stage_to) REFERENCES codex.journey_stages(key);

--
-- Name: moves moves_line_of_operation_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_line_of_operation_id_fkey FOREIGN KEY (workspace_id, line_of_operation_id) REFERENCES codex.lines_of_operation(workspace_id, id);

--
-- Name: moves moves_maneuver_type_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_maneuver_type_fkey FOREIGN KEY (maneuver_type) REFERENCES codex.maneuver_types(key);

--
-- Name: moves moves_owner_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_owner_id_fkey FOREIGN KEY (workspace_id, owner_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: moves moves_sprint_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_sprint_id_fkey FOREIGN KEY (workspace_id, sprint_id) REFERENCES codex.sprints(workspace_id, id);

--
-- Name: moves moves_triggered_by_trend_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_triggered_by_trend_id_fkey FOREIGN KEY (workspace_id, triggered_by_trend_id) REFERENCES codex.trends(workspace_id, id);

--
-- Name: moves moves_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.moves
    ADD CONSTRAINT moves_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: onboarding_responses onboarding_responses_user_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.onboarding_responses
    ADD CONSTRAINT onboarding_responses_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: onboarding_responses onboarding_responses_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.onboarding_responses
    ADD CONSTRAINT onboarding_responses_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: outbox_events outbox_events_user_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.outbox_events
    ADD CONSTRAINT outbox_events_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: outbox_events outbox_events_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.outbox_events
    ADD CONSTRAINT outbox_events_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: positioning positioning_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.positioning
    ADD CONSTRAINT positioning_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: positioning positioning_forked_from_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.positioning
    ADD CONSTRAINT positioning_forked_from_id_fkey FOREIGN KEY (workspace_id, forked_from_id) REFERENCES codex.positioning(workspace_id, id);

--
-- Name: positioning positioning_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.positioning
    ADD CONSTRAINT positioning_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: quest_dependencies quest_dependencies_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.quest_dependencies
    ADD CONSTRAINT quest_dependencies_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: quest_dependencies quest_dependencies_depends_on_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.quest_dependencies
    ADD CONSTRAINT quest_dependencies_depends_on_id_fkey FOREIGN KEY (workspace_id, campaign_id, depends_on_id) REFERENCES codex.campaign_quests(workspace_id, campaign_id, id) ON DELETE CASCADE;

--
-- Name: quest_dependencies quest_dependencies_quest_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.quest_dependencies
    ADD CONSTRAINT quest_dependencies_quest_id_fkey FOREIGN KEY (workspace_id, campaign_id, quest_id) REFERENCES codex.campaign_quests(workspace_id, campaign_id, id) ON DELETE CASCADE;

--
-- Name: quest_dependencies quest_dependencies_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.quest_dependencies
    ADD CONSTRAINT quest_dependencies_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: recommendation_outcomes recommendation_outcomes_evaluator_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.recommendation_outcomes
    ADD CONSTRAINT recommendation_outcomes_evaluator_id_fkey FOREIGN KEY (workspace_id, evaluator_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: recommendation_outcomes recommendation_outcomes_recommendation_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.recommendation_outcomes
    ADD CONSTRAINT recommendation_outcomes_recommendation_id_fkey FOREIGN KEY (workspace_id, recommendation_id) REFERENCES codex.agent_recommendations(workspace_id, id) ON DELETE CASCADE;

--
-- Name: recommendation_outcomes recommendation_outcomes_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.recommendation_outcomes
    ADD CONSTRAINT recommendation_outcomes_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: sprints sprints_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.sprints
    ADD CONSTRAINT sprints_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: sprints sprints_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.sprints
    ADD CONSTRAINT sprints_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: strategy_insights strategy_insights_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.strategy_insights
    ADD CONSTRAINT strategy_insights_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: strategy_insights strategy_insights_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.strategy_insights
    ADD CONSTRAINT strategy_insights_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: stream_tickets stream_tickets_api_key_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.stream_tickets
    ADD CONSTRAINT stream_tickets_api_key_id_fkey FOREIGN KEY (workspace_id, api_key_id) REFERENCES codex.api_keys(workspace_id, id) ON DELETE CASCADE;

--
-- Name: stream_tickets stream_tickets_user_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.stream_tickets
    ADD CONSTRAINT stream_tickets_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: stream_tickets stream_tickets_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.stream_tickets
    ADD CONSTRAINT stream_tickets_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: subscriptions subscriptions_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.subscriptions
    ADD CONSTRAINT subscriptions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: support_feedback support_feedback_cohort_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.support_feedback
    ADD CONSTRAINT support_feedback_cohort_id_fkey FOREIGN KEY (workspace_id, cohort_id) REFERENCES codex.cohorts(workspace_id, id);

--
-- Name: support_feedback support_feedback_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.support_feedback
    ADD CONSTRAINT support_feedback_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: support_feedback support_feedback_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.support_feedback
    ADD CONSTRAINT support_feedback_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: system_alerts system_alerts_acknowledged_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.system_alerts
    ADD CONSTRAINT system_alerts_acknowledged_by_fkey FOREIGN KEY (workspace_id, acknowledged_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: system_alerts system_alerts_campaign_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.system_alerts
    ADD CONSTRAINT system_alerts_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES codex.campaigns(workspace_id, id);

--
-- Name: system_alerts system_alerts_cohort_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.system_alerts
    ADD CONSTRAINT system_alerts_cohort_id_fkey FOREIGN KEY (workspace_id, cohort_id) REFERENCES codex.cohorts(workspace_id, id);

--
-- Name: system_alerts system_alerts_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.system_alerts
    ADD CONSTRAINT system_alerts_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: system_alerts system_alerts_ended_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.system_alerts
    ADD CONSTRAINT system_alerts_ended_by_fkey FOREIGN KEY (workspace_id, ended_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: system_alerts system_alerts_move_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.system_alerts
    ADD CONSTRAINT system_alerts_move_id_fkey FOREIGN KEY (workspace_id, move_id) REFERENCES codex.moves(workspace_id, id);

--
-- Name: system_alerts system_alerts_signal_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.system_alerts
    ADD CONSTRAINT system_alerts_signal_id_fkey FOREIGN KEY (workspace_id, signal_id) REFERENCES codex.intelligence_signals(workspace_id, id);

--
-- Name: system_alerts system_alerts_triggered_by_agent_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.system_alerts
    ADD CONSTRAINT system_alerts_triggered_by_agent_id_fkey FOREIGN KEY (triggered_by_agent_id) REFERENCES codex.agent_registry(id);

--
-- Name: system_alerts system_alerts_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.system_alerts
    ADD CONSTRAINT system_alerts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: trend_mentions trend_mentions_trend_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.trend_mentions
    ADD CONSTRAINT trend_mentions_trend_id_fkey FOREIGN KEY (workspace_id, trend_id) REFERENCES codex.trends(workspace_id, id) ON DELETE CASCADE;

--
-- Name: trend_mentions trend_mentions_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.trend_mentions
    ADD CONSTRAINT trend_mentions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: trends trends_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.trends
    ADD CONSTRAINT trends_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: trends trends_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.trends
    ADD CONSTRAINT trends_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: user_achievements user_achievements_achievement_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_achievements
    ADD CONSTRAINT user_achievements_achievement_id_fkey FOREIGN KEY (workspace_id, achievement_id) REFERENCES codex.achievements(workspace_id, id);

--
-- Name: user_achievements user_achievements_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_achievements
    ADD CONSTRAINT user_achievements_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: user_achievements user_achievements_user_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_achievements
    ADD CONSTRAINT user_achievements_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: user_achievements user_achievements_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_achievements
    ADD CONSTRAINT user_achievements_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: user_notifications user_notifications_achievement_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_notifications
    ADD CONSTRAINT user_notifications_achievement_id_fkey FOREIGN KEY (workspace_id, achievement_id) REFERENCES codex.achievements(workspace_id, id);

--
-- Name: user_notifications user_notifications_alert_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_notifications
    ADD CONSTRAINT user_notifications_alert_id_fkey FOREIGN KEY (workspace_id, alert_id) REFERENCES codex.system_alerts(workspace_id, id);

--
-- Name: user_notifications user_notifications_campaign_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_notifications
    ADD CONSTRAINT user_notifications_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES codex.campaigns(workspace_id, id);

--
-- Name: user_notifications user_notifications_user_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_notifications
    ADD CONSTRAINT user_notifications_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: user_notifications user_notifications_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_notifications
    ADD CONSTRAINT user_notifications_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: user_stats user_stats_user_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_stats
    ADD CONSTRAINT user_stats_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: user_stats user_stats_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_stats
    ADD CONSTRAINT user_stats_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: user_workspaces user_workspaces_user_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_workspaces
    ADD CONSTRAINT user_workspaces_user_id_fkey FOREIGN KEY (user_id) REFERENCES codex.user_profiles(id);

--
-- Name: user_workspaces user_workspaces_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.user_workspaces
    ADD CONSTRAINT user_workspaces_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: workspace_invitations workspace_invitations_accepted_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.workspace_invitations
    ADD CONSTRAINT workspace_invitations_accepted_by_fkey FOREIGN KEY (workspace_id, accepted_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: workspace_invitations workspace_invitations_created_by_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.workspace_invitations
    ADD CONSTRAINT workspace_invitations_created_by_fkey FOREIGN KEY (workspace_id, created_by) REFERENCES codex.user_workspaces(workspace_id, user_id);

--
-- Name: workspace_invitations workspace_invitations_workspace_id_fkey; Type: FK CONSTRAINT; Schema: codex; Owner: codex_owner
--

ALTER TABLE ONLY codex.workspace_invitations
    ADD CONSTRAINT workspace_invitations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES codex.workspaces(id) ON DELETE CASCADE;

--
-- Name: achievements; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.achievements ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_assignments; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.agent_assignments ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_capabilities; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.agent_capabilities ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_debates; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.agent_debates ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_executions; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.agent_executions ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_instances; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.agent_instances ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_messages; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.agent_messages ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_performance; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.agent_performance ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_recommendations; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.agent_recommendations ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_registry; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.agent_registry ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_trust_scores; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.agent_trust_scores ENABLE ROW LEVEL SECURITY;

--
-- Name: achievements all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.achievements TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_assignments all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.agent_assignments TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_debates all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.agent_debates TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_executions all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.agent_executions TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_instances all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.agent_instances TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_messages all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.agent_messages TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_performance all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.agent_performance TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_recommendations all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.agent_recommendations TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_trust_scores all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.agent_trust_scores TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: api_keys all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.api_keys TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: assets all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.assets TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: audit_events all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.audit_events TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: autopay_payments all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.autopay_payments TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: autopay_subscriptions all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.autopay_subscriptions TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: billing_history all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.billing_history TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaign_cohorts all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.campaign_cohorts TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaign_quests all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.campaign_quests TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaigns all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.campaigns TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: cohorts all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.cohorts TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitor_content all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.competitor_content TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitor_patterns all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.competitor_patterns TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitors all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.competitors TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: content_adaptations all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.content_adaptations TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: content_patterns all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.content_patterns TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: debate_rounds all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.debate_rounds TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: event_counters all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.event_counters TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: experiment_results all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.experiment_results TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: experiments all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.experiments TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: global_strategies all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.global_strategies TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: idempotency_keys all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.idempotency_keys TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: intelligence_signals all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.intelligence_signals TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: lines_of_operation all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.lines_of_operation TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: market_insights all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.market_insights TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: message_architecture all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.message_architecture TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: move_anomalies all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.move_anomalies TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: move_logs all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.move_logs TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: moves all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.moves TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: onboarding_responses all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.onboarding_responses TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: outbox_events all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.outbox_events TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: positioning all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.positioning TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: quest_dependencies all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.quest_dependencies TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: recommendation_outcomes all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.recommendation_outcomes TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: sprints all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.sprints TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: strategy_insights all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.strategy_insights TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: stream_tickets all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.stream_tickets TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: subscriptions all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.subscriptions TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: support_feedback all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.support_feedback TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: system_alerts all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.system_alerts TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: trend_mentions all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.trend_mentions TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: trends all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.trends TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_achievements all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.user_achievements TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_notifications all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.user_notifications TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_profiles all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.user_profiles TO codex_definer USING (true) WITH CHECK (true);

--
-- Name: user_stats all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.user_stats TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_workspaces all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.user_workspaces TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: workspace_invitations all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.workspace_invitations TO codex_definer USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: workspace_slugs all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.workspace_slugs TO codex_definer USING (true) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: workspaces all_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_definer ON codex.workspaces TO codex_definer USING ((id = codex.current_workspace_id())) WITH CHECK ((id = codex.current_workspace_id()));

--
-- Name: idempotency_keys all_requester; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_requester ON codex.idempotency_keys TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND (NOT (user_id IS DISTINCT FROM codex.acting_user_id())))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND (NOT (user_id IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: achievements all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.achievements TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_assignments all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.agent_assignments TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_capabilities all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.agent_capabilities TO codex_service USING (true) WITH CHECK (true);

--
-- Name: agent_debates all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.agent_debates TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_executions all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.agent_executions TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_instances all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.agent_instances TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_messages all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.agent_messages TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_performance all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.agent_performance TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_recommendations all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.agent_recommendations TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_registry all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.agent_registry TO codex_service USING (true) WITH CHECK (true);

--
-- Name: agent_trust_scores all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.agent_trust_scores TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: api_keys all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.api_keys TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: assets all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.assets TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: audit_events all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.audit_events TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: autopay_payments all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.autopay_payments TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: autopay_subscriptions all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.autopay_subscriptions TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: billing_history all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.billing_history TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaign_cohorts all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.campaign_cohorts TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaign_quests all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.campaign_quests TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaigns all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.campaigns TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: channel_roles all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.channel_roles TO codex_service USING (true) WITH CHECK (true);

--
-- Name: cohorts all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.cohorts TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitor_content all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.competitor_content TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitor_patterns all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.competitor_patterns TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitors all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.competitors TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: content_adaptations all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.content_adaptations TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: content_patterns all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.content_patterns TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: debate_rounds all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.debate_rounds TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: event_counters all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.event_counters TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: experiment_results all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.experiment_results TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: experiments all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.experiments TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: global_strategies all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.global_strategies TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: idempotency_keys all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.idempotency_keys TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: intelligence_signals all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.intelligence_signals TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: journey_stages all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.journey_stages TO codex_service USING (true) WITH CHECK (true);

--
-- Name: lines_of_operation all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.lines_of_operation TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: maneuver_types all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.maneuver_types TO codex_service USING (true) WITH CHECK (true);

--
-- Name: market_insights all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.market_insights TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: message_architecture all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.message_architecture TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: move_anomalies all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.move_anomalies TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: move_logs all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.move_logs TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: moves all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.moves TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: onboarding_responses all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.onboarding_responses TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: outbox_events all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.outbox_events TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: positioning all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.positioning TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: quest_dependencies all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.quest_dependencies TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: recommendation_outcomes all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.recommendation_outcomes TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: sprints all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.sprints TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: strategy_insights all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.strategy_insights TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: stream_tickets all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.stream_tickets TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: subscriptions all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.subscriptions TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: support_feedback all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.support_feedback TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: system_alerts all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.system_alerts TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: trend_mentions all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.trend_mentions TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: trends all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.trends TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_achievements all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.user_achievements TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_notifications all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.user_notifications TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_profiles all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.user_profiles TO codex_service USING (true) WITH CHECK (true);

--
-- Name: user_stats all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.user_stats TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_workspaces all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.user_workspaces TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: workspace_invitations all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.workspace_invitations TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: workspace_slugs all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.workspace_slugs TO codex_service USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: workspaces all_service; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY all_service ON codex.workspaces TO codex_service USING ((id = codex.current_workspace_id())) WITH CHECK ((id = codex.current_workspace_id()));

--
-- Name: api_keys; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.api_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: assets; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.assets ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_events; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.audit_events ENABLE ROW LEVEL SECURITY;

--
-- Name: autopay_payments; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.autopay_payments ENABLE ROW LEVEL SECURITY;

--
-- Name: autopay_subscriptions; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.autopay_subscriptions ENABLE ROW LEVEL SECURITY;

--
-- Name: billing_history; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.billing_history ENABLE ROW LEVEL SECURITY;

--
-- Name: campaign_cohorts; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.campaign_cohorts ENABLE ROW LEVEL SECURITY;

--
-- Name: campaign_quests; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.campaign_quests ENABLE ROW LEVEL SECURITY;

--
-- Name: campaigns; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.campaigns ENABLE ROW LEVEL SECURITY;

--
-- Name: channel_roles; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.channel_roles ENABLE ROW LEVEL SECURITY;

--
-- Name: cohorts; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.cohorts ENABLE ROW LEVEL SECURITY;

--
-- Name: competitor_content; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.competitor_content ENABLE ROW LEVEL SECURITY;

--
-- Name: competitor_patterns; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.competitor_patterns ENABLE ROW LEVEL SECURITY;

--
-- Name: competitors; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.competitors ENABLE ROW LEVEL SECURITY;

--
-- Name: content_adaptations; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.content_adaptations ENABLE ROW LEVEL SECURITY;

--
-- Name: content_patterns; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.content_patterns ENABLE ROW LEVEL SECURITY;

--
-- Name: debate_rounds; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.debate_rounds ENABLE ROW LEVEL SECURITY;

--
-- Name: campaign_cohorts delete_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY delete_creator ON codex.campaign_cohorts FOR DELETE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: campaign_quests delete_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY delete_creator ON codex.campaign_quests FOR DELETE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: content_adaptations delete_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY delete_creator ON codex.content_adaptations FOR DELETE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: quest_dependencies delete_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY delete_creator ON codex.quest_dependencies FOR DELETE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: event_counters; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.event_counters ENABLE ROW LEVEL SECURITY;

--
-- Name: experiment_results; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.experiment_results ENABLE ROW LEVEL SECURITY;

--
-- Name: experiments; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.experiments ENABLE ROW LEVEL SECURITY;

--
-- Name: global_strategies; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.global_strategies ENABLE ROW LEVEL SECURITY;

--
-- Name: idempotency_keys; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.idempotency_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: competitor_content insert_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_analyst ON codex.competitor_content FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: competitor_patterns insert_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_analyst ON codex.competitor_patterns FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: competitors insert_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_analyst ON codex.competitors FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: intelligence_signals insert_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_analyst ON codex.intelligence_signals FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: market_insights insert_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_analyst ON codex.market_insights FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: move_anomalies insert_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_analyst ON codex.move_anomalies FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: recommendation_outcomes insert_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_analyst ON codex.recommendation_outcomes FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: strategy_insights insert_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_analyst ON codex.strategy_insights FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: system_alerts insert_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_analyst ON codex.system_alerts FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: trend_mentions insert_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_analyst ON codex.trend_mentions FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: trends insert_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_analyst ON codex.trends FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: assets insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.assets FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: campaign_cohorts insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.campaign_cohorts FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: campaign_quests insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.campaign_quests FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: campaigns insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.campaigns FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: cohorts insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.cohorts FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: content_adaptations insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.content_adaptations FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: content_patterns insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.content_patterns FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: experiment_results insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.experiment_results FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: experiments insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.experiments FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: lines_of_operation insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.lines_of_operation FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: message_architecture insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.message_architecture FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: move_logs insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.move_logs FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: moves insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.moves FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: quest_dependencies insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.quest_dependencies FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: sprints insert_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_creator ON codex.sprints FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: api_keys insert_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_owner ON codex.api_keys FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: workspace_invitations insert_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_owner ON codex.workspace_invitations FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: achievements insert_strategist; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_strategist ON codex.achievements FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: agent_assignments insert_strategist; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_strategist ON codex.agent_assignments FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: global_strategies insert_strategist; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_strategist ON codex.global_strategies FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: positioning insert_strategist; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_strategist ON codex.positioning FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: onboarding_responses insert_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_viewer ON codex.onboarding_responses FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id())));

--
-- Name: support_feedback insert_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY insert_viewer ON codex.support_feedback FOR INSERT TO codex_app WITH CHECK (((workspace_id = codex.current_workspace_id()) AND (NOT (created_by IS DISTINCT FROM codex.acting_user_id()))));

--
-- Name: intelligence_signals; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.intelligence_signals ENABLE ROW LEVEL SECURITY;

--
-- Name: journey_stages; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.journey_stages ENABLE ROW LEVEL SECURITY;

--
-- Name: lines_of_operation; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.lines_of_operation ENABLE ROW LEVEL SECURITY;

--
-- Name: maneuver_types; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.maneuver_types ENABLE ROW LEVEL SECURITY;

--
-- Name: market_insights; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.market_insights ENABLE ROW LEVEL SECURITY;

--
-- Name: message_architecture; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.message_architecture ENABLE ROW LEVEL SECURITY;

--
-- Name: move_anomalies; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.move_anomalies ENABLE ROW LEVEL SECURITY;

--
-- Name: move_logs; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.move_logs ENABLE ROW LEVEL SECURITY;

--
-- Name: moves; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.moves ENABLE ROW LEVEL SECURITY;

--
-- Name: onboarding_responses; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.onboarding_responses ENABLE ROW LEVEL SECURITY;

--
-- Name: outbox_events; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.outbox_events ENABLE ROW LEVEL SECURITY;

--
-- Name: positioning; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.positioning ENABLE ROW LEVEL SECURITY;

--
-- Name: quest_dependencies; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.quest_dependencies ENABLE ROW LEVEL SECURITY;

--
-- Name: recommendation_outcomes; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.recommendation_outcomes ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_capabilities select_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_definer ON codex.agent_capabilities FOR SELECT TO codex_definer USING (true);

--
-- Name: agent_registry select_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_definer ON codex.agent_registry FOR SELECT TO codex_definer USING (true);

--
-- Name: channel_roles select_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_definer ON codex.channel_roles FOR SELECT TO codex_definer USING (true);

--
-- Name: journey_stages select_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_definer ON codex.journey_stages FOR SELECT TO codex_definer USING (true);

--
-- Name: maneuver_types select_definer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_definer ON codex.maneuver_types FOR SELECT TO codex_definer USING (true);

--
-- Name: agent_capabilities select_everyone; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_everyone ON codex.agent_capabilities FOR SELECT TO codex_app USING (true);

--
-- Name: agent_registry select_everyone; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_everyone ON codex.agent_registry FOR SELECT TO codex_app USING (true);

--
-- Name: channel_roles select_everyone; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_everyone ON codex.channel_roles FOR SELECT TO codex_app USING (true);

--
-- Name: journey_stages select_everyone; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_everyone ON codex.journey_stages FOR SELECT TO codex_app USING (true);

--
-- Name: maneuver_types select_everyone; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_everyone ON codex.maneuver_types FOR SELECT TO codex_app USING (true);

--
-- Name: api_keys select_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_owner ON codex.api_keys FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text)));

--
-- Name: audit_events select_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_owner ON codex.audit_events FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text)));

--
-- Name: autopay_payments select_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_owner ON codex.autopay_payments FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text)));

--
-- Name: autopay_subscriptions select_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_owner ON codex.autopay_subscriptions FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text)));

--
-- Name: billing_history select_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_owner ON codex.billing_history FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text)));

--
-- Name: subscriptions select_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_owner ON codex.subscriptions FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text)));

--
-- Name: workspace_invitations select_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_owner ON codex.workspace_invitations FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text)));

--
-- Name: user_profiles select_self; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_self ON codex.user_profiles FOR SELECT TO codex_app USING ((id = codex.current_user_id()));

--
-- Name: achievements select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.achievements FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_assignments select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.agent_assignments FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_debates select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.agent_debates FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_executions select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.agent_executions FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_instances select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.agent_instances FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_messages select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.agent_messages FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_performance select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.agent_performance FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_recommendations select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.agent_recommendations FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_trust_scores select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.agent_trust_scores FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: assets select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.assets FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaign_cohorts select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.campaign_cohorts FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaign_quests select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.campaign_quests FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaigns select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.campaigns FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: cohorts select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.cohorts FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitor_content select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.competitor_content FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitor_patterns select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.competitor_patterns FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitors select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.competitors FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: content_adaptations select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.content_adaptations FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: content_patterns select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.content_patterns FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: debate_rounds select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.debate_rounds FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: event_counters select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.event_counters FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: experiment_results select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.experiment_results FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: experiments select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.experiments FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: global_strategies select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.global_strategies FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: intelligence_signals select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.intelligence_signals FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: lines_of_operation select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.lines_of_operation FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: market_insights select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.market_insights FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: message_architecture select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.message_architecture FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: move_anomalies select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.move_anomalies FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: move_logs select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.move_logs FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: moves select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.moves FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: onboarding_responses select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.onboarding_responses FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id())));

--
-- Name: outbox_events select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.outbox_events FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND (number IS NOT NULL)));

--
-- Name: positioning select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.positioning FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: quest_dependencies select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.quest_dependencies FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: recommendation_outcomes select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.recommendation_outcomes FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: sprints select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.sprints FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: strategy_insights select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.strategy_insights FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: support_feedback select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.support_feedback FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: system_alerts select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.system_alerts FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: trend_mentions select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.trend_mentions FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: trends select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.trends FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_notifications select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.user_notifications FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id())));

--
-- Name: user_workspaces select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.user_workspaces FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: workspace_slugs select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.workspace_slugs FOR SELECT TO codex_app USING ((workspace_id = codex.current_workspace_id()));

--
-- Name: workspaces select_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_viewer ON codex.workspaces FOR SELECT TO codex_app USING ((id = codex.current_workspace_id()));

--
-- Name: user_achievements select_visible; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_visible ON codex.user_achievements FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND ((visibility = 'members'::text) OR (user_id = codex.acting_user_id()))));

--
-- Name: user_stats select_visible; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY select_visible ON codex.user_stats FOR SELECT TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND ((visibility = 'members'::text) OR (user_id = codex.acting_user_id()))));

--
-- Name: sprints; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.sprints ENABLE ROW LEVEL SECURITY;

--
-- Name: strategy_insights; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.strategy_insights ENABLE ROW LEVEL SECURITY;

--
-- Name: stream_tickets; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.stream_tickets ENABLE ROW LEVEL SECURITY;

--
-- Name: subscriptions; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.subscriptions ENABLE ROW LEVEL SECURITY;

--
-- Name: support_feedback; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.support_feedback ENABLE ROW LEVEL SECURITY;

--
-- Name: system_alerts; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.system_alerts ENABLE ROW LEVEL SECURITY;

--
-- Name: trend_mentions; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.trend_mentions ENABLE ROW LEVEL SECURITY;

--
-- Name: trends; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.trends ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_recommendations update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.agent_recommendations FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: competitor_content update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.competitor_content FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: competitor_patterns update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.competitor_patterns FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: competitors update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.competitors FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: intelligence_signals update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.intelligence_signals FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: market_insights update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.market_insights FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: move_anomalies update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.move_anomalies FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: recommendation_outcomes update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.recommendation_outcomes FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: strategy_insights update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.strategy_insights FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: support_feedback update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.support_feedback FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: system_alerts update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.system_alerts FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: trend_mentions update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.trend_mentions FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: trends update_analyst; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_analyst ON codex.trends FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('analyst'::text)));

--
-- Name: assets update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.assets FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: campaign_cohorts update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.campaign_cohorts FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: campaign_quests update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.campaign_quests FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: campaigns update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.campaigns FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: cohorts update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.cohorts FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: content_adaptations update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.content_adaptations FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: content_patterns update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.content_patterns FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: experiment_results update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.experiment_results FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: experiments update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.experiments FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: lines_of_operation update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.lines_of_operation FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: message_architecture update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.message_architecture FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: move_logs update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.move_logs FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: moves update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.moves FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: sprints update_creator; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_creator ON codex.sprints FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('creator'::text)));

--
-- Name: api_keys update_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_owner ON codex.api_keys FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text)));

--
-- Name: user_workspaces update_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_owner ON codex.user_workspaces FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text)));

--
-- Name: workspace_invitations update_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_owner ON codex.workspace_invitations FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text)));

--
-- Name: workspaces update_owner; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_owner ON codex.workspaces FOR UPDATE TO codex_app USING (((id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text))) WITH CHECK (((id = codex.current_workspace_id()) AND codex.current_role_at_least('owner'::text)));

--
-- Name: user_profiles update_self; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_self ON codex.user_profiles FOR UPDATE TO codex_app USING ((id = codex.current_user_id())) WITH CHECK ((id = codex.current_user_id()));

--
-- Name: user_workspaces update_self; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_self ON codex.user_workspaces FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id()))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id())));

--
-- Name: achievements update_strategist; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_strategist ON codex.achievements FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text)));

--
-- Name: agent_assignments update_strategist; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_strategist ON codex.agent_assignments FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text)));

--
-- Name: global_strategies update_strategist; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_strategist ON codex.global_strategies FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text)));

--
-- Name: positioning update_strategist; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_strategist ON codex.positioning FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND codex.current_role_at_least('strategist'::text)));

--
-- Name: onboarding_responses update_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_viewer ON codex.onboarding_responses FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id()))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id())));

--
-- Name: user_notifications update_viewer; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY update_viewer ON codex.user_notifications FOR UPDATE TO codex_app USING (((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id()))) WITH CHECK (((workspace_id = codex.current_workspace_id()) AND (user_id = codex.current_user_id())));

--
-- Name: user_achievements; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.user_achievements ENABLE ROW LEVEL SECURITY;

--
-- Name: user_notifications; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.user_notifications ENABLE ROW LEVEL SECURITY;

--
-- Name: user_profiles; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.user_profiles ENABLE ROW LEVEL SECURITY;

--
-- Name: user_stats; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.user_stats ENABLE ROW LEVEL SECURITY;

--
-- Name: user_workspaces; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.user_workspaces ENABLE ROW LEVEL SECURITY;

--
-- Name: workspace_invitations; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.workspace_invitations ENABLE ROW LEVEL SECURITY;

--
-- Name: achievements workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.achievements AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_assignments workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.agent_assignments AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_debates workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.agent_debates AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_executions workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.agent_executions AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_instances workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.agent_instances AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_messages workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.agent_messages AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_performance workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.agent_performance AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_recommendations workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.agent_recommendations AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: agent_trust_scores workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.agent_trust_scores AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: api_keys workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.api_keys AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: assets workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.assets AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: audit_events workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.audit_events AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: autopay_payments workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.autopay_payments AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: autopay_subscriptions workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.autopay_subscriptions AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: billing_history workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.billing_history AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaign_cohorts workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.campaign_cohorts AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaign_quests workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.campaign_quests AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: campaigns workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.campaigns AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: cohorts workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.cohorts AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitor_content workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.competitor_content AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitor_patterns workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.competitor_patterns AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: competitors workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.competitors AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: content_adaptations workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.content_adaptations AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: content_patterns workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.content_patterns AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: debate_rounds workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.debate_rounds AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: event_counters workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.event_counters AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: experiment_results workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.experiment_results AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: experiments workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.experiments AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: global_strategies workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.global_strategies AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: idempotency_keys workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.idempotency_keys AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: intelligence_signals workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.intelligence_signals AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: lines_of_operation workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.lines_of_operation AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: market_insights workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.market_insights AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: message_architecture workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.message_architecture AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: move_anomalies workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.move_anomalies AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: move_logs workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.move_logs AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: moves workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.moves AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: onboarding_responses workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.onboarding_responses AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: outbox_events workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.outbox_events AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: positioning workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.positioning AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: quest_dependencies workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.quest_dependencies AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: recommendation_outcomes workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.recommendation_outcomes AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: sprints workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.sprints AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: strategy_insights workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.strategy_insights AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: stream_tickets workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.stream_tickets AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: subscriptions workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.subscriptions AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: support_feedback workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.support_feedback AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: system_alerts workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.system_alerts AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: trend_mentions workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.trend_mentions AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: trends workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.trends AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_achievements workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.user_achievements AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_notifications workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.user_notifications AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_stats workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.user_stats AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: user_workspaces workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.user_workspaces AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: workspace_invitations workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.workspace_invitations AS RESTRICTIVE USING ((workspace_id = codex.current_workspace_id())) WITH CHECK ((workspace_id = codex.current_workspace_id()));

--
-- Name: workspaces workspace_isolation; Type: POLICY; Schema: codex; Owner: codex_owner
--

CREATE POLICY workspace_isolation ON codex.workspaces AS RESTRICTIVE USING ((id = codex.current_workspace_id())) WITH CHECK ((id = codex.current_workspace_id()));

--
-- Name: workspace_slugs; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.workspace_slugs ENABLE ROW LEVEL SECURITY;

--
-- Name: workspaces; Type: ROW SECURITY; Schema: codex; Owner: codex_owner
--

ALTER TABLE codex.workspaces ENABLE ROW LEVEL SECURITY;

--
-- Name: SCHEMA codex; Type: ACL; Schema: -; Owner: codex_owner
--

GRANT USAGE ON SCHEMA codex TO codex_app;
GRANT USAGE ON SCHEMA codex TO codex_service;
GRANT USAGE ON SCHEMA codex TO codex_definer;
GRANT USAGE ON SCHEMA codex TO codex_reader;

--
-- Name: FUNCTION accept_invitation(p_workspace_id uuid, p_secret text, p_user_id uuid); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.accept_invitation(p_workspace_id uuid, p_secret text, p_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.accept_invitation(p_workspace_id uuid, p_secret text, p_user_id uuid) TO codex_app;

--
-- Name: FUNCTION access_ended(p_workspace_ids uuid[], p_user_ids uuid[], p_key_ids uuid[]); Type: ACL; Schema: codex; Owner: codex_reader
--

REVOKE ALL ON FUNCTION codex.access_ended(p_workspace_ids uuid[], p_user_ids uuid[], p_key_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.access_ended(p_workspace_ids uuid[], p_user_ids uuid[], p_key_ids uuid[]) TO codex_service;

--
-- Name: FUNCTION acknowledge_alert(p_workspace_id uuid, p_alert_id uuid); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.acknowledge_alert(p_workspace_id uuid, p_alert_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.acknowledge_alert(p_workspace_id uuid, p_alert_id uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.acknowledge_alert(p_workspace_id uuid, p_alert_id uuid) TO codex_service;

--
-- Name: FUNCTION acting_agent_id(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.acting_agent_id() FROM PUBLIC;
GRANT ALL ON FUNCTION codex.acting_agent_id() TO codex_app;
GRANT ALL ON FUNCTION codex.acting_agent_id() TO codex_service;
GRANT ALL ON FUNCTION codex.acting_agent_id() TO codex_definer;

--
-- Name: FUNCTION acting_user_id(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.acting_user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION codex.acting_user_id() TO codex_app;
GRANT ALL ON FUNCTION codex.acting_user_id() TO codex_service;
GRANT ALL ON FUNCTION codex.acting_user_id() TO codex_definer;

--
-- Name: FUNCTION add_performance(p_workspace_id uuid, p_agent_id uuid, p_assignment_id uuid, p_outcome text, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.add_performance(p_workspace_id uuid, p_agent_id uuid, p_assignment_id uuid, p_outcome text, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) FROM PUBLIC;

--
-- Name: FUNCTION are_pillars(p_pillars jsonb); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.are_pillars(p_pillars jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.are_pillars(p_pillars jsonb) TO codex_app;
GRANT ALL ON FUNCTION codex.are_pillars(p_pillars jsonb) TO codex_service;
GRANT ALL ON FUNCTION codex.are_pillars(p_pillars jsonb) TO codex_definer;

--
-- Name: FUNCTION calculate_move_success_rate(); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.calculate_move_success_rate() FROM PUBLIC;

--
-- Name: TABLE agent_executions; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.agent_executions TO codex_app;
GRANT SELECT ON TABLE codex.agent_executions TO codex_service;
GRANT SELECT,INSERT,UPDATE ON TABLE codex.agent_executions TO codex_definer;

--
-- Name: COLUMN agent_executions.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(workspace_id) ON TABLE codex.agent_executions TO codex_reader;

--
-- Name: COLUMN agent_executions.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(status) ON TABLE codex.agent_executions TO codex_reader;

--
-- Name: COLUMN agent_executions.lease_expires_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(lease_expires_at) ON TABLE codex.agent_executions TO codex_reader;

--
-- Name: FUNCTION cancel_execution(p_workspace_id uuid, p_id uuid, p_reason text); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.cancel_execution(p_workspace_id uuid, p_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.cancel_execution(p_workspace_id uuid, p_id uuid, p_reason text) TO codex_app;
GRANT ALL ON FUNCTION codex.cancel_execution(p_workspace_id uuid, p_id uuid, p_reason text) TO codex_service;

--
-- Name: FUNCTION claim_executions(p_workspace_id uuid, p_agent_id uuid, p_max integer, p_lease_ms integer, p_instance text); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.claim_executions(p_workspace_id uuid, p_agent_id uuid, p_max integer, p_lease_ms integer, p_instance text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.claim_executions(p_workspace_id uuid, p_agent_id uuid, p_max integer, p_lease_ms integer, p_instance text) TO codex_app;
GRANT ALL ON FUNCTION codex.claim_executions(p_workspace_id uuid, p_agent_id uuid, p_max integer, p_lease_ms integer, p_instance text) TO codex_service;

--
-- Name: FUNCTION claim_idempotency_key(p_workspace_id uuid, p_key text, p_request_hash bytea); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.claim_idempotency_key(p_workspace_id uuid, p_key text, p_request_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.claim_idempotency_key(p_workspace_id uuid, p_key text, p_request_hash bytea) TO codex_app;
GRANT ALL ON FUNCTION codex.claim_idempotency_key(p_workspace_id uuid, p_key text, p_request_hash bytea) TO codex_service;

--
-- Name: FUNCTION complete_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.complete_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.complete_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) TO codex_app;
GRANT ALL ON FUNCTION codex.complete_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_output jsonb, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) TO codex_service;

--
-- Name: FUNCTION complete_quest(p_workspace_id uuid, p_quest_id uuid, p_children text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.complete_quest(p_workspace_id uuid, p_quest_id uuid, p_children text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.complete_quest(p_workspace_id uuid, p_quest_id uuid, p_children text) TO codex_app;
GRANT ALL ON FUNCTION codex.complete_quest(p_workspace_id uuid, p_quest_id uuid, p_children text) TO codex_service;

--
-- Name: FUNCTION covers_scope(p_scopes text[], p_scope text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.covers_scope(p_scopes text[], p_scope text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.covers_scope(p_scopes text[], p_scope text) TO codex_app;
GRANT ALL ON FUNCTION codex.covers_scope(p_scopes text[], p_scope text) TO codex_service;
GRANT ALL ON FUNCTION codex.covers_scope(p_scopes text[], p_scope text) TO codex_definer;

--
-- Name: FUNCTION create_insight_from_signals(p_workspace_id uuid, p_signal_ids uuid[], p_title text, p_insight_type text, p_conclusions text[]); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.create_insight_from_signals(p_workspace_id uuid, p_signal_ids uuid[], p_title text, p_insight_type text, p_conclusions text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.create_insight_from_signals(p_workspace_id uuid, p_signal_ids uuid[], p_title text, p_insight_type text, p_conclusions text[]) TO codex_app;
GRANT ALL ON FUNCTION codex.create_insight_from_signals(p_workspace_id uuid, p_signal_ids uuid[], p_title text, p_insight_type text, p_conclusions text[]) TO codex_service;

--
-- Name: FUNCTION create_stream_ticket(p_workspace_id uuid, p_id uuid, p_ticket_hash bytea, OUT valid_until timestamp with time zone, OUT last_number bigint); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.create_stream_ticket(p_workspace_id uuid, p_id uuid, p_ticket_hash bytea, OUT valid_until timestamp with time zone, OUT last_number bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.create_stream_ticket(p_workspace_id uuid, p_id uuid, p_ticket_hash bytea, OUT valid_until timestamp with time zone, OUT last_number bigint) TO codex_app;

--
-- Name: FUNCTION create_system_alert(p_workspace_id uuid, p_alert_type text, p_severity text, p_title text, p_description text, p_dedup_key text, p_agent_id uuid, p_signal_id uuid, p_campaign_id uuid, p_cohort_id uuid, p_move_id uuid, p_data_points jsonb, p_expires_at timestamp with time zone, OUT alert_id uuid, OUT outcome text); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.create_system_alert(p_workspace_id uuid, p_alert_type text, p_severity text, p_title text, p_description text, p_dedup_key text, p_agent_id uuid, p_signal_id uuid, p_campaign_id uuid, p_cohort_id uuid, p_move_id uuid, p_data_points jsonb, p_expires_at timestamp with time zone, OUT alert_id uuid, OUT outcome text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.create_system_alert(p_workspace_id uuid, p_alert_type text, p_severity text, p_title text, p_description text, p_dedup_key text, p_agent_id uuid, p_signal_id uuid, p_campaign_id uuid, p_cohort_id uuid, p_move_id uuid, p_data_points jsonb, p_expires_at timestamp with time zone, OUT alert_id uuid, OUT outcome text) TO codex_app;
GRANT ALL ON FUNCTION codex.create_system_alert(p_workspace_id uuid, p_alert_type text, p_severity text, p_title text, p_description text, p_dedup_key text, p_agent_id uuid, p_signal_id uuid, p_campaign_id uuid, p_cohort_id uuid, p_move_id uuid, p_data_points jsonb, p_expires_at timestamp with time zone, OUT alert_id uuid, OUT outcome text) TO codex_service;

--
-- Name: FUNCTION create_workspace(p_workspace_id uuid, p_user_id uuid, p_name text, p_slug text, p_time_zone text); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.create_workspace(p_workspace_id uuid, p_user_id uuid, p_name text, p_slug text, p_time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.create_workspace(p_workspace_id uuid, p_user_id uuid, p_name text, p_slug text, p_time_zone text) TO codex_app;
GRANT ALL ON FUNCTION codex.create_workspace(p_workspace_id uuid, p_user_id uuid, p_name text, p_slug text, p_time_zone text) TO codex_service;

--
-- Name: FUNCTION current_role_at_least(p_role text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.current_role_at_least(p_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.current_role_at_least(p_role text) TO codex_app;
GRANT ALL ON FUNCTION codex.current_role_at_least(p_role text) TO codex_service;
GRANT ALL ON FUNCTION codex.current_role_at_least(p_role text) TO codex_definer;

--
-- Name: FUNCTION current_user_id(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.current_user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION codex.current_user_id() TO codex_app;
GRANT ALL ON FUNCTION codex.current_user_id() TO codex_service;
GRANT ALL ON FUNCTION codex.current_user_id() TO codex_definer;
GRANT ALL ON FUNCTION codex.current_user_id() TO codex_reader;

--
-- Name: FUNCTION current_workspace_id(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.current_workspace_id() FROM PUBLIC;
GRANT ALL ON FUNCTION codex.current_workspace_id() TO codex_app;
GRANT ALL ON FUNCTION codex.current_workspace_id() TO codex_service;
GRANT ALL ON FUNCTION codex.current_workspace_id() TO codex_definer;
GRANT ALL ON FUNCTION codex.current_workspace_id() TO codex_reader;

--
-- Name: FUNCTION decayed_confidence(p_confidence integer, p_last_seen_at timestamp with time zone, p_half_life_hours integer, p_as_of timestamp with time zone); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.decayed_confidence(p_confidence integer, p_last_seen_at timestamp with time zone, p_half_life_hours integer, p_as_of timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.decayed_confidence(p_confidence integer, p_last_seen_at timestamp with time zone, p_half_life_hours integer, p_as_of timestamp with time zone) TO codex_app;
GRANT ALL ON FUNCTION codex.decayed_confidence(p_confidence integer, p_last_seen_at timestamp with time zone, p_half_life_hours integer, p_as_of timestamp with time zone) TO codex_service;
GRANT ALL ON FUNCTION codex.decayed_confidence(p_confidence integer, p_last_seen_at timestamp with time zone, p_half_life_hours integer, p_as_of timestamp with time zone) TO codex_definer;

--
-- Name: FUNCTION describe_schema(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.describe_schema() FROM PUBLIC;

--
-- Name: FUNCTION describe_table(p_table regclass); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.describe_table(p_table regclass) FROM PUBLIC;

--
-- Name: FUNCTION distribute(p_table regclass, p_kind text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.distribute(p_table regclass, p_kind text) FROM PUBLIC;

--
-- Name: FUNCTION duration_bucket(p_duration_ms bigint); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.duration_bucket(p_duration_ms bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.duration_bucket(p_duration_ms bigint) TO codex_app;
GRANT ALL ON FUNCTION codex.duration_bucket(p_duration_ms bigint) TO codex_service;
GRANT ALL ON FUNCTION codex.duration_bucket(p_duration_ms bigint) TO codex_definer;

--
-- Name: FUNCTION duration_quantile(p_durations bigint[], p_quantile numeric); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.duration_quantile(p_durations bigint[], p_quantile numeric) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.duration_quantile(p_durations bigint[], p_quantile numeric) TO codex_app;
GRANT ALL ON FUNCTION codex.duration_quantile(p_durations bigint[], p_quantile numeric) TO codex_service;
GRANT ALL ON FUNCTION codex.duration_quantile(p_durations bigint[], p_quantile numeric) TO codex_definer;

--
-- Name: FUNCTION ensure_person(p_issuer text, p_subject text, p_display_name text, p_email text, p_time_zone text); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.ensure_person(p_issuer text, p_subject text, p_display_name text, p_email text, p_time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.ensure_person(p_issuer text, p_subject text, p_display_name text, p_email text, p_time_zone text) TO codex_app;
GRANT ALL ON FUNCTION codex.ensure_person(p_issuer text, p_subject text, p_display_name text, p_email text, p_time_zone text) TO codex_service;

--
-- Name: FUNCTION event_heads(p_workspace_ids uuid[]); Type: ACL; Schema: codex; Owner: codex_reader
--

REVOKE ALL ON FUNCTION codex.event_heads(p_workspace_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.event_heads(p_workspace_ids uuid[]) TO codex_service;

--
-- Name: FUNCTION events_after(p_workspace_id uuid, p_after bigint, p_limit integer); Type: ACL; Schema: codex; Owner: codex_reader
--

REVOKE ALL ON FUNCTION codex.events_after(p_workspace_id uuid, p_after bigint, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.events_after(p_workspace_id uuid, p_after bigint, p_limit integer) TO codex_service;

--
-- Name: FUNCTION fail_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text, p_retryable boolean, p_retry_after_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.fail_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text, p_retryable boolean, p_retry_after_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.fail_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text, p_retryable boolean, p_retry_after_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) TO codex_app;
GRANT ALL ON FUNCTION codex.fail_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_error text, p_retryable boolean, p_retry_after_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint) TO codex_service;

--
-- Name: FUNCTION free_slots(p_workspace_id uuid, p_agent_id uuid, p_instance text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.free_slots(p_workspace_id uuid, p_agent_id uuid, p_instance text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.free_slots(p_workspace_id uuid, p_agent_id uuid, p_instance text) TO codex_definer;

--
-- Name: FUNCTION get_active_insights(p_workspace_id uuid); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.get_active_insights(p_workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.get_active_insights(p_workspace_id uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.get_active_insights(p_workspace_id uuid) TO codex_service;

--
-- Name: FUNCTION get_critical_alerts(p_workspace_id uuid); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.get_critical_alerts(p_workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.get_critical_alerts(p_workspace_id uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.get_critical_alerts(p_workspace_id uuid) TO codex_service;

--
-- Name: FUNCTION get_leaderboard(p_workspace_id uuid, p_limit integer); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.get_leaderboard(p_workspace_id uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.get_leaderboard(p_workspace_id uuid, p_limit integer) TO codex_app;
GRANT ALL ON FUNCTION codex.get_leaderboard(p_workspace_id uuid, p_limit integer) TO codex_service;

--
-- Name: FUNCTION get_priority_signals(p_workspace_id uuid, p_confidence_threshold integer, p_limit integer); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.get_priority_signals(p_workspace_id uuid, p_confidence_threshold integer, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.get_priority_signals(p_workspace_id uuid, p_confidence_threshold integer, p_limit integer) TO codex_app;
GRANT ALL ON FUNCTION codex.get_priority_signals(p_workspace_id uuid, p_confidence_threshold integer, p_limit integer) TO codex_service;

--
-- Name: FUNCTION get_user_unread_notifications(p_workspace_id uuid, p_limit integer); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.get_user_unread_notifications(p_workspace_id uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.get_user_unread_notifications(p_workspace_id uuid, p_limit integer) TO codex_app;

--
-- Name: FUNCTION hand_over(p_function regprocedure, p_owner name); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.hand_over(p_function regprocedure, p_owner name) FROM PUBLIC;

--
-- Name: FUNCTION health_of(p_last_seen_at timestamp with time zone); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.health_of(p_last_seen_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.health_of(p_last_seen_at timestamp with time zone) TO codex_app;
GRANT ALL ON FUNCTION codex.health_of(p_last_seen_at timestamp with time zone) TO codex_service;

--
-- Name: FUNCTION heartbeat_agent(p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer, OUT seen_at timestamp with time zone, OUT running uuid[], OUT cancel uuid[]); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.heartbeat_agent(p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer, OUT seen_at timestamp with time zone, OUT running uuid[], OUT cancel uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.heartbeat_agent(p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer, OUT seen_at timestamp with time zone, OUT running uuid[], OUT cancel uuid[]) TO codex_app;
GRANT ALL ON FUNCTION codex.heartbeat_agent(p_workspace_id uuid, p_agent_id uuid, p_instance text, p_slots integer, OUT seen_at timestamp with time zone, OUT running uuid[], OUT cancel uuid[]) TO codex_service;

--
-- Name: FUNCTION heartbeat_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, OUT expires_at timestamp with time zone, OUT cancel_requested boolean); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.heartbeat_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, OUT expires_at timestamp with time zone, OUT cancel_requested boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.heartbeat_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, OUT expires_at timestamp with time zone, OUT cancel_requested boolean) TO codex_app;
GRANT ALL ON FUNCTION codex.heartbeat_execution(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, OUT expires_at timestamp with time zone, OUT cancel_requested boolean) TO codex_service;

--
-- Name: FUNCTION histogram_total(p_durations bigint[]); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.histogram_total(p_durations bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.histogram_total(p_durations bigint[]) TO codex_app;
GRANT ALL ON FUNCTION codex.histogram_total(p_durations bigint[]) TO codex_service;
GRANT ALL ON FUNCTION codex.histogram_total(p_durations bigint[]) TO codex_definer;

--
-- Name: FUNCTION is_criteria(p_criteria jsonb); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.is_criteria(p_criteria jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.is_criteria(p_criteria jsonb) TO codex_app;
GRANT ALL ON FUNCTION codex.is_criteria(p_criteria jsonb) TO codex_service;
GRANT ALL ON FUNCTION codex.is_criteria(p_criteria jsonb) TO codex_definer;

--
-- Name: FUNCTION is_evidence(p_evidence jsonb); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.is_evidence(p_evidence jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.is_evidence(p_evidence jsonb) TO codex_app;
GRANT ALL ON FUNCTION codex.is_evidence(p_evidence jsonb) TO codex_service;
GRANT ALL ON FUNCTION codex.is_evidence(p_evidence jsonb) TO codex_definer;

--
-- Name: FUNCTION is_global_table(p_name name); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.is_global_table(p_name name) FROM PUBLIC;

--
-- Name: FUNCTION isolate(p_table regclass, p_tenant_column text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.isolate(p_table regclass, p_tenant_column text) FROM PUBLIC;

--
-- Name: FUNCTION lock_tree(p_tree text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.lock_tree(p_tree text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.lock_tree(p_tree text) TO codex_app;
GRANT ALL ON FUNCTION codex.lock_tree(p_tree text) TO codex_service;
GRANT ALL ON FUNCTION codex.lock_tree(p_tree text) TO codex_definer;

--
-- Name: FUNCTION mark_notification_as_read(p_workspace_id uuid, p_notification_id uuid); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.mark_notification_as_read(p_workspace_id uuid, p_notification_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.mark_notification_as_read(p_workspace_id uuid, p_notification_id uuid) TO codex_app;

--
-- Name: FUNCTION missing_components(p_workspace_id uuid, p_positioning_id uuid); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.missing_components(p_workspace_id uuid, p_positioning_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.missing_components(p_workspace_id uuid, p_positioning_id uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.missing_components(p_workspace_id uuid, p_positioning_id uuid) TO codex_service;

--
-- Name: FUNCTION move_quest(p_workspace_id uuid, p_quest_id uuid, p_parent_id uuid, p_place text, p_after_id uuid); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.move_quest(p_workspace_id uuid, p_quest_id uuid, p_parent_id uuid, p_place text, p_after_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.move_quest(p_workspace_id uuid, p_quest_id uuid, p_parent_id uuid, p_place text, p_after_id uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.move_quest(p_workspace_id uuid, p_quest_id uuid, p_parent_id uuid, p_place text, p_after_id uuid) TO codex_service;

--
-- Name: FUNCTION next_assignment(p_workspace_id uuid, p_agent_id uuid, p_passed uuid[], OUT id uuid, OUT lanes integer); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.next_assignment(p_workspace_id uuid, p_agent_id uuid, p_passed uuid[], OUT id uuid, OUT lanes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.next_assignment(p_workspace_id uuid, p_agent_id uuid, p_passed uuid[], OUT id uuid, OUT lanes integer) TO codex_definer;

--
-- Name: FUNCTION number_events(p_workspace_id uuid); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.number_events(p_workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.number_events(p_workspace_id uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.number_events(p_workspace_id uuid) TO codex_service;

--
-- Name: FUNCTION period_key(p_repeat_period text, p_at timestamp with time zone, p_time_zone text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.period_key(p_repeat_period text, p_at timestamp with time zone, p_time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.period_key(p_repeat_period text, p_at timestamp with time zone, p_time_zone text) TO codex_app;
GRANT ALL ON FUNCTION codex.period_key(p_repeat_period text, p_at timestamp with time zone, p_time_zone text) TO codex_service;
GRANT ALL ON FUNCTION codex.period_key(p_repeat_period text, p_at timestamp with time zone, p_time_zone text) TO codex_definer;

--
-- Name: FUNCTION protect(p_table regclass, p_read text, p_insert text, p_update text, p_delete text, p_author text, p_own text, p_tenant_column text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.protect(p_table regclass, p_read text, p_insert text, p_update text, p_delete text, p_author text, p_own text, p_tenant_column text) FROM PUBLIC;

--
-- Name: FUNCTION prune_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.prune_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.prune_events(p_workspace_id uuid, p_before timestamp with time zone, p_limit integer) TO codex_service;

--
-- Name: FUNCTION publish_message(p_workspace_id uuid, p_message_id uuid, OUT published uuid, OUT superseded uuid); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.publish_message(p_workspace_id uuid, p_message_id uuid, OUT published uuid, OUT superseded uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.publish_message(p_workspace_id uuid, p_message_id uuid, OUT published uuid, OUT superseded uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.publish_message(p_workspace_id uuid, p_message_id uuid, OUT published uuid, OUT superseded uuid) TO codex_service;

--
-- Name: FUNCTION publish_positioning(p_workspace_id uuid, p_positioning_id uuid, OUT active uuid, OUT superseded uuid); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.publish_positioning(p_workspace_id uuid, p_positioning_id uuid, OUT active uuid, OUT superseded uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.publish_positioning(p_workspace_id uuid, p_positioning_id uuid, OUT active uuid, OUT superseded uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.publish_positioning(p_workspace_id uuid, p_positioning_id uuid, OUT active uuid, OUT superseded uuid) TO codex_service;

--
-- Name: FUNCTION purge_workspace(p_workspace_id uuid); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.purge_workspace(p_workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.purge_workspace(p_workspace_id uuid) TO codex_service;

--
-- Name: FUNCTION put_message(p_workspace_id uuid, p_id uuid, p_positioning_id uuid, p_channel text, p_persona text, p_content jsonb); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.put_message(p_workspace_id uuid, p_id uuid, p_positioning_id uuid, p_channel text, p_persona text, p_content jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.put_message(p_workspace_id uuid, p_id uuid, p_positioning_id uuid, p_channel text, p_persona text, p_content jsonb) TO codex_app;
GRANT ALL ON FUNCTION codex.put_message(p_workspace_id uuid, p_id uuid, p_positioning_id uuid, p_channel text, p_persona text, p_content jsonb) TO codex_service;

--
-- Name: FUNCTION quest_progress(p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.quest_progress(p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.quest_progress(p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.quest_progress(p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid) TO codex_service;
GRANT ALL ON FUNCTION codex.quest_progress(p_workspace_id uuid, p_campaign_id uuid, p_quest_id uuid) TO codex_definer;

--
-- Name: FUNCTION raise_missing_context(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.raise_missing_context() FROM PUBLIC;
GRANT ALL ON FUNCTION codex.raise_missing_context() TO codex_app;
GRANT ALL ON FUNCTION codex.raise_missing_context() TO codex_service;
GRANT ALL ON FUNCTION codex.raise_missing_context() TO codex_definer;

--
-- Name: FUNCTION raise_missing_rank(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.raise_missing_rank() FROM PUBLIC;
GRANT ALL ON FUNCTION codex.raise_missing_rank() TO codex_app;
GRANT ALL ON FUNCTION codex.raise_missing_rank() TO codex_service;
GRANT ALL ON FUNCTION codex.raise_missing_rank() TO codex_definer;

--
-- Name: FUNCTION reap_executions(p_workspace_id uuid, p_limit integer); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.reap_executions(p_workspace_id uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.reap_executions(p_workspace_id uuid, p_limit integer) TO codex_app;
GRANT ALL ON FUNCTION codex.reap_executions(p_workspace_id uuid, p_limit integer) TO codex_service;

--
-- Name: FUNCTION record_agent_execution(p_workspace_id uuid, p_agent_id uuid, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint, p_success boolean, p_assignment_id uuid); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.record_agent_execution(p_workspace_id uuid, p_agent_id uuid, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint, p_success boolean, p_assignment_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.record_agent_execution(p_workspace_id uuid, p_agent_id uuid, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint, p_success boolean, p_assignment_id uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.record_agent_execution(p_workspace_id uuid, p_agent_id uuid, p_duration_ms bigint, p_input_tokens bigint, p_output_tokens bigint, p_cost_micros bigint, p_success boolean, p_assignment_id uuid) TO codex_service;

--
-- Name: FUNCTION require_access(p_role text, p_scope text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.require_access(p_role text, p_scope text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.require_access(p_role text, p_scope text) TO codex_app;
GRANT ALL ON FUNCTION codex.require_access(p_role text, p_scope text) TO codex_service;

--
-- Name: FUNCTION require_lease(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_to text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.require_lease(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_to text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.require_lease(p_workspace_id uuid, p_id uuid, p_fencing_token bigint, p_to text) TO codex_definer;

--
-- Name: FUNCTION require_role(p_role text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.require_role(p_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.require_role(p_role text) TO codex_app;
GRANT ALL ON FUNCTION codex.require_role(p_role text) TO codex_service;
GRANT ALL ON FUNCTION codex.require_role(p_role text) TO codex_definer;

--
-- Name: FUNCTION require_time_zone(p_time_zone text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.require_time_zone(p_time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.require_time_zone(p_time_zone text) TO codex_app;
GRANT ALL ON FUNCTION codex.require_time_zone(p_time_zone text) TO codex_service;
GRANT ALL ON FUNCTION codex.require_time_zone(p_time_zone text) TO codex_definer;

--
-- Name: FUNCTION require_worker(p_agent_id uuid); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.require_worker(p_agent_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.require_worker(p_agent_id uuid) TO codex_definer;

--
-- Name: FUNCTION require_workspace(p_workspace_id uuid); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.require_workspace(p_workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.require_workspace(p_workspace_id uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.require_workspace(p_workspace_id uuid) TO codex_service;
GRANT ALL ON FUNCTION codex.require_workspace(p_workspace_id uuid) TO codex_definer;
GRANT ALL ON FUNCTION codex.require_workspace(p_workspace_id uuid) TO codex_reader;

--
-- Name: FUNCTION resolve_slug(p_slug text); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.resolve_slug(p_slug text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.resolve_slug(p_slug text) TO codex_app;
GRANT ALL ON FUNCTION codex.resolve_slug(p_slug text) TO codex_service;

--
-- Name: FUNCTION retry_execution(p_workspace_id uuid, p_id uuid, p_new_id uuid); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.retry_execution(p_workspace_id uuid, p_id uuid, p_new_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.retry_execution(p_workspace_id uuid, p_id uuid, p_new_id uuid) TO codex_app;
GRANT ALL ON FUNCTION codex.retry_execution(p_workspace_id uuid, p_id uuid, p_new_id uuid) TO codex_service;

--
-- Name: FUNCTION role_rank(p_role text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.role_rank(p_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.role_rank(p_role text) TO codex_app;
GRANT ALL ON FUNCTION codex.role_rank(p_role text) TO codex_service;
GRANT ALL ON FUNCTION codex.role_rank(p_role text) TO codex_definer;
GRANT ALL ON FUNCTION codex.role_rank(p_role text) TO codex_reader;

--
-- Name: FUNCTION schema_version(OUT version integer, OUT serves_from integer); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.schema_version(OUT version integer, OUT serves_from integer) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.schema_version(OUT version integer, OUT serves_from integer) TO codex_app;
GRANT ALL ON FUNCTION codex.schema_version(OUT version integer, OUT serves_from integer) TO codex_service;

--
-- Name: FUNCTION send_user_notification(p_workspace_id uuid, p_user_ids uuid[], p_notification_type text, p_title text, p_body text, p_channel text, p_priority text, p_action_url text, p_alert_id uuid, p_achievement_id uuid, p_campaign_id uuid, p_expires_at timestamp with time zone, OUT accepted integer, OUT skipped uuid[]); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.send_user_notification(p_workspace_id uuid, p_user_ids uuid[], p_notification_type text, p_title text, p_body text, p_channel text, p_priority text, p_action_url text, p_alert_id uuid, p_achievement_id uuid, p_campaign_id uuid, p_expires_at timestamp with time zone, OUT accepted integer, OUT skipped uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.send_user_notification(p_workspace_id uuid, p_user_ids uuid[], p_notification_type text, p_title text, p_body text, p_channel text, p_priority text, p_action_url text, p_alert_id uuid, p_achievement_id uuid, p_campaign_id uuid, p_expires_at timestamp with time zone, OUT accepted integer, OUT skipped uuid[]) TO codex_app;
GRANT ALL ON FUNCTION codex.send_user_notification(p_workspace_id uuid, p_user_ids uuid[], p_notification_type text, p_title text, p_body text, p_channel text, p_priority text, p_action_url text, p_alert_id uuid, p_achievement_id uuid, p_campaign_id uuid, p_expires_at timestamp with time zone, OUT accepted integer, OUT skipped uuid[]) TO codex_service;

--
-- Name: FUNCTION set_context(p_workspace_id uuid, p_user_id uuid); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.set_context(p_workspace_id uuid, p_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.set_context(p_workspace_id uuid, p_user_id uuid) TO codex_app;

--
-- Name: FUNCTION set_context_by_key(p_workspace_id uuid, p_key_hash bytea, OUT key_id uuid, OUT user_id uuid, OUT agent_id uuid, OUT role text, OUT scopes text[]); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.set_context_by_key(p_workspace_id uuid, p_key_hash bytea, OUT key_id uuid, OUT user_id uuid, OUT agent_id uuid, OUT role text, OUT scopes text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.set_context_by_key(p_workspace_id uuid, p_key_hash bytea, OUT key_id uuid, OUT user_id uuid, OUT agent_id uuid, OUT role text, OUT scopes text[]) TO codex_app;

--
-- Name: FUNCTION set_context_by_subject(p_workspace_id uuid, p_issuer text, p_subject text); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.set_context_by_subject(p_workspace_id uuid, p_issuer text, p_subject text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.set_context_by_subject(p_workspace_id uuid, p_issuer text, p_subject text) TO codex_app;

--
-- Name: FUNCTION set_service_context(p_workspace_id uuid); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.set_service_context(p_workspace_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.set_service_context(p_workspace_id uuid) TO codex_service;

--
-- Name: FUNCTION set_visibility(p_workspace_id uuid, p_visibility text, p_achievement_id uuid); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.set_visibility(p_workspace_id uuid, p_visibility text, p_achievement_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.set_visibility(p_workspace_id uuid, p_visibility text, p_achievement_id uuid) TO codex_app;

--
-- Name: FUNCTION severity_rank(p_severity text); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.severity_rank(p_severity text) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.severity_rank(p_severity text) TO codex_app;
GRANT ALL ON FUNCTION codex.severity_rank(p_severity text) TO codex_service;
GRANT ALL ON FUNCTION codex.severity_rank(p_severity text) TO codex_definer;

--
-- Name: FUNCTION start_execution(p_workspace_id uuid, p_id uuid, p_assignment_id uuid, p_input jsonb, p_on_conflict text, p_settings jsonb); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.start_execution(p_workspace_id uuid, p_id uuid, p_assignment_id uuid, p_input jsonb, p_on_conflict text, p_settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.start_execution(p_workspace_id uuid, p_id uuid, p_assignment_id uuid, p_input jsonb, p_on_conflict text, p_settings jsonb) TO codex_app;
GRANT ALL ON FUNCTION codex.start_execution(p_workspace_id uuid, p_id uuid, p_assignment_id uuid, p_input jsonb, p_on_conflict text, p_settings jsonb) TO codex_service;

--
-- Name: FUNCTION sums_to_one(p_shares jsonb); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.sums_to_one(p_shares jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.sums_to_one(p_shares jsonb) TO codex_app;
GRANT ALL ON FUNCTION codex.sums_to_one(p_shares jsonb) TO codex_service;
GRANT ALL ON FUNCTION codex.sums_to_one(p_shares jsonb) TO codex_definer;

--
-- Name: FUNCTION take_lane(p_workspace_id uuid, p_assignment_id uuid, p_lanes integer); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.take_lane(p_workspace_id uuid, p_assignment_id uuid, p_lanes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.take_lane(p_workspace_id uuid, p_assignment_id uuid, p_lanes integer) TO codex_definer;

--
-- Name: FUNCTION take_stream_ticket(p_workspace_id uuid, p_ticket_hash bytea, OUT user_id uuid, OUT agent_id uuid, OUT api_key_id uuid); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.take_stream_ticket(p_workspace_id uuid, p_ticket_hash bytea, OUT user_id uuid, OUT agent_id uuid, OUT api_key_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.take_stream_ticket(p_workspace_id uuid, p_ticket_hash bytea, OUT user_id uuid, OUT agent_id uuid, OUT api_key_id uuid) TO codex_app;

--
-- Name: FUNCTION tg__check_transition(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg__check_transition() FROM PUBLIC;

--
-- Name: FUNCTION tg__keep_published(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg__keep_published() FROM PUBLIC;

--
-- Name: FUNCTION tg__record_audit(); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.tg__record_audit() FROM PUBLIC;

--
-- Name: FUNCTION tg__record_event(); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.tg__record_event() FROM PUBLIC;

--
-- Name: FUNCTION tg__refuse_change(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg__refuse_change() FROM PUBLIC;

--
-- Name: FUNCTION tg__touch(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg__touch() FROM PUBLIC;

--
-- Name: FUNCTION tg_achievements__check_prerequisite(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_achievements__check_prerequisite() FROM PUBLIC;

--
-- Name: FUNCTION tg_agent_assignments__cancel_queued(); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.tg_agent_assignments__cancel_queued() FROM PUBLIC;

--
-- Name: FUNCTION tg_agent_assignments__check_agent(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_agent_assignments__check_agent() FROM PUBLIC;

--
-- Name: FUNCTION tg_agent_assignments__check_lease(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_agent_assignments__check_lease() FROM PUBLIC;

--
-- Name: FUNCTION tg_agent_assignments__stamp(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_agent_assignments__stamp() FROM PUBLIC;

--
-- Name: FUNCTION tg_agent_executions__check_lease(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_agent_executions__check_lease() FROM PUBLIC;

--
-- Name: FUNCTION tg_agent_executions__count(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_agent_executions__count() FROM PUBLIC;

--
-- Name: FUNCTION tg_agent_executions__stamp(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_agent_executions__stamp() FROM PUBLIC;

--
-- Name: FUNCTION tg_agent_registry__check_version(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_agent_registry__check_version() FROM PUBLIC;

--
-- Name: FUNCTION tg_api_keys__check_scopes(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_api_keys__check_scopes() FROM PUBLIC;

--
-- Name: FUNCTION tg_campaign_cohorts__check_allocation(); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.tg_campaign_cohorts__check_allocation() FROM PUBLIC;

--
-- Name: FUNCTION tg_campaign_quests__check_dependencies(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_campaign_quests__check_dependencies() FROM PUBLIC;

--
-- Name: FUNCTION tg_campaign_quests__check_tree(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_campaign_quests__check_tree() FROM PUBLIC;

--
-- Name: FUNCTION tg_campaign_quests__own_progress(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_campaign_quests__own_progress() FROM PUBLIC;

--
-- Name: FUNCTION tg_campaign_quests__place_last(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_campaign_quests__place_last() FROM PUBLIC;

--
-- Name: FUNCTION tg_campaign_quests__roll_up(); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.tg_campaign_quests__roll_up() FROM PUBLIC;

--
-- Name: FUNCTION tg_campaigns__check_activation(); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.tg_campaigns__check_activation() FROM PUBLIC;

--
-- Name: FUNCTION tg_campaigns__check_tree(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_campaigns__check_tree() FROM PUBLIC;

--
-- Name: FUNCTION tg_campaigns__stamp(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_campaigns__stamp() FROM PUBLIC;

--
-- Name: FUNCTION tg_cohorts__check_limit(); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.tg_cohorts__check_limit() FROM PUBLIC;

--
-- Name: FUNCTION tg_market_insights__stamp(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_market_insights__stamp() FROM PUBLIC;

--
-- Name: FUNCTION tg_message_architecture__stamp(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_message_architecture__stamp() FROM PUBLIC;

--
-- Name: FUNCTION tg_moves__check_sprint_limit(); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.tg_moves__check_sprint_limit() FROM PUBLIC;

--
-- Name: FUNCTION tg_positioning__number_revision(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_positioning__number_revision() FROM PUBLIC;

--
-- Name: FUNCTION tg_positioning__stamp(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_positioning__stamp() FROM PUBLIC;

--
-- Name: FUNCTION tg_quest_dependencies__check_cycle(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_quest_dependencies__check_cycle() FROM PUBLIC;

--
-- Name: FUNCTION tg_system_alerts__check_severity(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_system_alerts__check_severity() FROM PUBLIC;

--
-- Name: FUNCTION tg_system_alerts__stamp(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_system_alerts__stamp() FROM PUBLIC;

--
-- Name: FUNCTION tg_user_workspaces__check_role_change(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.tg_user_workspaces__check_role_change() FROM PUBLIC;

--
-- Name: FUNCTION tg_user_workspaces__keep_an_owner(); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.tg_user_workspaces__keep_an_owner() FROM PUBLIC;

--
-- Name: FUNCTION unlock_achievement(p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_event_type text, p_evidence jsonb); Type: ACL; Schema: codex; Owner: codex_definer
--

REVOKE ALL ON FUNCTION codex.unlock_achievement(p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_event_type text, p_evidence jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.unlock_achievement(p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_event_type text, p_evidence jsonb) TO codex_app;
GRANT ALL ON FUNCTION codex.unlock_achievement(p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_event_type text, p_evidence jsonb) TO codex_service;

--
-- Name: FUNCTION update_experience_level(); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.update_experience_level() FROM PUBLIC;

--
-- Name: FUNCTION wilson_lower_bound(p_successes bigint, p_runs bigint); Type: ACL; Schema: codex; Owner: codex_owner
--

REVOKE ALL ON FUNCTION codex.wilson_lower_bound(p_successes bigint, p_runs bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.wilson_lower_bound(p_successes bigint, p_runs bigint) TO codex_app;
GRANT ALL ON FUNCTION codex.wilson_lower_bound(p_successes bigint, p_runs bigint) TO codex_service;
GRANT ALL ON FUNCTION codex.wilson_lower_bound(p_successes bigint, p_runs bigint) TO codex_definer;

--
-- Name: FUNCTION workspaces_of(p_user_id uuid); Type: ACL; Schema: codex; Owner: codex_reader
--

REVOKE ALL ON FUNCTION codex.workspaces_of(p_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.workspaces_of(p_user_id uuid) TO codex_app;

--
-- Name: FUNCTION workspaces_with_work(p_kind text, p_after uuid, p_limit integer); Type: ACL; Schema: codex; Owner: codex_reader
--

REVOKE ALL ON FUNCTION codex.workspaces_with_work(p_kind text, p_after uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION codex.workspaces_with_work(p_kind text, p_after uuid, p_limit integer) TO codex_service;

--
-- Name: TABLE achievements; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.achievements TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.achievements TO codex_service;
GRANT SELECT ON TABLE codex.achievements TO codex_definer;

--
-- Name: COLUMN achievements.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.key; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(key) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.description; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(description),UPDATE(description) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.icon_url; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(icon_url),UPDATE(icon_url) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.badge_type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(badge_type),UPDATE(badge_type) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.category; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(category),UPDATE(category) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.criteria; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(criteria),UPDATE(criteria) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.tier; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(tier),UPDATE(tier) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.rarity; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(rarity),UPDATE(rarity) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.points; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(points),UPDATE(points) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.prerequisite_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(prerequisite_id),UPDATE(prerequisite_id) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.repeat_period; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(repeat_period),UPDATE(repeat_period) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.secret; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(secret),UPDATE(secret) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.achievements TO codex_app;

--
-- Name: COLUMN achievements.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.achievements TO codex_app;

--
-- Name: TABLE agent_assignments; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.agent_assignments TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.agent_assignments TO codex_service;
GRANT SELECT,UPDATE ON TABLE codex.agent_assignments TO codex_definer;

--
-- Name: COLUMN agent_assignments.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.agent_assignments TO codex_app;

--
-- Name: COLUMN agent_assignments.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.agent_assignments TO codex_app;

--
-- Name: COLUMN agent_assignments.agent_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(agent_id) ON TABLE codex.agent_assignments TO codex_app;

--
-- Name: COLUMN agent_assignments.campaign_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(campaign_id) ON TABLE codex.agent_assignments TO codex_app;

--
-- Name: COLUMN agent_assignments.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.agent_assignments TO codex_app;

--
-- Name: COLUMN agent_assignments.priority; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(priority),UPDATE(priority) ON TABLE codex.agent_assignments TO codex_app;

--
-- Name: COLUMN agent_assignments.max_concurrency; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(max_concurrency),UPDATE(max_concurrency) ON TABLE codex.agent_assignments TO codex_app;

--
-- Name: COLUMN agent_assignments.config; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(config),UPDATE(config) ON TABLE codex.agent_assignments TO codex_app;

--
-- Name: COLUMN agent_assignments.constraints; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(constraints),UPDATE(constraints) ON TABLE codex.agent_assignments TO codex_app;

--
-- Name: COLUMN agent_assignments.ended_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(ended_at) ON TABLE codex.agent_assignments TO codex_app;

--
-- Name: COLUMN agent_assignments.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.agent_assignments TO codex_app;

--
-- Name: TABLE agent_capabilities; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.agent_capabilities TO codex_app;
GRANT SELECT ON TABLE codex.agent_capabilities TO codex_definer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.agent_capabilities TO codex_service;

--
-- Name: TABLE agent_debates; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.agent_debates TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.agent_debates TO codex_service;

--
-- Name: TABLE agent_instances; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.agent_instances TO codex_app;
GRANT SELECT ON TABLE codex.agent_instances TO codex_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.agent_instances TO codex_definer;

--
-- Name: TABLE agent_messages; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.agent_messages TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.agent_messages TO codex_service;

--
-- Name: TABLE agent_performance; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.agent_performance TO codex_app;
GRANT SELECT ON TABLE codex.agent_performance TO codex_service;
GRANT SELECT,INSERT,UPDATE ON TABLE codex.agent_performance TO codex_definer;

--
-- Name: TABLE agent_recommendations; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.agent_recommendations TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.agent_recommendations TO codex_service;

--
-- Name: COLUMN agent_recommendations.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(status) ON TABLE codex.agent_recommendations TO codex_app;

--
-- Name: TABLE agent_registry; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.agent_registry TO codex_service;

--
-- Name: COLUMN agent_registry.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(id) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(id) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(name) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(name) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.version; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(version) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(version) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.guild; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(guild) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(guild) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.agent_type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(agent_type) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(agent_type) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.code; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(code) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(code) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.description; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(description) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(description) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.purpose; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(purpose) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(purpose) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.domain_expertise; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(domain_expertise) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(domain_expertise) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.personality_traits; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(personality_traits) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(personality_traits) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.tags; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(tags) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(tags) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.tool_access; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(tool_access) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(tool_access) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(status) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(status) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.replaced_by_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(replaced_by_id) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(replaced_by_id) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.released_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(released_at) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(released_at) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.deprecated_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(deprecated_at) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(deprecated_at) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.created_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(created_at) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(created_at) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.updated_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(updated_at) ON TABLE codex.agent_registry TO codex_app;
GRANT SELECT(updated_at) ON TABLE codex.agent_registry TO codex_definer;

--
-- Name: COLUMN agent_registry.card; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(card) ON TABLE codex.agent_registry TO codex_app;

--
-- Name: TABLE agent_trust_scores; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.agent_trust_scores TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.agent_trust_scores TO codex_service;

--
-- Name: TABLE api_keys; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.api_keys TO codex_service;
GRANT SELECT ON TABLE codex.api_keys TO codex_definer;

--
-- Name: COLUMN api_keys.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(workspace_id),INSERT(workspace_id) ON TABLE codex.api_keys TO codex_app;
GRANT SELECT(workspace_id) ON TABLE codex.api_keys TO codex_reader;

--
-- Name: COLUMN api_keys.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(id),INSERT(id) ON TABLE codex.api_keys TO codex_app;
GRANT SELECT(id) ON TABLE codex.api_keys TO codex_reader;

--
-- Name: COLUMN api_keys.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(name),INSERT(name),UPDATE(name) ON TABLE codex.api_keys TO codex_app;

--
-- Name: COLUMN api_keys.prefix; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(prefix),INSERT(prefix) ON TABLE codex.api_keys TO codex_app;

--
-- Name: COLUMN api_keys.key_hash; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(key_hash) ON TABLE codex.api_keys TO codex_app;

--
-- Name: COLUMN api_keys.role; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(role),INSERT(role) ON TABLE codex.api_keys TO codex_app;

--
-- Name: COLUMN api_keys.scopes; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(scopes),INSERT(scopes),UPDATE(scopes) ON TABLE codex.api_keys TO codex_app;

--
-- Name: COLUMN api_keys.user_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(user_id),INSERT(user_id) ON TABLE codex.api_keys TO codex_app;

--
-- Name: COLUMN api_keys.agent_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(agent_id),INSERT(agent_id) ON TABLE codex.api_keys TO codex_app;

--
-- Name: COLUMN api_keys.expires_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(expires_at),INSERT(expires_at),UPDATE(expires_at) ON TABLE codex.api_keys TO codex_app;
GRANT SELECT(expires_at) ON TABLE codex.api_keys TO codex_reader;

--
-- Name: COLUMN api_keys.revoked_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE codex.api_keys TO codex_app;
GRANT SELECT(revoked_at) ON TABLE codex.api_keys TO codex_reader;

--
-- Name: COLUMN api_keys.last_used_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(last_used_at) ON TABLE codex.api_keys TO codex_app;

--
-- Name: COLUMN api_keys.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(created_by),INSERT(created_by) ON TABLE codex.api_keys TO codex_app;

--
-- Name: COLUMN api_keys.version; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(version) ON TABLE codex.api_keys TO codex_app;

--
-- Name: COLUMN api_keys.created_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(created_at) ON TABLE codex.api_keys TO codex_app;

--
-- Name: COLUMN api_keys.updated_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(updated_at) ON TABLE codex.api_keys TO codex_app;

--
-- Name: TABLE assets; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.assets TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.assets TO codex_service;

--
-- Name: COLUMN assets.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(type),UPDATE(type) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.body; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(body),UPDATE(body) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.url; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(url),UPDATE(url) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.move_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(move_id),UPDATE(move_id) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.cohort_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(cohort_id),UPDATE(cohort_id) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.pattern_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(pattern_id),UPDATE(pattern_id) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.tags; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(tags),UPDATE(tags) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.channel_role; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(channel_role),UPDATE(channel_role) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.created_by_agent; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by_agent),UPDATE(created_by_agent) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.published_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(published_at),UPDATE(published_at) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.metadata; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(metadata),UPDATE(metadata) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.experiment_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(experiment_id),UPDATE(experiment_id) ON TABLE codex.assets TO codex_app;

--
-- Name: COLUMN assets.experiment_variant; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(experiment_variant),UPDATE(experiment_variant) ON TABLE codex.assets TO codex_app;

--
-- Name: TABLE audit_events; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.audit_events TO codex_app;
GRANT SELECT ON TABLE codex.audit_events TO codex_service;
GRANT SELECT,INSERT ON TABLE codex.audit_events TO codex_definer;

--
-- Name: COLUMN audit_events.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.audit_events TO codex_service;

--
-- Name: COLUMN audit_events.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.audit_events TO codex_service;

--
-- Name: COLUMN audit_events.action; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(action) ON TABLE codex.audit_events TO codex_service;

--
-- Name: COLUMN audit_events.reason; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(reason) ON TABLE codex.audit_events TO codex_service;

--
-- Name: TABLE autopay_payments; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.autopay_payments TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.autopay_payments TO codex_service;

--
-- Name: TABLE autopay_subscriptions; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.autopay_subscriptions TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.autopay_subscriptions TO codex_service;

--
-- Name: TABLE billing_history; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.billing_history TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.billing_history TO codex_service;

--
-- Name: TABLE campaign_cohorts; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT,DELETE ON TABLE codex.campaign_cohorts TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.campaign_cohorts TO codex_service;
GRANT SELECT ON TABLE codex.campaign_cohorts TO codex_definer;

--
-- Name: COLUMN campaign_cohorts.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.campaign_cohorts TO codex_app;

--
-- Name: COLUMN campaign_cohorts.campaign_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(campaign_id) ON TABLE codex.campaign_cohorts TO codex_app;

--
-- Name: COLUMN campaign_cohorts.cohort_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(cohort_id) ON TABLE codex.campaign_cohorts TO codex_app;

--
-- Name: COLUMN campaign_cohorts.allocation_percentage; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(allocation_percentage),UPDATE(allocation_percentage) ON TABLE codex.campaign_cohorts TO codex_app;

--
-- Name: COLUMN campaign_cohorts.target_count; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(target_count),UPDATE(target_count) ON TABLE codex.campaign_cohorts TO codex_app;

--
-- Name: COLUMN campaign_cohorts.reached_count; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(reached_count),UPDATE(reached_count) ON TABLE codex.campaign_cohorts TO codex_app;

--
-- Name: COLUMN campaign_cohorts.converted_count; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(converted_count),UPDATE(converted_count) ON TABLE codex.campaign_cohorts TO codex_app;

--
-- Name: COLUMN campaign_cohorts.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.campaign_cohorts TO codex_app;

--
-- Name: TABLE campaign_quests; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT,DELETE ON TABLE codex.campaign_quests TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.campaign_quests TO codex_service;
GRANT SELECT,UPDATE ON TABLE codex.campaign_quests TO codex_definer;

--
-- Name: COLUMN campaign_quests.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.campaign_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(campaign_id) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.parent_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(parent_id),UPDATE(parent_id) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.description; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(description),UPDATE(description) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.objective; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(objective),UPDATE(objective) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests."position"; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT("position"),UPDATE("position") ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.weight; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(weight),UPDATE(weight) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.progress; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(progress),UPDATE(progress) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.assigned_to; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(assigned_to),UPDATE(assigned_to) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.start_date; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(start_date),UPDATE(start_date) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.due_date; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(due_date),UPDATE(due_date) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.expected_output; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(expected_output),UPDATE(expected_output) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.actual_output; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(actual_output),UPDATE(actual_output) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.completed_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(completed_at) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: COLUMN campaign_quests.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.campaign_quests TO codex_app;

--
-- Name: TABLE campaigns; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.campaigns TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.campaigns TO codex_service;
GRANT SELECT,UPDATE ON TABLE codex.campaigns TO codex_definer;

--
-- Name: COLUMN campaigns.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.parent_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(parent_id),UPDATE(parent_id) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.description; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(description),UPDATE(description) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.objective; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(objective),UPDATE(objective) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.positioning_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(positioning_id),UPDATE(positioning_id) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.message_architecture_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(message_architecture_id),UPDATE(message_architecture_id) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.owner_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(owner_id),UPDATE(owner_id) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.target_segments; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(target_segments),UPDATE(target_segments) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.target_geographies; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(target_geographies),UPDATE(target_geographies) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.start_date; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(start_date),UPDATE(start_date) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.end_date; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(end_date),UPDATE(end_date) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.budget_minor; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(budget_minor),UPDATE(budget_minor) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.currency; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(currency),UPDATE(currency) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.resource_allocation; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(resource_allocation),UPDATE(resource_allocation) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.activated_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(activated_at) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.ended_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(ended_at) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.archived_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(archived_at) ON TABLE codex.campaigns TO codex_app;

--
-- Name: COLUMN campaigns.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.campaigns TO codex_app;

--
-- Name: TABLE channel_roles; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.channel_roles TO codex_app;
GRANT SELECT ON TABLE codex.channel_roles TO codex_definer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.channel_roles TO codex_service;

--
-- Name: TABLE cohorts; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.cohorts TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.cohorts TO codex_service;
GRANT SELECT ON TABLE codex.cohorts TO codex_definer;

--
-- Name: COLUMN cohorts.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.executive_summary; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(executive_summary),UPDATE(executive_summary) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.demographics; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(demographics),UPDATE(demographics) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.psychographics; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(psychographics),UPDATE(psychographics) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.pain_points; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(pain_points),UPDATE(pain_points) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.goals; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(goals),UPDATE(goals) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.behavioral_triggers; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(behavioral_triggers),UPDATE(behavioral_triggers) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.communication; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(communication),UPDATE(communication) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.tags; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(tags),UPDATE(tags) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.buying_triggers; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(buying_triggers),UPDATE(buying_triggers) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.decision_criteria; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(decision_criteria),UPDATE(decision_criteria) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.objection_map; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(objection_map),UPDATE(objection_map) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.attention_windows; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(attention_windows),UPDATE(attention_windows) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.journey_distribution; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(journey_distribution),UPDATE(journey_distribution) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.competitive_frame; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(competitive_frame),UPDATE(competitive_frame) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.decision_making_unit; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(decision_making_unit),UPDATE(decision_making_unit) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.health_score; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(health_score),UPDATE(health_score) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.size_estimate; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(size_estimate),UPDATE(size_estimate) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.last_validated_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(last_validated_at),UPDATE(last_validated_at) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.drift_detected_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(drift_detected_at),UPDATE(drift_detected_at) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.archived_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(archived_at),UPDATE(archived_at) ON TABLE codex.cohorts TO codex_app;

--
-- Name: COLUMN cohorts.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.cohorts TO codex_app;

--
-- Name: TABLE competitor_content; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.competitor_content TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.competitor_content TO codex_service;

--
-- Name: COLUMN competitor_content.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.competitor_content TO codex_app;

--
-- Name: COLUMN competitor_content.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.competitor_content TO codex_app;

--
-- Name: COLUMN competitor_content.competitor_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(competitor_id) ON TABLE codex.competitor_content TO codex_app;

--
-- Name: COLUMN competitor_content.platform; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(platform),UPDATE(platform) ON TABLE codex.competitor_content TO codex_app;

--
-- Name: COLUMN competitor_content.content_type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(content_type),UPDATE(content_type) ON TABLE codex.competitor_content TO codex_app;

--
-- Name: COLUMN competitor_content.title; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(title),UPDATE(title) ON TABLE codex.competitor_content TO codex_app;

--
-- Name: COLUMN competitor_content.body; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(body),UPDATE(body) ON TABLE codex.competitor_content TO codex_app;

--
-- Name: COLUMN competitor_content.url; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(url) ON TABLE codex.competitor_content TO codex_app;

--
-- Name: COLUMN competitor_content.published_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(published_at),UPDATE(published_at) ON TABLE codex.competitor_content TO codex_app;

--
-- Name: COLUMN competitor_content.patterns; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(patterns),UPDATE(patterns) ON TABLE codex.competitor_content TO codex_app;

--
-- Name: COLUMN competitor_content.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.competitor_content TO codex_app;

--
-- Name: TABLE competitor_patterns; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.competitor_patterns TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.competitor_patterns TO codex_service;

--
-- Name: COLUMN competitor_patterns.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.competitor_patterns TO codex_app;

--
-- Name: COLUMN competitor_patterns.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.competitor_patterns TO codex_app;

--
-- Name: COLUMN competitor_patterns.competitor_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(competitor_id) ON TABLE codex.competitor_patterns TO codex_app;

--
-- Name: COLUMN competitor_patterns.pattern_type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(pattern_type) ON TABLE codex.competitor_patterns TO codex_app;

--
-- Name: COLUMN competitor_patterns.pattern_name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(pattern_name) ON TABLE codex.competitor_patterns TO codex_app;

--
-- Name: COLUMN competitor_patterns.details; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(details),UPDATE(details) ON TABLE codex.competitor_patterns TO codex_app;

--
-- Name: COLUMN competitor_patterns.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.competitor_patterns TO codex_app;

--
-- Name: TABLE competitors; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.competitors TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.competitors TO codex_service;

--
-- Name: COLUMN competitors.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.competitors TO codex_app;

--
-- Name: COLUMN competitors.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.competitors TO codex_app;

--
-- Name: COLUMN competitors.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.competitors TO codex_app;

--
-- Name: COLUMN competitors.website_url; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(website_url),UPDATE(website_url) ON TABLE codex.competitors TO codex_app;

--
-- Name: COLUMN competitors.industry; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(industry),UPDATE(industry) ON TABLE codex.competitors TO codex_app;

--
-- Name: COLUMN competitors.platforms; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(platforms),UPDATE(platforms) ON TABLE codex.competitors TO codex_app;

--
-- Name: COLUMN competitors.notes; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(notes),UPDATE(notes) ON TABLE codex.competitors TO codex_app;

--
-- Name: COLUMN competitors.archived_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(archived_at),UPDATE(archived_at) ON TABLE codex.competitors TO codex_app;

--
-- Name: COLUMN competitors.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.competitors TO codex_app;

--
-- Name: TABLE content_adaptations; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT,DELETE ON TABLE codex.content_adaptations TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.content_adaptations TO codex_service;

--
-- Name: COLUMN content_adaptations.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.content_adaptations TO codex_app;

--
-- Name: COLUMN content_adaptations.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.content_adaptations TO codex_app;

--
-- Name: COLUMN content_adaptations.source_asset_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(source_asset_id) ON TABLE codex.content_adaptations TO codex_app;

--
-- Name: COLUMN content_adaptations.target_channel; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(target_channel) ON TABLE codex.content_adaptations TO codex_app;

--
-- Name: COLUMN content_adaptations.adapted_body; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(adapted_body),UPDATE(adapted_body) ON TABLE codex.content_adaptations TO codex_app;

--
-- Name: COLUMN content_adaptations.quality_score; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(quality_score),UPDATE(quality_score) ON TABLE codex.content_adaptations TO codex_app;

--
-- Name: COLUMN content_adaptations.created_by_agent; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by_agent),UPDATE(created_by_agent) ON TABLE codex.content_adaptations TO codex_app;

--
-- Name: COLUMN content_adaptations.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.content_adaptations TO codex_app;

--
-- Name: TABLE content_patterns; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.content_patterns TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.content_patterns TO codex_service;

--
-- Name: COLUMN content_patterns.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.content_patterns TO codex_app;

--
-- Name: COLUMN content_patterns.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.content_patterns TO codex_app;

--
-- Name: COLUMN content_patterns.pattern_type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(pattern_type),UPDATE(pattern_type) ON TABLE codex.content_patterns TO codex_app;

--
-- Name: COLUMN content_patterns.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.content_patterns TO codex_app;

--
-- Name: COLUMN content_patterns.description; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(description),UPDATE(description) ON TABLE codex.content_patterns TO codex_app;

--
-- Name: COLUMN content_patterns.pattern_data; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(pattern_data),UPDATE(pattern_data) ON TABLE codex.content_patterns TO codex_app;

--
-- Name: COLUMN content_patterns.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.content_patterns TO codex_app;

--
-- Name: TABLE debate_rounds; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.debate_rounds TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.debate_rounds TO codex_service;

--
-- Name: TABLE event_counters; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.event_counters TO codex_app;
GRANT SELECT ON TABLE codex.event_counters TO codex_service;
GRANT SELECT,INSERT,UPDATE ON TABLE codex.event_counters TO codex_definer;

--
-- Name: COLUMN event_counters.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(workspace_id) ON TABLE codex.event_counters TO codex_reader;

--
-- Name: COLUMN event_counters.last_number; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(last_number) ON TABLE codex.event_counters TO codex_reader;

--
-- Name: COLUMN event_counters.pruned_through; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(pruned_through) ON TABLE codex.event_counters TO codex_reader;

--
-- Name: TABLE experiment_results; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.experiment_results TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.experiment_results TO codex_service;

--
-- Name: COLUMN experiment_results.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.experiment_results TO codex_app;

--
-- Name: COLUMN experiment_results.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.experiment_results TO codex_app;

--
-- Name: COLUMN experiment_results.experiment_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(experiment_id) ON TABLE codex.experiment_results TO codex_app;

--
-- Name: COLUMN experiment_results.variant; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(variant) ON TABLE codex.experiment_results TO codex_app;

--
-- Name: COLUMN experiment_results.metric_name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(metric_name) ON TABLE codex.experiment_results TO codex_app;

--
-- Name: COLUMN experiment_results.metric_sum; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(metric_sum),UPDATE(metric_sum) ON TABLE codex.experiment_results TO codex_app;

--
-- Name: COLUMN experiment_results.sample_size; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(sample_size),UPDATE(sample_size) ON TABLE codex.experiment_results TO codex_app;

--
-- Name: TABLE experiments; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.experiments TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.experiments TO codex_service;

--
-- Name: COLUMN experiments.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.move_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(move_id),UPDATE(move_id) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.hypothesis; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(hypothesis),UPDATE(hypothesis) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.variants; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(variants) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.sample_size_per_variant; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(sample_size_per_variant),UPDATE(sample_size_per_variant) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.duration_days; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(duration_days),UPDATE(duration_days) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.winner_variant; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(winner_variant),UPDATE(winner_variant) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.confidence_score; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(confidence_score),UPDATE(confidence_score) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.ended_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(ended_at),UPDATE(ended_at) ON TABLE codex.experiments TO codex_app;

--
-- Name: COLUMN experiments.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.experiments TO codex_app;

--
-- Name: TABLE global_strategies; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.global_strategies TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.global_strategies TO codex_service;

--
-- Name: COLUMN global_strategies.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.global_strategies TO codex_app;

--
-- Name: COLUMN global_strategies.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.global_strategies TO codex_app;

--
-- Name: COLUMN global_strategies.business_context; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(business_context),UPDATE(business_context) ON TABLE codex.global_strategies TO codex_app;

--
-- Name: COLUMN global_strategies.offers; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(offers),UPDATE(offers) ON TABLE codex.global_strategies TO codex_app;

--
-- Name: COLUMN global_strategies.markets; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(markets),UPDATE(markets) ON TABLE codex.global_strategies TO codex_app;

--
-- Name: COLUMN global_strategies.center_of_gravity; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(center_of_gravity),UPDATE(center_of_gravity) ON TABLE codex.global_strategies TO codex_app;

--
-- Name: COLUMN global_strategies.success_metrics; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(success_metrics),UPDATE(success_metrics) ON TABLE codex.global_strategies TO codex_app;

--
-- Name: COLUMN global_strategies.ninety_day_goal; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(ninety_day_goal),UPDATE(ninety_day_goal) ON TABLE codex.global_strategies TO codex_app;

--
-- Name: COLUMN global_strategies.constitution; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(constitution),UPDATE(constitution) ON TABLE codex.global_strategies TO codex_app;

--
-- Name: COLUMN global_strategies.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.global_strategies TO codex_app;

--
-- Name: COLUMN global_strategies.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.global_strategies TO codex_app;

--
-- Name: TABLE idempotency_keys; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.idempotency_keys TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.idempotency_keys TO codex_service;

--
-- Name: COLUMN idempotency_keys.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.idempotency_keys TO codex_app;

--
-- Name: COLUMN idempotency_keys.key; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(key) ON TABLE codex.idempotency_keys TO codex_app;

--
-- Name: COLUMN idempotency_keys.request_hash; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(request_hash),UPDATE(request_hash) ON TABLE codex.idempotency_keys TO codex_app;

--
-- Name: COLUMN idempotency_keys.state; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(state),UPDATE(state) ON TABLE codex.idempotency_keys TO codex_app;

--
-- Name: COLUMN idempotency_keys.response; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(response),UPDATE(response) ON TABLE codex.idempotency_keys TO codex_app;

--
-- Name: COLUMN idempotency_keys.user_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(user_id) ON TABLE codex.idempotency_keys TO codex_app;

--
-- Name: COLUMN idempotency_keys.expires_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(expires_at),UPDATE(expires_at) ON TABLE codex.idempotency_keys TO codex_app;

--
-- Name: TABLE intelligence_signals; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.intelligence_signals TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.intelligence_signals TO codex_service;

--
-- Name: COLUMN intelligence_signals.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.fingerprint; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(fingerprint) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.fingerprint_version; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(fingerprint_version) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.source_type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(source_type),UPDATE(source_type) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.category; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(category),UPDATE(category) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.data_source; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(data_source),UPDATE(data_source) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.source_url; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(source_url),UPDATE(source_url) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.title; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(title),UPDATE(title) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.description; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(description),UPDATE(description) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.key_findings; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(key_findings),UPDATE(key_findings) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.data_points; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(data_points),UPDATE(data_points) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.confidence; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(confidence),UPDATE(confidence) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.half_life_hours; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(half_life_hours),UPDATE(half_life_hours) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.relevance; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(relevance),UPDATE(relevance) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.source_reliability; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(source_reliability),UPDATE(source_reliability) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.credibility; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(credibility),UPDATE(credibility) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.sighting_count; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(sighting_count),UPDATE(sighting_count) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.first_seen_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(first_seen_at) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.last_seen_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(last_seen_at),UPDATE(last_seen_at) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.expires_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(expires_at),UPDATE(expires_at) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.source_agent_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(source_agent_id) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.assigned_to; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(assigned_to),UPDATE(assigned_to) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.action_notes; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(action_notes),UPDATE(action_notes) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: COLUMN intelligence_signals.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.intelligence_signals TO codex_app;

--
-- Name: TABLE journey_stages; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.journey_stages TO codex_app;
GRANT SELECT ON TABLE codex.journey_stages TO codex_definer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.journey_stages TO codex_service;

--
-- Name: TABLE lines_of_operation; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.lines_of_operation TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.lines_of_operation TO codex_service;

--
-- Name: COLUMN lines_of_operation.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.lines_of_operation TO codex_app;

--
-- Name: COLUMN lines_of_operation.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.lines_of_operation TO codex_app;

--
-- Name: COLUMN lines_of_operation.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.lines_of_operation TO codex_app;

--
-- Name: COLUMN lines_of_operation.strategic_objective; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(strategic_objective),UPDATE(strategic_objective) ON TABLE codex.lines_of_operation TO codex_app;

--
-- Name: COLUMN lines_of_operation.seasonality_tag; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(seasonality_tag),UPDATE(seasonality_tag) ON TABLE codex.lines_of_operation TO codex_app;

--
-- Name: COLUMN lines_of_operation.center_of_gravity; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(center_of_gravity),UPDATE(center_of_gravity) ON TABLE codex.lines_of_operation TO codex_app;

--
-- Name: COLUMN lines_of_operation.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.lines_of_operation TO codex_app;

--
-- Name: COLUMN lines_of_operation.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.lines_of_operation TO codex_app;

--
-- Name: TABLE maneuver_types; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.maneuver_types TO codex_app;
GRANT SELECT ON TABLE codex.maneuver_types TO codex_definer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.maneuver_types TO codex_service;

--
-- Name: TABLE market_insights; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.market_insights TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.market_insights TO codex_service;

--
-- Name: COLUMN market_insights.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.title; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(title),UPDATE(title) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.description; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(description),UPDATE(description) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.insight_type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(insight_type),UPDATE(insight_type) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.category; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(category),UPDATE(category) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.conclusions; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(conclusions),UPDATE(conclusions) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.evidence; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(evidence),UPDATE(evidence) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.confidence; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(confidence),UPDATE(confidence) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.business_implications; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(business_implications),UPDATE(business_implications) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.recommended_actions; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(recommended_actions),UPDATE(recommended_actions) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.potential_impact; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(potential_impact),UPDATE(potential_impact) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.relevant_from; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(relevant_from),UPDATE(relevant_from) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.relevant_until; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(relevant_until),UPDATE(relevant_until) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.superseded_by_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(superseded_by_id),UPDATE(superseded_by_id) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.source_agent_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(source_agent_id) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.reviewed_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(reviewed_by),UPDATE(reviewed_by) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.published_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(published_at) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.actioned_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(actioned_at),UPDATE(actioned_at) ON TABLE codex.market_insights TO codex_app;

--
-- Name: COLUMN market_insights.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.market_insights TO codex_app;

--
-- Name: TABLE message_architecture; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.message_architecture TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.message_architecture TO codex_service;

--
-- Name: COLUMN message_architecture.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.positioning_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(positioning_id) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.channel; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(channel),UPDATE(channel) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.persona; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(persona),UPDATE(persona) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.core_message; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(core_message),UPDATE(core_message) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.pillars; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(pillars),UPDATE(pillars) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.brand_voice; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(brand_voice),UPDATE(brand_voice) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.tone_guidelines; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(tone_guidelines),UPDATE(tone_guidelines) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.published_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(published_at) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: COLUMN message_architecture.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.message_architecture TO codex_app;

--
-- Name: TABLE move_anomalies; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.move_anomalies TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.move_anomalies TO codex_service;

--
-- Name: COLUMN move_anomalies.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.move_anomalies TO codex_app;

--
-- Name: COLUMN move_anomalies.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.move_anomalies TO codex_app;

--
-- Name: COLUMN move_anomalies.move_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(move_id) ON TABLE codex.move_anomalies TO codex_app;

--
-- Name: COLUMN move_anomalies.type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(type) ON TABLE codex.move_anomalies TO codex_app;

--
-- Name: COLUMN move_anomalies.severity; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(severity),UPDATE(severity) ON TABLE codex.move_anomalies TO codex_app;

--
-- Name: COLUMN move_anomalies.description; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(description),UPDATE(description) ON TABLE codex.move_anomalies TO codex_app;

--
-- Name: COLUMN move_anomalies.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.move_anomalies TO codex_app;

--
-- Name: COLUMN move_anomalies.resolution; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(resolution),UPDATE(resolution) ON TABLE codex.move_anomalies TO codex_app;

--
-- Name: COLUMN move_anomalies.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.move_anomalies TO codex_app;

--
-- Name: TABLE move_logs; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.move_logs TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.move_logs TO codex_service;

--
-- Name: COLUMN move_logs.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.move_logs TO codex_app;

--
-- Name: COLUMN move_logs.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.move_logs TO codex_app;

--
-- Name: COLUMN move_logs.move_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(move_id) ON TABLE codex.move_logs TO codex_app;

--
-- Name: COLUMN move_logs.log_date; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(log_date) ON TABLE codex.move_logs TO codex_app;

--
-- Name: COLUMN move_logs.actions_completed; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(actions_completed),UPDATE(actions_completed) ON TABLE codex.move_logs TO codex_app;

--
-- Name: COLUMN move_logs.notes; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(notes),UPDATE(notes) ON TABLE codex.move_logs TO codex_app;

--
-- Name: COLUMN move_logs.metrics_snapshot; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(metrics_snapshot),UPDATE(metrics_snapshot) ON TABLE codex.move_logs TO codex_app;

--
-- Name: COLUMN move_logs.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.move_logs TO codex_app;

--
-- Name: TABLE moves; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.moves TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.moves TO codex_service;
GRANT SELECT ON TABLE codex.moves TO codex_definer;

--
-- Name: COLUMN moves.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.description; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(description),UPDATE(description) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.maneuver_type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(maneuver_type),UPDATE(maneuver_type) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.sprint_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(sprint_id),UPDATE(sprint_id) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.line_of_operation_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(line_of_operation_id),UPDATE(line_of_operation_id) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.cohort_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(cohort_id),UPDATE(cohort_id) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.owner_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(owner_id),UPDATE(owner_id) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.health_status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(health_status),UPDATE(health_status) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.intensity; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(intensity),UPDATE(intensity) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.journey_stage_from; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(journey_stage_from),UPDATE(journey_stage_from) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.journey_stage_to; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(journey_stage_to),UPDATE(journey_stage_to) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.message_variant; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(message_variant),UPDATE(message_variant) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.channels; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(channels),UPDATE(channels) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.start_date; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(start_date),UPDATE(start_date) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.end_date; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(end_date),UPDATE(end_date) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.progress_percentage; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(progress_percentage),UPDATE(progress_percentage) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.ooda_config; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(ooda_config),UPDATE(ooda_config) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.fogg_config; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(fogg_config),UPDATE(fogg_config) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.asset_requirements; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(asset_requirements),UPDATE(asset_requirements) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.competitor_analysis; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(competitor_analysis),UPDATE(competitor_analysis) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.triggered_by_trend_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(triggered_by_trend_id),UPDATE(triggered_by_trend_id) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.created_by_agent; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by_agent),UPDATE(created_by_agent) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.ended_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(ended_at),UPDATE(ended_at) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.moves TO codex_app;

--
-- Name: COLUMN moves.campaign_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(campaign_id),UPDATE(campaign_id) ON TABLE codex.moves TO codex_app;

--
-- Name: TABLE onboarding_responses; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.onboarding_responses TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.onboarding_responses TO codex_service;

--
-- Name: COLUMN onboarding_responses.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.onboarding_responses TO codex_app;

--
-- Name: COLUMN onboarding_responses.user_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(user_id) ON TABLE codex.onboarding_responses TO codex_app;

--
-- Name: COLUMN onboarding_responses.answers; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(answers),UPDATE(answers) ON TABLE codex.onboarding_responses TO codex_app;

--
-- Name: COLUMN onboarding_responses.generated_cohorts; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(generated_cohorts),UPDATE(generated_cohorts) ON TABLE codex.onboarding_responses TO codex_app;

--
-- Name: COLUMN onboarding_responses.positioning_insights; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(positioning_insights),UPDATE(positioning_insights) ON TABLE codex.onboarding_responses TO codex_app;

--
-- Name: COLUMN onboarding_responses.progress_percentage; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(progress_percentage),UPDATE(progress_percentage) ON TABLE codex.onboarding_responses TO codex_app;

--
-- Name: COLUMN onboarding_responses.current_step; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(current_step),UPDATE(current_step) ON TABLE codex.onboarding_responses TO codex_app;

--
-- Name: TABLE outbox_events; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.outbox_events TO codex_app;
GRANT SELECT ON TABLE codex.outbox_events TO codex_service;
GRANT SELECT ON TABLE codex.outbox_events TO codex_reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.outbox_events TO codex_definer;

--
-- Name: TABLE positioning; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.positioning TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.positioning TO codex_service;
GRANT SELECT,UPDATE ON TABLE codex.positioning TO codex_definer;

--
-- Name: COLUMN positioning.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.segment; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(segment) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.revision; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(revision) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.competitive_alternatives; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(competitive_alternatives),UPDATE(competitive_alternatives) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.unique_attributes; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(unique_attributes),UPDATE(unique_attributes) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.value_themes; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(value_themes),UPDATE(value_themes) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.best_fit_customers; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(best_fit_customers),UPDATE(best_fit_customers) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.market_category; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(market_category),UPDATE(market_category) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.forked_from_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(forked_from_id) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.published_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(published_at) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.ended_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(ended_at) ON TABLE codex.positioning TO codex_app;

--
-- Name: COLUMN positioning.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.positioning TO codex_app;

--
-- Name: TABLE quest_dependencies; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT,DELETE ON TABLE codex.quest_dependencies TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.quest_dependencies TO codex_service;

--
-- Name: COLUMN quest_dependencies.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.quest_dependencies TO codex_app;

--
-- Name: COLUMN quest_dependencies.campaign_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(campaign_id) ON TABLE codex.quest_dependencies TO codex_app;

--
-- Name: COLUMN quest_dependencies.quest_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(quest_id) ON TABLE codex.quest_dependencies TO codex_app;

--
-- Name: COLUMN quest_dependencies.depends_on_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(depends_on_id) ON TABLE codex.quest_dependencies TO codex_app;

--
-- Name: COLUMN quest_dependencies.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.quest_dependencies TO codex_app;

--
-- Name: TABLE recommendation_outcomes; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.recommendation_outcomes TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.recommendation_outcomes TO codex_service;

--
-- Name: COLUMN recommendation_outcomes.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.recommendation_outcomes TO codex_app;

--
-- Name: COLUMN recommendation_outcomes.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.recommendation_outcomes TO codex_app;

--
-- Name: COLUMN recommendation_outcomes.recommendation_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(recommendation_id) ON TABLE codex.recommendation_outcomes TO codex_app;

--
-- Name: COLUMN recommendation_outcomes.quality_scores; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(quality_scores),UPDATE(quality_scores) ON TABLE codex.recommendation_outcomes TO codex_app;

--
-- Name: COLUMN recommendation_outcomes.overall_quality_score; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(overall_quality_score),UPDATE(overall_quality_score) ON TABLE codex.recommendation_outcomes TO codex_app;

--
-- Name: COLUMN recommendation_outcomes.evaluator_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(evaluator_id) ON TABLE codex.recommendation_outcomes TO codex_app;

--
-- Name: COLUMN recommendation_outcomes.notes; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(notes),UPDATE(notes) ON TABLE codex.recommendation_outcomes TO codex_app;

--
-- Name: TABLE sprints; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.sprints TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.sprints TO codex_service;
GRANT SELECT,UPDATE ON TABLE codex.sprints TO codex_definer;

--
-- Name: COLUMN sprints.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.sprints TO codex_app;

--
-- Name: COLUMN sprints.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.sprints TO codex_app;

--
-- Name: COLUMN sprints.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE codex.sprints TO codex_app;

--
-- Name: COLUMN sprints.start_date; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(start_date),UPDATE(start_date) ON TABLE codex.sprints TO codex_app;

--
-- Name: COLUMN sprints.end_date; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(end_date),UPDATE(end_date) ON TABLE codex.sprints TO codex_app;

--
-- Name: COLUMN sprints.theme; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(theme),UPDATE(theme) ON TABLE codex.sprints TO codex_app;

--
-- Name: COLUMN sprints.capacity_budget; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(capacity_budget),UPDATE(capacity_budget) ON TABLE codex.sprints TO codex_app;

--
-- Name: COLUMN sprints.season_type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(season_type),UPDATE(season_type) ON TABLE codex.sprints TO codex_app;

--
-- Name: COLUMN sprints.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.sprints TO codex_app;

--
-- Name: COLUMN sprints.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.sprints TO codex_app;

--
-- Name: TABLE strategy_insights; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.strategy_insights TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.strategy_insights TO codex_service;

--
-- Name: COLUMN strategy_insights.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: COLUMN strategy_insights.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: COLUMN strategy_insights.source_type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(source_type) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: COLUMN strategy_insights.source_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(source_id) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: COLUMN strategy_insights.insight_type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(insight_type),UPDATE(insight_type) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: COLUMN strategy_insights.title; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(title),UPDATE(title) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: COLUMN strategy_insights.description; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(description),UPDATE(description) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: COLUMN strategy_insights.evidence; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(evidence),UPDATE(evidence) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: COLUMN strategy_insights.confidence_score; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(confidence_score),UPDATE(confidence_score) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: COLUMN strategy_insights.impact_score; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(impact_score),UPDATE(impact_score) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: COLUMN strategy_insights.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(status),UPDATE(status) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: COLUMN strategy_insights.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.strategy_insights TO codex_app;

--
-- Name: TABLE stream_tickets; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE codex.stream_tickets TO codex_definer;
GRANT SELECT,DELETE ON TABLE codex.stream_tickets TO codex_service;

--
-- Name: TABLE subscriptions; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.subscriptions TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.subscriptions TO codex_service;

--
-- Name: TABLE support_feedback; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.support_feedback TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.support_feedback TO codex_service;

--
-- Name: COLUMN support_feedback.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: COLUMN support_feedback.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: COLUMN support_feedback.type; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(type) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: COLUMN support_feedback.source; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(source) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: COLUMN support_feedback.external_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(external_id) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: COLUMN support_feedback.content; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(content) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: COLUMN support_feedback.sentiment_score; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(sentiment_score),UPDATE(sentiment_score) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: COLUMN support_feedback.extracted_tags; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(extracted_tags),UPDATE(extracted_tags) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: COLUMN support_feedback.cohort_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(cohort_id),UPDATE(cohort_id) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: COLUMN support_feedback.triggers_defensive_move; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(triggers_defensive_move),UPDATE(triggers_defensive_move) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: COLUMN support_feedback.received_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(received_at) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: COLUMN support_feedback.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.support_feedback TO codex_app;

--
-- Name: TABLE system_alerts; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.system_alerts TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.system_alerts TO codex_service;
GRANT SELECT,INSERT,UPDATE ON TABLE codex.system_alerts TO codex_definer;

--
-- Name: COLUMN system_alerts.severity; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(severity) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.status; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(status) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.title; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(title) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.description; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(description) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.action_url; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(action_url) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.recommended_actions; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(recommended_actions) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.data_points; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(data_points) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.signal_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(signal_id) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.campaign_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(campaign_id) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.cohort_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(cohort_id) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.move_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(move_id) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.snoozed_until; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(snoozed_until) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.expires_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(expires_at) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: COLUMN system_alerts.action_taken; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(action_taken) ON TABLE codex.system_alerts TO codex_app;

--
-- Name: TABLE trend_mentions; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.trend_mentions TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.trend_mentions TO codex_service;

--
-- Name: COLUMN trend_mentions.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.trend_mentions TO codex_app;

--
-- Name: COLUMN trend_mentions.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.trend_mentions TO codex_app;

--
-- Name: COLUMN trend_mentions.trend_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(trend_id) ON TABLE codex.trend_mentions TO codex_app;

--
-- Name: COLUMN trend_mentions.source_platform; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(source_platform) ON TABLE codex.trend_mentions TO codex_app;

--
-- Name: COLUMN trend_mentions.mentioned_on; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(mentioned_on) ON TABLE codex.trend_mentions TO codex_app;

--
-- Name: COLUMN trend_mentions.mention_count; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(mention_count),UPDATE(mention_count) ON TABLE codex.trend_mentions TO codex_app;

--
-- Name: COLUMN trend_mentions.engagement_count; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(engagement_count),UPDATE(engagement_count) ON TABLE codex.trend_mentions TO codex_app;

--
-- Name: TABLE trends; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.trends TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.trends TO codex_service;
GRANT SELECT ON TABLE codex.trends TO codex_definer;

--
-- Name: COLUMN trends.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.trends TO codex_app;

--
-- Name: COLUMN trends.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.trends TO codex_app;

--
-- Name: COLUMN trends.topic; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(topic) ON TABLE codex.trends TO codex_app;

--
-- Name: COLUMN trends.platforms; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(platforms),UPDATE(platforms) ON TABLE codex.trends TO codex_app;

--
-- Name: COLUMN trends.lifecycle_stage; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(lifecycle_stage),UPDATE(lifecycle_stage) ON TABLE codex.trends TO codex_app;

--
-- Name: COLUMN trends.first_seen_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(first_seen_at),UPDATE(first_seen_at) ON TABLE codex.trends TO codex_app;

--
-- Name: COLUMN trends.expires_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(expires_at),UPDATE(expires_at) ON TABLE codex.trends TO codex_app;

--
-- Name: COLUMN trends.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.trends TO codex_app;

--
-- Name: TABLE user_achievements; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.user_achievements TO codex_app;
GRANT SELECT ON TABLE codex.user_achievements TO codex_service;
GRANT SELECT,INSERT,UPDATE ON TABLE codex.user_achievements TO codex_definer;

--
-- Name: TABLE user_notifications; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.user_notifications TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.user_notifications TO codex_service;
GRANT SELECT,INSERT ON TABLE codex.user_notifications TO codex_definer;

--
-- Name: COLUMN user_notifications.read_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(read_at) ON TABLE codex.user_notifications TO codex_app;

--
-- Name: COLUMN user_notifications.archived_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(archived_at) ON TABLE codex.user_notifications TO codex_app;

--
-- Name: COLUMN user_notifications.snoozed_until; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(snoozed_until) ON TABLE codex.user_notifications TO codex_app;

--
-- Name: TABLE user_profiles; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.user_profiles TO codex_app;
GRANT SELECT,INSERT,UPDATE ON TABLE codex.user_profiles TO codex_service;
GRANT SELECT,INSERT ON TABLE codex.user_profiles TO codex_definer;

--
-- Name: COLUMN user_profiles.display_name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(display_name) ON TABLE codex.user_profiles TO codex_app;

--
-- Name: COLUMN user_profiles.avatar_url; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(avatar_url) ON TABLE codex.user_profiles TO codex_app;

--
-- Name: COLUMN user_profiles.locale; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(locale) ON TABLE codex.user_profiles TO codex_app;

--
-- Name: COLUMN user_profiles.time_zone; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(time_zone) ON TABLE codex.user_profiles TO codex_app;

--
-- Name: COLUMN user_profiles.preferences; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(preferences) ON TABLE codex.user_profiles TO codex_app;

--
-- Name: COLUMN user_profiles.onboarding_completed_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(onboarding_completed_at) ON TABLE codex.user_profiles TO codex_app;

--
-- Name: COLUMN user_profiles.onboarding_skipped_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(onboarding_skipped_at) ON TABLE codex.user_profiles TO codex_app;

--
-- Name: COLUMN user_profiles.updated_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(updated_at) ON TABLE codex.user_profiles TO codex_app;

--
-- Name: TABLE user_stats; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.user_stats TO codex_app;
GRANT SELECT ON TABLE codex.user_stats TO codex_service;
GRANT SELECT,INSERT,UPDATE ON TABLE codex.user_stats TO codex_definer;

--
-- Name: TABLE user_workspaces; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.user_workspaces TO codex_app;
GRANT SELECT,INSERT,UPDATE ON TABLE codex.user_workspaces TO codex_service;
GRANT SELECT,INSERT,UPDATE ON TABLE codex.user_workspaces TO codex_definer;

--
-- Name: COLUMN user_workspaces.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(workspace_id) ON TABLE codex.user_workspaces TO codex_reader;

--
-- Name: COLUMN user_workspaces.user_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(user_id) ON TABLE codex.user_workspaces TO codex_reader;

--
-- Name: COLUMN user_workspaces.role; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(role) ON TABLE codex.user_workspaces TO codex_app;
GRANT SELECT(role) ON TABLE codex.user_workspaces TO codex_reader;

--
-- Name: COLUMN user_workspaces.display_name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(display_name) ON TABLE codex.user_workspaces TO codex_app;

--
-- Name: COLUMN user_workspaces.avatar_url; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(avatar_url) ON TABLE codex.user_workspaces TO codex_app;

--
-- Name: COLUMN user_workspaces.removed_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(removed_at) ON TABLE codex.user_workspaces TO codex_app;
GRANT SELECT(removed_at) ON TABLE codex.user_workspaces TO codex_reader;

--
-- Name: TABLE workspace_invitations; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.workspace_invitations TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.workspace_invitations TO codex_service;
GRANT SELECT,UPDATE ON TABLE codex.workspace_invitations TO codex_definer;

--
-- Name: COLUMN workspace_invitations.workspace_id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(workspace_id) ON TABLE codex.workspace_invitations TO codex_app;

--
-- Name: COLUMN workspace_invitations.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(id) ON TABLE codex.workspace_invitations TO codex_app;

--
-- Name: COLUMN workspace_invitations.email; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(email) ON TABLE codex.workspace_invitations TO codex_app;

--
-- Name: COLUMN workspace_invitations.role; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(role) ON TABLE codex.workspace_invitations TO codex_app;

--
-- Name: COLUMN workspace_invitations.token_hash; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(token_hash) ON TABLE codex.workspace_invitations TO codex_app;

--
-- Name: COLUMN workspace_invitations.expires_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(expires_at) ON TABLE codex.workspace_invitations TO codex_app;

--
-- Name: COLUMN workspace_invitations.revoked_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(revoked_at) ON TABLE codex.workspace_invitations TO codex_app;

--
-- Name: COLUMN workspace_invitations.created_by; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT INSERT(created_by) ON TABLE codex.workspace_invitations TO codex_app;

--
-- Name: TABLE workspace_slugs; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.workspace_slugs TO codex_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.workspace_slugs TO codex_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.workspace_slugs TO codex_definer;
GRANT SELECT ON TABLE codex.workspace_slugs TO codex_reader;

--
-- Name: TABLE workspaces; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT ON TABLE codex.workspaces TO codex_app;
GRANT SELECT,INSERT,UPDATE ON TABLE codex.workspaces TO codex_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE codex.workspaces TO codex_definer;

--
-- Name: COLUMN workspaces.id; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT SELECT(id) ON TABLE codex.workspaces TO codex_reader;

--
-- Name: COLUMN workspaces.name; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(name) ON TABLE codex.workspaces TO codex_app;
GRANT SELECT(name) ON TABLE codex.workspaces TO codex_reader;

--
-- Name: COLUMN workspaces.time_zone; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(time_zone) ON TABLE codex.workspaces TO codex_app;

--
-- Name: COLUMN workspaces.archived_at; Type: ACL; Schema: codex; Owner: codex_owner
--

GRANT UPDATE(archived_at) ON TABLE codex.workspaces TO codex_app;
GRANT SELECT(archived_at) ON TABLE codex.workspaces TO codex_reader;

--
-- PostgreSQL database dump complete
--

