-- { "default": ["in_app", "email"], "achievement": [] }: by category; an empty list wants none of it.
create or replace function codex.is_channel_choice(p_channels jsonb) returns boolean
language plpgsql immutable parallel safe set search_path = '' as $$
begin
  if jsonb_typeof(p_channels) is distinct from 'object' then
    return false;
  end if;
  return not exists (
    select
    from jsonb_each(p_channels) as choice
    where choice.key !~ '^[a-z][a-z0-9_]{0,49}$'
      or jsonb_typeof(choice.value) <> 'array'
      or not choice.value <@ '["in_app", "email", "slack", "sms", "push"]'
  );
end
$$;
