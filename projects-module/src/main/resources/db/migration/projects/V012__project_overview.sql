-- A project at a glance. One row per project: what is counted is counted beside it, never joined to it, so that three
-- repositories and four members do not make twelve of either. Works for one page as cheaply as for one project.

CREATE VIEW plinth_projects.project_overview WITH (security_invoker = true) AS
  SELECT p.organization_id,
         p.id,
         p.key,
         p.name,
         p.status,
         p.priority,
         p.start_date,
         p.target_date,
         p.completed_at,
         p.owner_id,
         o.display_name AS owner_name,
         r.repository_names,
         r.repository_count,
         b.branch_count,
         m.member_count,
         f.feature_request_count,
         f.open_feature_request_count,
         f.overdue_feature_request_count,
         coalesce(p.target_date < t.today AND p.status IN ('planning', 'active', 'on_hold'), false) AS is_overdue,
         p.target_date - t.today AS days_to_target
  FROM plinth_projects.projects p
  CROSS JOIN LATERAL (SELECT (plinth_base.transaction_time() AT TIME ZONE 'UTC')::date AS today) t
  LEFT JOIN plinth_base.organization_members o
    ON o.organization_id = p.organization_id AND o.user_id = p.owner_id
  CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(x.name ORDER BY x.name, x.id), '{}') AS repository_names, count(*) AS repository_count
    FROM plinth_projects.project_repositories l
    JOIN plinth_projects.repositories x ON x.organization_id = l.organization_id AND x.id = l.repository_id
    WHERE l.organization_id = p.organization_id AND l.project_id = p.id AND x.deleted_at IS NULL) r
  CROSS JOIN LATERAL (
    SELECT count(*) AS branch_count
    FROM plinth_projects.project_repositories l
    JOIN plinth_projects.repositories x ON x.organization_id = l.organization_id AND x.id = l.repository_id
    JOIN plinth_projects.repository_branches y
      ON y.organization_id = l.organization_id AND y.repository_id = l.repository_id AND y.deleted_at IS NULL
    WHERE l.organization_id = p.organization_id AND l.project_id = p.id AND x.deleted_at IS NULL) b
  CROSS JOIN LATERAL (
    SELECT count(*) AS member_count
    FROM plinth_projects.project_members l
    JOIN plinth_base.organization_members x ON x.organization_id = l.organization_id AND x.user_id = l.user_id
    WHERE l.organization_id = p.organization_id AND l.project_id = p.id AND x.left_at IS NULL) m
  CROSS JOIN LATERAL (
    SELECT count(*) AS feature_request_count,
           count(*) FILTER (WHERE x.status NOT IN ('completed', 'rejected')) AS open_feature_request_count,
           count(*) FILTER (WHERE x.status NOT IN ('completed', 'rejected') AND x.deadline < t.today)
             AS overdue_feature_request_count
    FROM plinth_projects.feature_requests x
    WHERE x.organization_id = p.organization_id AND x.project_id = p.id AND x.deleted_at IS NULL) f
  WHERE p.deleted_at IS NULL;
COMMENT ON VIEW plinth_projects.project_overview IS 'Projects that are not deleted, with owner, repositories, members, feature requests, time left';
COMMENT ON COLUMN plinth_projects.project_overview.owner_name IS 'What fellow members see of the owner, also of one who left';
COMMENT ON COLUMN plinth_projects.project_overview.repository_names IS 'Of the linked repositories that are not deleted, sorted';
COMMENT ON COLUMN plinth_projects.project_overview.member_count IS 'Without those who left the organization';
COMMENT ON COLUMN plinth_projects.project_overview.open_feature_request_count IS 'Neither completed nor rejected';
COMMENT ON COLUMN plinth_projects.project_overview.overdue_feature_request_count IS
  'Open after their deadline, by the day in UTC';
COMMENT ON COLUMN plinth_projects.project_overview.is_overdue IS 'Still to be done after its target date, by the day in UTC';
COMMENT ON COLUMN plinth_projects.project_overview.days_to_target IS 'Negative when it has passed; NULL without a target date';

DO $$
BEGIN
  EXECUTE format('GRANT SELECT ON plinth_projects.project_overview TO %I, %I',
                 plinth_base.role_name('app'), plinth_base.role_name('reader'));
END
$$;
