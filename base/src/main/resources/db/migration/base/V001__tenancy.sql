-- What every tenant table of every module stands on: who is asking (settings of the transaction), the policies that
-- follow from it (protect), ids, time and shared domains. Nothing here names a role: the prefix of the roles is chosen
-- by the host, so they are always reached through role_name().

GRANT USAGE ON SCHEMA plinth_base TO PUBLIC;

DO $$
BEGIN
  EXECUTE format(
    'CREATE FUNCTION plinth_base.role_prefix() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %L::text',
    coalesce(nullif(current_setting('plinth.role_prefix', true), ''), 'plinth'));
END
$$;
COMMENT ON FUNCTION plinth_base.role_prefix() IS 'What the names of the roles begin with; chosen when the schema was made';

CREATE FUNCTION plinth_base.role_name(p_kind text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN plinth_base.role_prefix() || '_' || p_kind;
COMMENT ON FUNCTION plinth_base.role_name(text) IS 'The role of a kind: app, reader or system';

-- Who is asking. Plain, inlinable and STABLE, so that the planner folds the policies into one-time filters; an unset
-- or empty setting is NULL, and NULL equals no row. RETURN and not AS: what is named in it is found when it is made, not
-- by the search_path of who asks, on which a temporary type comes before uuid.

CREATE FUNCTION plinth_base.current_organization_id() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('plinth.organization_id', true), '')::uuid;
COMMENT ON FUNCTION plinth_base.current_organization_id() IS 'The organization of this transaction, or NULL';

CREATE FUNCTION plinth_base.current_user_id() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('plinth.user_id', true), '')::uuid;
COMMENT ON FUNCTION plinth_base.current_user_id() IS 'The user of this transaction, or NULL for a service and the system';

CREATE FUNCTION plinth_base.current_user_role() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('plinth.user_role', true), '');
COMMENT ON FUNCTION plinth_base.current_user_role() IS
  'The role of the user in the organization; service for its own machinery, system across organizations, else NULL';

CREATE FUNCTION plinth_base.current_user_may_write() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('plinth.user_role', true), '') NOT IN ('', 'viewer');
COMMENT ON FUNCTION plinth_base.current_user_may_write() IS 'False for viewers and outside a Plinth transaction';

CREATE FUNCTION plinth_base.current_user_administers() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('plinth.user_role', true), '') IN ('owner', 'admin', 'service');
COMMENT ON FUNCTION plinth_base.current_user_administers() IS 'True for owners, admins and the organization''s own machinery';

CREATE FUNCTION plinth_base.transaction_time() RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(nullif(current_setting('plinth.now', true), '')::timestamptz, now());
COMMENT ON FUNCTION plinth_base.transaction_time() IS 'now(), or the time of the clock that the host put in its place';

-- RFC 9562, version 7: 48 bits of milliseconds, 12 bits of the fraction of the millisecond (method 3 of section 6.2),
-- 62 random bits. PostgreSQL 18 has its own.
DO $$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    CREATE FUNCTION plinth_base.uuidv7() RETURNS uuid
      LANGUAGE sql VOLATILE PARALLEL SAFE
      RETURN pg_catalog.uuidv7();
  ELSE
    CREATE FUNCTION plinth_base.uuidv7() RETURNS uuid
      LANGUAGE sql VOLATILE PARALLEL SAFE
      RETURN (
        SELECT encode(
                 substring(int8send(micros / 1000) FROM 3)
                 || int2send((28672 + (micros % 1000) * 4096 / 1000)::int2)
                 || substring(uuid_send(gen_random_uuid()) FROM 9),
                 'hex')::uuid
        FROM (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000000)::int8 AS micros) AS t);
  END IF;
END
$$;
COMMENT ON FUNCTION plinth_base.uuidv7() IS 'A new id that sorts by the time it was made';

CREATE DOMAIN plinth_base.email AS text
  CONSTRAINT email_is_lower_case_ck CHECK (VALUE = lower(VALUE))
  CONSTRAINT email_has_shape_ck CHECK (VALUE ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(VALUE) <= 254);
COMMENT ON DOMAIN plinth_base.email IS 'Stored lower-case, so that = finds it through an index';

CREATE DOMAIN plinth_base.slug AS text
  CONSTRAINT slug_has_shape_ck CHECK (VALUE ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(VALUE) <= 63);
COMMENT ON DOMAIN plinth_base.slug IS 'A name for addresses: lower-case letters and digits, with single hyphens between';

CREATE DOMAIN plinth_base.priority AS smallint
  CONSTRAINT priority_is_known_ck CHECK (VALUE BETWEEN 1 AND 4);
COMMENT ON DOMAIN plinth_base.priority IS '1 low, 2 medium, 3 high, 4 critical';

CREATE DOMAIN plinth_base.severity AS smallint
  CONSTRAINT severity_is_known_ck CHECK (VALUE BETWEEN 1 AND 5);
COMMENT ON DOMAIN plinth_base.severity IS '1 info, 2 low, 3 medium, 4 high, 5 critical';

CREATE DOMAIN plinth_base.percentage AS numeric(5, 2)
  CONSTRAINT percentage_is_in_range_ck CHECK (VALUE BETWEEN 0 AND 100);
COMMENT ON DOMAIN plinth_base.percentage IS '0 to 100';

CREATE FUNCTION plinth_base.set_updated_at() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  NEW.updated_at := plinth_base.transaction_time();
  NEW.version := OLD.version + 1;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_base.set_updated_at() IS 'BEFORE UPDATE trigger of mutable tables: stamps the row and counts its version';

CREATE FUNCTION plinth_base.protect(
  p_table regclass,
  p_visible_if text DEFAULT 'true',
  p_writable_if text DEFAULT 'plinth_base.current_user_may_write()',
  p_app_may text DEFAULT 'INSERT, UPDATE, DELETE',
  p_system_may text DEFAULT 'SELECT',
  p_tenant text DEFAULT 'organization_id = plinth_base.current_organization_id()')
  RETURNS void
  LANGUAGE plpgsql
  AS $$
DECLARE
  app text := plinth_base.role_name('app');
  reader text := plinth_base.role_name('reader');
  system text := plinth_base.role_name('system');
  relation text := (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = p_table);
  rows_seen text := format('(%s) AND (%s)', p_tenant, p_visible_if);
  rows_written text := format('(%s) AND (%s)', p_tenant, p_writable_if);
  verb text;
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', p_table);

  EXECUTE format('GRANT SELECT ON %s TO %I, %I', p_table, app, reader);
  EXECUTE format('CREATE POLICY %I ON %s FOR SELECT TO %I, %I USING (%s)',
                 relation || '_select_tenant', p_table, app, reader, rows_seen);
  IF p_app_may <> '' THEN
    EXECUTE format('GRANT %s ON %s TO %I', p_app_may, p_table, app);
  END IF;
  IF p_app_may ~* '\minsert\M' THEN
    EXECUTE format('CREATE POLICY %I ON %s FOR INSERT TO %I WITH CHECK (%s)',
                   relation || '_insert_tenant', p_table, app, rows_written);
  END IF;
  IF p_app_may ~* '\mupdate\M' THEN
    EXECUTE format('CREATE POLICY %I ON %s FOR UPDATE TO %I USING (%s AND (%s)) WITH CHECK (%s)',
                   relation || '_update_tenant', p_table, app, rows_seen, p_writable_if, rows_written);
  END IF;
  IF p_app_may ~* '\mdelete\M' THEN
    EXECUTE format('CREATE POLICY %I ON %s FOR DELETE TO %I USING (%s AND (%s))',
                   relation || '_delete_tenant', p_table, app, rows_seen, p_writable_if);
  END IF;

  FOREACH verb IN ARRAY regexp_split_to_array(upper(p_system_may), '\s*,\s*') LOOP
    CONTINUE WHEN verb = '';
    EXECUTE format('GRANT %s ON %s TO %I', verb, p_table, system);
    EXECUTE format('CREATE POLICY %I ON %s FOR %s TO %I %s',
                   relation || '_' || lower(verb) || '_system', p_table, verb, system,
                   CASE verb WHEN 'INSERT' THEN 'WITH CHECK (true)' ELSE 'USING (true)' END);
  END LOOP;
END
$$;
COMMENT ON FUNCTION plinth_base.protect(regclass, text, text, text, text, text) IS
  'Right after CREATE TABLE: enables and forces row-level security, grants and creates the permissive policies. '
  'p_visible_if and p_writable_if are ANDed to the tenant condition and hold no subquery; '
  'p_app_may is what the application may do besides SELECT (columns may be named), p_system_may what plinth_system may';

-- FORCE binds the owner too, and so hides from it what stands against a foreign key: ADD FOREIGN KEY and VALIDATE look at
-- no row and succeed. The system sees every row; only schemas of our owner are looked at, because what a foreign one
-- holds (policies, operators) would run as the system.
CREATE FUNCTION plinth_base.orphans()
  RETURNS TABLE (table_name text, constraint_name text, referenced_table text, orphans bigint)
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  foreign_key record;
BEGIN
  FOR foreign_key IN
    SELECT c.oid, c.conrelid::regclass::text AS child, quote_ident(c.conname) AS name, c.confrelid::regclass::text AS parent,
           string_agg(format('c.%I IS NOT NULL', k.attname), ' AND ' ORDER BY i.position) AS named,
           string_agg(format('p.%I = c.%I', r.attname, k.attname), ' AND ' ORDER BY i.position) AS found
    FROM pg_constraint c
    JOIN pg_namespace n ON n.oid = c.connamespace
    JOIN pg_namespace base ON base.nspname = 'plinth_base' AND base.nspowner = n.nspowner
    CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS i(child, parent, position)
    JOIN pg_attribute k ON k.attrelid = c.conrelid AND k.attnum = i.child
    JOIN pg_attribute r ON r.attrelid = c.confrelid AND r.attnum = i.parent
    WHERE c.contype = 'f' AND NOT c.convalidated AND c.conparentid = 0 AND n.nspname LIKE 'plinth\_%'
    GROUP BY c.oid
    ORDER BY 2, 3
  LOOP
    table_name := foreign_key.child;
    constraint_name := foreign_key.name;
    referenced_table := foreign_key.parent;
    EXECUTE format('SELECT count(*) FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)',
                   foreign_key.child, foreign_key.named, foreign_key.parent, foreign_key.found) INTO orphans;
    RETURN NEXT;
  END LOOP;
END
$$;
COMMENT ON FUNCTION plinth_base.orphans() IS
  'Every foreign key of Plinth''s that is NOT VALID, and how many rows of all organizations stand against it; reads these '
  'tables as a whole';
REVOKE EXECUTE ON FUNCTION plinth_base.orphans() FROM PUBLIC;

-- Grants come first: afterwards the function is no longer the migration's. Its owner needs CREATE just to become so.
DO $$
DECLARE
  system text := plinth_base.role_name('system');
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION plinth_base.orphans() TO %I', system);
  EXECUTE format('GRANT CREATE ON SCHEMA plinth_base TO %I', system);
  EXECUTE format('ALTER FUNCTION plinth_base.orphans() OWNER TO %I', system);
  EXECUTE format('REVOKE CREATE ON SCHEMA plinth_base FROM %I', system);
END
$$;
