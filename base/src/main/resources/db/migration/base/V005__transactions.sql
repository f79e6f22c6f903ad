-- How a transaction is begun for a tenant or for the system, in one round trip, whatever login the host uses. All
-- settings are local to the transaction, so this holds behind a transaction pooler. EXECUTE 'SET LOCAL …' in place of
-- set_config(), because a distributed cluster forwards the statement to its workers and not the function's effect.

CREATE FUNCTION plinth_base.session_state() RETURNS text[]
  LANGUAGE sql STABLE
  RETURN ARRAY[current_setting('role'),
               coalesce(current_setting('plinth.organization_id', true), ''),
               coalesce(current_setting('plinth.user_id', true), ''),
               coalesce(current_setting('plinth.user_role', true), ''),
               coalesce(current_setting('plinth.actor', true), ''),
               coalesce(current_setting('plinth.now', true), '')];
COMMENT ON FUNCTION plinth_base.session_state() IS 'What enter() changes, in the order in which it takes it';

CREATE FUNCTION plinth_base.enter(p_state text[]) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
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
  RETURN coalesce(to_char(p_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '');
COMMENT ON FUNCTION plinth_base.as_setting(timestamptz) IS 'A time as text that no session setting changes';

CREATE FUNCTION plinth_base.refuse_entry(p_organization uuid, p_user uuid) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  organization_status text := (SELECT o.status FROM plinth_base.organizations o WHERE o.id = p_organization);
BEGIN
  IF organization_status IS NULL THEN
    RAISE EXCEPTION 'organization % does not exist', p_organization USING ERRCODE = 'PL001';
  ELSIF p_user IS NOT NULL AND NOT EXISTS (
    SELECT FROM plinth_base.organization_members m JOIN plinth_base.users u ON u.id = m.user_id
    WHERE m.organization_id = p_organization AND m.user_id = p_user AND m.left_at IS NULL AND u.is_active)
  THEN
    RAISE EXCEPTION 'user % is no active member of organization %', p_user, p_organization USING ERRCODE = 'PL003';
  ELSIF organization_status = 'active' THEN
    RAISE EXCEPTION 'organization or member became active just now' USING ERRCODE = 'serialization_failure';
  END IF;
  RAISE EXCEPTION 'organization % is %', p_organization, organization_status
    USING ERRCODE = 'PL002', DETAIL = organization_status;
END
$$;
COMMENT ON FUNCTION plinth_base.refuse_entry(uuid, uuid) IS
  'Says why begin_tenant() let nobody in: PL001 no such organization, PL003 no member, PL002 not active';

-- Every expression of a PL/pgSQL function is made ready again in every transaction, and every SET is a statement: this
-- one runs at the beginning of each transaction, so it has few of both, and what is rare stands in a function of its own.
CREATE FUNCTION plinth_base.begin_tenant(
  p_organization uuid,
  p_user uuid,
  p_service text,
  p_read_only boolean,
  p_now timestamptz)
  RETURNS text[]
  LANGUAGE plpgsql SECURITY INVOKER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  previous text[] := plinth_base.session_state();
  entered text := plinth_base.role_name(CASE WHEN p_read_only THEN 'reader' ELSE 'app' END);
  user_role text;
BEGIN
  IF p_organization IS NULL OR (p_user IS NULL) = (p_service IS NULL) THEN
    RAISE EXCEPTION 'an organization, and either a user or a service, are required' USING ERRCODE = 'null_value_not_allowed';
  END IF;
  EXECUTE format(
    'SET LOCAL plinth.organization_id = %L; SET LOCAL plinth.user_id = %L; SET LOCAL plinth.actor = %L; '
    'SET LOCAL plinth.now = %L; %sSET LOCAL ROLE %I',
    p_organization, coalesce(p_user::text, ''), coalesce(p_service, p_user::text), plinth_base.as_setting(p_now),
    CASE WHEN p_read_only THEN 'SET LOCAL transaction_read_only = on; ' END, entered);

  IF p_user IS NULL THEN
    SELECT 'service' INTO user_role FROM plinth_base.organizations o WHERE o.id = p_organization AND o.status = 'active';
  ELSE
    SELECT m.role INTO user_role
      FROM plinth_base.organizations o
      JOIN plinth_base.organization_members m ON m.organization_id = o.id
      JOIN plinth_base.users u ON u.id = m.user_id
      WHERE o.id = p_organization AND o.status = 'active'
        AND m.user_id = p_user AND m.left_at IS NULL AND u.is_active;
  END IF;
  IF user_role IS NULL THEN
    PERFORM plinth_base.refuse_entry(p_organization, p_user);
  END IF;

  EXECUTE format('SET LOCAL plinth.user_role = %L', user_role);
  RETURN user_role || (entered || previous);
END
$$;
COMMENT ON FUNCTION plinth_base.begin_tenant(uuid, uuid, text, boolean, timestamptz) IS
  'First statement of a tenant transaction: sets organization and user, becomes plinth_app (or plinth_reader), and only '
  'then looks, as that role, whether organization and member are there and active. The role of the member, the role '
  'become, and the session_state() before; else what refuse_entry() says';

CREATE FUNCTION plinth_base.begin_system(
  p_reason text,
  p_read_only boolean,
  p_now timestamptz)
  RETURNS text[]
  LANGUAGE plpgsql SECURITY INVOKER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  previous text[] := plinth_base.session_state();
  entered text := plinth_base.role_name('system');
BEGIN
  PERFORM plinth_base.enter(ARRAY[entered, '', '', 'system', p_reason, plinth_base.as_setting(p_now)]);
  IF p_read_only THEN
    SET LOCAL transaction_read_only = on;
  END IF;
  RETURN 'system'::text || (entered || previous);
END
$$;
COMMENT ON FUNCTION plinth_base.begin_system(text, boolean, timestamptz) IS
  'First statement of a transaction across organizations: becomes plinth_system and notes why; returns as begin_tenant()';
