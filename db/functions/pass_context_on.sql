create or replace function codex.pass_context_on() returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_name text;
begin
  foreach v_name in array array[
    'codex.workspace_id', 'codex.user_id', 'codex.agent_id', 'codex.member_rank', 'codex.scopes',
    'codex.api_key_id']
  loop
    if current_setting(v_name, true) is not null then
      execute format('set local %s = %L', v_name, current_setting(v_name, true));
    end if;
  end loop;
end
$$;
