-- What this module says in system_health and its siblings. Health and checks ask an index of what is wrong, quality asks
-- a sample: none of them reads a table to its end.

-- What was registered and never seen: found across organizations.
CREATE INDEX repositories_unsynced_discovery_ix ON plinth_projects.repositories (created_at)
  WHERE sync_cursor IS NULL AND deleted_at IS NULL;

CREATE VIEW plinth_projects.system_health_part WITH (security_invoker = true) AS
  SELECT 'repository synchronisation' AS component,
         CASE WHEN r.waiting = 0 THEN 'healthy' ELSE 'warning' END AS status,
         r.waiting::numeric AS value,
         'repositories' AS unit,
         'registered more than a day ago and never synchronised'
           || CASE WHEN r.waiting > 10000 THEN '; counted no further' ELSE '' END AS detail,
         'SELECT organization_id, id, name FROM plinth_projects.repositories WHERE sync_cursor IS NULL AND deleted_at IS NULL'
         ' ORDER BY created_at LIMIT 100' AS statement
  FROM (
    SELECT count(*) AS waiting
    FROM (
      SELECT FROM plinth_projects.repositories x
      WHERE x.sync_cursor IS NULL AND x.deleted_at IS NULL
        AND x.created_at < plinth_base.transaction_time() - interval '1 day'
      LIMIT 10001) found) r;
COMMENT ON VIEW plinth_projects.system_health_part IS 'What projects says: whether repositories are synchronised';

CREATE VIEW plinth_projects.data_integrity_checks_part WITH (security_invoker = true) AS
  SELECT 'branches belong to a repository' AS check_name,
         4::smallint AS severity,
         count(*) FILTER (WHERE r.id IS NULL) AS issue_count,
         'among ' || count(*) || ' branches that were looked at' AS detail,
         'SELECT b.organization_id, b.id, b.name FROM plinth_projects.repository_branches b WHERE NOT EXISTS (SELECT FROM'
         ' plinth_projects.repositories r WHERE r.organization_id = b.organization_id AND r.id = b.repository_id)'
           AS statement
  FROM plinth_projects.repository_branches b
    TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_projects.repository_branches'))
  LEFT JOIN plinth_projects.repositories r ON r.organization_id = b.organization_id AND r.id = b.repository_id;
COMMENT ON VIEW plinth_projects.data_integrity_checks_part IS 'What projects says: branches of nothing';

CREATE VIEW plinth_projects.data_quality_metrics_part WITH (security_invoker = true) AS
  SELECT 'projects' AS table_name, q.metric, p.active AS rows_checked, q.issue_count, q.detail
  FROM (
    SELECT count(*) AS active,
           count(*) FILTER (WHERE x.target_date < (plinth_base.transaction_time() AT TIME ZONE 'UTC')::date) AS overdue,
           count(*) FILTER (WHERE x.owner_id IS NULL) AS without_owner
    FROM plinth_projects.projects x
      TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_projects.projects'))
    WHERE x.status = 'active' AND x.deleted_at IS NULL) p
  CROSS JOIN LATERAL (VALUES
    ('active projects are within their target date', p.overdue, 'active projects that should be completed'),
    ('active projects have an owner', p.without_owner, 'active projects that nobody answers for'))
    AS q (metric, issue_count, detail)
  UNION ALL
  SELECT 'repositories', 'repositories say where they are cloned from', count(*), count(*) FILTER (WHERE r.url IS NULL),
         'repositories without an address'
  FROM plinth_projects.repositories r
    TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_projects.repositories'))
  WHERE r.deleted_at IS NULL;
COMMENT ON VIEW plinth_projects.data_quality_metrics_part IS 'What projects says: projects and repositories';
