create or replace function codex.is_global_table(p_name name) returns boolean
language sql immutable set search_path = '' as $$
  select p_name in (
    'user_profiles', 'workspace_slugs', 'journey_stages', 'channel_roles', 'maneuver_types',
    'agent_registry', 'agent_capabilities')
$$;
