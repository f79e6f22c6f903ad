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

CREATE FUNCTION plinth_base.give_to_system(p_function regprocedure) RETURNS void
  LANGUAGE plpgsql
  AS $$
DECLARE
  system text := plinth_base.role_name('system');
  home name := (SELECT n.nspname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                WHERE p.oid = p_function);
BEGIN
  EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', p_function);
  -- The new owner needs CREATE just to become so.
  EXECUTE format('GRANT CREATE ON SCHEMA %I TO %I', home, system);
  EXECUTE format('ALTER FUNCTION %s OWNER TO %I', p_function, system);
  EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM %I', home, system);
END
$$;
COMMENT ON FUNCTION plinth_base.give_to_system(regprocedure) IS
  'Last of all for a SECURITY DEFINER function: plinth_system owns it, and only who was granted it may call it; grants come '
  'before, because afterwards the function is no longer the migration''s';

-- Whoever may create a schema may call it plinth_something, and what it holds (policies, operators, views) would run as
-- the system: it counts only if it is of our owner. plinth_extensions is, and is no module's.
CREATE FUNCTION plinth_base.module_schemas()
  RETURNS TABLE (schema_oid oid, schema_name text, module text)
  LANGUAGE sql STABLE
  AS $$
    SELECT n.oid, n.nspname::text, substr(n.nspname, length('plinth_') + 1)
    FROM pg_catalog.pg_namespace n
    JOIN pg_catalog.pg_namespace base ON base.nspname = 'plinth_base' AND base.nspowner = n.nspowner
    WHERE n.nspname LIKE 'plinth\_%' AND EXISTS (
      SELECT FROM pg_catalog.pg_class h WHERE h.relnamespace = n.oid AND h.relname = 'migration_history')
  $$;
COMMENT ON FUNCTION plinth_base.module_schemas() IS
  'The schemas of the modules that are installed in this database: of the same owner as this one, with migrations applied';

CREATE FUNCTION plinth_base.not_valid_constraints()
  RETURNS TABLE (
    table_oid regclass, table_name text, constraint_name text, is_foreign_key boolean, referenced_table text, offends text)
  LANGUAGE sql STABLE
  AS $$
    SELECT c.oid::regclass, format('%I.%I', m.schema_name, c.relname), k.conname::text, k.contype = 'f',
           quote_ident(pn.nspname) || '.' || quote_ident(p.relname),
           CASE k.contype
             WHEN 'f' THEN format('%s AND NOT EXISTS (SELECT FROM %I.%I p WHERE %s)',
               string_agg('t.' || quote_ident(a.attname) || ' IS NOT NULL', ' AND ' ORDER BY i.position), pn.nspname, p.relname,
               string_agg('p.' || quote_ident(pa.attname) || ' = t.' || quote_ident(a.attname), ' AND ' ORDER BY i.position))
             WHEN 'n' THEN string_agg('t.' || quote_ident(a.attname) || ' IS NULL', ' OR ')
             ELSE format('NOT (%s)', pg_catalog.pg_get_expr(k.conbin, k.conrelid)) END
    FROM plinth_base.module_schemas() m
    JOIN pg_catalog.pg_class c ON c.relnamespace = m.schema_oid AND NOT c.relispartition
    JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND NOT k.convalidated AND k.conparentid = 0
    LEFT JOIN pg_catalog.pg_class p ON p.oid = k.confrelid
    LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
    LEFT JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS i (attnum, parent_attnum, position) ON true
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.attnum
    LEFT JOIN pg_catalog.pg_attribute pa ON pa.attrelid = p.oid AND pa.attnum = i.parent_attnum
    GROUP BY c.oid, m.schema_name, c.relname, k.oid, k.conname, k.contype, k.conbin, k.conrelid, pn.nspname, p.relname
  $$;
COMMENT ON FUNCTION plinth_base.not_valid_constraints() IS
  'The NOT VALID constraints of the modules, and the condition of rows t that offend against each';

-- FORCE binds the owner too, and so hides from it what stands against a constraint: ADD FOREIGN KEY and VALIDATE look at
-- no row and succeed. Who waits for these locks holds up all who come after, so not for long.
CREATE FUNCTION plinth_base.validate_constraint(p_table regclass, p_constraint name) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s'
  AS $$
DECLARE
  forced regclass[] := ARRAY(
    SELECT DISTINCT c.oid::regclass FROM pg_constraint k JOIN pg_class c ON c.oid IN (k.conrelid, k.confrelid)
    WHERE k.conrelid = p_table AND k.conname = p_constraint AND c.relforcerowsecurity);
  bound regclass;
BEGIN
  FOREACH bound IN ARRAY forced LOOP
    EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', bound);
  END LOOP;
  EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', p_table, p_constraint);
  FOREACH bound IN ARRAY forced LOOP
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', bound);
  END LOOP;
END
$$;
COMMENT ON FUNCTION plinth_base.validate_constraint(regclass, name) IS
  'As the owner: holds a NOT VALID constraint against the rows of all organizations; gives up after two seconds of waiting '
  'for a lock';
REVOKE EXECUTE ON FUNCTION plinth_base.validate_constraint(regclass, name) FROM PUBLIC;

-- The system sees every row.
CREATE FUNCTION plinth_base.orphans()
  RETURNS TABLE (table_name text, constraint_name text, referenced_table text, orphans bigint)
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  k record;
BEGIN
  FOR k IN
    SELECT n.* FROM plinth_base.not_valid_constraints() n WHERE n.is_foreign_key ORDER BY n.table_name, n.constraint_name
  LOOP
    table_name := k.table_name;
    constraint_name := k.constraint_name;
    referenced_table := k.referenced_table;
    EXECUTE format('SELECT count(*) FROM %s t WHERE %s', k.table_name, k.offends) INTO orphans;
    RETURN NEXT;
  END LOOP;
END
$$;
COMMENT ON FUNCTION plinth_base.orphans() IS
  'Every foreign key of Plinth''s that is NOT VALID, and how many rows of all organizations stand against it; reads these '
  'tables as a whole';
SELECT plinth_base.give_to_system('plinth_base.orphans()');
