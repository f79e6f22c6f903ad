-- How a transaction is begun for a tenant or for the system, in one round trip, whatever login the host uses. All
-- settings are local to the transaction, so this holds behind a transaction pooler. EXECUTE 'SET LOCAL …' in place of
-- set_config(), because a distributed cluster forwards the statement to its workers and not the function's effect.

CREATE FUNCTION plinth_base.session_state() RETURNS text[]
  LANGUAGE sql STABLE
  AS $$
    SELECT ARRAY[current_setting('role'),
                 coalesce(current_setting('plinth.organization_id', true), ''),
                 coalesce(current_setting('plinth.user_id', true), ''),
                 coalesce(current_setting('plinth.user_role', true), ''),
                 coalesce(current_setting('plinth.actor', true), ''),
                 coalesce(current_setting('plinth.now', true), '')]
  $$;
COMMENT ON FUNCTION plinth_base.session_state() IS 'What enter() changes, in the order in which it takes it';

CREATE FUNCTION plinth_base.enter(p_state text[]) RETURNS void
  LANGUAGE plpgsql
  AS $$
BEGIN
  EXECUTE format(
    'SET LOCAL plinth.organization_id = %L; SET LOCAL plinth.user_id = %L; SET LOCAL plinth.user_role = %L; '
    'SET LOCAL plinth.actor = %L; SET LOCAL plinth.now = %L; SET LOCAL ROLE %I',
    p_state[2], p_state[3], p_state[4], p_state[5], p_state[6], p_state[1]);
END
$$;
COMMENT ON FUNCTION plinth_base.enter(text[]) IS
  'Sets role and settings of the transaction: role, organization, user, the user''s role, actor, time';

CREATE FUNCTION plinth_base.as_setting(p_time timestamptz) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT coalesce(to_char(p_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '') $$;
COMMENT ON FUNCTION plinth_base.as_setting(timestamptz) IS 'A time as text that no session setting changes';

CREATE FUNCTION plinth_base.begin_tenant(
  p_organization uuid,
  p_user uuid,
  p_service text,
  p_read_only boolean,
  p_now timestamptz,
  OUT user_role text,
  OUT transaction_time timestamptz,
  OUT previous text[],
  OUT entered text)
  LANGUAGE plpgsql SECURITY INVOKER
  AS $$
DECLARE
  organization_status text;
BEGIN
  IF p_organization IS NULL OR (p_user IS NULL) = (p_service IS NULL) THEN
    RAISE EXCEPTION 'an organization, and either a user or a service, are required' USING ERRCODE = 'null_value_not_allowed';
  END IF;
  previous := plinth_base.session_state();
  PERFORM plinth_base.enter(ARRAY[
    plinth_base.role_name(CASE WHEN p_read_only THEN 'reader' ELSE 'app' END),
    p_organization::text, coalesce(p_user::text, ''), '', coalesce(p_service, p_user::text),
    plinth_base.as_setting(p_now)]);

  SELECT o.status, CASE WHEN p_user IS NULL THEN 'service' ELSE m.role END
    INTO organization_status, user_role
    FROM plinth_base.organizations o
    LEFT JOIN (plinth_base.organization_members m JOIN plinth_base.users u ON u.id = m.user_id AND u.is_active)
      ON m.organization_id = o.id AND m.user_id = p_user AND m.left_at IS NULL
    WHERE o.id = p_organization;
  IF organization_status IS NULL THEN
    RAISE EXCEPTION 'organization % does not exist', p_organization USING ERRCODE = 'PL001';
  ELSIF user_role IS NULL THEN
    RAISE EXCEPTION 'user % is no active member of organization %', p_user, p_organization USING ERRCODE = 'PL003';
  ELSIF organization_status <> 'active' THEN
    RAISE EXCEPTION 'organization % is %', p_organization, organization_status
      USING ERRCODE = 'PL002', DETAIL = organization_status;
  END IF;

  EXECUTE format('SET LOCAL plinth.user_role = %L', user_role);
  IF p_read_only THEN
    SET LOCAL transaction_read_only = on;
  END IF;
  transaction_time := plinth_base.transaction_time();
  entered := current_setting('role');
END
$$;
COMMENT ON FUNCTION plinth_base.begin_tenant(uuid, uuid, text, boolean, timestamptz) IS
  'First statement of a tenant transaction: sets organization and user, becomes plinth_app (or plinth_reader), and only '
  'then looks, as that role, whether organization and member are there and active. PL001 no such organization, PL002 not '
  'active, PL003 no member';

CREATE FUNCTION plinth_base.begin_system(
  p_reason text,
  p_read_only boolean,
  p_now timestamptz,
  OUT transaction_time timestamptz,
  OUT previous text[],
  OUT entered text)
  LANGUAGE plpgsql SECURITY INVOKER
  AS $$
BEGIN
  previous := plinth_base.session_state();
  PERFORM plinth_base.enter(ARRAY[
    plinth_base.role_name('system'), '', '', 'system', p_reason, plinth_base.as_setting(p_now)]);
  IF p_read_only THEN
    SET LOCAL transaction_read_only = on;
  END IF;
  transaction_time := plinth_base.transaction_time();
  entered := current_setting('role');
END
$$;
COMMENT ON FUNCTION plinth_base.begin_system(text, boolean, timestamptz) IS
  'First statement of a transaction across organizations: becomes plinth_system and notes why';
