-- One view over what all modules have to say of their health, made anew by migrate() and rollback(): a module says it in
-- views of its own schema, <view>_part or <view>_part_<what>, and compose_views() finds them in the catalog. So it counts
-- what is installed in the database, not what the host knows that asks.

CREATE FUNCTION plinth_base.require_overview() RETURNS boolean
  LANGUAGE plpgsql STABLE
  AS $$
BEGIN
  IF NOT (pg_catalog.pg_has_role(plinth_base.role_name('system'), 'USAGE')
          OR (SELECT r.rolbypassrls FROM pg_catalog.pg_roles r WHERE r.rolname = current_user))
  THEN
    RAISE EXCEPTION '% is shown a part of the rows only: read this as %', current_user, plinth_base.role_name('system')
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION plinth_base.require_overview() IS
  'Refuses who is not shown every organization''s rows: the owner, too, would find everything healthy';

CREATE FUNCTION plinth_base.sample_percent(p_table regclass) RETURNS double precision
  LANGUAGE sql STABLE
  AS $$
    SELECT least(100, 100.0 * 500 * current_setting('block_size')::int / greatest(1,
             coalesce((SELECT sum(pg_catalog.pg_relation_size(t.relid)) FROM pg_catalog.pg_partition_tree(p_table) t),
                      pg_catalog.pg_relation_size(p_table))))
  $$;
COMMENT ON FUNCTION plinth_base.sample_percent(regclass) IS
  'For TABLESAMPLE SYSTEM: about 500 blocks (4 MB) of a table, all of it where it has fewer, whatever its statistics say';

-- Orphans of before a foreign key, above all.
CREATE FUNCTION plinth_base.unvalidated_constraints()
  RETURNS TABLE (table_name text, constraint_name text, offending_rows bigint, detail text, statement text)
  LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  k record;
  percent double precision;
BEGIN
  FOR k IN SELECT n.* FROM plinth_base.not_valid_constraints() n ORDER BY n.table_name, n.constraint_name LOOP
    table_name := k.table_name;
    constraint_name := k.constraint_name;
    statement := format('SELECT * FROM %s t WHERE %s', k.table_name, k.offends);
    percent := plinth_base.sample_percent(k.table_oid);
    BEGIN
      EXECUTE format('SELECT count(*) FROM %s t TABLESAMPLE SYSTEM (%s) WHERE %s', k.table_name, percent, k.offends)
        INTO offending_rows;
      detail := 'of all rows';
      IF percent < 100 THEN
        offending_rows := nullif(offending_rows, 0);
        detail := format('%s in a sample of %s percent of the rows', coalesce(offending_rows::text, 'none'),
                         round(percent::numeric, 2));
      END IF;
    EXCEPTION WHEN insufficient_privilege THEN
      offending_rows := NULL;
      detail := format('%s may not read what it takes', current_user);
    END;
    RETURN NEXT;
  END LOOP;
END
$$;
COMMENT ON FUNCTION plinth_base.unvalidated_constraints() IS
  'The NOT VALID constraints of the modules, how many rows break each, and the statement that shows them; a large table is '
  'looked at in a sample, and where that holds NULL says that the rest is not known';

CREATE VIEW plinth_base.system_health_part WITH (security_invoker = true) AS
  SELECT h.metric AS component, h.status, h.value, h.unit, h.detail, h.statement
  FROM plinth_base.database_health_summary h;
COMMENT ON VIEW plinth_base.system_health_part IS 'What base says: the server and this database';

CREATE VIEW plinth_base.system_health_part_jobs WITH (security_invoker = true) AS
  SELECT 'job ' || j.name AS component,
         CASE WHEN j.consecutive_failures >= 3 THEN 'critical'
              WHEN j.consecutive_failures > 0 THEN 'warning'
              WHEN j.retired THEN 'unknown'
              WHEN j.late > interval '1 hour' THEN 'warning'
              ELSE 'healthy' END AS status,
         j.consecutive_failures::numeric AS value,
         'failures in a row' AS unit,
         concat_ws('; ',
           'last succeeded ' || coalesce(to_char(j.last_succeeded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), 'never'),
           CASE WHEN j.retired THEN 'no host has had it for a week, though others ran: it may be gone'
                WHEN j.late > interval '1 hour' THEN 'due for over an hour: is any host started?' END,
           j.last_error) AS detail,
         CASE WHEN j.retired THEN format('DELETE FROM plinth_base.jobs WHERE name = %L', j.name) END AS statement
  FROM (
    -- Of the jobs that ran within a day none is one that did not run for a week: those are others.
    SELECT x.*, l.late,
           l.late > interval '7 days'
             AND coalesce(l.ran_at < plinth_base.transaction_time() - interval '7 days', true)
             AND max(l.ran_at) OVER () > plinth_base.transaction_time() - interval '1 day' AS retired
    FROM plinth_base.jobs x
    CROSS JOIN LATERAL (
      SELECT CASE WHEN x.lease_until > plinth_base.transaction_time() THEN interval '0'
                  ELSE plinth_base.transaction_time() - x.next_run_at END AS late,
             greatest(x.last_started_at, x.last_finished_at) AS ran_at) l) j
  UNION ALL
  SELECT 'background jobs', 'unknown', 0, 'jobs', 'no host was started yet: plinth.start()', NULL
  WHERE NOT EXISTS (SELECT FROM plinth_base.jobs);
COMMENT ON VIEW plinth_base.system_health_part_jobs IS 'What base says: the background jobs of all modules';

CREATE VIEW plinth_base.system_health_part_partitions WITH (security_invoker = true) AS
  SELECT 'partitions of ' || p.table_name AS component,
         CASE WHEN p.made_until IS NULL OR p.made_until <= plinth_base.transaction_time() THEN 'critical'
              WHEN p.strays OR p.made_until < plinth_base.transaction_time() + ('1 ' || p.period)::interval THEN 'warning'
              ELSE 'healthy' END AS status,
         round(extract(epoch FROM p.made_until - plinth_base.transaction_time()) / 86400, 1) AS value,
         'days ahead' AS unit,
         CASE WHEN p.strays THEN 'there are rows in the default partition' ELSE 'every row is where it belongs' END AS detail,
         'SELECT * FROM plinth_base.ensure_partitions()' AS statement
  FROM plinth_base.partition_states() p;
COMMENT ON VIEW plinth_base.system_health_part_partitions IS 'What base says: whether partitions are made ahead of rows';

-- Also for guard_membership(), which looks for another owner.
CREATE INDEX organization_members_owner_ix ON plinth_base.organization_members (organization_id)
  WHERE role = 'owner' AND left_at IS NULL;

CREATE VIEW plinth_base.data_integrity_checks_part WITH (security_invoker = true) AS
  SELECT 'organizations have an owner' AS check_name,
         4::smallint AS severity,
         count(*) AS issue_count,
         'organizations, not archived, that nobody can administer' AS detail,
         'SELECT o.id, o.slug FROM plinth_base.organizations o WHERE o.status <> ''archived'' AND NOT EXISTS (SELECT FROM'
         ' plinth_base.organization_members m WHERE m.organization_id = o.id AND m.role = ''owner'' AND m.left_at IS NULL)'
           AS statement
  FROM plinth_base.organizations o
  WHERE o.status <> 'archived' AND NOT EXISTS (
    SELECT FROM plinth_base.organization_members m
    WHERE m.organization_id = o.id AND m.role = 'owner' AND m.left_at IS NULL)
  UNION ALL
  SELECT 'constraints are validated', 2::smallint, count(*),
         coalesce(string_agg(r.object_name || ': ' || r.reason, '; '), 'no constraint is NOT VALID'),
         'SELECT statement FROM plinth_base.maintenance_recommendations WHERE category = ''validate'''
  FROM plinth_base.maintenance_recommendations r WHERE r.category = 'validate'
  UNION ALL
  SELECT 'rows keep ' || u.constraint_name, 4::smallint, u.offending_rows, u.table_name || ': ' || u.detail, u.statement
  FROM plinth_base.unvalidated_constraints() u
  UNION ALL
  SELECT 'indexes are valid', 3::smallint, count(*),
         coalesce(string_agg(r.object_name, ', '), 'none was left half built'),
         'SELECT statement FROM plinth_base.maintenance_recommendations WHERE category = ''reindex'''
  FROM plinth_base.maintenance_recommendations r WHERE r.category = 'reindex'
  UNION ALL
  SELECT 'tenants are kept apart', 5::smallint, count(*),
         coalesce(string_agg(format('%I.%I', t.schema_name, t.relname), ', '), 'row-level security is enabled and forced'),
         string_agg(format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t.schema_name, t.relname),
                    '; ')
  FROM (
    SELECT m.schema_name, c.relname
    FROM plinth_base.module_schemas() m
    JOIN pg_class c ON c.relnamespace = m.schema_oid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity)
      AND (c.oid IN ('plinth_base.organizations'::regclass, 'plinth_base.users'::regclass)
           OR EXISTS (SELECT FROM pg_attribute a
                      WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped))) t
  UNION ALL
  -- DROP OWNED, for one, takes the roles out of every policy, and then nobody gets in.
  SELECT 'tenants are let in', 5::smallint, count(*),
         coalesce(string_agg(format('%I.%I', t.schema_name, t.relname), ', ')
                    || ': protect() as the migration of the table says it, after DROP POLICY for what is left',
                  'every table has its policies and grants'),
         'SELECT schemaname, tablename, policyname, cmd, roles FROM pg_policies WHERE schemaname LIKE ''plinth\_%'' ORDER BY 1, 2, 3'
  FROM (
    SELECT m.schema_name, c.relname
    FROM plinth_base.module_schemas() m
    JOIN pg_class c ON c.relnamespace = m.schema_oid AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relforcerowsecurity
    JOIN pg_roles r ON r.rolname = plinth_base.role_name('app')
    WHERE NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND r.oid = ANY (p.polroles))
       OR NOT has_table_privilege(r.oid, c.oid, 'SELECT')) t
  UNION ALL
  SELECT 'triggers are enabled', 4::smallint, count(*),
         coalesce(string_agg(DISTINCT format('%I.%I', t.schema_name, t.relname), ', '), 'none is switched off'),
         string_agg(DISTINCT format('ALTER TABLE %I.%I ENABLE TRIGGER ALL', t.schema_name, t.relname), '; ')
  FROM (
    SELECT m.schema_name, c.relname
    FROM plinth_base.module_schemas() m
    JOIN pg_class c ON c.relnamespace = m.schema_oid
    JOIN pg_trigger g ON g.tgrelid = c.oid AND g.tgenabled IN ('D', 'R')) t;
COMMENT ON VIEW plinth_base.data_integrity_checks_part IS 'What base says: owners, and what in the catalog keeps data right';

-- Each asks one sample, and counts in it.
CREATE VIEW plinth_base.data_quality_metrics_part WITH (security_invoker = true) AS
  SELECT 'organization_members' AS table_name,
         'members are active users' AS metric,
         count(*) AS rows_checked,
         count(*) FILTER (WHERE NOT u.is_active) AS issue_count,
         'members who can enter no organization, because their user is inactive' AS detail
  FROM plinth_base.organization_members m
    TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_base.organization_members'))
  JOIN plinth_base.users u ON u.id = m.user_id
  WHERE m.left_at IS NULL
  UNION ALL
  SELECT 'users', 'active users have an e-mail address', count(*), count(*) FILTER (WHERE u.email IS NULL),
         'users who cannot be written to'
  FROM plinth_base.users u TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_base.users'))
  WHERE u.is_active
  UNION ALL
  SELECT 'invitations', 'open invitations are not expired', count(*),
         count(*) FILTER (WHERE i.expires_at <= plinth_base.transaction_time()), 'invitations that nobody can accept any more'
  FROM plinth_base.invitations i TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_base.invitations'))
  WHERE i.accepted_at IS NULL AND i.revoked_at IS NULL
  UNION ALL
  SELECT 'notifications', 'notifications are read within 30 days', count(*),
         count(*) FILTER (WHERE n.read_at IS NULL AND n.created_at < plinth_base.transaction_time() - interval '30 days'),
         'notifications that reach nobody'
  FROM plinth_base.notifications n TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_base.notifications'));
COMMENT ON VIEW plinth_base.data_quality_metrics_part IS 'What base says: members, users, invitations, notifications';

CREATE FUNCTION plinth_base.composed_views()
  RETURNS TABLE (view_name text, part_columns text, selected text, described text)
  LANGUAGE sql IMMUTABLE
  AS $$
    VALUES
      ('system_health',
       'component text, status text, value numeric, unit text, detail text, statement text',
       'component, status, value, unit, detail, statement',
       'How the server and the modules are: healthy, warning, critical, or unknown'),
      ('data_quality_metrics',
       'table_name text, metric text, rows_checked bigint, issue_count bigint, detail text',
       'table_name, metric, rows_checked, issue_count, '
       'round(100 - 100.0 * issue_count / nullif(rows_checked, 0), 2) AS quality_percent, detail',
       'How good the data is; of a large table, of a sample: rows_checked says of how many rows'),
      ('data_integrity_checks',
       'check_name text, severity smallint, issue_count bigint, detail text, statement text',
       'check_name, severity, '
       'CASE WHEN issue_count IS NULL THEN ''unknown'' WHEN issue_count > 0 THEN ''fail'' ELSE ''pass'' END AS status, '
       'issue_count, detail, statement',
       'What must never be: pass, fail, or unknown; severity from 1 info to 5 critical, if it fails')
  $$;
COMMENT ON FUNCTION plinth_base.composed_views() IS
  'What is composed of parts: the columns that a part has, and what is selected of it';

CREATE FUNCTION plinth_base.composed_view_parts()
  RETURNS TABLE (
    view_name text, schema_name text, part text, trusted boolean, invoker boolean, has text, needs text, query text)
  LANGUAGE sql STABLE
  AS $$
    SELECT v.view_name, n.nspname::text, c.relname::text, m.module IS NOT NULL AND c.relowner = n.nspowner,
           coalesce(c.reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1'],
           (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, NULL), ', ' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           v.part_columns,
           format('SELECT %L::text AS module, %s FROM %I.%I WHERE plinth_base.require_overview()',
                  m.module, v.selected, n.nspname, c.relname)
    FROM plinth_base.composed_views() v
    JOIN pg_catalog.pg_class c ON c.relkind = 'v' AND c.relname ~ ('^' || v.view_name || '_part(_[a-z0-9_]+)?$')
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname LIKE 'plinth\_%'
    LEFT JOIN plinth_base.module_schemas() m ON m.schema_oid = n.oid
    UNION ALL
    SELECT 'schema_migrations', m.schema_name, c.relname::text, c.relowner = n.nspowner, true, '', '',
           -- Flyway's column has no zone: it means that of the session that migrated, which is this one.
           format('SELECT %L::text AS module, %L::text AS linked_to, version::text, description::text, '
                  'installed_on AT TIME ZONE %L AS applied_at, installed_by::text AS applied_by, execution_time AS execution_ms, success '
                  'FROM %I.%I WHERE version IS NOT NULL AND type <> ''BASELINE''',
                  m.module, nullif(substr(c.relname, length('migration_history_') + 1), ''), current_setting('TimeZone'),
                  m.schema_name, c.relname)
    FROM plinth_base.module_schemas() m
    JOIN pg_catalog.pg_namespace n ON n.oid = m.schema_oid
    JOIN pg_catalog.pg_class c
      ON c.relnamespace = n.oid AND c.relkind = 'r' AND c.relname ~ '^migration_history(_[a-z0-9]+)?$'
  $$;
COMMENT ON FUNCTION plinth_base.composed_view_parts() IS
  'What is there to compose; trusted if it and its schema are a module''s and of the owner of plinth_base';

CREATE FUNCTION plinth_base.require_parts() RETURNS void
  LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  p record;
BEGIN
  FOR p IN SELECT * FROM plinth_base.composed_view_parts() LOOP
    IF NOT p.trusted THEN
      RAISE WARNING '%.% is left out of %: it is of no module, or of another owner', p.schema_name, p.part, p.view_name;
    ELSIF NOT p.invoker THEN
      RAISE EXCEPTION 'the view % has to be WITH (security_invoker = true): its owner sees no rows', p.part
        USING ERRCODE = 'invalid_table_definition', SCHEMA = p.schema_name, TABLE = p.part;
    ELSIF p.has <> p.needs THEN
      RAISE EXCEPTION 'the view % has to have the columns (%), and has (%)', p.part, p.needs, p.has
        USING ERRCODE = 'invalid_table_definition', SCHEMA = p.schema_name, TABLE = p.part;
    END IF;
  END LOOP;
END
$$;
COMMENT ON FUNCTION plinth_base.require_parts() IS 'Refuses a part that does not fit, and warns of one that is not trusted';

CREATE FUNCTION plinth_base.drop_composed_views() RETURNS void
  LANGUAGE plpgsql
  SET client_min_messages = error
  AS $$
BEGIN
  DROP VIEW IF EXISTS plinth_base.critical_alerts, plinth_base.system_health, plinth_base.data_quality_metrics,
    plinth_base.data_integrity_checks, plinth_base.schema_migrations;
END
$$;
COMMENT ON FUNCTION plinth_base.drop_composed_views() IS
  'For what is about to drop something that they stand on; compose_views() makes them anew';

CREATE FUNCTION plinth_base.compose_views() RETURNS boolean
  LANGUAGE plpgsql
  AS $$
DECLARE
  system text := plinth_base.role_name('system');
  p record;
  v record;
BEGIN
  PERFORM plinth_base.require_parts();
  IF to_regclass('plinth_base.critical_alerts') IS NOT NULL AND NOT EXISTS (
    SELECT FROM plinth_base.composition() c
    WHERE c.description IS DISTINCT FROM obj_description(to_regclass('plinth_base.' || c.view_name), 'pg_class'))
  THEN
    RETURN false;
  END IF;

  FOR p IN SELECT * FROM plinth_base.composed_view_parts() x WHERE x.trusted LOOP
    EXECUTE format('GRANT SELECT ON %I.%I TO %I', p.schema_name, p.part, system);
  END LOOP;
  -- Replaced and not dropped: their columns stay, and a host may have made views of its own on them.
  FOR v IN SELECT * FROM plinth_base.composition() LOOP
    EXECUTE format('CREATE OR REPLACE VIEW plinth_base.%I WITH (security_invoker = true) AS %s', v.view_name, v.query);
    EXECUTE format('COMMENT ON VIEW plinth_base.%I IS %L', v.view_name, v.description);
    EXECUTE format('GRANT SELECT ON plinth_base.%I TO %I', v.view_name, system);
  END LOOP;
  CREATE OR REPLACE VIEW plinth_base.critical_alerts WITH (security_invoker = true) AS
    SELECT h.module, h.component AS alert, 5::smallint AS severity, h.detail, h.statement
    FROM plinth_base.system_health h WHERE h.status = 'critical'
    UNION ALL
    SELECT i.module, i.check_name, i.severity, i.issue_count || ': ' || i.detail, i.statement
    FROM plinth_base.data_integrity_checks i WHERE i.status = 'fail' AND i.severity >= 4
    UNION ALL
    SELECT m.module, 'migration ' || m.version, 5::smallint, m.description || ' failed', NULL
    FROM plinth_base.schema_migrations m WHERE NOT m.success;
  COMMENT ON VIEW plinth_base.critical_alerts IS
    'What needs somebody now: critical health, failed checks of high severity, failed migrations';
  EXECUTE format('GRANT SELECT ON plinth_base.critical_alerts TO %I', system);
  EXECUTE format('GRANT SELECT ON plinth_base.schema_migrations TO %I, %I',
                 plinth_base.role_name('app'), plinth_base.role_name('reader'));
  RETURN true;
END
$$;
COMMENT ON FUNCTION plinth_base.compose_views() IS
  'Makes system_health, data_quality_metrics, data_integrity_checks, critical_alerts and schema_migrations of what the '
  'installed modules have; false if they were as they should be';

CREATE FUNCTION plinth_base.composition()
  RETURNS TABLE (view_name text, query text, description text)
  LANGUAGE sql STABLE
  AS $$
    SELECT p.view_name,
           string_agg(p.query, ' UNION ALL ' ORDER BY p.schema_name, p.part),
           coalesce(max(v.described), 'The migrations that were applied, of all modules') || '; composed of '
             || string_agg(p.schema_name || '.' || p.part, ', ' ORDER BY p.schema_name, p.part)
    FROM plinth_base.composed_view_parts() p
    LEFT JOIN plinth_base.composed_views() v USING (view_name)
    WHERE p.trusted
    GROUP BY p.view_name
  $$;
COMMENT ON FUNCTION plinth_base.composition() IS 'What compose_views() makes; the description says of which parts';

REVOKE EXECUTE ON FUNCTION plinth_base.compose_views(), plinth_base.drop_composed_views() FROM PUBLIC;
