-- What this module says in system_health and its siblings. Queues are walked from one to the next, what is counted is counted
-- so far and no further, and integrity is looked at in samples: none of it reads what is finished. ORDER BY stands where
-- else a table of which many rows waited yesterday would be read to its end. Nothing of the chat is said.

-- What died lately: found across organizations.
CREATE INDEX tasks_dead_discovery_ix ON plinth_tasks.tasks (finished_at) WHERE status = 'dead';

CREATE FUNCTION plinth_tasks.definitions_put_aside()
  RETURNS TABLE (organization_id uuid, definition_id uuid)
  LANGUAGE sql STABLE
  AS $$
    WITH RECURSIVE aside AS (
      (SELECT t.organization_id, t.definition_id FROM plinth_tasks.tasks t
       WHERE t.status = 'pending' AND t.unhandled_at IS NOT NULL
       ORDER BY t.organization_id, t.definition_id LIMIT 1)
      UNION ALL
      SELECT n.organization_id, n.definition_id FROM aside a CROSS JOIN LATERAL (
        SELECT t.organization_id, t.definition_id FROM plinth_tasks.tasks t
        WHERE t.status = 'pending' AND t.unhandled_at IS NOT NULL
          AND (t.organization_id, t.definition_id) > (a.organization_id, a.definition_id)
        ORDER BY t.organization_id, t.definition_id LIMIT 1) n)
    SELECT a.organization_id, a.definition_id FROM aside a
  $$;
COMMENT ON FUNCTION plinth_tasks.definitions_put_aside() IS
  'As plinth_system: of which definitions tasks were put aside, because no worker knew their handler. One step in an index for '
  'each, however many tasks wait';

CREATE VIEW plinth_tasks.system_health_part WITH (security_invoker = true) AS
  WITH RECURSIVE next_in_turn AS (
    (SELECT t.organization_id, t.queue, t.scheduled_at FROM plinth_tasks.tasks t
     WHERE t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND NOT t.is_limited
     ORDER BY t.organization_id, t.queue, t.turn_at, t.id LIMIT 1)
    UNION ALL
    SELECT n.organization_id, n.queue, n.scheduled_at FROM next_in_turn q CROSS JOIN LATERAL (
      SELECT t.organization_id, t.queue, t.scheduled_at FROM plinth_tasks.tasks t
      WHERE t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND NOT t.is_limited
        AND (t.organization_id, t.queue) > (q.organization_id, q.queue)
      ORDER BY t.organization_id, t.queue, t.turn_at, t.id LIMIT 1) n),
  -- One of each queue: of what has a limit, who is next is a matter of definitions and keys.
  limited_in_turn AS (
    (SELECT t.organization_id, t.queue, t.scheduled_at FROM plinth_tasks.tasks t
     WHERE t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND t.is_limited
     ORDER BY t.organization_id, t.queue LIMIT 1)
    UNION ALL
    SELECT n.organization_id, n.queue, n.scheduled_at FROM limited_in_turn q CROSS JOIN LATERAL (
      SELECT t.organization_id, t.queue, t.scheduled_at FROM plinth_tasks.tasks t
      WHERE t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND t.is_limited
        AND (t.organization_id, t.queue) > (q.organization_id, q.queue)
      ORDER BY t.organization_id, t.queue LIMIT 1) n),
  running AS MATERIALIZED (
    SELECT t.organization_id, t.lease_until FROM plinth_tasks.tasks t
    WHERE t.status = 'running' ORDER BY t.organization_id LIMIT 10001),
  depth AS (
    SELECT r.tasks + l.tasks AS tasks, r.tasks > 10000 OR l.tasks > 10000 AS is_more
    FROM (SELECT count(*) AS tasks FROM (
            SELECT FROM plinth_tasks.tasks t
            WHERE t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND NOT t.is_limited
            ORDER BY t.organization_id, t.queue LIMIT 10001) found) r
    CROSS JOIN (
      SELECT count(*) AS tasks FROM (
        SELECT FROM plinth_tasks.tasks t
        WHERE t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND t.is_limited
        ORDER BY t.organization_id, t.queue LIMIT 10001) found) l),
  works AS (
    SELECT EXISTS (SELECT FROM running r WHERE r.lease_until > plinth_base.transaction_time()) AS others_run),
  waiting AS (
    SELECT count(*) AS queues, (array_agg(q.queue ORDER BY q.scheduled_at))[1] AS longest,
           coalesce(extract(epoch FROM plinth_base.transaction_time() - min(q.scheduled_at)), 0) AS seconds,
           (SELECT w.others_run FROM works w) AS others_run
    FROM (
      -- What has a limit may wait for that, as long as anything runs.
      SELECT n.* FROM (SELECT x.* FROM next_in_turn x LIMIT 1000) n
      UNION ALL
      SELECT n.* FROM (SELECT x.* FROM limited_in_turn x LIMIT 1000) n WHERE NOT (SELECT w.others_run FROM works w)) q
    JOIN plinth_base.organizations o ON o.id = q.organization_id AND o.status = 'active'
    WHERE NOT EXISTS (SELECT FROM plinth_tasks.task_queues p
                      WHERE p.organization_id = q.organization_id AND p.name = q.queue AND p.paused_at IS NOT NULL)),
  aside AS (
    SELECT count(*) AS definitions,
           array_to_string((array_agg(DISTINCT d.handler ORDER BY d.handler))[1:10], ', ') AS handlers
    FROM (SELECT x.* FROM plinth_tasks.definitions_put_aside() x LIMIT 1000) a
    JOIN plinth_tasks.task_definitions d ON d.organization_id = a.organization_id AND d.id = a.definition_id),
  aside_tasks AS (
    SELECT count(*) AS tasks FROM (
      SELECT FROM plinth_tasks.tasks t WHERE t.status = 'pending' AND t.unhandled_at IS NOT NULL
      ORDER BY t.organization_id, t.definition_id, t.id LIMIT 10001) found),
  lost AS (
    SELECT count(*) AS tasks,
           coalesce(extract(epoch FROM plinth_base.transaction_time() - min(r.lease_until)), 0) AS seconds
    FROM running r JOIN plinth_base.organizations o ON o.id = r.organization_id AND o.status = 'active'
    WHERE r.lease_until < plinth_base.transaction_time() - interval '1 minute'),
  dead AS (
    SELECT count(*) AS tasks FROM (
      SELECT FROM plinth_tasks.tasks t
      WHERE t.status = 'dead' AND t.finished_at >= plinth_base.transaction_time() - interval '1 day'
      ORDER BY t.finished_at LIMIT 10001) found)
  SELECT 'task queues' AS component, 'healthy' AS status, d.tasks::numeric AS value, 'tasks' AS unit,
         'can be claimed, also in queues that are paused' || CASE WHEN d.is_more THEN '; counted no further' ELSE '' END AS detail,
         'SELECT organization_id, queue, count(*) FROM plinth_tasks.tasks WHERE status = ''pending'' AND unmet_dependencies = 0'
         ' AND unhandled_at IS NULL GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 100' AS statement
  FROM depth d
  UNION ALL
  SELECT 'waiting time of tasks',
         CASE WHEN w.seconds >= 3600 AND NOT w.others_run THEN 'critical' WHEN w.seconds >= 300 THEN 'warning' ELSE 'healthy' END,
         round(w.seconds), 'seconds',
         CASE WHEN w.queues = 0 THEN 'no queue that is open has any'
           ELSE format('of the next in turn of queue %s; %s queues were looked at', w.longest, w.queues)
             || CASE WHEN w.seconds >= 300 AND NOT w.others_run THEN '; nothing runs: is any worker started?' ELSE '' END END,
         'SELECT organization_id, queue, id, scheduled_at FROM plinth_tasks.tasks WHERE status = ''pending'''
         ' AND unmet_dependencies = 0 AND unhandled_at IS NULL ORDER BY scheduled_at LIMIT 100'
  FROM waiting w
  UNION ALL
  SELECT 'tasks put aside', CASE WHEN t.tasks = 0 THEN 'healthy' ELSE 'warning' END, t.tasks, 'tasks',
         CASE WHEN t.tasks = 0 THEN 'workers know every handler'
           ELSE 'no worker knows their handler: ' || a.handlers
             || CASE WHEN t.tasks > 10000 THEN '; counted no further' ELSE '' END END,
         'SELECT d.organization_id, d.name, d.handler FROM plinth_tasks.definitions_put_aside() a JOIN plinth_tasks.task_definitions d'
         ' ON d.organization_id = a.organization_id AND d.id = a.definition_id'
  FROM aside_tasks t CROSS JOIN aside a
  UNION ALL
  SELECT 'leases of tasks', CASE WHEN l.seconds >= 300 THEN 'critical' WHEN l.tasks > 0 THEN 'warning' ELSE 'healthy' END,
         l.tasks, 'tasks',
         CASE WHEN l.tasks = 0 THEN 'every running task is with a worker, or taken over'
           ELSE format('their leases ran out, the first %s seconds ago, and no worker took over: is any started?', round(l.seconds)) END,
         'SELECT organization_id, id, lease_worker, lease_until FROM plinth_tasks.tasks WHERE status = ''running'''
         ' AND lease_until < now() ORDER BY lease_until LIMIT 100'
  FROM lost l
  UNION ALL
  SELECT 'dead tasks', CASE WHEN d.tasks = 0 THEN 'healthy' ELSE 'warning' END, d.tasks, 'tasks',
         'given up within a day; they can be replayed' || CASE WHEN d.tasks > 10000 THEN '; counted no further' ELSE '' END,
         'SELECT organization_id, id, definition_id, finished_at, error_type, error_message FROM plinth_tasks.tasks'
         ' WHERE status = ''dead'' ORDER BY finished_at DESC LIMIT 100'
  FROM dead d;
COMMENT ON VIEW plinth_tasks.system_health_part IS
  'What tasks says: what waits for workers, and since when; what they do not know, left behind, or gave up';

CREATE VIEW plinth_tasks.system_health_part_schedules WITH (security_invoker = true) AS
  SELECT 'task schedules' AS component, CASE WHEN s.late = 0 THEN 'healthy' ELSE 'warning' END AS status,
         s.late::numeric AS value, 'schedules' AS unit,
         CASE WHEN s.late = 0 THEN 'none is late'
           ELSE 'due for over five minutes: is any worker started?'
             || CASE WHEN s.late > 10000 THEN '; counted no further' ELSE '' END END AS detail,
         'SELECT organization_id, id, name, next_run_at, error_message FROM plinth_tasks.task_schedules WHERE next_run_at < now()'
         ' ORDER BY next_run_at LIMIT 100' AS statement
  FROM (
    SELECT count(*) AS late
    FROM (
      SELECT x.organization_id FROM plinth_tasks.task_schedules x
      WHERE x.next_run_at < plinth_base.transaction_time() - interval '5 minutes'
      ORDER BY x.next_run_at LIMIT 10001) found
    JOIN plinth_base.organizations o ON o.id = found.organization_id AND o.status = 'active') s;
COMMENT ON VIEW plinth_tasks.system_health_part_schedules IS 'What tasks says: whether schedules are attended to';

CREATE VIEW plinth_tasks.system_health_part_board WITH (security_invoker = true) AS
  SELECT 'delays of work items' AS component, CASE WHEN w.unmarked = 0 THEN 'healthy' ELSE 'warning' END AS status,
         w.unmarked::numeric AS value, 'work items' AS unit,
         'late for over an hour, and nobody was told' || CASE WHEN w.unmarked > 10000 THEN '; counted no further' ELSE '' END AS detail,
         'SELECT name, last_succeeded_at, last_error FROM plinth_base.jobs WHERE name = ''tasks.work-item-delays''' AS statement
  FROM (
    SELECT count(*) AS unmarked
    FROM (
      SELECT x.organization_id FROM plinth_tasks.work_items x
      WHERE x.delayed_at IS NULL AND x.deleted_at IS NULL AND x.status IN ('todo', 'in_progress')
        AND x.end_at < plinth_base.transaction_time() - interval '1 hour'
      ORDER BY x.end_at LIMIT 10001) found
    JOIN plinth_base.organizations o ON o.id = found.organization_id AND o.status = 'active') w;
COMMENT ON VIEW plinth_tasks.system_health_part_board IS 'What tasks says: whether people are told of delays';

CREATE VIEW plinth_tasks.data_integrity_checks_part WITH (security_invoker = true) AS
  SELECT 'tasks wait for as many as hold them up' AS check_name,
         4::smallint AS severity,
         count(*) FILTER (WHERE t.unmet_dependencies <> e.unsatisfied) AS issue_count,
         'among ' || count(*) || ' waiting tasks that were looked at' AS detail,
         'SELECT t.organization_id, t.id, t.unmet_dependencies FROM plinth_tasks.tasks t WHERE t.status IN (''pending'', ''scheduled'')'
         ' AND t.unmet_dependencies <> (SELECT count(*) FROM plinth_tasks.task_dependencies d WHERE d.organization_id ='
         ' t.organization_id AND d.successor_id = t.id AND d.satisfied_at IS NULL)' AS statement
  FROM (
    SELECT x.organization_id, x.id FROM plinth_tasks.tasks x
      TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_tasks.tasks'))
    WHERE x.unmet_dependencies > 0 AND x.status IN ('pending', 'scheduled')
    UNION
    SELECT x.organization_id, x.successor_id FROM plinth_tasks.task_dependencies x
      TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_tasks.task_dependencies'))
    WHERE x.satisfied_at IS NULL
    LIMIT 1000) s
  JOIN plinth_tasks.tasks t ON t.organization_id = s.organization_id AND t.id = s.id AND t.status IN ('pending', 'scheduled')
  CROSS JOIN LATERAL (
    SELECT count(*) AS unsatisfied FROM plinth_tasks.task_dependencies d
    WHERE d.organization_id = t.organization_id AND d.successor_id = t.id AND d.satisfied_at IS NULL) e
  UNION ALL
  SELECT 'running tasks have a lease', 4::smallint,
         count(*) FILTER (WHERE num_nulls(r.lease_token, r.lease_worker, r.lease_until) > 0),
         'among ' || count(*) || ' running tasks that were looked at',
         'SELECT organization_id, id FROM plinth_tasks.tasks WHERE status = ''running'''
         ' AND num_nulls(lease_token, lease_worker, lease_until) > 0'
  FROM (
    SELECT t.lease_token, t.lease_worker, t.lease_until FROM plinth_tasks.tasks t
    WHERE t.status = 'running' ORDER BY t.organization_id LIMIT 10001) r
  UNION ALL
  -- No foreign key says so: it would cost every task.
  SELECT 'tasks are of a run that is there', 4::smallint, count(*) FILTER (WHERE r.id IS NULL),
         'among ' || count(*) || ' tasks of runs that were looked at',
         'SELECT t.organization_id, t.id, t.run_id FROM plinth_tasks.tasks t WHERE t.run_id IS NOT NULL AND NOT EXISTS (SELECT FROM'
         ' plinth_tasks.workflow_runs r WHERE r.organization_id = t.organization_id AND r.id = t.run_id)'
  FROM plinth_tasks.tasks t
    TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_tasks.tasks'))
  LEFT JOIN plinth_tasks.workflow_runs r ON r.organization_id = t.organization_id AND r.id = t.run_id
  WHERE t.run_id IS NOT NULL;
COMMENT ON VIEW plinth_tasks.data_integrity_checks_part IS
  'What tasks says: counters, leases and runs; an attempt may outlive its task';

CREATE VIEW plinth_tasks.data_quality_metrics_part WITH (security_invoker = true) AS
  SELECT 'tasks' AS table_name, 'tasks that ended were not given up' AS metric, count(*) AS rows_checked,
         count(*) FILTER (WHERE t.status = 'dead') AS issue_count, 'dead tasks' AS detail
  FROM plinth_tasks.tasks t TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_tasks.tasks'))
  WHERE t.finished_at IS NOT NULL
  UNION ALL
  SELECT 'task_schedules', 'schedules enqueue their tasks', count(*), count(*) FILTER (WHERE s.failed_at IS NOT NULL),
         'schedules whose last task was refused'
  FROM plinth_tasks.task_schedules s TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_tasks.task_schedules'))
  WHERE s.deleted_at IS NULL
  UNION ALL
  SELECT 'work_items', 'open work items are within their end', count(*),
         count(*) FILTER (WHERE w.end_at < plinth_base.transaction_time()), 'delayed work items'
  FROM plinth_tasks.work_items w TABLESAMPLE SYSTEM (plinth_base.sample_percent('plinth_tasks.work_items'))
  WHERE w.deleted_at IS NULL AND w.status IN ('todo', 'in_progress');
COMMENT ON VIEW plinth_tasks.data_quality_metrics_part IS 'What tasks says: tasks that ended, schedules and work items';
