-- Figures of the server about itself and about the tables of every module: for who runs the database. They come from the
-- statistics that PostgreSQL keeps, which everybody may read, so none of them asks a tenant's table; what a role is not
-- shown (statements and transactions of others) is said to be unknown and never counted as fine.

CREATE FUNCTION plinth_base.sees_all_statistics() RETURNS boolean
  LANGUAGE sql STABLE
  AS $$ SELECT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') $$;
COMMENT ON FUNCTION plinth_base.sees_all_statistics() IS
  'Whether PostgreSQL shows this role the statements and transactions of others';

-- Plinth's roles are NOINHERIT: from PostgreSQL 16 on a grant says for itself that it is inherited, before it cannot.
CREATE FUNCTION plinth_base.grant_all_statistics() RETURNS text
  LANGUAGE sql STABLE
  AS $$
    SELECT format(CASE WHEN current_setting('server_version_num')::int >= 160000
                    THEN 'GRANT pg_read_all_stats TO %I WITH INHERIT TRUE'
                    ELSE 'GRANT pg_read_all_stats TO %I; ALTER ROLE %1$I INHERIT' END,
                  plinth_base.role_name('system'))
  $$;
COMMENT ON FUNCTION plinth_base.grant_all_statistics() IS 'What a DBA runs, so that plinth_system is shown them';

CREATE VIEW plinth_base.database_health_summary WITH (security_invoker = true) AS
  SELECT f.metric,
         CASE
           WHEN f.value IS NULL THEN 'unknown'
           WHEN f.value >= f.critical_from THEN 'critical'
           WHEN f.value >= f.warning_from THEN 'warning'
           WHEN NOT f.complete THEN 'unknown'
           ELSE 'healthy'
         END AS status,
         round(f.value, 1) AS value,
         f.unit,
         f.warning_from,
         f.critical_from,
         f.detail,
         f.statement
  FROM (
    SELECT 'connections' AS metric,
           c.used AS value,
           'connections' AS unit,
           floor(0.8 * c.usable) AS warning_from,
           floor(0.95 * c.usable) AS critical_from,
           true AS complete,
           format('%s of %s that are not reserved for superusers', c.used, c.usable) AS detail,
           'SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC'
             AS statement
    FROM (
      SELECT sum(d.numbackends)::numeric AS used,
             current_setting('max_connections')::numeric - current_setting('superuser_reserved_connections')::numeric
               - coalesce(current_setting('reserved_connections', true)::numeric, 0) AS usable
      FROM pg_stat_database d) c
    UNION ALL
    SELECT 'oldest transaction', t.seconds, 'seconds', 300, 3600, plinth_base.sees_all_statistics(),
           CASE WHEN plinth_base.sees_all_statistics() THEN 'how long the oldest open transaction of this database lasts'
             ELSE 'transactions of others are not shown to ' || current_user END,
           CASE WHEN plinth_base.sees_all_statistics() OR t.seconds >= 300
             THEN 'SELECT pid, usename, state, xact_start, pg_terminate_backend(pid) FROM pg_stat_activity'
                  || ' WHERE xact_start < now() - interval ''1 hour'' AND datname = current_database()'
             ELSE plinth_base.grant_all_statistics() END
    FROM (
      SELECT coalesce(extract(epoch FROM clock_timestamp() - least(
               (SELECT min(a.xact_start) FROM pg_stat_activity a
                WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()),
               (SELECT min(p.prepared) FROM pg_prepared_xacts p WHERE p.database = current_database()))), 0) AS seconds) t
    UNION ALL
    SELECT 'lock waits', coalesce(max(extract(epoch FROM clock_timestamp() - l.waitstart)), 0), 'seconds', 30, 300, true,
           format('%s waiting for a lock in this database, the longest for that long', count(*)),
           'SELECT pid, pg_blocking_pids(pid) AS blocked_by FROM pg_locks JOIN pg_stat_activity USING (pid)'
             ' WHERE NOT granted AND datname = current_database()'
    -- Locks of transactions and tuples name no database: their session does.
    FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid AND a.datname = current_database()
    WHERE NOT l.granted
    UNION ALL
    SELECT 'transaction ids', greatest(age(d.datfrozenxid), mxid_age(d.datminmxid)), 'transactions', 800000000, 1600000000,
           true, 'since the oldest that was not frozen; the server stops writing at two thousand million', 'VACUUM (FREEZE)'
    FROM pg_database d WHERE d.datname = current_database()
    UNION ALL
    SELECT 'cache misses', 100.0 * d.blks_read / nullif(d.blks_read + d.blks_hit, 0), 'percent',
           CASE WHEN d.blks_read + d.blks_hit >= 100000 THEN 10 END, NULL, true,
           format('%s of %s blocks were not in shared_buffers', d.blks_read, d.blks_read + d.blks_hit),
           'SHOW shared_buffers'
    FROM pg_stat_database d WHERE d.datname = current_database()
    UNION ALL
    SELECT 'housekeeping switched off', count(*), 'settings', 1, NULL, true,
           coalesce(string_agg(s.name, ', ' ORDER BY s.name), 'autovacuum and track_counts are on'),
           string_agg(format('ALTER SYSTEM SET %I = on', s.name), '; ' ORDER BY s.name)
    FROM pg_settings s WHERE s.name IN ('autovacuum', 'track_counts') AND s.setting = 'off') f;
COMMENT ON VIEW plinth_base.database_health_summary IS
  'The server and this database at a glance: healthy, warning, critical; unknown where the role is not shown enough';
COMMENT ON COLUMN plinth_base.database_health_summary.warning_from IS 'The value from which on it is a warning; NULL never';
COMMENT ON COLUMN plinth_base.database_health_summary.statement IS 'What to run to see more';

-- pg_stat_statements may come later, lie in any schema, or be installed and not loaded; a view could not even name it.
CREATE FUNCTION plinth_base.statement_statistics()
  RETURNS TABLE (
    queryid bigint,
    query text,
    role_name text,
    calls bigint,
    total_ms double precision,
    mean_ms double precision,
    max_ms double precision,
    rows_returned bigint,
    blocks_hit bigint,
    blocks_read bigint,
    problem text,
    statement text)
  LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  home text := (SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
                WHERE e.extname = 'pg_stat_statements');
BEGIN
  IF home IS NULL THEN
    problem := 'pg_stat_statements is not installed in this database, so nothing is known of its statements; '
      'the server has to load it (shared_preload_libraries)';
    statement := 'CREATE EXTENSION pg_stat_statements';
    RETURN NEXT;
    RETURN;
  END IF;
  RETURN QUERY EXECUTE format(
    'SELECT s.queryid, nullif(s.query, %L), r.rolname::text, s.calls, s.total_exec_time, s.mean_exec_time, '
    's.max_exec_time, s.rows, s.shared_blks_hit, s.shared_blks_read, NULL::text, NULL::text '
    'FROM %I.pg_stat_statements s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.userid '
    'WHERE s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())',
    '<insufficient privilege>', home);
EXCEPTION
  WHEN object_not_in_prerequisite_state THEN
    problem := 'pg_stat_statements is installed, but the server did not load it: add it to shared_preload_libraries '
      'and start the server again';
    statement := 'ALTER SYSTEM SET shared_preload_libraries = ''pg_stat_statements''';
    RETURN NEXT;
  WHEN insufficient_privilege THEN
    problem := format('%s may not read pg_stat_statements in the schema %s', current_user, home);
    statement := format('GRANT USAGE ON SCHEMA %I TO %I; GRANT SELECT ON %1$I.pg_stat_statements TO %2$I',
                        home, current_user);
    RETURN NEXT;
  WHEN undefined_column THEN
    problem := 'pg_stat_statements is older than the server';
    statement := 'ALTER EXTENSION pg_stat_statements UPDATE';
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION plinth_base.statement_statistics() IS
  'pg_stat_statements of this database, wherever it lies; one row with the problem where it cannot be read';

CREATE VIEW plinth_base.slow_query_analysis WITH (security_invoker = true) AS
  SELECT s.queryid,
         CASE WHEN plinth_base.current_organization_id() IS NULL THEN s.query END AS query,
         s.role_name,
         s.calls,
         round(s.total_ms::numeric, 3) AS total_ms,
         round(s.mean_ms::numeric, 3) AS mean_ms,
         round(s.max_ms::numeric, 3) AS max_ms,
         s.rows_returned,
         round(100.0 * s.blocks_hit / nullif(s.blocks_hit + s.blocks_read, 0), 1) AS cache_hit_percent,
         round((100 * s.total_ms / nullif(sum(s.total_ms) OVER (), 0))::numeric, 1) AS total_percent,
         CASE
           WHEN s.problem IS NOT NULL THEN 'unknown'
           WHEN s.mean_ms >= 1000 THEN 'critical'
           WHEN s.mean_ms >= 500 THEN 'high'
           WHEN s.mean_ms >= 100 THEN 'medium'
           ELSE 'low'
         END AS priority,
         CASE
           WHEN s.problem IS NOT NULL THEN s.problem
           WHEN plinth_base.current_organization_id() IS NOT NULL THEN
             'inside an organization texts of statements are not shown: they may hold values of others'
           WHEN s.query IS NULL THEN format('texts of %s are not shown to %s', s.role_name, current_user)
           WHEN s.mean_ms >= 100 THEN format('takes %s ms on average: look at its plan%s', round(s.mean_ms),
             CASE WHEN current_setting('server_version_num')::int < 160000
               THEN ', with values: without them PostgreSQL explains it from 16 on' END)
         END AS recommendation,
         CASE
           WHEN s.problem IS NOT NULL THEN s.statement
           WHEN plinth_base.current_organization_id() IS NOT NULL THEN NULL
           WHEN s.query IS NULL THEN plinth_base.grant_all_statistics()
           WHEN s.mean_ms >= 100 AND current_setting('server_version_num')::int >= 160000 THEN
             'EXPLAIN (GENERIC_PLAN) ' || s.query
         END AS statement
  FROM plinth_base.statement_statistics() s
  ORDER BY s.total_ms DESC NULLS FIRST;
COMMENT ON VIEW plinth_base.slow_query_analysis IS
  'What pg_stat_statements knows of this database, the most expensive first; one row of priority unknown where it does not';
COMMENT ON COLUMN plinth_base.slow_query_analysis.query IS 'Without values; NULL where it is not shown to who asks';
COMMENT ON COLUMN plinth_base.slow_query_analysis.priority IS
  'By the mean: critical from a second on, high from 500 ms, medium from 100 ms, low below';

CREATE VIEW plinth_base.index_usage_analysis WITH (security_invoker = true) AS
  SELECT i.schemaname::text AS schema_name,
         i.relname::text AS table_name,
         i.indexrelname::text AS index_name,
         i.idx_scan AS scans,
         i.idx_tup_read AS entries_read,
         pg_relation_size(i.indexrelid) AS size_bytes,
         x.indisunique AS is_unique,
         d.since AS counted_since,
         CASE
           WHEN NOT x.indisvalid THEN 'invalid'
           WHEN i.idx_scan = 0 AND x.indisunique THEN 'guards'
           WHEN i.idx_scan = 0 THEN 'unused'
           WHEN i.idx_scan < 50 THEN 'rarely used'
           ELSE 'used'
         END AS usage_status,
         CASE
           WHEN NOT x.indisvalid THEN 'Building it failed: it costs and does not serve'
           WHEN i.idx_scan = 0 AND x.indisunique THEN 'Never read, but keeps values unique'
           WHEN i.idx_scan = 0 THEN 'Never read since it is counted; drop it if that was long enough'
         END AS recommendation
  FROM plinth_base.module_schemas() m
  JOIN pg_stat_all_indexes i ON i.schemaname = m.schema_name
  JOIN pg_index x ON x.indexrelid = i.indexrelid
  CROSS JOIN (SELECT s.stats_reset AS since FROM pg_stat_database s WHERE s.datname = current_database()) d;
COMMENT ON VIEW plinth_base.index_usage_analysis IS 'How often the indexes of the modules were read';
COMMENT ON COLUMN plinth_base.index_usage_analysis.counted_since IS 'When counting began anew; NULL never since the database was made';
COMMENT ON COLUMN plinth_base.index_usage_analysis.usage_status IS 'used, rarely used, unused, guards (unused, but unique), invalid';

CREATE VIEW plinth_base.table_access_patterns WITH (security_invoker = true) AS
  SELECT t.schemaname::text AS schema_name,
         t.relname::text AS table_name,
         t.seq_scan AS sequential_scans,
         t.seq_tup_read AS rows_read_sequentially,
         coalesce(t.idx_scan, 0) AS index_scans,
         round(100.0 * t.idx_scan / nullif(t.seq_scan + t.idx_scan, 0), 1) AS index_scan_percent,
         t.n_tup_ins AS rows_inserted,
         t.n_tup_upd AS rows_updated,
         t.n_tup_del AS rows_deleted,
         round(100.0 * t.n_tup_hot_upd / nullif(t.n_tup_upd, 0), 1) AS hot_update_percent,
         t.n_live_tup AS live_rows,
         pg_total_relation_size(t.relid) AS total_bytes,
         CASE
           WHEN a.reads + a.writes = 0 THEN 'idle'
           WHEN a.reads > 10 * a.writes THEN 'mostly read'
           WHEN a.writes > 10 * a.reads THEN 'mostly written'
           ELSE 'mixed'
         END AS access_pattern,
         CASE
           -- A sample, which health takes of a large table, counts as a scan too, of fewer rows than that.
           WHEN t.seq_scan >= 10 AND t.seq_tup_read / t.seq_scan >= 50000 THEN
             format('Consider adding indexes: %s times read from end to end, %s rows each time', t.seq_scan,
                    t.seq_tup_read / t.seq_scan)
           WHEN t.n_tup_upd >= 10000 AND t.n_tup_hot_upd < t.n_tup_upd / 2 THEN
             'Consider a lower fillfactor: most updates had to touch every index'
           ELSE 'Nothing to do'
         END AS recommendation
  FROM plinth_base.module_schemas() m
  JOIN pg_stat_all_tables t ON t.schemaname = m.schema_name
  CROSS JOIN LATERAL (
    SELECT t.seq_scan + coalesce(t.idx_scan, 0) AS reads, t.n_tup_ins + t.n_tup_upd + t.n_tup_del AS writes) a;
COMMENT ON VIEW plinth_base.table_access_patterns IS 'How the tables of the modules are read and written';
COMMENT ON COLUMN plinth_base.table_access_patterns.hot_update_percent IS 'Updates that touched no index';

CREATE VIEW plinth_base.database_resource_utilization WITH (security_invoker = true) AS
  SELECT u.resource,
         round(u.used, 1) AS used,
         u.available,
         u.unit,
         round(100 * u.used / nullif(u.available, 0), 1) AS utilization_percent,
         u.detail
  FROM (
    SELECT 'connections' AS resource, sum(d.numbackends)::numeric AS used,
           current_setting('max_connections')::numeric AS available, 'connections' AS unit,
           'of all databases of the server' AS detail
    FROM pg_stat_database d
    UNION ALL
    SELECT 'disk: database',
           CASE WHEN has_database_privilege(current_database(), 'CONNECT') OR plinth_base.sees_all_statistics()
             THEN pg_database_size(current_database())::numeric END,
           NULL, 'bytes', 'how much more there is room for, PostgreSQL does not know'
    UNION ALL
    SELECT 'disk: ' || m.schema_name, coalesce(sum(pg_total_relation_size(c.oid)), 0)::numeric, NULL, 'bytes',
           'tables with their indexes'
    FROM plinth_base.module_schemas() m
    LEFT JOIN pg_class c ON c.relnamespace = m.schema_oid AND c.relkind = 'r'
    GROUP BY m.schema_name
    UNION ALL
    SELECT r.resource, r.used, r.available, r.unit, r.detail
    FROM pg_stat_database d
    CROSS JOIN LATERAL (VALUES
      ('blocks found in cache', d.blks_hit::numeric, (d.blks_hit + d.blks_read)::numeric, 'blocks', 'of those asked for'),
      ('transactions rolled back', d.xact_rollback::numeric, (d.xact_commit + d.xact_rollback)::numeric, 'transactions',
       'of all that ended'),
      ('temporary files', d.temp_bytes::numeric, NULL, 'bytes', 'written because work_mem was too small'),
      ('deadlocks', d.deadlocks::numeric, NULL, 'deadlocks', 'resolved by giving one side up'))
      AS r (resource, used, available, unit, detail)
    WHERE d.datname = current_database()) u;
COMMENT ON VIEW plinth_base.database_resource_utilization IS 'What is used of what there is; counts are since the last reset';
COMMENT ON COLUMN plinth_base.database_resource_utilization.used IS 'NULL where it is not shown to who asks';

CREATE VIEW plinth_base.performance_optimization_recommendations WITH (security_invoker = true) AS
  SELECT 'medium' AS priority,
         'indexing' AS category,
         format('%I.%I', m.schema_name, c.relname) AS object_name,
         format('the foreign key %s is behind no index: deleting in %s reads all of %s', k.conname, k.confrelid::regclass,
                c.relname) AS reason,
         format('CREATE INDEX CONCURRENTLY ON %I.%I (%s)', m.schema_name, c.relname, k.columns) AS statement
  FROM plinth_base.module_schemas() m
  JOIN pg_class c ON c.relnamespace = m.schema_oid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  JOIN LATERAL (
    SELECT f.conname, f.confrelid, f.conkey, string_agg(quote_ident(a.attname), ', ' ORDER BY o.position) AS columns
    FROM pg_constraint f
    CROSS JOIN LATERAL unnest(f.conkey) WITH ORDINALITY AS o (attnum, position)
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = o.attnum
    WHERE f.conrelid = c.oid AND f.contype = 'f'
    GROUP BY f.conname, f.confrelid, f.conkey) k ON true
  WHERE c.reltuples >= 10000
    AND NOT EXISTS (
      SELECT FROM pg_index i
      WHERE i.indrelid = c.oid AND i.indpred IS NULL
        AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
  UNION ALL
  SELECT 'high', 'indexing', format('%I.%I', t.schema_name, t.table_name), t.recommendation,
         format('SELECT query, calls, mean_ms FROM plinth_base.slow_query_analysis WHERE query LIKE %L',
                '%' || t.table_name || '%')
  FROM plinth_base.table_access_patterns t WHERE t.recommendation LIKE 'Consider adding indexes%'
  UNION ALL
  SELECT 'low', 'indexing', format('%I.%I', i.schema_name, i.index_name),
         format('never read since it is counted, and %s large', pg_size_pretty(i.size_bytes)),
         format('DROP INDEX CONCURRENTLY %I.%I', i.schema_name, i.index_name)
  FROM plinth_base.index_usage_analysis i WHERE i.usage_status = 'unused' AND i.size_bytes >= 10 * 1024 * 1024
  UNION ALL
  SELECT 'low', 'writing', format('%I.%I', t.schema_name, t.table_name), t.recommendation,
         format('ALTER TABLE %I.%I SET (fillfactor = 85)', t.schema_name, t.table_name)
  FROM plinth_base.table_access_patterns t WHERE t.recommendation LIKE 'Consider a lower fillfactor%'
  UNION ALL
  SELECT 'medium', 'memory', 'shared_buffers', format('%s percent of all blocks came from disk', h.value),
         format('ALTER SYSTEM SET shared_buffers = %L',
                pg_size_pretty(2 * pg_size_bytes(current_setting('shared_buffers')))::text)
  FROM plinth_base.database_health_summary h WHERE h.metric = 'cache misses' AND h.status = 'warning'
  UNION ALL
  SELECT 'low', 'memory', 'work_mem', format('%s were written to temporary files', pg_size_pretty(d.temp_bytes)),
         format('ALTER SYSTEM SET work_mem = %L', 2 * pg_size_bytes(current_setting('work_mem')) / 1024 || 'kB')
  FROM pg_stat_database d WHERE d.datname = current_database() AND d.temp_bytes >= 1024 * 1024 * 1024
  UNION ALL
  SELECT 'high', 'connections', 'max_connections', h.detail, h.statement
  FROM plinth_base.database_health_summary h WHERE h.metric = 'connections' AND h.status IN ('warning', 'critical')
  UNION ALL
  SELECT 'medium', 'monitoring', 'pg_stat_statements', s.problem, s.statement
  FROM plinth_base.statement_statistics() s WHERE s.problem IS NOT NULL;
COMMENT ON VIEW plinth_base.performance_optimization_recommendations IS
  'What would make the modules'' statements faster: why, and the statement to run. Empty where nothing is to be done';

CREATE VIEW plinth_base.maintenance_recommendations WITH (security_invoker = true) AS
  SELECT 'high' AS priority,
         'freeze' AS category,
         format('%I.%I', m.schema_name, c.relname) AS object_name,
         format('%s transactions since it was last frozen', age(c.relfrozenxid)) AS reason,
         format('VACUUM (FREEZE) %I.%I', m.schema_name, c.relname) AS statement
  FROM plinth_base.module_schemas() m
  JOIN pg_class c ON c.relnamespace = m.schema_oid AND c.relkind = 'r'
  WHERE age(c.relfrozenxid) > 1.2 * current_setting('autovacuum_freeze_max_age')::numeric
  UNION ALL
  SELECT CASE WHEN t.n_dead_tup > t.n_live_tup THEN 'high' ELSE 'medium' END, 'vacuum',
         format('%I.%I', m.schema_name, t.relname), format('%s dead rows beside %s live ones', t.n_dead_tup, t.n_live_tup),
         format('VACUUM (ANALYZE) %I.%I', m.schema_name, t.relname)
  FROM plinth_base.module_schemas() m JOIN pg_stat_all_tables t ON t.schemaname = m.schema_name
  WHERE t.n_dead_tup >= 1000 AND t.n_dead_tup > 0.3 * t.n_live_tup
  UNION ALL
  SELECT 'medium', 'analyze', format('%I.%I', m.schema_name, t.relname),
         CASE WHEN coalesce(t.last_analyze, t.last_autoanalyze) IS NULL THEN 'the planner knows nothing of its values'
           ELSE format('%s rows changed since the planner looked', t.n_mod_since_analyze) END,
         format('ANALYZE %I.%I', m.schema_name, t.relname)
  FROM plinth_base.module_schemas() m JOIN pg_stat_all_tables t ON t.schemaname = m.schema_name
  WHERE t.n_mod_since_analyze >= 1000 AND t.n_mod_since_analyze > 0.2 * t.n_live_tup
  UNION ALL
  SELECT 'high', 'reindex', format('%I.%I', i.schema_name, i.index_name), i.recommendation,
         format('REINDEX INDEX CONCURRENTLY %I.%I', i.schema_name, i.index_name)
  FROM plinth_base.index_usage_analysis i WHERE i.usage_status = 'invalid'
  UNION ALL
  SELECT 'high', 'validate', k.table_name,
         format('the constraint %s was never held against the rows that were there before', k.constraint_name),
         format('SELECT plinth_base.validate_constraint(%L, %L)', k.table_name, k.constraint_name)
  FROM plinth_base.not_valid_constraints() k
  UNION ALL
  SELECT 'high', 'settings', s.name, 'it is off: ' || CASE s.name
           WHEN 'autovacuum' THEN 'dead rows are not removed' ELSE 'nothing is counted, so other recommendations are missing' END,
         format('ALTER SYSTEM SET %I = on', s.name)
  FROM pg_settings s WHERE s.name IN ('autovacuum', 'track_counts') AND s.setting = 'off';
COMMENT ON VIEW plinth_base.maintenance_recommendations IS
  'What the tables of the modules need: why, and the statement to run. Empty where nothing is to be done';

DO $$
DECLARE
  readers text := format('%I, %I', plinth_base.role_name('reader'), plinth_base.role_name('system'));
  v text;
BEGIN
  FOREACH v IN ARRAY ARRAY[
    'database_health_summary', 'slow_query_analysis', 'index_usage_analysis', 'table_access_patterns',
    'database_resource_utilization', 'performance_optimization_recommendations', 'maintenance_recommendations']
  LOOP
    EXECUTE format('GRANT SELECT ON plinth_base.%I TO %s', v, readers);
  END LOOP;
END
$$;
